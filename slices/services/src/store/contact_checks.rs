//! Every statement of what was found of the addresses of units.

use super::{Answer, unknown};
use crate::contact::{CheckState, ContactCheck, ContactFault, ContactKind};
use platform::database::{FromRow, Read, Row, Write};
use platform::identity::{InstitutionId, UnitId};
use platform::{params, statements};

/// The columns of a check, in the order of its `FromRow`.
macro_rules! check {
    ($rest:literal) => {
        concat!("SELECT unit_id, kind, target, state, fault, looked_at, worked_at, told_at FROM contact_check ", $rest)
    };
}

statements! {
    CHECKS = check!("WHERE institution_id = $1 ORDER BY unit_id, kind");
    CHECKS_OF_UNIT = check!("WHERE institution_id = $1 AND unit_id = $2 ORDER BY kind");
    SAVE_CHECK = "INSERT INTO contact_check (institution_id, unit_id, kind, target, state, fault, looked_at, worked_at, told_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (institution_id, unit_id, kind) DO UPDATE SET target = excluded.target, state = excluded.state,
            fault = excluded.fault, looked_at = excluded.looked_at, worked_at = excluded.worked_at, told_at = excluded.told_at";
    DROP_CHECK = "DELETE FROM contact_check WHERE institution_id = $1 AND unit_id = $2 AND kind = $3";
}

impl FromRow for ContactCheck {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (unit, kind, target) = (row.next()?, row.next::<String>()?, row.next()?);
        let (state, fault) = (row.next::<String>()?, row.next::<String>()?);
        Ok(Self {
            unit,
            kind: ContactKind::named(&kind).ok_or_else(|| unknown("kind of a contact", &kind))?,
            target,
            state: CheckState::named(&state).ok_or_else(|| unknown("state of a contact", &state))?,
            fault: ContactFault::read(&fault),
            looked_at: row.next()?,
            worked_at: row.next()?,
            told_at: row.next()?,
        })
    }
}

/// What was found of all units.
pub(crate) fn checks(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<ContactCheck>> {
    db.all(CHECKS, params![institution])
}

/// What was found of a unit.
///
/// # Errors
/// When the database cannot be read.
pub fn checks_of_unit(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Answer<Vec<ContactCheck>> {
    db.all(CHECKS_OF_UNIT, params![institution, unit])
}

/// Keeps what was found, in place of what was found before.
pub(crate) fn save(db: &mut Write<'_>, institution: InstitutionId, check: &ContactCheck) -> Answer<()> {
    let values = params![
        institution,
        check.unit,
        check.kind.name(),
        &check.target,
        check.state.name(),
        check.fault.map(ContactFault::kept).unwrap_or_default(),
        check.looked_at,
        check.worked_at,
        check.told_at,
    ];
    db.execute(SAVE_CHECK, values).map(drop)
}

/// Forgets what was found of an address that is not published any more.
pub(crate) fn remove(db: &mut Write<'_>, institution: InstitutionId, unit: UnitId, kind: ContactKind) -> Answer<()> {
    db.execute(DROP_CHECK, params![institution, unit, kind.name()]).map(drop)
}
