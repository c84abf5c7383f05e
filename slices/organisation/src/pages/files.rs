//! `/aset-kota/…`: the logo and the colours of a city, under names that change with their content.

use super::{FilePath, TrialPath, asked};
use crate::institution::Colours;
use crate::site::{fingerprint, stylesheet};
use crate::store;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::database::DatabaseError;
use platform::identity::InstitutionId;
use platform::problem::Problem;
use platform::visit::Visit;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For a page that somebody kept: it asks by an old name and gets what is there now.
const FOR_NOW: &str = "no-cache";

/// A logo or a stylesheet.
pub(crate) async fn file(path: FilePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    if let Some(hash) = path.file.strip_prefix("logo-") {
        return logo(&app, institution, hash.to_owned()).await;
    }
    let asked =
        path.file.strip_prefix("tema-").and_then(|rest| rest.strip_suffix(".css")).ok_or_else(Problem::not_found)?;
    let found = app.database().read(move |db| store::institution(db, institution)).await?;
    let css = found.as_ref().and_then(stylesheet).ok_or_else(Problem::not_found)?;
    let kept = if fingerprint(&css) == asked { FOR_EVER } else { FOR_NOW };
    Ok(with_kind("text/css; charset=utf-8", kept, css))
}

async fn logo(app: &App, institution: InstitutionId, hash: String) -> Result<Response, Problem> {
    let found = app
        .database()
        .read(move |db| store::logo(db, institution, &hash))
        .await
        .map_err(|error: DatabaseError| Problem::from(error))?;
    let (kind, bytes) = found.ok_or_else(Problem::not_found)?;
    Ok(with_kind(&kind, FOR_EVER, bytes))
}

/// The stylesheet of colours that somebody is trying: the preview without JavaScript.
pub(crate) async fn trial(_: TrialPath, visit: Visit) -> Result<Response, Problem> {
    let colours = Colours { brand: asked(&visit, "brand"), accent: asked(&visit, "accent") };
    let css = colours.theme().ok_or_else(Problem::not_found).map(|theme| theme.to_css());
    std::future::ready(css.map(|css| with_kind("text/css; charset=utf-8", FOR_NOW, css))).await
}

fn with_kind(kind: &str, kept: &str, body: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, kept.to_owned())], body).into_response()
}
