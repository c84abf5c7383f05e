//! The statements of files, blobs and uploads.

use super::upload::{Piece, Upload, UploadId};
use super::{Blob, BlobId, FileId, FileState, Holder, Kind, Position, Sender, StoredFile};
use crate::database::{DatabaseError, FromRow, Read, Row, Write};
use crate::identity::InstitutionId;
use crate::params;
use time::OffsetDateTime;

/// The columns of a file, in the order of its `FromRow`.
macro_rules! file {
    ($rest:literal) => {
        concat!(
            "SELECT file.id, file.institution_id, file.state, file.holder_kind, file.holder_id, file.name, file.kind, file.bytes,
                file.sent_hash, file.width, file.height, file.latitude, file.longitude, file.created_at,
                kept.id, kept.hash, kept.bytes, shown.id, shown.hash, shown.bytes
            FROM file JOIN blob AS kept ON kept.institution_id = file.institution_id AND kept.id = file.blob_id
            LEFT JOIN blob AS shown ON shown.institution_id = file.institution_id AND shown.id = file.view_id ",
            $rest
        )
    };
}

crate::statements! {
    private;
    FILE = file!("WHERE file.institution_id = $1 AND file.id = $2");
    FILES_OF_HOLDER = file!(
        "WHERE file.institution_id = $1 AND file.holder_kind = $2 AND file.holder_id = $3 AND file.state = 'attached'
        ORDER BY file.created_at, file.id"
    );
    DRAFT_OF_SENDER = file!(
        "WHERE file.institution_id = $1 AND file.id = $2 AND file.state = 'draft' AND file.sender = $3
        AND file.holder_kind = $4 AND file.ends_at > $5"
    );
    KEPT_BLOB = "SELECT id FROM blob WHERE institution_id = $1 AND hash = $2 AND state = 'kept'";
    ADD_BLOB = "INSERT INTO blob (id, institution_id, hash, bytes, state, added_at) VALUES ($1, $2, $3, $4, 'kept', $5)";
    ADD_FILE = "INSERT INTO file (id, institution_id, state, holder_kind, sender, name, kind, bytes, sent_hash, blob_id, view_id,
            width, height, latitude, longitude, created_at, ends_at)
        VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    ATTACH = "UPDATE file SET state = 'attached', holder_id = $6, ends_at = NULL
        WHERE institution_id = $1 AND id = $2 AND state = 'draft' AND sender = $3 AND holder_kind = $4 AND ends_at > $5";
    RELEASE = "UPDATE file SET state = 'released', ends_at = $5
        WHERE institution_id = $1 AND id = $2 AND state = 'attached' AND holder_kind = $3 AND holder_id = $4";
    // What of a sender waits: drafts, and uploads with all they will be.
    WAITING_OF_SENDER = "SELECT CAST(COUNT(*) AS BIGINT), COALESCE(CAST(SUM(waiting.bytes) AS BIGINT), 0) FROM (
            SELECT bytes FROM file WHERE institution_id = $1 AND sender = $2 AND state = 'draft' AND ends_at > $3
            UNION ALL
            SELECT bytes FROM upload WHERE institution_id = $1 AND sender = $2 AND state = 'receiving' AND ends_at > $3) AS waiting";
    ADD_UPLOAD = "INSERT INTO upload (id, institution_id, state, holder_kind, sender, name, bytes, received, keep_position,
            created_at, ends_at)
        VALUES ($1, $2, 'receiving', $3, $4, $5, $6, 0, $7, $8, $9)";
    UPLOAD = "SELECT id, institution_id, holder_kind, name, bytes, received, keep_position, file_id FROM upload
        WHERE institution_id = $1 AND id = $2 AND sender = $3 AND ends_at > $4";
    ADVANCE = "UPDATE upload SET received = $4
        WHERE institution_id = $1 AND id = $2 AND received = $3 AND state = 'receiving'";
    POSITION = "SELECT received FROM upload WHERE institution_id = $1 AND id = $2 AND state = 'receiving'";
    GROW_PIECE = "UPDATE upload_piece SET bytes = $5
        WHERE institution_id = $1 AND upload_id = $2 AND start = $3 AND object_id = $4";
    ADD_PIECE = "INSERT INTO upload_piece (institution_id, upload_id, start, object_id, bytes) VALUES ($1, $2, $3, $4, $5)";
    PIECES = "SELECT start, bytes, object_id FROM upload_piece WHERE institution_id = $1 AND upload_id = $2 ORDER BY start";
    FINISH_UPLOAD = "UPDATE upload SET state = 'finished', file_id = $3
        WHERE institution_id = $1 AND id = $2 AND state = 'receiving'";
    DROP_PIECES = "DELETE FROM upload_piece WHERE institution_id = $1 AND upload_id = $2";
    DROP_UPLOAD = "DELETE FROM upload WHERE institution_id = $1 AND id = $2";
    END_UPLOAD = "UPDATE upload SET ends_at = $3 WHERE institution_id = $1 AND id = $2 AND state = 'receiving'";
    ENDED_UPLOADS = "SELECT id FROM upload WHERE institution_id = $1 AND ends_at <= $2 ORDER BY ends_at, id LIMIT $3";
    DROP_ENDED_FILES = "DELETE FROM file WHERE institution_id = $1 AND id IN (
            SELECT id FROM file WHERE institution_id = $1 AND ends_at <= $2 ORDER BY ends_at, id LIMIT $3)";
    CONDEMN = "UPDATE blob SET state = 'condemned' WHERE institution_id = $1 AND id IN (
            SELECT blob.id FROM blob WHERE blob.institution_id = $1 AND blob.state = 'kept'
            AND NOT EXISTS (SELECT 1 FROM file WHERE file.institution_id = $1 AND file.blob_id = blob.id)
            AND NOT EXISTS (SELECT 1 FROM file WHERE file.institution_id = $1 AND file.view_id = blob.id)
            ORDER BY blob.id LIMIT $2)";
    CONDEMNED = "SELECT id, hash, bytes FROM blob WHERE institution_id = $1 AND state = 'condemned' ORDER BY id LIMIT $2";
    DROP_BLOB = "DELETE FROM blob WHERE institution_id = $1 AND id = $2 AND state = 'condemned'";
    KNOWN_BLOB = "SELECT id FROM blob WHERE institution_id = $1 AND id = $2";
    KNOWN_PIECE = "SELECT object_id FROM upload_piece WHERE institution_id = $1 AND upload_id = $2 AND object_id = $3";
    CITIES_WITH_FILES = "SELECT institution_id FROM blob UNION SELECT institution_id FROM upload ORDER BY institution_id";
}

