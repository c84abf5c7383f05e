//! Where the bytes are: a folder of this machine, or a bucket of an S3 server.
//!
//! An object has a key and never changes: it is stored whole under its own key, or not at all. Only a piece of an upload in a folder
//! grows at its end, and counts as far as its row says. Keys are made of identifiers that are used once, so that storing and deleting
//! can never mean the same object by accident.

use super::bucket::Bucket;
use super::folder::Folder;
use super::spool::Spool;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use rules::phrase::Phrase;
use sha2::{Digest as _, Sha256};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::OffsetDateTime;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the place did not do as asked. Nothing was half-done.
#[derive(Debug)]
pub enum PlaceError {
    /// The disk has no room left.
    Full(Cause),
    /// The folder cannot be used, or the server does not answer: the same may be tried again.
    Unreachable(Cause),
    /// There is no such object.
    Missing,
    /// The object is not what was stored.
    Damaged,
}

impl PlaceError {
    /// The sentence for the reader: what happened and what to do.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        Phrase::new(match self {
            Self::Full(_) => "file.full",
            Self::Unreachable(_) => "file.unreachable",
            Self::Missing => "file.missing",
            Self::Damaged => "file.damaged",
        })
    }
}

impl std::fmt::Display for PlaceError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Full(cause) => write!(out, "the place of files has no room left: {cause}"),
            Self::Unreachable(cause) => write!(out, "the place of files cannot be reached: {cause}"),
            Self::Missing => out.write_str("the place of files lacks an object"),
            Self::Damaged => out.write_str("an object in the place of files is not what was stored"),
        }
    }
}

impl std::error::Error for PlaceError {}

impl From<std::io::Error> for PlaceError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{NotFound, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Self::Full(error.into()),
            NotFound => Self::Missing,
            _ => Self::Unreachable(error.into()),
        }
    }
}

impl From<tokio::task::JoinError> for PlaceError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Unreachable(error.into())
    }
}

/// The bytes of an object as they come.
pub type Chunks = BoxStream<'static, Result<Bytes, PlaceError>>;

/// An object that lies in the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// When it was stored, by the clock of the place.
    pub stored_at: OffsetDateTime,
}

/// A place for objects. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Place(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    Nowhere,
    Folder(Folder),
    Bucket(Bucket),
}

impl Place {
    /// No place: whatever is asked of it, it cannot be reached.
    #[must_use]
    pub fn nowhere() -> Self {
        Self(Arc::new(Kind::Nowhere))
    }

