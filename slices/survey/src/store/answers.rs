//! Answers, suggestions and counts.

use crate::answer::{Answer as Given, AnswerId, Channel};
use crate::count::{Count, Counts};
use crate::period::PeriodId;
use crate::store::unknown;
use platform::database::{DatabaseError, FromRow, Read, Row, Uuid, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use services::ServiceId;
use time::Date;

statements! {
    /// Keeps an answer, unless this very one was kept before.
    ADD_ANSWER = "INSERT INTO survey_answer (institution_id, period_id, id, service_id, channel, answered_on, answers, sex, age,
            education, occupation, disability, promise_time, promise_fee, promise_requirements, own, excluded)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (institution_id, period_id, id) DO NOTHING";
    ADD_SUGGESTION = "INSERT INTO survey_suggestion (institution_id, period_id, id, service_id, suggestion)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (institution_id, period_id, id) DO NOTHING";
    /// Counts all parts of an answer at once: $6 is a list of part and value as JSON.
    COUNT_ANSWER_IN_SQLITE = "INSERT INTO survey_count (institution_id, period_id, service_id, channel, slot, part, value, answers)
        SELECT $1, $2, $3, $4, $5, json_extract(counted.value, '$[0]'), json_extract(counted.value, '$[1]'), 1
        FROM json_each($6) AS counted WHERE TRUE
        ON CONFLICT (institution_id, period_id, service_id, channel, part, value, slot)
        DO UPDATE SET answers = survey_count.answers + 1";
    COUNT_ANSWER_IN_POSTGRES = "INSERT INTO survey_count (institution_id, period_id, service_id, channel, slot, part, value, answers)
        SELECT $1, $2, $3, $4, $5, counted.part ->> 0, CAST(counted.part ->> 1 AS BIGINT), 1
        FROM jsonb_array_elements(CAST(CAST($6 AS TEXT) AS JSONB)) AS counted (part)
        ON CONFLICT (institution_id, period_id, service_id, channel, part, value, slot)
        DO UPDATE SET answers = survey_count.answers + 1";
    HAS_ANSWER = "SELECT COUNT(*) FROM survey_answer WHERE institution_id = $1 AND period_id = $2 AND id = $3";
    COUNTS = "SELECT service_id, channel, part, value, CAST(SUM(answers) AS BIGINT) FROM survey_count
        WHERE institution_id = $1 AND period_id = $2 GROUP BY service_id, channel, part, value";
    ANSWERED = "SELECT period_id, CAST(SUM(answers) AS BIGINT) FROM survey_count WHERE institution_id = $1 AND part = 'total'
        GROUP BY period_id";
    ANSWERS = "SELECT service_id, channel, answers, promise_time, promise_fee, promise_requirements
        FROM survey_answer WHERE institution_id = $1 AND period_id = $2 AND excluded = $3 ORDER BY id";
    /// Takes the answers of a day up and puts them down in the order of their hashes, as rows of one transaction.
    MIX_IN_POSTGRES = "WITH moved AS (DELETE FROM survey_answer WHERE institution_id = $1 AND answered_on = $2 RETURNING *)
        INSERT INTO survey_answer SELECT * FROM moved ORDER BY id";
    SUGGESTIONS = "SELECT service_id, suggestion FROM survey_suggestion WHERE institution_id = $1 AND period_id = $2
        ORDER BY id LIMIT 5000";
}

type Answer<T> = Result<T, DatabaseError>;

/// Where an answer belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belonging {
    pub(crate) institution: InstitutionId,
    pub(crate) period: PeriodId,
    pub(crate) service: Option<ServiceId>,
    pub(crate) channel: Channel,
    pub(crate) day: Date,
}

/// What stands in place of a service that was not named: a part of a primary key cannot be empty.
pub(crate) const NO_SERVICE: Uuid = Uuid::nil();

