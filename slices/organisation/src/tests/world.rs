//! Two cities in one installation, with people of each, for the tests of pages and stores.

use crate::actions::{Desk, enter_unit, found};
use crate::institution::TypedSettings;
use crate::store;
use crate::unit::{TypedUnit, Unit, UnitFacts};
use platform::app::{App, Means, Wiring};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read, Uuid};
use platform::files::{Files, HolderKind, Place};
use platform::identity::{AccountId, Grant, InstitutionId, Person, Role, SessionId};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::testing::{Browser, Fresh, migrated_sqlite};
use tempfile::TempDir;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(super) const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

/// Hosts of the two cities.
pub(super) const HERE: &str = "satu.contoh.go.id";
pub(super) const THERE: &str = "dua.contoh.go.id";

/// One city: who it is, and its units: an agency and a counter below it.
#[derive(Debug, Clone)]
pub(super) struct City {
    pub(super) id: InstitutionId,
    pub(super) agency: Unit,
    pub(super) counter: Unit,
}

impl City {
    pub(super) fn desk(&self) -> Desk {
        desk(self.id)
    }
}

pub(super) fn desk(institution: InstitutionId) -> Desk {
    Desk { institution, actor: Actor::Program("test"), now: NOW }
}

pub(super) fn facts(kind: &str, name: &str) -> UnitFacts {
    typed(kind, name).check(None).expect("kind and name are enough")
}

pub(super) fn typed(kind: &str, name: &str) -> TypedUnit {
    TypedUnit { kind: kind.into(), name: name.into(), ..TypedUnit::default() }
}

pub(super) fn settings(name: &str, host: &str) -> TypedSettings {
    TypedSettings { kind: "kota".into(), name: name.into(), host: host.into(), ..TypedSettings::default() }
}

/// Founds a city with its two units.
pub(super) async fn city(database: &Database, name: &'static str, host: &'static str, at: OffsetDateTime) -> City {
    let founded = database
        .write(move |db| {
            let id =
                found(db, settings(name, host).check().expect("good settings"), false, Actor::Program("test"), at)?;
            let agency = enter_unit(db, &desk(id), &facts("opd", "Dinas Sosial"))?;
            let below = UnitFacts { parent: Some(agency.id), ..facts("titik layanan", "Loket Dinas Sosial") };
            let counter = enter_unit(db, &desk(id), &below)?;
            Ok::<_, crate::Refused>(City { id, agency, counter })
        })
        .await;
    founded.expect("a city is founded")
}

/// Both cities.
pub(super) async fn cities(database: &Database) -> (City, City) {
    let here = city(database, "Pemerintah Kota Satu", HERE, NOW - Duration::days(2)).await;
    (here, city(database, "Pemerintah Kota Dua", THERE, NOW - Duration::days(1)).await)
}

/// A server over both cities.
pub(super) struct World {
    pub(super) here: City,
    pub(super) there: City,
    pub(super) browser: Browser,
    pub(super) database: Fresh,
    _folder: TempDir,
}

const HOLDERS: &[&HolderKind] = &[&crate::UNIT_HOLDER];

impl World {
    pub(super) async fn new() -> Self {
        let database = migrated_sqlite();
        let (here, there) = cities(&database).await;
        let wiring = Wiring {
            site: crate::find_site,
            person: find_person,
            menu: &[crate::MENU],
            holders: HOLDERS,
            staff_menu: &[crate::UNITS_MENU, crate::INSTITUTIONS_MENU],
            name: |_, _, _| Ok(Some("Sari Koordinator".into())),
            ..Wiring::default()
        };
        let (clock, secrets) = (Clock::standing(NOW), Secrets::new([7; 32]));
        let folder = TempDir::new().expect("a temporary folder can be made");
        let files = Files::new(Place::folder(folder.path()), None);
        let means = Means { files, ..Means::new(secrets) };
        let app = App::new(Database::clone(&database), clock, wiring, means);
        let browser = Browser::new(platform::server::router(&app, crate::routes().and(platform::files::routes())));
        Self { here, there, browser, database, _folder: folder }
    }

    /// The browser of somebody signed in to a city: `koordinator@satu`.
    pub(super) fn signed_in(&self, host: &str, who: &str) -> Browser {
        let browser = self.browser.at(host);
        browser.keep(COOKIE, who);
        browser
    }

    /// The coordinator of the first city at home.
    pub(super) fn coordinator(&self) -> Browser {
        self.signed_in(HERE, "koordinator@satu")
    }

    pub(super) async fn unit(&self, city: &City, slug: &'static str) -> Option<Unit> {
        let id = city.id;
        self.database.read(move |db| store::unit_by_slug(db, id, slug)).await.expect("units can be read")
    }
}

const PEOPLE: [(&str, Role); 4] = [
    ("koordinator", Role::Coordinator),
    ("sistem", Role::SystemAdmin),
    ("auditor", Role::Auditor),
    ("admin-unit", Role::UnitAdmin),
];

/// The account of a person of the tests.
pub(super) fn account(who: &str) -> AccountId {
    let bytes = Token::presented(who).hash().0;
    AccountId::from(Uuid::from_slice(&bytes[..16]).expect("sixteen bytes"))
}

/// People are known in their own city only; the admin of a unit has the agency of that city.
fn find_person(
    db: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let host =
        store::institution(db, institution)?.and_then(|institution| institution.settings.host).unwrap_or_default();
    let city = host.split('.').next().unwrap_or_default().to_owned();
    let known = PEOPLE.iter().find(|(name, _)| *token == Token::presented(&format!("{name}@{city}")).hash());
    let Some((name, role)) = known else { return Ok(None) };
    let own: Vec<_> = store::units(db, institution)?
        .into_iter()
        .filter(|unit| unit.slug.contains("dinas-sosial"))
        .map(|unit| unit.id)
        .collect();
    Ok(Some(Person {
        account: account(&format!("{name}@{city}")),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role: *role, units: role.is_of_a_unit().then_some(own) }],
        second_factor: true,
        proved_at: NOW,
    }))
}
