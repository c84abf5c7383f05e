//! Files that come in pieces, over a line that breaks.
//!
//! A sender begins an upload, sends piece after piece, each with the place it begins at, and asks how far it got after every break.
//! A piece is an object of its own in the place, and counts when its row is committed: so a piece that was confirmed is there, also for
//! another node, and of two senders of the same piece one is told where to go on. The last piece makes the file of them all.

use super::spool::Intake;
use super::take::{Sent, has_room, take_as};
use super::{DRAFT_ENDS, FileError, FileId, HolderKind, Refusal, Sender, StoredFile, store};
use crate::app::App;
use crate::clock;
use crate::database::{DatabaseError, Uuid};
use crate::identity::InstitutionId;
use bytes::Bytes;
use futures_util::StreamExt as _;

crate::id! {
    /// A file on its way.
    pub struct UploadId;
}

/// The most bytes of one piece: it lies in memory until it is stored.
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
    /// The place or the database failed, or the upload is gone.
    File(FileError),
}

impl<E: Into<FileError>> From<E> for PieceError {
    fn from(error: E) -> Self {
        Self::File(error.into())
    }
}

fn key(institution: InstitutionId, upload: UploadId, object: Uuid) -> String {
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
    let length = bytes.len() as u64;
    if start != upload.received || upload.file.is_some() || start.saturating_add(length) > upload.bytes {
        return Err(PieceError::Elsewhere(upload.received));
    }
    if length == 0 {
        return Ok(upload.received);
    }
    let piece = Piece { start, bytes: length, object: Uuid::from_bytes(clock::random()) };
    let key = key(upload.institution, upload.id, piece.object);
    let place = app.files().place();
    place.put(&key, bytes).await?;
    let own = upload.clone();
    let added = app.database().write(move |db| store::add_piece(db, &own, &piece)).await;
    if added.map_err(|error: DatabaseError| error)? {
        return Ok(start + length);
    }
    // Somebody was faster. Ours is deleted now, or later as an object that nobody knows.
    if let Err(error) = place.delete(&key).await {
        tracing::warn!(%error, "a piece nobody needs stays for a day");
    }
    let (id, institution) = (upload.id, upload.institution);
    let pieces = app.database().read(move |db| store::pieces(db, institution, id)).await;
    let last =
        pieces.map_err(|error: DatabaseError| error)?.last().map_or(upload.received, |last| last.start + last.bytes);
    Err(PieceError::Elsewhere(last))
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
    if let Some(file) = upload.file {
        let now = app.now();
        let found = app.database().read(move |db| super::draft(db, institution, file, &sender, kind, now)).await;
        return found.map_err(|error: DatabaseError| error)?.ok_or_else(|| Refusal::Gone.into());
    }
    let pieces = app.database().read(move |db| store::pieces(db, institution, id)).await;
    let pieces = pieces.map_err(|error: DatabaseError| error)?;
    let mut intake = Intake::begin(app.files().place(), upload.bytes).await?;
    for piece in &pieces {
        let mut chunks = app.files().place().open(&key(institution, id, piece.object), 0..piece.bytes).await?;
        while let Some(chunk) = chunks.next().await {
            intake.write(chunk?).await?;
        }
    }
    let spool = intake.finish().await?;
    if spool.bytes() != upload.bytes {
        return Err(super::PlaceError::Missing.into());
    }
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

/// Deletes pieces nobody needs. What fails here is collected when the upload has ended.
async fn drop_pieces(app: &App, institution: InstitutionId, id: UploadId, pieces: &[Piece]) {
    if let Err(error) = delete_pieces(app, institution, id, pieces).await {
        tracing::warn!(%error, "pieces nobody needs stay until their upload ends");
    }
}

async fn delete_pieces(app: &App, institution: InstitutionId, id: UploadId, pieces: &[Piece]) -> Result<(), FileError> {
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
