//! `/kelola/survei/{id}/impor`: a table of answers is sent, looked through row by row, and handed to another person to be confirmed.

use super::import_decision::{Sent, Waiting};
use super::plan::services_of;
use super::{ImportPath, PeriodPath, StorePath, Whole, WrongRowsPath, asked, desk, done, load, staff_page};
use crate::actions::{self, Refused};
use crate::period::PeriodState;
use crate::permissions::KEEP_PERIODS;
use crate::table::{Against, Checked, MOST_ROWS, check};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use calculation::instruments;
use organisation::import::{ShownFinding, Table, drop_draft, keep_draft, load_draft, read_table};
use organisation::{DraftId, DraftOf};
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::Visit;
use platform::words::Words;
use rules::phrase::Phrase;

#[derive(Template)]
#[template(path = "pages/import.html")]
pub(super) struct ImportPage {
    page: Page,
    w: Words,
    pub(super) form: Form,
    hint: String,
    review: Option<Review>,
    /// The tables that were sent before.
    sent: Vec<Sent>,
    /// The one of them that waits for a decision.
    waiting: Option<Waiting>,
    decide: String,
    version: i64,
}

struct Review {
    draft: String,
    store: String,
    lead: String,
    /// How many rows are equal to those of an earlier table; empty where none is.
    same: String,
    unknown: String,
    wrong: Vec<(String, String)>,
    more: String,
    wrong_rows: String,
    button: String,
    fingerprint: String,
}

/// So many wrong rows are shown.
const SHOWN: usize = 100;

fn draft_of(visit: &Visit) -> Result<DraftOf, Problem> {
    Ok(DraftOf { institution: visit.institution()?, account: visit.signed_in()?.account, purpose: "survey" })
}

pub(super) async fn open(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let whole = load(app, visit, id, &KEEP_PERIODS).await?;
    if whole.period.state == PeriodState::Open { Ok(whole) } else { Err(Refused::WrongState.into()) }
}

/// The page: the form, what a table would do, and what was sent before.
pub(super) async fn page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<ImportPage, Problem> {
    let w = visit.words(&WORDS);
    let here = PeriodPath { id: whole.period.id.to_string() };
    let page = staff_page(visit, w.text("import.title")).crumb(whole.unit.facts.name.clone(), here);
    let (sent, waiting) = super::import_decision::sent(app, visit, whole).await?;
    Ok(ImportPage {
        page: page.with_errors(!form.is_fine()),
        hint: w.fill("import.hint", [("most", &w.count(MOST_ROWS as u64))]),
        review: None,
        sent,
        waiting,
        decide: super::DecisionPath { id: whole.period.id.to_string() }.to_string(),
        version: whole.period.version,
        form,
        w,
    })
}

/// The form, or what the table that was sent would do.
pub(crate) async fn show_import(path: ImportPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let found = reviewed(&app, &visit, &whole, &asked(&visit, "berkas")).await?;
    let mut form = Form::new();
    if asked(&visit, "lagi") == "ya" {
        form.fault("", visit.words(&WORDS).text("import.changed"));
    }
    let mut page = page(&app, &visit, &whole, form).await?;
    page.review = found.map(|found| review_of(&visit, &whole, &found));
    show(&page)
}

/// A table that waits for its own sender to send it on, and what it would do.
struct Found {
    draft: DraftId,
    table: Table,
    checked: Checked,
}

async fn reviewed(app: &App, visit: &Visit, whole: &Whole, draft: &str) -> Result<Option<Found>, Problem> {
    let Ok(draft) = draft.parse::<DraftId>() else { return Ok(None) };
    let (of, now) = (draft_of(visit)?, app.now());
    let Some(table) = app.database().read(move |db| load_draft(db, of, draft, now)).await? else { return Ok(None) };
    let (table, checked) = checked(app, visit, whole, (table, false)).await?;
    checked.map(|checked| Some(Found { draft, table, checked })).map_err(|_| Problem::unreadable())
}

/// Looks a table through, off the server's threads: there may be twenty thousand rows.
async fn checked(
    app: &App,
    visit: &Visit,
    whole: &Whole,
    (table, others): (Table, bool),
) -> Result<(Table, Result<Checked, Phrase>), Problem> {
    let (institution, period) = (visit.institution()?, whole.period.id);
    let services = services_of(app, visit, whole).await?;
    let (questions, known) = app
        .database()
        .read(move |db| {
            let questions = store::periods::questions(db, institution, period)?;
            Ok::<_, DatabaseError>((questions, store::imports::tabled(db, institution, period)?))
        })
        .await?;
    let instrument = instruments::find(&whole.period.instrument)
        .map_err(|problem| Problem::internal(problem.message(visit.language())))?;
    let (plan, today) = (whole.period.plan.clone(), visit.site().zone.date(app.now()));
    let against = Against { institution, period, plan, instrument, services, questions, today, known, others };
    let checking = move || {
        let checked = check(&against, &table);
        (table, checked)
    };
    tokio::task::spawn_blocking(checking).await.map_err(Problem::internal)
}

