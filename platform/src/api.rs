//! The public API: what slices give to programs under `/api/v1`, one document that describes it (OpenAPI 3.1), and a page that
//! people read.
//!
//! Each slice declares its routes as all routes, and gives a [`Part`] with what they take and answer. The words of an operation stand in
//! the locales of its slice, so the document speaks the language that is asked for. What all operations share is put in here:
//! problems, the language, the pace.

mod document;
mod page;
#[cfg(test)]
mod tests;

pub use document::document;

use crate::app::App;
use crate::problem::Problem;
use crate::route::Routes;
use crate::visit::{Visit, query};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use rules::phrase::Language;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Everything below is of the API: answers are for programs of every origin, and problems are JSON whatever was asked for.
pub const ROOT: &str = "/api/v1";

/// What a slice describes of its part of the API.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Paths and shapes.
    pub document: fn() -> utoipa::openapi::OpenApi,
    /// The words of an operation or of a parameter: `list-services.summary`, `parameter.q`.
    pub words: fn(&str, Language) -> String,
    /// Shapes that other crates describe, by their names, as JSON Schema.
    pub shapes: fn() -> Vec<(String, serde_json::Value)>,
}

/// The page that people read.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api")]
pub(crate) struct ApiPath;

/// The document that programs read.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/openapi.json")]
pub(crate) struct DocumentPath;

/// The page and the document.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get(page::show_api).public_and_kept().get(show_document).file().public_and_kept()
}

async fn show_document(_: DocumentPath, State(app): State<App>, visit: Visit) -> Response {
    let document = document(app.wiring().api, visit.language(), &visit.facts().origin);
    std::future::ready(answer(&document)).await
}

/// Whether an address is of the API.
#[must_use]
pub fn is_of_api(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// JSON that everybody may keep, and asks for again with its tag.
pub fn answer(value: &impl Serialize) -> Response {
    ([(header::CACHE_CONTROL, "public, no-cache")], Json(value)).into_response()
}

/// What was asked for in the query, all of it known and possible. A name of the query that nobody knows is a slip, and is said.
///
/// # Errors
/// When a value is none of its kind, or a name is unknown.
pub fn asked<T: DeserializeOwned>(visit: &Visit) -> Result<T, Problem> {
    // Signs that nobody sees are left out, as in forms. The language was read by the server.
    let pairs = query(&visit.facts().uri).filter(|(name, _)| name != "lang");
    let plain = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let uri: Uri = format!("/?{plain}").parse().map_err(|_| Problem::bad_parameter())?;
    let Query(asked) = Query::try_from_uri(&uri).map_err(|_| Problem::bad_parameter())?;
    match query(&visit.facts().uri).find(|(name, _)| name == "lang") {
        Some((_, language)) if !matches!(language.as_str(), "id" | "en") => Err(Problem::bad_parameter()),
        _ => Ok(asked),
    }
}

/// Whether nothing was asked for but the language, of an operation that takes no more.
///
/// # Errors
/// When there is more in the query.
pub fn nothing_asked(visit: &Visit) -> Result<(), Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    asked::<Nothing>(visit).map(|Nothing {}| ())
}

/// Most entries of a list at once.
const MOST: u64 = 100;
/// Entries of a list where nobody said how many.
const USUAL: u64 = 20;
/// No list is longer.
const FURTHEST: u64 = 1_000_000;

/// One page of a list: from one, and how many on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Which, from 1.
    pub page: u64,
    /// How many on each.
    pub size: u64,
}

impl Slice {
    /// What was asked for.
    ///
    /// # Errors
    /// When it is no page, or too large a one.
    pub fn of(page: Option<u64>, size: Option<u64>) -> Result<Self, Problem> {
        let (page, size) = (page.unwrap_or(1), size.unwrap_or(USUAL));
        let fits = (1..=FURTHEST).contains(&page) && (1..=MOST).contains(&size);
        fits.then_some(Self { page, size }).ok_or_else(Problem::bad_parameter)
    }

    /// How many entries stand before it.
    #[must_use]
    pub fn skipped(self) -> usize {
        usize::try_from((self.page - 1) * self.size).unwrap_or(usize::MAX)
    }

    /// How many entries it holds at most.
    #[must_use]
    pub fn most(self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }
}
