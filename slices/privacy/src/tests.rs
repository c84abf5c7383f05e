//! What the slice promises, over its pages and its store on both engines.

mod breaches;
mod contracts;
mod notices;
mod requests;
mod rights;

use crate::actions::{self, Desk, Receipt};
use crate::request::{Asked, Decision, RequestId, RequestKind, VerifiedBy};
use organisation::{InstitutionKind, TypedSettings};
use platform::app::{App, Means, Wiring};
use platform::audit::{self, Actor, Filter};
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read};
use platform::identity::{AccountId, Grant, InstitutionId, Person, Role, SessionId};
use platform::personal::{EmailAddress, Holding, Nik, PersonName, PersonText, Personal as _, Phone};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::testing::Browser;
use std::sync::LazyLock;
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
pub(crate) const NIK: &str = "3201015508903456";
pub(crate) const PHONE: &str = "081234567878";
pub(crate) const EMAIL: &str = "siti.aminah@warga.example";
pub(crate) const NAME: &str = "Siti Aminah Lestari";
pub(crate) const ABOUT: &str = "Saya minta salinan data aduan saya.";

pub(crate) const HOLDINGS: &[&[Holding]] = &[access::HOLDINGS, crate::HOLDINGS];

/// Everybody's account is known by the name of their role.
static ACCOUNT: LazyLock<AccountId> = LazyLock::new(|| AccountId::new(NOW));

fn person(
    _: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let role = Role::ALL.into_iter().find(|role| Token::presented(role.name()).hash() == *token);
    Ok(role.map(|role| Person {
        account: *ACCOUNT,
        session: SessionId::new(NOW),
        institution,
        name: "Sari Pejabat".into(),
        grants: vec![Grant { role, units: None }],
        second_factor: true,
        proved_at: NOW,
    }))
}

/// A city with its server.
pub(crate) struct City {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    pub(crate) database: Database,
    pub(crate) institution: InstitutionId,
}

impl City {
    pub(crate) async fn new(database: Database) -> Self {
        Self::with(database, Secrets::new([9; 32])).await
    }

    pub(crate) async fn with(database: Database, secrets: Secrets) -> Self {
        let kind = InstitutionKind::City.name().to_owned();
        let typed =
            TypedSettings { kind, name: "Kota Contoh".into(), host: "contoh.go.id".into(), ..TypedSettings::default() };
        let Ok(settings) = typed.check() else { panic!("the settings are good") };
        let actor = Actor::Program("test");
        let founded = database.write(move |db| organisation::found(db, settings.clone(), false, actor, NOW)).await;
        let Ok(institution) = founded else { panic!("the city is founded") };
        let clock = Clock::standing(NOW);
        let wiring = Wiring { site: organisation::find_site, person, holdings: HOLDINGS, ..Wiring::default() };
        let app = App::new(database.clone(), clock.clone(), wiring, Means::new(secrets));
        Self { app, clock, database, institution }
    }

    pub(crate) fn desk(&self) -> Desk {
        Desk {
            secrets: self.app.secrets().clone(),
            institution: self.institution,
            actor: Actor::Program("test"),
            now: self.clock.now(),
            reach: organisation::Reach::of(&self.app),
        }
    }

    /// Reminds, as the schedule does.
    pub(crate) async fn remind(&self) {
        let desk = self.desk();
        let sent = self.database.write(move |db| crate::jobs::remind(db, &desk.sender())).await;
        sent.unwrap_or_else(|error| panic!("the reminders go out: {error}"));
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(platform::server::router(&self.app, crate::routes()))
    }

    /// The browser of somebody with a role.
    pub(crate) fn as_role(&self, role: Role) -> Browser {
        let browser = self.browser();
        browser.keep(COOKIE, role.name());
        browser
    }

    pub(crate) async fn ask(&self, kind: RequestKind) -> (RequestId, Receipt) {
        let (desk, asked) = (self.desk(), asked(kind));
        let receipt = self.database.write(move |db| actions::ask(db, &desk, &asked)).await.unwrap();
        let (institution, hash) = (self.institution, receipt.token.hash());
        let found = self.database.read(move |db| crate::store::requests::of_token(db, institution, &hash)).await;
        (found.unwrap().unwrap().id, receipt)
    }

    pub(crate) async fn request(&self, id: RequestId) -> crate::Request {
        let institution = self.institution;
        let found = self.database.read(move |db| crate::store::requests::request(db, institution, id)).await;
        found.unwrap().unwrap()
    }

    /// Verifies, grants and carries out.
    pub(crate) async fn settle(&self, id: RequestId, correction: platform::personal::Correction) {
        let desk = self.desk();
        let done = self.database.write(move |db| {
            let answer = PersonText::read("Kami laksanakan.").unwrap();
            actions::verify(db, &desk, id, 1, VerifiedBy::Document)?;
            actions::decide(db, &desk, (id, 2), Decision::Granted, &answer)?;
            actions::carry_out(db, &desk, (id, 3), HOLDINGS, &correction)
        });
        done.await.unwrap();
    }

    /// The acts of the city, the newest first.
    pub(crate) async fn acts(&self) -> Vec<String> {
        let institution = self.institution;
        let search = move |db: &mut Read<'_>| audit::search(db, Some(institution), &Filter::default(), 200);
        self.database.read(search).await.unwrap().into_iter().map(|entry| entry.act).collect()
    }
}

pub(crate) fn asked(kind: RequestKind) -> Asked {
    Asked {
        kind,
        name: PersonName::read(NAME).unwrap(),
        email: Some(EmailAddress::read(EMAIL).unwrap()),
        phone: Some(Phone::read(PHONE).unwrap()),
        nik: Some(Nik::read(NIK).unwrap()),
        about: PersonText::read(ABOUT).unwrap(),
        account: None,
    }
}

/// The text between two others, the first time they occur.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("{after} is missing")).0
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    between(page, &format!("name=\"{name}\" value=\""), "\"").to_owned()
}
