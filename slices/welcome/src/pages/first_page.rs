//! `/`: what can be done here, for somebody who has ten seconds.

use crate::WORDS;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/")]
pub(crate) struct FirstPagePath;

#[derive(askama::Template)]
#[template(path = "pages/first_page.html")]
struct FirstPage {
    page: Page,
    w: Words,
    /// Events in people's lives, each with the services it needs.
    events: Vec<(String, String)>,
}

pub(crate) async fn show(_: FirstPagePath, visit: Visit) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let title = w.fill("first-page.title", [("city", &visit.site().short_name)]);
    std::future::ready(page::show(&FirstPage { page: visit.page(title), events: events(w), w })).await
}

fn events(w: Words) -> Vec<(String, String)> {
    let link = |kind: &services::Kind| {
        (kind.name(w.language).to_owned(), format!("{}?peristiwa={}", services::ServicesPath, kind.key))
    };
    services::life_events().iter().take(services::EVENTS_SHOWN).map(link).collect()
}
