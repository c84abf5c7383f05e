//! Removes what nobody refers to: drafts and uploads that have ended, files that were let go, blobs without a file, objects without a row.
//!
//! Each step can be the last before the machine stops; the next round goes on from there. A blob is condemned in a transaction that
//! sees no file of it; from then on nobody can refer to it, since who sends the same content gets a blob of another name. Only then
//! is its object deleted, and after that its row.

use super::store;
use super::upload::{self, PIECES, UploadId};
use super::{BlobId, FileError};
use crate::app::App;
use crate::database::{DatabaseError, Uuid};
use crate::identity::InstitutionId;
use crate::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use futures_util::StreamExt as _;
use time::{Duration, OffsetDateTime};

/// So many rows in one transaction, so that it stays short.
const AT_ONCE: u32 = 500;
/// An object without a row is left alone so long: its row may be on the way.
const ORPHAN: Duration = Duration::DAY;
/// The jobs.
const COLLECT: &str = "files.collect";
const ORPHANS: &str = "files.orphans";

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Collected {
    /// Uploads that had ended.
    pub uploads: u64,
    /// Files that had ended.
    pub files: u64,
    /// Blobs with their objects.
    pub blobs: u64,
}

/// Removes what has ended in all cities, and what follows from it.
///
/// # Errors
/// When the place or the database fails; what was removed until then is gone.
pub async fn collect(app: &App) -> Result<Collected, FileError> {
    let mut all = Collected::default();
    let cities = app.database().read(store::cities).await.map_err(|error: DatabaseError| error)?;
    for city in cities {
        all.uploads += collect_uploads(app, city).await?;
        all.files += collect_files(app, city).await?;
        condemn(app, city).await?;
        all.blobs += collect_condemned(app, city).await?;
    }
    Ok(all)
}

async fn collect_uploads(app: &App, city: InstitutionId) -> Result<u64, FileError> {
    let (mut removed, now) = (0, app.now());
    loop {
        let ended = app.database().read(move |db| store::ended_uploads(db, city, now, AT_ONCE)).await;
        let ended: Vec<UploadId> = ended.map_err(|error: DatabaseError| error)?;
        for id in &ended {
            upload::remove(app, city, *id).await?;
            removed += 1;
        }
        if ended.len() < AT_ONCE as usize {
            return Ok(removed);
        }
    }
}

pub(super) async fn collect_files(app: &App, city: InstitutionId) -> Result<u64, FileError> {
    let (mut removed, now) = (0, app.now());
    loop {
        let dropped = app.database().write(move |db| store::drop_ended_files(db, city, now, AT_ONCE)).await;
        let dropped = dropped.map_err(|error: DatabaseError| error)?;
        removed += dropped;
        if dropped < u64::from(AT_ONCE) {
            return Ok(removed);
        }
    }
}

pub(super) async fn condemn(app: &App, city: InstitutionId) -> Result<(), FileError> {
    loop {
        let condemned = app.database().write(move |db| store::condemn(db, city, AT_ONCE)).await;
        if condemned.map_err(|error: DatabaseError| error)? < u64::from(AT_ONCE) {
            return Ok(());
        }
    }
}

pub(super) async fn collect_condemned(app: &App, city: InstitutionId) -> Result<u64, FileError> {
    let mut removed = 0;
    loop {
        let condemned = app.database().read(move |db| store::condemned(db, city, AT_ONCE)).await;
        let condemned = condemned.map_err(|error: DatabaseError| error)?;
        for blob in &condemned {
            app.files().place().delete(&blob.key(city)).await?;
            let id = blob.id;
            app.database()
                .write(move |db| store::drop_blob(db, city, id))
                .await
                .map_err(|error: DatabaseError| error)?;
            removed += 1;
        }
        if condemned.len() < AT_ONCE as usize {
            return Ok(removed);
        }
    }
}

/// Deletes objects that were stored before a moment and that no row names, and says how many.
///
/// # Errors
/// When the place or the database fails.
pub async fn collect_orphans(app: &App, before: OffsetDateTime) -> Result<u64, FileError> {
    let place = app.files().place();
    place.clear_waiting_room(before).await?;
    let (mut removed, mut listed) = (0, place.list()?);
    while let Some(object) = listed.next().await {
        let object = object?;
        if object.stored_at < before && !is_known(app, &object.key).await? {
            place.delete(&object.key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Whether a row names an object. What is not ours is not ours to delete.
async fn is_known(app: &App, key: &str) -> Result<bool, FileError> {
    let parts: Vec<&str> = key.split('/').collect();
    let known = match parts.as_slice() {
        [PIECES, city, upload, object] => {
            let ids = (city.parse::<InstitutionId>(), upload.parse::<UploadId>(), object.parse::<Uuid>());
            let (Ok(city), Ok(upload), Ok(object)) = ids else { return Ok(true) };
            app.database().read(move |db| store::is_known_piece(db, city, upload, object)).await
        }
        [city, _, name] => {
            let id = name.split_once('-').map(|(_, id)| id.parse::<BlobId>());
            let (Ok(city), Some(Ok(id))) = (city.parse::<InstitutionId>(), id) else { return Ok(true) };
            app.database().read(move |db| store::is_known_blob(db, city, id)).await
        }
        _ => return Ok(true),
    };
    known.map_err(|error: DatabaseError| error.into())
}

/// With the jobs that collect: once an hour what has ended, once a day objects without a row.
#[must_use]
pub fn collecting(handlers: Handlers) -> Handlers {
    let every = |name, period| Recurring { name, kind: name, schedule: Schedule::Every(period) };
    handlers
        .outside(COLLECT, 5, |app: App, _: Job| async move {
            let collected = collect(&app).await.map_err(|error| failed(&error))?;
            tracing::info!(?collected, "files were collected");
            Ok(())
        })
        .outside(ORPHANS, 5, |app: App, _: Job| async move {
            let before = app.now().saturating_sub(ORPHAN);
            let removed = collect_orphans(&app, before).await.map_err(|error| failed(&error))?;
            tracing::info!(removed, "objects without a row were collected");
            Ok(())
        })
        .recurring(every(COLLECT, Duration::HOUR))
        .recurring(every(ORPHANS, Duration::DAY))
}

fn failed(error: &FileError) -> JobError {
    tracing::warn!(%error, "files were not collected");
    JobError::new("files.collect", error.phrase().key)
}
