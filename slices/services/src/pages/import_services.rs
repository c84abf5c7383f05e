//! `/kelola/impor/layanan`: a table of services is sent, reviewed row by row, and stored when somebody says so.

use super::{ImportPath, ImportReviewPath, KeepPath, TemplatePath, WrongRowsPath, asked, desk, field_words, go_on};
use crate::WORDS;
use crate::starter::examples;
use crate::table::{COLUMNS, MOST_SERVICES, NotStored, cell, review_services, store_services};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use organisation::import::{
    Counts, Review, Shown, Table, drop_draft, keep_draft, load_draft, read_table, say, workbook,
};
use organisation::{DraftId, DraftOf};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/import.html")]
struct ImportTemplate {
    page: Page,
    w: Words,
    form: Form,
    file_hint: String,
    /// Columns of the template: name, what stands there.
    columns: Vec<(&'static str, String)>,
    template: String,
}

#[derive(Template)]
#[template(path = "pages/import_review.html")]
struct ReviewTemplate {
    page: Page,
    w: Words,
    draft: String,
    fingerprint: String,
    counts: Counts,
    lead: String,
    unknown: String,
    shown: Vec<Shown>,
    /// Whether services changed between the preview and the decision.
    differs: bool,
}

impl ReviewTemplate {
    fn count(&self, count: &usize) -> String {
        self.w.count(*count as u64)
    }

    fn confirm(&self) -> String {
        self.w.fill("import.confirm", [("count", &self.count(&self.counts.to_store()))])
    }

    fn wrong_rows(&self) -> String {
        format!("{WrongRowsPath}?berkas={}", self.draft)
    }
}

/// The form where a table is sent.
pub(crate) async fn show_form(_: ImportPath, visit: Visit) -> Result<Response, Problem> {
    let mut form = Form::new();
    if asked(&visit, "selesai") == "lewat" {
        form.fault("", visit.words(&WORDS).text("import.over"));
    }
    std::future::ready(show(&form_page(&visit, form))).await
}

fn form_page(visit: &Visit, form: Form) -> ImportTemplate {
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("import.title")).crumb(w.text("keep.title"), KeepPath);
    let help = |field: &str| w.text(&format!("column.{}", field.replace('_', "-")));
    ImportTemplate {
        page: page.with_errors(!form.is_fine()),
        form,
        file_hint: w.fill("import.file-hint", [("most", &w.count(MOST_SERVICES as u64))]),
        columns: COLUMNS.iter().map(|column| (column.names[0], help(column.field))).collect(),
        template: TemplatePath.to_string(),
        w,
    }
}

/// Reads the table and keeps it until the decision.
pub(crate) async fn post_form(
    _: ImportPath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let (w, of) = (visit.words(&WORDS), draft_of(&visit)?);
    let read = match upload.files.into_iter().find(|file| file.field == "berkas" && !file.name.is_empty()) {
        None => Err(w.text("import.no-file")),
        Some(file) => {
            // Reading may take a second; the file is deleted when this ends.
            let reading = move || {
                read_table(file.path(), &file.name, MOST_SERVICES).and_then(|table| {
                    table.columns_for(&COLUMNS)?;
                    Ok(table)
                })
            };
            let table = tokio::task::spawn_blocking(reading).await.map_err(Problem::internal)?;
            table.map_err(|phrase| say(&phrase, visit.language()))
        }
    };
    match read {
        Ok(table) => {
            let now = app.now();
            let draft = app.database().write(move |db| keep_draft(db, of, &table, now)).await?;
            Ok(Redirect::to(&format!("{ImportReviewPath}?berkas={draft}")).into_response())
        }
        Err(sentence) => {
            let mut form = upload.form;
            form.fault("berkas", sentence);
            show_again(&form_page(&visit, form))
        }
    }
}

fn draft_of(visit: &Visit) -> Result<DraftOf, Problem> {
    Ok(DraftOf { institution: visit.institution()?, account: visit.signed_in()?.account, purpose: "services" })
}

