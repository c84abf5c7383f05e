//! `/kelola/layanan/{slug}/standar`: how far the standard of a service has come, and the form of the step that is next, for whoever
//! may take it.

use super::{
    BeginPath, DeterminePath, DiscussPath, EditPath, KeepDeclarationPath, KeepPath, ProofPath, PublishStandardPath,
    ReopenPath, ReviewPath, StandardFormPath, StandardPath, StandardVersionPath, asked_day, desk, done, faults_of,
    go_on, load_for, show_faults,
};
use crate::WORDS;
use crate::actions::{Refused, standards as actions};
use crate::permissions::{DETERMINE_STANDARD, EDIT_SERVICES, PUBLISH_STANDARD, READ_SERVICES};
use crate::service::Service;
use crate::standard::{Decree, Discussion, Medium, Proof, Review, Standard, StandardId, StandardState};
use crate::store::standards as kept;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use organisation::{Checks, Desk, web_address};
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{Action, Person, UnitId};
use platform::page::{Page, show, show_again};
use platform::parts::Moment;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use time::Date;

#[derive(Template)]
#[template(path = "pages/standard.html")]
struct StandardPage {
    page: Page,
    w: Words,
    form: Form,
    today: String,
    rights: Rights,
    slug: String,
    /// Where the declaration of the unit is kept.
    declaration: String,
    making: Option<Making>,
    in_force: Option<InForce>,
    versions: Vec<VersionRow>,
    media: Vec<(&'static str, String)>,
}

/// What somebody may do with the standard of this service.
#[derive(Debug, Clone, Copy)]
struct Rights {
    write: bool,
    determine: bool,
    publish: bool,
}

impl Rights {
    fn of(person: &Person, unit: UnitId) -> Self {
        let may = |action: &Action| person.may(action, Some(unit));
        Self { write: may(&EDIT_SERVICES), determine: may(&DETERMINE_STANDARD), publish: may(&PUBLISH_STANDARD) }
    }
}

/// The version that is on its way.
struct Making {
    version: i64,
    state: StandardState,
    steps: Vec<Moment>,
    /// "3 dari 14 belum lengkap"; empty when nothing is missing.
    lacking: String,
    missing: Vec<String>,
}

impl Making {
    fn is(&self, state: &str) -> bool {
        self.state.name() == state
    }
}

/// The version everybody reads.
struct InForce {
    version: i64,
    lines: Vec<(String, String)>,
    /// How its review stands, and how that is marked.
    review: (String, &'static str),
    proofs: Vec<(String, String, String)>,
}

struct VersionRow {
    title: String,
    href: String,
    state: String,
    mark: &'static str,
}

impl StandardPage {
    fn to(&self, step: &str) -> String {
        let slug = self.slug.clone();
        match step {
            "begin" => BeginPath { slug }.to_string(),
            "discuss" => DiscussPath { slug }.to_string(),
            "determine" => DeterminePath { slug }.to_string(),
            "reopen" => ReopenPath { slug }.to_string(),
            "publish" => PublishStandardPath { slug }.to_string(),
            "review" => ReviewPath { slug }.to_string(),
            "proof" => ProofPath { slug }.to_string(),
            _ => StandardFormPath { slug }.to_string(),
        }
    }
}

/// Shows how far the standard has come.
pub(crate) async fn show_standard(
    path: StandardPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &READ_SERVICES).await?;
    show(&page(&app, &visit, service, Form::new()).await?)
}

async fn page(app: &App, visit: &Visit, service: Service, form: Form) -> Result<StandardPage, Problem> {
    let (institution, id, unit) = (visit.institution()?, service.id, service.unit);
    let (standards, proofs, unit) = app
        .database()
        .read(move |db| {
            let standards = kept::standards(db, institution, id)?;
            let current = standards.iter().find(|standard| standard.state == StandardState::Published);
            let proofs = current.map(|current| kept::proofs(db, institution, current.id)).transpose()?;
            let unit = organisation::unit(db, institution, unit)?.map(|unit| unit.slug).unwrap_or_default();
            Ok::<_, DatabaseError>((standards, proofs.unwrap_or_default(), unit))
        })
        .await?;
    let (w, rights) = (visit.words(&WORDS), Rights::of(visit.signed_in()?, service.unit));
    let edit = EditPath { slug: service.slug.clone() };
    let page = visit.page(w.text("standard.title")).crumb(w.text("keep.title"), KeepPath);
    let page = page.crumb(service.facts.name.clone(), edit).done(done(visit)).with_errors(!form.is_fine());
    let row = |standard: &Standard| VersionRow {
        title: w.fill("standard.version", [("number", &w.count(standard.number.unsigned_abs()))]),
        href: StandardVersionPath { slug: service.slug.clone(), number: standard.number }.to_string(),
        state: state_words(w, standard.state),
        mark: state_mark(standard.state),
    };
    let making = standards.iter().find(|standard| standard.state.is_in_making());
    let in_force = standards.iter().find(|standard| standard.state == StandardState::Published);
    Ok(StandardPage {
        page,
        form,
        today: visit.site().zone.date(app.now()).to_string(),
        rights,
        declaration: KeepDeclarationPath { slug: unit }.to_string(),
        making: making.map(|standard| Making::of(standard, w)),
        in_force: in_force.map(|standard| InForce::of(standard, &proofs, w)),
        versions: standards.iter().map(row).collect(),
        media: Medium::NOTED.map(|medium| (medium.name(), medium_words(w, medium))).to_vec(),
        slug: service.slug,
        w,
    })
}

impl Making {
    fn of(standard: &Standard, w: Words) -> Self {
        let missing: Vec<String> = standard
            .content
            .missing()
            .iter()
            .map(|component| component.name.in_language(w.language).to_owned())
            .collect();
        let discussed = standard.discussion.as_ref();
        let decree = standard.decree.as_ref();
        let moment = |key: &str, when: Option<String>, state: StandardState| Moment {
            when: when.unwrap_or_default(),
            title: w.text(&format!("step.{key}")),
            text: String::new(),
            current: standard.state == state,
        };
        let on = |date| day(date, w.language);
        let steps = vec![
            moment("write", None, StandardState::Draft),
            moment("discuss", discussed.map(|discussion| on(discussion.on)), StandardState::Discussed),
            moment("determine", decree.map(|decree| on(decree.on)), StandardState::Determined),
            moment("publish", None, StandardState::Published),
        ];
        let lacking = match missing.len() {
            0 => String::new(),
            count => w.fill("standard.lacking", [("count", &w.count(count as u64))]),
        };
        Self { version: standard.version, state: standard.state, steps, lacking, missing }
    }
}

impl InForce {
    fn of(standard: &Standard, proofs: &[Proof], w: Words) -> Self {
        let on = |date| day(date, w.language);
        let mut lines = Vec::new();
        if let Some(decree) = &standard.decree {
            lines.push((w.text("standard.decree"), format!("{} ({})", decree.number, on(decree.on))));
            lines.push((w.text("standard.effective"), on(decree.effective_on)));
        }
        if let Some(reviewed) = standard.reviewed_on {
            lines.push((w.text("standard.reviewed"), on(reviewed)));
        }
        if let Some(hash) = &standard.hash {
            lines.push((w.text("standard.hash"), hash.clone()));
        }
        let proof = |proof: &Proof| (medium_words(w, proof.medium), proof.place.clone(), on(proof.on));
        Self {
            version: standard.version,
            lines,
            review: (w.text(&format!("review.{}", standard.review.name())), review_mark(standard.review)),
            proofs: proofs.iter().map(proof).collect(),
        }
    }
}

pub(super) fn state_words(w: Words, state: StandardState) -> String {
    w.text(&format!("standard-state.{}", state.name()))
}

pub(super) const fn state_mark(state: StandardState) -> &'static str {
    match state {
        StandardState::Published => "active",
        StandardState::Discussed | StandardState::Determined => "done",
        StandardState::Draft | StandardState::Replaced => "",
    }
}

