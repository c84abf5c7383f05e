//! Files that people send: evidence, attachments, photographs.
//!
//! A file travels through [`spool`](Intake) (streamed, measured, hashed), is looked at ([`take`]: kind by content, virus scanner,
//! pictures drawn anew, a PDF made inert for viewing), lies in a [`Place`] as a blob named by its content, and has a row: a draft of
//! its sender until an action [`attach`]es it to a holder in its own transaction. [`release`] lets it go; [`collect`] removes what
//! nobody refers to. `docs/states/file.md` shows it all.
//!
//! A slice declares what can hold files as a [`HolderKind`]: which kinds, how large, who may send and who may read. It is named in
//! [`Wiring::holders`](crate::app::Wiring), and then
//!
//! - its form is read by [`read_form`], with files or, when the script `unggah.js` sent them before in pieces, with their identifiers;
//! - `/berkas/{id}` gives the file for downloading and `/berkas/{id}/lihat` for looking at, to whom the holder lets read.
//!
//! People with an account are a [`Sender::Account`]; whoever has only the link of a form is a [`Sender::Token`].
//!
//! **Law**: UU 27/2022 article 16 (no more data than needed): the position of a photograph is dropped unless its sender wants it kept.

mod bucket;
mod collect;
mod error;
mod folder;
mod form;
mod growing;
mod kind;
mod pages;
mod pdf;
mod picture;
mod place;
mod scan;
mod serve;
mod spool;
mod state;
mod store;
mod take;
#[cfg(test)]
mod tests;
mod upload;

pub use collect::{Collected, collect, collect_orphans, collecting};
pub use error::{FileError, Refusal};
pub use form::{FileForm, FormFiles, read_form};
pub use kind::Kind;
pub use pages::{FilePath, ViewPath, routes};
pub use picture::Position;
pub use place::{Chunks, Listed, Place, PlaceError};
pub use scan::{NoVerdict, Scanner, Verdict};
pub use spool::{Intake, Spool};
pub use state::FileState;
pub use take::{Sent, take};
pub use upload::{NewUpload, PieceError, Upload, UploadId, add_piece, add_stream, begin_upload, finish_upload, upload};

use crate::database::{DatabaseError, Read, Sql, Uuid, Write};
use crate::identity::{AccountId, InstitutionId, Person};
use crate::session::TokenHash;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio::sync::Semaphore;

/// Every statement of files.
pub const STATEMENTS: &[Sql] = store::STATEMENTS;

crate::id! {
    /// A file somebody sent.
    pub struct FileId;
}
crate::id! {
    /// An object in the place. Used once, also for the same content.
    pub struct BlobId;
}

/// How long a draft waits to be attached, and an upload for its next piece.
pub const DRAFT_ENDS: Duration = Duration::hours(24);
/// How long a file that was let go can still be brought back by hand.
pub const RELEASED_ENDS: Duration = Duration::days(7);
/// So many files of one sender may wait at once.
pub const MOST_WAITING: u64 = 30;
/// So many bytes of one sender may wait at once.
pub const MOST_WAITING_BYTES: u64 = 3 * 1024 * 1024 * 1024;

/// Whether somebody may read a file of a holder. Nobody is signed in when there is no person.
pub type MayRead = fn(&mut Read<'_>, &StoredFile, Option<&Person>) -> Result<bool, DatabaseError>;
/// Whether a person may send files for this kind of holder at all; the action that attaches asks for the holder itself.
pub type MaySend = fn(&Person) -> bool;

/// What can hold files, as a slice declares it.
#[derive(Debug)]
pub struct HolderKind {
    /// Stable name in the database: `unit`.
    pub name: &'static str,
    /// The kinds of files it takes.
    pub kinds: &'static [Kind],
    /// The most bytes of one file; pictures have a lower limit of their own.
    pub most_bytes: u64,
    /// Whether the position of a photograph is kept when its sender wants it.
    pub keeps_position: bool,
    /// Who may send.
    pub may_send: MaySend,
    /// Who may read.
    pub may_read: MayRead,
}

/// One thing that holds files.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    /// What kind of thing.
    pub kind: &'static HolderKind,
    /// Its identifier.
    pub id: Uuid,
}

/// Who sends a file: their drafts and uploads are theirs alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Somebody with an account.
    Account(AccountId),
    /// Whoever holds the link of a form.
    Token(TokenHash),
}

impl Sender {
    /// The name in the database.
    fn name(&self) -> String {
        match self {
            Self::Account(account) => format!("account:{account}"),
            Self::Token(hash) => format!("token:{}", spool::hex(&hash.0)),
        }
    }
}

/// A blob: content that lies in the place once for each institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) id: BlobId,
    pub(crate) hash: String,
    pub(crate) bytes: u64,
}

