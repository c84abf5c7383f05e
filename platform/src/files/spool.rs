//! A file while it is received: streamed to the disk and hashed at once, with a limit that the disk never sees crossed.

use super::place::{Place, PlaceError};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc as threads;
use tempfile::TempPath;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// The beginning that is kept in memory: enough to tell what kind of file it is.
const HEAD: usize = 16 * 1024;
/// So many chunks wait between the network and the disk.
pub(super) const WAITING: usize = 32;
/// Written at once.
const BUFFER: usize = 1024 * 1024;
/// After so many bytes the disk is told to begin, so that it is nearly done when the last byte comes.
const FLUSHED: u64 = 32 * 1024 * 1024;

/// A received file that waits to be kept. Dropping it deletes it.
#[derive(Debug)]
pub struct Spool {
    path: TempPath,
    bytes: u64,
    hash: String,
    head: Vec<u8>,
}

impl Spool {
    /// Where it lies until it is dropped.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// SHA-256 as 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Its first bytes.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// A file that lies where files wait already; it is read for its hash when nobody knows that.
    pub(super) fn lying(path: TempPath, hash: Option<String>) -> io::Result<Self> {
        let mut file = File::open(&path)?;
        let (mut head, bytes) = (Vec::new(), file.metadata()?.len());
        (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
        let hash = match hash {
            Some(hash) => hash,
            None => {
                let (mut digest, mut buffer) = (Sha256::new(), vec![0; BUFFER]);
                digest.update(&head);
                loop {
                    match file.read(&mut buffer)? {
                        0 => break hex(&digest.finalize()),
                        read => digest.update(&buffer[..read]),
                    }
                }
            }
        };
        Ok(Self { path, bytes, hash, head })
    }

    pub(super) fn into_path(self) -> TempPath {
        self.path
    }
}

/// A file that is being received. Dropping it before [`Intake::finish`] leaves nothing.
#[derive(Debug)]
pub struct Intake {
    chunks: mpsc::Sender<Bytes>,
    done: JoinHandle<io::Result<Spool>>,
    bytes: u64,
    most: u64,
    /// Nothing more is written once it is known that the file is not taken.
    refused: bool,
}

impl Intake {
    /// Begins to receive a file of at most so many bytes.
    ///
    /// # Errors
    /// When the place has no room where files wait.
    pub async fn begin(place: &Place, most: u64) -> Result<Self, PlaceError> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (place, room) = (place.clone(), place.room());
        let (file, path) = tokio::task::spawn_blocking(move || {
            let waiting = tempfile::Builder::new().prefix("masuk-").tempfile_in(place.waiting_room()?);
            Ok::<_, PlaceError>(waiting?.into_parts())
        })
        .await??;
        let done = tokio::task::spawn_blocking(move || write(receiver, file, path, room.as_ref()));
        Ok(Self { chunks: sender, done, bytes: 0, most, refused: false })
    }

    /// Takes the next bytes; `false` once there are more than may be. Those beyond the limit are never written.
    ///
    /// # Errors
    /// When the disk takes no more.
    pub async fn write(&mut self, chunk: Bytes) -> Result<bool, PlaceError> {
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        self.refused |= self.bytes > self.most;
        if self.refused {
            return Ok(false);
        }
        if self.chunks.send(chunk).await.is_ok() {
            return Ok(true);
        }
        // The writer is gone: it says why.
        self.refused = true;
        match (&mut self.done).await? {
            Err(error) => Err(error.into()),
            Ok(_) => Err(PlaceError::Unreachable("a file ended before it was received".into())),
        }
    }

    /// Whether more came than may be.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        self.bytes > self.most
    }

    /// The file, all of it written.
    ///
    /// # Errors
    /// When the disk did not take it.
    pub async fn finish(self) -> Result<Spool, PlaceError> {
        drop(self.chunks);
        Ok(self.done.await??)
    }
}

fn write(
    mut chunks: mpsc::Receiver<Bytes>,
    file: File,
    path: TempPath,
    room: Option<&Arc<AtomicU64>>,
) -> io::Result<Spool> {
    let mut flusher = Flusher::default();
    let mut out = BufWriter::with_capacity(BUFFER, file);
    let (mut digest, mut head, mut bytes) = (Sha256::new(), Vec::new(), 0_u64);
    while let Some(chunk) = chunks.blocking_recv() {
        take_room(room.map(AsRef::as_ref), chunk.len())?;
        digest.update(&chunk);
        if head.len() < HEAD {
            head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
        }
        out.write_all(&chunk)?;
        bytes += chunk.len() as u64;
        flusher.written(bytes, out.get_ref())?;
    }
    out.flush()?;
    flusher.finish()?;
    Ok(Spool { path, bytes, hash: hex(&digest.finalize()), head })
}

/// Tells the disk to begin while the rest is still received.
#[derive(Default)]
pub(super) struct Flusher {
    told: u64,
    thread: Option<(threads::SyncSender<()>, std::thread::JoinHandle<io::Result<()>>)>,
}

impl Flusher {
    pub(super) fn written(&mut self, bytes: u64, file: &File) -> io::Result<()> {
        if bytes - self.told < FLUSHED {
            return Ok(());
        }
        self.told = bytes;
        if self.thread.is_none() {
            let (sender, receiver) = threads::sync_channel(1);
            let file = file.try_clone()?;
            let thread = std::thread::spawn(move || receiver.iter().try_for_each(|()| file.sync_data()));
            self.thread = Some((sender, thread));
        }
        if let Some((sender, _)) = &self.thread {
            // One that is still busy begins again soon; one that failed says so at the end.
            let _ = sender.try_send(());
        }
        Ok(())
    }

    /// Waits for the disk. What it could not write is told to one asker only, so it must not get lost here.
    pub(super) fn finish(self) -> io::Result<()> {
        let Some((sender, thread)) = self.thread else { return Ok(()) };
        drop(sender);
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that writes to the disk stopped")))
    }
}

/// Takes room where a test limits it, as a disk would refuse.
pub(super) fn take_room(room: Option<&AtomicU64>, bytes: usize) -> io::Result<()> {
    let Some(room) = room else { return Ok(()) };
    let taken = room.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes as u64));
    taken.map(drop).map_err(|_| io::ErrorKind::StorageFull.into())
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}
