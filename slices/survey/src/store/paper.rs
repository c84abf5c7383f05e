//! Sheets of paper between their two entries. A sheet that was counted leaves its number alone.

use crate::period::PeriodId;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{AccountId, InstitutionId};
use platform::{params, statements};

statements! {
    SHEET = "SELECT account_id, entry FROM survey_sheet WHERE institution_id = $1 AND period_id = $2 AND sheet = $3";
    ADD_SHEET = "INSERT INTO survey_sheet (institution_id, period_id, sheet, account_id, entry) VALUES ($1, $2, $3, $4, $5)";
    COUNT_SHEET = "UPDATE survey_sheet SET entry = NULL WHERE institution_id = $1 AND period_id = $2 AND sheet = $3";
    DROP_WAITING_SHEETS = "DELETE FROM survey_sheet WHERE institution_id = $1 AND period_id = $2 AND entry IS NOT NULL";
    WAITING_SHEETS = "SELECT sheet FROM survey_sheet WHERE institution_id = $1 AND period_id = $2 AND entry IS NOT NULL
        ORDER BY sheet LIMIT 1000";
}

type Stored<T> = Result<T, DatabaseError>;

/// A sheet that somebody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Who entered it first.
    pub(crate) account: AccountId,
    /// What they entered, as JSON; nothing once it was counted.
    pub(crate) entry: Option<String>,
}

/// A sheet by its number.
pub(crate) fn sheet(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: PeriodId,
    number: &str,
) -> Stored<Option<Known>> {
    let found: Option<(AccountId, Option<String>)> = db.one(SHEET, params![institution, period, number])?;
    Ok(found.map(|(account, entry)| Known { account, entry }))
}

/// Keeps the first entry of a sheet.
pub(crate) fn add(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    number: &str,
    (account, entry): (AccountId, &str),
) -> Stored<()> {
    db.execute(ADD_SHEET, params![institution, period, number, account, entry]).map(drop)
}

/// Forgets what was entered of a sheet: it was counted.
pub(crate) fn count(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId, number: &str) -> Stored<()> {
    db.execute(COUNT_SHEET, params![institution, period, number]).map(drop)
}

/// Forgets the sheets that only one person entered; says how many there were.
pub(crate) fn drop_waiting(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId) -> Stored<u64> {
    db.execute(DROP_WAITING_SHEETS, params![institution, period])
}

/// The numbers of sheets that wait for a second person.
pub(crate) fn waiting(db: &mut Read<'_>, institution: InstitutionId, period: PeriodId) -> Stored<Vec<String>> {
    let rows: Vec<(String,)> = db.all(WAITING_SHEETS, params![institution, period])?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}