type Answer<T> = Result<T, DatabaseError>;

/// A stored size or length; the tables refuse negative ones.
fn size(number: i64) -> u64 {
    number.unsigned_abs()
}

fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn side(length: Option<i64>) -> Option<u32> {
    length.and_then(|length| u32::try_from(length).ok())
}

impl FromRow for StoredFile {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, institution, state): (_, _, FileState) = (row.next()?, row.next()?, row.next()?);
        let (holder_kind, holder, name, kind): (_, _, _, Kind) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (bytes, sent_hash) = (size(row.next()?), row.next()?);
        let (width, height) = (side(row.next()?), side(row.next()?));
        let (latitude, longitude): (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
        let created_at = row.next()?;
        let kept = Blob { id: row.next()?, hash: row.next()?, bytes: size(row.next()?) };
        let (shown, hash, length): (Option<BlobId>, Option<String>, Option<i64>) =
            (row.next()?, row.next()?, row.next()?);
        let shown = shown.zip(hash).zip(length).map(|((id, hash), length)| Blob { id, hash, bytes: size(length) });
        let position = latitude.zip(longitude).map(|(latitude, longitude)| Position { latitude, longitude });
        let sides = width.zip(height);
        Ok(Self {
            id,
            institution,
            state,
            holder_kind,
            holder,
            name,
            kind,
            bytes,
            sent_hash,
            sides,
            position,
            created_at,
            kept,
            shown,
        })
    }
}

impl FromRow for Upload {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        Ok(Self {
            id: row.next()?,
            institution: row.next()?,
            holder_kind: row.next()?,
            name: row.next()?,
            bytes: size(row.next()?),
            received: size(row.next()?),
            keep_position: row.next()?,
            file: row.next()?,
        })
    }
}

