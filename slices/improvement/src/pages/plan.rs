//! `/kelola/perbaikan/{id}/tindakan`: the form that plans what is done about a finding.

use super::{FindingPath, PlanPath, Whole, desk, faults_of, go_on, load, names, show_faults, staff_page};
use crate::WORDS;
use crate::actions::measures;
use crate::measure::{Owner, TypedPlan};
use crate::notices::{Way, owners};
use crate::permissions::PLAN_MEASURES;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::Role;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/plan.html")]
struct PlanPage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    owners: Vec<(String, String)>,
}

async fn page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<PlanPage, Problem> {
    let (w, desk, unit) = (visit.words(&WORDS), desk(app, visit)?, whole.unit.id);
    let (people, names) = app
        .database()
        .read(move |db| {
            let people = owners(db, &desk, unit)?;
            let names = names(db, desk.institution, people.iter().map(|(account, _)| *account))?;
            Ok::<_, DatabaseError>((people, names))
        })
        .await?;
    let label = |role: Role| role.label(App::words(w.language));
    let person = |(account, role): &(_, Role)| {
        let name = names.get(account)?;
        Some((Owner::Account(*account).to_string(), format!("{name} ({})", label(*role))))
    };
    let roles = Role::ALL.into_iter().filter(|role| role.is_of_a_unit());
    let role = |role: Role| (Owner::Role(role).to_string(), w.fill("plan.role", [("role", &label(role))]));
    let here = FindingPath { id: whole.finding.id.to_string() };
    Ok(PlanPage {
        page: staff_page(visit, w.text("plan.title"))
            .crumb(whole.finding.facts.title.clone(), here)
            .with_errors(!form.is_fine()),
        version: whole.finding.version,
        owners: people.iter().filter_map(person).chain(roles.map(role)).collect(),
        form,
        w,
    })
}

/// The form.
pub(crate) async fn show_plan(path: PlanPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &PLAN_MEASURES).await?;
    show(&page(&app, &visit, &whole, Form::filled([("working_days", "20".to_owned())])).await?)
}

/// Plans a measure.
pub(crate) async fn post_plan(
    path: PlanPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &PLAN_MEASURES).await?;
    let (desk, way) = (desk(&app, &visit)?, Way::of(&app));
    let at = (whole.finding.id, form.value("version").parse().unwrap_or(0));
    let of = |field: &str| form.value(field).to_owned();
    let typed = TypedPlan { what: of("what"), owner: of("owner"), working_days: of("working_days") };
    let planned = app.database().write(move |db| {
        let plan = typed.check()?;
        measures::plan_measure(db, &desk, at, &plan, Some(&way))
    });
    match planned.await {
        Ok(_) => {
            app.jobs().wake();
            Ok(go_on(&FindingPath { id: path.id }, "direncanakan"))
        }
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            let whole = load(&app, &visit, &path.id, &PLAN_MEASURES).await?;
            show_again(&page(&app, &visit, &whole, form).await?)
        }
    }
}
