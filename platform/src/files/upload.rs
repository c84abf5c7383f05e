//! Files that come in pieces, over a line that breaks.
//!
//! A sender begins an upload, sends piece after piece, each with the place it begins at, and asks how far it got after every break.
//! In a bucket a piece is an object of its own; in a folder the pieces make one file grow ([`growing`]). Either counts when its row is
//! committed: so a piece that was confirmed is there, also for another node, and of two senders of the same piece one is told where to
//! go on. The last piece makes the file of them all.

use super::growing::{self, Held};
use super::spool::{Intake, Spool};
use super::take::{Sent, has_room, take_as};
use super::{DRAFT_ENDS, FileError, FileId, HolderKind, Refusal, Sender, StoredFile, store};
use crate::app::App;
use crate::clock;
use crate::database::{DatabaseError, Uuid};
use crate::identity::InstitutionId;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use std::convert::Infallible;
use std::pin::pin;

crate::id! {
    /// A file on its way.
    pub struct UploadId;
}

/// The most bytes of one piece in a bucket: it lies in memory until it is stored.
pub(super) const MOST_PIECE: usize = 8 * 1024 * 1024;

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its identifier.
    pub id: UploadId,
    /// Whose the file will be.
    pub institution: InstitutionId,
    /// The kind of holder it is for.
    pub holder_kind: String,
    /// What its sender calls it.
    pub name: String,
    /// How large it will be.
    pub bytes: u64,
    /// How much of it is stored.
    pub received: u64,
    /// Whether the sender wants the position of a photograph kept.
    pub keep_position: bool,
    /// The draft it became.
    pub file: Option<FileId>,
}

/// What somebody wants to send in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// What they call it.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
    /// Whether they want the position of a photograph kept.
    pub keep_position: bool,
}

/// A piece that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: u64,
    pub(super) bytes: u64,
    pub(super) object: Uuid,
}

/// Why a piece was not taken.
#[derive(Debug)]
pub enum PieceError {
    /// It does not begin where the last one ended: at this byte the next one begins.
    Elsewhere(u64),
    /// The line broke before its end. What of it counts is known to who asks for the upload.
    Cut,
    /// The place or the database failed, or the upload is gone.
    File(FileError),
}

impl<E: Into<FileError>> From<E> for PieceError {
    fn from(error: E) -> Self {
        Self::File(error.into())
    }
}

pub(super) fn key(institution: InstitutionId, upload: UploadId, object: Uuid) -> String {
    format!("{PIECES}/{institution}/{upload}/{object}")
}

/// The folder of pieces; no institution is called so.
pub(super) const PIECES: &str = "unggahan";

/// Begins an upload.
///
/// # Errors
/// When the file would be too large, or too much of the sender waits already.
pub async fn begin_upload(
    app: &App,
    institution: InstitutionId,
    sender: Sender,
    kind: &'static HolderKind,
    new: NewUpload,
) -> Result<Upload, FileError> {
    if new.bytes == 0 {
        return Err(Refusal::Empty.into());
    }
    if new.bytes > kind.most_bytes {
        return Err(Refusal::TooLarge(kind.most_bytes).into());
    }
    let now = app.now();
    let upload = Upload {
        id: UploadId::new(now),
        institution,
        holder_kind: kind.name.to_owned(),
        name: short(&new.name),
        bytes: new.bytes,
        received: 0,
        keep_position: new.keep_position,
        file: None,
    };
    let written = app.database().write(move |db| {
        has_room(db, institution, &sender, upload.bytes, now)?;
        store::add_upload(db, &upload, &sender, now, now.saturating_add(DRAFT_ENDS))?;
        Ok::<_, FileError>(upload.clone())
    });
    written.await
}

/// A name is cleaned when the kind of its file is known; until then it is only kept from growing.
fn short(name: &str) -> String {
    let short: String = name.chars().take(200).collect();
    if short.trim().is_empty() { "berkas".into() } else { short }
}

/// An upload of its sender that has not ended.
///
/// # Errors
/// [`Refusal::Gone`] when there is none; or the database cannot be read.
pub async fn upload(app: &App, institution: InstitutionId, sender: Sender, id: UploadId) -> Result<Upload, FileError> {
    let now = app.now();
    let found = app.database().read(move |db| store::upload(db, institution, id, &sender, now)).await;
    found.map_err(|error: DatabaseError| error)?.ok_or_else(|| Refusal::Gone.into())
}

/// Adds a piece that begins at `start`, and tells how far the upload got. When this returns, the piece is durable.
///
/// # Errors
/// [`PieceError::Elsewhere`] when another piece is due; or the place or the database fails.
pub async fn add_piece(app: &App, upload: &Upload, start: u64, bytes: Bytes) -> Result<u64, PieceError> {
    if start.saturating_add(bytes.len() as u64) > upload.bytes {
        return Err(PieceError::Elsewhere(upload.received));
    }
    add_stream(app, upload, start, stream::iter([Ok::<_, Infallible>(bytes)])).await
}

/// As [`add_piece`], while it comes. In a folder, what came counts also when the line breaks or this is dropped; and whoever begins
/// where it got to takes its turn when nothing more comes.
///
/// # Errors
/// As [`add_piece`]; [`PieceError::Cut`] when the line broke.
pub async fn add_stream<E>(
    app: &App,
    upload: &Upload,
    start: u64,
    body: impl Stream<Item = Result<Bytes, E>>,
) -> Result<u64, PieceError> {
    if upload.file.is_some() {
        return Err(PieceError::Elsewhere(upload.received));
    }
    if app.files().place().growing().is_some() {
        return growing::grow(app, upload, start, body).await;
    }
    let (mut body, mut whole) = (pin!(body), BytesMut::new());
    let most = usize::try_from(upload.bytes.saturating_sub(start)).unwrap_or(usize::MAX).min(MOST_PIECE);
    while let Some(chunk) = body.next().await {
        whole.extend_from_slice(&chunk.map_err(|_| PieceError::Cut)?);
        if whole.len() > most {
            return Err(PieceError::Elsewhere(upload.received));
        }
    }
    add_object(app, upload, start, whole.freeze()).await
}

