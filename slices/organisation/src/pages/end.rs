//! `/kelola/unit/{slug}/akhiri`: a unit is merged into its successor or retired; `…/lanjutkan` takes that back.

use super::{EditPath, EndPath, KeepPath, ResumePath, desk, faults_of, go_on, load_unit, show_faults, state_words};
use crate::actions::{self, Refused};
use crate::fault::Fault;
use crate::unit::Unit;
use crate::{WORDS, store, tree};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use time::Date;
use time::macros::format_description;

#[derive(Template)]
#[template(path = "pages/end.html")]
struct EndPage {
    page: Page,
    w: Words,
    form: Form,
    unit: Unit,
    /// The last day that can be chosen, as forms write it.
    today: String,
    successors: Vec<(String, String)>,
}

impl EndPage {
    fn active(&self) -> bool {
        self.unit.state.is_active()
    }

    fn state(&self) -> String {
        state_words(self.w, self.unit.state)
    }

    fn resume(&self) -> String {
        ResumePath { slug: self.unit.slug.clone() }.to_string()
    }
}

/// The form that ends a unit, or the button that takes it back.
pub(crate) async fn show_end(path: EndPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    show(&page(&app, &visit, unit, Form::new()).await?)
}

/// Ends a unit.
pub(crate) async fn post_end(
    path: EndPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    let (w, desk, id) = (visit.words(&WORDS), desk(&app, &visit)?, unit.id);
    let on = form.read(
        "on",
        |typed| Date::parse(typed, format_description!("[year]-[month]-[day]")).ok(),
        w.text("fault.day"),
    );
    let (version, successor) = (form.value("version").parse().unwrap_or(0), form.value("successor").to_owned());
    let outcome = match on {
        None => Err(Refused::Faults(Vec::new())),
        Some(on) => {
            let act = move |db: &mut platform::database::Write<'_>| {
                let into = match successor.as_str() {
                    "" => None,
                    slug => Some(store::unit_by_slug(db, desk.institution, slug)?.ok_or_else(unknown_successor)?.id),
                };
                actions::end_unit(db, &desk, id, version, on, into)
            };
            app.database().write(act).await
        }
    };
    match outcome {
        Ok(unit) => Ok(go_on(&EditPath { slug: unit.slug }, "berakhir").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, w);
            let unit = load_unit(&app, &visit, &path.slug).await?;
            show_again(&page(&app, &visit, unit, form).await?)
        }
    }
}

fn unknown_successor() -> Refused {
    Fault::new("successor", "fault.successor").into()
}

/// Takes the end of a unit back.
pub(crate) async fn post_resume(
    path: ResumePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    let (desk, id, version) = (desk(&app, &visit)?, unit.id, form.value("version").parse().unwrap_or(0));
    match app.database().write(move |db| actions::resume_unit(db, &desk, id, version)).await {
        Ok(unit) => Ok(go_on(&EditPath { slug: unit.slug }, "dilanjutkan").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            let unit = load_unit(&app, &visit, &path.slug).await?;
            show_again(&page(&app, &visit, unit, form).await?)
        }
    }
}

async fn page(app: &App, visit: &Visit, unit: Unit, form: Form) -> Result<EndPage, Problem> {
    let institution = visit.institution()?;
    let units: Vec<Unit> = app
        .database()
        .read(move |db| store::units(db, institution))
        .await
        .map_err(|error: platform::database::DatabaseError| Problem::from(error))?;
    let w = visit.words(&WORDS);
    let own = EditPath { slug: unit.slug.clone() };
    let title = if unit.state.is_active() { "end.title" } else { "end.resume-title" };
    let page = visit.page(w.text(title)).crumb(w.text("keep.title"), KeepPath).crumb(unit.facts.name.clone(), own);
    let others = tree::in_order(&units).into_iter().filter(|(_, other)| other.state.is_active() && other.id != unit.id);
    let successors =
        others.map(|(level, other)| (other.slug.clone(), format!("{}{}", "– ".repeat(level), other.facts.name)));
    Ok(EndPage {
        page: page.with_errors(!form.is_fine()),
        successors: successors.collect(),
        today: visit.site().zone.date(app.now()).to_string(),
        form,
        unit,
        w,
    })
}
