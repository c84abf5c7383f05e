//! An upload in a folder: what comes for it is written to the end of one file while it comes, and hashed on the way.
//!
//! A file grows by one hand for ever: that of the node that made it, which remembers where it ends and the hash until there. It counts as
//! far as its row says, and that is written when all of it is on the disk: at the end of each request, also of one whose line broke.
//! So nothing is ever cut or written twice that another might read. A node that was started anew, and every other node, begins a
//! file of its own where the rows end; of two who did, the database lets one win. What is remembered here saves a copy and no more.
//!
//! A line that broke may look alive for minutes. Therefore whoever goes on at the right place takes the turn from who is silent.

use super::folder::{make, parent};
use super::place::{Place, PlaceError};
use super::spool::{Flusher, WAITING, hex, take_room};
use super::store;
use super::upload::{MOST_PIECE, Piece, PieceError, Upload, UploadId, key};
use crate::app::App;
use crate::clock;
use crate::database::{DatabaseError, Uuid};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, watch};

/// The most bytes of one piece where it grows: it is on the disk before it is confirmed, and each confirmation costs two waits for the disk.
pub(super) const MOST_GROWN: usize = 256 * 1024 * 1024;
/// Smaller chunks are written together, larger ones as they came.
const BUFFER: usize = 128 * 1024;
/// So many uploads are remembered; one that is forgotten is copied once at its end.
const REMEMBERED: usize = 4096;

/// The most bytes of one piece in a place.
pub(super) fn most_piece(place: &Place) -> usize {
    if place.growing().is_some() { MOST_GROWN } else { MOST_PIECE }
}

/// The uploads that grow on this node.
#[derive(Debug)]
pub(super) struct Growths(Cache<UploadId, Arc<Growth>>);

/// One upload that grows on this node.
#[derive(Debug)]
struct Growth {
    /// How many asked to go on; who asked before the last one leaves when nothing comes.
    asked: watch::Sender<u64>,
    /// How far it is, with what is not on the disk yet; nothing when nobody sends.
    reached: AtomicU64,
    tail: Arc<Mutex<Option<Tail>>>,
}

/// Where the file of this node ends. Nobody else writes to it.
#[derive(Debug, Clone)]
struct Tail {
    object: Uuid,
    start: u64,
    end: u64,
    /// Of all from `start` to `end`.
    digest: Sha256,
}

/// The right to go on with an upload, until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    growth: Arc<Growth>,
    number: u64,
    tail: OwnedMutexGuard<Option<Tail>>,
}

impl Growths {
    pub(super) fn new() -> Self {
        Self(Cache::new(REMEMBERED))
    }

    fn of(&self, id: UploadId) -> Arc<Growth> {
        let new = || {
            Ok::<_, Infallible>(Arc::new(Growth {
                asked: watch::Sender::new(0),
                reached: AtomicU64::new(0),
                tail: Arc::default(),
            }))
        };
        match self.0.get_or_insert_with(&id, new) {
            Ok(growth) => growth,
        }
    }

    /// How far an upload got that somebody sends at this moment, with what is not confirmed yet.
    pub(super) fn reached(&self, id: UploadId) -> u64 {
        self.0.get(&id).map_or(0, |growth| growth.reached.load(Ordering::Acquire))
    }

    /// Waits until nobody else is busy with an upload; who sends and is silent leaves.
    pub(super) async fn hold(&self, id: UploadId) -> Held {
        let (growth, mut number) = (self.of(id), 0);
        growth.asked.send_modify(|asked| {
            *asked += 1;
            number = *asked;
        });
        let tail = Arc::clone(&growth.tail).lock_owned().await;
        Held { growth, number, tail }
    }

    /// Forgets an upload that is over.
    pub(super) fn forget(&self, id: UploadId) {
        self.0.remove(&id);
    }
}

impl Held {
    /// The hash of a piece, when this node wrote all of it.
    pub(super) fn hash(&self, piece: &Piece) -> Option<String> {
        let tail =
            self.tail.as_ref().filter(|tail| tail.object == piece.object && tail.end == piece.start + piece.bytes);
        tail.map(|tail| hex(&tail.digest.clone().finalize()))
    }
}

impl Growth {
    /// Waits until somebody else asks to go on.
    async fn is_asked_for(self: Arc<Self>, number: u64) {
        // It cannot end before: we hold who is asked.
        let _ = self.asked.subscribe().wait_for(|asked| *asked > number).await;
    }
}

/// What ended a piece.
enum End {
    /// All of it came.
    Whole,
    /// The line broke.
    Cut,
    /// Somebody else goes on, or more came than was said.
    Elsewhere,
}

/// Adds what comes at `start`; as [`add_piece`](super::add_piece) says.
pub(super) async fn grow<E>(
    app: &App,
    upload: &Upload,
    start: u64,
    body: impl Stream<Item = Result<Bytes, E>>,
) -> Result<u64, PieceError> {
    let reached = app.files().growths().reached(upload.id);
    if start != upload.received && start != reached {
        return Err(PieceError::Elsewhere(upload.received.max(reached)));
    }
    let held = app.files().growths().hold(upload.id).await;
    // What others did meanwhile counts, here and on other nodes.
    let at = position(app, upload).await?;
    if start != at {
        return Err(PieceError::Elsewhere(at));
    }
    let (growth, number) = (Arc::clone(&held.growth), held.number);
    let (chunks, received) = mpsc::channel(WAITING);
    // On its own: what came counts also when nobody waits for it any more.
    let written = tokio::spawn(write(app.clone(), upload.clone(), held, start, received));
    let mut left = upload.bytes.saturating_sub(start);
    let (mut body, mut asked_for) = (pin!(body), pin!(growth.is_asked_for(number)));
    let end = loop {
        let chunk = tokio::select! {
            biased;
            chunk = body.next() => chunk,
            () = &mut asked_for => break End::Elsewhere,
        };
        let chunk = match chunk {
            None => break End::Whole,
            Some(Err(_)) => break End::Cut,
            Some(Ok(chunk)) if chunk.is_empty() => continue,
            Some(Ok(chunk)) => chunk,
        };
        let Some(rest) = left.checked_sub(chunk.len() as u64) else { break End::Elsewhere };
        left = rest;
        if chunks.send(chunk).await.is_err() {
            // The writer is gone: it says why.
            break End::Whole;
        }
    };
    drop(chunks);
    let received = written.await.map_err(PlaceError::from)??;
    match end {
        End::Whole => Ok(received),
        End::Cut => Err(PieceError::Cut),
        End::Elsewhere => Err(PieceError::Elsewhere(received)),
    }
}

