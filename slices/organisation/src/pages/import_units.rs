//! `/kelola/impor/unit`: a table of units is sent, reviewed row by row, and stored when somebody says so.

use super::units::csv_file;
use super::{
    ImportPath, KeepPath, ReviewPath, SampleCsvPath, SampleXlsxPath, WrongRowsPath, asked, class_words, desk,
    field_words, go_on, kind_words,
};
use crate::WORDS;
use crate::actions::Desk;
use crate::import::{self, Counts, Review, Shown, Table, drop_draft, keep_draft, load_draft, read_table};
use crate::store::{DraftId, DraftOf};
use crate::unit::{ServiceClass, UnitKind};
use crate::units_table::{MOST_UNITS, NotStored, UNIT_COLUMNS, review_units, store_units};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::Visit;
use platform::words::Words;

/// Rows of a review on the page: all of them, since every wrong one must be seen. Unchanged ones are only counted.
#[derive(Template)]
#[template(path = "pages/import_review.html")]
struct ReviewTemplate {
    page: Page,
    w: Words,
    file: String,
    draft: String,
    fingerprint: String,
    counts: Counts,
    unknown: String,
    shown: Vec<Shown>,
    /// Whether units changed between the preview and the decision.
    differs: bool,
}

impl ReviewTemplate {
    fn count(&self, count: &usize) -> String {
        self.w.count(*count as u64)
    }

    fn lead(&self) -> String {
        self.w.fill("import.review-lead", [("file", &self.file)])
    }

    fn unknown_columns(&self) -> String {
        self.w.fill("import.unknown-columns", [("columns", &self.unknown)])
    }

    fn confirm(&self) -> String {
        self.w.fill("import.confirm", [("count", &self.count(&self.counts.to_store()))])
    }

    fn wrong_rows(&self) -> String {
        format!("{WrongRowsPath}?berkas={}", self.draft)
    }
}

#[derive(Template)]
#[template(path = "pages/import.html")]
struct ImportPage {
    page: Page,
    w: Words,
    form: Form,
    file_hint: String,
    /// Columns of the template: name, whether it is needed, what stands there.
    columns: Vec<(&'static str, bool, String)>,
    csv: String,
    xlsx: String,
}

/// The form where a table is sent.
pub(crate) async fn show_form(_: ImportPath, visit: Visit) -> Result<Response, Problem> {
    let mut form = Form::new();
    if asked(&visit, "selesai") == "lewat" {
        form.fault("", visit.words(&WORDS).text("import.over"));
    }
    std::future::ready(show(&form_page(&visit, form))).await
}

fn form_page(visit: &Visit, form: Form) -> ImportPage {
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("import.title")).crumb(w.text("keep.title"), KeepPath);
    let column = |column: &import::Column| (column.names[0], column.required, column_help(w, column.field));
    ImportPage {
        page: page.with_errors(!form.is_fine()),
        form,
        file_hint: w.fill("import.file-hint", [("most", &w.count(MOST_UNITS as u64))]),
        columns: UNIT_COLUMNS.iter().map(column).collect(),
        csv: SampleCsvPath.to_string(),
        xlsx: SampleXlsxPath.to_string(),
        w,
    }
}

fn column_help(w: Words, field: &str) -> String {
    w.text(&format!("column.{}", field.replace('_', "-")))
}

/// Reads the table and keeps it until the decision.
pub(crate) async fn post_form(
    _: ImportPath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let of = draft_of(&visit)?;
    let read = match upload.files.into_iter().find(|file| file.field == "berkas" && !file.name.is_empty()) {
        None => Err(w.text("import.no-file")),
        Some(file) => {
            // Reading may take a second; the file is deleted when this ends.
            let reading = move || {
                read_table(file.path(), &file.name, MOST_UNITS).and_then(|table| {
                    table.columns_for(&UNIT_COLUMNS)?;
                    Ok(table)
                })
            };
            let table = tokio::task::spawn_blocking(reading).await.map_err(Problem::internal)?;
            table.map_err(|phrase| w.say(&phrase))
        }
    };
    match read {
        Ok(table) => {
            let now = app.now();
            let draft = app.database().write(move |db| keep_draft(db, of, &table, now)).await?;
            Ok(Redirect::to(&format!("{ReviewPath}?berkas={draft}")).into_response())
        }
        Err(sentence) => {
            let mut form = upload.form;
            form.fault("berkas", sentence);
            show_again(&form_page(&visit, form))
        }
    }
}

fn draft_of(visit: &Visit) -> Result<DraftOf, Problem> {
    Ok(DraftOf { institution: visit.institution()?, account: visit.signed_in()?.account, purpose: "units" })
}

/// The table of a draft with its review.
async fn reviewed(app: &App, visit: &Visit, draft: DraftId) -> Result<Option<(Table, Review)>, Problem> {
    let (of, now) = (draft_of(visit)?, app.now());
    app.database()
        .read(move |db| {
            let Some(table) = load_draft(db, of, draft, now)? else { return Ok(None) };
            let review = review_units(db, of.institution, &table, now)?.map_err(|_| Problem::unreadable())?;
            Ok(Some((table, review)))
        })
        .await
}

/// Shows what the table would do.
pub(crate) async fn show_review(_: ReviewPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let Ok(draft) = asked(&visit, "berkas").parse::<DraftId>() else { return Ok(over()) };
    let Some((table, review)) = reviewed(&app, &visit, draft).await? else { return Ok(over()) };
    show(&review_page(&visit, &table, &review, draft, false))
}

/// The draft has ended: back to the form, which says so.
fn over() -> Response {
    Redirect::to(&format!("{ImportPath}?selesai=lewat")).into_response()
}

