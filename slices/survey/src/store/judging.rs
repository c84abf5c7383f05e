//! Answers as flags look at them, and what a person decided about them.

use crate::answer::{Answer, Channel};
use crate::period::PeriodId;
use crate::store::counts::{self, read_given};
use crate::store::unknown;
use crate::trust::Look;
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use time::Date;

statements! {
    LOOKS = "SELECT id, answered_on, service_id, channel, excluded, answers, sex, age, education, occupation, disability,
            promise_time, promise_fee, promise_requirements
        FROM survey_answer WHERE institution_id = $1 AND period_id = $2 ORDER BY id";
    SET_EXCLUDED = "UPDATE survey_answer SET excluded = $4 WHERE institution_id = $1 AND period_id = $2 AND id = $3";
    ADD_EXCLUSION = "INSERT INTO survey_exclusion (institution_id, period_id, flag, answers, reason, decided_on)
        VALUES ($1, $2, $3, $4, $5, $6)";
    DROP_EXCLUSION = "DELETE FROM survey_exclusion WHERE institution_id = $1 AND period_id = $2 AND flag = $3";
    EXCLUSIONS = "SELECT flag, answers, reason, decided_on FROM survey_exclusion WHERE institution_id = $1 AND period_id = $2
        ORDER BY flag";
    ADD_CORRECTION = "INSERT INTO survey_correction (institution_id, period_id, number, corrected_on, index_before, index_after, reason)
        SELECT $1, $2, COUNT(*) + 1, $3, $4, $5, $6 FROM survey_correction WHERE institution_id = $1 AND period_id = $2";
    CORRECTIONS = "SELECT corrected_on, index_before, index_after, reason FROM survey_correction
        WHERE institution_id = $1 AND period_id = $2 ORDER BY number";
}

type Stored<T> = Result<T, DatabaseError>;

/// An answer with what is counted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Looked {
    pub(crate) look: Look,
    pub(crate) excluded: bool,
    given: Answer,
}

impl FromRow for Looked {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (id, day, service, channel) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        let (excluded, given) = (row.next()?, read_given(row)?);
        let channel = Channel::named(&channel).ok_or_else(|| unknown("channel of a survey"))?;
        let choices = given.answers.values().copied().collect();
        Ok(Self { look: Look { id, day, service, channel, choices }, excluded, given })
    }
}

/// All answers of a period, as flags look at them.
pub(crate) fn looks(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<Looked>> {
    let mut all = Vec::new();
    db.each(LOOKS, params![institution, period], |row| {
        all.push(Looked::from_row(row)?);
        Ok::<_, DatabaseError>(())
    })?;
    Ok(all)
}

/// Leaves an answer out, or takes it in again, and counts it so.
pub(crate) fn set_excluded(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    row: &Looked,
    excluded: bool,
) -> Stored<()> {
    let look = &row.look;
    db.execute(SET_EXCLUDED, params![institution, period, look.id.clone(), excluded])?;
    counts::recount(db, (institution, period), (look.service, look.channel), &row.given, !excluded)
}

/// A recorded decision to leave answers out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exclusion {
    pub(crate) flag: String,
    /// How many answers the flag is about.
    pub(crate) answers: i64,
    pub(crate) reason: String,
    pub(crate) decided_on: Date,
}

impl FromRow for Exclusion {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        Ok(Self { flag: row.next()?, answers: row.next()?, reason: row.next()?, decided_on: row.next()? })
    }
}

/// Keeps a decision.
pub(crate) fn add_exclusion(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    (flag, answers, reason): (&str, i64, &str),
    day: Date,
) -> Stored<()> {
    db.execute(ADD_EXCLUSION, params![institution, period, flag, answers, reason, day]).map(drop)
}

/// Takes a decision back.
pub(crate) fn drop_exclusion(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    flag: &str,
) -> Stored<()> {
    db.execute(DROP_EXCLUSION, params![institution, period, flag]).map(drop)
}

/// The decisions of a period.
pub(crate) fn exclusions(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<Exclusion>> {
    db.all(EXCLUSIONS, params![institution, period])
}

/// What was changed of a published result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Correction {
    pub(crate) day: Date,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) reason: String,
}

impl FromRow for Correction {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        Ok(Self { day: row.next()?, before: row.next()?, after: row.next()?, reason: row.next()? })
    }
}

/// Adds a line to the corrections of a period.
pub(crate) fn add_correction(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    correction: &Correction,
) -> Stored<()> {
    let Correction { day, before, after, reason } = correction;
    db.execute(ADD_CORRECTION, params![institution, period, *day, before, after, reason]).map(drop)
}

/// The corrections of a period, the oldest first.
pub(crate) fn corrections(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<Correction>> {
    db.all(CORRECTIONS, params![institution, period])
}
