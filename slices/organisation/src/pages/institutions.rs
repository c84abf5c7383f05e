//! `/pengaturan/institusi`: the institutions of the installation, which host is whose, and founding a further one.
//!
//! Only the system admin of the institution founded first sees it: whoever keeps the installation. To others it does not exist,
//! since no institution may learn of another.

use super::city::{area_choices, kinds, typed, zones};
use super::{HostPath, InstitutionsPath, NewInstitutionPath, desk, done, faults_of, go_on, show_faults};
use crate::actions::{Desk, LogoChange, Refused, change_settings, found};
use crate::institution::{Institution, TypedSettings};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/institutions.html")]
struct InstitutionsPage {
    page: Page,
    w: Words,
    /// Name, kind in words, host, the day it was founded, where its host is changed.
    rows: Vec<(String, String, String, String, String)>,
    new: String,
}

#[derive(Template)]
#[template(path = "pages/new_institution.html")]
struct NewInstitutionPage {
    page: Page,
    w: Words,
    form: Form,
    kinds: Vec<(&'static str, String)>,
    zones: Vec<(&'static str, String)>,
    areas: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/host.html")]
struct HostPage {
    page: Page,
    w: Words,
    form: Form,
    lead: String,
    version: i64,
    /// "yes" where it may be left empty.
    optional: &'static str,
}

/// The institutions, when this one keeps the installation.
async fn keeper(app: &App, visit: &Visit) -> Result<Vec<Institution>, Problem> {
    let own = visit.institution()?;
    let institutions =
        app.database().read(store::institutions).await.map_err(|error: DatabaseError| Problem::from(error))?;
    let keeps = institutions.first().is_some_and(|first| first.id == own);
    if keeps { Ok(institutions) } else { Err(Problem::not_found()) }
}

/// Lists the institutions.
pub(crate) async fn list(_: InstitutionsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institutions = keeper(&app, &visit).await?;
    let w = visit.words(&WORDS);
    let zone = visit.site().zone;
    let row = |institution: Institution| {
        let settings = institution.settings;
        let kind = w.text(&format!("institution.{}", settings.kind.name()));
        let since = platform::site::day(zone.date(institution.created_at), w.language);
        let change = HostPath { slug: institution.slug }.to_string();
        (settings.name, kind, settings.host.unwrap_or_default(), since, change)
    };
    let rows = institutions.into_iter().map(row).collect();
    let page = visit.page(w.text("institutions.title")).done(done(&visit));
    show(&InstitutionsPage { page, rows, new: NewInstitutionPath.to_string(), w })
}

/// The form of a further institution.
pub(crate) async fn show_new(_: NewInstitutionPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    keeper(&app, &visit).await?;
    show(&form_page(&visit, Form::filled([("kind", "kota".to_owned())])))
}

/// Founds a further institution.
pub(crate) async fn post_new(
    _: NewInstitutionPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    keeper(&app, &visit).await?;
    let (w, desk) = (visit.words(&WORDS), desk(&app, &visit)?);
    if form.value("host").is_empty() {
        // Without a host nobody would ever reach it: the first institution answers all others.
        form.fault("host", w.text("fault.host-needed"));
    }
    let settings = match typed(&form).check() {
        Ok(settings) if form.is_fine() => settings,
        outcome => {
            show_faults(&mut form, &outcome.err().unwrap_or_default(), w);
            return show_again(&form_page(&visit, form));
        }
    };
    let outcome: Result<_, Refused> =
        app.database().write(move |db| found(db, settings.clone(), false, desk.actor, desk.now)).await;
    match outcome {
        Ok(_) => {
            app.forget_sites();
            Ok(go_on(&InstitutionsPath, "didirikan").into_response())
        }
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, w);
            show_again(&form_page(&visit, form))
        }
    }
}

/// The form of an institution's host.
pub(crate) async fn show_host(path: HostPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, is_first) = of_slug(keeper(&app, &visit).await?, &path.slug)?;
    let host = institution.settings.host.clone().unwrap_or_default();
    show(&host_page(&visit, &institution, is_first, Form::filled([("host", host)])))
}

/// Gives an institution another host.
pub(crate) async fn post_host(
    path: HostPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (institution, is_first) = of_slug(keeper(&app, &visit).await?, &path.slug)?;
    let w = visit.words(&WORDS);
    // In the records of the institution whose host it is.
    let desk = Desk { institution: institution.id, ..desk(&app, &visit)? };
    if form.value("host").is_empty() && !is_first {
        form.fault("host", w.text("fault.host-needed"));
    }
    let typed = TypedSettings { host: form.value("host").to_owned(), ..institution.settings.typed() };
    let version = form.value("version").parse().unwrap_or(0);
    let faults = match typed.check() {
        Ok(settings) if form.is_fine() => {
            let change = move |db: &mut Write<'_>| change_settings(db, &desk, version, &settings, &LogoChange::Keep);
            match app.database().write(change).await {
                Ok(()) => {
                    app.forget_sites();
                    return Ok(go_on(&InstitutionsPath, "disimpan").into_response());
                }
                Err(refused) => faults_of(refused)?,
            }
        }
        outcome => outcome.err().unwrap_or_default(),
    };
    show_faults(&mut form, &faults, w);
    let (institution, is_first) = of_slug(keeper(&app, &visit).await?, &path.slug)?;
    show_again(&host_page(&visit, &institution, is_first, form))
}

/// The institution of a slug, and whether it was founded first and so answers every host that is nobody's.
fn of_slug(institutions: Vec<Institution>, slug: &str) -> Result<(Institution, bool), Problem> {
    let found = institutions.into_iter().enumerate().find(|(_, institution)| institution.slug == slug);
    found.map(|(place, institution)| (institution, place == 0)).ok_or_else(Problem::not_found)
}

fn host_page(visit: &Visit, institution: &Institution, is_first: bool, form: Form) -> HostPage {
    let w = visit.words(&WORDS);
    let lead = if is_first { "institutions.first-host-lead" } else { "institutions.host-lead" };
    let title = w.fill("institutions.host-title", [("name", &institution.settings.name)]);
    HostPage {
        page: visit.page(title).crumb(w.text("institutions.title"), InstitutionsPath).with_errors(!form.is_fine()),
        w,
        form,
        lead: w.text(lead),
        version: institution.version,
        optional: if is_first { "yes" } else { "" },
    }
}

fn form_page(visit: &Visit, form: Form) -> NewInstitutionPage {
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("institutions.new")).crumb(w.text("institutions.title"), InstitutionsPath);
    NewInstitutionPage {
        page: page.with_errors(!form.is_fine()),
        form,
        kinds: kinds(w),
        zones: zones(w),
        areas: area_choices(),
        w,
    }
}
