//! `/kelola/layanan/contoh`: examples to begin from, each copied with one button.

use super::{EditPath, ExamplesPath, KeepPath, desk, faults_of, go_on, show_faults};
use crate::permissions::EDIT_SERVICES;
use crate::service::ServiceFacts;
use crate::{WORDS, actions::Refused, starter};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use organisation::{Fault, Unit};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/starter.html")]
struct StarterPage {
    page: Page,
    w: Words,
    form: Form,
    units: Vec<(String, String)>,
    /// Key, name and a line of facts.
    examples: Vec<(String, String, String)>,
}

/// Shows the examples.
pub(crate) async fn show_examples(_: ExamplesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    show(&page(&app, &visit, Form::new()).await?)
}

async fn page(app: &App, visit: &Visit, form: Form) -> Result<StarterPage, Problem> {
    let institution = visit.institution()?;
    let units: Vec<Unit> = app.database().read(move |db| organisation::units(db, institution)).await?;
    let (w, own) = (visit.words(&WORDS), visit.signed_in()?.units_for(&EDIT_SERVICES));
    let fits = |unit: &&Unit| unit.state.is_active() && own.as_ref().is_none_or(|own| own.contains(&unit.id));
    let units: Vec<(String, String)> =
        units.iter().filter(fits).map(|unit| (unit.slug.clone(), unit.facts.name.clone())).collect();
    let mut form = form;
    if let [(only, _)] = units.as_slice() {
        form.set("unit", only.clone());
    }
    let facts = |facts: &ServiceFacts| {
        let time = facts.duration.map(|duration| super::duration_words(w, duration)).unwrap_or_default();
        format!("{time} · {}", facts.fee.as_ref().map(|fee| super::fee_words(w, fee)).unwrap_or_default())
    };
    let examples = starter::examples().iter();
    Ok(StarterPage {
        page: visit.page(w.text("starter.title")).crumb(w.text("keep.title"), KeepPath).with_errors(!form.is_fine()),
        examples: examples.map(|one| (one.key.clone(), one.facts.name.clone(), facts(&one.facts))).collect(),
        form,
        units,
        w,
    })
}

/// Copies an example to a unit.
pub(crate) async fn post_example(
    _: ExamplesPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let key = form.value("example").to_owned();
    let example = starter::examples().iter().find(|example| example.key == key).ok_or_else(Problem::not_found)?;
    let (desk, slug) = (desk(&app, &visit)?, form.value("unit").to_owned());
    let own = visit.signed_in()?.units_for(&EDIT_SERVICES);
    let outcome = app
        .database()
        .write(move |db| {
            let unit = organisation::unit_by_slug(db, desk.institution, &slug)?.map(|unit| unit.id);
            let unit = unit.filter(|unit| own.as_ref().is_none_or(|own| own.contains(unit)));
            let unit = unit.ok_or_else(|| Refused::from(Fault::new("unit", "fault.unit")))?;
            starter::copy_example(db, &desk, unit, example)
        })
        .await;
    match outcome {
        Ok(service) => Ok(go_on(&EditPath { slug: service.slug }, "disalin").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&app, &visit, form).await?)
        }
    }
}
