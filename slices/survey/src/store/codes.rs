//! Codes: made in batches, removed when they are used.

use super::unknown;
use crate::answer::Channel;
use crate::period::{GRACE_DAYS, PeriodId};
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::{InstitutionId, UnitId};
use platform::{params, statements};
use services::ServiceId;
use time::{Date, Duration};

platform::id! {
    /// Codes that were made together.
    pub struct BatchId;
}

statements! {
    ADD_BATCH = "INSERT INTO survey_batch (institution_id, id, period_id, service_id, place, channel, issued, issued_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ADD_CODE = "INSERT INTO survey_token (institution_id, hash, period_id, batch_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (institution_id, hash) DO NOTHING";
    BATCHES = "SELECT batch.id, batch.service_id, batch.place, batch.channel, batch.issued, batch.issued_on,
            (SELECT COUNT(*) FROM survey_token token WHERE token.institution_id = $1 AND token.batch_id = batch.id)
        FROM survey_batch batch WHERE batch.institution_id = $1 AND batch.period_id = $2
        ORDER BY batch.issued_on DESC, batch.id DESC";
    /// All that the page of a code shows, by one question.
    OPEN_SURVEY = "SELECT period.id, period.unit_id, period.instrument, period.rhythm, period.starts_on, period.ends_on, unit.name,
            (SELECT service.name FROM service WHERE service.institution_id = $1 AND service.id = batch.service_id),
            (SELECT COUNT(*) FROM survey_question own WHERE own.institution_id = $1 AND own.period_id = period.id)
        FROM survey_token token
        JOIN survey_period period ON period.institution_id = $1 AND period.id = token.period_id AND period.state = 'open'
            AND period.starts_on <= $3 AND period.ends_on >= $3
        JOIN survey_batch batch ON batch.institution_id = $1 AND batch.id = token.batch_id
        JOIN unit ON unit.institution_id = $1 AND unit.id = period.unit_id
        WHERE token.institution_id = $1 AND token.hash = $2";
    /// Uses a code: its row is gone, and what it stood for is told once.
    TAKE_CODE = "DELETE FROM survey_token WHERE institution_id = $1 AND hash = $2 AND period_id IN
            (SELECT period.id FROM survey_period period WHERE period.institution_id = $1 AND period.state = 'open'
                AND period.starts_on <= $3 AND period.ends_on >= $4)
        RETURNING period_id,
            (SELECT batch.service_id FROM survey_batch batch WHERE batch.institution_id = $1 AND batch.id = survey_token.batch_id),
            (SELECT batch.channel FROM survey_batch batch WHERE batch.institution_id = $1 AND batch.id = survey_token.batch_id),
            (SELECT period.instrument FROM survey_period period
                WHERE period.institution_id = $1 AND period.id = survey_token.period_id),
            (SELECT COUNT(*) FROM survey_question own
                WHERE own.institution_id = $1 AND own.period_id = survey_token.period_id)";
    DROP_CODES = "DELETE FROM survey_token WHERE institution_id = $1 AND batch_id IN
        (SELECT batch.id FROM survey_batch batch WHERE batch.institution_id = $1 AND batch.period_id = $2)";
    PROGRESS = "SELECT CAST(COALESCE(SUM(batch.issued), 0) AS BIGINT),
            CAST(COALESCE(SUM((SELECT COUNT(*) FROM survey_token token
                WHERE token.institution_id = $1 AND token.batch_id = batch.id)), 0) AS BIGINT)
        FROM survey_batch batch WHERE batch.institution_id = $1 AND batch.period_id = $2";
}

type Stored<T> = Result<T, DatabaseError>;

/// Codes that were made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its identifier.
    pub id: BatchId,
    /// The service they were made for, where one was named.
    pub service: Option<ServiceId>,
    /// "Loket 3"; may be empty.
    pub place: String,
    /// Where they are to be used.
    pub channel: Channel,
    /// How many were made.
    pub issued: i64,
    /// The day.
    pub issued_on: Date,
    /// How many were not used yet.
    pub unused: i64,
}

