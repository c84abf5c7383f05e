//! The audit log: every privileged act, written in the transaction of the act itself, each entry chained to the one before.
//!
//! An action ends with [`record`]. Each institution has a chain of its own, and so has the installation: an entry holds the
//! SHA-256 of the entry before it, so that none can be altered, removed, inserted or moved without [`verify`] naming it. Triggers
//! refuse to change what is written; the chain shows it when somebody got past them. Whoever can rewrite the whole database can
//! also rewrite a whole chain: for that, keep a [`Head`] elsewhere (on paper, in an export) and verify against it.
//!
//! [`export`] writes a chain as lines of JSON that [`verify_export`] checks again without a database.

mod chain;
mod check;
mod export;
mod store;
#[cfg(test)]
mod tests;

pub use chain::{Author, Head, Recorded};
pub use check::{Fault, Verdict};
pub use export::{Unreadable, csv, export, verify_export};

use crate::database::{DatabaseError, Read, Sql, Write};
use crate::identity::{AccountId, InstitutionId};
use check::Checker;
use time::OffsetDateTime;

/// Every statement of the log.
pub const STATEMENTS: &[Sql] = store::STATEMENTS;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person, by account. Names are looked up when the log is read: they change, and are personal data.
    Person(AccountId),
    /// The program on its own, or somebody at its command line: `command-line`, `schedule`.
    Program(&'static str),
}

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The kind of thing: `unit`, `account`.
    pub kind: &'static str,
    /// Its identifier.
    pub id: String,
}

impl Subject {
    /// The thing of a kind with this identifier.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "identifiers are small copies, and texts are given by reference")]
    pub fn new(kind: &'static str, id: impl ToString) -> Self {
        Self { kind, id: id.to_string() }
    }
}

/// One act, to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The institution in which it was done; nothing for acts on the installation.
    pub institution: Option<InstitutionId>,
    /// When.
    pub at: OffsetDateTime,
    /// Who did it.
    pub actor: Actor,
    /// What was done, in the past, the slice first: `organisation.unit-changed`.
    pub act: &'static str,
    /// What it was done to.
    pub subject: Subject,
    /// What else is to be known: identifiers, names of changed fields, values that are no personal data. No fractions: the same
    /// number would not always be written the same way.
    pub detail: serde_json::Value,
}

/// Writes an act into the chain of its institution, in the transaction of the act.
///
/// # Errors
/// When the database fails, or the detail holds a fraction.
pub fn record(db: &mut Write<'_>, entry: &Entry) -> Result<(), DatabaseError> {
    if has_fraction(&entry.detail) {
        return Err(DatabaseError::Other("the detail of an audit entry holds a fraction".into()));
    }
    let head = store::head(db, entry.institution)?;
    store::insert(db, &Recorded::following(head, entry))
}

fn has_fraction(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => number.is_f64(),
        serde_json::Value::Array(items) => items.iter().any(has_fraction),
        serde_json::Value::Object(fields) => fields.values().any(has_fraction),
        _ => false,
    }
}

/// The last entry of a chain: its number and hash. Nothing when the chain has none.
///
/// # Errors
/// When the database cannot be read.
pub fn head(db: &mut Read<'_>, institution: Option<InstitutionId>) -> Result<Option<Head>, DatabaseError> {
    store::head(db, institution)
}

/// The heads of all chains: to be kept elsewhere, and given to [`verify`] one day.
///
/// # Errors
/// When the database cannot be read.
pub fn heads(db: &mut Read<'_>) -> Result<Vec<(Option<InstitutionId>, Head)>, DatabaseError> {
    store::heads(db)
}

/// Reads a chain from its beginning and names the first entry that is not what was written, and how.
///
/// With an `expected` head a chain whose end was cut off, or that was written anew as a whole, is found out as well.
///
/// # Errors
/// When the database cannot be read.
pub fn verify(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    expected: Option<Head>,
) -> Result<Verdict, DatabaseError> {
    let mut checker = Checker::new(institution, expected);
    store::each(db, institution, |entry| {
        checker.take(entry);
        Ok::<_, DatabaseError>(())
    })?;
    Ok(checker.verdict())
}

/// Verifies every chain there is.
///
/// # Errors
/// When the database cannot be read.
pub fn verify_all(db: &mut Read<'_>) -> Result<Vec<(Option<InstitutionId>, Verdict)>, DatabaseError> {
    let chains = store::heads(db)?;
    chains.into_iter().map(|(institution, _)| Ok((institution, verify(db, institution, None)?))).collect()
}

/// Which entries are looked for. Everything left open fits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// From this moment.
    pub from: Option<OffsetDateTime>,
    /// Before this moment.
    pub until: Option<OffsetDateTime>,
    /// This act.
    pub act: Option<String>,
    /// Done by this person.
    pub person: Option<AccountId>,
    /// Done to this kind of thing.
    pub subject_kind: Option<String>,
    /// Done to the thing with this identifier.
    pub subject_id: Option<String>,
    /// With a smaller number than this: the next page of a search.
    pub before: Option<i64>,
}

/// At most `most` entries of a chain that fit, the newest first. The next page begins before the last number of this one.
///
/// # Errors
/// When the database cannot be read.
pub fn search(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    filter: &Filter,
    most: u32,
) -> Result<Vec<Recorded>, DatabaseError> {
    store::search(db, institution, filter, most)
}

/// The names of acts that occur in a chain, in order: what a search can ask for.
///
/// # Errors
/// When the database cannot be read.
pub fn acts(db: &mut Read<'_>, institution: Option<InstitutionId>) -> Result<Vec<String>, DatabaseError> {
    store::acts(db, institution)
}
