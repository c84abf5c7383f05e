//! What is noted of the addresses of units: what the program found, and what a person tried.

use super::Refused;
use crate::contact::{CheckState, ContactCheck, ContactKind, Look};
use crate::store::contact_checks as kept;
use organisation::Desk;
use platform::audit::Subject;
use platform::database::{DatabaseError, Write};
use platform::identity::UnitId;
use serde_json::json;

/// Keeps what one round of looks at a unit's addresses found; gives those that are dead and that nobody was told of.
///
/// What the unit changed meanwhile is not kept, and what it publishes no more is forgotten. Only a change is recorded.
///
/// # Errors
/// When the database fails.
pub fn note_looks(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    looks: &[(ContactKind, String, Look)],
) -> Result<Vec<ContactCheck>, DatabaseError> {
    let Some(found) = organisation::unit(db, desk.institution, unit)? else { return Ok(Vec::new()) };
    let known = kept::checks_of_unit(db, desk.institution, unit)?;
    let mut to_tell = Vec::new();
    for kind in ContactKind::ALL {
        let target = kind.of(&found.facts.contact);
        let before = known.iter().find(|check| check.kind == kind);
        if target.is_empty() {
            if before.is_some() {
                kept::remove(db, desk.institution, unit, kind)?;
            }
            continue;
        }
        let Some((.., look)) = looks.iter().find(|(own, at, _)| *own == kind && at == target) else { continue };
        let mut after = ContactCheck::after(before, (unit, kind, target), *look, desk.now);
        if before.map(|before| before.state) != Some(after.state) {
            record(db, desk, &after, "services.contact-found")?;
        }
        if after.state == CheckState::Dead && after.told_at.is_none() {
            after.told_at = Some(desk.now);
            to_tell.push(after.clone());
        }
        kept::save(db, desk.institution, &after)?;
    }
    Ok(to_tell)
}

/// Notes that a person tried an address of a unit today, and that it works.
///
/// # Errors
/// When the unit publishes none of this kind, or another one than was tried.
pub fn confirm_contact(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    (kind, tried): (ContactKind, &str),
) -> Result<ContactCheck, Refused> {
    let found = organisation::unit(db, desk.institution, unit)?.ok_or(Refused::NotFound)?;
    let target = kind.of(&found.facts.contact);
    if target.is_empty() || target != tried {
        return Err(Refused::Stale);
    }
    let known = kept::checks_of_unit(db, desk.institution, unit)?;
    let before = known.into_iter().find(|check| check.kind == kind && check.target == target);
    let before = before.unwrap_or_else(|| ContactCheck::after(None, (unit, kind, target), Ok(()), desk.now));
    let confirmed = before.confirmed(desk.now);
    kept::save(db, desk.institution, &confirmed)?;
    record(db, desk, &confirmed, "services.contact-confirmed")?;
    Ok(confirmed)
}

fn record(db: &mut Write<'_>, desk: &Desk, check: &ContactCheck, act: &'static str) -> Result<(), DatabaseError> {
    let fault = check.fault.map(crate::contact::ContactFault::kept);
    let detail = json!({ "kind": check.kind.name(), "state": check.state.name(), "fault": fault });
    desk.record(db, act, Subject::new("unit", check.unit), detail)
}
