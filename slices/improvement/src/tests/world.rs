//! Two cities in one installation, the first with an office whose people have accounts.

use crate::finding::{Figure, FindingId, NewFinding, Source, SourceKind};
use crate::measure::{MeasureId, Owner, Plan, TypedProof};
use crate::notices::Way;
use crate::store;
use crate::{Refused, raise};
use organisation::{Desk, Reach, TypedSettings, TypedUnit, Unit};
use platform::app::{App, Means, Wiring};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read, Uuid};
use platform::files::{Files, Place};
use platform::identity::{AccountId, Grant, InstitutionId, Person, Role, SessionId};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::testing::{Browser, Fresh, migrated_sqlite};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::{date, datetime};

pub(super) const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
pub(super) const HERE: &str = "satu.contoh.go.id";
pub(super) const THERE: &str = "dua.contoh.go.id";

const HOLDERS: &[&platform::files::HolderKind] = &[&crate::MEASURE_HOLDER];

/// People by the name they sign in with.
pub(super) const PEOPLE: [(&str, Role); 6] = [
    ("admin", Role::UnitAdmin),
    ("kepala", Role::HeadOfUnit),
    ("loket", Role::CounterOfficer),
    ("koordinator", Role::Coordinator),
    ("auditor", Role::Auditor),
    ("juri", Role::Juror),
];

/// A city with an office and another one.
#[derive(Debug, Clone)]
pub(super) struct City {
    pub(super) id: InstitutionId,
    pub(super) office: Unit,
    pub(super) other: Unit,
}

pub(super) fn account(who: &str) -> AccountId {
    let hash = Token::presented(who).hash();
    AccountId::from(Uuid::from_slice(&hash.0[..16]).expect("sixteen bytes"))
}

impl City {
    pub(super) fn desk(&self, who: &str) -> Desk {
        Desk { institution: self.id, actor: Actor::Person(account(who)), now: NOW }
    }

    /// What the survey would raise of the office.
    pub(super) fn finding(&self) -> NewFinding {
        let source = Source {
            kind: SourceKind::Survey,
            reference: "periode-1".into(),
            part: "waktu".into(),
            words: "2026 TW III".into(),
        };
        let before = Figure { value: "2.87".into(), full: Some("4".into()), on: date!(2026 - 09 - 30) };
        NewFinding {
            unit: self.office.id,
            service: None,
            source,
            title: "Waktu pelayanan".into(),
            said: "Menunggu terlalu lama.".into(),
            before: Some(before),
        }
    }
}

pub(super) fn way() -> Way {
    Way { secrets: Secrets::new([7; 32]), reach: Reach::default() }
}

pub(super) fn plan(owner: Owner) -> Plan {
    Plan { what: "Buka satu loket lagi".into(), owner, working_days: 10 }
}

pub(super) fn proof() -> TypedProof {
    TypedProof { words: "Loket 4 dibuka.".into(), url: "https://contoh.go.id/loket".into() }
}

async fn city(database: &Database, name: &'static str, host: &'static str, at: OffsetDateTime) -> City {
    let founded = database.write(move |db| {
        let typed =
            TypedSettings { kind: "kota".into(), name: name.into(), host: host.into(), ..TypedSettings::default() };
        let actor = Actor::Program("test");
        let id = organisation::found(db, typed.check().expect("good settings"), false, actor, at)?;
        let desk = Desk { institution: id, actor, now: at };
        let mut unit = |name: &str| {
            let typed = TypedUnit { kind: "opd".into(), name: name.into(), ..TypedUnit::default() };
            organisation::enter_unit(db, &desk, &typed.check(None).expect("a good unit"))
        };
        Ok::<_, organisation::Refused>(City { id, office: unit("Dinas Kependudukan")?, other: unit("Dinas Sosial")? })
    });
    founded.await.expect("a city is founded")
}

/// Both cities; the people have accounts in the first.
pub(super) async fn cities(database: &Database) -> (City, City) {
    let here = city(database, "Pemerintah Kota Satu", HERE, NOW - time::Duration::days(2)).await;
    let there = city(database, "Pemerintah Kota Dua", THERE, NOW - time::Duration::days(1)).await;
    let own = here.clone();
    let entered = database.write(move |db| {
        for (who, role) in PEOPLE {
            let person = access::DemonstrationPerson {
                id: Some(account(who)),
                email: access::Email::read(&format!("{who}@contoh.go.id")).expect("an address"),
                name: format!("Sari {who}"),
                role,
                unit: role.is_of_a_unit().then_some(own.office.id),
                password_hash: String::new(),
            };
            access::enter_demonstration_person(db, own.id, &person, NOW - time::Duration::days(1))?;
        }
        Ok::<_, DatabaseError>(())
    });
    entered.await.expect("people are entered");
    (here, there)
}

/// Raises a finding and plans a measure for it.
pub(super) async fn planned(database: &Database, here: &City, owner: Owner) -> (FindingId, MeasureId) {
    let here = here.clone();
    let planned = database.write(move |db| {
        let desk = here.desk("admin");
        let finding = raise(db, &desk, &here.finding())?;
        let version = store::finding(db, here.id, finding)?.expect("it is there").version;
        let measure = crate::plan_measure(db, &desk, (finding, version), &plan(owner), Some(&way()))?;
        Ok::<_, Refused>((finding, measure))
    });
    planned.await.expect("it is planned")
}

/// A server over both cities.
pub(super) struct World {
    pub(super) here: City,
    pub(super) browser: Browser,
    pub(super) database: Fresh,
    _folder: TempDir,
}

impl World {
    pub(super) async fn new() -> Self {
        let database = migrated_sqlite();
        let (here, _) = cities(&database).await;
        let wiring = Wiring {
            site: organisation::find_site,
            person: find_person,
            staff_menu: &[crate::STAFF_MENU],
            name: access::name_of,
            holders: HOLDERS,
            ..Wiring::default()
        };
        let folder = TempDir::new().expect("a temporary folder can be made");
        let mut means = Means::new(Secrets::new([7; 32]));
        means.files = Files::new(Place::folder(folder.path()), None);
        let app = App::new(Database::clone(&database), Clock::standing(NOW), wiring, means);
        let routes = crate::routes().and(platform::files::routes());
        let browser = Browser::new(platform::server::router(&app, routes));
        Self { here, browser, database, _folder: folder }
    }

    /// The browser of somebody signed in to the first city.
    pub(super) fn who(&self, who: &str) -> Browser {
        let browser = self.browser.at(HERE);
        browser.keep(COOKIE, who);
        browser
    }
}

/// People are known in the first city only; roles of a unit have its office.
fn find_person(
    db: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let host = organisation::institution(db, institution)?.and_then(|found| found.settings.host).unwrap_or_default();
    let known = PEOPLE.iter().find(|(name, _)| host == HERE && *token == Token::presented(name).hash());
    let Some((who, role)) = known else { return Ok(None) };
    let office = organisation::unit_by_slug(db, institution, "dinas-kependudukan")?.map(|unit| unit.id);
    Ok(Some(Person {
        account: account(who),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role: *role, units: role.is_of_a_unit().then(|| office.into_iter().collect()) }],
        second_factor: true,
        proved_at: NOW,
    }))
}
