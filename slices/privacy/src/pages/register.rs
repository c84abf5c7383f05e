//! `/kelola/data-pribadi/kegiatan`: the register of processing; `…/penghapusan`: what ends tomorrow.

use super::public::{Line, PublicPath, basis_words};
use super::{desk, done, staff_page};
use crate::permissions::KEEP_REGISTER;
use crate::register::{Activity, ActivityId, Officer};
use crate::{WORDS, actions, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show as render, show_again};
use platform::personal::{self, Basis};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;
use time::Duration;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kegiatan")]
pub(crate) struct RegisterPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kegiatan/baru")]
pub(crate) struct NewPath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kegiatan/{id}/akhiri")]
pub(crate) struct EndPath {
    id: String,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/penghapusan")]
pub(crate) struct EndingPath;

#[derive(Template)]
#[template(path = "pages/register.html")]
struct RegisterPage {
    page: Page,
    w: Words,
    form: Form,
    lines: Vec<Line>,
    own: Vec<(Line, String)>,
    may: bool,
    version: i64,
    public: String,
    new: String,
}

#[derive(Template)]
#[template(path = "pages/activity.html")]
struct ActivityPage {
    page: Page,
    w: Words,
    form: Form,
    bases: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "pages/ending.html")]
struct EndingPage {
    page: Page,
    w: Words,
    rows: Vec<(String, String, u64)>,
}

async fn register_page(app: &App, visit: &Visit, form: Option<Form>) -> Result<RegisterPage, Problem> {
    let institution = visit.institution()?;
    let (officer, activities): (Officer, Vec<Activity>) = app
        .database()
        .read(move |db| {
            let officer = store::register::officer(db, institution)?;
            Ok::<_, DatabaseError>((officer, store::register::activities(db, institution)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let own = |activity: Activity| {
        let end = activity.id.map(|id| EndPath { id: id.to_string() }.to_string()).unwrap_or_default();
        (Line::of_activity(activity, w), end)
    };
    let version = officer.version;
    let filled = [("name", officer.name), ("contact", officer.contact), ("recipients", officer.recipients)];
    let form = form.unwrap_or_else(|| Form::filled(filled));
    Ok(RegisterPage {
        page: staff_page(visit, w.text("register.title")).with_errors(!form.is_fine()),
        w,
        form,
        lines: app.wiring().holdings.iter().copied().flatten().map(|holding| Line::of(holding, w)).collect(),
        own: activities.into_iter().map(own).collect(),
        may: visit.signed_in()?.may(&KEEP_REGISTER, None),
        version,
        public: PublicPath.to_string(),
        new: NewPath.to_string(),
    })
}

pub(crate) async fn show(_: RegisterPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    render(&register_page(&app, &visit, None).await?)
}

/// The longest line of a city's own.
const LONGEST: usize = 400;

fn line(form: &mut Form, w: Words, field: &str) -> String {
    form.required(field, LONGEST, w.text("fault.empty"), w.text("fault.long"))
}

pub(crate) async fn post_officer(
    _: RegisterPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let (name, contact) = (line(&mut form, w, "name"), line(&mut form, w, "contact"));
    let recipients = form.value("recipients").to_owned();
    if recipients.chars().count() > LONGEST {
        form.fault("recipients", w.text("fault.long"));
    }
    if !form.is_fine() {
        return show_again(&register_page(&app, &visit, Some(form)).await?);
    }
    let version = form.value("version").parse().unwrap_or(0);
    let (desk, officer) = (desk(&app, &visit)?, Officer { name, contact, recipients, version });
    app.database().write(move |db| actions::set_officer(db, &desk, &officer)).await?;
    Ok(done(&RegisterPath, "petugas"))
}

fn activity_page(visit: &Visit, form: Form) -> ActivityPage {
    let w = visit.words(&WORDS);
    let page = staff_page(visit, w.text("activity.title")).crumb(w.text("register.title"), RegisterPath);
    let bases = Basis::ALL.into_iter().map(|basis| (basis.name(), basis_words(w, basis))).collect();
    ActivityPage { page: page.with_errors(!form.is_fine()), w, form, bases }
}

pub(crate) async fn show_new(_: NewPath, visit: Visit) -> Result<Response, Problem> {
    std::future::ready(render(&activity_page(&visit, Form::new()))).await
}

pub(crate) async fn post_new(
    _: NewPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let [title, purpose, people, recipients, retention, protection] =
        ["title", "purpose", "people", "recipients", "retention", "protection"].map(|field| line(&mut form, w, field));
    let basis = form.read("basis", Basis::named, w.text("fault.basis"));
    let (Some(basis), true) = (basis, form.is_fine()) else { return show_again(&activity_page(&visit, form)) };
    let activity = Activity { id: None, title, purpose, people, basis, recipients, retention, protection };
    let desk = desk(&app, &visit)?;
    app.database().write(move |db| actions::add_activity(db, &desk, &activity)).await?;
    Ok(done(&RegisterPath, "kegiatan"))
}

pub(crate) async fn post_end(path: EndPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let id: ActivityId = path.id.parse().map_err(|_| Problem::not_found())?;
    let desk = desk(&app, &visit)?;
    app.database().write(move |db| actions::end_activity(db, &desk, id)).await?;
    Ok(done(&RegisterPath, "kegiatan-akhir"))
}

/// What the job of tomorrow will end, without ending anything.
pub(crate) async fn show_ending(_: EndingPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, tomorrow) = (visit.institution()?, app.now() + Duration::DAY);
    let (w, holdings) = (visit.words(&WORDS), app.wiring().holdings);
    let rows = app
        .database()
        .read(move |db| {
            let ends = holdings.iter().copied().flatten().filter(|holding| holding.end.is_some());
            ends.map(|holding| {
                let due = personal::due(db, holding, institution, tomorrow)?;
                Ok((holding, due))
            })
            .collect::<Result<Vec<_>, DatabaseError>>()
        })
        .await?;
    let row = |(holding, due): (&personal::Holding, u64)| {
        ((holding.words)("what", w.language), (holding.words)("retention", w.language), due)
    };
    let page = staff_page(&visit, w.text("ending.title"));
    render(&EndingPage { page, w, rows: rows.into_iter().map(row).collect() })
}
