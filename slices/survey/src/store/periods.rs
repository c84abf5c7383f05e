//! Periods, their quotas and the unit's own questions.

use super::unknown;
use crate::city_index::Round;
use crate::period::{GRACE_DAYS, Period, PeriodId, PeriodState, Plan, Rhythm};
use crate::reminders::AGAIN;
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::{InstitutionId, UnitId};
use platform::{params, statements};
use services::ServiceId;
use std::collections::HashMap;
use time::{Date, Duration, OffsetDateTime};

/// The columns of a period, in the order of its `FromRow`.
macro_rules! period {
    ($rest:literal) => {
        concat!(
            "SELECT id, unit_id, rhythm, starts_on, ends_on, population, instrument, state, version, closed_at, published_at,
                inputs, all_inputs, result, names FROM survey_period ",
            $rest
        )
    };
}

statements! {
    PERIOD = period!("WHERE institution_id = $1 AND id = $2");
    PERIODS = period!("WHERE institution_id = $1 ORDER BY starts_on DESC, id DESC LIMIT $2 OFFSET $3");
    COUNT_PERIODS = "SELECT COUNT(*) FROM survey_period WHERE institution_id = $1";
    PUBLISHED_PERIODS = period!(
        "WHERE institution_id = $1 AND state = 'published' ORDER BY starts_on DESC, id DESC LIMIT $2 OFFSET $3"
    );
    COUNT_PUBLISHED = "SELECT COUNT(*) FROM survey_period WHERE institution_id = $1 AND state = 'published'";
    /// Spans of days in which more than one unit published, under one instrument.
    ROUNDS = "SELECT rhythm, starts_on, ends_on, instrument, COUNT(*) FROM survey_period
        WHERE institution_id = $1 AND state = 'published' GROUP BY rhythm, starts_on, ends_on, instrument
        HAVING COUNT(*) > 1 ORDER BY starts_on DESC, ends_on DESC, instrument DESC";
    PERIODS_OF_ROUND = period!(
        "WHERE institution_id = $1 AND state = 'published' AND rhythm = $2 AND starts_on = $3 AND ends_on = $4
            AND instrument = $5 ORDER BY id"
    );
    PERIODS_OF_UNIT = period!("WHERE institution_id = $1 AND unit_id = $2 ORDER BY starts_on, id");
    ADD_PERIOD = "INSERT INTO survey_period (institution_id, id, unit_id, rhythm, starts_on, ends_on, population, instrument, state,
            version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', 1, $9)";
    CHANGE_PLAN = "UPDATE survey_period SET rhythm = $4, starts_on = $5, ends_on = $6, population = $7, instrument = $8,
            version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    OPEN_PERIOD = "UPDATE survey_period SET state = 'open', opened_at = $4, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    CLOSE_PERIOD = "UPDATE survey_period SET state = 'closed', closed_at = $4, inputs = $5, all_inputs = $5, names = $6, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    SET_INPUTS = "UPDATE survey_period SET inputs = $4, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3 AND state IN ('closed', 'published')";
    PUBLISH_PERIOD = "UPDATE survey_period SET state = 'published', published_at = $4, result = $5, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    /// Periods that took the last answer before $2 and are still open, of which nobody was told since $3.
    OVER_PERIODS = period!("WHERE institution_id = $1 AND state = 'open' AND ends_on < $2
        AND (reminded_on IS NULL OR reminded_on <= $3) ORDER BY ends_on, id LIMIT $4");
    REMIND_PERIOD = "UPDATE survey_period SET reminded_on = $3 WHERE institution_id = $1 AND id = $2";
    DROP_QUOTAS = "DELETE FROM survey_quota WHERE institution_id = $1 AND period_id = $2";
    ADD_QUOTA = "INSERT INTO survey_quota (institution_id, period_id, service_id, wanted) VALUES ($1, $2, $3, $4)";
    QUOTAS = "SELECT service_id, wanted FROM survey_quota WHERE institution_id = $1 AND period_id = $2";
    DROP_QUESTIONS = "DELETE FROM survey_question WHERE institution_id = $1 AND period_id = $2";
    ADD_QUESTION = "INSERT INTO survey_question (institution_id, period_id, number, question) VALUES ($1, $2, $3, $4)";
    QUESTIONS = "SELECT question FROM survey_question WHERE institution_id = $1 AND period_id = $2 ORDER BY number";
    SERVICES_OF_UNIT = "SELECT id, name FROM service WHERE institution_id = $1 AND unit_id = $2 AND state = 'published'
        ORDER BY plain_name, id";
    SERVICE_NAME = "SELECT name FROM service WHERE institution_id = $1 AND id = $2";
}

type Stored<T> = Result<T, DatabaseError>;

impl FromRow for Period {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (id, unit, rhythm) = (row.next()?, row.next()?, row.next::<String>()?);
        let plan = Plan {
            rhythm: Rhythm::named(&rhythm).ok_or_else(|| unknown("rhythm of a period"))?,
            starts_on: row.next()?,
            ends_on: row.next()?,
            population: row.next()?,
        };
        let (instrument, state) = (row.next()?, row.next::<String>()?);
        Ok(Self {
            id,
            unit,
            plan,
            instrument,
            state: PeriodState::named(&state).ok_or_else(|| unknown("state of a period"))?,
            version: row.next()?,
            closed_at: row.next()?,
            published_at: row.next()?,
            inputs: row.next()?,
            all_inputs: row.next()?,
            result: row.next()?,
            names: row.next::<Option<String>>()?.and_then(|names| serde_json::from_str(&names).ok()),
        })
    }
}

