//! A folder as the place of files. What is stored is on the disk before anybody hears of it: first the file, then its name.

use super::place::{Chunks, Listed, PlaceError};
use super::spool::{Spool, take_room};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use rustix::fs::{Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, futimens};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

/// Where files wait while they are looked at.
const WAITING: &str = "masuk";
/// A file is read in pieces of this size.
const CHUNK: usize = 256 * 1024;

#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    room: Option<Arc<AtomicU64>>,
}

impl Folder {
    pub(super) fn new(root: PathBuf, room: Option<u64>) -> Self {
        Self { root, room: room.map(|room| Arc::new(AtomicU64::new(room))) }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn room(&self) -> Option<Arc<AtomicU64>> {
        self.room.clone()
    }

    pub(super) fn waiting_room(&self) -> Result<PathBuf, PlaceError> {
        let path = self.root.join(WAITING);
        make(&path).map_err(unreachable)?;
        Ok(path)
    }

    /// Where an object lies.
    pub(super) fn at(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// An object under a second name where files wait, without a copy: keeping that one is a renaming, dropping it leaves the object.
    /// Nothing when the file system gives a file one name only.
    pub(super) async fn second_name(&self, key: &str, hash: Option<String>) -> Result<Option<Spool>, PlaceError> {
        let (path, waiting) = (self.at(key), self.waiting_room()?);
        apart(move || {
            let file = File::open(&path)?;
            let linked = tempfile::Builder::new().prefix("masuk-").make_in(waiting, |name| fs::hard_link(&path, name));
            let Ok(linked) = linked else { return Ok(None) };
            // Its age is counted from now, as if it had been written now: it may have waited for long.
            let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
            futimens(
                &file,
                &Timestamps { last_access: Timespec { tv_nsec: UTIME_OMIT, ..now }, last_modification: now },
            )?;
            Spool::lying(linked.into_temp_path(), hash).map(Some)
        })
        .await
    }

    pub(super) async fn keep(&self, key: &str, spool: Spool) -> Result<(), PlaceError> {
        let path = self.root.join(key);
        apart(move || {
            let waiting = spool.into_path();
            File::open(&waiting)?.sync_all()?;
            let parent = parent(&path)?;
            make(parent)?;
            waiting.persist(&path).map_err(|error| error.error)?;
            File::open(parent)?.sync_all()
        })
        .await
    }

    pub(super) async fn put(&self, key: &str, bytes: Bytes) -> Result<(), PlaceError> {
        let (path, waiting, room) = (self.root.join(key), self.waiting_room()?, self.room());
        apart(move || {
            take_room(room.as_deref(), bytes.len())?;
            let mut file = tempfile::NamedTempFile::new_in(waiting)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            let parent = parent(&path)?;
            make(parent)?;
            file.persist(&path).map_err(|error| error.error)?;
            File::open(parent)?.sync_all()
        })
        .await
    }

    pub(super) async fn open(&self, key: &str, part: Range<u64>) -> Result<Chunks, PlaceError> {
        let mut file = tokio::fs::File::open(self.root.join(key)).await?;
        if part.start > 0 {
            file.seek(io::SeekFrom::Start(part.start)).await?;
        }
        let reader = file.take(part.end.saturating_sub(part.start));
        let chunks = ReaderStream::with_capacity(reader, CHUNK);
        Ok(chunks.map(|chunk| chunk.map_err(PlaceError::from)).boxed())
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), PlaceError> {
        let path = self.root.join(key);
        let root = self.root.clone();
        apart(move || {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            // Folders that are empty now go, too; one that another node fills at this moment refuses.
            let above = path.ancestors().skip(1).take_while(|above| *above != root);
            for folder in above {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
            }
            Ok(())
        })
        .await
    }

    pub(super) fn list(&self) -> BoxStream<'static, Result<Listed, PlaceError>> {
        let (sender, receiver) = tokio::sync::mpsc::channel(64);
        let root = self.root.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = walk(&root, &root, &sender) {
                // Nobody listens any more, or hears why it ended.
                let _ = sender.blocking_send(Err(error.into()));
            }
        });
        let next =
            |mut receiver: tokio::sync::mpsc::Receiver<_>| async { receiver.recv().await.map(|one| (one, receiver)) };
        stream::unfold(receiver, next).boxed()
    }

    pub(super) async fn clear_waiting_room(&self, before: OffsetDateTime) -> Result<u64, PlaceError> {
        let path = self.root.join(WAITING);
        apart(move || {
            let mut cleared = 0;
            for entry in entries(&path)? {
                if OffsetDateTime::from(entry.metadata()?.modified()?) < before {
                    fs::remove_file(entry.path())?;
                    cleared += 1;
                }
            }
            Ok(cleared)
        })
        .await
    }
}

type Sender = tokio::sync::mpsc::Sender<Result<Listed, PlaceError>>;

fn walk(root: &Path, folder: &Path, sender: &Sender) -> io::Result<()> {
    for entry in entries(folder)? {
        let path = entry.path();
        if path == root.join(WAITING) {
            continue;
        }
        // What is deleted while we look is not there.
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() {
            walk(root, &path, sender)?;
            continue;
        }
        let inside = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let listed = Listed { key: parts.join("/"), stored_at: about.modified()?.into() };
        if sender.blocking_send(Ok(listed)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// What is in a folder; one that does not exist is empty.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

pub(super) fn parent(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::other("an object has no folder"))
}

/// Makes a folder with all above it, each on the disk before the next.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        make(above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    match folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        Some(above) => File::open(above)?.sync_all(),
        None => Ok(()),
    }
}

pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, PlaceError> {
    tokio::task::spawn_blocking(work).await?.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => unreachable(error),
        _ => error.into(),
    })
}

/// A folder that is not there is no missing object.
fn unreachable(error: io::Error) -> PlaceError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => PlaceError::Full(error.into()),
        _ => PlaceError::Unreachable(error.into()),
    }
}