pub(super) const fn review_mark(review: Review) -> &'static str {
    match review {
        Review::Current => "hijau",
        Review::Due | Review::Overdue => "kuning",
    }
}

pub(super) fn medium_words(w: Words, medium: Medium) -> String {
    w.text(&format!("medium.{}", medium.name()))
}

/// Takes a step with the version a form was made from, and leads on, or shows the page again with what was typed.
async fn step<T: Send + 'static>(
    (app, visit, slug): (&App, &Visit, &str),
    action: &Action,
    (mut form, done): (Form, &'static str),
    act: impl Fn(&mut Write<'_>, &Desk, StandardId, i64, &Form) -> Result<T, Refused> + Send + Sync + 'static,
) -> Result<Response, Problem> {
    let service = load_for(app, visit, slug, action).await?;
    let (desk, id, typed) = (desk(app, visit)?, service.id, form.clone());
    let version = form.value("version").parse().unwrap_or(0);
    let in_force = matches!(done, "ditinjau" | "bukti");
    let outcome = app
        .database()
        .write(move |db| {
            let standards = kept::standards(db, desk.institution, id)?;
            let wanted = |standard: &&Standard| match in_force {
                true => standard.state == StandardState::Published,
                false => standard.state.is_in_making(),
            };
            let standard = standards.iter().find(wanted).ok_or(Refused::WrongState)?;
            act(db, &desk, standard.id, version, &typed).map(drop)
        })
        .await;
    match outcome {
        Ok(()) => Ok(go_on(&StandardPath { slug: service.slug }, done).into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(app, visit, service, form).await?)
        }
    }
}

