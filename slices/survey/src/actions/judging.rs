//! Answers that look made up are left out, or taken in again: by a person, with a reason, before the result is published.

use super::periods::{load, subject};
use super::{Desk, Refused};
use crate::fault::Fault;
use crate::period::{PeriodId, PeriodState};
use crate::store::{answers, judging as store, periods};
use crate::trust::flags;
use calculation::instruments;
use platform::database::{DatabaseError, Write};
use serde_json::json;

/// The shortest and the longest reason, in letters.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// Leaves the answers of a flag out of the index, or takes them in again. Both figures are kept and shown.
///
/// # Errors
/// When the period is not closed or was published, there is no such flag, or no reason is given.
pub fn judge(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    (key, leave_out, reason): (&str, bool, &str),
) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    if period.state != PeriodState::Closed {
        return Err(Refused::WrongState);
    }
    if leave_out && !REASON.contains(&reason.chars().count()) {
        return Err(vec![Fault::new("reason", "fault.reason")].into());
    }
    let rows = store::looks(db, desk.institution, id)?;
    let looks: Vec<_> = rows.iter().map(|row| row.look.clone()).collect();
    let flag = flags(&looks).into_iter().find(|flag| flag.key == key).ok_or(Refused::NotFound)?;
    let mut moved = 0_i64;
    for row in rows.iter().filter(|row| flag.answers.contains(&row.look.id) && row.excluded != leave_out) {
        store::set_excluded(db, desk.institution, id, row, leave_out)?;
        moved += 1;
    }
    match leave_out {
        true => store::add_exclusion(db, desk.institution, id, (key, moved, reason), desk.today())?,
        false => store::drop_exclusion(db, desk.institution, id, key)?,
    }
    let counts = answers::counts(db, desk.institution, id)?;
    let instrument = instruments::find(&period.instrument)?;
    let inputs = counts.inputs(&instrument, period.plan.population).ok_or(Refused::NotFound)?;
    let inputs = serde_json::to_string(&inputs).map_err(|error| DatabaseError::Other(error.into()))?;
    if !periods::set_inputs(db, desk.institution, &period, &inputs)? {
        return Err(Refused::Stale);
    }
    let act = if leave_out { "survey.answers-excluded" } else { "survey.answers-included" };
    Ok(desk.record(db, act, subject(id), json!({ "flag": key, "answers": moved, "reason": reason }))?)
}
