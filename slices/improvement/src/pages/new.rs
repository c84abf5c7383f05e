//! `/kelola/perbaikan/baru`: a finding that somebody enters: of a complaint, an assessment, a forum.

use super::{FindingPath, NewPath, asked, desk, faults_of, go_on, show_faults, source_choices, staff_page};
use crate::WORDS;
use crate::actions::{self, Refused};
use crate::finding::{FindingId, TypedFinding};
use crate::permissions::PLAN_MEASURES;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::{Fault, Unit};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use services::Service;

#[derive(Template)]
#[template(path = "pages/new.html")]
struct NewPage {
    page: Page,
    w: Words,
    form: Form,
    units: Vec<(String, String)>,
    /// Those of the chosen unit; nothing before one is chosen.
    services: Vec<(String, String)>,
    sources: Vec<(&'static str, String)>,
}

/// The units in which somebody may plan.
async fn units(app: &App, visit: &Visit) -> Result<Vec<Unit>, Problem> {
    let (institution, own) = (visit.institution()?, visit.signed_in()?.units_for(&PLAN_MEASURES));
    let mut units = app.database().read(move |db| organisation::units(db, institution)).await?;
    units.retain(|unit| unit.state.is_active() && own.as_ref().is_none_or(|own| own.contains(&unit.id)));
    Ok(units)
}

async fn services_of(app: &App, visit: &Visit, unit: Option<&Unit>) -> Result<Vec<Service>, Problem> {
    let (institution, Some(id)) = (visit.institution()?, unit.map(|unit| unit.id)) else { return Ok(Vec::new()) };
    Ok(app.database().read(move |db| services::services_of_unit(db, institution, id)).await?)
}

async fn page(app: &App, visit: &Visit, mut form: Form) -> Result<NewPage, Problem> {
    let (w, units) = (visit.words(&WORDS), units(app, visit).await?);
    if form.value("unit").is_empty()
        && let [only] = units.as_slice()
    {
        form.set("unit", only.slug.clone());
    }
    let chosen = units.iter().find(|unit| unit.slug == form.value("unit"));
    let services = services_of(app, visit, chosen).await?;
    Ok(NewPage {
        page: staff_page(visit, w.text("new.title")).with_errors(!form.is_fine()),
        units: units.iter().map(|unit| (unit.slug.clone(), unit.facts.name.clone())).collect(),
        services: services.iter().map(|service| (service.id.to_string(), service.facts.name.clone())).collect(),
        sources: source_choices(w),
        form,
        w,
    })
}

/// The form.
pub(crate) async fn show_new(_: NewPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let form = Form::filled([("unit", asked(&visit, "unit"))]);
    show(&page(&app, &visit, form).await?)
}

/// Enters a finding.
pub(crate) async fn post_new(
    _: NewPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (desk, w) = (desk(&app, &visit)?, visit.words(&WORDS));
    let of = |field: &str| form.value(field).to_owned();
    let typed = TypedFinding {
        source: of("source"),
        reference: of("reference"),
        title: of("title"),
        said: of("said"),
        figure: of("figure"),
        full: of("full"),
    };
    let unit = units(&app, &visit).await?.into_iter().find(|unit| unit.slug == form.value("unit"));
    let (service, today) = (form.value("service").parse().ok(), visit.site().zone.date(desk.now));
    let entered = app.database().write(move |db| {
        let Some(unit) = unit.as_ref().map(|unit| unit.id) else {
            return Err(Refused::from(Fault::new("unit", "fault.unit")));
        };
        let new = typed.check(unit, service, today, FindingId::new(desk.now))?;
        actions::enter(db, &desk, &new)
    });
    match entered.await {
        Ok(id) => Ok(go_on(&FindingPath { id: id.to_string() }, "dicatat")),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, w);
            show_again(&page(&app, &visit, form).await?)
        }
    }
}
