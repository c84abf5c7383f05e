//! From a received file to a draft: what it is, whether it is taken, what of it is kept.

use super::picture::{self, NoPicture};
use super::place::PlaceError;
use super::scan::Verdict;
use super::spool::{Spool, hex};
use super::upload::UploadId;
use super::{
    Blob, BlobId, DRAFT_ENDS, FileError, FileId, FileState, Files, HolderKind, Kind, MOST_WAITING, MOST_WAITING_BYTES,
    Position, Refusal, Sender, StoredFile, pdf, store,
};
use crate::app::App;
use crate::audit::{self, Actor, Entry, Subject};
use crate::database::{DatabaseError, Read, Write};
use crate::identity::InstitutionId;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// What is known of a file beside its content.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Whose it will be.
    pub institution: InstitutionId,
    /// Who sends it.
    pub sender: Sender,
    /// What it is for.
    pub kind: &'static HolderKind,
    /// What its sender calls it.
    pub name: String,
    /// Whether the sender wants the position of a photograph kept.
    pub keep_position: bool,
}

/// Takes a file as a draft of its sender: looked at, stored, and in the database when this returns.
///
/// # Errors
/// When the file is refused, or place, scanner or database fail. Then there is no draft; what was stored already is collected.
pub async fn take(app: &App, sent: &Sent, spool: Spool) -> Result<StoredFile, FileError> {
    take_as(app, sent, spool, None).await
}

/// As [`take`], and in the same transaction the upload it came by is finished.
pub(super) async fn take_as(
    app: &App,
    sent: &Sent,
    spool: Spool,
    upload: Option<UploadId>,
) -> Result<StoredFile, FileError> {
    let placed = stage(app, sent, spool).await?;
    let (file, extra) = commit(app, sent, placed, upload).await?;
    for blob in extra {
        // Stored for nothing, since the content is there already. What cannot be deleted now is found later.
        if let Err(error) = app.files().place().delete(&blob.key(sent.institution)).await {
            tracing::warn!(%error, "an object nobody needs stays for a day");
        }
    }
    Ok(file)
}

/// Looks at a file and stores what is kept of it; it has no row yet.
pub(super) async fn stage(app: &App, sent: &Sent, spool: Spool) -> Result<Placed, FileError> {
    let kind = look(sent.kind, &spool)?;
    scan(app, sent, &spool).await?;
    let ready = prepare(app.files(), sent, kind, spool).await?;
    place(app, sent, ready).await
}

/// The kind, when files of this kind and size are taken.
fn look(holder: &HolderKind, spool: &Spool) -> Result<Kind, Refusal> {
    if spool.bytes() == 0 {
        return Err(Refusal::Empty);
    }
    let kind = Kind::of(spool.head()).filter(|kind| holder.kinds.contains(kind)).ok_or(Refusal::Kind)?;
    let most = most_bytes(holder, kind);
    if spool.bytes() > most { Err(Refusal::TooLarge(most)) } else { Ok(kind) }
}

fn most_bytes(holder: &HolderKind, kind: Kind) -> u64 {
    if kind.is_picture() { holder.most_bytes.min(picture::MOST_BYTES) } else { holder.most_bytes }
}

/// Asks the scanner where there is one. What it finds is recorded, without the name the file had.
async fn scan(app: &App, sent: &Sent, spool: &Spool) -> Result<(), FileError> {
    let Some(scanner) = app.files().scanner() else { return Ok(()) };
    match scanner.scan(spool.path()).await? {
        Verdict::Clean => Ok(()),
        Verdict::TooLarge => Err(Refusal::TooLargeToScan.into()),
        Verdict::Infected => {
            let entry = Entry {
                institution: Some(sent.institution),
                at: app.now(),
                actor: match sent.sender {
                    Sender::Account(account) => Actor::Person(account),
                    Sender::Token(_) => Actor::Program("form"),
                },
                act: "files.infected",
                subject: Subject::new("content", spool.hash()),
                detail: serde_json::json!({ "for": sent.kind.name, "bytes": spool.bytes() }),
            };
            app.database().write(move |db| audit::record(db, &entry)).await.map_err(|error: DatabaseError| error)?;
            Err(Refusal::Infected.into())
        }
    }
}

/// What is stored of a file.
enum Content {
    /// As it was sent.
    Waiting(Spool),
    /// As it was drawn anew.
    Drawn(Bytes),
}

struct Ready {
    kind: Kind,
    sent_hash: String,
    content: Content,
    /// The copy for looking at, when it is not the content itself.
    copy: Option<Bytes>,
    sides: Option<(u32, u32)>,
    position: Option<Position>,
}

