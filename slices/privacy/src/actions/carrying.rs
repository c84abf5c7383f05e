//! Carrying out what was decided, in every place where data of people is kept.

use super::requests::{identity, load, step};
use super::{Desk, Refused};
use crate::request::{Request, RequestId, RequestKind, place};
use crate::store::requests::{self as store, Left};
use crate::{copy, rules};
use ::rules::phrase::Language;
use platform::audit::Subject;
use platform::database::{DatabaseError, Write};
use platform::personal::{Basis, Correction, Erasure, Holding, Identity, Outcome, Work};
use serde_json::{Value, json};

/// What became of the rows of one holding.
struct Done {
    holding: &'static str,
    outcome: &'static str,
    rows: i64,
    law: Option<&'static str>,
}

/// Carries out what was granted: finds the person's rows in every holding, and hands out, corrects, restricts or erases them.
/// What became of each holding is kept, and for a copy the file itself, sealed, for some days.
///
/// # Errors
/// When nothing was granted, or somebody took a step meanwhile.
pub fn carry_out(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (RequestId, i64),
    holdings: &[&'static [Holding]],
    correction: &Correction,
) -> Result<(), Refused> {
    let request = load(db, desk, id, version)?;
    let state = request.state.carry_out()?;
    let identity = identity(desk, &request);
    let mut parts: Vec<(&'static Holding, Vec<Value>)> = Vec::new();
    for holding in holdings.iter().copied().flatten() {
        let Some(work) = holding.work else { continue };
        let (done, shown) = carry_out_in(db, desk, &request, (holding, work), (&identity, correction))?;
        let line = (done.holding, done.outcome, done.rows, done.law);
        store::add_outcome(db, desk.institution, id, line)?;
        if !shown.is_empty() {
            parts.push((holding, shown));
        }
    }
    if request.kind == RequestKind::Access {
        keep_copy(db, desk, &request, &parts)?;
    }
    step(db, desk, &request, state, &Left::default())?;
    let detail = json!({ "kind": request.kind.name() });
    Ok(desk.record(db, "privacy.request-carried-out", Subject::new("data-request", id), detail)?)
}

fn carry_out_in(
    db: &mut Write<'_>,
    desk: &Desk,
    request: &Request,
    (holding, work): (&'static Holding, Work),
    (identity, correction): (&Identity, &Correction),
) -> Result<(Done, Vec<Value>), DatabaseError> {
    let task = desk.task();
    let rows = (work.find)(db, &task, identity)?;
    let mut done = Done { holding: holding.name, outcome: "nothing", rows: 0, law: None };
    let mut shown = Vec::new();
    // A consent taken back ends what rests on it, and nothing else.
    let consented = holding.basis == Basis::Consent;
    for row in rows {
        let outcome = match request.kind {
            RequestKind::Access => {
                shown.push((work.export)(db, &task, row)?);
                Outcome::Done
            }
            RequestKind::Correction => (work.correct)(db, &task, row, correction)?,
            RequestKind::Restriction => (work.restrict)(db, &task, row)?,
            RequestKind::Withdrawal if !consented => Outcome::Nothing,
            RequestKind::Erasure | RequestKind::Withdrawal => match (work.erase)(db, &task, row)? {
                Erasure::Erased => Outcome::Done,
                Erasure::Kept(law) => Outcome::Refused(law),
            },
        };
        match outcome {
            Outcome::Nothing => continue,
            Outcome::Done if done.law.is_none() => done.outcome = "done",
            Outcome::Done => {}
            Outcome::Refused(law) => {
                done.outcome = "kept";
                done.law = Some(law);
            }
        }
        done.rows += 1;
    }
    Ok((done, shown))
}

fn keep_copy(
    db: &mut Write<'_>,
    desk: &Desk,
    request: &Request,
    parts: &[(&'static Holding, Vec<Value>)],
) -> Result<(), Refused> {
    let file = copy::file(&request.receipt(), desk.now, parts, Language::Indonesian).map_err(DatabaseError::Other)?;
    let context = place(desk.institution, "data_export.content", request.id).context();
    let sealed = desk.secrets.seal(&context, &file);
    let until = desk.now + rules::copy_time();
    Ok(store::add_copy(db, desk.institution, request.id, &sealed, (desk.now, until))?)
}
