//! `/berkas/…`: files on their way out; `/unggah…`: files on their way in, in pieces. The script `unggah.js` speaks to the latter.

use super::growing::{MOST_GROWN, most_piece};
use super::serve::{self, Manner};
use super::upload::{NewUpload, PieceError, Upload, UploadId, add_stream, begin_upload, finish_upload, upload};
use super::{FileId, FileState, HolderKind, Sender, StoredFile, store};
use crate::app::App;
use crate::database::DatabaseError;
use crate::form::Form;
use crate::problem::Problem;
use crate::route::{Pace, Routes};
use crate::visit::{Visit, query};
use axum::Json;
use axum::RequestExt as _;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// A file for downloading.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/berkas/{id}")]
pub struct FilePath {
    /// Which one.
    pub id: FileId,
}

/// A file for looking at.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/berkas/{id}/lihat")]
pub struct ViewPath {
    /// Which one.
    pub id: FileId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unggah")]
pub(super) struct UploadsPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unggah/{id}")]
pub(super) struct UploadPath {
    id: UploadId,
}

/// A large file is read whole before its first byte goes out.
const LONG_READ: Duration = Duration::from_secs(300);
/// The last piece of a large file is followed by the scanner.
const LONG_WRITE: Duration = Duration::from_secs(900);

/// The routes of files.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get(download)
        .file()
        .time(LONG_READ)
        .public()
        .get(view)
        .file()
        .time(LONG_READ)
        .public()
        .post(begin)
        .signed_in()
        .get(progress)
        .file()
        .signed_in()
        .post(piece)
        .upload(MOST_GROWN, LONG_WRITE)
        // Each piece is a request, and a fast line sends many.
        .pace(Pace::Reading)
        .signed_in()
}

async fn download(path: FilePath, State(app): State<App>, visit: Visit, asked: HeaderMap) -> Result<Response, Problem> {
    let file = readable(&app, &visit, path.id).await?;
    serve::answer(&app, &file, &file.kept, Manner::Saved, &asked).await
}

async fn view(path: ViewPath, State(app): State<App>, visit: Visit, asked: HeaderMap) -> Result<Response, Problem> {
    let file = readable(&app, &visit, path.id).await?;
    let shown = file.shown.as_ref().ok_or_else(Problem::not_found)?;
    serve::answer(&app, &file, shown, Manner::Shown, &asked).await
}

/// The file of an identifier when its holder lets this visitor read it. Whoever may not is told nothing.
async fn readable(app: &App, visit: &Visit, id: FileId) -> Result<StoredFile, Problem> {
    let (institution, person) = (visit.institution()?, visit.person().cloned());
    let holders = app.wiring().holders;
    let found = app.database().read(move |db| {
        let Some(file) = store::file(db, institution, id)? else { return Ok(None) };
        let Some(kind) = holders.iter().find(|kind| kind.name == file.holder_kind) else { return Ok(None) };
        let may = file.state == FileState::Attached && (kind.may_read)(db, &file, person.as_ref())?;
        Ok::<_, DatabaseError>(may.then_some(file))
    });
    found.await?.ok_or_else(Problem::not_found)
}

/// The kind of holder that a name means, when this person may send files for it.
fn holder_kind(app: &App, visit: &Visit, name: &str) -> Result<&'static HolderKind, Problem> {
    let person = visit.signed_in()?;
    let kind = app.wiring().holders.iter().find(|kind| kind.name == name).ok_or_else(Problem::not_found)?;
    if person.owes_second_factor() {
        return Err(Problem::second_factor_first());
    }
    if (kind.may_send)(person) { Ok(kind) } else { Err(Problem::forbidden()) }
}

fn sender(visit: &Visit) -> Result<Sender, Problem> {
    Ok(Sender::Account(visit.signed_in()?.account))
}

/// Begins an upload: `untuk`, `nama`, `ukuran`, `posisi`.
async fn begin(_: UploadsPath, State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let kind = holder_kind(&app, &visit, form.value("untuk"))?;
    let new = NewUpload {
        name: form.value("nama").to_owned(),
        bytes: form.value("ukuran").parse().map_err(|_| Problem::unreadable())?,
        keep_position: !form.value("posisi").is_empty(),
    };
    let upload = begin_upload(&app, visit.institution()?, sender(&visit)?, kind, new).await?;
    Ok((StatusCode::CREATED, Json(state(&app, &upload))).into_response())
}

/// How far an upload got, and how large a piece may be.
async fn progress(path: UploadPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let mut upload = upload(&app, visit.institution()?, sender(&visit)?, path.id).await?;
    // Also what is not confirmed yet, of a line that may be broken: whoever goes on there has it confirmed.
    upload.received = upload.received.max(app.files().growths().reached(upload.id));
    Ok(Json(state(&app, &upload)).into_response())
}

fn state(app: &App, upload: &Upload) -> serde_json::Value {
    let piece = most_piece(app.files().place());
    json!({ "id": upload.id, "bytes": upload.bytes, "received": upload.received, "file": upload.file, "piece": piece })
}

/// Takes the piece that begins at `dari`; after the last one the file is looked at and becomes a draft. A piece of nothing at the end
/// asks for that again, when place or scanner were gone.
async fn piece(path: UploadPath, State(app): State<App>, visit: Visit, request: Request) -> Result<Response, Problem> {
    let sender = sender(&visit)?;
    let mut upload = upload(&app, visit.institution()?, sender, path.id).await?;
    let kind = holder_kind(&app, &visit, &upload.holder_kind)?;
    let from = query(&visit.facts().uri).find(|(name, _)| name == "dari").and_then(|(_, from)| from.parse().ok());
    let from = from.ok_or_else(Problem::unreadable)?;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let length: u64 = length.unwrap_or_default();
    if length > most_piece(app.files().place()) as u64 {
        return Err(Problem::too_large());
    }
    if upload.file.is_none() {
        let added = match length > upload.bytes.saturating_sub(from) {
            true => Err(PieceError::Elsewhere(upload.received)),
            false => add_stream(&app, &upload, from, request.into_limited_body().into_data_stream()).await,
        };
        match added {
            Ok(received) => upload.received = received,
            Err(PieceError::Elsewhere(received)) => {
                let told = Json(state(&app, &Upload { received, ..upload }));
                return Ok((StatusCode::CONFLICT, told).into_response());
            }
            Err(PieceError::Cut) => return Err(Problem::unreadable()),
            Err(PieceError::File(error)) => return Err(error.into()),
        }
    }
    if upload.received == upload.bytes {
        let file = finish_upload(&app, sender, kind, &upload).await?;
        upload.file = Some(file.id);
    }
    Ok(Json(state(&app, &upload)).into_response())
}
