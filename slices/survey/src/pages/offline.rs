//! `/s/luring.js`: what keeps an answer on the telephone until the line is back. One file, for the page and for its service worker,
//! which may look after addresses below its own only: so it stands here and not among the other files.

use super::OfflinePath;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

/// The script, without what is meant for those who read its source.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("luring.js").lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
});

/// Gives the script; browsers look for a newer one each time.
pub(crate) async fn script(_: OfflinePath) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (kind, SCRIPT.as_str()).into_response()
}
