//! `/kelola/unit/{slug}/berkas`: documents and photographs of a unit; `…/hapus` asks before one is removed.

use super::{
    EditPath, KeepPath, RemoveFilePath, UnitFilesPath, asked, desk, done, faults_of, go_on, load_unit, show_faults,
};
use crate::WORDS;
use crate::permissions::{KEEP_FILES, READ_UNITS};
use crate::unit::Unit;
use crate::unit_files::{self, Category, TypedFile, UNIT_HOLDER, UnitFile};
use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use platform::app::App;
use platform::database::DatabaseError;
use platform::files::{FileId, FormFiles, Position, Sender, StoredFile, read_form};
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

/// A file as pages show it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    id: FileId,
    pub(crate) title: String,
    pub(crate) is_photo: bool,
    public: bool,
    pub(crate) size: String,
    pub(crate) href: String,
    pub(crate) view: Option<String>,
    pub(crate) width: u64,
    pub(crate) height: u64,
    position: Option<String>,
}

/// The widest a photograph is shown: it fits the narrowest screen.
const WIDEST: u64 = 280;

impl Shown {
    pub(crate) fn of((own, file): &(UnitFile, StoredFile), w: Words) -> Self {
        let (width, height) = file.sides.map_or((0, 0), |(width, height)| (u64::from(width), u64::from(height)));
        let shown = width.min(WIDEST);
        let size = w.count(file.bytes.div_ceil(1024));
        Self {
            id: file.id,
            title: own.title.clone(),
            is_photo: own.category == Category::Photo,
            public: own.public,
            size: w.fill("unit-files.size", [("size", &size)]),
            href: file.href(),
            view: file.view_href(),
            width: shown,
            height: (height * shown).checked_div(width).unwrap_or(0),
            position: file.position.map(|position| position_words(position, w)),
        }
    }
}

/// A position to a ten-thousandth of a degree, ten metres.
fn position_words(position: Position, w: Words) -> String {
    let degrees = |millionths: i64| {
        let sign = if millionths < 0 { "-" } else { "" };
        let tenths = millionths.unsigned_abs() / 100;
        w.number(&format!("{sign}{}.{:04}", tenths / 10_000, tenths % 10_000))
    };
    let (latitude, longitude) = (degrees(position.latitude), degrees(position.longitude));
    w.fill("unit-files.at", [("latitude", &latitude), ("longitude", &longitude)])
}

#[derive(Template)]
#[template(path = "pages/unit_files.html")]
struct FilesPage {
    page: Page,
    w: Words,
    slug: String,
    form: Form,
    may_keep: bool,
    shown: Vec<Shown>,
    /// What was sent already and waits for the rest of the form.
    sent: Vec<StoredFile>,
    categories: Vec<(&'static str, String)>,
}

impl FilesPage {
    fn remove(&self, id: &FileId) -> String {
        format!("{}?berkas={id}", RemoveFilePath { slug: self.slug.clone() })
    }
}

#[derive(Template)]
#[template(path = "pages/remove_file.html")]
struct RemovePage {
    page: Page,
    w: Words,
    back: String,
    file: Shown,
}

/// Lists the files of a unit, with the form that adds one.
pub(crate) async fn show_files(path: UnitFilesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    show(&page(&app, &visit, &unit, Form::new(), Vec::new()).await?)
}

/// Adds a file.
pub(crate) async fn post_file(
    path: UnitFilesPath,
    State(app): State<App>,
    visit: Visit,
    request: Request,
) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    let person = visit.signed_in()?;
    if !person.may(&KEEP_FILES, Some(unit.id)) {
        return Err(Problem::forbidden());
    }
    let sender = Sender::Account(person.account);
    let wanted = FormFiles { kind: &UNIT_HOLDER, sender, field: "berkas", most: 1 };
    let read = read_form(&app, &visit, request, wanted).await?;
    let (mut form, mut sent) = (read.form, read.files);
    let typed = TypedFile {
        title: form.value("title").to_owned(),
        category: form.value("category").to_owned(),
        public: !form.value("public").is_empty(),
    };
    let (desk, id, file, is_fine) = (desk(&app, &visit)?, unit.id, sent.first().cloned(), form.is_fine());
    let faulty = if is_fine {
        let added =
            app.database().write(move |db| unit_files::add_unit_file(db, &desk, id, &sender, file.as_ref(), &typed));
        match added.await {
            Ok(()) => return Ok(go_on(&path, "berkas").into_response()),
            Err(refused) => faults_of(refused)?,
        }
    } else {
        Vec::new()
    };
    // A file of the wrong kind is of no further use to this form.
    if faulty.iter().any(|fault| fault.field == "berkas") {
        sent.clear();
    }
    show_faults(&mut form, &faulty, visit.words(&WORDS));
    show_again(&page(&app, &visit, &unit, form, sent).await?)
}