fn review_page(visit: &Visit, table: &Table, review: &Review, draft: DraftId, differs: bool) -> ReviewTemplate {
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("import.review-title")).crumb(w.text("keep.title"), KeepPath);
    let unknown = table.columns_for(&UNIT_COLUMNS).map(|cells| cells.unknown).unwrap_or_default();
    let mut shown = in_words(review.shown(w, |field| field_words(w, field)), w);
    shown.retain(|row| row.verdict != "unchanged" || !row.findings.is_empty());
    // What needs somebody comes first; the order of the file is kept within.
    shown.sort_by_key(|row| (row.verdict != "wrong", row.findings.is_empty()));
    ReviewTemplate {
        page: page.crumb(w.text("import.title"), ImportPath),
        file: table.name.clone(),
        draft: draft.to_string(),
        fingerprint: review.fingerprint(),
        counts: review.counts(),
        unknown: unknown.join(", "),
        shown,
        differs,
        w,
    }
}

/// Kinds and classes as people call them.
fn in_words(mut shown: Vec<Shown>, w: Words) -> Vec<Shown> {
    let (kind, class) = (field_words(w, "kind"), field_words(w, "class"));
    for (field, before, after) in shown.iter_mut().flat_map(|row| &mut row.changes) {
        for value in [before, after] {
            let words = if *field == kind {
                UnitKind::named(value).map(|kind| kind_words(w, kind))
            } else if *field == class {
                ServiceClass::named(value).map(|class| class_words(w, class))
            } else {
                None
            };
            if let Some(words) = words {
                *value = words;
            }
        }
    }
    shown
}

/// Stores the rows that can be taken.
pub(crate) async fn post_review(
    _: ReviewPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let Ok(draft) = form.value("berkas").parse::<DraftId>() else { return Ok(over()) };
    let (of, desk, fingerprint) = (draft_of(&visit)?, desk(&app, &visit)?, form.value("sidik").to_owned());
    let outcome = app.database().write(move |db| confirm(db, of, &desk, draft, &fingerprint)).await;
    match outcome {
        Ok(Some(_)) => Ok(go_on(&KeepPath, "diimpor").into_response()),
        Ok(None) => Ok(over()),
        Err(NotStored::Differs(_)) => match reviewed(&app, &visit, draft).await? {
            Some((table, review)) => show_again(&review_page(&visit, &table, &review, draft, true)),
            None => Ok(over()),
        },
        Err(NotStored::Unreadable(_)) => Err(Problem::unreadable()),
        Err(NotStored::Database(error)) => Err(error.into()),
    }
}

/// Stores a draft and forgets it; nothing when it has ended.
fn confirm(
    db: &mut platform::database::Write<'_>,
    of: DraftOf,
    desk: &Desk,
    draft: DraftId,
    fingerprint: &str,
) -> Result<Option<Counts>, NotStored> {
    let Some(table) = load_draft(db, of, draft, desk.now)? else { return Ok(None) };
    let counts = store_units(db, desk, &table, fingerprint)?;
    drop_draft(db, of, draft)?;
    Ok(Some(counts))
}

/// The rows that cannot be taken, to be corrected and sent again.
pub(crate) async fn wrong_rows(_: WrongRowsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let draft: DraftId = asked(&visit, "berkas").parse().map_err(|_| Problem::not_found())?;
    let (table, review) = reviewed(&app, &visit, draft).await?.ok_or_else(Problem::not_found)?;
    let w = visit.words(&WORDS);
    let text = review.wrong_rows(&table, &w.text("import.reasons"), w, |field| field_words(w, field));
    Ok(csv_file("unit-keliru.csv", text))
}

/// The rows of the template: the headings and two examples.
fn sample(w: Words) -> Vec<Vec<String>> {
    let row = |cells: [&str; 10]| cells.map(str::to_owned).to_vec();
    let names = UNIT_COLUMNS.iter().map(|column| column.names[0].to_owned()).collect();
    let (name, below) = (w.text("sample.name"), w.text("sample.below"));
    let address = w.text("sample.address");
    let office = row([&name, "OPD", "1.06", "", "Dinsos", "jasa", &address, "", "dinsos@contoh.go.id", ""]);
    vec![names, office, row([&below, "UPP", "1.06.01", "1.06", "", "administratif", "", "", "", ""])]
}

/// The template as CSV.
pub(crate) async fn sample_csv(_: SampleCsvPath, visit: Visit) -> Result<Response, Problem> {
    let rows = sample(visit.words(&WORDS));
    let lines: String = rows.iter().map(|row| import::csv_line(row.iter().map(String::as_str))).collect();
    std::future::ready(Ok(csv_file("contoh-unit.csv", format!("\u{feff}{lines}")))).await
}

/// The template as a workbook, with a sheet that explains its columns.
pub(crate) async fn sample_xlsx(_: SampleXlsxPath, visit: Visit) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let mut help = vec![vec![w.text("import.column"), w.text("import.column-needed"), w.text("import.column-help")]];
    help.extend(UNIT_COLUMNS.iter().map(|column| {
        let needed = if column.required { "import.yes" } else { "import.no" };
        vec![column.names[0].to_owned(), w.text(needed), column_help(w, column.field)]
    }));
    let (units, guide) = (w.text("sample.sheet"), w.text("sample.guide"));
    let book = import::workbook(&[(&units, sample(w)), (&guide, help)]).map_err(Problem::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let named = "attachment; filename=\"contoh-unit.xlsx\"";
    std::future::ready(Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], book).into_response()))
        .await
}
