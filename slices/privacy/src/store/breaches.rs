//! Breaches and the holdings they hit.

use super::{Answer, count, unknown};
use crate::breach::{Breach, BreachId, BreachState, BreachTask};
use platform::database::{FromRow, Read, Row, Sql, Uuid, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use time::OffsetDateTime;

/// The columns of a breach, in the order of its `FromRow`.
macro_rules! breach {
    ($rest:literal) => {
        concat!(
            "SELECT id, year, number, state, version, title, what, how, handling, contact, people, public_needed, happened_at,
                known_at, due_at, subjects_at, agency_at, public_at, evidence_at, closed_at, reminded
                FROM breach WHERE institution_id = $1 ",
            $rest
        )
    };
}

statements! {
    NEXT_BREACH_NUMBER = "INSERT INTO privacy_counter (institution_id, kind, year, last) VALUES ($1, 'breach', $2, 1)
        ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = privacy_counter.last + 1 RETURNING last";
    ADD_BREACH = "INSERT INTO breach (id, institution_id, year, number, state, version, title, what, how, handling, contact,
        people, public_needed, happened_at, known_at, due_at, reminded)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)";
    BREACH = breach!("AND id = $2");
    OPEN_BREACHES = breach!("AND closed_at IS NULL ORDER BY due_at, id LIMIT 200");
    BREACHES = breach!("ORDER BY known_at DESC, id LIMIT 200");
    CHANGE_BREACH = "UPDATE breach SET version = version + 1, title = $4, what = $5, how = $6, handling = $7, contact = $8,
        people = $9, public_needed = $10, happened_at = $11, known_at = $12, due_at = $13
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    SET_BREACH_STATE = "UPDATE breach SET version = version + 1, state = $4, closed_at = $5
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    TOLD_SUBJECTS = "UPDATE breach SET subjects_at = $3, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND subjects_at IS NULL";
    TOLD_AGENCY = "UPDATE breach SET agency_at = $3, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND agency_at IS NULL";
    TOLD_PUBLIC = "UPDATE breach SET public_at = $3, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND public_at IS NULL";
    KEPT_EVIDENCE = "UPDATE breach SET evidence_at = $3, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND evidence_at IS NULL";
    HOLDINGS_OF_BREACH = "SELECT holding FROM breach_holding WHERE institution_id = $1 AND breach_id = $2 ORDER BY holding";
    DROP_HOLDINGS = "DELETE FROM breach_holding WHERE institution_id = $1 AND breach_id = $2";
    ADD_HOLDING = "INSERT INTO breach_holding (institution_id, breach_id, holding) VALUES ($1, $2, $3)";
    RUNNING_BREACHES = "SELECT institution_id, id, known_at, reminded FROM breach WHERE state = 'open' ORDER BY due_at, id LIMIT $1";
    REMINDED_OF_BREACH = "UPDATE breach SET reminded = $3 WHERE institution_id = $1 AND id = $2";
    OLD_BREACHES = "SELECT COUNT(*) FROM breach WHERE institution_id = $1 AND closed_at <= $2";
    SOME_OLD_BREACHES = "SELECT id FROM breach WHERE institution_id = $1 AND closed_at <= $2 ORDER BY closed_at, id LIMIT $3";
    DROP_BREACH = "DELETE FROM breach WHERE institution_id = $1 AND id = $2";
}

impl FromRow for Breach {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, year, number, state) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        Ok(Self {
            id,
            year,
            number,
            state: BreachState::named(&state).ok_or_else(|| unknown("state", &state))?,
            version: row.next()?,
            title: row.next()?,
            what: row.next()?,
            how: row.next()?,
            handling: row.next()?,
            contact: row.next()?,
            people: row.next()?,
            public_needed: row.next()?,
            happened_at: row.next()?,
            known_at: row.next()?,
            due_at: row.next()?,
            done_at: [row.next()?, row.next()?, row.next()?, row.next()?],
            closed_at: row.next()?,
            reminded: row.next()?,
        })
    }
}

pub(crate) fn next_number(db: &mut Write<'_>, institution: InstitutionId, year: i64) -> Answer<i64> {
    Ok(db.one::<(i64,)>(NEXT_BREACH_NUMBER, params![institution, year])?.map_or(1, |(next,)| next))
}

pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, breach: &Breach, holdings: &[String]) -> Answer<()> {
    let values = params![
        breach.id,
        institution,
        breach.year,
        breach.number,
        breach.state.name(),
        &breach.title,
        &breach.what,
        breach.how.as_ref(),
        breach.handling.as_ref(),
        &breach.contact,
        breach.people,
        breach.public_needed,
        breach.happened_at,
        breach.known_at,
        breach.due_at,
    ];
    db.execute(ADD_BREACH, values)?;
    set_holdings(db, institution, breach.id, holdings)
}

fn set_holdings(db: &mut Write<'_>, institution: InstitutionId, id: BreachId, holdings: &[String]) -> Answer<()> {
    db.execute(DROP_HOLDINGS, params![institution, id])?;
    for holding in holdings {
        db.execute(ADD_HOLDING, params![institution, id, holding])?;
    }
    Ok(())
}

pub(crate) fn breach(db: &mut Read<'_>, institution: InstitutionId, id: BreachId) -> Answer<Option<Breach>> {
    db.one(BREACH, params![institution, id])
}

pub(crate) fn open(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Breach>> {
    db.all(OPEN_BREACHES, params![institution])
}

pub(crate) fn all(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Breach>> {
    db.all(BREACHES, params![institution])
}

pub(crate) fn holdings(db: &mut Read<'_>, institution: InstitutionId, id: BreachId) -> Answer<Vec<String>> {
    let found: Vec<(String,)> = db.all(HOLDINGS_OF_BREACH, params![institution, id])?;
    Ok(found.into_iter().map(|(holding,)| holding).collect())
}

/// Saves what is known now; false when somebody did meanwhile.
pub(crate) fn change(
    db: &mut Write<'_>,
    institution: InstitutionId,
    breach: &Breach,
    holdings: &[String],
) -> Answer<bool> {
    let values = params![
        institution,
        breach.id,
        breach.version,
        &breach.title,
        &breach.what,
        breach.how.as_ref(),
        breach.handling.as_ref(),
        &breach.contact,
        breach.people,
        breach.public_needed,
        breach.happened_at,
        breach.known_at,
        breach.due_at,
    ];
    if db.execute(CHANGE_BREACH, values)? == 0 {
        return Ok(false);
    }
    set_holdings(db, institution, breach.id, holdings).map(|()| true)
}

pub(crate) fn set_state(
    db: &mut Write<'_>,
    institution: InstitutionId,
    breach: &Breach,
    state: BreachState,
    closed_at: Option<OffsetDateTime>,
) -> Answer<bool> {
    let values = params![institution, breach.id, breach.version, state.name(), closed_at];
    Ok(db.execute(SET_BREACH_STATE, values)? == 1)
}

/// Marks a task as done; false when it was.
pub(crate) fn set_done(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: BreachId,
    task: BreachTask,
    at: OffsetDateTime,
) -> Answer<bool> {
    let sql: Sql = match task {
        BreachTask::Subjects => TOLD_SUBJECTS,
        BreachTask::Agency => TOLD_AGENCY,
        BreachTask::Public => TOLD_PUBLIC,
        BreachTask::Evidence => KEPT_EVIDENCE,
    };
    Ok(db.execute(sql, params![institution, id, at])? == 1)
}

/// Breaches of all cities of which somebody still has to be told: when they became known, after how many hours was reminded.
pub(crate) fn running(db: &mut Read<'_>, most: u32) -> Answer<Vec<(InstitutionId, BreachId, OffsetDateTime, i64)>> {
    db.all(RUNNING_BREACHES, params![most])
}

pub(crate) fn reminded(db: &mut Write<'_>, institution: InstitutionId, id: BreachId, hours: i64) -> Answer<()> {
    db.execute(REMINDED_OF_BREACH, params![institution, id, hours]).map(drop)
}

pub(crate) fn old(db: &mut Read<'_>, institution: InstitutionId, before: OffsetDateTime) -> Answer<u64> {
    Ok(count(db.one(OLD_BREACHES, params![institution, before])?))
}

pub(crate) fn drop_old(
    db: &mut Write<'_>,
    institution: InstitutionId,
    before: OffsetDateTime,
    most: u32,
) -> Answer<u64> {
    let old: Vec<(Uuid,)> = db.all(SOME_OLD_BREACHES, params![institution, before, most])?;
    for (id,) in &old {
        db.execute(DROP_HOLDINGS, params![institution, *id])?;
        db.execute(DROP_BREACH, params![institution, *id])?;
    }
    Ok(old.len() as u64)
}