/// Asks whether a file is to be removed.
pub(crate) async fn show_remove(
    path: RemoveFilePath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    if !visit.signed_in()?.may(&KEEP_FILES, Some(unit.id)) {
        return Err(Problem::forbidden());
    }
    let back = UnitFilesPath { slug: path.slug.clone() };
    let w = visit.words(&WORDS);
    let asked = asked(&visit, "berkas").parse::<FileId>().ok();
    let files = load(&app, &visit, &unit).await?;
    let Some(file) = files.iter().find(|(own, _)| Some(own.file) == asked) else {
        return Ok(Redirect::to(&back.to_string()).into_response());
    };
    let page = visit.page(w.text("unit-files.remove-title")).crumb(w.text("unit-files.title"), &back);
    show(&RemovePage { page, back: back.to_string(), file: Shown::of(file, w), w })
}

/// Removes a file.
pub(crate) async fn post_remove(
    path: RemoveFilePath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    if !visit.signed_in()?.may(&KEEP_FILES, Some(unit.id)) {
        return Err(Problem::forbidden());
    }
    let file: FileId = form.value("berkas").parse().map_err(|_| Problem::not_found())?;
    let (desk, id) = (desk(&app, &visit)?, unit.id);
    let removed = app.database().write(move |db| unit_files::remove_unit_file(db, &desk, id, file)).await;
    match removed {
        Ok(()) => Ok(go_on(&UnitFilesPath { slug: path.slug }, "berkas-hapus").into_response()),
        Err(refused) => Err(faults_of(refused).map_or_else(|problem| problem, |_| Problem::not_found())),
    }
}

async fn load(app: &App, visit: &Visit, unit: &Unit) -> Result<Vec<(UnitFile, StoredFile)>, Problem> {
    let (institution, id) = (visit.institution()?, unit.id);
    let files = app.database().read(move |db| unit_files::unit_files(db, institution, id)).await;
    files.map_err(|error: DatabaseError| error.into())
}

async fn page(app: &App, visit: &Visit, unit: &Unit, form: Form, sent: Vec<StoredFile>) -> Result<FilesPage, Problem> {
    let person = visit.signed_in()?;
    if !person.may(&READ_UNITS, Some(unit.id)) {
        return Err(Problem::forbidden());
    }
    let w = visit.words(&WORDS);
    let edit = EditPath { slug: unit.slug.clone() };
    let page = visit.page(w.text("unit-files.title"));
    let page = page.crumb(w.text("keep.title"), KeepPath).crumb(unit.facts.name.clone(), edit).done(done(visit));
    let categories =
        Category::ALL.map(|category| (category.name(), w.text(&format!("unit-files.{}", category.name()))));
    Ok(FilesPage {
        page: page.with_errors(!form.is_fine()),
        slug: unit.slug.clone(),
        may_keep: person.may(&KEEP_FILES, Some(unit.id)),
        shown: load(app, visit, unit).await?.iter().map(|file| Shown::of(file, w)).collect(),
        categories: categories.to_vec(),
        form,
        sent,
        w,
    })
}