async fn prepare(files: &Files, sent: &Sent, kind: Kind, spool: Spool) -> Result<Ready, FileError> {
    let sent_hash = spool.hash().to_owned();
    if kind.is_picture() {
        let _place = files.workshop().acquire().await.map_err(|error| PlaceError::Unreachable(error.into()))?;
        let bytes = tokio::fs::read(spool.path()).await?;
        let drawn = tokio::task::spawn_blocking(move || picture::redraw(kind, &bytes)).await;
        // A drawing that panicked is a picture we cannot draw.
        let drawn = drawn.unwrap_or(Err(NoPicture::Damaged)).map_err(|why| match why {
            NoPicture::Damaged => Refusal::Damaged,
            NoPicture::TooManyDots => Refusal::TooManyDots,
        })?;
        let position = drawn.position.filter(|_| sent.keep_position && sent.kind.keeps_position);
        let sides = Some((drawn.width, drawn.height));
        let content = Content::Drawn(drawn.bytes.into());
        return Ok(Ready { kind: drawn.kind, sent_hash, content, copy: None, sides, position });
    }
    let copy = if kind == Kind::Pdf && spool.bytes() <= pdf::MOST_BYTES {
        let _place = files.workshop().acquire().await.map_err(|error| PlaceError::Unreachable(error.into()))?;
        let bytes = tokio::fs::read(spool.path()).await?;
        // One that brings the reader down can be downloaded only.
        tokio::task::spawn_blocking(move || pdf::inert(&bytes)).await.ok().flatten()
    } else {
        None
    };
    let content = Content::Waiting(spool);
    Ok(Ready { kind, sent_hash, content, copy: copy.map(Bytes::from), sides: None, position: None })
}

/// What lies in the place and has no row yet.
pub(super) struct Placed {
    kind: Kind,
    sent_hash: String,
    kept: Blob,
    copy: Option<Blob>,
    sides: Option<(u32, u32)>,
    position: Option<Position>,
}

async fn place(app: &App, sent: &Sent, ready: Ready) -> Result<Placed, FileError> {
    let place = app.files().place();
    let blob = |hash: String, bytes: u64| Blob { id: BlobId::new(app.now()), hash, bytes };
    let of_bytes = |bytes: &Bytes| blob(hex(&Sha256::digest(bytes)), bytes.len() as u64);
    let Ready { kind, sent_hash, content, copy, sides, position } = ready;
    let kept = match content {
        Content::Waiting(spool) => {
            let kept = blob(spool.hash().to_owned(), spool.bytes());
            place.keep(&kept.key(sent.institution), spool).await?;
            kept
        }
        Content::Drawn(bytes) => {
            let kept = of_bytes(&bytes);
            place.put(&kept.key(sent.institution), bytes).await?;
            kept
        }
    };
    let copy = match copy {
        None => None,
        Some(bytes) => {
            let copy = of_bytes(&bytes);
            place.put(&copy.key(sent.institution), bytes).await?;
            Some(copy)
        }
    };
    Ok(Placed { kind, sent_hash, kept, copy, sides, position })
}

/// Writes the draft, and tells which objects were stored for nothing.
pub(super) async fn commit(
    app: &App,
    sent: &Sent,
    placed: Placed,
    upload: Option<UploadId>,
) -> Result<(StoredFile, Vec<Blob>), FileError> {
    let (sent, now) = (sent.clone(), app.now());
    let id = FileId::new(now);
    app.database().write(move |db| add_draft(db, id, &sent, &placed, upload, now)).await
}

fn add_draft(
    db: &mut Write<'_>,
    id: FileId,
    sent: &Sent,
    placed: &Placed,
    upload: Option<UploadId>,
    now: OffsetDateTime,
) -> Result<(StoredFile, Vec<Blob>), FileError> {
    if let Some(upload) = upload
        && !store::finish_upload(db, sent.institution, upload, id)?
    {
        return Err(Refusal::Gone.into());
    }
    has_room(db, sent.institution, &sent.sender, 0, now)?;
    let mut extra = Vec::new();
    let mut keep = |db: &mut Write<'_>, blob: &Blob| {
        let (kept, is_new) = store::keep_blob(db, sent.institution, blob, now)?;
        if !is_new {
            extra.push(blob.clone());
        }
        Ok::<_, DatabaseError>(Blob { id: kept, ..blob.clone() })
    };
    let kept = keep(db, &placed.kept)?;
    let shown = match &placed.copy {
        Some(copy) => Some(keep(db, copy)?),
        None => placed.kind.is_picture().then(|| kept.clone()),
    };
    let file = StoredFile {
        id,
        institution: sent.institution,
        state: FileState::Draft,
        holder_kind: sent.kind.name.to_owned(),
        holder: None,
        name: placed.kind.name_for(&sent.name),
        kind: placed.kind,
        bytes: kept.bytes,
        sent_hash: placed.sent_hash.clone(),
        sides: placed.sides,
        position: placed.position,
        created_at: now,
        kept,
        shown,
    };
    store::add_file(db, &file, &sent.sender, now.saturating_add(DRAFT_ENDS))?;
    Ok((file, extra))
}

/// Whether so many more bytes of a sender may wait.
pub(super) fn has_room(
    db: &mut Read<'_>,
    institution: InstitutionId,
    sender: &Sender,
    bytes: u64,
    now: OffsetDateTime,
) -> Result<(), FileError> {
    let (count, waiting) = store::waiting(db, institution, sender, now)?;
    let fits = count < MOST_WAITING && waiting.saturating_add(bytes) <= MOST_WAITING_BYTES;
    if fits { Ok(()) } else { Err(Refusal::TooMuchWaiting.into()) }
}
