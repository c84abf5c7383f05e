//! `/kelola/data-pribadi/permintaan`: what people asked, the nearest deadline first.

use super::follow::state_words;
use super::{clock, handle, moment, staff_page};
use crate::holdings::Opened;
use crate::request::Request;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show as render};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/permintaan")]
pub(crate) struct RequestsPath;

#[derive(Template)]
#[template(path = "pages/requests.html")]
struct RequestsPage {
    page: Page,
    w: Words,
    open: Vec<Line>,
    closed: Vec<Line>,
}

struct Line {
    href: String,
    number: String,
    kind: String,
    /// The initials.
    name: String,
    state: String,
    due: String,
    clock: super::Clock,
}

pub(crate) async fn show(_: RequestsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, now) = (visit.institution()?, app.now());
    let (open, closed) = app
        .database()
        .read(move |db| {
            let open = store::requests::open(db, institution)?;
            Ok::<_, DatabaseError>((open, store::requests::closed(db, institution)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let line = |request: &Request| Line {
        href: handle::RequestPath { id: request.id.to_string() }.to_string(),
        number: request.receipt(),
        kind: w.text(&format!("kind.{}", request.kind.name())),
        name: Opened::of(app.secrets(), institution, request).name.map(|name| name.to_string()).unwrap_or_default(),
        state: state_words(w, request.state),
        due: moment(&visit, request.due_at),
        clock: clock(w, request.left(now)),
    };
    let page = staff_page(&visit, w.text("requests.title"));
    let (open, closed) = (open.iter().map(line).collect(), closed.iter().map(line).collect());
    render(&RequestsPage { page, w, open, closed })
}
