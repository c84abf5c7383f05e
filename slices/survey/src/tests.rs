//! What the slice promises, over its pages and its store on both engines.

mod anonymity;
mod answering;
mod api;
mod city_index;
mod closing;
mod contracts;
mod elements;
mod following;
mod periods;
mod programs;
mod tablets;
mod taking;
mod webhooks;

use crate::actions::{self, Desk, NewBatch, Refused, Sending};
use crate::answer::Channel;
use crate::period::{Period, PeriodId, Plan, Rhythm};
use crate::store;
use crate::token::Code;
use organisation::{InstitutionKind, TypedSettings, TypedUnit};
use platform::app::{App, Means, Wiring};
use platform::audit::{self, Actor, Filter};
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read, Uuid};
use platform::form::Form;
use platform::identity::{AccountId, Grant, InstitutionId, Person, Role, SessionId, UnitId};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::site::Zone;
use platform::testing::Browser;
use time::OffsetDateTime;
use time::macros::{date, datetime};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
pub(crate) const KEYS: [&str; 9] =
    ["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan"];

/// Everybody is known by the name of their role: those of a unit hold it in the social agency.
fn person(
    db: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let role = Role::ALL.into_iter().find(|role| Token::presented(role.name()).hash() == *token);
    let Some(role) = role else { return Ok(None) };
    let own = organisation::unit_by_slug(db, institution, "dinas-sosial")?.map(|unit| unit.id);
    Ok(Some(Person {
        account: AccountId::from(Uuid::from_slice(&token.0[..16]).expect("sixteen bytes")),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role, units: role.is_of_a_unit().then(|| own.into_iter().collect()) }],
        second_factor: true,
        proved_at: NOW,
    }))
}

/// A city with two agencies and its server.
pub(crate) struct City {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    pub(crate) database: Database,
    pub(crate) institution: InstitutionId,
    pub(crate) unit: UnitId,
}

impl City {
    pub(crate) async fn new(database: Database) -> Self {
        let kind = InstitutionKind::City.name().to_owned();
        let name = "Pemerintah Kota Contoh".to_owned();
        let typed = TypedSettings { kind, name, host: "contoh.go.id".into(), ..TypedSettings::default() };
        let Ok(settings) = typed.check() else { panic!("the settings are good") };
        let actor = Actor::Program("test");
        let founded = database.write(move |db| {
            let institution = organisation::found(db, settings.clone(), false, actor, NOW)?;
            let desk = organisation::Desk { institution, actor, now: NOW };
            let mut enter = |name: &str| {
                let typed = TypedUnit { kind: "opd".into(), name: name.into(), ..TypedUnit::default() };
                let Ok(facts) = typed.check(None) else { panic!("kind and name are enough") };
                organisation::enter_unit(db, &desk, &facts)
            };
            let unit = enter("Dinas Sosial")?;
            enter("Dinas Kesehatan")?;
            Ok::<_, organisation::Refused>((institution, unit.id))
        });
        let Ok((institution, unit)) = founded.await else { panic!("the city is founded") };
        let clock = Clock::standing(NOW);
        let wiring = Wiring { site: organisation::find_site, person, ..Wiring::default() };
        let app = App::new(database.clone(), clock.clone(), wiring, Means::new(Secrets::new([9; 32])));
        Self { app, clock, database, institution, unit }
    }

    pub(crate) fn desk(&self) -> Desk {
        Desk { institution: self.institution, actor: Actor::Program("test"), now: self.clock.now(), zone: Zone::Wib }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(platform::server::router(&self.app, crate::routes().and(publication::routes())))
    }

    /// The browser of somebody with a role.
    pub(crate) fn as_role(&self, role: Role) -> Browser {
        let browser = self.browser();
        browser.keep(COOKIE, role.name());
        browser
    }

    /// Plans a quarter with a population of 1,200.
    pub(crate) async fn planned(&self) -> PeriodId {
        let (desk, unit) = (self.desk(), self.unit);
        self.database.write(move |db| actions::plan(db, &desk, unit, &quarter())).await.unwrap()
    }

    /// A quarter that is open.
    pub(crate) async fn open(&self) -> PeriodId {
        let (desk, id) = (self.desk(), self.planned().await);
        self.database.write(move |db| actions::open(db, &desk, (id, 1))).await.unwrap();
        id
    }

    /// Codes for an open quarter.
    pub(crate) async fn codes(&self, id: PeriodId, count: i64) -> Vec<Code> {
        let desk = self.desk();
        let wanted = NewBatch { service: None, place: "Loket 1".into(), channel: Channel::Web, count };
        self.database.write(move |db| actions::issue(db, &desk, (id, 2), &wanted)).await.unwrap()
    }

    /// Sends an answer with a code, under a name of the browser's choosing.
    pub(crate) async fn send(
        &self,
        period: PeriodId,
        code: &Code,
        delivery: &str,
        form: &Form,
    ) -> Result<bool, Refused> {
        let sending = Sending {
            institution: self.institution,
            day: Zone::Wib.date(self.clock.now()),
            code: code.clone(),
            delivery: delivery.to_owned(),
            period: Some(period),
            offline: false,
        };
        let form = form.clone();
        Ok(self.database.write(move |db| actions::answer(db, &sending, &form)).await?.new)
    }

    pub(crate) async fn close(&self, id: PeriodId) {
        let desk = self.desk();
        self.database.write(move |db| actions::close(db, &desk, (id, 2))).await.unwrap();
    }

    pub(crate) async fn publish(&self, id: PeriodId) -> Result<(), Refused> {
        let desk = self.desk();
        self.database.write(move |db| actions::publish(db, &desk, (id, 3))).await
    }

    pub(crate) async fn period(&self, id: PeriodId) -> Period {
        let institution = self.institution;
        self.database.read(move |db| store::periods::period(db, institution, id)).await.unwrap().unwrap()
    }

    /// The acts of the city with their details, the newest first.
    pub(crate) async fn acts(&self) -> Vec<String> {
        let institution = self.institution;
        let search = move |db: &mut Read<'_>| audit::search(db, Some(institution), &Filter::default(), 500);
        self.database.read(search).await.unwrap().into_iter().map(|entry| entry.act).collect()
    }
}

pub(crate) fn quarter() -> Plan {
    let (starts_on, ends_on) = (date!(2026 - 10 - 01), date!(2026 - 12 - 31));
    Plan { rhythm: Rhythm::Quarter, starts_on, ends_on, population: Some(1_200) }
}

/// An answer that chooses `choices` for the nine elements in turn.
pub(crate) fn chosen(choices: &[u8]) -> Form {
    let mut form = Form::new();
    for (place, key) in KEYS.into_iter().enumerate() {
        form.set(key, choices[place % choices.len()].to_string());
    }
    form
}

/// The name of the number-th sending.
pub(crate) fn delivery(number: usize) -> String {
    format!("0198c1a0-0000-7000-8000-{number:012}")
}

/// The text between two others, the first time they occur.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("{after} is missing")).0
}