impl FromRow for Round {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let rhythm = Rhythm::named(&row.next::<String>()?).ok_or_else(|| unknown("rhythm of a period"))?;
        let plan = Plan { rhythm, starts_on: row.next()?, ends_on: row.next()?, population: None };
        Ok(Self { plan, instrument: row.next()?, units: row.next()? })
    }
}

/// A period.
pub(crate) fn period(db: &mut Read<'_>, institution: InstitutionId, id: PeriodId) -> Stored<Option<Period>> {
    db.one(PERIOD, params![institution, id])
}

/// Some of many: how many are passed over, and how many are wanted at most.
pub(crate) type Span = (i64, i64);

fn counted(found: Option<(i64,)>) -> u64 {
    found.and_then(|(count,)| u64::try_from(count).ok()).unwrap_or(0)
}

/// Some periods of all, the newest first, and how many there are.
pub(crate) fn periods(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (after, most): Span,
) -> Stored<(Vec<Period>, u64)> {
    let all = counted(db.one(COUNT_PERIODS, params![institution])?);
    Ok((db.all(PERIODS, params![institution, most, after])?, all))
}

/// Some of the published periods, the newest first, and how many there are.
pub(crate) fn published(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (after, most): Span,
) -> Stored<(Vec<Period>, u64)> {
    let all = counted(db.one(COUNT_PUBLISHED, params![institution])?);
    Ok((db.all(PUBLISHED_PERIODS, params![institution, most, after])?, all))
}

/// The periods of the same days, rhythm and instrument in which more than one unit published: the newest first.
pub(crate) fn rounds(db: &mut Read<'_>, institution: InstitutionId) -> Stored<Vec<Round>> {
    db.all(ROUNDS, params![institution])
}

/// What units published in a round.
pub(crate) fn of_round(db: &mut Read<'_>, institution: InstitutionId, round: &Round) -> Stored<Vec<Period>> {
    let Plan { rhythm, starts_on, ends_on, .. } = &round.plan;
    let sort = params![institution, rhythm.name(), *starts_on, *ends_on, round.instrument.as_str()];
    db.all(PERIODS_OF_ROUND, sort)
}

/// The same of one unit.
pub(crate) fn published_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    unit: UnitId,
    (after, most): Span,
) -> Stored<(Vec<Period>, u64)> {
    let mut all = of_unit(db, institution, unit)?;
    all.retain(|period| period.state == PeriodState::Published);
    all.reverse();
    let (count, place) = (all.len() as u64, |number: i64| usize::try_from(number).unwrap_or(0));
    Ok((all.into_iter().skip(place(after)).take(place(most)).collect(), count))
}

/// Some of the periods of some units, the newest first, and how many there are.
pub(crate) fn of_units(
    db: &mut Read<'_>,
    institution: InstitutionId,
    units: &[UnitId],
    (after, most): Span,
) -> Stored<(Vec<Period>, u64)> {
    let mut all = Vec::new();
    for unit in units {
        all.extend(of_unit(db, institution, *unit)?);
    }
    all.sort_by_key(|period| std::cmp::Reverse((period.plan.starts_on, period.id)));
    let (count, place) = (all.len() as u64, |number: i64| usize::try_from(number).unwrap_or(0));
    Ok((all.into_iter().skip(place(after)).take(place(most)).collect(), count))
}

