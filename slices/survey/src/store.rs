//! Every statement of the survey, by what it keeps.

pub(crate) mod answers;
pub(crate) mod codes;
pub(crate) mod counts;
pub(crate) mod imports;
pub(crate) mod judging;
pub(crate) mod keys;
pub(crate) mod paper;
pub(crate) mod periods;
pub(crate) mod webhooks;

use platform::database::{DatabaseError, Sql};

/// Every statement.
pub(crate) const STATEMENTS: &[&[Sql]] = &[
    periods::STATEMENTS,
    codes::STATEMENTS,
    answers::STATEMENTS,
    counts::STATEMENTS,
    paper::STATEMENTS,
    imports::STATEMENTS,
    judging::STATEMENTS,
    keys::STATEMENTS,
    webhooks::STATEMENTS,
];

/// A stored value that the program does not know: the database was changed by other means.
fn unknown(what: &'static str) -> DatabaseError {
    DatabaseError::Other(format!("{what} is unknown").into())
}