pub(super) fn file(db: &mut Read<'_>, institution: InstitutionId, id: FileId) -> Answer<Option<StoredFile>> {
    db.one(FILE, params![institution, id])
}

pub(super) fn files_of(db: &mut Read<'_>, institution: InstitutionId, holder: &Holder) -> Answer<Vec<StoredFile>> {
    db.all(FILES_OF_HOLDER, params![institution, holder.kind.name, holder.id])
}

pub(super) fn draft(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: FileId,
    sender: &Sender,
    kind: &str,
    now: OffsetDateTime,
) -> Answer<Option<StoredFile>> {
    db.one(DRAFT_OF_SENDER, params![institution, id, sender.name(), kind, now])
}

/// The blob with this content: the one that is kept, or this new one. `true` when it is the new one.
pub(super) fn keep_blob(
    db: &mut Write<'_>,
    institution: InstitutionId,
    blob: &Blob,
    now: OffsetDateTime,
) -> Answer<(BlobId, bool)> {
    if let Some((kept,)) = db.one(KEPT_BLOB, params![institution, &blob.hash])? {
        return Ok((kept, false));
    }
    db.execute(ADD_BLOB, params![blob.id, institution, &blob.hash, number(blob.bytes), now])?;
    Ok((blob.id, true))
}

/// Adds a draft as it is, with the name of its sender and when it ends.
pub(super) fn add_file(db: &mut Write<'_>, file: &StoredFile, sender: &Sender, ends_at: OffsetDateTime) -> Answer<()> {
    let values = params![
        file.id,
        file.institution,
        &file.holder_kind,
        sender.name(),
        &file.name,
        file.kind.name(),
        number(file.bytes),
        &file.sent_hash,
        file.kept.id,
        file.shown.as_ref().map(|shown| shown.id),
        file.sides.map(|(width, _)| width),
        file.sides.map(|(_, height)| height),
        file.position.map(|position| position.latitude),
        file.position.map(|position| position.longitude),
        file.created_at,
        ends_at,
    ];
    db.execute(ADD_FILE, values).map(drop)
}

pub(super) fn attach(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: FileId,
    sender: &Sender,
    holder: &Holder,
    now: OffsetDateTime,
) -> Answer<bool> {
    let values = params![institution, id, sender.name(), holder.kind.name, now, holder.id];
    Ok(db.execute(ATTACH, values)? == 1)
}

pub(super) fn release(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: FileId,
    holder: &Holder,
    ends_at: OffsetDateTime,
) -> Answer<bool> {
    Ok(db.execute(RELEASE, params![institution, id, holder.kind.name, holder.id, ends_at])? == 1)
}

/// How many files of a sender wait, and how many bytes they are.
pub(super) fn waiting(
    db: &mut Read<'_>,
    institution: InstitutionId,
    sender: &Sender,
    now: OffsetDateTime,
) -> Answer<(u64, u64)> {
    let found: Option<(i64, i64)> = db.one(WAITING_OF_SENDER, params![institution, sender.name(), now])?;
    Ok(found.map_or((0, 0), |(count, bytes)| (size(count), size(bytes))))
}

pub(super) fn add_upload(
    db: &mut Write<'_>,
    upload: &Upload,
    sender: &Sender,
    now: OffsetDateTime,
    ends_at: OffsetDateTime,
) -> Answer<()> {
    let values = params![
        upload.id,
        upload.institution,
        &upload.holder_kind,
        sender.name(),
        &upload.name,
        number(upload.bytes),
        upload.keep_position,
        now,
        ends_at,
    ];
    db.execute(ADD_UPLOAD, values).map(drop)
}

pub(super) fn upload(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: UploadId,
    sender: &Sender,
    now: OffsetDateTime,
) -> Answer<Option<Upload>> {
    db.one(UPLOAD, params![institution, id, sender.name(), now])
}

/// How far an upload got that still receives.
pub(super) fn position(db: &mut Read<'_>, institution: InstitutionId, id: UploadId) -> Answer<Option<u64>> {
    Ok(db.one::<(i64,)>(POSITION, params![institution, id])?.map(|(received,)| size(received)))
}

