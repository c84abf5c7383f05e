//! Why there is no backup, or nothing was brought back: each with a stable key and the sentence for its reader.

use crate::database::DatabaseError;
use rules::phrase::Phrase;
use std::error::Error;
use std::{fmt, io};
use time::OffsetDateTime;

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum BackupError {
    /// The database did not answer.
    Database(DatabaseError),
    /// A disk is full.
    NoRoom {
        /// Where there is no room left.
        place: String,
    },
    /// A folder, a bucket or a file cannot be read or written.
    Place {
        /// Which one.
        place: String,
        /// The system's own words.
        source: io::Error,
    },
    /// Another backup is being made.
    Running {
        /// When it began.
        since: OffsetDateTime,
    },
    /// Another took over, since this one gave no sign of life; nothing of it is kept.
    Overtaken,
    /// The text is no public half of a key.
    NotARecipient,
    /// The file holds no secret half of a key.
    NotAnIdentity {
        /// The file.
        file: String,
    },
    /// The key is not the one the backup was made for.
    WrongIdentity,
    /// The address names no folder and no bucket.
    NotAPlace {
        /// What was given.
        given: String,
    },
    /// The place holds no such backup.
    NoBackup {
        /// The place.
        place: String,
    },
    /// Something is not what was written.
    Damaged {
        /// What: a part of a backup, a table, a file.
        what: String,
    },
    /// Something stands where the backup would be restored.
    Occupied {
        /// What.
        what: String,
    },
    /// A backup of one engine cannot be restored into the other.
    OtherEngine,
    /// A program of PostgreSQL is not installed, or older than the server.
    NoTool {
        /// Its name.
        tool: &'static str,
        /// The server's version that it must reach; nothing when the server was not asked.
        server: Option<u64>,
    },
    /// A program of PostgreSQL refused.
    Tool {
        /// Its name.
        tool: &'static str,
        /// The first line of what it said.
        detail: String,
    },
}

impl BackupError {
    /// An error of the system about a place; a full disk has a sentence of its own.
    pub(super) fn of(place: impl fmt::Display, source: io::Error) -> Self {
        let place = place.to_string();
        if is_full(&source) { Self::NoRoom { place } } else { Self::Place { place, source } }
    }

    pub(super) fn damaged(what: impl fmt::Display) -> Self {
        Self::Damaged { what: what.to_string() }
    }

    /// The stable key, which is also that of its sentence.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Database(error) => error.phrase().key,
            Self::NoRoom { .. } => "backup.no-room",
            Self::Place { .. } => "backup.place",
            Self::Running { .. } => "backup.running",
            Self::Overtaken => "backup.overtaken",
            Self::NotARecipient => "backup.not-a-recipient",
            Self::NotAnIdentity { .. } => "backup.not-an-identity",
            Self::WrongIdentity => "backup.wrong-identity",
            Self::NotAPlace { .. } => "backup.not-a-place",
            Self::NoBackup { .. } => "backup.no-backup",
            Self::Damaged { .. } => "backup.damaged",
            Self::Occupied { .. } => "backup.occupied",
            Self::OtherEngine => "backup.other-engine",
            Self::NoTool { server: None, .. } => "backup.no-tool",
            Self::NoTool { .. } => "backup.old-tool",
            Self::Tool { .. } => "backup.tool",
        }
    }

    /// The sentence for the reader: what happened and what to do. Moments in it are in UTC.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let phrase = Phrase::new(self.code());
        match self {
            Self::Database(error) => error.phrase(),
            Self::NoRoom { place } | Self::NoBackup { place } => phrase.with("place", place.as_str()),
            Self::Place { place, source } => phrase.with("place", place.as_str()).with("detail", source.to_string()),
            Self::Running { since } => phrase.with("since", super::written(*since)),
            Self::NotAnIdentity { file } => phrase.with("file", file.as_str()),
            Self::NotAPlace { given } => phrase.with("given", given.as_str()),
            Self::Damaged { what } | Self::Occupied { what } => phrase.with("what", what.as_str()),
            Self::NoTool { tool, server } => {
                phrase.with("tool", *tool).with("version", server.unwrap_or_default().to_string())
            }
            Self::Tool { tool, detail } => phrase.with("tool", *tool).with("detail", detail.as_str()),
            _ => phrase,
        }
    }
}

/// Also what a quota or a limit of file sizes says.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

impl fmt::Display for BackupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => error.fmt(out),
            Self::Place { place, source } => write!(out, "{place}: {source}"),
            Self::NoRoom { place } => write!(out, "{place}: no room left"),
            Self::Damaged { what } | Self::Occupied { what } => write!(out, "{}: {what}", self.code()),
            Self::Tool { tool, detail } => write!(out, "{tool}: {detail}"),
            _ => out.write_str(self.code()),
        }
    }
}

impl Error for BackupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            Self::Place { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<DatabaseError> for BackupError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}