/// All periods of a unit, the oldest first.
pub(crate) fn of_unit(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Stored<Vec<Period>> {
    db.all(PERIODS_OF_UNIT, params![institution, unit])
}

/// Some of the periods that take no more answers and are still open, of which nobody was told for a while.
pub(crate) fn over(db: &mut Read<'_>, institution: InstitutionId, today: Date, most: i64) -> Stored<Vec<Period>> {
    let ended = today.saturating_sub(Duration::days(GRACE_DAYS));
    db.all(OVER_PERIODS, params![institution, ended, today.saturating_sub(AGAIN), most])
}

/// Notes that somebody was told today that a period is over.
pub(crate) fn remind(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId, today: Date) -> Stored<()> {
    db.execute(REMIND_PERIOD, params![institution, period, today]).map(drop)
}

/// Adds a period that is planned.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, period: &Period, now: OffsetDateTime) -> Stored<()> {
    let Plan { rhythm, starts_on, ends_on, population } = &period.plan;
    let (id, unit, instrument) = (period.id, period.unit, &period.instrument);
    let row = params![institution, id, unit, rhythm.name(), *starts_on, *ends_on, *population, instrument, now];
    db.execute(ADD_PERIOD, row).map(drop)
}

/// Changes a plan that still has its version; says whether it had.
pub(crate) fn change(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: &Period,
    plan: &Plan,
    instrument: &str,
) -> Stored<bool> {
    let (id, version) = (period.id, period.version);
    let Plan { rhythm, starts_on, ends_on, population } = plan;
    let row = params![institution, id, version, rhythm.name(), *starts_on, *ends_on, *population, instrument];
    Ok(db.execute(CHANGE_PLAN, row)? == 1)
}

/// Opens a period that still has its version; says whether it had.
pub(crate) fn open(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: &Period,
    now: OffsetDateTime,
) -> Stored<bool> {
    Ok(db.execute(OPEN_PERIOD, params![institution, period.id, period.version, now])? == 1)
}

/// Closes a period that still has its version, with the inputs of its result and the names it stands under; says whether it had.
pub(crate) fn close(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: &Period,
    (inputs, names): (&str, &str),
    now: OffsetDateTime,
) -> Stored<bool> {
    Ok(db.execute(CLOSE_PERIOD, params![institution, period.id, period.version, now, inputs, names])? == 1)
}

/// Fixes the inputs of the result anew, after a decision on answers; says whether the period still had its version.
pub(crate) fn set_inputs(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: &Period,
    inputs: &str,
) -> Stored<bool> {
    Ok(db.execute(SET_INPUTS, params![institution, period.id, period.version, inputs])? == 1)
}

/// Marks a period that still has its version as published under a name; says whether it had.
pub(crate) fn publish(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: &Period,
    result: &str,
    now: OffsetDateTime,
) -> Stored<bool> {
    Ok(db.execute(PUBLISH_PERIOD, params![institution, period.id, period.version, now, result])? == 1)
}

/// Puts quotas in place of those there were.
pub(crate) fn set_quotas(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    quotas: &[(ServiceId, i64)],
) -> Stored<()> {
    db.execute(DROP_QUOTAS, params![institution, period])?;
    for (service, wanted) in quotas {
        db.execute(ADD_QUOTA, params![institution, period, *service, *wanted])?;
    }
    Ok(())
}

/// How many answers are wanted of each service.
pub(crate) fn quotas(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<(ServiceId, i64)>> {
    db.all(QUOTAS, params![institution, period])
}

/// Puts the unit's own questions in place of those there were.
pub(crate) fn set_questions(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    questions: &[String],
) -> Stored<()> {
    db.execute(DROP_QUESTIONS, params![institution, period])?;
    for (number, question) in (1_i64..).zip(questions) {
        db.execute(ADD_QUESTION, params![institution, period, number, question])?;
    }
    Ok(())
}

/// The unit's own questions, in their order.
pub(crate) fn questions(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<String>> {
    let rows: Vec<(String,)> = db.all(QUESTIONS, params![institution, period])?;
    Ok(rows.into_iter().map(|(question,)| question).collect())
}

/// The published services of a unit, by name.
pub(crate) fn services_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    unit: UnitId,
) -> Stored<Vec<(ServiceId, String)>> {
    db.all(SERVICES_OF_UNIT, params![institution, unit])
}

/// What services are called, whichever unit they belong to by now, withdrawn ones too: older answers name them.
pub(crate) fn names_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    services: &[ServiceId],
) -> Stored<HashMap<ServiceId, String>> {
    let mut names = HashMap::new();
    for service in services {
        if let Some((name,)) = db.one(SERVICE_NAME, params![institution, *service])? {
            names.insert(*service, name);
        }
    }
    Ok(names)
}
