//! `/layanan.csv` and `/layanan.json`: the services people find, as open data.

use super::{ServicesCsvPath, ServicesJsonPath};
use crate::open_data;
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
    let services = app.database().read(move |db| open_data::json(db, institution, &origin)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], services.to_string()).into_response())
}
