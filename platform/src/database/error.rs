//! What can go wrong with a database, named by what the reader can do about it; the engine's own error is kept as the source.

use rules::phrase::Phrase;
use std::error::Error;
use std::fmt;

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
#[derive(Debug)]
#[non_exhaustive]
pub enum DatabaseError {
    /// Too much is going on at once; nothing was saved, the same may be tried again.
    Busy(Option<Cause>),
    /// The database may be read but not changed.
    ReadOnly(Cause),
    /// The disk, or the room given to the database, is used up.
    Full(Cause),
    /// A newer program has changed the database's tables.
    NewerVersion {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration the program knows.
        known: i64,
    },
    /// The database lacks migrations that this program needs.
    OlderVersion {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration the program knows.
        known: i64,
    },
    /// A migration that was applied is not the one the program knows by that number.
    AlteredMigration {
        /// Its number.
        number: i64,
        /// Its name in the database.
        name: String,
    },
    /// A statement took longer than allowed and was stopped.
    Timeout(Cause),
    /// A table's rule refused the change.
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
    Unreachable(Option<Cause>),
    /// The connection broke while saving was being confirmed: it may or may not have been saved.
    OutcomeUnknown(Cause),
    /// A mistake in the program: a wrong statement, a wrong type, a panic.
    Other(Cause),
}

impl DatabaseError {
    /// The sentence for the reader: what happened and what to do.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Busy(_) => Phrase::new("database.busy"),
            Self::ReadOnly(_) => Phrase::new("database.read-only"),
            Self::Full(_) => Phrase::new("database.full"),
            Self::NewerVersion { found, known } => versions("database.newer-version", *found, *known),
            Self::OlderVersion { found, known } => versions("database.older-version", *found, *known),
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
}

fn versions(key: &'static str, found: i64, known: i64) -> Phrase {
    Phrase::new(key).with("found", found.unsigned_abs()).with("known", known.unsigned_abs())
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Busy(_) => "the database is busy",
            Self::ReadOnly(_) => "the database is read-only",
            Self::Full(_) => "the database has no room left",
            Self::NewerVersion { found, known } => {
                return write!(out, "the database is at migration {found}, the program knows {known}");
            }
            Self::OlderVersion { found, known } => {
                return write!(out, "the database is at migration {found}, the program needs {known}");
            }
            Self::AlteredMigration { number, name } => {
                return write!(out, "migration {number} ({name}) is not the one that was applied");
            }
            Self::Timeout(_) => "a statement took too long",
            Self::Constraint { kind, name, .. } => {
                return write!(out, "{kind:?} constraint refused the change: {name}");
            }
            Self::Unreachable(_) => "the database cannot be reached",
            Self::OutcomeUnknown(_) => "the connection broke while saving was being confirmed",
            Self::Other(_) => "the database refused",
        };
        out.write_str(words)?;
        self.source().map_or(Ok(()), |source| write!(out, ": {source}"))
    }
}

impl Error for DatabaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Busy(source) | Self::Unreachable(source) => source.as_deref().map(|source| source as _),
            Self::ReadOnly(source)
            | Self::Full(source)
            | Self::Timeout(source)
            | Self::OutcomeUnknown(source)
            | Self::Other(source)
            | Self::Constraint { source, .. } => Some(source.as_ref()),
            Self::NewerVersion { .. } | Self::OlderVersion { .. } | Self::AlteredMigration { .. } => None,
        }
    }
}

/// An engine's error together with the name of the statement it met.
#[derive(Debug)]
pub(super) struct InStatement<E> {
    pub(super) statement: &'static str,
    pub(super) source: E,
}

impl<E: fmt::Display> fmt::Display for InStatement<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.statement, self.source)
    }
}

impl<E: Error + 'static> Error for InStatement<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
