//! Answers and suggestions.

use crate::answer::{Answer, AnswerId, Channel};
use crate::period::PeriodId;
use crate::store::{counts, unknown};
use platform::database::{DatabaseError, FromRow, Read, Row, Value, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use services::ServiceId;
use time::Date;

statements! {
    /// Keeps an answer as it came.
    ADD_INCOMING = "INSERT INTO survey_incoming (institution_id, period_id, id, service_id, channel, answered_on, answers, sex, age,
            education, occupation, disability, promise_time, promise_fee, promise_requirements, own)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    /// Keeps an answer where it stays, unless this very one was kept before.
    ADD_ANSWER = "INSERT INTO survey_answer (institution_id, period_id, id, service_id, channel, answered_on, answers, sex, age,
            education, occupation, disability, promise_time, promise_fee, promise_requirements, own, excluded, mixed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
        ON CONFLICT (institution_id, period_id, id) DO NOTHING";
    ADD_SUGGESTION = "INSERT INTO survey_suggestion (institution_id, period_id, id, service_id, suggestion, question)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (institution_id, period_id, id) DO NOTHING";
    HAS_ANSWER = "SELECT COUNT(*) FROM survey_answer WHERE institution_id = $1 AND period_id = $2 AND id = $3";
    ANSWERS = "SELECT service_id, channel, answers, promise_time, promise_fee, promise_requirements
        FROM survey_answer WHERE institution_id = $1 AND period_id = $2 AND excluded = $3 ORDER BY id";
    /// Takes the counted answers of earlier days up and puts them down in the order of their hashes, as rows of one transaction.
    MIX_IN_POSTGRES = "WITH moved AS (DELETE FROM survey_answer WHERE institution_id = $1 AND answered_on < $2 AND mixed = $3
            RETURNING *)
        INSERT INTO survey_answer (institution_id, period_id, id, service_id, channel, answered_on, answers, sex, age, education,
            occupation, disability, promise_time, promise_fee, promise_requirements, own, excluded, mixed)
        SELECT institution_id, period_id, id, service_id, channel, answered_on, answers, sex, age, education,
            occupation, disability, promise_time, promise_fee, promise_requirements, own, excluded, TRUE FROM moved ORDER BY id";
    /// The periods that have answers of earlier days which were not mixed yet.
    UNMIXED_IN_POSTGRES = "SELECT DISTINCT period_id FROM survey_answer
        WHERE institution_id = $1 AND answered_on < $2 AND mixed = $3";
    /// The same for the suggestions of a period.
    MIX_SUGGESTIONS_IN_POSTGRES = "WITH moved AS
            (DELETE FROM survey_suggestion WHERE institution_id = $1 AND period_id = $2 RETURNING *)
        INSERT INTO survey_suggestion SELECT * FROM moved ORDER BY id";
    SUGGESTIONS = "SELECT question, suggestion FROM survey_suggestion WHERE institution_id = $1 AND period_id = $2 ORDER BY id";
}

type Stored<T> = Result<T, DatabaseError>;

/// Where an answer belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belonging {
    pub(crate) institution: InstitutionId,
    pub(crate) period: PeriodId,
    pub(crate) service: Option<ServiceId>,
    pub(crate) channel: Channel,
    pub(crate) day: Date,
}

/// An answer as a row: what every statement of one begins with.
fn row(belonging: &Belonging, id: &AnswerId, given: &Answer) -> Vec<Value> {
    let Belonging { institution, period, service, channel, day } = *belonging;
    let told = |column: &str| given.profile.get(column).cloned();
    let promise = |name: &str| given.promises.get(name).copied();
    params![
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
        None::<String>,
    ]
    .to_vec()
}

/// Keeps an answer as it came, to be counted soon ([`super::counts::count`]). That it came once, the code of its visit sees to.
pub(crate) fn take_in(db: &mut Write<'_>, belonging: &Belonging, id: &AnswerId, given: &Answer) -> Stored<()> {
    db.execute(ADD_INCOMING, &row(belonging, id, given)).map(drop)
}

/// Keeps an answer and counts it; says whether it was new.
pub(crate) fn add(db: &mut Write<'_>, belonging: &Belonging, id: &AnswerId, given: &Answer) -> Stored<bool> {
    let new = put(db, belonging, id, given)?;
    if new {
        counts::add(db, [(belonging, given)])?;
    }
    Ok(new)
}

/// Keeps an answer where it stays; says whether it was new.
pub(crate) fn put(db: &mut Write<'_>, belonging: &Belonging, id: &AnswerId, given: &Answer) -> Stored<bool> {
    let mut row = row(belonging, id, given);
    row.push(false.into());
    Ok(db.execute(ADD_ANSWER, &row)? == 1)
}

/// Keeps what was written in words, apart from the answer, each text under an identifier of its own: a text may tell who wrote it.
pub(crate) fn add_texts(db: &mut Write<'_>, belonging: &Belonging, delivery: &str, given: &Answer) -> Stored<()> {
    let Belonging { institution, period, service, .. } = *belonging;
    let mut add = |id: AnswerId, question: Option<i64>, text: &str| {
        db.execute(ADD_SUGGESTION, params![institution, period, id.0, service, text, question]).map(drop)
    };
    if !given.suggestion.is_empty() {
        add(AnswerId::of_suggestion(institution, period, delivery), None, &given.suggestion)?;
    }
    for (number, text) in &given.own {
        add(AnswerId::of_own(institution, period, delivery, *number), Some(*number), text)?;
    }
    Ok(())
}

/// Whether this very answer was kept.
pub(crate) fn has(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId, id: &AnswerId) -> Stored<bool> {
    Ok(db.one::<(i64,)>(HAS_ANSWER, params![institution, period, id.0.clone()])?.is_some_and(|(count,)| count > 0))
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
    fn from_row(row: &Row<'_>) -> Stored<Self> {
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
pub(crate) fn answers(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<Exported>> {
    let mut all = Vec::new();
    db.each(ANSWERS, params![institution, period, false], |row| {
        all.push(Exported::from_row(row)?);
        Ok::<_, DatabaseError>(())
    })?;
    Ok(all)
}

/// What people wrote, in no order: the number of the unit's own question, or none for a suggestion.
pub(crate) fn suggestions(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: PeriodId,
) -> Stored<Vec<(Option<i64>, String)>> {
    db.all(SUGGESTIONS, params![institution, period])
}

/// Takes from the answers of all days before this one the order in which they came, and from what came with them. For PostgreSQL
/// alone: on SQLite they have none.
pub(crate) fn mix(db: &mut Write<'_>, institution: InstitutionId, before: Date) -> Stored<()> {
    for (period,) in db.all::<(PeriodId,)>(UNMIXED_IN_POSTGRES, params![institution, before, false])? {
        db.execute(MIX_SUGGESTIONS_IN_POSTGRES, params![institution, period])?;
        counts::write_anew(db, institution, period)?;
    }
    db.execute(MIX_IN_POSTGRES, params![institution, before, false]).map(drop)
}
