//! A result is published: everybody sees it, and anybody can compute it again.

use super::periods::{load, subject};
use super::{Desk, Refused};
use crate::period::PeriodId;
use crate::result;
use crate::store::{counts, periods as store};
use calculation::published::PublishedResult;
use platform::audit::Subject;
use platform::database::Write;
use serde_json::json;
use time::OffsetDateTime;

/// Publishes the result of a closed period, among the published results of the nation.
///
/// # Errors
/// When it is not closed, fewer than five people answered, or somebody changed it meanwhile.
pub fn publish(db: &mut Write<'_>, desk: &Desk, (id, version): (PeriodId, i64)) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    period.state.publish()?;
    let institution = organisation::institution(db, desk.institution)?.ok_or(Refused::NotFound)?;
    let unit = organisation::unit(db, desk.institution, period.unit)?.ok_or(Refused::NotFound)?;
    let counts = counts::counts(db, desk.institution, id)?;
    let row = result::published_row(&period, &unit, &institution, &counts)?;
    let name = row.id.clone();
    put(db, &row, desk.now)?;
    if !store::publish(db, desk.institution, &period, &name, desk.now)? {
        return Err(Refused::Stale);
    }
    desk.record(db, "survey.result-published", Subject::new("published-result", &name), json!({}))?;
    Ok(desk.record(db, "survey.period-published", subject(id), json!({ "result": name }))?)
}

/// Puts a result among the published ones, in place of the one of its name.
pub(super) fn put(db: &mut Write<'_>, row: &PublishedResult, now: OffsetDateTime) -> Result<(), Refused> {
    publication::publish(db, row, now).map(drop).map_err(|error| match error {
        publication::LoadError::Table(problem) => Refused::Problem(problem),
        publication::LoadError::Database(error) => Refused::Database(error),
    })
}
