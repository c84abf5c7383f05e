//! `/api/v1/survey`: what the city's own surveys gave, for programs.

mod codes;
mod published;

use platform::api::Part;
use platform::route::Routes;
use utoipa::OpenApi as _;

/// What the slice describes of the public API.
pub const API: Part = Part {
    document: || published::Document::openapi().merge_from(codes::Document::openapi()),
    words: |key, language| crate::words(language).text(&format!("operation.{key}")),
    shapes: Vec::new,
};

/// The routes for programs.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(published::list)
        .file()
        .public_and_kept()
        .get(published::show)
        .sample("/api/v1/survey/periods/00000000-0000-7000-8000-000000000104")
        .file()
        .public_and_kept()
        .post(codes::issue)
        .public()
}
