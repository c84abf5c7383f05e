//! `/kelola/perbaikan/{id}`: one finding, what is done about it, and what happened so far.

use super::{
    FindingPath, FindingStepPath, MeasurePath, PlanPath, PublicUnitPath, PublishPath, Whole, desk, faults_of, figures,
    finding_state, go_on, load, measure_state, names, owner_words, owning, show_faults, source_words, staff_page,
};
use crate::WORDS;
use crate::actions;
use crate::finding::FindingId;
use crate::measure::{Measure, MeasureId};
use crate::permissions::{PLAN_MEASURES, PUBLISH_FINDINGS, READ_FINDINGS};
use crate::state::FindingState;
use crate::store::{self, Event};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::AccountId;
use platform::page::{Page, show, show_again};
use platform::parts::Moment;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::HashMap;
use time::Date;

#[derive(Template)]
#[template(path = "pages/finding.html")]
struct FindingPage {
    page: Page,
    w: Words,
    form: Form,
    state: (String, &'static str),
    about: Vec<(String, String)>,
    measures: Vec<Row>,
    moments: Vec<Moment>,
    version: i64,
    step: String,
    /// Addresses of what may be done: plan, publish, the public page.
    plan: Option<String>,
    publish: Option<String>,
    public: Option<String>,
    may_drop: bool,
    may_resume: bool,
    may_withdraw: bool,
}

struct Row {
    href: String,
    what: String,
    state: (String, &'static str),
    owner: String,
    due: String,
    overdue: bool,
}

/// What the page is made of, beside the finding.
struct Found {
    measures: Vec<Measure>,
    events: Vec<Event>,
    names: HashMap<AccountId, String>,
    service: Option<String>,
}

async fn find(app: &App, visit: &Visit, whole: &Whole) -> Result<Found, Problem> {
    let (institution, id, service) = (visit.institution()?, whole.finding.id, whole.finding.facts.service);
    let found = app.database().read(move |db| {
        let measures = store::measures::of_finding(db, institution, id)?;
        let events = store::events(db, institution, id)?;
        let accounts = owning(&measures).into_iter().chain(events.iter().filter_map(|event| event.account));
        let names = names(db, institution, accounts.collect::<Vec<_>>())?;
        let service = service.map(|service| services::service(db, institution, service)).transpose()?.flatten();
        let service = service.map(|service| service.facts.name);
        Ok::<_, DatabaseError>(Found { measures, events, names, service })
    });
    Ok(found.await?)
}

/// Shows a finding.
pub(crate) async fn show_finding(path: FindingPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &READ_FINDINGS).await?;
    show(&page(&app, &visit, &whole, Form::new()).await?)
}

async fn page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<FindingPage, Problem> {
    let found = find(app, visit, whole).await?;
    let (w, person, finding) = (visit.words(&WORDS), visit.signed_in()?, &whole.finding);
    let today = visit.site().zone.date(app.now());
    let (plans, publishes) =
        (person.may(&PLAN_MEASURES, Some(whole.unit.id)), person.may(&PUBLISH_FINDINGS, Some(whole.unit.id)));
    let (id, state) = (finding.id.to_string(), finding.state);
    let published = state == FindingState::Published;
    Ok(FindingPage {
        page: staff_page(visit, finding.facts.title.clone()).with_errors(!form.is_fine()),
        state: finding_state(w, state),
        about: about(whole, &found, w),
        measures: found.measures.iter().map(|measure| row(measure, &found, today, w)).collect(),
        moments: found.events.iter().map(|event| moment(event, &found, visit, w)).collect(),
        version: finding.version,
        step: FindingStepPath { id: id.clone() }.to_string(),
        plan: (plans && state.plan().is_ok()).then(|| PlanPath { id: id.clone() }.to_string()),
        publish: (publishes && state.publish().is_ok()).then(|| PublishPath { id }.to_string()),
        public: published.then(|| PublicUnitPath { slug: whole.unit.slug.clone() }.to_string()),
        may_drop: plans && state.drop().is_ok(),
        may_resume: plans && state.resume().is_ok(),
        may_withdraw: publishes && published,
        form,
        w,
    })
}

fn about(whole: &Whole, found: &Found, w: Words) -> Vec<(String, String)> {
    let facts = &whole.finding.facts;
    let mut rows = vec![
        (w.text("field.unit"), whole.unit.facts.name.clone()),
        (w.text("field.source"), source_words(w, &facts.source)),
    ];
    rows.extend(found.service.clone().map(|service| (w.text("field.service"), service)));
    if !facts.said.is_empty() {
        rows.push((w.text("field.said"), facts.said.clone()));
    }
    rows.extend(figures(w, &whole.finding));
    if !whole.finding.reason.is_empty() {
        rows.push((w.text("field.reason"), whole.finding.reason.clone()));
    }
    rows
}

fn row(measure: &Measure, found: &Found, today: Date, w: Words) -> Row {
    Row {
        href: MeasurePath { id: measure.id.to_string() }.to_string(),
        what: measure.plan.what.clone(),
        state: measure_state(w, measure.state),
        owner: owner_words(w, measure.plan.owner, &found.names),
        due: day(measure.due_on, w.language),
        overdue: measure.is_overdue(today),
    }
}

/// One thing that happened: what, by whom, and the words that were given.
fn moment(event: &Event, found: &Found, visit: &Visit, w: Words) -> Moment {
    let number = |id: MeasureId| found.measures.iter().find(|one| one.id == id).map(|one| one.number.to_string());
    let act = w.text(&format!("event.{}", event.act));
    let title = match event.measure.and_then(number) {
        Some(number) => w.fill("event.of-measure", [("act", &act), ("number", &number)]),
        None => act,
    };
    let who = event.account.map(|account| found.names.get(&account).cloned().unwrap_or_else(|| "–".to_owned()));
    let text = [who.unwrap_or_default(), event.words.clone()];
    let said: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
    let when = visit.site().zone.moment(event.at, w.language);
    Moment { when, title, text: said.join(": "), current: false }
}

/// Takes a step of a finding: drops it, takes it up again, takes it from what everybody reads.
pub(crate) async fn post_step(
    path: FindingStepPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let step = form.value("step").to_owned();
    let action = if step == "withdraw" { &PUBLISH_FINDINGS } else { &PLAN_MEASURES };
    let whole = load(&app, &visit, &path.id, action).await?;
    let (desk, reason) = (desk(&app, &visit)?, form.value("reason").to_owned());
    let at: (FindingId, i64) = (whole.finding.id, form.value("version").parse().unwrap_or(0));
    let (said, taken) = match step.as_str() {
        "drop" => ("dihentikan", app.database().write(move |db| actions::drop_finding(db, &desk, at, &reason)).await),
        "resume" => ("dilanjutkan", app.database().write(move |db| actions::resume_finding(db, &desk, at)).await),
        "withdraw" => ("diturunkan", app.database().write(move |db| actions::withdraw_finding(db, &desk, at)).await),
        _ => return Err(Problem::unreadable()),
    };
    match taken {
        Ok(()) => Ok(go_on(&FindingPath { id: path.id }, said)),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            let whole = load(&app, &visit, &path.id, action).await?;
            show_again(&page(&app, &visit, &whole, form).await?)
        }
    }
}
