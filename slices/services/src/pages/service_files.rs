//! `/kelola/layanan/{slug}/berkas`: forms, minutes and decrees of a service; `…/hapus` asks before one is removed.

use super::{
    EditPath, KeepPath, RemoveFilePath, ServiceFilesPath, asked, desk, done, faults_of, go_on, load_for, show_faults,
};
use crate::WORDS;
use crate::permissions::{EDIT_SERVICES, READ_SERVICES};
use crate::service::Service;
use crate::service_files::{self as own_files, FileRole, SERVICE_HOLDER, ServiceFile, TypedFile};
use crate::standard::Standard;
use crate::store::standards;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use platform::app::App;
use platform::database::DatabaseError;
use platform::files::{FileId, FormFiles, Sender, StoredFile, read_form};
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
    role: String,
    /// "Versi 2"; empty for a form.
    version: String,
    public: bool,
    pub(crate) size: String,
    /// Where it is looked at, or else downloaded.
    pub(crate) href: String,
    removable: bool,
}

impl Shown {
    fn of((own, file): &(ServiceFile, StoredFile), service: &Service, standards: &[Standard], w: Words) -> Self {
        let standard = standards.iter().find(|standard| own.standard == Some(standard.id));
        let number = standard.map(|standard| w.count(standard.number.unsigned_abs()));
        Self {
            id: file.id,
            title: own.title.clone(),
            role: role_words(w, own.role),
            version: number.map(|number| w.fill("standard.version", [("number", &number)])).unwrap_or_default(),
            public: own.is_public(service, standard),
            size: size_words(w, file),
            href: file.view_href().unwrap_or_else(|| file.href()),
            removable: standard.is_none_or(|standard| standard.published_at.is_none()),
        }
    }
}

fn role_words(w: Words, role: FileRole) -> String {
    w.text(&format!("service-files.{}", role.name()))
}

fn size_words(w: Words, file: &StoredFile) -> String {
    w.fill("service-files.size", [("size", &w.count(file.bytes.div_ceil(1024)))])
}

/// Files with this role that belong to a version, or to the service itself: title, size, address.
pub(crate) fn linked(
    files: &[(ServiceFile, StoredFile)],
    (role, standard): (FileRole, Option<crate::standard::StandardId>),
    w: Words,
) -> Vec<(String, String, String)> {
    let own = files.iter().filter(|(own, _)| own.role == role && own.standard == standard);
    own.map(|(own, file)| {
        let href = file.view_href().unwrap_or_else(|| file.href());
        (own.title.clone(), size_words(w, file), href)
    })
    .collect()
}

#[derive(Template)]
#[template(path = "pages/service_files.html")]
struct FilesPage {
    page: Page,
    w: Words,
    slug: String,
    form: Form,
    may_edit: bool,
    shown: Vec<Shown>,
    /// What was sent already and waits for the rest of the form.
    sent: Vec<StoredFile>,
    roles: Vec<(&'static str, String)>,
}

impl FilesPage {
    fn remove(&self, id: &FileId) -> String {
        format!("{}?berkas={id}", RemoveFilePath { slug: self.slug.clone() })
    }
}

#[derive(Template)]
#[template(path = "pages/remove_service_file.html")]
struct RemovePage {
    page: Page,
    w: Words,
    form: Form,
    back: String,
    file: Shown,
}

/// Lists the files of a service, with the form that adds one.
pub(crate) async fn show_files(
    path: ServiceFilesPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &READ_SERVICES).await?;
    show(&page(&app, &visit, &service, Form::new(), Vec::new()).await?)
}

