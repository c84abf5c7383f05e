//! Taking in a table of people: choosing it, seeing what it would do, deciding, and the links to hand over.

use super::people::PeoplePath;
use super::prove::prove_first;
use super::{never_kept, page};
use crate::actions::Act;
use crate::command::link_address;
use crate::import::{COLUMNS, MOST_ROWS, NotStored, field_words, import_people, preview_people};
use crate::{WORDS, link};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use organisation::import::{self, Review, Shown, Table};
use organisation::{DraftId, DraftOf};
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::Person;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/impor/orang")]
pub(crate) struct ImportPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/impor/orang/{draft}")]
pub(crate) struct DraftPath {
    draft: String,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/impor/orang/{draft}/perbaiki")]
pub(crate) struct WrongRowsPath {
    draft: String,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/impor/orang/contoh/{file}")]
pub(crate) struct TemplatePath {
    file: String,
}

#[derive(askama::Template)]
#[template(path = "pages/import.html")]
struct ImportPage {
    page: Page,
    w: Words,
    form: Form,
    roles: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "pages/import_preview.html")]
struct PreviewPage {
    page: Page,
    w: Words,
    form: Form,
    draft: String,
    fingerprint: String,
    counts: [String; 4],
    to_store: usize,
    any_wrong: bool,
    unknown: String,
    shown: Vec<Shown>,
}

/// Somebody invited by a table.
struct Invitee {
    name: String,
    email: String,
    address: String,
}

#[derive(askama::Template)]
#[template(path = "pages/import_links.html")]
struct LinksPage {
    page: Page,
    w: Words,
    people: Vec<Invitee>,
    until: String,
}

fn draft_of(person: &Person) -> DraftOf {
    DraftOf { institution: person.institution, account: person.account, purpose: "people" }
}

fn import_page(visit: &Visit, form: Form) -> ImportPage {
    let w = visit.words(&WORDS);
    let shared = Words::shared(visit.language());
    ImportPage {
        page: page(visit, "import.title").crumb(w.text("people.title"), PeoplePath).with_errors(!form.is_fine()),
        w,
        form,
        roles: platform::identity::Role::ALL.into_iter().map(|role| role.label(shared)).collect(),
    }
}

pub(crate) async fn show(_: ImportPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    if let Some(first) = prove_first(&app, &visit, ImportPath::PATH) {
        return Ok(first);
    }
    std::future::ready(page::show(&import_page(&visit, Form::new()))).await
}

pub(crate) async fn post(
    _: ImportPath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    if let Some(first) = prove_first(&app, &visit, ImportPath::PATH) {
        return Ok(first);
    }
    let mut form = Form::new();
    let table = match upload.file("berkas") {
        Some(file) => {
            let (path, name) = (file.path().to_owned(), file.name.clone());
            let read = tokio::task::spawn_blocking(move || import::read_table(&path, &name, MOST_ROWS));
            let table = read.await.map_err(Problem::internal)?;
            table
                .and_then(|table| table.columns_for(&COLUMNS).map(|_| table))
                .map_err(|said| import::say(&said, visit.language()))
        }
        None => Err(visit.words(&WORDS).text("import.no-file")),
    };
    let table = match table {
        Ok(table) => table,
        Err(fault) => {
            form.fault("berkas", fault);
            return page::show_again(&import_page(&visit, form));
        }
    };
    let (of, now) = (draft_of(&person), app.now());
    let draft = app.database().write(move |db| import::keep_draft(db, of, &table, now)).await?;
    Ok(Redirect::to(&DraftPath { draft: draft.to_string() }.to_string()).into_response())
}

/// A draft with what it would do now.
struct Previewed {
    draft: DraftId,
    table: Table,
    review: Review,
}

async fn load(app: &App, visit: &Visit, draft: &str) -> Result<Previewed, Problem> {
    let person = visit.signed_in()?.clone();
    let draft: DraftId = draft.parse().map_err(|_| Problem::not_found())?;
    let (of, now) = (draft_of(&person), app.now());
    let act = Act::of(&person, now);
    let found = app
        .database()
        .read(move |db| {
            let Some(table) = import::load_draft(db, of, draft, now)? else { return Ok(None) };
            let review = preview_people(db, &act, &table)?.ok();
            Ok::<_, DatabaseError>(review.map(|review| Previewed { draft, table, review }))
        })
        .await?;
    found.ok_or_else(Problem::not_found)
}

fn preview_page(visit: &Visit, found: &Previewed, form: Form) -> PreviewPage {
    let (w, language) = (visit.words(&WORDS), visit.language());
    let counts = found.review.counts();
    let words = |count: usize| w.count(u64::try_from(count).unwrap_or(u64::MAX));
    let unknown = found.table.columns_for(&COLUMNS).map(|cells| cells.unknown.join(", ")).unwrap_or_default();
    PreviewPage {
        page: page(visit, "import.preview-title")
            .crumb(w.text("people.title"), PeoplePath)
            .crumb(w.text("import.title"), ImportPath)
            .with_errors(!form.is_fine()),
        w,
        form,
        draft: found.draft.to_string(),
        fingerprint: found.review.fingerprint(),
        counts: [counts.new, counts.changed, counts.unchanged, counts.wrong].map(words),
        to_store: counts.to_store(),
        any_wrong: counts.wrong > 0,
        unknown: if unknown.is_empty() { unknown } else { w.fill("import.unknown-columns", [("columns", &unknown)]) },
        shown: found.review.shown(w, |field| field_words(field, language)),
    }
}

pub(crate) async fn preview(path: DraftPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let found = load(&app, &visit, &path.draft).await?;
    page::show(&preview_page(&visit, &found, Form::new()))
}

pub(crate) async fn confirm(
    path: DraftPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    if let Some(first) = prove_first(&app, &visit, &path.to_string()) {
        return Ok(first);
    }
    let person = visit.signed_in()?.clone();
    let found = load(&app, &visit, &path.draft).await?;
    let (of, draft, now) = (draft_of(&person), found.draft, app.now());
    let (act, table, fingerprint) = (Act::of(&person, now), found.table.clone(), form.value("fingerprint").to_owned());
    let outcome = app
        .database()
        .write(move |db| {
            let made = import_people(db, &act, &table, &fingerprint)?;
            import::drop_draft(db, of, draft)?;
            Ok::<_, NotStored>(made)
        })
        .await;
    let made = match outcome {
        Ok(made) => made,
        Err(NotStored::Differs(review)) => {
            form.fault("", visit.words(&WORDS).text("import.differs"));
            return page::show_again(&preview_page(&visit, &Previewed { review: *review, ..found }, form));
        }
        Err(NotStored::Unreadable(_)) => return Err(Problem::not_found()),
        Err(NotStored::Refused(refused)) => return Err(refused.into()),
    };
    let w = visit.words(&WORDS);
    let origin = &visit.facts().origin;
    let invitee = |one: crate::import::InvitedByTable| Invitee {
        name: one.name,
        email: one.email,
        address: link_address(origin, &one.token),
    };
    let template = LinksPage {
        page: page(&visit, "import.links-title").crumb(w.text("people.title"), PeoplePath),
        w,
        people: made.into_iter().map(invitee).collect(),
        until: w
            .fill("import.links-until", [("until", &visit.site().zone.moment(now + link::LASTS, visit.language()))]),
    };
    page::show(&template).map(never_kept)
}

pub(crate) async fn wrong_rows(path: WrongRowsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let found = load(&app, &visit, &path.draft).await?;
    let (w, language) = (visit.words(&WORDS), visit.language());
    let reasons = w.text("import.reasons");
    let text = found.review.wrong_rows(&found.table, &reasons, w, |field| field_words(field, language));
    Ok(file("orang-perlu-diperbaiki.csv", "text/csv; charset=utf-8", text.into_bytes()))
}

pub(crate) async fn template(path: TemplatePath, visit: Visit) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let shared = Words::shared(rules::phrase::Language::Indonesian);
    let head: Vec<String> = COLUMNS.iter().map(|column| column.names[0].to_owned()).collect();
    let officer = platform::identity::Role::CounterOfficer.label(shared);
    let example =
        vec![w.text("import.example-name"), "nama@contoh.go.id".into(), officer, w.text("import.example-unit")];
    let made = match path.file.as_str() {
        "orang.csv" => {
            let text: String = [&head, &example].map(|row| import::csv_line(row.iter().map(String::as_str))).concat();
            file("orang.csv", "text/csv; charset=utf-8", format!("\u{feff}{text}").into_bytes())
        }
        "orang.xlsx" => {
            let roles = platform::identity::Role::ALL.into_iter().map(|role| {
                let place = if role.is_of_a_unit() { w.text("import.in-a-unit") } else { w.text("import.in-all") };
                vec![role.label(shared), place]
            });
            let explained = std::iter::once(vec![w.text("field.role"), w.text("field.unit")]).chain(roles).collect();
            let book = import::workbook(&[("Orang", vec![head, example]), ("Peran", explained)]);
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            file("orang.xlsx", kind, book.map_err(Problem::internal)?)
        }
        _ => return Err(Problem::not_found()),
    };
    std::future::ready(Ok(made)).await
}

fn file(name: &str, kind: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