/// Adds a piece, or what it grew since it ended at `from`; `false` when the upload does not end there: another came first.
pub(super) fn add_piece(db: &mut Write<'_>, upload: &Upload, piece: &Piece, from: u64) -> Answer<bool> {
    let end = number(piece.start + piece.bytes);
    if db.execute(ADVANCE, params![upload.institution, upload.id, number(from), end])? != 1 {
        return Ok(false);
    }
    let values = params![upload.institution, upload.id, number(piece.start), piece.object, number(piece.bytes)];
    // Where the upload ended there is the piece that ended there: only its own writer knows its name.
    db.execute(if from == piece.start { ADD_PIECE } else { GROW_PIECE }, values)?;
    Ok(true)
}

pub(super) fn pieces(db: &mut Read<'_>, institution: InstitutionId, id: UploadId) -> Answer<Vec<Piece>> {
    let found: Vec<(i64, i64, crate::database::Uuid)> = db.all(PIECES, params![institution, id])?;
    Ok(found
        .into_iter()
        .map(|(start, bytes, object)| Piece { start: size(start), bytes: size(bytes), object })
        .collect())
}

/// Marks an upload as finished; `false` when it was already.
pub(super) fn finish_upload(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: UploadId,
    file: FileId,
) -> Answer<bool> {
    Ok(db.execute(FINISH_UPLOAD, params![institution, id, file])? == 1)
}

pub(super) fn drop_pieces(db: &mut Write<'_>, institution: InstitutionId, id: UploadId) -> Answer<()> {
    db.execute(DROP_PIECES, params![institution, id]).map(drop)
}

/// Lets an upload end now: what is left of it is collected.
pub(super) fn end_upload(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: UploadId,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(END_UPLOAD, params![institution, id, now]).map(drop)
}

pub(super) fn drop_upload(db: &mut Write<'_>, institution: InstitutionId, id: UploadId) -> Answer<()> {
    drop_pieces(db, institution, id)?;
    db.execute(DROP_UPLOAD, params![institution, id]).map(drop)
}

pub(super) fn ended_uploads(
    db: &mut Read<'_>,
    institution: InstitutionId,
    now: OffsetDateTime,
    most: u32,
) -> Answer<Vec<UploadId>> {
    Ok(db.all::<(UploadId,)>(ENDED_UPLOADS, params![institution, now, most])?.into_iter().map(|(id,)| id).collect())
}

pub(super) fn drop_ended_files(
    db: &mut Write<'_>,
    institution: InstitutionId,
    now: OffsetDateTime,
    most: u32,
) -> Answer<u64> {
    db.execute(DROP_ENDED_FILES, params![institution, now, most])
}

pub(super) fn condemn(db: &mut Write<'_>, institution: InstitutionId, most: u32) -> Answer<u64> {
    db.execute(CONDEMN, params![institution, most])
}

pub(super) fn condemned(db: &mut Read<'_>, institution: InstitutionId, most: u32) -> Answer<Vec<Blob>> {
    let found: Vec<(BlobId, String, i64)> = db.all(CONDEMNED, params![institution, most])?;
    Ok(found.into_iter().map(|(id, hash, bytes)| Blob { id, hash, bytes: size(bytes) }).collect())
}

pub(super) fn drop_blob(db: &mut Write<'_>, institution: InstitutionId, id: BlobId) -> Answer<()> {
    db.execute(DROP_BLOB, params![institution, id]).map(drop)
}

pub(super) fn is_known_blob(db: &mut Read<'_>, institution: InstitutionId, id: BlobId) -> Answer<bool> {
    Ok(db.one::<(BlobId,)>(KNOWN_BLOB, params![institution, id])?.is_some())
}

pub(super) fn is_known_piece(
    db: &mut Read<'_>,
    institution: InstitutionId,
    upload: UploadId,
    object: crate::database::Uuid,
) -> Answer<bool> {
    Ok(db.one::<(crate::database::Uuid,)>(KNOWN_PIECE, params![institution, upload, object])?.is_some())
}

pub(super) fn cities(db: &mut Read<'_>) -> Answer<Vec<InstitutionId>> {
    Ok(db.all::<(InstitutionId,)>(CITIES_WITH_FILES, &[])?.into_iter().map(|(id,)| id).collect())
}
