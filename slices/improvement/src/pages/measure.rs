//! `/kelola/tindakan/{id}`: one measure: its owner begins, does and shows it; another person verifies it or sends it back.

use super::{
    DonePath, FindingPath, MeasurePath, MeasureStepPath, Whole, desk, faults_of, go_on, measure_state, names,
    owner_words, show_faults, staff_page, whole,
};
use crate::WORDS;
use crate::actions::measures;
use crate::evidence::{MEASURE_HOLDER, holder};
use crate::measure::{CALENDAR, Measure, MeasureId, Owner, TypedProof};
use crate::notices::Way;
use crate::permissions::{DO_MEASURES, PLAN_MEASURES, READ_FINDINGS, VERIFY_MEASURES};
use crate::state::MeasureState;
use crate::store;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::files::{self, FormFiles, Sender, StoredFile, read_form};
use platform::form::Form;
use platform::identity::{AccountId, Person};
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "pages/measure.html")]
struct MeasurePage {
    page: Page,
    w: Words,
    form: Form,
    state: (String, &'static str),
    overdue: bool,
    about: Vec<(String, String)>,
    unknown_year: Option<String>,
    proof: String,
    url: String,
    files: Vec<StoredFile>,
    /// What was sent already and waits for the rest of the form.
    sent: Vec<StoredFile>,
    version: i64,
    step: String,
    done: String,
    rights: Rights,
}

/// What somebody may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Rights {
    begin: bool,
    finish: bool,
    judge: bool,
    /// It waits for another person, and this one is not.
    same_person: bool,
    cancel: bool,
}

impl Rights {
    fn of(person: &Person, found: &Found) -> Self {
        let (measure, unit) = (&found.measure, found.whole.unit.id);
        let owns = person.may(&DO_MEASURES, Some(unit)) && measure.plan.owner.is(person, unit);
        let verifies = person.may(&VERIFY_MEASURES, Some(unit)) && measure.state == MeasureState::Done;
        let same = measure.proof.by == Some(person.account) || measure.plan.owner == Owner::Account(person.account);
        Self {
            begin: owns && measure.state.begin().is_ok(),
            finish: owns && measure.state.finish().is_ok(),
            judge: verifies && !same,
            same_person: verifies && same,
            cancel: person.may(&PLAN_MEASURES, Some(unit)) && measure.state.cancel().is_ok(),
        }
    }
}

/// A measure with its finding, its unit, its files and the names on the page.
struct Found {
    measure: Measure,
    whole: Whole,
    files: Vec<StoredFile>,
    names: HashMap<AccountId, String>,
}

async fn find(app: &App, visit: &Visit, id: &str) -> Result<Found, Problem> {
    let (institution, id): (_, MeasureId) = (visit.institution()?, id.parse().map_err(|_| Problem::not_found())?);
    let found = app.database().read(move |db| {
        let Some(measure) = store::measures::measure(db, institution, id)? else { return Ok(None) };
        let Some(whole) = whole(db, institution, measure.finding)? else { return Ok(None) };
        let files = files::files_of(db, institution, &holder(id))?;
        let owner = match measure.plan.owner {
            Owner::Account(account) => Some(account),
            Owner::Role(_) => None,
        };
        let accounts = [owner, measure.proof.by, measure.verified.0].into_iter().flatten();
        let names = names(db, institution, accounts)?;
        Ok::<_, DatabaseError>(Some(Found { measure, whole, files, names }))
    });
    let found = found.await?.ok_or_else(Problem::not_found)?;
    let may = visit.signed_in()?.may(&READ_FINDINGS, Some(found.whole.unit.id));
    if may { Ok(found) } else { Err(Problem::forbidden()) }
}

fn about(found: &Found, w: Words) -> Vec<(String, String)> {
    let (measure, name) = (&found.measure, |account: AccountId| found.names.get(&account).cloned());
    let by = |account: Option<AccountId>, on: Option<time::Date>| {
        let who = account.and_then(name).unwrap_or_else(|| "–".to_owned());
        on.map(|on| format!("{}, {who}", day(on, w.language)))
    };
    let mut rows = vec![
        (w.text("measure.finding"), found.whole.finding.facts.title.clone()),
        (w.text("field.unit"), found.whole.unit.facts.name.clone()),
        (w.text("column.owner"), owner_words(w, measure.plan.owner, &found.names)),
        (w.text("column.due"), due_words(measure, w)),
    ];
    rows.extend(by(measure.proof.by, measure.proof.on).map(|words| (w.text("column.done"), words)));
    rows.extend(by(measure.verified.0, measure.verified.1).map(|words| (w.text("column.verified"), words)));
    if !measure.reason.is_empty() {
        rows.push((w.text("field.reason"), measure.reason.clone()));
    }
    rows
}

