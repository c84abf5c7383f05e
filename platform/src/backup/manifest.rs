//! What a backup says of itself: the last thing written of it, and what makes it one.

use super::BackupError;
use super::place::Place;
use crate::audit::Head;
use crate::clock;
use crate::database::Engine;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Read as _;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// The name of the manifest in the folder of its backup.
pub(super) const MANIFEST: &str = "manifest.json";
/// No manifest is longer.
const LONGEST: u64 = 16 << 20;
/// An identifier begins with the moment, so that identifiers sort by time.
const MOMENT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]-[minute]-[second]Z");

/// The manifest of a backup. It holds nothing of what people wrote: names of tables, counts, sizes and fingerprints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The version of this form: 1.
    pub form: u32,
    /// The identifier: when it was begun in UTC, and four digits by chance.
    pub id: String,
    /// The version of the program that made it.
    pub program: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The engine's own version.
    pub engine_version: String,
    /// The number of the last migration of the database.
    pub migration: i64,
    /// The moment whose state was saved, as ISO 8601 in UTC: what was confirmed before it is in the backup.
    pub state_of: String,
    /// When the backup was complete.
    pub ended_at: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// For whom it is encrypted: public halves of keys.
    pub recipients: Vec<String>,
    /// The things it is made of.
    pub parts: Vec<Part>,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// The last entry of each chain of the audit log.
    pub audit: Vec<ChainHead>,
    /// The files that people uploaded; nothing when the installation keeps none.
    pub files: Option<Files>,
}

/// One sealed thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Its name: `database.age`, `settings.age`, `files.age`.
    pub name: String,
    /// How long it is as it lies there, in bytes.
    pub bytes: u64,
    /// The SHA-256 of that, in hexadecimal.
    pub sha256: String,
    /// How long it is when it is opened.
    pub plain_bytes: u64,
}

/// The end of a chain of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChainHead {
    /// The institution; nothing for the chain of the installation.
    pub institution: Option<String>,
    /// `NUMBER:HASH`, as `prima audit verify --expect` takes it.
    pub head: String,
}

impl ChainHead {
    /// The head itself.
    ///
    /// # Errors
    /// When it is not written as one.
    pub fn read(&self) -> Result<Head, BackupError> {
        self.head.parse().map_err(|()| BackupError::damaged(MANIFEST))
    }
}

/// Uploaded files, which lie beside all backups, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Files {
    /// How many there are.
    pub count: u64,
    /// How long they are together.
    pub bytes: u64,
    /// How many of them this backup brought.
    pub new: u64,
    /// How many were not what their names say, and are therefore missing.
    pub damaged: u64,
}

impl Manifest {
    /// The moment whose state was saved.
    #[must_use]
    pub fn state_of(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(&self.state_of, &time::format_description::well_known::Rfc3339).ok()
    }

    /// How much the parts and new files take in their place.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    pub(super) fn part(&self, name: &str) -> Result<&Part, BackupError> {
        self.parts.iter().find(|part| part.name == name).ok_or_else(|| BackupError::damaged(MANIFEST))
    }
}

/// The engine's name in manifests.
pub(super) const fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// A moment as manifests write it: ISO 8601 in UTC, to the second.
#[must_use]
pub fn written(moment: OffsetDateTime) -> String {
    let whole = moment.to_offset(UtcOffset::UTC).replace_nanosecond(0).unwrap_or(moment);
    whole.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// A new identifier of a backup that begins now.
pub(super) fn new_id(now: OffsetDateTime) -> String {
    let [first, second] = clock::random::<2>();
    let moment = now.to_offset(UtcOffset::UTC).format(MOMENT).unwrap_or_default();
    format!("{moment}-{first:02x}{second:02x}")
}

/// When the backup of an identifier was begun; nothing when it is none.
#[must_use]
pub fn begun(id: &str) -> Option<OffsetDateTime> {
    let (moment, chance) = id.rsplit_once('-')?;
    let fits = chance.len() == 4 && chance.bytes().all(|digit| digit.is_ascii_hexdigit());
    fits.then(|| PrimitiveDateTime::parse(moment, MOMENT).ok()).flatten().map(PrimitiveDateTime::assume_utc)
}

/// Whether a text is an identifier of a backup.
#[must_use]
pub fn is_id(text: &str) -> bool {
    begun(text).is_some()
}

/// The identifiers of all backups in a place, the oldest first, and of folders that never became one.
pub(super) fn ids(place: &dyn Place) -> Result<(Vec<String>, Vec<String>), BackupError> {
    let stored = place.list("").map_err(|error| BackupError::of(place.label(), error))?;
    let mut folders: BTreeMap<&str, bool> = BTreeMap::new();
    for one in &stored {
        if let Some((folder, name)) = one.name.split_once('/')
            && is_id(folder)
        {
            *folders.entry(folder).or_default() |= name == MANIFEST;
        }
    }
    let of = |whole: bool| folders.iter().filter(|(_, is)| **is == whole).map(|(id, _)| (*id).to_owned()).collect();
    Ok((of(true), of(false)))
}

/// The manifest of a backup.
///
/// # Errors
/// When the place cannot be read, or what lies there is no manifest.
pub fn manifest(place: &dyn Place, id: &str) -> Result<Manifest, BackupError> {
    let name = format!("{id}/{MANIFEST}");
    let fail = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => BackupError::NoBackup { place: format!("{}:{id}", place.label()) },
        _ => BackupError::of(place.label(), error),
    };
    let mut text = String::new();
    place.open(&name).map_err(fail)?.take(LONGEST).read_to_string(&mut text).map_err(fail)?;
    let read: Manifest = serde_json::from_str(&text).map_err(|_| BackupError::damaged(&name))?;
    if read.form == 1 && read.id == id { Ok(read) } else { Err(BackupError::damaged(name)) }
}

/// The backups of a place, the oldest first. A folder without a manifest is none.
///
/// # Errors
/// When the place cannot be read.
pub fn list(place: &dyn Place) -> Result<Vec<String>, BackupError> {
    Ok(ids(place)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn identifiers_tell_when_and_sort_by_it() {
        let moment = datetime!(2026-11-21 02:00 +7);
        let id = new_id(moment);
        assert!(id.starts_with("2026-11-20T19-00-00Z-"), "{id}");
        assert_eq!(begun(&id), Some(moment));
        assert!(new_id(moment + time::Duration::SECOND) > id);
        for other in ["", "files", "2026-11-20", "2026-11-20T19-00-00Z", "2026-13-20T19-00-00Z-07a1", &id[1..]] {
            assert!(!is_id(other), "{other}");
        }
    }
}