/// Begins the next version.
pub(crate) async fn post_begin(path: BeginPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let (desk, id) = (desk(&app, &visit)?, service.id);
    match app.database().write(move |db| actions::begin_standard(db, &desk, id)).await {
        Ok(_) => Ok(go_on(&StandardFormPath { slug: service.slug }, "dimulai").into_response()),
        Err(refused) => {
            let mut form = Form::new();
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&app, &visit, service, form).await?)
        }
    }
}

/// Notes the discussion with the public.
pub(crate) async fn post_discuss(
    path: DiscussPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let act = |db: &mut Write<'_>, desk: &Desk, id, version, form: &Form| {
        let discussion = discussion(form)?;
        actions::discuss_standard(db, desk, id, version, &discussion)
    };
    step((&app, &visit, &path.slug), &DETERMINE_STANDARD, (form, "dibahas"), act).await
}

fn discussion(form: &Form) -> Result<Discussion, Refused> {
    let mut checks = Checks::default();
    let on = asked_day(&mut checks, "discussed_on", form);
    let with = checks.required("discussed_with", form.value("discussed_with"), 300, "fault.discussed-with");
    let minutes = checks.choice("minutes_url", form.value("minutes_url"), web_address, "fault.web").unwrap_or_default();
    let minutes = checks.optional("minutes_url", &minutes, 300);
    checks.finish(()).map_err(Refused::Faults)?;
    Ok(Discussion { on, with, minutes })
}

/// Notes the decree.
pub(crate) async fn post_determine(
    path: DeterminePath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let act = |db: &mut Write<'_>, desk: &Desk, id, version, form: &Form| {
        let decree = decree(form)?;
        actions::determine_standard(db, desk, id, version, &decree)
    };
    step((&app, &visit, &path.slug), &DETERMINE_STANDARD, (form, "ditetapkan"), act).await
}

fn decree(form: &Form) -> Result<Decree, Refused> {
    let mut checks = Checks::default();
    let number = checks.required("decree_number", form.value("decree_number"), 120, "fault.decree-number");
    let on = asked_day(&mut checks, "decree_on", form);
    let effective_on = asked_day(&mut checks, "effective_on", form);
    let url = checks.choice("decree_url", form.value("decree_url"), web_address, "fault.web").unwrap_or_default();
    let url = checks.optional("decree_url", &url, 300);
    checks.finish(()).map_err(Refused::Faults)?;
    Ok(Decree { number, on, url, effective_on })
}

/// Gives a version back to those who write it.
pub(crate) async fn post_reopen(
    path: ReopenPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let act = |db: &mut Write<'_>, desk: &Desk, id, version, _: &Form| actions::reopen_standard(db, desk, id, version);
    step((&app, &visit, &path.slug), &DETERMINE_STANDARD, (form, "dikembalikan"), act).await
}

/// Publishes a version.
pub(crate) async fn post_publish(
    path: PublishStandardPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let act = |db: &mut Write<'_>, desk: &Desk, id, version, _: &Form| actions::publish_standard(db, desk, id, version);
    step((&app, &visit, &path.slug), &PUBLISH_STANDARD, (form, "standar"), act).await
}

/// Notes a review.
pub(crate) async fn post_review(
    path: ReviewPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let act = |db: &mut Write<'_>, desk: &Desk, id, version, form: &Form| {
        let mut checks = Checks::default();
        let on = asked_day(&mut checks, "reviewed_on", form);
        checks.finish(()).map_err(Refused::Faults)?;
        actions::review_standard(db, desk, id, version, on)
    };
    step((&app, &visit, &path.slug), &DETERMINE_STANDARD, (form, "ditinjau"), act).await
}

/// Where and when something was published elsewhere, as it was typed.
pub(super) fn noted(form: &Form) -> Result<(Medium, String, Date), Refused> {
    let mut checks = Checks::default();
    let noted = |name: &str| Medium::NOTED.into_iter().find(|medium| medium.name() == name);
    let medium = checks.choice("medium", form.value("medium"), noted, "fault.medium");
    checks.require(!form.value("medium").is_empty(), "medium", "fault.medium");
    let place = checks.required("place", form.value("place"), 300, "fault.place");
    let on = asked_day(&mut checks, "published_on", form);
    checks.finish(()).map_err(Refused::Faults)?;
    Ok((medium.unwrap_or(Medium::Other), place, on))
}

/// Notes a publication elsewhere.
pub(crate) async fn post_proof(
    path: ProofPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let act =
        |db: &mut Write<'_>, desk: &Desk, id, _, form: &Form| actions::note_publication(db, desk, id, noted(form)?);
    step((&app, &visit, &path.slug), &EDIT_SERVICES, (form, "bukti"), act).await
}
