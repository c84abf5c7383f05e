//! Answers that look made up are left out, or taken in again: by a person, with a reason.

use super::periods::{load, subject};
use super::webhooks::announce;
use super::{Desk, REASON, Refused, following, publishing};
use crate::count::Counts;
use crate::fault::Fault;
use crate::importance;
use crate::period::{Period, PeriodId, PeriodState};
use crate::result;
use crate::store::judging::{Correction, Looked};
use crate::store::{counts, judging as store, periods};
use crate::trust::{Flag, flags};
use crate::webhook::Event;
use calculation::instruments;
use platform::database::{DatabaseError, Write};
use serde_json::json;
use std::collections::BTreeSet;

/// Leaves the answers of a flag out of the index, or takes them in again. Both figures are kept and shown. A result that was
/// published is published anew, with a line in its corrections: it is never changed in silence.
///
/// # Errors
/// When the period is not closed, there is no such flag, it is decided so already, no reason is given, or too few answers would be
/// left of a result that was published.
pub fn judge(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    (key, leave_out, reason): (&str, bool, &str),
) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    if !period.state.has_result() {
        return Err(Refused::WrongState);
    }
    let published = period.state == PeriodState::Published;
    if (leave_out || published) && !REASON.contains(&reason.chars().count()) {
        return Err(vec![Fault::new("reason", "fault.reason")].into());
    }
    let rows = store::looks(db, desk.institution, id)?;
    let looks: Vec<_> = rows.iter().map(|row| row.look.clone()).collect();
    let flags = flags(&looks);
    let flag = flags.iter().find(|flag| flag.key == key).ok_or(Refused::NotFound)?;
    let mut decided: BTreeSet<String> =
        store::exclusions(db, desk.institution, id)?.into_iter().map(|exclusion| exclusion.flag).collect();
    let new = if leave_out { decided.insert(key.to_owned()) } else { decided.remove(key) };
    if !new {
        return Err(Refused::AlreadyDecided);
    }
    match leave_out {
        true => {
            let size = i64::try_from(flag.answers.len()).unwrap_or(i64::MAX);
            store::add_exclusion(db, desk.institution, id, (key, size, reason), desk.today())?;
        }
        false => store::drop_exclusion(db, desk.institution, id, key)?,
    }
    let moved = apply(db, desk, id, &rows, &left_out(&flags, &decided))?;
    let counts = counts::counts(db, desk.institution, id)?;
    let instrument = instruments::find(&period.instrument)?;
    let inputs = counts.inputs(&instrument, period.plan.population).ok_or(Refused::NotFound)?;
    let inputs = serde_json::to_string(&inputs).map_err(|error| DatabaseError::Other(error.into()))?;
    if !periods::set_inputs(db, desk.institution, &period, &inputs)? {
        return Err(Refused::Stale);
    }
    importance::ask(db, desk.institution, id, desk.now)?;
    if published {
        correct(db, desk, &period, (&inputs, &counts), reason)?;
    }
    let act = if leave_out { "survey.answers-excluded" } else { "survey.answers-included" };
    Ok(desk.record(db, act, subject(id), json!({ "flag": key, "answers": moved, "reason": reason }))?)
}

/// The answers of all flags that are left out: one that stands under two of them comes back only when both are taken in again.
fn left_out<'f>(flags: &'f [Flag], decided: &BTreeSet<String>) -> BTreeSet<&'f Vec<u8>> {
    flags.iter().filter(|flag| decided.contains(&flag.key)).flat_map(|flag| &flag.answers).collect()
}

/// Makes the answers and their counts follow the decisions; says how many moved.
fn apply(
    db: &mut Write<'_>,
    desk: &Desk,
    period: PeriodId,
    rows: &[Looked],
    left_out: &BTreeSet<&Vec<u8>>,
) -> Result<u64, DatabaseError> {
    let mut moved = 0;
    for row in rows {
        let excluded = left_out.contains(&row.look.id);
        if row.excluded != excluded {
            store::set_excluded(db, desk.institution, period, row, excluded)?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// Publishes a changed result anew and says so.
fn correct(
    db: &mut Write<'_>,
    desk: &Desk,
    before: &Period,
    (inputs, counts): (&str, &Counts),
    reason: &str,
) -> Result<(), Refused> {
    let after = Period { inputs: Some(inputs.to_owned()), ..before.clone() };
    let institution = organisation::institution(db, desk.institution)?.ok_or(Refused::NotFound)?;
    let unit = organisation::unit(db, desk.institution, before.unit)?.ok_or(Refused::NotFound)?;
    let index = |period: &Period| {
        let row = result::published_row(period, &unit, &institution, counts)?;
        Ok::<_, Refused>((row.value.as_ref().map(ToString::to_string).unwrap_or_default(), row))
    };
    let ((before_index, former), (after_index, mut row)) = (index(before)?, index(&after)?);
    // The published result keeps its name, whatever its unit is called by now.
    row.id = before.result.clone().unwrap_or(former.id);
    publishing::put(db, desk, before, &row)?;
    following::compare(db, desk, &after)?;
    let correction =
        Correction { day: desk.today(), before: before_index, after: after_index, reason: reason.to_owned() };
    store::add_correction(db, desk.institution, before.id, &correction)?;
    announce(db, desk, Event::Corrected, (before, &unit))?;
    Ok(desk.record(db, "survey.result-corrected", subject(before.id), json!({ "result": row.id, "reason": reason }))?)
}
