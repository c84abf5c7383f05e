//! How each element goes together with the others: made from the answers of a closed period by a job, since counts do not tell it and
//! reading answers would hold up whoever closes.

use crate::period::{Period, PeriodId, PeriodState, survey};
use crate::store;
use calculation::instruments;
use platform::app::App;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::InstitutionId;
use platform::jobs::{self, Job, JobError, NewJob};
use rules::quantity::{Decimal, Ratio, parse_decimal};
use rules::statistics::{FEWEST_FOR_PRIORITIES, reliability};
use rules::tally::Tally;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The kind of the job.
pub(crate) const IMPORTANCE: &str = "survey.importance";
/// Correlations are kept with so many decimals.
const PLACES: usize = 6;

#[derive(Deserialize)]
struct Payload {
    period: PeriodId,
}

/// Asks for it, in the transaction that fixed or changed the inputs of a result. Without a key: one that runs already may have read the
/// answers before they were changed.
pub(crate) fn ask(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let payload = json!({ "period": period });
    let job = NewJob { kind: IMPORTANCE, institution: Some(institution), payload, run_at: now, key: None };
    jobs::enqueue(db, &job).map(drop)
}

/// Does the job.
pub(crate) async fn make(app: App, job: Job) -> Result<(), JobError> {
    let Payload { period } = job.payload()?;
    let Some(institution) = job.institution else { return Ok(()) };
    let made = app.database().read(move |db| correlations(db, institution, period)).await?;
    let Some((inputs, correlations)) = made else { return Ok(()) };
    let kept = move |db: &mut Write<'_>| store::importance::keep(db, institution, period, (&inputs, &correlations));
    Ok(app.database().write(kept).await?)
}

/// The same in a transaction at hand, for the demonstration.
pub(crate) fn make_now(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId) -> Result<(), DatabaseError> {
    match correlations(db, institution, period)? {
        Some((inputs, made)) => store::importance::keep(db, institution, period, (&inputs, &made)),
        None => Ok(()),
    }
}

/// The inputs of a period's result with the correlation of each element as JSON; nothing for one that is not closed, or that too few
/// people answered.
fn correlations(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: PeriodId,
) -> Result<Option<(String, String)>, DatabaseError> {
    let Some(period) = store::periods::period(db, institution, id)? else { return Ok(None) };
    let instrument = instruments::find(&period.instrument).ok();
    let (Some(inputs), Some(survey)) = (period.inputs, instrument.as_ref().and_then(survey)) else { return Ok(None) };
    let keys: Vec<&str> = survey.elements.iter().map(|element| element.key.as_str()).collect();
    let answers = store::answers::answers(db, institution, id)?;
    let rows: Vec<Vec<u8>> = answers.iter().filter_map(|answer| choices(&answer.answers, &keys)).collect();
    if (rows.len() as u64) < FEWEST_FOR_PRIORITIES {
        return Ok(None);
    }
    let tally = Tally::of(&rows, survey.answers.lowest, survey.answers.highest);
    let measured = reliability(&tally, survey.answers.lowest);
    let items = measured.map(|measured| measured.items).unwrap_or_default();
    let text = |value: &Ratio| Decimal::half_up(value, PLACES).to_string();
    let made: Map<String, Value> = keys
        .iter()
        .zip(items)
        .map(|(key, item)| ((*key).to_owned(), item.correlation.as_ref().map(text).into()))
        .collect();
    Ok(Some((inputs, Value::Object(made).to_string())))
}

/// The choices of a stored answer, in the order of the elements; nothing where one is missing.
fn choices(stored: &str, keys: &[&str]) -> Option<Vec<u8>> {
    let stored: BTreeMap<String, u8> = serde_json::from_str(stored).ok()?;
    keys.iter().map(|key| stored.get(*key).copied()).collect()
}

/// The correlation of each element of a period with the others, by its key; nothing before it was made, or when the result changed since.
pub(crate) fn of_period(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: &Period,
) -> Result<BTreeMap<String, Option<Ratio>>, DatabaseError> {
    if !matches!(period.state, PeriodState::Closed | PeriodState::Published) {
        return Ok(BTreeMap::new());
    }
    let kept = store::importance::importance(db, institution, period.id)?;
    let Some((_, made)) = kept.filter(|(inputs, _)| Some(inputs) == period.inputs.as_ref()) else {
        return Ok(BTreeMap::new());
    };
    let made: BTreeMap<String, Option<String>> = serde_json::from_str(&made).unwrap_or_default();
    let read = |text: Option<String>| text.and_then(|text| parse_decimal(&text).ok());
    Ok(made.into_iter().map(|(key, text)| (key, read(text))).collect())
}