/// Adds a file.
pub(crate) async fn post_file(
    path: ServiceFilesPath,
    State(app): State<App>,
    visit: Visit,
    request: Request,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let sender = Sender::Account(visit.signed_in()?.account);
    let wanted = FormFiles { kind: &SERVICE_HOLDER, sender, field: "berkas", most: 1 };
    let read = read_form(&app, &visit, request, wanted).await?;
    let (mut form, mut sent) = (read.form, read.files);
    let typed = TypedFile { title: form.value("title").to_owned(), role: form.value("role").to_owned() };
    let (desk, id, file) = (desk(&app, &visit)?, service.id, sent.first().cloned());
    if form.is_fine() {
        let added = app
            .database()
            .write(move |db| own_files::add_service_file(db, &desk, id, (&sender, file.as_ref()), &typed))
            .await;
        match added {
            Ok(()) => return Ok(go_on(&path, "berkas").into_response()),
            Err(refused) => {
                let faults = faults_of(refused)?;
                // A file that is gone is of no further use to this form.
                if faults.iter().any(|fault| fault.field == "berkas") {
                    sent.clear();
                }
                show_faults(&mut form, &faults, visit.words(&WORDS));
            }
        }
    }
    show_again(&page(&app, &visit, &service, form, sent).await?)
}

/// Asks whether a file is to be removed.
pub(crate) async fn show_remove(
    path: RemoveFilePath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let asked = asked(&visit, "berkas").parse::<FileId>().ok();
    match remove_page(&app, &visit, &service, asked, Form::new()).await? {
        Some(page) => show(&page),
        None => Ok(Redirect::to(&ServiceFilesPath { slug: path.slug }.to_string()).into_response()),
    }
}

async fn remove_page(
    app: &App,
    visit: &Visit,
    service: &Service,
    asked: Option<FileId>,
    form: Form,
) -> Result<Option<RemovePage>, Problem> {
    let (w, back) = (visit.words(&WORDS), ServiceFilesPath { slug: service.slug.clone() });
    let shown = load(app, visit, service).await?;
    let Some(file) = shown.into_iter().find(|file| Some(file.id) == asked) else { return Ok(None) };
    let page = visit.page(w.text("service-files.remove-title")).crumb(w.text("service-files.title"), &back);
    Ok(Some(RemovePage { page: page.with_errors(!form.is_fine()), back: back.to_string(), file, form, w }))
}

/// Removes a file.
pub(crate) async fn post_remove(
    path: RemoveFilePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let file: FileId = form.value("berkas").parse().map_err(|_| Problem::not_found())?;
    let (desk, id) = (desk(&app, &visit)?, service.id);
    match app.database().write(move |db| own_files::remove_service_file(db, &desk, id, file)).await {
        Ok(()) => Ok(go_on(&ServiceFilesPath { slug: path.slug }, "berkas-hapus").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            let page = remove_page(&app, &visit, &service, Some(file), form).await?;
            show_again(&page.ok_or_else(Problem::not_found)?)
        }
    }
}

async fn load(app: &App, visit: &Visit, service: &Service) -> Result<Vec<Shown>, Problem> {
    let (institution, id, w) = (visit.institution()?, service.id, visit.words(&WORDS));
    let (files, standards) = app
        .database()
        .read(move |db| {
            let files = own_files::service_files(db, institution, id)?;
            Ok::<_, DatabaseError>((files, standards::standards(db, institution, id)?))
        })
        .await?;
    Ok(files.iter().map(|file| Shown::of(file, service, &standards, w)).collect())
}

async fn page(
    app: &App,
    visit: &Visit,
    service: &Service,
    form: Form,
    sent: Vec<StoredFile>,
) -> Result<FilesPage, Problem> {
    let w = visit.words(&WORDS);
    let edit = EditPath { slug: service.slug.clone() };
    let page = visit.page(w.text("service-files.title")).crumb(w.text("keep.title"), KeepPath);
    let page = page.crumb(service.facts.name.clone(), edit).done(done(visit));
    Ok(FilesPage {
        page: page.with_errors(!form.is_fine()),
        slug: service.slug.clone(),
        may_edit: visit.signed_in()?.may(&EDIT_SERVICES, Some(service.unit)),
        shown: load(app, visit, service).await?,
        roles: FileRole::ALL.map(|role| (role.name(), role_words(w, role))).to_vec(),
        form,
        sent,
        w,
    })
}
