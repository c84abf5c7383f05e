//! Two cities in one installation, each with two units, and people of each role.

use crate::TypedService;
use organisation::{Desk, TypedSettings, TypedUnit, Unit};
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
use time::macros::datetime;

pub(super) const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

pub(super) const HERE: &str = "satu.contoh.go.id";
pub(super) const THERE: &str = "dua.contoh.go.id";

/// A city with an office and another one.
#[derive(Debug, Clone)]
pub(super) struct City {
    pub(super) id: InstitutionId,
    pub(super) office: Unit,
    pub(super) other: Unit,
}

impl City {
    pub(super) fn desk(&self) -> Desk {
        Desk { institution: self.id, actor: Actor::Program("test"), now: NOW }
    }
}

pub(super) async fn city(database: &Database, name: &'static str, host: &'static str, at: OffsetDateTime) -> City {
    let founded = database
        .write(move |db| {
            let settings =
                TypedSettings { kind: "kota".into(), name: name.into(), host: host.into(), ..TypedSettings::default() };
            let actor = Actor::Program("test");
            let id = organisation::found(db, settings.check().expect("good settings"), false, actor, at)?;
            let desk = Desk { institution: id, actor, now: at };
            let mut unit = |name: &str, short: &str, code: &str| {
                let typed = TypedUnit {
                    kind: "opd".into(),
                    name: name.into(),
                    short_name: short.into(),
                    code: code.into(),
                    ..TypedUnit::default()
                };
                organisation::enter_unit(db, &desk, &typed.check(None).expect("a good unit"))
            };
            let office = unit("Dinas Kependudukan", "Disdukcapil", "2.06")?;
            let other = unit("Dinas Sosial", "Dinsos", "1.06")?;
            Ok::<_, organisation::Refused>(City { id, office, other })
        })
        .await;
    founded.expect("a city is founded")
}

pub(super) async fn cities(database: &Database) -> (City, City) {
    let here = city(database, "Pemerintah Kota Satu", HERE, NOW - time::Duration::days(2)).await;
    (here, city(database, "Pemerintah Kota Dua", THERE, NOW - time::Duration::days(1)).await)
}

/// A service as somebody types it, complete enough to be published.
pub(super) fn typed(name: &str) -> TypedService {
    TypedService {
        name: name.into(),
        category: "kependudukan".into(),
        summary: "Dokumen susunan keluarga.".into(),
        channels: vec!["counter".into()],
        amount: "1".into(),
        time_unit: "working-days".into(),
        fee: "free".into(),
        requirements: "KTP-el\nBuku nikah".into(),
        ..TypedService::default()
    }
}

/// A server over both cities.
pub(super) struct World {
    pub(super) here: City,
    pub(super) there: City,
    pub(super) browser: Browser,
    pub(super) database: Fresh,
    pub(super) app: App,
    _folder: TempDir,
}

const HOLDERS: &[&platform::files::HolderKind] = &[&crate::SERVICE_HOLDER];

impl World {
    pub(super) async fn new() -> Self {
        let database = migrated_sqlite();
        let (here, there) = cities(&database).await;
        let wiring = Wiring {
            site: organisation::find_site,
            person: find_person,
            menu: &[crate::MENU],
            holders: HOLDERS,
            staff_menu: &[crate::KEEP_MENU],
            name: |_, _, _| Ok(Some("Sari".into())),
            ..Wiring::default()
        };
        let folder = TempDir::new().expect("a temporary folder can be made");
        let files = Files::new(Place::folder(folder.path()), None);
        let means = Means { files, ..Means::new(Secrets::new([7; 32])) };
        let app = App::new(Database::clone(&database), Clock::standing(NOW), wiring, means);
        let browser = Browser::new(platform::server::router(&app, crate::routes().and(platform::files::routes())));
        Self { here, there, browser, database, app, _folder: folder }
    }

    /// The browser of somebody signed in: `admin@satu` keeps the office of the first city.
    pub(super) fn signed_in(&self, host: &str, who: &str) -> Browser {
        let browser = self.browser.at(host);
        browser.keep(COOKIE, who);
        browser
    }

    /// The admin of the office of the first city.
    pub(super) fn admin(&self) -> Browser {
        self.signed_in(HERE, "admin@satu")
    }

    /// Enters and publishes a service of the first city's office; gives its part of addresses.
    pub(super) async fn published(&self, name: &'static str) -> String {
        let city = self.here.clone();
        let done = self.database.write(move |db| {
            let facts = typed(name).check().map_err(crate::Refused::Faults)?;
            let service = crate::enter_service(db, &city.desk(), city.office.id, &facts, false)?;
            crate::publish_service(db, &city.desk(), service.id, 1)
        });
        done.await.expect("it is published").slug
    }
}

const PEOPLE: [(&str, Role); 5] = [
    ("admin", Role::UnitAdmin),
    ("kepala", Role::HeadOfUnit),
    ("koordinator", Role::Coordinator),
    ("loket", Role::CounterOfficer),
    ("auditor", Role::Auditor),
];

/// People are known in their own city only; roles of a unit have its office.
fn find_person(
    db: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let host = organisation::institution(db, institution)?.and_then(|found| found.settings.host).unwrap_or_default();
    let city = host.split('.').next().unwrap_or_default().to_owned();
    let known = PEOPLE.iter().find(|(name, _)| *token == Token::presented(&format!("{name}@{city}")).hash());
    let Some((_, role)) = known else { return Ok(None) };
    let office = organisation::unit_by_slug(db, institution, "dinas-kependudukan")?.map(|unit| unit.id);
    Ok(Some(Person {
        account: AccountId::from(Uuid::from_slice(&token.0[..16]).expect("sixteen bytes")),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role: *role, units: role.is_of_a_unit().then(|| office.into_iter().collect()) }],
        second_factor: true,
        proved_at: NOW,
    }))
}
