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
    /// The one table of what each error is: its key, its words for the log, and where it came from.
    fn facts(&self) -> (&'static str, &'static str, Option<&Cause>) {
        match self {
            Self::Busy(source) => ("database.busy", "the database is busy", source.as_ref()),
            Self::ReadOnly(source) => ("database.read-only", "the database is read-only", Some(source)),
            Self::Full(source) => ("database.full", "the database has no room left", Some(source)),
            Self::NewerVersion { .. } => ("database.newer-version", "the database is newer than the program", None),
            Self::OlderVersion { .. } => ("database.older-version", "the database is older than the program", None),
            Self::AlteredMigration { .. } => ("database.altered-migration", "an applied migration was altered", None),
            Self::Timeout(source) => ("database.timeout", "a statement took too long", Some(source)),
            Self::Constraint { source, .. } => ("database.constraint", "a rule refused the change", Some(source)),
            Self::Unreachable(source) => ("database.unreachable", "the database cannot be reached", source.as_ref()),
            Self::OutcomeUnknown(source) => {
                ("database.outcome-unknown", "the connection broke while saving was being confirmed", Some(source))
            }
            Self::Other(source) => ("database.other", "the database refused", Some(source)),
        }
    }

    /// The sentence for the reader: what happened and what to do.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let phrase = Phrase::new(self.facts().0);
        match self {
            Self::NewerVersion { found, known } | Self::OlderVersion { found, known } => {
                phrase.with("found", found.unsigned_abs()).with("known", known.unsigned_abs())
            }
            Self::AlteredMigration { number, name } => {
                phrase.with("number", number.unsigned_abs()).with("name", name.clone())
            }
            _ => phrase,
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

    /// The same for another request that met it: a source cannot be copied, so its words are.
    pub(super) fn copy(&self) -> Self {
        let words = || self.source().map(ToString::to_string).unwrap_or_default().into();
        match self {
            Self::Busy(_) => Self::Busy(Some(words())),
            Self::ReadOnly(_) => Self::ReadOnly(words()),
            Self::Full(_) => Self::Full(words()),
            Self::Timeout(_) => Self::Timeout(words()),
            Self::Unreachable(_) => Self::Unreachable(Some(words())),
            Self::OutcomeUnknown(_) => Self::OutcomeUnknown(words()),
            _ => Self::Other(words()),
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.facts().1)?;
        match self {
            Self::NewerVersion { found, known } | Self::OlderVersion { found, known } => {
                write!(out, ": it is at migration {found}, the program at {known}")
            }
            Self::AlteredMigration { number, name } => write!(out, ": {number} ({name})"),
            Self::Constraint { kind, name, source } => write!(out, ": {kind:?} {name}: {source}"),
            _ => self.source().map_or(Ok(()), |source| write!(out, ": {source}")),
        }
    }
}

impl Error for DatabaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.facts().2.map(|source| source.as_ref() as _)
    }
}

/// An engine's error together with the name of the statement it met.
#[derive(Debug)]
struct InStatement {
    statement: &'static str,
    source: Cause,
}

impl fmt::Display for InStatement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.statement, self.source)
    }
}

impl Error for InStatement {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