/// "30 November 2026 (20 hari kerja sejak 2 November 2026)".
fn due_words(measure: &Measure, w: Words) -> String {
    let (due, from) = (day(measure.due_on, w.language), day(measure.planned_on, w.language));
    let days = w.count(measure.plan.working_days.into());
    w.fill("measure.due", [("due", &due), ("days", &days), ("from", &from)])
}

fn page(app: &App, visit: &Visit, found: Found, form: Form, sent: Vec<StoredFile>) -> Result<MeasurePage, Problem> {
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let (measure, id) = (&found.measure, found.measure.id.to_string());
    let year = measure.due_on.year();
    let known = CALENDAR.as_ref().is_some_and(|calendar| calendar.knows(year));
    let here = FindingPath { id: found.whole.finding.id.to_string() };
    Ok(MeasurePage {
        page: staff_page(visit, measure.plan.what.clone())
            .crumb(found.whole.finding.facts.title.clone(), here)
            .with_errors(!form.is_fine()),
        state: measure_state(w, measure.state),
        overdue: measure.is_overdue(visit.site().zone.date(app.now())),
        about: about(&found, w),
        unknown_year: (!known).then(|| w.fill("measure.unknown-year", [("year", &year.to_string())])),
        proof: measure.proof.words.clone(),
        url: measure.proof.url.clone(),
        version: measure.version,
        step: MeasureStepPath { id: id.clone() }.to_string(),
        done: DonePath { id }.to_string(),
        rights: Rights::of(person, &found),
        files: found.files,
        sent,
        form,
        w,
    })
}

/// Shows a measure.
pub(crate) async fn show_measure(path: MeasurePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let found = find(&app, &visit, &path.id).await?;
    show(&page(&app, &visit, found, Form::new(), Vec::new())?)
}

/// Takes a step of a measure: begins, verifies, sends back, cancels.
pub(crate) async fn post_step(
    path: MeasureStepPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let found = find(&app, &visit, &path.id).await?;
    let (person, unit) = (visit.signed_in()?, found.whole.unit.id);
    let allowed = match form.value("step") {
        "begin" => person.may(&DO_MEASURES, Some(unit)) && found.measure.plan.owner.is(person, unit),
        "verify" | "back" => person.may(&VERIFY_MEASURES, Some(unit)),
        "cancel" => person.may(&PLAN_MEASURES, Some(unit)),
        _ => return Err(Problem::unreadable()),
    };
    if !allowed {
        return Err(Problem::forbidden());
    }
    let (desk, way, step) = (desk(&app, &visit)?, Way::of(&app), form.value("step").to_owned());
    let at = (found.measure.id, form.value("version").parse().unwrap_or(0));
    let reason = form.value("reason").to_owned();
    let taken = app.database().write(move |db| match step.as_str() {
        "begin" => measures::begin_measure(db, &desk, at).map(|()| "dimulai"),
        "verify" => measures::verify_measure(db, &desk, at).map(|()| "diverifikasi"),
        "back" => measures::send_back_measure(db, &desk, at, &reason, Some(&way)).map(|()| "dikembalikan"),
        _ => measures::cancel_measure(db, &desk, at, &reason).map(|()| "dibatalkan"),
    });
    match taken.await {
        Ok(said) => {
            app.jobs().wake();
            Ok(go_on(&MeasurePath { id: path.id }, said))
        }
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            let found = find(&app, &visit, &path.id).await?;
            show_again(&page(&app, &visit, found, form, Vec::new())?)
        }
    }
}

/// Its owner says that it is done, with what shows it.
pub(crate) async fn post_done(
    path: DonePath,
    State(app): State<App>,
    visit: Visit,
    request: Request,
) -> Result<Response, Problem> {
    let found = find(&app, &visit, &path.id).await?;
    let (person, unit) = (visit.signed_in()?, found.whole.unit.id);
    if !person.may(&DO_MEASURES, Some(unit)) || !found.measure.plan.owner.is(person, unit) {
        return Err(Problem::forbidden());
    }
    let sender = Sender::Account(person.account);
    let wanted = FormFiles { kind: &MEASURE_HOLDER, sender, field: "berkas", most: 5 };
    let read = read_form(&app, &visit, request, wanted).await?;
    let (mut form, sent) = (read.form, read.files);
    let (desk, way, drafts) = (desk(&app, &visit)?, Way::of(&app), sent.clone());
    let at = (found.measure.id, form.value("version").parse().unwrap_or(0));
    let typed = TypedProof { words: form.value("done_words").to_owned(), url: form.value("proof_url").to_owned() };
    if form.is_fine() {
        let done =
            app.database().write(move |db| measures::finish_measure(db, &desk, at, (&typed, &drafts), Some(&way)));
        match done.await {
            Ok(()) => {
                app.jobs().wake();
                return Ok(go_on(&MeasurePath { id: path.id }, "selesai"));
            }
            Err(refused) => show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS)),
        }
    }
    let found = find(&app, &visit, &path.id).await?;
    show_again(&page(&app, &visit, found, form, sent)?)
}
