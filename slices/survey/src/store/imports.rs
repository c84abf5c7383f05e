//! Tables of answers: those that wait for a decision with what they hold, and what became of the others.

use super::unknown;
use crate::answer::AnswerId;
use crate::import::{Import, ImportId, ImportState};
use crate::period::PeriodId;
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use std::collections::BTreeSet;
use time::Date;

statements! {
    ADD_IMPORT = "INSERT INTO survey_import (institution_id, id, period_id, file, account_id, sent_on, answers, same, state, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    IMPORTS = "SELECT id, file, account_id, sent_on, answers, same, state, reason FROM survey_import
        WHERE institution_id = $1 AND period_id = $2 ORDER BY sent_on DESC, id DESC LIMIT 100";
    IMPORT = "SELECT id, file, account_id, sent_on, answers, same, state, reason, content FROM survey_import
        WHERE institution_id = $1 AND period_id = $2 AND id = $3";
    WAITING_IMPORTS = "SELECT COUNT(*) FROM survey_import WHERE institution_id = $1 AND period_id = $2 AND state = 'waiting'";
    DECIDE_IMPORT = "UPDATE survey_import SET state = $3, reason = $4, decided_on = $5, content = NULL
        WHERE institution_id = $1 AND id = $2 AND state = 'waiting'";
    TABLED = "SELECT id FROM survey_answer WHERE institution_id = $1 AND period_id = $2 AND channel = 'file'";
}

type Stored<T> = Result<T, DatabaseError>;

impl FromRow for Import {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (id, file, account, sent_on) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (answers, same, state) = (row.next()?, row.next()?, row.next::<String>()?);
        let state = ImportState::named(&state).ok_or_else(|| unknown("state of a table of answers"))?;
        Ok(Self { id, file, account, sent_on, answers, same, state, reason: row.next()? })
    }
}

struct Whole(Import, Option<String>);

impl FromRow for Whole {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        Ok(Self(Import::from_row(row)?, row.next()?))
    }
}

/// Keeps a table that waits.
pub(crate) fn add(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    import: &Import,
    content: &str,
) -> Stored<()> {
    let Import { id, file, account, sent_on, answers, same, state, .. } = import;
    let row = params![institution, *id, period, file, *account, *sent_on, *answers, *same, state.name(), content];
    db.execute(ADD_IMPORT, row).map(drop)
}

/// The tables of a period, the newest first, without what they hold.
pub(crate) fn imports(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<Import>> {
    db.all(IMPORTS, params![institution, period])
}

/// A table with what it holds, as long as it waits.
pub(crate) fn import(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: PeriodId,
    id: ImportId,
) -> Stored<Option<(Import, Option<String>)>> {
    let found: Option<Whole> = db.one(IMPORT, params![institution, period, id])?;
    Ok(found.map(|Whole(import, content)| (import, content)))
}

/// Whether a table of the period waits.
pub(crate) fn waits(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<bool> {
    Ok(db.one::<(i64,)>(WAITING_IMPORTS, params![institution, period])?.is_some_and(|(count,)| count > 0))
}

/// Keeps a decision and forgets what the table held; says whether it still waited.
pub(crate) fn decide(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: ImportId,
    (state, reason, day): (ImportState, &str, Date),
) -> Stored<bool> {
    Ok(db.execute(DECIDE_IMPORT, params![institution, id, state.name(), reason, day])? == 1)
}

/// The answers of a period that came from tables.
pub(crate) fn tabled(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<BTreeSet<AnswerId>> {
    let rows: Vec<(Vec<u8>,)> = db.all(TABLED, params![institution, period])?;
    Ok(rows.into_iter().map(|(id,)| AnswerId(id)).collect())
}
