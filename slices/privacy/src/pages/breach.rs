//! `/kelola/data-pribadi/kebocoran/{id}`: one breach: what is known, whom it is told, letters to print.

use super::ask::required;
use super::breaches::BreachesPath;
use super::{clock, desk, done, fault_words, moment, never_kept, staff_page};
use crate::breach::{Breach, BreachId, BreachState, BreachTask, Report};
use crate::register::Officer;
use crate::{WORDS, actions, rules, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show as render, show_again};
use platform::personal::{PersonText, Personal as _, Place, Sealed};
use platform::problem::Problem;
use platform::secret::Secrets;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kebocoran/{id}")]
pub(crate) struct BreachPath {
    pub(super) id: String,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kebocoran/baru")]
pub(crate) struct NewPath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kebocoran/{id}/tugas")]
pub(crate) struct TaskPath {
    id: String,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/kebocoran/{id}/surat")]
pub(crate) struct LettersPath {
    id: String,
}

#[derive(Template)]
#[template(path = "pages/breach.html")]
struct BreachPage {
    page: Page,
    w: Words,
    form: Form,
    holdings: Vec<(&'static str, String)>,
    /// Nothing for a new one.
    known: Option<Known>,
    task: String,
    letters: String,
}

struct Known {
    version: i64,
    clock: super::Clock,
    due: String,
    state: String,
    open: bool,
    may_close: bool,
    may_dismiss: bool,
    tasks: Vec<(&'static str, String, Option<String>)>,
}

#[derive(Template)]
#[template(path = "pages/letters.html")]
struct LettersPage {
    page: Page,
    w: Words,
    city: String,
    officer: Officer,
    number: String,
    rows: Vec<(String, String)>,
    article: &'static str,
}

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const HOUR: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");

fn id_of(text: &str) -> Result<BreachId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn open(secrets: &Secrets, breach: &Breach, visit: &Visit, column: &'static str, text: &Sealed<PersonText>) -> String {
    let place = visit.institution().ok().map(|institution| Place::new(institution, column, breach.id.uuid()));
    let opened = place.and_then(|place| text.open(secrets, &place));
    opened.map(|text| text.text().to_owned()).unwrap_or_default()
}

/// What is known of a breach, in the words of its form.
fn typed(secrets: &Secrets, breach: &Breach, holdings: &[String], visit: &Visit) -> Form {
    let local = |at: OffsetDateTime| visit.site().zone.local(at);
    let day = |at: Option<OffsetDateTime>| at.and_then(|at| local(at).format(DAY).ok()).unwrap_or_default();
    let hour = |at: Option<OffsetDateTime>| at.and_then(|at| local(at).format(HOUR).ok()).unwrap_or_default();
    let sealed = |column, text: Option<&Sealed<PersonText>>| {
        text.map(|text| open(secrets, breach, visit, column, text)).unwrap_or_default()
    };
    let mut values = vec![
        ("title", breach.title.clone()),
        ("what", sealed("breach.what", Some(&breach.what))),
        ("how", sealed("breach.how", breach.how.as_ref())),
        ("handling", sealed("breach.handling", breach.handling.as_ref())),
        ("contact", breach.contact.clone()),
        ("people", breach.people.map(|people| people.to_string()).unwrap_or_default()),
        ("known_day", day(Some(breach.known_at))),
        ("known_hour", hour(Some(breach.known_at))),
        ("happened_day", day(breach.happened_at)),
        ("happened_hour", hour(breach.happened_at)),
        ("public", if breach.public_needed { "yes".to_owned() } else { String::new() }),
    ];
    values.extend(holdings.iter().map(|holding| ("holding", holding.clone())));
    Form::filled(values)
}

/// A day with a time in the city's zone.
fn moment_of(visit: &Visit, day: &str, hour: &str) -> Option<OffsetDateTime> {
    let day = Date::parse(day, DAY).ok()?;
    let hour = Time::parse(&hour.replace('.', ":"), HOUR).ok()?;
    let local = PrimitiveDateTime::new(day, hour);
    let offset = visit.site().zone.local(OffsetDateTime::UNIX_EPOCH).offset();
    Some(local.assume_offset(offset).to_offset(time::UtcOffset::UTC))
}

const LINE: usize = 200;

fn read(app: &App, visit: &Visit, form: &mut Form) -> Option<Report> {
    let w = visit.words(&WORDS);
    let title = form.required("title", LINE, w.text("fault.empty"), w.text("fault.long"));
    let contact = form.required("contact", LINE, w.text("fault.empty"), w.text("fault.long"));
    let what = required::<PersonText>(visit, form, "what", "fault.empty");
    let (how, handling) = (text_of(visit, form, "how"), text_of(visit, form, "handling"));
    let known_at = moment_of(visit, form.value("known_day"), form.value("known_hour"));
    match known_at {
        Some(known) if known > app.now() => form.fault("known_day", w.text("fault.future")),
        Some(_) => {}
        None => form.fault("known_day", w.text("fault.moment")),
    }
    let happened_at = moment_of(visit, form.value("happened_day"), form.value("happened_hour"));
    if happened_at.is_none() && !form.value("happened_day").is_empty() {
        form.fault("happened_day", w.text("fault.moment"));
    }
    if happened_at.zip(known_at).is_some_and(|(happened, known)| happened > known) {
        form.fault("happened_day", w.text("fault.order"));
    }
    let people = match form.value("people") {
        "" => None,
        typed => typed.replace('.', "").parse::<i64>().ok().filter(|people| *people >= 0).or_else(|| {
            form.fault("people", w.text("fault.number"));
            None
        }),
    };
    let known = |name: &&str| app.wiring().holdings.iter().copied().flatten().any(|holding| holding.name == *name);
    let holdings = form.values("holding").filter(known).map(str::to_owned).collect();
    let public_needed = form.has("public", "yes");
    if !form.is_fine() {
        return None;
    }
    let (what, known_at) = (what?, known_at?);
    Some(Report { title, what, how, handling, contact, people, public_needed, happened_at, known_at, holdings })
}

fn text_of(visit: &Visit, form: &mut Form, field: &str) -> Option<PersonText> {
    if form.value(field).is_empty() {
        return None;
    }
    PersonText::read(form.value(field)).map_err(|fault| form.fault(field, fault_words(visit, fault))).ok()
}

fn breach_page(app: &App, visit: &Visit, form: Form, breach: Option<&Breach>) -> BreachPage {
    let w = visit.words(&WORDS);
    let title = breach.map_or_else(|| w.text("breaches.new"), Breach::receipt);
    let page = staff_page(visit, title).crumb(w.text("breaches.title"), BreachesPath);
    let id = breach.map(|breach| breach.id.to_string()).unwrap_or_default();
    let every = app.wiring().holdings.iter().copied().flatten();
    BreachPage {
        page: page.with_errors(!form.is_fine()),
        w,
        form,
        holdings: every.map(|holding| (holding.name, (holding.words)("what", w.language))).collect(),
        known: breach.map(|breach| known(app, visit, breach)),
        task: TaskPath { id: id.clone() }.to_string(),
        letters: LettersPath { id }.to_string(),
    }
}

fn known(app: &App, visit: &Visit, breach: &Breach) -> Known {
    let w = visit.words(&WORDS);
    let task = |task: BreachTask| {
        (task.name(), w.text(&format!("task.{}", task.name())), breach.done(task).map(|at| moment(visit, at)))
    };
    let needed = |task: &BreachTask| *task != BreachTask::Public || breach.public_needed;
    Known {
        version: breach.version,
        clock: clock(w, breach.left(app.now())),
        due: moment(visit, breach.due_at),
        state: w.text(&format!("breach-state.{}", breach.state.name())),
        open: breach.closed_at.is_none(),
        may_close: breach.state.may_become(BreachState::Closed),
        may_dismiss: breach.state.may_become(BreachState::Dismissed),
        tasks: BreachTask::ALL.into_iter().filter(needed).map(task).collect(),
    }
}

async fn load(app: &App, visit: &Visit, id: BreachId) -> Result<(Breach, Vec<String>), Problem> {
    let institution = visit.institution()?;
    let found = app
        .database()
        .read(move |db| {
            let Some(breach) = store::breaches::breach(db, institution, id)? else { return Ok(None) };
            Ok::<_, DatabaseError>(Some((breach, store::breaches::holdings(db, institution, id)?)))
        })
        .await?;
    found.ok_or_else(Problem::not_found)
}

pub(crate) async fn show_new(_: NewPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let local = visit.site().zone.local(app.now());
    let (day, hour) = (local.format(DAY).unwrap_or_default(), local.format(HOUR).unwrap_or_default());
    let form = Form::filled([("known_day", day), ("known_hour", hour)]);
    std::future::ready(render(&breach_page(&app, &visit, form, None))).await
}

pub(crate) async fn post_new(
    _: NewPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let Some(report) = read(&app, &visit, &mut form) else {
        return show_again(&breach_page(&app, &visit, form, None)).map(never_kept);
    };
    let desk = desk(&app, &visit)?;
    let id = app.database().write(move |db| actions::record_breach(db, &desk, &report)).await?;
    app.jobs().wake();
    Ok(done(&BreachPath { id: id.to_string() }, "kebocoran"))
}

pub(crate) async fn show(path: BreachPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (breach, holdings) = load(&app, &visit, id_of(&path.id)?).await?;
    let form = typed(app.secrets(), &breach, &holdings, &visit);
    render(&breach_page(&app, &visit, form, Some(&breach))).map(never_kept)
}

pub(crate) async fn post(
    path: BreachPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (breach, _) = load(&app, &visit, id_of(&path.id)?).await?;
    let Some(report) = read(&app, &visit, &mut form) else {
        return show_again(&breach_page(&app, &visit, form, Some(&breach))).map(never_kept);
    };
    let (desk, version) = (desk(&app, &visit)?, form.value("version").parse().unwrap_or(0));
    app.database().write(move |db| actions::change(db, &desk, (breach.id, version), &report)).await?;
    Ok(done(&path, "kebocoran-ubah"))
}

/// Marks a task as done, closes the breach, or says that it was none.
pub(crate) async fn post_task(
    path: TaskPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let (id, version) = (id_of(&path.id)?, form.value("version").parse().unwrap_or(0));
    let desk = desk(&app, &visit)?;
    let chosen = form.value("task").to_owned();
    let said = match chosen.as_str() {
        "close" => "tutup",
        "dismiss" => "batal",
        _ => "tugas",
    };
    let task = BreachTask::named(&chosen);
    app.database()
        .write(move |db| match (task, chosen.as_str()) {
            (Some(task), _) => actions::finish(db, &desk, (id, version), task),
            (None, "close") => actions::close_breach(db, &desk, id, version),
            (None, "dismiss") => actions::dismiss(db, &desk, id, version),
            (None, _) => Err(actions::Refused::NotFound),
        })
        .await?;
    Ok(done(&BreachPath { id: path.id }, said))
}

/// Drafts of the letters to people and to the agency, with what Pasal 46 asks, to be printed.
pub(crate) async fn letters(path: LettersPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (breach, holdings) = load(&app, &visit, id_of(&path.id)?).await?;
    let institution = visit.institution()?;
    let officer = app.database().read(move |db| store::register::officer(db, institution)).await?;
    let w = visit.words(&WORDS);
    let form = typed(app.secrets(), &breach, &holdings, &visit);
    let unknown = || w.text("letter.unknown");
    let told = |field: &str| Some(form.value(field).to_owned()).filter(|told| !told.is_empty()).unwrap_or_else(unknown);
    let rows = vec![
        (w.text("field.what"), told("what")),
        (w.text("field.happened"), breach.happened_at.map_or_else(unknown, |at| moment(&visit, at))),
        (w.text("field.known"), moment(&visit, breach.known_at)),
        (w.text("field.how"), told("how")),
        (w.text("field.people"), told("people")),
        (w.text("field.handling"), told("handling")),
        (w.text("field.contact"), breach.contact.clone()),
    ];
    let page =
        staff_page(&visit, w.text("letter.title")).crumb(breach.receipt(), BreachPath { id: breach.id.to_string() });
    let template = LettersPage {
        page,
        w,
        city: visit.site().name.clone(),
        officer,
        number: breach.receipt(),
        rows,
        article: rules::breach_article(),
    };
    render(&template).map(never_kept)
}
