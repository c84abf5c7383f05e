//! What can go wrong with a database, named by what the reader can do about it; the engine's own error is kept as the source.

use rules::phrase::Phrase;
use std::error::Error;

/// The engine's own error, for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Which rule of a table a statement broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintKind {
    /// The value is there already; also a primary key.
    Unique,
    /// The row it points to does not exist, or rows still point to it.
    ForeignKey,
    /// A `CHECK` refused the value.
    Check,
    /// A value is missing.
    NotNull,
}

/// Why the database did not do as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// Too much is going on at once; nothing was saved, the same may be tried again.
    #[error("the database is busy{}", because(.0.as_ref()))]
    Busy(#[source] Option<Cause>),
    /// The database may be read but not changed.
    #[error("the database is read-only: {0}")]
    ReadOnly(#[source] Cause),
    /// The disk, or the room given to the database, is used up.
    #[error("the database has no room left: {0}")]
    Full(#[source] Cause),
    /// A newer program has changed the database's tables.
    #[error("the database is newer than the program: it is at migration {found}, the program at {known}")]
    NewerVersion {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration the program knows.
        known: i64,
    },
    /// The database lacks migrations that this program needs.
    #[error("the database is older than the program: it is at migration {found}, the program at {known}")]
    OlderVersion {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration the program knows.
        known: i64,
    },
    /// A migration that was applied is not the one the program knows by that number.
    #[error("an applied migration was altered: {number} ({name})")]
    AlteredMigration {
        /// Its number.
        number: i64,
        /// Its name in the database.
        name: String,
    },
    /// A statement took longer than allowed and was stopped.
    #[error("a statement took too long: {0}")]
    Timeout(#[source] Cause),
    /// A table's rule refused the change.
    #[error("a rule refused the change: {kind:?} {name}: {source}")]
    Constraint {
        /// Which sort of rule.
        kind: ConstraintKind,
        /// `table.column, table.column` of a unique key or a missing value; the name of a `CHECK`. A foreign key has a name on
        /// PostgreSQL only.
        name: String,
        /// The engine's own words.
        source: Cause,
    },
    /// No connection: the server is down, the file cannot be opened, or the database was closed.
    #[error("the database cannot be reached{}", because(.0.as_ref()))]
    Unreachable(#[source] Option<Cause>),
    /// The connection broke while saving was being confirmed: it may or may not have been saved.
    #[error("the connection broke while saving was being confirmed: {0}")]
    OutcomeUnknown(#[source] Cause),
    /// A mistake in the program: a wrong statement, a wrong type, a panic.
    #[error("the database refused: {0}")]
    Other(#[source] Cause),
}

fn because(cause: Option<&Cause>) -> String {
    cause.map(|cause| format!(": {cause}")).unwrap_or_default()
}

impl DatabaseError {
    /// The sentence for the reader: what happened and what to do.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let versions = |phrase: Phrase, found: i64, known: i64| {
            phrase.with("found", found.unsigned_abs()).with("known", known.unsigned_abs())
        };
        match self {
            Self::Busy(_) => Phrase::new("database.busy"),
            Self::ReadOnly(_) => Phrase::new("database.read-only"),
            Self::Full(_) => Phrase::new("database.full"),
            Self::NewerVersion { found, known } => versions(Phrase::new("database.newer-version"), *found, *known),
            Self::OlderVersion { found, known } => versions(Phrase::new("database.older-version"), *found, *known),
            Self::AlteredMigration { number, name } => Phrase::new("database.altered-migration")
                .with("number", number.unsigned_abs())
                .with("name", name.clone()),
            Self::Timeout(_) => Phrase::new("database.timeout"),
            Self::Constraint { .. } => Phrase::new("database.constraint"),
            Self::Unreachable(_) => Phrase::new("database.unreachable"),
            Self::OutcomeUnknown(_) => Phrase::new("database.outcome-unknown"),
            Self::Other(_) => Phrase::new("database.other"),
        }
    }

    /// Whether a unique key refused the change: the value is there already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Constraint { kind: ConstraintKind::Unique, .. })
    }

    pub(super) fn other(words: impl Into<String>) -> Self {
        Self::Other(words.into().into())
    }

    pub(super) fn closed() -> Self {
        Self::Unreachable(Some("the database was closed".into()))
    }

    /// An engine's error by its code in the SQL standard, which is PostgreSQL's too; `name` is that of a broken rule.
    pub(super) fn of_engine(state: &str, name: String, statement: &'static str, source: Cause) -> Self {
        let source = InStatement { statement, source }.into();
        let kind = match state {
            "23505" => ConstraintKind::Unique,
            "23503" | "23001" => ConstraintKind::ForeignKey,
            "23514" => ConstraintKind::Check,
            "23502" => ConstraintKind::NotNull,
            "25006" => return Self::ReadOnly(source),
            "53100" => return Self::Full(source),
            "57014" => return Self::Timeout(source),
            "40001" | "40P01" | "53200" | "53300" | "53400" | "55P03" => return Self::Busy(Some(source)),
            "3D000" => return Self::Unreachable(Some(source)),
            _ if ["08", "28", "57P"].iter().any(|class| state.starts_with(class)) => {
                return Self::Unreachable(Some(source));
            }
            _ => return Self::Other(source),
        };
        Self::Constraint { kind, name, source }
    }
}

/// An engine's error together with the name of the statement it met.
#[derive(Debug, thiserror::Error)]
#[error("{statement}: {source}")]
struct InStatement {
    statement: &'static str,
    source: Cause,
}