/// Keeps an answer and counts it; says whether it was new.
pub(crate) fn add(db: &mut Write<'_>, belonging: &Belonging, id: &AnswerId, given: &Given) -> Answer<bool> {
    let Belonging { institution, period, service, channel, day } = *belonging;
    let told = |column: &str| given.profile.get(column).cloned();
    let promise = |name: &str| given.promises.get(name).copied();
    let row = params![
        institution,
        period,
        id.0.clone(),
        service,
        channel.name(),
        day,
        given.stored(),
        told("sex"),
        told("age"),
        told("education"),
        told("occupation"),
        told("disability"),
        promise("time"),
        promise("fee"),
        promise("requirements"),
        given.stored_own(),
        false,
    ];
    if db.execute(ADD_ANSWER, row)? == 0 {
        return Ok(false);
    }
    let engine = db.engine();
    // On PostgreSQL writers that count into the same rows hold one another up; sixteen rows for one spread them.
    let slot = engine.choose(0, id.0.first().copied().unwrap_or(0) % 16);
    let counted = serde_json::to_string(&given.counted()).unwrap_or_default();
    let count = engine.choose(COUNT_ANSWER_IN_SQLITE, COUNT_ANSWER_IN_POSTGRES);
    let service = service.map_or(NO_SERVICE, ServiceId::uuid);
    db.execute(count, params![institution, period, service, channel.name(), slot, counted])?;
    Ok(true)
}

/// Keeps a suggestion under an identifier of its own.
pub(crate) fn suggest(db: &mut Write<'_>, belonging: &Belonging, id: &AnswerId, suggestion: &str) -> Answer<()> {
    let Belonging { institution, period, service, .. } = *belonging;
    db.execute(ADD_SUGGESTION, params![institution, period, id.0.clone(), service, suggestion]).map(drop)
}

/// Whether this very answer was kept.
pub(crate) fn has(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId, id: &AnswerId) -> Answer<bool> {
    Ok(db.one::<(i64,)>(HAS_ANSWER, params![institution, period, id.0.clone()])?.is_some_and(|(count,)| count > 0))
}

impl FromRow for Count {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (service, channel) = (row.next::<Uuid>()?, row.next::<String>()?);
        Ok(Self {
            service: (service != NO_SERVICE).then(|| ServiceId::from(service)),
            channel: Channel::named(&channel).ok_or_else(|| unknown("channel of a survey"))?,
            part: row.next()?,
            value: row.next()?,
            answers: row.next()?,
        })
    }
}

/// The counts of a period.
pub(crate) fn counts(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Answer<Counts> {
    Ok(Counts::from(db.all::<Count>(COUNTS, params![institution, period])?))
}

/// How many answers each period has.
pub(crate) fn answered(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<(PeriodId, i64)>> {
    db.all(ANSWERED, params![institution])
}

/// One answer as it is exported: without its day, and without what somebody told of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exported {
    pub(crate) service: Option<ServiceId>,
    pub(crate) channel: Channel,
    pub(crate) answers: String,
    pub(crate) promises: [Option<bool>; 3],
}

impl FromRow for Exported {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (service, channel) = (row.next()?, row.next::<String>()?);
        Ok(Self {
            service,
            channel: Channel::named(&channel).ok_or_else(|| unknown("channel of a survey"))?,
            answers: row.next()?,
            promises: [row.next()?, row.next()?, row.next()?],
        })
    }
}

/// The answers that count in the index, in the order of their hashes, which is none.
pub(crate) fn answers(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Answer<Vec<Exported>> {
    let mut all = Vec::new();
    db.each(ANSWERS, params![institution, period, false], |row| {
        all.push(Exported::from_row(row)?);
        Ok::<_, DatabaseError>(())
    })?;
    Ok(all)
}

/// What people suggested, in no order.
pub(crate) fn suggestions(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: PeriodId,
) -> Answer<Vec<(Option<ServiceId>, String)>> {
    db.all(SUGGESTIONS, params![institution, period])
}

/// Takes from the answers of a day the order in which they came. For PostgreSQL alone: on SQLite they have none.
pub(crate) fn mix(db: &mut Write<'_>, institution: InstitutionId, day: Date) -> Answer<()> {
    db.execute(MIX_IN_POSTGRES, params![institution, day]).map(drop)
}
