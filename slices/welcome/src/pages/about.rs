//! `/tentang` and `/aksesibilitas`: what runs here, what it keeps of visitors, and how it was tried.

use crate::WORDS;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/tentang")]
pub(crate) struct AboutPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/aksesibilitas")]
pub(crate) struct AccessibilityPath;

/// A page of headed paragraphs: the parts of a key, in order.
#[derive(askama::Template)]
#[template(path = "pages/about.html")]
struct Paragraphs {
    page: Page,
    parts: Vec<(String, String)>,
}

fn paragraphs(visit: &Visit, title: &str, keys: &[&str]) -> Result<Response, Problem> {
    let w: Words = visit.words(&WORDS);
    let part = |key: &&str| (w.text(&format!("{key}.title")), w.text(&format!("{key}.text")));
    page::show(&Paragraphs { page: visit.page(w.text(title)), parts: keys.iter().map(part).collect() })
}

pub(crate) async fn about(_: AboutPath, visit: Visit) -> Result<Response, Problem> {
    let keys = ["about.prima", "about.numbers", "about.kept", "about.cookies", "about.licence", "about.faults"];
    std::future::ready(paragraphs(&visit, "about.heading", &keys)).await
}

pub(crate) async fn accessibility(_: AccessibilityPath, visit: Visit) -> Result<Response, Problem> {
    let keys = ["accessibility.goal", "accessibility.tried", "accessibility.limits", "accessibility.tell"];
    std::future::ready(paragraphs(&visit, "accessibility.heading", &keys)).await
}
