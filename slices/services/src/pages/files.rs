//! `/layanan.csv`, `/layanan.json` and the open vocabularies: the services people find, as open data.

use super::{HumanServicesPath, LinkedDataPath, ServicesCsvPath, ServicesJsonPath};
use crate::open_data;
use crate::vocabularies::{self, Published};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::problem::Problem;
use platform::visit::Visit;

/// The table.
pub(crate) async fn csv(_: ServicesCsvPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let text = app.database().read(move |db| open_data::csv(db, institution)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"layanan.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// The same as JSON.
pub(crate) async fn json(_: ServicesJsonPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, origin) = (visit.institution()?, visit.facts().origin.clone());
    let text = app.database().read(move |db| open_data::json(db, institution, &origin)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// The same as linked data (CPSV-AP).
pub(crate) async fn linked_data(_: LinkedDataPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let made = |published: &Published, origin: &str| vocabularies::cpsv(published, origin).to_string();
    in_vocabulary(&app, &visit, "application/ld+json", made).await
}

/// The same as HSDS writes them.
pub(crate) async fn human_services(
    _: HumanServicesPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let made = |published: &Published, origin: &str| vocabularies::hsds(published, origin).to_string();
    in_vocabulary(&app, &visit, "application/json", made).await
}

async fn in_vocabulary(
    app: &App,
    visit: &Visit,
    kind: &'static str,
    made: impl FnOnce(&Published, &str) -> String + Send + 'static,
) -> Result<Response, Problem> {
    let (institution, origin) = (visit.institution()?, visit.facts().origin.clone());
    let read = app.database().read(move |db| vocabularies::read(db, institution)).await?;
    let published = read.ok_or_else(Problem::not_found)?;
    // A hundred thousand services take a while to write.
    let text = tokio::task::spawn_blocking(move || made(&published, &origin)).await.map_err(Problem::internal)?;
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