/// Adds a piece as an object of its own.
async fn add_object(app: &App, upload: &Upload, start: u64, bytes: Bytes) -> Result<u64, PieceError> {
    if start != upload.received {
        return Err(PieceError::Elsewhere(upload.received));
    }
    if bytes.is_empty() {
        return Ok(upload.received);
    }
    let piece = Piece { start, bytes: bytes.len() as u64, object: Uuid::from_bytes(clock::random()) };
    let key = key(upload.institution, upload.id, piece.object);
    let place = app.files().place();
    place.put(&key, bytes).await?;
    let own = upload.clone();
    let added = app.database().write(move |db| store::add_piece(db, &own, &piece, start)).await;
    if added.map_err(|error: DatabaseError| error)? {
        return Ok(start + piece.bytes);
    }
    // Somebody was faster. Ours is deleted now, or later as an object that nobody knows.
    if let Err(error) = place.delete(&key).await {
        tracing::warn!(%error, "a piece nobody needs stays for a day");
    }
    let (id, institution) = (upload.id, upload.institution);
    let last = app.database().read(move |db| store::position(db, institution, id)).await;
    Err(PieceError::Elsewhere(last.map_err(|error: DatabaseError| error)?.unwrap_or(upload.bytes)))
}

/// Makes the file of all pieces: the same as if it had come in one. A file that is refused ends its upload; when place or scanner
/// fail, the pieces stay and it can be finished again.
///
/// # Errors
/// As [`take`](super::take).
pub async fn finish_upload(
    app: &App,
    sender: Sender,
    kind: &'static HolderKind,
    upload: &Upload,
) -> Result<StoredFile, FileError> {
    let (institution, id) = (upload.institution, upload.id);
    // Of two who ask for it, the second gets what the first made.
    let held = app.files().growths().hold(id).await;
    let upload = self::upload(app, institution, sender, id).await?;
    if let Some(file) = upload.file {
        let now = app.now();
        let found = app.database().read(move |db| super::draft(db, institution, file, &sender, kind, now)).await;
        return found.map_err(|error: DatabaseError| error)?.ok_or_else(|| Refusal::Gone.into());
    }
    let pieces = app.database().read(move |db| store::pieces(db, institution, id)).await;
    let pieces = pieces.map_err(|error: DatabaseError| error)?;
    let spool = whole(app, &upload, &pieces, &held).await?;
    let sent = Sent { institution, sender, kind, name: upload.name.clone(), keep_position: upload.keep_position };
    let taken = take_as(app, &sent, spool, Some(id)).await;
    match &taken {
        Ok(_) => drop_pieces(app, institution, id, &pieces).await,
        Err(FileError::Refused(_)) => {
            let now = app.now();
            let ended = app.database().write(move |db| store::end_upload(db, institution, id, now)).await;
            ended.map_err(|error: DatabaseError| error)?;
            drop_pieces(app, institution, id, &pieces).await;
        }
        Err(_) => {}
    }
    taken
}

/// The file of all pieces. One that grew as a whole gets a second name; several are copied, one after the other.
async fn whole(app: &App, upload: &Upload, pieces: &[Piece], held: &Held) -> Result<Spool, FileError> {
    let (place, at) = (app.files().place(), |piece: &Piece| key(upload.institution, upload.id, piece.object));
    if let ([piece], Some(folder)) = (pieces, place.growing())
        && piece.bytes == upload.bytes
        && let Some(spool) = folder.second_name(&at(piece), held.hash(piece)).await?
        && spool.bytes() == upload.bytes
    {
        return Ok(spool);
    }
    let mut intake = Intake::begin(place, upload.bytes).await?;
    for piece in pieces {
        let mut chunks = place.open(&at(piece), 0..piece.bytes).await?;
        while let Some(chunk) = chunks.next().await {
            intake.write(chunk?).await?;
        }
    }
    let spool = intake.finish().await?;
    if spool.bytes() == upload.bytes { Ok(spool) } else { Err(super::PlaceError::Missing.into()) }
}

/// Deletes pieces nobody needs. What fails here is collected when the upload has ended.
async fn drop_pieces(app: &App, institution: InstitutionId, id: UploadId, pieces: &[Piece]) {
    if let Err(error) = delete_pieces(app, institution, id, pieces).await {
        tracing::warn!(%error, "pieces nobody needs stay until their upload ends");
    }
}

async fn delete_pieces(app: &App, institution: InstitutionId, id: UploadId, pieces: &[Piece]) -> Result<(), FileError> {
    app.files().growths().forget(id);
    for piece in pieces {
        app.files().place().delete(&key(institution, id, piece.object)).await?;
    }
    app.database()
        .write(move |db| store::drop_pieces(db, institution, id))
        .await
        .map_err(|error: DatabaseError| error.into())
}

/// Removes an upload that has ended, its objects first.
pub(super) async fn remove(app: &App, institution: InstitutionId, id: UploadId) -> Result<(), FileError> {
    let pieces = app.database().read(move |db| store::pieces(db, institution, id)).await;
    let pieces = pieces.map_err(|error: DatabaseError| error)?;
    delete_pieces(app, institution, id, &pieces).await?;
    app.database()
        .write(move |db| store::drop_upload(db, institution, id))
        .await
        .map_err(|error: DatabaseError| error.into())
}