impl FromRow for Batch {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        Ok(Self {
            id: row.next()?,
            service: row.next()?,
            place: row.next()?,
            channel: channel(&row.next::<String>()?)?,
            issued: row.next()?,
            issued_on: row.next()?,
            unused: row.next()?,
        })
    }
}

fn channel(name: &str) -> Stored<Channel> {
    Channel::named(name).ok_or_else(|| unknown("channel of a survey"))
}

/// What the page of a code shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSurvey {
    /// The period.
    pub period: PeriodId,
    /// The unit that is judged.
    pub unit: UnitId,
    /// The instrument of the period.
    pub instrument: String,
    /// The period's plan, as far as its name needs it.
    pub plan: crate::period::Plan,
    /// The name of the unit.
    pub unit_name: String,
    /// The name of the service, where the code is for one.
    pub service_name: Option<String>,
    /// How many questions of its own the unit asks.
    pub own_questions: usize,
}

impl FromRow for OpenSurvey {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (period, unit, instrument) = (row.next()?, row.next()?, row.next()?);
        let rhythm = crate::period::Rhythm::named(&row.next::<String>()?);
        let plan = crate::period::Plan {
            rhythm: rhythm.ok_or_else(|| unknown("rhythm of a period"))?,
            starts_on: row.next()?,
            ends_on: row.next()?,
            population: None,
        };
        let (unit_name, service_name, own) = (row.next()?, row.next()?, row.next::<i64>()?);
        let own_questions = usize::try_from(own).unwrap_or(0);
        Ok(Self { period, unit, instrument, plan, unit_name, service_name, own_questions })
    }
}

/// What a used code stood for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) period: PeriodId,
    pub(crate) service: Option<ServiceId>,
    pub(crate) channel: Channel,
    pub(crate) instrument: String,
    pub(crate) own_questions: usize,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (period, service, name, instrument) = (row.next()?, row.next()?, row.next::<String>()?, row.next()?);
        let own_questions = usize::try_from(row.next::<i64>()?).unwrap_or(0);
        Ok(Self { period, service, channel: channel(&name)?, instrument, own_questions })
    }
}

/// Keeps a batch.
pub(crate) fn add_batch(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId, batch: &Batch) -> Stored<()> {
    let Batch { id, service, place, channel, issued, issued_on, .. } = batch;
    let row = params![institution, *id, period, *service, place, channel.name(), *issued, *issued_on];
    db.execute(ADD_BATCH, row).map(drop)
}

/// Keeps a code by its hash; says whether it was new.
pub(crate) fn add_code(
    db: &mut Write<'_>,
    institution: InstitutionId,
    (period, batch): (PeriodId, BatchId),
    hash: Vec<u8>,
) -> Stored<bool> {
    Ok(db.execute(ADD_CODE, params![institution, hash, period, batch])? == 1)
}

/// The batches of a period, the newest first.
pub(crate) fn batches(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<Batch>> {
    db.all(BATCHES, params![institution, period])
}

/// How many codes were made for a period, and how many of them were not used yet.
pub(crate) fn progress(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<(i64, i64)> {
    Ok(db.one(PROGRESS, params![institution, period])?.unwrap_or_default())
}

/// What the page of an unused code shows on a day of its period.
pub(crate) fn open_survey(
    db: &mut Read<'_>,
    institution: InstitutionId,
    hash: Vec<u8>,
    day: Date,
) -> Stored<Option<OpenSurvey>> {
    db.one(OPEN_SURVEY, params![institution, hash, day])
}

/// Uses a code; nothing when it was used before, its period is not open, or answers of this day do not count in it. What a telephone
/// kept without a signal (`late`) may come [`GRACE_DAYS`] after the last day.
pub(crate) fn take(
    db: &mut Write<'_>,
    institution: InstitutionId,
    hash: Vec<u8>,
    (day, late): (Date, bool),
) -> Stored<Option<Taken>> {
    let ends = if late { day.saturating_sub(Duration::days(GRACE_DAYS)) } else { day };
    db.one(TAKE_CODE, params![institution, hash, day, ends])
}

/// Removes the codes of a period that nobody used.
pub(crate) fn drop_codes(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId) -> Stored<u64> {
    db.execute(DROP_CODES, params![institution, period])
}