/// How far the upload got by the database.
async fn position(app: &App, upload: &Upload) -> Result<u64, DatabaseError> {
    let (institution, id) = (upload.institution, upload.id);
    let found = app.database().read(move |db| store::position(db, institution, id)).await;
    // One that does not receive any more is asked for again, and then says what it became.
    found.map(|found| found.unwrap_or(upload.bytes))
}

/// Writes what comes and confirms it. Who waits for the turn gets it after that.
async fn write(
    app: App,
    upload: Upload,
    mut held: Held,
    start: u64,
    chunks: mpsc::Receiver<Bytes>,
) -> Result<u64, PieceError> {
    // Remembered again only when it is known how it ended.
    let tail = held.tail.take().filter(|tail| tail.end == start).unwrap_or_else(|| Tail::beginning(start));
    let growth = Arc::clone(&held.growth);
    growth.reached.store(start, Ordering::Release);
    let written = confirm(&app, &upload, &mut held, tail, chunks).await;
    growth.reached.store(0, Ordering::Release);
    written
}

async fn confirm(
    app: &App,
    upload: &Upload,
    held: &mut Held,
    tail: Tail,
    chunks: mpsc::Receiver<Bytes>,
) -> Result<u64, PieceError> {
    let place = app.files().place();
    let folder = place.growing().ok_or(PlaceError::Missing)?;
    let object = key(upload.institution, upload.id, tail.object);
    let (path, room, growth, before) = (folder.at(&object), folder.room(), Arc::clone(&held.growth), tail.end);
    let written = super::folder::apart(move || extend(&path, tail, chunks, room.as_deref(), &growth.reached)).await?;
    if written.end == before {
        *held.tail = Some(written);
        return Ok(before);
    }
    let piece = Piece { start: written.start, bytes: written.end - written.start, object: written.object };
    let own = upload.clone();
    let added = app.database().write(move |db| store::add_piece(db, &own, &piece, before)).await;
    if added.map_err(|error: DatabaseError| error)? {
        let end = written.end;
        *held.tail = Some(written);
        return Ok(end);
    }
    // Another node was faster. A file that no row names goes now, or later as an object that nobody knows.
    if before == piece.start
        && let Err(error) = place.delete(&object).await
    {
        tracing::warn!(%error, "a piece nobody needs stays for a day");
    }
    Err(PieceError::Elsewhere(position(app, upload).await?))
}

impl Tail {
    fn beginning(start: u64) -> Self {
        Self { object: Uuid::from_bytes(clock::random()), start, end: start, digest: Sha256::new() }
    }

    /// Its file, open at its end.
    fn open(&self, path: &Path) -> io::Result<File> {
        if self.end == self.start {
            let folder = parent(path)?;
            make(folder)?;
            let file = File::options().write(true).create_new(true).open(path)?;
            File::open(folder)?.sync_all()?;
            return Ok(file);
        }
        let mut file = File::options().write(true).open(path)?;
        if file.seek(io::SeekFrom::End(0))? == self.end - self.start {
            return Ok(file);
        }
        Err(io::Error::other("a piece was changed by another hand"))
    }
}

/// Adds to a file what comes until nothing comes any more; a file begins with its first bytes. When this returns, it is on the disk; when it fails, nothing was added.
fn extend(
    path: &Path,
    tail: Tail,
    mut chunks: mpsc::Receiver<Bytes>,
    room: Option<&AtomicU64>,
    reached: &AtomicU64,
) -> io::Result<Tail> {
    let Some(first) = chunks.blocking_recv() else { return Ok(tail) };
    let file = tail.open(path)?;
    let (before, is_new) = (tail.end - tail.start, tail.end == tail.start);
    let all = std::iter::once(first).chain(std::iter::from_fn(|| chunks.blocking_recv()));
    append(file, tail, all, room, reached).inspect_err(|_| {
        // It keeps no room that others need. What stays in spite of it does not count, and goes with its upload or a day later.
        let _ = match is_new {
            true => fs::remove_file(path),
            false => File::options().write(true).open(path).and_then(|file| file.set_len(before)),
        };
    })
}

fn append(
    file: File,
    mut tail: Tail,
    chunks: impl Iterator<Item = Bytes>,
    room: Option<&AtomicU64>,
    reached: &AtomicU64,
) -> io::Result<Tail> {
    let mut flusher = Flusher::default();
    let mut out = BufWriter::with_capacity(BUFFER, file);
    for chunk in chunks {
        take_room(room, chunk.len())?;
        tail.digest.update(&chunk);
        out.write_all(&chunk)?;
        tail.end += chunk.len() as u64;
        reached.store(tail.end, Ordering::Release);
        flusher.written(tail.end - tail.start, out.get_ref())?;
    }
    out.flush()?;
    flusher.finish()?;
    out.get_ref().sync_data()?;
    Ok(tail)
}