/// The table of a draft with what it would do now; nothing when its time is over.
async fn load(app: &App, visit: &Visit, draft: &str) -> Result<Option<(DraftId, Table, Review)>, Problem> {
    let Ok(id) = draft.parse::<DraftId>() else { return Ok(None) };
    let (of, now) = (draft_of(visit)?, app.now());
    let loaded = app
        .database()
        .read(move |db| {
            let Some(table) = load_draft(db, of, id, now)? else { return Ok(None) };
            // The columns were found when the table was sent.
            let review = review_services(db, of.institution, &table)?.ok();
            Ok::<_, Problem>(review.map(|review| (id, table, review)))
        })
        .await?;
    Ok(loaded)
}

fn over() -> Response {
    Redirect::to(&format!("{ImportPath}?selesai=lewat")).into_response()
}

/// Shows what the table would do.
pub(crate) async fn show_review(
    _: ImportReviewPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let Some((id, table, review)) = load(&app, &visit, &asked(&visit, "berkas")).await? else { return Ok(over()) };
    show(&review_page(&visit, id, &table, &review, false))
}

fn review_page(visit: &Visit, id: DraftId, table: &Table, review: &Review, differs: bool) -> ReviewTemplate {
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("import.review")).crumb(w.text("keep.title"), KeepPath);
    let unknown = table.columns_for(&COLUMNS).map(|cells| cells.unknown).unwrap_or_default();
    let mut shown = review.shown(w, |field| field_words(w, field));
    // Unchanged rows are only counted, unless there is something to say.
    shown.retain(|row| row.verdict != "unchanged" || !row.findings.is_empty());
    ReviewTemplate {
        page: page.crumb(w.text("import.title"), ImportPath),
        draft: id.to_string(),
        fingerprint: review.fingerprint(),
        counts: review.counts(),
        lead: w.fill("import.review-lead", [("file", &table.name)]),
        unknown: match unknown.as_slice() {
            [] => String::new(),
            columns => w.fill("import.unknown-columns", [("columns", &columns.join(", "))]),
        },
        shown,
        differs,
        w,
    }
}

/// Stores the rows that can be taken, when they are still those that were shown.
pub(crate) async fn post_review(
    _: ImportReviewPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let Some((id, table, _)) = load(&app, &visit, form.value("berkas")).await? else { return Ok(over()) };
    let (desk, of, fingerprint) = (desk(&app, &visit)?, draft_of(&visit)?, form.value("sidik").to_owned());
    let for_write = table.clone();
    let stored = app
        .database()
        .write(move |db| {
            let counts = store_services(db, &desk, &for_write, &fingerprint)?;
            drop_draft(db, of, id)?;
            Ok::<_, NotStored>(counts)
        })
        .await;
    match stored {
        Ok(_) => Ok(go_on(&KeepPath, "diimpor").into_response()),
        Err(NotStored::Differs(review)) => show_again(&review_page(&visit, id, &table, &review, true)),
        Err(NotStored::Unreadable(_)) => Ok(over()),
        Err(NotStored::Database(error)) => Err(error.into()),
    }
}

/// The wrong rows with what is wrong, to be corrected and sent again.
pub(crate) async fn wrong_rows(_: WrongRowsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let Some((_, table, review)) = load(&app, &visit, &asked(&visit, "berkas")).await? else { return Ok(over()) };
    let w = visit.words(&WORDS);
    let text = review.wrong_rows(&table, &w.text("import.reasons"), w, |field| field_words(w, field));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"layanan-keliru.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// The template, with an example in its first row.
pub(crate) async fn template(_: TemplatePath, visit: Visit) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let heads: Vec<String> = COLUMNS.iter().map(|column| column.names[0].to_owned()).collect();
    let mut rows = vec![heads];
    for example in examples().iter().take(2) {
        let of = |field| match field {
            "state" => "Draf".to_owned(),
            _ => cell(&example.facts, field, w.text("column.unit-example").as_str()),
        };
        rows.push(COLUMNS.iter().map(|column| of(column.field)).collect());
    }
    let bytes = workbook(&[("Layanan", rows)]).map_err(Problem::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let named = "attachment; filename=\"layanan.xlsx\"";
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)];
    std::future::ready(Ok((headers, bytes).into_response())).await
}
