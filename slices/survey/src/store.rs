//! Every statement of the survey, by what it keeps.

pub(crate) mod answers;
pub(crate) mod codes;
pub(crate) mod counts;
pub(crate) mod importance;
pub(crate) mod judging;
pub(crate) mod paper;
pub(crate) mod periods;

use platform::database::{DatabaseError, Sql};

/// Every statement.
pub(crate) const STATEMENTS: &[&[Sql]] = &[
    periods::STATEMENTS,
    codes::STATEMENTS,
    answers::STATEMENTS,
    counts::STATEMENTS,
    paper::STATEMENTS,
    judging::STATEMENTS,
    importance::STATEMENTS,
];

/// A stored value that the program does not know: the database was changed by other means.
fn unknown(what: &'static str) -> DatabaseError {
    DatabaseError::Other(format!("{what} is unknown").into())
}
