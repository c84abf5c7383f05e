//! How each element of a closed period goes together with the others.

use crate::period::PeriodId;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};

statements! {
    IMPORTANCE = "SELECT inputs, correlations FROM survey_importance WHERE institution_id = $1 AND period_id = $2";
    KEEP_IMPORTANCE = "INSERT INTO survey_importance (institution_id, period_id, inputs, correlations) VALUES ($1, $2, $3, $4)
        ON CONFLICT (institution_id, period_id) DO UPDATE SET inputs = excluded.inputs, correlations = excluded.correlations";
}

type Answer<T> = Result<T, DatabaseError>;

/// The inputs of the result it was made for, and the correlations as JSON.
pub(crate) fn importance(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: PeriodId,
) -> Answer<Option<(String, String)>> {
    db.one(IMPORTANCE, params![institution, period])
}

/// Keeps what was made for these inputs, in place of what was there.
pub(crate) fn keep(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    (inputs, correlations): (&str, &str),
) -> Answer<()> {
    db.execute(KEEP_IMPORTANCE, params![institution, period, inputs, correlations]).map(drop)
}
