//! `/data-pribadi/permintaan/{token}`: whoever holds the link sees where their request stands, and fetches their copy.

use super::{clock, moment, never_kept};
use crate::actions::{self, Desk};
use crate::holdings::Opened;
use crate::request::{Request, RequestState};
use crate::store::requests as store;
use crate::{WORDS, rules};
use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::audit::Actor;
use platform::database::DatabaseError;
use platform::page::{Page, show as render, show_with};
use platform::parts::Moment;
use platform::personal::PersonText;
use platform::problem::Problem;
use platform::session::Token;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Clone, TypedPath, Deserialize)]
#[typed_path("/data-pribadi/permintaan/{token}")]
pub(crate) struct FollowPath {
    pub(super) token: String,
}

#[derive(Clone, TypedPath, Deserialize)]
#[typed_path("/data-pribadi/permintaan/{token}/salinan")]
pub(crate) struct CopyPath {
    token: String,
}

#[derive(Template)]
#[template(path = "pages/follow.html")]
struct FollowPage {
    page: Page,
    w: Words,
    rows: Vec<(String, String)>,
    clock: super::Clock,
    moments: Vec<Moment>,
    answer: String,
    article: &'static str,
    outcomes: Vec<(String, String)>,
    copy: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/spent.html")]
struct SpentPage {
    page: Page,
    w: Words,
}

pub(super) fn state_words(w: Words, state: RequestState) -> String {
    w.text(&format!("state.{}", state.name()))
}

/// The steps of a request as a line of time; the last one is where it stands.
pub(super) fn moments(visit: &Visit, steps: &[(String, time::OffsetDateTime)]) -> Vec<Moment> {
    let w = visit.words(&WORDS);
    let last = steps.len();
    let one = |(at, (state, when)): (usize, &(String, time::OffsetDateTime))| Moment {
        when: moment(visit, *when),
        title: RequestState::named(state).map_or_else(String::new, |state| state_words(w, state)),
        text: RequestState::named(state).map_or_else(String::new, |state| w.text(&format!("next.{}", state.name()))),
        current: at + 1 == last,
    };
    steps.iter().enumerate().map(one).collect()
}

/// What became of a request, holding by holding, in words.
pub(super) fn outcome_words(app: &App, w: Words, outcomes: &[store::OutcomeLine]) -> Vec<(String, String)> {
    let line = |(holding, outcome, rows, law): &store::OutcomeLine| {
        let known = app.wiring().holdings.iter().copied().flatten().find(|known| known.name == holding.as_str());
        let what = known.map_or_else(|| holding.clone(), |known| (known.words)("what", w.language));
        let words = match outcome.as_str() {
            "done" => w.fill("outcome.done", [("rows", &rows.to_string())]),
            "kept" => w.fill("outcome.kept", [("law", law.as_deref().unwrap_or_default())]),
            _ => w.text("outcome.nothing"),
        };
        (what, words)
    };
    outcomes.iter().map(line).collect()
}

type Found = (Request, Vec<(String, time::OffsetDateTime)>, Vec<store::OutcomeLine>, Option<time::OffsetDateTime>);

pub(crate) async fn show(path: FollowPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, now) = (visit.institution()?, app.now());
    let hash = Token::presented(&path.token).hash();
    let found: Option<Found> = app
        .database()
        .read(move |db| {
            let Some(request) = store::of_token(db, institution, &hash)? else { return Ok(None) };
            let steps = store::steps(db, institution, request.id)?;
            let outcomes = store::outcomes(db, institution, request.id)?;
            let until = store::copy_until(db, institution, request.id, now)?;
            Ok::<_, DatabaseError>(Some((request, steps, outcomes, until)))
        })
        .await?;
    let w = visit.words(&WORDS);
    let Some((request, steps, outcomes, until)) = found else {
        let page = visit.page(w.text("follow.unknown"));
        return show_with(StatusCode::GONE, &SpentPage { page, w }).map(never_kept);
    };
    let opened = Opened::of(app.secrets(), institution, &request);
    let rows = vec![
        (w.text("field.number"), request.receipt()),
        (w.text("field.kind"), w.text(&format!("kind.{}", request.kind.name()))),
        (w.text("field.due"), moment(&visit, request.due_at)),
        (w.text("field.state"), state_words(w, request.state)),
    ];
    let copy = until.map(|until| (CopyPath { token: path.token }.to_string(), moment(&visit, until)));
    let template = FollowPage {
        page: visit.page(w.text("follow.title")),
        w,
        rows,
        clock: clock(w, request.left(now)),
        moments: moments(&visit, &steps),
        answer: opened.answer.as_ref().map(PersonText::text).unwrap_or_default().to_owned(),
        article: request.refusal.map_or("", rules::refusal_article),
        outcomes: outcome_words(&app, w, &outcomes),
        copy,
    };
    render(&template).map(never_kept)
}

pub(crate) async fn copy(path: CopyPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let desk = Desk::new(&app, visit.institution()?, Actor::Program("public-form"));
    let hash = Token::presented(&path.token).hash();
    let fetched = app.database().write(move |db| actions::fetch_copy(db, &desk, &hash)).await?;
    let (number, content) = fetched;
    let name = format!("attachment; filename=\"{number}.zip\"");
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok(never_kept((headers, content).into_response()))
}
