//! What people do with the declaration (Maklumat Pelayanan) of a unit: the admin writes it, the head signs and publishes it.

use super::Refused;
use super::standards::today;
use crate::declaration::{Declaration, DeclarationId, DeclarationState};
use crate::standard::{Medium, Proof, ProofId, fingerprint};
use crate::store::declarations as kept;
use organisation::{Checks, Desk, Fault};
use platform::audit::Subject;
use platform::database::Write;
use platform::identity::UnitId;
use serde_json::json;
use time::Date;

/// The longest declaration.
const LONGEST: usize = 2_000;

/// Writes the draft of a unit's declaration; begins it when there is none.
///
/// # Errors
/// When it says nothing, or was changed since `version` (0 where there was no draft).
pub fn write_declaration(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    version: i64,
    (text, signed_by): (&str, &str),
) -> Result<Declaration, Refused> {
    let mut checks = Checks::default();
    let text = crate::typed::paragraphs(&mut checks, "text", text, LONGEST);
    checks.require(!text.is_empty(), "text", "fault.declaration");
    let signed_by = checks.required("signed_by", signed_by, 160, "fault.signed-by");
    checks.finish(()).map_err(Refused::Faults)?;
    let all = kept::declarations(db, desk.institution, unit)?;
    let draft = all.iter().find(|declaration| declaration.state == DeclarationState::Draft).cloned();
    if draft.as_ref().map_or(0, |draft| draft.version) != version {
        return Err(Refused::Stale);
    }
    let written = match draft {
        Some(draft) => save(db, desk, Declaration { text, signed_by, ..draft })?,
        None => {
            let number = all.first().map_or(1, |last| last.number + 1);
            let (id, now) = (DeclarationId::new(desk.now), desk.now);
            let state = DeclarationState::Draft;
            let new = Declaration {
                id,
                unit,
                number,
                state,
                text,
                signed_by,
                signed_on: None,
                published_at: None,
                version: 1,
                created_at: now,
                changed_at: now,
            };
            kept::add(db, desk.institution, &new)?;
            new
        }
    };
    record(db, desk, &written, "services.declaration-written")?;
    Ok(written)
}

/// Publishes the draft of a unit's declaration as signed on a day; the one in force gives way.
///
/// # Errors
/// When there is no draft, the day lies ahead, or the draft was changed since `version`.
pub fn publish_declaration(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    version: i64,
    signed_on: Date,
) -> Result<Declaration, Refused> {
    let all = kept::declarations(db, desk.institution, unit)?;
    let draft = all.iter().find(|declaration| declaration.state == DeclarationState::Draft).cloned();
    let draft = draft.ok_or(Refused::WrongState)?;
    if draft.version != version {
        return Err(Refused::Stale);
    }
    let today = today(db, desk)?;
    if signed_on > today {
        return Err(Fault::new("signed_on", "fault.day-ahead").into());
    }
    if let Some(before) = all.into_iter().find(|declaration| declaration.state == DeclarationState::Published) {
        let state = before.state.replace().ok_or(Refused::WrongState)?;
        save(db, desk, Declaration { state, ..before })?;
    }
    let state = draft.state.publish().ok_or(Refused::WrongState)?;
    let published = Declaration { state, signed_on: Some(signed_on), published_at: Some(desk.now), ..draft };
    let published = save(db, desk, published)?;
    record(db, desk, &published, "services.declaration-published")?;
    let place = match organisation::unit(db, desk.institution, unit)? {
        Some(unit) => format!("/maklumat/{}", unit.slug),
        None => return Err(Refused::NotFound),
    };
    let hash = fingerprint(&published.text);
    let proof = Proof {
        id: ProofId::new(desk.now),
        medium: Medium::Site,
        place,
        on: today,
        hash,
        account: desk.account(),
        at: desk.now,
    };
    kept::add_proof(db, desk.institution, published.id, &proof)?;
    Ok(published)
}

/// Notes where else the declaration in force of a unit was published.
///
/// # Errors
/// When none is in force, or the day lies ahead.
pub fn note_declaration(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    (medium, place, on): (Medium, String, Date),
) -> Result<Proof, Refused> {
    let declaration = kept::declaration_of(db, desk.institution, unit)?.ok_or(Refused::WrongState)?;
    if on > today(db, desk)? {
        return Err(Fault::new("published_on", "fault.day-ahead").into());
    }
    let hash = fingerprint(&declaration.text);
    let proof = Proof { id: ProofId::new(desk.now), medium, place, on, hash, account: desk.account(), at: desk.now };
    kept::add_proof(db, desk.institution, declaration.id, &proof)?;
    record(db, desk, &declaration, "services.publication-noted")?;
    Ok(proof)
}

fn save(db: &mut Write<'_>, desk: &Desk, declaration: Declaration) -> Result<Declaration, Refused> {
    let declaration = Declaration { version: declaration.version + 1, changed_at: desk.now, ..declaration };
    if kept::save(db, desk.institution, &declaration)? { Ok(declaration) } else { Err(Refused::Stale) }
}

fn record(db: &mut Write<'_>, desk: &Desk, declaration: &Declaration, act: &'static str) -> Result<(), Refused> {
    let detail = json!({ "unit": declaration.unit, "number": declaration.number });
    desk.record(db, act, Subject::new("service-declaration", declaration.id), detail)?;
    Ok(())
}
