//! `/kelola/data-pribadi/kebocoran`: all breaches, with the clocks of those of which somebody still has to be told.

use super::{breach, clock, moment, staff_page};
use crate::breach::Breach;
use crate::{WORDS, rules, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::page::{Page, show as render};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kebocoran")]
pub(crate) struct BreachesPath;

#[derive(Template)]
#[template(path = "pages/breaches.html")]
struct BreachesPage {
    page: Page,
    w: Words,
    lines: Vec<Line>,
    new: String,
    article: &'static str,
}

struct Line {
    href: String,
    number: String,
    title: String,
    state: String,
    known: String,
    clock: super::Clock,
}

pub(crate) async fn show(_: BreachesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, now) = (visit.institution()?, app.now());
    let found: Vec<Breach> = app.database().read(move |db| store::breaches::all(db, institution)).await?;
    let w = visit.words(&WORDS);
    let line = |found: Breach| Line {
        href: breach::BreachPath { id: found.id.to_string() }.to_string(),
        number: found.receipt(),
        state: w.text(&format!("breach-state.{}", found.state.name())),
        known: moment(&visit, found.known_at),
        clock: clock(w, found.left(now)),
        title: found.title,
    };
    let page = staff_page(&visit, w.text("breaches.title"));
    let lines = found.into_iter().map(line).collect();
    let new = breach::NewPath.to_string();
    render(&BreachesPage { page, w, lines, new, article: rules::breach_article() })
}