    /// A folder, made when something is stored. Several nodes can share it when their file system can.
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Kind::Folder(Folder::new(path.into(), None))))
    }

    /// A folder on a disk that has room for so many bytes.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn small_folder(path: impl Into<PathBuf>, room: u64) -> Self {
        Self(Arc::new(Kind::Folder(Folder::new(path.into(), Some(room)))))
    }

    /// `s3://bucket/prefix`, with keys and region of the environment (`AWS_ACCESS_KEY_ID` and so on), at an endpoint when it is not
    /// that of Amazon. `keys` take the place of those of the environment.
    ///
    /// # Errors
    /// When the address is none, or what is needed to use it is missing.
    pub fn bucket(url: &str, endpoint: Option<&str>, keys: Option<(&str, &str)>) -> Result<Self, PlaceError> {
        Bucket::connect(url, endpoint, keys).map(|bucket| Self(Arc::new(Kind::Bucket(bucket))))
    }

    /// Where files wait while they are looked at: the folder itself, so that keeping one is a renaming; else that of the system.
    pub(super) fn waiting_room(&self) -> Result<PathBuf, PlaceError> {
        match &*self.0 {
            Kind::Nowhere => Err(nowhere()),
            Kind::Folder(folder) => folder.waiting_room(),
            Kind::Bucket(_) => Ok(std::env::temp_dir()),
        }
    }

    /// The room that is left, where a test limits it.
    pub(super) fn room(&self) -> Option<Arc<std::sync::atomic::AtomicU64>> {
        match &*self.0 {
            Kind::Folder(folder) => folder.room(),
            _ => None,
        }
    }

    /// The folder, when files can grow in it.
    pub(super) fn growing(&self) -> Option<&Folder> {
        match &*self.0 {
            Kind::Folder(folder) => Some(folder),
            Kind::Nowhere | Kind::Bucket(_) => None,
        }
    }

    /// Stores a file that was waiting. When this returns, it outlives a loss of power.
    ///
    /// # Errors
    /// When it cannot be stored; then there is nothing under the key.
    pub async fn keep(&self, key: &str, spool: Spool) -> Result<(), PlaceError> {
        match &*self.0 {
            Kind::Nowhere => Err(nowhere()),
            Kind::Folder(folder) => folder.keep(key, spool).await,
            Kind::Bucket(bucket) => bucket.keep(key, &spool).await,
        }
    }

    /// Stores bytes, as [`Place::keep`] does.
    ///
    /// # Errors
    /// When they cannot be stored; then there is nothing under the key.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), PlaceError> {
        match &*self.0 {
            Kind::Nowhere => Err(nowhere()),
            Kind::Folder(folder) => folder.put(key, bytes).await,
            Kind::Bucket(bucket) => bucket.put(key, bytes).await,
        }
    }

    /// A part of an object, as it lies there.
    ///
    /// # Errors
    /// When it is missing or the place cannot be reached; the stream can fail later, too.
    pub async fn open(&self, key: &str, part: Range<u64>) -> Result<Chunks, PlaceError> {
        match &*self.0 {
            Kind::Nowhere => Err(nowhere()),
            Kind::Folder(folder) => folder.open(key, part).await,
            Kind::Bucket(bucket) => bucket.open(key, part).await,
        }
    }

    /// Reads a whole object and compares it with what was stored.
    ///
    /// # Errors
    /// [`PlaceError::Damaged`] when size or hash differ; else as [`Place::open`].
    pub async fn verify(&self, key: &str, bytes: u64, hash: &str) -> Result<(), PlaceError> {
        let mut chunks = self.open(key, 0..bytes).await?;
        let (mut seen, mut digest) = (0_u64, Sha256::new());
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk?;
            seen += chunk.len() as u64;
            digest.update(&chunk);
        }
        let same = seen == bytes && super::spool::hex(&digest.finalize()) == hash;
        if same { Ok(()) } else { Err(PlaceError::Damaged) }
    }

    /// Deletes an object; one that is not there is deleted already.
    ///
    /// # Errors
    /// When the place cannot be reached.
    pub async fn delete(&self, key: &str) -> Result<(), PlaceError> {
        match &*self.0 {
            Kind::Nowhere => Err(nowhere()),
            Kind::Folder(folder) => folder.delete(key).await,
            Kind::Bucket(bucket) => bucket.delete(key).await,
        }
    }

    /// All objects, in any order, as they are found.
    ///
    /// # Errors
    /// When the place cannot be reached; the stream can fail later, too.
    pub fn list(&self) -> Result<BoxStream<'static, Result<Listed, PlaceError>>, PlaceError> {
        match &*self.0 {
            Kind::Nowhere => Err(nowhere()),
            Kind::Folder(folder) => Ok(folder.list()),
            Kind::Bucket(bucket) => Ok(bucket.list()),
        }
    }

    /// Removes what was waiting since before a moment: those who sent it were cut off.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn clear_waiting_room(&self, before: OffsetDateTime) -> Result<u64, PlaceError> {
        match &*self.0 {
            Kind::Folder(folder) => folder.clear_waiting_room(before).await,
            Kind::Nowhere | Kind::Bucket(_) => Ok(0),
        }
    }

    /// Whether an object can be stored and deleted now, for whoever checks the system.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check(&self) -> Result<(), PlaceError> {
        let key = format!("periksa/{}", super::spool::hex(&crate::clock::random::<8>()));
        self.put(&key, Bytes::from_static(b"prima")).await?;
        self.delete(&key).await
    }

    /// The folder, when it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &*self.0 {
            Kind::Folder(folder) => Some(folder.root()),
            _ => None,
        }
    }
}

fn nowhere() -> PlaceError {
    PlaceError::Unreachable("no place for files was set".into())
}
