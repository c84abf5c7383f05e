//! `/kelola/perbaikan/{id}/tayang`: the words in which everybody reads what was said and what was done.

use super::{FindingPath, PublishPath, Whole, desk, faults_of, go_on, load, show_faults, staff_page};
use crate::WORDS;
use crate::actions;
use crate::permissions::PUBLISH_FINDINGS;
use crate::state::MeasureState;
use crate::store;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/publish.html")]
struct PublishPage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    /// Whether it is settled: only then it can be published.
    ready: bool,
}

fn page(visit: &Visit, whole: &Whole, form: Form) -> PublishPage {
    let w = visit.words(&WORDS);
    let here = FindingPath { id: whole.finding.id.to_string() };
    PublishPage {
        page: staff_page(visit, w.text("publish.title"))
            .crumb(whole.finding.facts.title.clone(), here)
            .with_errors(!form.is_fine()),
        version: whole.finding.version,
        ready: whole.finding.state.publish().is_ok(),
        form,
        w,
    }
}

/// The form, with what was said and what the owners wrote.
pub(crate) async fn show_publish(path: PublishPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &PUBLISH_FINDINGS).await?;
    let (institution, id) = (visit.institution()?, whole.finding.id);
    let measures = app.database().read(move |db| store::measures::of_finding(db, institution, id)).await?;
    let verified = measures.iter().filter(|measure| measure.state == MeasureState::Verified);
    let done: Vec<&str> = verified.map(|measure| measure.proof.words.as_str()).collect();
    let kept = |kept: &str, otherwise: &str| if kept.is_empty() { otherwise.to_owned() } else { kept.to_owned() };
    let (said, words) = &whole.finding.public;
    let said = kept(said, &whole.finding.facts.said);
    let form = Form::filled([("public_said", said), ("public_done", kept(words, &done.join(" ")))]);
    show(&page(&visit, &whole, form))
}

/// Publishes.
pub(crate) async fn post_publish(
    path: PublishPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &PUBLISH_FINDINGS).await?;
    let desk = desk(&app, &visit)?;
    let at = (whole.finding.id, form.value("version").parse().unwrap_or(0));
    let (said, done) = (form.value("public_said").to_owned(), form.value("public_done").to_owned());
    let published = app.database().write(move |db| actions::publish_finding(db, &desk, at, (&said, &done)));
    match published.await {
        Ok(()) => Ok(go_on(&FindingPath { id: path.id }, "tayang")),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&visit, &whole, form))
        }
    }
}
