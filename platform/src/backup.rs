//! Backups that nobody on the server can read, and the way back.
//!
//! [`make`] copies the database as it is at one moment while others go on writing, checks the copy, seals it for whoever holds the
//! secret half of a key ([`Recipients`], [`Identity`]), and puts it into a [`Place`]: a folder or a bucket. There it is read back
//! and compared; only then the [`Manifest`] is written, and only a folder with a manifest is a backup. So a program that is killed
//! leaves nothing that looks like one, and the next run removes what is left.
//!
//! One runs at a time: a row in the database says so, with a sign of life every few seconds ([`RunState`];
//! `docs/states/backup.md`). [`restore`] brings a backup back where nothing stands yet, [`verify`] proves that it could.

mod blobs;
mod bucket;
mod error;
mod manifest;
mod pace;
mod place;
mod postgres;
mod restore;
mod retention;
mod run;
mod schedule;
mod seal;
mod sqlite;
mod state;
mod store;
#[cfg(test)]
mod tests;

pub use bucket::Bucket;
pub use error::BackupError;
pub use manifest::{ChainHead, Files, Manifest, Part, begun, is_id, list, manifest, written};
pub use place::{Draft, Folder, Place, Stored, place, split};
pub use restore::{Restored, Target, restore, verify, write_new};
pub use retention::{Retention, kept};
pub use run::{Made, make};
pub use schedule::scheduled;
pub use seal::{Identity, Recipients};
pub use sqlite::is_whole as sqlite_is_whole;
pub use state::RunState;

use crate::audit::Head;
use crate::database::{DatabaseError, Engine, Read, Sql, Write};
use crate::identity::InstitutionId;
use crate::site::Zone;
use pace::Pace;
use place::make_folder;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use time::OffsetDateTime;

/// Every statement of backups.
pub const STATEMENTS: &[Sql] = store::STATEMENTS;

crate::id! {
    /// One try to make a backup.
    pub struct BackupId;
}

/// Where the database is that is saved, or that is to be brought back.
#[derive(Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// The address of a database on a server, with its password.
    Postgres(String),
}

impl Origin {
    /// Of `sqlite:PATH`, `PATH` or `postgres://…`, as [`Database::open`](crate::database::Database::open) takes it.
    #[must_use]
    pub fn of(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::Postgres(url.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(url.strip_prefix("sqlite:").unwrap_or(url)))
        }
    }

    /// Which engine keeps it.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The address as the database takes it.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(url) => url.clone(),
        }
    }
}

/// An address may hold a password, which is never written into a log.
impl std::fmt::Debug for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "Sqlite({})", path.display()),
            Self::Postgres(_) => out.write_str("Postgres(…)"),
        }
    }
}

/// What is saved, where to, for whom, and how much of it is kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where backups are kept. One installation has it for itself.
    pub place: Arc<dyn Place>,
    /// Who can open them.
    pub recipients: Recipients,
    /// The database.
    pub origin: Origin,
    /// Where uploaded files are: their folder, or the bucket they are kept in; nothing when there are none.
    pub files: Option<Arc<dyn Place>>,
    /// The files that hold the installation's keys; the first is the one it was started with.
    pub keys: Vec<PathBuf>,
    /// The settings in force, names and values, as they are needed to come back.
    pub settings: Vec<(String, String)>,
    /// Where the copy lies until it is sealed: it is in clear, so as well protected as the database itself, and as large.
    pub work: PathBuf,
    /// From what names of files in the place are made: see [`Secrets::fingerprint`](crate::secret::Secrets::fingerprint).
    pub names_key: [u8; 32],
    /// How many backups are kept.
    pub retention: Retention,
    /// Whose days count for that.
    pub zone: Zone,
}

/// What is in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    engine_version: String,
    migration: i64,
    rows: BTreeMap<String, u64>,
    audit: Vec<(Option<InstitutionId>, Head)>,
}

/// One try to make a backup, as the database remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its identifier.
    pub id: BackupId,
    /// The identifier of the backup it makes.
    pub backup: String,
    /// The place, as it is called on screen.
    pub place: String,
    /// How it stands.
    pub state: RunState,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// Its last sign of life.
    pub beat_at: OffsetDateTime,
    /// When it ended.
    pub ended_at: Option<OffsetDateTime>,
    /// How much it wrote, when it is done.
    pub bytes: Option<u64>,
    /// Why it failed: the key of a sentence.
    pub error: Option<String>,
    /// When somebody with the secret half last brought it back to see that it can be.
    pub verified_at: Option<OffsetDateTime>,
}

/// The last tries, the youngest first.
///
/// # Errors
/// When the database cannot be read.
pub fn runs(db: &mut Read<'_>, most: u32) -> Result<Vec<Run>, DatabaseError> {
    store::runs(db, most)
}

/// The last backup that was made.
///
/// # Errors
/// When the database cannot be read.
pub fn last_done(db: &mut Read<'_>) -> Result<Option<Run>, DatabaseError> {
    store::last_done(db)
}

/// When a backup was last proved to be restorable.
///
/// # Errors
/// When the database cannot be read.
pub fn last_verified(db: &mut Read<'_>) -> Result<Option<OffsetDateTime>, DatabaseError> {
    store::verified_at(db)
}

/// Notes that a backup was proved to be restorable; `false` when this database made no such backup.
///
/// # Errors
/// When the database cannot be written.
pub fn note_verified(db: &mut Write<'_>, backup: &str, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    store::verify(db, backup, now)
}
