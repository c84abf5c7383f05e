//! `/maklumat/{slug}` and `/kelola/maklumat/{slug}`: the declaration (Maklumat Pelayanan) of a unit.

use super::{
    DeclarationPath, DeclarationSheetPath, KeepDeclarationPath, KeepPath, PublishDeclarationPath, asked_day, desk,
    done, faults_of, go_on, show_faults,
};
use crate::WORDS;
use crate::actions::{Refused, declarations as actions};
use crate::declaration::{Declaration, DeclarationState};
use crate::permissions::{DETERMINE_STANDARD, EDIT_SERVICES, READ_SERVICES};
use crate::store::declarations as kept;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use organisation::{Checks, Unit, UnitPath};
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::Action;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/declaration.html")]
struct PublicPage {
    page: Page,
    w: Words,
    unit: String,
    lines: Vec<String>,
    /// "Kepala Dinas, 1 November 2026".
    signed: String,
    sheet: String,
}

/// Shows the declaration of a unit that is in force.
pub(crate) async fn show_public(
    path: DeclarationPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug.clone());
    let found = app
        .database()
        .read(move |db| {
            let Some(unit) = organisation::unit_by_slug(db, institution, &slug)? else { return Ok(None) };
            let declaration = kept::declaration_of(db, institution, unit.id)?;
            Ok::<_, DatabaseError>(declaration.map(|declaration| (unit, declaration)))
        })
        .await?;
    let (unit, declaration) = found.ok_or_else(Problem::not_found)?;
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("declaration.title"));
    show(&PublicPage {
        sheet: DeclarationSheetPath { slug: unit.slug.clone() }.to_string(),
        page: page.crumb(unit.facts.name.clone(), UnitPath { slug: unit.slug }),
        unit: unit.facts.name,
        lines: lines(&declaration),
        signed: signed(&declaration, w),
        w,
    })
}

pub(super) fn lines(declaration: &Declaration) -> Vec<String> {
    declaration.text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn signed(declaration: &Declaration, w: Words) -> String {
    let on = declaration.signed_on.map(|on| day(on, w.language)).unwrap_or_default();
    format!("{}, {on}", declaration.signed_by)
}

#[derive(Template)]
#[template(path = "pages/keep_declaration.html")]
struct KeepDeclaration {
    page: Page,
    w: Words,
    form: Form,
    unit: String,
    /// The one in force: its lines, who signed it, its public page.
    in_force: Option<(Vec<String>, String, String)>,
    version: i64,
    has_draft: bool,
    may_write: bool,
    may_publish: bool,
    publish: String,
    today: String,
}

/// Shows the declaration to staff, with the form of its draft.
pub(crate) async fn show_keep(
    path: KeepDeclarationPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let unit = unit_for(&app, &visit, &path.slug, &READ_SERVICES).await?;
    show(&page(&app, &visit, unit, None).await?)
}

async fn unit_for(app: &App, visit: &Visit, slug: &str, action: &Action) -> Result<Unit, Problem> {
    let (institution, slug) = (visit.institution()?, slug.to_owned());
    let unit = app.database().read(move |db| organisation::unit_by_slug(db, institution, &slug)).await?;
    let unit = unit.ok_or_else(Problem::not_found)?;
    if visit.signed_in()?.may(action, Some(unit.id)) { Ok(unit) } else { Err(Problem::forbidden()) }
}

async fn page(app: &App, visit: &Visit, unit: Unit, typed: Option<Form>) -> Result<KeepDeclaration, Problem> {
    let (institution, id) = (visit.institution()?, unit.id);
    let all = app.database().read(move |db| kept::declarations(db, institution, id)).await?;
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let draft = all.iter().find(|declaration| declaration.state == DeclarationState::Draft);
    let current = all.iter().find(|declaration| declaration.state == DeclarationState::Published);
    let of = draft.or(current);
    let text = of.map_or_else(|| w.text("declaration.default"), |declaration| declaration.text.clone());
    let kept = [("text", text), ("signed_by", of.map(|of| of.signed_by.clone()).unwrap_or_default())];
    let form = match typed {
        None => Form::filled(kept),
        // The form that signs sends no text; whoever repeats it after a slip sees what they sign.
        Some(mut form) if form.values("text").next().is_none() => {
            kept.into_iter().for_each(|(name, value)| form.set(name, value));
            form
        }
        Some(form) => form,
    };
    let public = DeclarationPath { slug: unit.slug.clone() }.to_string();
    let page = visit.page(w.text("declaration.title")).crumb(w.text("keep.title"), KeepPath).done(done(visit));
    Ok(KeepDeclaration {
        page: page.with_errors(!form.is_fine()),
        in_force: current.map(|current| (lines(current), signed(current, w), public)),
        version: draft.map_or(0, |draft| draft.version),
        has_draft: draft.is_some(),
        may_write: person.may(&EDIT_SERVICES, Some(unit.id)),
        may_publish: person.may(&DETERMINE_STANDARD, Some(unit.id)),
        publish: PublishDeclarationPath { slug: unit.slug }.to_string(),
        today: visit.site().zone.date(app.now()).to_string(),
        unit: unit.facts.name,
        form,
        w,
    })
}

/// Writes the draft.
pub(crate) async fn post_keep(
    path: KeepDeclarationPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let unit = unit_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let (desk, id, version) = (desk(&app, &visit)?, unit.id, form.value("version").parse().unwrap_or(0));
    let (text, signed_by) = (form.value("text").to_owned(), form.value("signed_by").to_owned());
    let outcome = app
        .database()
        .write(move |db| actions::write_declaration(db, &desk, id, version, (&text, &signed_by)).map(drop))
        .await;
    answer(&app, &visit, (unit, form), outcome, "ditulis").await
}

/// Signs and publishes the draft.
pub(crate) async fn post_publish(
    path: PublishDeclarationPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let unit = unit_for(&app, &visit, &path.slug, &DETERMINE_STANDARD).await?;
    let (desk, id, version) = (desk(&app, &visit)?, unit.id, form.value("version").parse().unwrap_or(0));
    let mut checks = Checks::default();
    let on = asked_day(&mut checks, "signed_on", &form);
    let outcome = match checks.finish(()) {
        Ok(()) => {
            app.database().write(move |db| actions::publish_declaration(db, &desk, id, version, on).map(drop)).await
        }
        Err(faults) => Err(Refused::Faults(faults)),
    };
    answer(&app, &visit, (unit, form), outcome, "maklumat").await
}

async fn answer(
    app: &App,
    visit: &Visit,
    (unit, mut form): (Unit, Form),
    outcome: Result<(), Refused>,
    done: &str,
) -> Result<Response, Problem> {
    let Err(refused) = outcome else {
        return Ok(go_on(&KeepDeclarationPath { slug: unit.slug }, done).into_response());
    };
    show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
    show_again(&page(app, visit, unit, Some(form)).await?)
}
