//! `/kelola/survei/{id}/tutup`: what closing a period ends, before somebody says so. It cannot be undone.

use super::{ClosePath, PeriodPath, Whole, desk, done, load, show_faults, staff_page};
use crate::actions::{self, Refused};
use crate::period::{PeriodState, TypedPlan};
use crate::permissions::KEEP_PERIODS;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::parts::Fact;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/closing.html")]
struct ClosingPage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    facts: Vec<Fact>,
    warnings: Vec<String>,
}

async fn open(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let whole = load(app, visit, id, &KEEP_PERIODS).await?;
    if whole.period.state == PeriodState::Open { Ok(whole) } else { Err(Refused::WrongState.into()) }
}

async fn page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<ClosingPage, Problem> {
    let (institution, id) = (visit.institution()?, whole.period.id);
    let (answers, batches, sheets, table) = app
        .database()
        .read(move |db| {
            let answers = store::counts::counts(db, institution, id)?.answers();
            let batches = store::codes::batches(db, institution, id)?;
            let sheets = store::paper::waiting(db, institution, id)?;
            Ok::<_, DatabaseError>((answers, batches, sheets, store::imports::waits(db, institution, id)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let plan = &whole.period.plan;
    let unused = batches.iter().map(|batch| batch.unused).sum::<i64>();
    let today = visit.site().zone.date(app.now());
    let mut warnings = Vec::new();
    if today <= plan.last_arrival() {
        warnings.push(w.fill("closing.early", [("day", &day(plan.last_arrival(), w.language))]));
    }
    if !sheets.is_empty() {
        warnings.push(w.fill("closing.sheets-lost", [("sheets", &sheets.join(", "))]));
    }
    if table {
        warnings.push(w.text("refused.table-waits"));
    }
    let here = PeriodPath { id: whole.period.id.to_string() };
    Ok(ClosingPage {
        page: staff_page(visit, w.text("step.close.button"))
            .crumb(whole.unit.facts.name.clone(), here)
            .with_errors(!form.is_fine()),
        facts: vec![
            Fact::new(w.text("keep.answers"), w.count(answers)),
            Fact::new(w.text("closing.unused"), w.count(u64::try_from(unused).unwrap_or(0))),
            Fact::new(w.text("closing.sheets"), w.count(sheets.len() as u64)),
        ],
        version: whole.period.version,
        warnings,
        form,
        w,
    })
}

/// What closing ends.
pub(crate) async fn show_close(path: ClosePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let population = whole.period.plan.population.map(|count| count.to_string()).unwrap_or_default();
    show(&page(&app, &visit, &whole, Form::filled([("population", population)])).await?)
}

/// Closes the period, with the number of people served as it turned out.
pub(crate) async fn post_close(
    path: ClosePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let (desk, id) = (desk(&app, &visit)?, whole.period.id);
    let version = form.value("version").parse().unwrap_or(0);
    let closed = match TypedPlan::population(form.value("population")) {
        Err(fault) => Err(Refused::Faults(vec![fault])),
        Ok(population) => {
            let closing = app.database().write(move |db| {
                let version = actions::estimate(db, &desk, (id, version), population)?;
                actions::close(db, &desk, (id, version))
            });
            closing.await
        }
    };
    match closed {
        Ok(()) => Ok(done(&PeriodPath { id: path.id }, "ditutup")),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&page(&app, &visit, &whole, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}
