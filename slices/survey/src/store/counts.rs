//! Counts of answers.
//!
//! Whoever answers waits for one row alone. Each minute the answers that came are counted together, so that a result is made of few
//! rows however many people answered; until then whoever asks for counts is given theirs besides.

use crate::answer::{Answer as Given, Channel, PROFILE, PROMISES};
use crate::count::{Count, Counts};
use crate::period::PeriodId;
use crate::store::unknown;
use platform::database::{DatabaseError, FromRow, Read, Row, Uuid, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use services::ServiceId;
use std::collections::BTreeMap;

/// What is counted of an answer, in the order it is read.
macro_rules! columns {
    () => {
        "period_id, service_id, channel, answers, sex, age, education, occupation, disability, promise_time, promise_fee, \
         promise_requirements"
    };
}

statements! {
    /// Takes answers that were not counted: so many at once, to let other writers in between.
    TAKE_UNCOUNTED = concat!("UPDATE survey_answer SET stage = 1 WHERE institution_id = $1 AND (period_id, id) IN
            (SELECT waiting.period_id, waiting.id FROM survey_answer waiting
                WHERE waiting.institution_id = $1 AND waiting.stage = 0 LIMIT $2)
        RETURNING ", columns!(), ", excluded");
    UNCOUNTED = concat!("SELECT ", columns!(), " FROM survey_answer
        WHERE institution_id = $1 AND period_id = $2 AND stage = 0 AND excluded = $3");
    /// Adds counts: $5 is a list of part, value and how many as JSON.
    ADD_COUNTS_IN_SQLITE = "INSERT INTO survey_count (institution_id, period_id, service_id, channel, part, value, answers)
        SELECT $1, $2, $3, $4, json_extract(counted.value, '$[0]'), json_extract(counted.value, '$[1]'),
            json_extract(counted.value, '$[2]')
        FROM json_each($5) AS counted WHERE TRUE
        ON CONFLICT (institution_id, period_id, service_id, channel, part, value)
        DO UPDATE SET answers = survey_count.answers + excluded.answers";
    ADD_COUNTS_IN_POSTGRES = "INSERT INTO survey_count (institution_id, period_id, service_id, channel, part, value, answers)
        SELECT $1, $2, $3, $4, counted.part ->> 0, CAST(counted.part ->> 1 AS BIGINT), CAST(counted.part ->> 2 AS BIGINT)
        FROM jsonb_array_elements(CAST(CAST($5 AS TEXT) AS JSONB)) AS counted (part)
        ON CONFLICT (institution_id, period_id, service_id, channel, part, value)
        DO UPDATE SET answers = survey_count.answers + excluded.answers";
    /// Counts an answer out (-1) or in again (1): $6 is a list of part and value as JSON.
    MOVE_COUNTS_IN_SQLITE = "UPDATE survey_count SET answers = answers + $5
        WHERE institution_id = $1 AND period_id = $2 AND service_id = $3 AND channel = $4 AND (part, value) IN
            (SELECT json_extract(counted.value, '$[0]'), json_extract(counted.value, '$[1]') FROM json_each($6) AS counted)";
    MOVE_COUNTS_IN_POSTGRES = "UPDATE survey_count SET answers = answers + $5
        WHERE institution_id = $1 AND period_id = $2 AND service_id = $3 AND channel = $4 AND (part, value) IN
            (SELECT counted.part ->> 0, CAST(counted.part ->> 1 AS BIGINT)
                FROM jsonb_array_elements(CAST(CAST($6 AS TEXT) AS JSONB)) AS counted (part))";
    COUNTS = "SELECT service_id, channel, part, value, answers FROM survey_count WHERE institution_id = $1 AND period_id = $2";
    ANSWERED = "SELECT period_id, CAST(SUM(answers) AS BIGINT) FROM
            (SELECT period_id, answers FROM survey_count WHERE institution_id = $1 AND part = 'total'
            UNION ALL SELECT period_id, 1 FROM survey_answer WHERE institution_id = $1 AND stage = 0) AS every_answer
        GROUP BY period_id";
    /// Writes the counts of a period anew, so that all were written by one transaction.
    WRITE_ANEW = "UPDATE survey_count SET answers = answers WHERE institution_id = $1 AND period_id = $2";
}

type Answer<T> = Result<T, DatabaseError>;

/// What stands in place of a service that was not named: a part of a primary key cannot be empty.
const NO_SERVICE: Uuid = Uuid::nil();

/// Where counts belong: the period, the service, the channel.
type Place = (PeriodId, Uuid, &'static str);

/// An answer as it is counted.
struct Waiting {
    place: Place,
    given: Given,
}

/// Reads what was answered: choices, profile, promises.
pub(crate) fn read_given(row: &Row<'_>) -> Answer<Given> {
    let answers = serde_json::from_str(&row.next::<String>()?).map_err(|_| unknown("answer of a survey"))?;
    let mut given = Given { answers, ..Given::default() };
    for (column, _) in PROFILE {
        if let Some(told) = row.next::<Option<String>>()? {
            given.profile.insert(column, told);
        }
    }
    for promise in PROMISES {
        if let Some(kept) = row.next::<Option<bool>>()? {
            given.promises.insert(promise, kept);
        }
    }
    Ok(given)
}

impl Waiting {
    fn read(row: &Row<'_>) -> Answer<Self> {
        let (period, service, channel) = (row.next()?, row.next::<Option<ServiceId>>()?, row.next::<String>()?);
        let channel = Channel::named(&channel).ok_or_else(|| unknown("channel of a survey"))?;
        Ok(Self { place: (period, uuid(service), channel.name()), given: read_given(row)? })
    }
}

impl FromRow for Waiting {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        Self::read(row)
    }
}

/// An answer that is counted now, unless it was left out before that.
struct Taken {
    waiting: Waiting,
    excluded: bool,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        Ok(Self { waiting: Waiting::read(row)?, excluded: row.next()? })
    }
}

fn uuid(service: Option<ServiceId>) -> Uuid {
    service.map_or(NO_SERVICE, ServiceId::uuid)
}

/// Counts answers that came, at most so many; says how many they were.
pub(crate) fn count(db: &mut Write<'_>, institution: InstitutionId, most: i64) -> Answer<i64> {
    let taken: Vec<Taken> = db.all(TAKE_UNCOUNTED, params![institution, most])?;
    let mut all: BTreeMap<Place, BTreeMap<(String, i64), i64>> = BTreeMap::new();
    for answer in taken.iter().filter(|answer| !answer.excluded) {
        let parts = all.entry(answer.waiting.place).or_default();
        for part in answer.waiting.given.counted() {
            *parts.entry(part).or_insert(0) += 1;
        }
    }
    let add = db.engine().choose(ADD_COUNTS_IN_SQLITE, ADD_COUNTS_IN_POSTGRES);
    for ((period, service, channel), parts) in all {
        let parts: Vec<(&str, i64, i64)> =
            parts.iter().map(|((part, value), answers)| (part.as_str(), *value, *answers)).collect();
        let parts = serde_json::to_string(&parts).map_err(|error| DatabaseError::Other(error.into()))?;
        db.execute(add, params![institution, period, service, channel, parts])?;
    }
    Ok(i64::try_from(taken.len()).unwrap_or(i64::MAX))
}

/// Counts an answer that was counted before out of everything, or in again.
pub(crate) fn recount(
    db: &mut Write<'_>,
    (institution, period): (InstitutionId, PeriodId),
    (service, channel): (Option<ServiceId>, Channel),
    given: &Given,
    within: bool,
) -> Answer<()> {
    let parts = serde_json::to_string(&given.counted()).map_err(|error| DatabaseError::Other(error.into()))?;
    let by = if within { 1_i64 } else { -1 };
    let values = params![institution, period, uuid(service), channel.name(), by, parts];
    db.execute(db.engine().choose(MOVE_COUNTS_IN_SQLITE, MOVE_COUNTS_IN_POSTGRES), values).map(drop)
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

/// The counts of a period, of every answer that came so far.
pub(crate) fn counts(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Answer<Counts> {
    let mut all = db.all::<Count>(COUNTS, params![institution, period])?;
    for Waiting { place: (_, service, channel), given } in db.all(UNCOUNTED, params![institution, period, false])? {
        let service = (service != NO_SERVICE).then(|| ServiceId::from(service));
        let channel = Channel::named(channel).ok_or_else(|| unknown("channel of a survey"))?;
        all.extend(given.counted().into_iter().map(|(part, value)| Count {
            service,
            channel,
            part,
            value,
            answers: 1,
        }));
    }
    Ok(Counts::from(all))
}

/// How many answers each period has.
pub(crate) fn answered(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<(PeriodId, i64)>> {
    db.all(ANSWERED, params![institution])
}

/// Writes the counts of a period anew by one transaction: PostgreSQL remembers which one wrote a row.
pub(crate) fn write_anew(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId) -> Answer<()> {
    db.execute(WRITE_ANEW, params![institution, period]).map(drop)
}
