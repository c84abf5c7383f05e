//! Counts of answers.
//!
//! Whoever answers waits for one row alone, which is put at the end of a table. Each minute the answers that came are counted
//! together and put where they stay, in the order of their hashes; a result is then made of few rows however many people answered.
//! Until then whoever asks for counts is given theirs besides.

use crate::answer::{Answer, AnswerId, Channel, PROFILE, PROMISES};
use crate::count::{Count, Counts};
use crate::period::PeriodId;
use crate::store::answers::{self, Belonging};
use crate::store::unknown;
use platform::database::{DatabaseError, FromRow, Read, Row, Uuid, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use services::ServiceId;
use std::collections::BTreeMap;
use time::Date;

/// What is read of an answer, in its order.
macro_rules! columns {
    () => {
        "id, period_id, service_id, channel, answered_on, own, answers, sex, age, education, occupation, disability, \
         promise_time, promise_fee, promise_requirements"
    };
}

statements! {
    /// Takes answers as they came: so many at once, to let other writers in between.
    TAKE_INCOMING = concat!("DELETE FROM survey_incoming WHERE institution_id = $1 AND number IN
            (SELECT first.number FROM survey_incoming first WHERE first.institution_id = $1 ORDER BY first.number LIMIT $2)
        RETURNING ", columns!());
    INCOMING = concat!("SELECT ", columns!(), " FROM survey_incoming WHERE institution_id = $1 AND period_id = $2");
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
    ANSWERED = "SELECT CAST(COALESCE(SUM(answers), 0) AS BIGINT) FROM
            (SELECT answers FROM survey_count WHERE institution_id = $1 AND period_id = $2 AND part = 'total'
            UNION ALL SELECT 1 FROM survey_incoming WHERE institution_id = $1 AND period_id = $2) AS every_answer";
    /// Writes the counts of a period anew, so that all were written by one transaction.
    WRITE_ANEW = "UPDATE survey_count SET answers = answers WHERE institution_id = $1 AND period_id = $2";
}

type Stored<T> = Result<T, DatabaseError>;

/// So many answers are counted by one transaction: other writers wait that long.
pub(crate) const AT_ONCE: i64 = 2000;

/// What stands in place of a service that was not named: a part of a primary key cannot be empty.
const NO_SERVICE: Uuid = Uuid::nil();

/// Where counts belong: the period, the service, the channel.
type Place = (PeriodId, Uuid, &'static str);

/// An answer as it came.
struct Incoming {
    id: AnswerId,
    period: PeriodId,
    service: Option<ServiceId>,
    channel: Channel,
    day: Date,
    given: Answer,
}

/// Reads what was answered: choices, profile, promises.
pub(crate) fn read_given(row: &Row<'_>) -> Stored<Answer> {
    let answers = serde_json::from_str(&row.next::<String>()?).map_err(|_| unknown("answer of a survey"))?;
    let mut given = Answer { answers, ..Answer::default() };
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

impl FromRow for Incoming {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (id, period, service, channel) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        let channel = Channel::named(&channel).ok_or_else(|| unknown("channel of a survey"))?;
        let (day, own) = (row.next()?, row.next::<Option<String>>()?);
        let own = own.map(|own| serde_json::from_str(&own)).transpose().map_err(|_| unknown("answer of a survey"))?;
        let given = Answer { own: own.unwrap_or_default(), ..read_given(row)? };
        Ok(Self { id: AnswerId(id), period, service, channel, day, given })
    }
}

impl Incoming {
    fn belonging(&self, institution: InstitutionId) -> Belonging {
        let Self { period, service, channel, day, .. } = *self;
        Belonging { institution, period, service, channel, day }
    }
}

fn uuid(service: Option<ServiceId>) -> Uuid {
    service.map_or(NO_SERVICE, ServiceId::uuid)
}

/// Counts answers that came, at most so many, and puts them where they stay; says how many they were.
///
/// # Errors
/// When the database refuses.
pub fn count(db: &mut Write<'_>, institution: InstitutionId, most: i64) -> Stored<i64> {
    let mut came: Vec<Incoming> = db.all(TAKE_INCOMING, params![institution, most])?;
    came.sort_by(|one, other| one.id.cmp(&other.id));
    let mut new = Vec::with_capacity(came.len());
    for answer in &came {
        let belonging = answer.belonging(institution);
        if answers::put(db, &belonging, &answer.id, &answer.given)? {
            new.push((belonging, &answer.given));
        }
    }
    add(db, new.iter().map(|(belonging, given)| (belonging, *given)))?;
    Ok(i64::try_from(came.len()).unwrap_or(i64::MAX))
}

/// Counts all answers that came.
pub(crate) fn count_all(db: &mut Write<'_>, institution: InstitutionId) -> Stored<()> {
    while count(db, institution, AT_ONCE)? == AT_ONCE {}
    Ok(())
}

/// Counts these answers of one institution, each part with one statement for all of them.
pub(crate) fn add<'g>(
    db: &mut Write<'_>,
    answers: impl IntoIterator<Item = (&'g Belonging, &'g Answer)>,
) -> Stored<()> {
    let mut all: BTreeMap<(InstitutionId, Place), BTreeMap<(String, i64), i64>> = BTreeMap::new();
    for (belonging, given) in answers {
        let place = (belonging.period, uuid(belonging.service), belonging.channel.name());
        let parts = all.entry((belonging.institution, place)).or_default();
        for part in given.counted() {
            *parts.entry(part).or_insert(0) += 1;
        }
    }
    let add = db.engine().choose(ADD_COUNTS_IN_SQLITE, ADD_COUNTS_IN_POSTGRES);
    for ((institution, (period, service, channel)), parts) in all {
        let parts: Vec<(&str, i64, i64)> =
            parts.iter().map(|((part, value), answers)| (part.as_str(), *value, *answers)).collect();
        let parts = serde_json::to_string(&parts).map_err(|error| DatabaseError::Other(error.into()))?;
        db.execute(add, params![institution, period, service, channel, parts])?;
    }
    Ok(())
}

/// Counts an answer out of everything, or in again.
pub(crate) fn recount(
    db: &mut Write<'_>,
    (institution, period): (InstitutionId, PeriodId),
    (service, channel): (Option<ServiceId>, Channel),
    given: &Answer,
    within: bool,
) -> Stored<()> {
    let parts = serde_json::to_string(&given.counted()).map_err(|error| DatabaseError::Other(error.into()))?;
    let by = if within { 1_i64 } else { -1 };
    let values = params![institution, period, uuid(service), channel.name(), by, parts];
    db.execute(db.engine().choose(MOVE_COUNTS_IN_SQLITE, MOVE_COUNTS_IN_POSTGRES), values).map(drop)
}

impl FromRow for Count {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
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
pub(crate) fn counts(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Counts> {
    let mut all = db.all::<Count>(COUNTS, params![institution, period])?;
    for Incoming { service, channel, given, .. } in db.all(INCOMING, params![institution, period])? {
        let count = |(part, value)| Count { service, channel, part, value, answers: 1 };
        all.extend(given.counted().into_iter().map(count));
    }
    Ok(Counts::from(all))
}

/// How many answers a period has.
pub(crate) fn answered(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<i64> {
    Ok(db.one::<(i64,)>(ANSWERED, params![institution, period])?.map_or(0, |(count,)| count))
}

/// Writes the counts of a period anew by one transaction: PostgreSQL remembers which one wrote a row.
pub(crate) fn write_anew(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId) -> Stored<()> {
    db.execute(WRITE_ANEW, params![institution, period]).map(drop)
}
