//! `/kelola/survei/baru` and `…/rencana`: a period is planned, and arranged until it is opened.

use super::{NewPath, PeriodPath, PlanFormPath, PlanPath, Whole, desk, done, load, show_faults, staff_page};
use crate::actions::{self, Changes, Refused};
use crate::fault::Fault;
use crate::period::{PeriodState, Plan, Rhythm, TypedPlan, whole};
use crate::permissions::KEEP_PERIODS;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::Unit;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::Person;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::phrase::Phrase;
use services::ServiceId;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "pages/plan.html")]
pub(super) struct PlanPage {
    page: Page,
    w: Words,
    form: Form,
    rhythms: Vec<(String, String)>,
    /// The units one may plan for; nothing once the period is there.
    units: Vec<(String, String)>,
    /// The period that is changed; nothing for a new one.
    known: Option<Known>,
    /// Where a workbook with questions is sent.
    xlsform: String,
    /// What was read of one, and the rows that could not be used.
    pub(super) read: Option<String>,
    pub(super) wrong: Vec<(String, String)>,
}

struct Known {
    version: i64,
    /// Whether the plan itself can still be changed.
    planned: bool,
    /// Fields and names of services with a quota.
    services: Vec<(String, String)>,
}

impl PlanPage {
    /// The address of the form itself: the page may be shown where a workbook was sent.
    fn here(&self) -> &str {
        self.xlsform.trim_end_matches("/xlsform")
    }

    /// Whether the plan itself can be typed.
    fn plannable(&self) -> bool {
        self.known.as_ref().is_none_or(|known| known.planned)
    }
}

/// The most questions of a unit's own.
const MOST_QUESTIONS: usize = 5;
/// The longest of them, in letters.
const LONGEST_QUESTION: usize = 200;
/// The greatest quota.
const MOST_WANTED: i64 = 1_000_000;

fn typed_plan(form: &Form) -> TypedPlan {
    let value = |name: &str| form.value(name).to_owned();
    TypedPlan {
        rhythm: value("rhythm"),
        starts_on: value("starts_on"),
        ends_on: value("ends_on"),
        population: value("population"),
    }
}

fn rhythms(w: Words) -> Vec<(String, String)> {
    let choice = |rhythm: &Rhythm| (rhythm.name().to_owned(), w.text(&format!("rhythm.{}", rhythm.name())));
    Rhythm::ALL.iter().map(choice).collect()
}

/// The form of a new period.
pub(crate) async fn show_new(_: NewPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let form = Form::filled([("rhythm", Rhythm::Quarter.name().to_owned())]);
    show(&new_page(&app, &visit, form).await?)
}

async fn new_page(app: &App, visit: &Visit, form: Form) -> Result<PlanPage, Problem> {
    let institution = visit.institution()?;
    let units: Vec<Unit> = app.database().read(move |db| organisation::units(db, institution)).await?;
    let w = visit.words(&WORDS);
    let person: &Person = visit.signed_in()?;
    let own = units.iter().filter(|unit| unit.state.is_active() && person.may(&KEEP_PERIODS, Some(unit.id)));
    Ok(PlanPage {
        page: staff_page(visit, w.text("plan.new")).with_errors(!form.is_fine()),
        units: own.map(|unit| (unit.slug.clone(), unit.facts.name.clone())).collect(),
        rhythms: rhythms(w),
        known: None,
        xlsform: String::new(),
        read: None,
        wrong: Vec::new(),
        form,
        w,
    })
}

