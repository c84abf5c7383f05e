//! `/pengaturan/institusi`: the institutions of the installation, and founding a further one.
//!
//! Only the system admin of the institution founded first sees it: whoever keeps the installation. To others it does not exist,
//! since no institution may learn of another.

use super::city::{area_choices, kinds, typed, zones};
use super::{InstitutionsPath, NewInstitutionPath, desk, done, faults_of, go_on, show_faults};
use crate::actions::{Refused, found};
use crate::institution::Institution;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::database::DatabaseError;
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
    /// Name, kind in words, host, the day it was founded.
    rows: Vec<(String, String, String, String)>,
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
        (settings.name, kind, settings.host.unwrap_or_default(), since)
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