fn review_of(visit: &Visit, whole: &Whole, found: &Found) -> Review {
    let (w, id) = (visit.words(&WORDS), whole.period.id.to_string());
    let Found { draft, table, checked } = found;
    let counts = checked.review.counts();
    let count = |number: usize| w.count(number as u64);
    let (good, same, wrong) = (count(checked.answers.len()), count(counts.unchanged), count(counts.wrong));
    let shown = checked.review.shown(w, str::to_owned);
    let said = |findings: &[ShownFinding]| findings.iter().map(|one| one.text.clone()).collect::<Vec<_>>().join(" ");
    let wrong_rows = shown.iter().filter(|row| !row.findings.is_empty());
    let more = counts.wrong.saturating_sub(SHOWN);
    let words = |some: bool, words: String| if some { words } else { String::new() };
    Review {
        store: StorePath { id: id.clone() }.to_string(),
        lead: w
            .fill("import.lead", [("file", table.name.as_str()), ("good", &good), ("same", &same), ("wrong", &wrong)]),
        same: words(counts.unchanged > 0, w.fill("import.same-rows", [("count", &same)])),
        unknown: words(
            !checked.unknown.is_empty(),
            w.fill("import.unknown", [("columns", &checked.unknown.join(", "))]),
        ),
        wrong: wrong_rows.take(SHOWN).map(|row| (w.count(row.line), said(&row.findings))).collect(),
        more: words(more > 0, w.fill("import.more", [("count", &count(more))])),
        wrong_rows: format!("{}?berkas={draft}", WrongRowsPath { id }),
        button: words(counts.new + counts.unchanged > 0, w.fill("import.store", [("count", &good)])),
        fingerprint: checked.review.fingerprint(),
        draft: draft.to_string(),
    }
}

/// The rows that cannot be kept with what is wrong, to be corrected and sent again.
pub(crate) async fn wrong_rows(path: WrongRowsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let found = reviewed(&app, &visit, &whole, &asked(&visit, "berkas")).await?;
    let Some(found) = found else { return Ok(Redirect::to(&ImportPath { id: path.id }.to_string()).into_response()) };
    let w = visit.words(&WORDS);
    let text = found.checked.review.wrong_rows(&found.table, &w.text("import.reasons"), w, str::to_owned);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"jawaban-keliru.csv\""),
    ];
    Ok((headers, text).into_response())
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
                Ok(table) => match checked(&app, &visit, &whole, (table, false)).await? {
                    (table, Ok(_)) => Ok(table),
                    (_, Err(phrase)) => Err(w.say(&phrase)),
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
            show_again(&page(&app, &visit, &whole, form).await?)
        }
    }
}

/// Sends the new answers on, so that another person confirms them.
pub(crate) async fn post_store(
    path: StorePath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let here = ImportPath { id: path.id.clone() };
    let Some(found) = reviewed(&app, &visit, &whole, form.value("berkas")).await? else {
        return Ok(Redirect::to(&here.to_string()).into_response());
    };
    if found.checked.review.fingerprint() != form.value("sidik") {
        return Ok(Redirect::to(&format!("{here}?berkas={}&lagi=ya", found.draft)).into_response());
    }
    let others = form.value("orang-lain") == "ya";
    let (table, checked) = checked(&app, &visit, &whole, (found.table, others)).await?;
    let checked = checked.map_err(|_| Problem::unreadable())?;
    let (desk, of, account) = (desk(&app, &visit)?, draft_of(&visit)?, visit.signed_in()?.account);
    let at = (whole.period.id, form.value("version").parse().unwrap_or(0));
    let (draft, name) = (found.draft, table.name);
    let stored = app.database().write(move |db| {
        actions::send_table(db, &desk, account, at, (&name, &checked))?;
        Ok::<_, Refused>(drop_draft(db, of, draft)?)
    });
    match stored.await {
        Ok(()) => Ok(done(&here, "dikirim")),
        Err(Refused::Faults(faults)) => {
            let mut form = Form::new();
            super::show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&page(&app, &visit, &whole, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}
