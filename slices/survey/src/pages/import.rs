//! `/kelola/survei/{id}/impor`: a table of answers is sent, looked through row by row, and taken over when somebody says so.

use super::plan::services_of;
use super::{ImportPath, PeriodPath, StorePath, Whole, asked, desk, done, load, staff_page};
use crate::WORDS;
use crate::actions::{self, Refused};
use crate::period::PeriodState;
use crate::permissions::KEEP_PERIODS;
use crate::table::{Checked, MOST_ROWS, check, fingerprint};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use calculation::instruments;
use organisation::import::{Table, drop_draft, keep_draft, load_draft, read_table};
use organisation::{DraftId, DraftOf};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::Visit;
use platform::words::Words;
use rules::phrase::Phrase;

#[derive(Template)]
#[template(path = "pages/import.html")]
struct ImportPage {
    page: Page,
    w: Words,
    form: Form,
    hint: String,
    review: Option<Review>,
}

struct Review {
    draft: String,
    version: i64,
    store: String,
    lead: String,
    unknown: String,
    wrong: Vec<(String, String)>,
    more: String,
    button: String,
}

/// So many wrong rows are shown.
const SHOWN: usize = 100;

fn draft_of(visit: &Visit) -> Result<DraftOf, Problem> {
    Ok(DraftOf { institution: visit.institution()?, account: visit.signed_in()?.account, purpose: "survey" })
}

async fn open(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let whole = load(app, visit, id, &KEEP_PERIODS).await?;
    if whole.period.state == PeriodState::Open { Ok(whole) } else { Err(Refused::WrongState.into()) }
}

fn page(visit: &Visit, whole: &Whole, form: Form, review: Option<Review>) -> ImportPage {
    let w = visit.words(&WORDS);
    let here = PeriodPath { id: whole.period.id.to_string() };
    let page = staff_page(visit, w.text("import.title")).crumb(whole.unit.facts.name.clone(), here);
    let hint = w.fill("import.hint", [("most", &w.count(MOST_ROWS as u64))]);
    ImportPage { page: page.with_errors(!form.is_fine()), w, form, hint, review }
}

/// The form, or what the table that was sent would do.
pub(crate) async fn show_import(path: ImportPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let review = match asked(&visit, "berkas").parse::<DraftId>() {
        Ok(draft) => reviewed(&app, &visit, &whole, draft).await?,
        Err(_) => None,
    };
    let review = review.map(|(draft, table, checked)| review_of(&visit, &whole, draft, &table, &checked));
    show(&page(&visit, &whole, Form::new(), review))
}

type Found = (DraftId, Table, Checked);

async fn reviewed(app: &App, visit: &Visit, whole: &Whole, draft: DraftId) -> Result<Option<Found>, Problem> {
    let (of, now) = (draft_of(visit)?, app.now());
    let Some(table) = app.database().read(move |db| load_draft(db, of, draft, now)).await? else { return Ok(None) };
    let checked = checked(app, visit, whole, &table).await?;
    checked.map(|checked| Some((draft, table, checked))).map_err(|_| Problem::unreadable())
}

async fn checked(app: &App, visit: &Visit, whole: &Whole, table: &Table) -> Result<Result<Checked, Phrase>, Problem> {
    let services = services_of(app, visit, whole).await?;
    let instrument = instruments::find(&whole.period.instrument)
        .map_err(|problem| Problem::internal(problem.message(visit.language())))?;
    Ok(check(&instrument, &services, table))
}

fn review_of(visit: &Visit, whole: &Whole, draft: DraftId, table: &Table, checked: &Checked) -> Review {
    let w = visit.words(&WORDS);
    let (good, wrong) = (w.count(checked.good.len() as u64), w.count(checked.wrong.len() as u64));
    let row = |(line, fault): &(u64, crate::Fault)| (w.count(*line), w.say(&fault.phrase));
    let more = checked.wrong.len().saturating_sub(SHOWN) as u64;
    Review {
        draft: draft.to_string(),
        version: whole.period.version,
        store: StorePath { id: whole.period.id.to_string() }.to_string(),
        lead: w.fill("import.lead", [("file", table.name.as_str()), ("good", &good), ("wrong", &wrong)]),
        unknown: match checked.unknown.as_slice() {
            [] => String::new(),
            columns => w.fill("import.unknown", [("columns", &columns.join(", "))]),
        },
        wrong: checked.wrong.iter().take(SHOWN).map(row).collect(),
        more: if more > 0 { w.fill("import.more", [("count", &w.count(more))]) } else { String::new() },
        button: if checked.good.is_empty() { String::new() } else { w.fill("import.store", [("count", &good)]) },
    }
}

/// Reads the table and keeps it until the decision.
pub(crate) async fn post_import(
    path: ImportPath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let (w, of, now) = (visit.words(&WORDS), draft_of(&visit)?, app.now());
    let mut form = upload.form;
    let table = match upload.files.into_iter().find(|file| file.field == "berkas" && !file.name.is_empty()) {
        None => Err(w.text("import.no-file")),
        Some(file) => {
            let reading = move || read_table(file.path(), &file.name, MOST_ROWS);
            let read = tokio::task::spawn_blocking(reading).await.map_err(Problem::internal)?;
            match read {
                Ok(table) => match checked(&app, &visit, &whole, &table).await? {
                    Ok(_) => Ok(table),
                    Err(phrase) => Err(w.say(&phrase)),
                },
                Err(phrase) => Err(organisation::import::say(&phrase, w.language)),
            }
        }
    };
    match table {
        Ok(table) => {
            let draft = app.database().write(move |db| keep_draft(db, of, &table, now)).await?;
            Ok(Redirect::to(&format!("{}?berkas={draft}", ImportPath { id: path.id })).into_response())
        }
        Err(sentence) => {
            form.fault("berkas", sentence);
            show_again(&page(&visit, &whole, form, None))
        }
    }
}

/// Takes the good rows over.
pub(crate) async fn post_store(
    path: StorePath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let over = || Redirect::to(&ImportPath { id: path.id.clone() }.to_string()).into_response();
    let Ok(draft) = form.value("berkas").parse::<DraftId>() else { return Ok(over()) };
    let Some((draft, table, checked)) = reviewed(&app, &visit, &whole, draft).await? else { return Ok(over()) };
    let (desk, of) = (desk(&app, &visit)?, draft_of(&visit)?);
    let at = (whole.period.id, form.value("version").parse().unwrap_or(0));
    let stored = app.database().write(move |db| {
        let imported = actions::import(db, &desk, at, &fingerprint(&table), &checked)?;
        drop_draft(db, of, draft)?;
        Ok::<_, Refused>(imported)
    });
    stored.await?;
    Ok(done(&PeriodPath { id: path.id.clone() }, "diimpor"))
}
