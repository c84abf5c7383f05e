//! The demonstration city: invented units and people, entered through the same actions as real ones, beside published results of
//! real cities.

use organisation::{Refused, TypedSettings};
use platform::audit::Actor;
use platform::database::Write;
use platform::identity::{InstitutionId, Role};
use time::OffsetDateTime;

/// The password of all people of the demonstration city. It is printed where the demonstration is started, and opens nothing else.
pub const PASSWORD: &str = "peragaan-kota-contoh";

/// [`PASSWORD`] as it is stored, made once: hashing it for each person anew would be most of the time a first start takes.
const PASSWORD_HASH: &str = include_str!("../demo/password.txt");

const UNITS: &str = include_str!("../demo/unit.csv");

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
];

/// The domain of their addresses.
pub const DOMAIN: &str = "contoh.go.id";

/// Founds "Kota Contoh" and fills it.
///
/// # Errors
/// When the database refuses.
pub fn found(db: &mut Write<'_>, now: OffsetDateTime) -> Result<InstitutionId, Refused> {
    let settings = TypedSettings {
        kind: "kota".into(),
        name: "Pemerintah Kota Contoh".into(),
        zone: "WIB".into(),
        tagline: "Pelayanan Publik".into(),
        help: "WhatsApp 0811-0000-000 (08.00–16.00 WIB)".into(),
        ..TypedSettings::default()
    };
    let institution = organisation::found(db, settings.check().map_err(Refused::Faults)?, true, ACTOR, now)?;
    fill(db, institution, now)?;
    Ok(institution)
}

const ACTOR: Actor = Actor::Program("demonstration");

/// Gives an institution the demonstration's units and people, and the installation the published results.
///
/// # Errors
/// When the database refuses.
pub fn fill(db: &mut Write<'_>, institution: InstitutionId, now: OffsetDateTime) -> Result<(), Refused> {
    let desk = organisation::Desk { institution, actor: ACTOR, now };
    let codes = organisation::import_units(db, &desk, UNITS)?;
    for (before, name, role, unit) in PEOPLE {
        let unit = unit.and_then(|code| codes.get(code).copied());
        let email = format!("{before}@{DOMAIN}");
        let person = access::DemonstrationPerson { email: &email, name, role: *role, unit, password_hash: PASSWORD_HASH.trim() };
        access::enter_demonstration_person(db, institution, &person, now)?;
    }
    publication::load_reference(db, now)?;
    Ok(())
}