/// Plans a period.
pub(crate) async fn post_new(
    _: NewPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (desk, typed, slug) = (desk(&app, &visit)?, typed_plan(&form), form.value("unit").to_owned());
    let person = visit.signed_in()?.clone();
    let outcome = app
        .database()
        .write(move |db| {
            let unit = organisation::unit_by_slug(db, desk.institution, &slug)?;
            let unit = unit.filter(|unit| person.may(&KEEP_PERIODS, Some(unit.id)));
            let mut faults = Vec::new();
            if unit.is_none() {
                faults.push(Fault::new("unit", "fault.unit"));
            }
            match (unit, typed.check()) {
                (Some(unit), Ok(plan)) => actions::plan(db, &desk, unit.id, &plan),
                (_, plan) => {
                    faults.extend(plan.err().unwrap_or_default());
                    Err(Refused::Faults(faults))
                }
            }
        })
        .await;
    match outcome {
        Ok(id) => Ok(done(&PeriodPath { id: id.to_string() }, "direncanakan")),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&new_page(&app, &visit, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}

fn quota_field(service: ServiceId) -> String {
    format!("quota-{service}")
}

/// The form that changes a period.
pub(crate) async fn show_plan(path: PlanPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &KEEP_PERIODS).await?;
    let form = filled(&app, &visit, &whole).await?;
    show(&plan_page(&app, &visit, &whole, form).await?)
}

/// The form with what the period is now.
pub(super) async fn filled(app: &App, visit: &Visit, whole: &Whole) -> Result<Form, Problem> {
    let (institution, id) = (visit.institution()?, whole.period.id);
    let (quotas, questions) = app
        .database()
        .read(move |db| {
            let quotas = store::periods::quotas(db, institution, id)?;
            Ok::<_, DatabaseError>((quotas, store::periods::questions(db, institution, id)?))
        })
        .await?;
    let Plan { rhythm, starts_on, ends_on, population } = &whole.period.plan;
    let mut form = Form::filled([
        ("rhythm", rhythm.name().to_owned()),
        ("starts_on", starts_on.to_string()),
        ("ends_on", ends_on.to_string()),
        ("population", population.map(|count| count.to_string()).unwrap_or_default()),
        ("questions", questions.join("\n")),
    ]);
    for (service, wanted) in quotas {
        form.set(&quota_field(service), wanted.to_string());
    }
    Ok(form)
}

pub(super) async fn plan_page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<PlanPage, Problem> {
    let services = wanted_of(app, visit, whole).await?;
    let w = visit.words(&WORDS);
    let known = Known {
        version: whole.period.version,
        planned: whole.period.state == PeriodState::Planned,
        services: services.into_iter().map(|(service, name)| (quota_field(service), name)).collect(),
    };
    let page = staff_page(visit, w.text("plan.change"));
    let here = PeriodPath { id: whole.period.id.to_string() };
    Ok(PlanPage {
        page: page.crumb(whole.unit.facts.name.clone(), here).with_errors(!form.is_fine()),
        rhythms: rhythms(w),
        units: Vec::new(),
        known: Some(known),
        xlsform: PlanFormPath { id: whole.period.id.to_string() }.to_string(),
        read: None,
        wrong: Vec::new(),
        form,
        w,
    })
}

/// The published services of the period's unit.
pub(crate) async fn services_of(app: &App, visit: &Visit, whole: &Whole) -> Result<Vec<(ServiceId, String)>, Problem> {
    let (institution, unit) = (visit.institution()?, whole.unit.id);
    Ok(app.database().read(move |db| store::periods::services_of(db, institution, unit)).await?)
}

/// The services one may want answers of: those of the unit, and those that have a quota and moved elsewhere since.
async fn wanted_of(app: &App, visit: &Visit, whole: &Whole) -> Result<Vec<(ServiceId, String)>, Problem> {
    let mut services = services_of(app, visit, whole).await?;
    let (institution, id) = (visit.institution()?, whole.period.id);
    let known: BTreeSet<ServiceId> = services.iter().map(|(service, _)| *service).collect();
    let moved = app.database().read(move |db| {
        let quotas = store::periods::quotas(db, institution, id)?;
        let moved: Vec<ServiceId> =
            quotas.into_iter().map(|(service, _)| service).filter(|service| !known.contains(service)).collect();
        store::periods::names_of(db, institution, &moved)
    });
    services.extend(moved.await?);
    Ok(services)
}

/// Changes a period.
pub(crate) async fn post_plan(
    path: PlanPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &KEEP_PERIODS).await?;
    let (desk, version) = (desk(&app, &visit)?, form.value("version").parse().unwrap_or(0));
    let services = wanted_of(&app, &visit, &whole).await?;
    let id = whole.period.id;
    let outcome = match changes(&form, &whole, &services) {
        Ok(changes) => app.database().write(move |db| actions::change(db, &desk, (id, version), &changes)).await,
        Err(faults) => Err(Refused::Faults(faults)),
    };
    match outcome {
        Ok(()) => Ok(done(&PeriodPath { id: path.id }, "diubah")),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&plan_page(&app, &visit, &whole, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}

fn changes(form: &Form, known: &Whole, services: &[(ServiceId, String)]) -> Result<Changes, Vec<Fault>> {
    let mut faults = Vec::new();
    let plan = match known.period.state {
        PeriodState::Planned => typed_plan(form).check().unwrap_or_else(|wrong| {
            faults.extend(wrong);
            known.period.plan.clone()
        }),
        _ => {
            let population = TypedPlan::population(form.value("population")).unwrap_or_else(|fault| {
                faults.push(fault);
                None
            });
            Plan { population, ..known.period.plan.clone() }
        }
    };
    let questions: Vec<String> =
        form.value("questions").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let long = questions.iter().any(|question| question.chars().count() > LONGEST_QUESTION);
    if questions.len() > MOST_QUESTIONS || long {
        let phrase = Phrase::new("fault.questions").with("most", MOST_QUESTIONS as u64);
        faults.push(Fault { field: "questions".into(), phrase: phrase.with("letters", LONGEST_QUESTION as u64) });
    }
    let mut quotas = Vec::new();
    for (service, _) in services {
        let field = quota_field(*service);
        match form.value(&field) {
            "" | "0" => {}
            typed => match whole(typed).filter(|wanted| (1..=MOST_WANTED).contains(wanted)) {
                Some(wanted) => quotas.push((*service, wanted)),
                None => faults.push(Fault::new(field, "fault.quota")),
            },
        }
    }
    if faults.is_empty() { Ok(Changes { plan, questions, quotas }) } else { Err(faults) }
}
