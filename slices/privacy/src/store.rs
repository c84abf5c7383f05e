//! The statements of this slice, by what they are about.

pub(crate) mod breaches;
pub(crate) mod register;
pub(crate) mod requests;
pub(crate) mod sealed;

use platform::database::{DatabaseError, Sql};

/// Every statement.
pub(crate) const STATEMENTS: &[&[Sql]] =
    &[breaches::STATEMENTS, register::STATEMENTS, requests::STATEMENTS, sealed::STATEMENTS];

type Answer<T> = Result<T, DatabaseError>;

fn unknown(what: &str, found: &str) -> DatabaseError {
    DatabaseError::Other(format!("{what} {found} is unknown").into())
}

/// How many a statement counted.
fn count(found: Option<(i64,)>) -> u64 {
    found.map_or(0, |(rows,)| u64::try_from(rows).unwrap_or(0))
}
