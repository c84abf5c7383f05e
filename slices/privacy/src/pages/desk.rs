//! `/kelola/data-pribadi`: what is waiting, with its clocks.

use super::{breaches, clock, page, register, requests};
use crate::permissions::{HANDLE_BREACHES, HANDLE_REQUESTS};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show as render};
use platform::parts::Tile;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi")]
pub(crate) struct DeskPath;

#[derive(Template)]
#[template(path = "pages/desk.html")]
struct DeskPage {
    page: Page,
    w: Words,
    tiles: Vec<Tile>,
    links: Vec<(String, String)>,
    no_officer: bool,
}

pub(crate) async fn show(_: DeskPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, now) = (visit.institution()?, app.now());
    let (requests, breaches, officer) = app
        .database()
        .read(move |db| {
            let requests = store::requests::open(db, institution)?;
            let breaches = store::breaches::open(db, institution)?;
            Ok::<_, DatabaseError>((requests, breaches, store::register::officer(db, institution)?))
        })
        .await?;
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let mut tiles = Vec::new();
    let mut links = vec![
        (register::RegisterPath.to_string(), w.text("register.title")),
        (register::EndingPath.to_string(), w.text("ending.title")),
    ];
    if person.may_somewhere(&HANDLE_REQUESTS) {
        let href = requests::RequestsPath.to_string();
        let late = requests.iter().filter(|request| request.left(now).is_some_and(time::Duration::is_negative)).count();
        tiles.push(tile(requests.len(), w.text("desk.requests"), &href, ""));
        tiles.push(tile(late, w.text("desk.late"), &href, if late > 0 { "merah" } else { "" }));
        links.insert(0, (href, w.text("requests.title")));
    }
    if person.may_somewhere(&HANDLE_BREACHES) {
        let href = breaches::BreachesPath.to_string();
        for breach in &breaches {
            let clock = clock(w, breach.left(now));
            tiles.push(Tile {
                value: breach.receipt(),
                words: clock.words,
                href: Some(href.clone()),
                zone: clock.zone,
            });
        }
        links.insert(0, (href, w.text("breaches.title")));
    }
    let page = page(&visit, w.text("menu.desk"));
    render(&DeskPage { page, w, tiles, links, no_officer: officer.name.is_empty() })
}

fn tile(number: usize, words: String, href: &str, zone: &'static str) -> Tile {
    Tile { value: number.to_string(), words, href: Some(href.to_owned()), zone }
}
