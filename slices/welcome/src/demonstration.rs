//! The demonstration city: invented units and people, entered through the same actions as real ones, beside published results of
//! real cities.

mod contacts;
mod standards;

use access::Email;
use organisation::{Desk, TypedSettings, import};
use platform::audit::Actor;
use platform::database::{DatabaseError, Write};
use platform::identity::{InstitutionId, Role, UnitId};
use std::collections::BTreeMap;
use std::io::Write as _;
use time::OffsetDateTime;

/// The password of all people of the demonstration city. It is printed where the demonstration is started, and opens nothing else.
pub const PASSWORD: &str = "peragaan-kota-contoh";

/// [`PASSWORD`] as it is stored, made once: hashing it for each person anew would be most of the time a first start takes.
const PASSWORD_HASH: &str = include_str!("../demo/password.txt");

const UNITS: &str = include_str!("../demo/unit.csv");
const SERVICES: &str = include_str!("../demo/layanan.csv");

/// The people of the demonstration city: name before the `@`, name, role and the code of the unit it is held in.
pub const PEOPLE: &[(&str, &str, Role, Option<&str>)] = &[
    ("admin", "Ayu Admin", Role::SystemAdmin, None),
    ("koordinator", "Kartika Koordinator", Role::Coordinator, None),
    ("sekda", "Surya Sekda", Role::Sekda, None),
    ("kepala", "Kurnia Kepala", Role::HeadOfUnit, Some("2.06")),
    ("unit", "Utami Unit", Role::UnitAdmin, Some("2.06")),
    ("loket", "Lukman Loket", Role::CounterOfficer, Some("2.06.01")),
    ("informasi", "Indah Informasi", Role::CitizenDesk, None),
    ("pengaduan", "Putra Pengaduan", Role::ComplaintAdmin, None),
    ("evaluator", "Eka Evaluator", Role::Evaluator, None),
    ("asesor", "Asri Asesor", Role::OmbudsmanAssessor, None),
    ("juri", "Joko Juri", Role::Juror, None),
    ("auditor", "Anita Auditor", Role::Auditor, None),
    ("pdp", "Pandu Pelindung", Role::DataProtectionOfficer, None),
];

/// The domain of their addresses.
pub const DOMAIN: &str = "contoh.go.id";

/// Why the demonstration could not be made. Nothing of it was stored.
#[derive(Debug)]
pub enum Trouble {
    /// The database refused.
    Database(DatabaseError),
    /// The program's own demonstration data is wrong, which a test finds.
    Data(String),
}

impl From<DatabaseError> for Trouble {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database(error) => error.fmt(f),
            Self::Data(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Trouble {}

fn wrong(what: impl std::fmt::Debug) -> Trouble {
    Trouble::Data(format!("{what:?}"))
}

const ACTOR: Actor = Actor::Program("demonstration");

/// Founds "Kota Contoh" and fills it.
///
/// # Errors
/// When the database refuses.
pub fn found(db: &mut Write<'_>, now: OffsetDateTime) -> Result<InstitutionId, Trouble> {
    let settings = TypedSettings {
        kind: "kota".into(),
        name: "Pemerintah Kota Contoh".into(),
        zone: "WIB".into(),
        tagline: "Pelayanan Publik".into(),
        help: "WhatsApp 0811-0000-000 (08.00–16.00 WIB)".into(),
        ..TypedSettings::default()
    };
    let institution = organisation::found(db, settings.check().map_err(wrong)?, true, ACTOR, now).map_err(wrong)?;
    let codes = fill(db, institution, now)?;
    people(db, institution, &codes, now)?;
    Ok(institution)
}

type Codes = BTreeMap<String, UnitId>;

/// Gives an institution the demonstration's units, and the installation the published results; the units by their codes.
///
/// # Errors
/// When the database refuses.
pub fn fill(db: &mut Write<'_>, institution: InstitutionId, now: OffsetDateTime) -> Result<Codes, Trouble> {
    publication::load_reference(db, now).map_err(wrong)?;
    let codes = units(db, institution, now)?;
    services(db, institution, now)?;
    Ok(codes)
}

/// Everybody of the demonstration city. Their password is printed everywhere, so no other city ever gets them.
fn people(db: &mut Write<'_>, institution: InstitutionId, codes: &Codes, now: OffsetDateTime) -> Result<(), Trouble> {
    for (before, name, role, unit) in PEOPLE {
        let person = access::DemonstrationPerson {
            id: (*role == Role::CounterOfficer).then(access::sample_person),
            email: Email::read(&format!("{before}@{DOMAIN}")).ok_or_else(|| wrong(before))?,
            name: (*name).to_owned(),
            role: *role,
            unit: unit.and_then(|code| codes.get(code).copied()),
            password_hash: PASSWORD_HASH.trim().to_owned(),
        };
        access::enter_demonstration_person(db, institution, &person, now)?;
    }
    Ok(())
}

/// A table of the program, read as one that somebody brought.
fn table(name: &str, text: &str, most: usize) -> Result<import::Table, Trouble> {
    let mut file = tempfile::NamedTempFile::new().map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)?;
    import::read_table(file.path(), name, most).map_err(wrong)
}

/// Enters the services of the city's offices and of the agencies in its Mal Pelayanan Publik.
fn services(db: &mut Write<'_>, institution: InstitutionId, now: OffsetDateTime) -> Result<(), Trouble> {
    let table = table("layanan.csv", SERVICES, services::MOST_SERVICES)?;
    let review = services::review_services(db, institution, &table)?.map_err(wrong)?;
    let desk = Desk { institution, actor: ACTOR, now };
    services::store_services(db, &desk, &table, &review.fingerprint()).map_err(wrong)?;
    standards::bring(db, institution, now)?;
    contacts::bring(db, institution, now)
}

/// Enters the units as a table that somebody brought, and gives their identifiers by code.
fn units(db: &mut Write<'_>, institution: InstitutionId, now: OffsetDateTime) -> Result<Codes, Trouble> {
    let table = table("unit.csv", UNITS, organisation::MOST_UNITS)?;
    let review = organisation::review_units(db, institution, &table, now)?.map_err(wrong)?;
    let desk = Desk { institution, actor: ACTOR, now };
    organisation::store_units(db, &desk, &table, &review.fingerprint()).map_err(wrong)?;
    let units = organisation::units(db, institution)?;
    Ok(units.into_iter().filter_map(|unit| Some((unit.facts.code?, unit.id))).collect())
}