impl Blob {
    /// Its key in the place: nobody who knows the content learns whether another institution has it.
    pub(crate) fn key(&self, institution: InstitutionId) -> String {
        format!("{institution}/{}/{}-{}", self.hash.get(..2).unwrap_or_default(), self.hash, self.id)
    }
}

/// A file that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its identifier.
    pub id: FileId,
    /// Whose it is.
    pub institution: InstitutionId,
    /// Where it stands.
    pub state: FileState,
    /// The kind of holder it was sent for.
    pub holder_kind: String,
    /// What holds it, or held it.
    pub holder: Option<Uuid>,
    /// Its name with the ending of its kind.
    pub name: String,
    /// What it is now: a WebP became another kind of picture.
    pub kind: Kind,
    /// The size of what is downloaded.
    pub bytes: u64,
    /// SHA-256 of what was sent, as 64 hexadecimal digits: the evidence.
    pub sent_hash: String,
    /// Width and height of a picture.
    pub sides: Option<(u32, u32)>,
    /// Where a photograph was taken, when its sender wanted that kept.
    pub position: Option<Position>,
    /// When it was received.
    pub created_at: OffsetDateTime,
    pub(crate) kept: Blob,
    pub(crate) shown: Option<Blob>,
}

impl StoredFile {
    /// Whether browsers can show it: a picture, or a PDF that could be made inert.
    #[must_use]
    pub const fn can_be_viewed(&self) -> bool {
        self.shown.is_some()
    }

    /// Where it is downloaded.
    #[must_use]
    pub fn href(&self) -> String {
        FilePath { id: self.id }.to_string()
    }

    /// Where it is looked at.
    #[must_use]
    pub fn view_href(&self) -> Option<String> {
        self.can_be_viewed().then(|| ViewPath { id: self.id }.to_string())
    }
}

/// Pictures and documents that are taken apart at once: each may need hundreds of megabytes.
const TAKEN_APART_AT_ONCE: usize = 2;

/// What the program does with files: their place, and who looks at them first. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    place: Place,
    scanner: Option<Scanner>,
    workshop: Semaphore,
    verified: serve::Verified,
    growths: growing::Growths,
}

impl Files {
    /// Files in a place, looked at by a scanner where there is one.
    #[must_use]
    pub fn new(place: Place, scanner: Option<Scanner>) -> Self {
        let (workshop, verified) = (Semaphore::new(TAKEN_APART_AT_ONCE), serve::Verified::new());
        Self(Arc::new(Parts { place, scanner, workshop, verified, growths: growing::Growths::new() }))
    }

    /// No place for files.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::new(Place::nowhere(), None)
    }

    /// Where they are.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Who looks at them first.
    #[must_use]
    pub fn scanner(&self) -> Option<&Scanner> {
        self.0.scanner.as_ref()
    }

    fn workshop(&self) -> &Semaphore {
        &self.0.workshop
    }

    fn verified(&self) -> &serve::Verified {
        &self.0.verified
    }

    fn growths(&self) -> &growing::Growths {
        &self.0.growths
    }
}

/// A file of an institution, whatever its state.
///
/// # Errors
/// When the database cannot be read.
pub fn file(db: &mut Read<'_>, institution: InstitutionId, id: FileId) -> Result<Option<StoredFile>, DatabaseError> {
    store::file(db, institution, id)
}

/// A draft of its sender that has not ended, for this kind of holder.
///
/// # Errors
/// When the database cannot be read.
pub fn draft(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: FileId,
    sender: &Sender,
    kind: &HolderKind,
    now: OffsetDateTime,
) -> Result<Option<StoredFile>, DatabaseError> {
    store::draft(db, institution, id, sender, kind.name, now)
}

/// The files of a holder, in the order they came.
///
/// # Errors
/// When the database cannot be read.
pub fn files_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    holder: &Holder,
) -> Result<Vec<StoredFile>, DatabaseError> {
    store::files_of(db, institution, holder)
}

/// Gives a draft to its holder, in the transaction of the act it belongs to; `false` when the sender has no such draft for this
/// kind of holder, or it has ended.
///
/// # Errors
/// When the database fails.
pub fn attach(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: FileId,
    sender: &Sender,
    holder: &Holder,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    store::attach(db, institution, id, sender, holder, now)
}

/// Takes a file from its holder: nobody can read it any more, and it is collected after [`RELEASED_ENDS`]. `false` when the holder
/// does not have it.
///
/// # Errors
/// When the database fails.
pub fn release(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: FileId,
    holder: &Holder,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    store::release(db, institution, id, holder, now.saturating_add(RELEASED_ENDS))
}
