//! `/akun/data-pribadi`: whoever is signed in asks about their own data; who they are is known.

use super::ask::{kinds, once, required, show_receipt, shown_once};
use super::follow::state_words;
use super::{desk, moment, never_kept};
use crate::request::{Asked, Request, RequestKind};
use crate::store::requests as store;
use crate::{WORDS, actions};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show as render, show_again};
use platform::personal::{PersonName, PersonText, Personal as _};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/akun/data-pribadi")]
pub(crate) struct OwnPath;

#[derive(Template)]
#[template(path = "pages/own.html")]
struct OwnPage {
    page: Page,
    w: Words,
    form: Form,
    kinds: Vec<(&'static str, String)>,
    requests: Vec<(String, String, String, String)>,
}

async fn own_page(app: &App, visit: &Visit, form: Form) -> Result<OwnPage, Problem> {
    let person = visit.signed_in()?;
    let (institution, account) = (person.institution, person.account);
    let found: Vec<Request> = app.database().read(move |db| store::of_account(db, institution, account)).await?;
    let w = visit.words(&WORDS);
    let line = |request: Request| {
        let kind = w.text(&format!("kind.{}", request.kind.name()));
        (request.receipt(), kind, state_words(w, request.state), moment(visit, request.due_at))
    };
    let page = visit.page(w.text("own.title")).with_errors(!form.is_fine());
    Ok(OwnPage { page, w, form, kinds: kinds(w), requests: found.into_iter().map(line).collect() })
}

pub(crate) async fn show(_: OwnPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    render(&own_page(&app, &visit, shown_once()).await?)
}

pub(crate) async fn post(
    _: OwnPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let kind = form.read("kind", RequestKind::named, visit.words(&WORDS).text("fault.kind"));
    let about = required::<PersonText>(&visit, &mut form, "about", "fault.about");
    // A name of digits alone cannot be a person's; whoever has one corrects it first.
    let name = PersonName::read(&person.name);
    let (Some(kind), Some(about), Ok(name), true) = (kind, about, name, form.is_fine()) else {
        return show_again(&own_page(&app, &visit, form).await?).map(never_kept);
    };
    let desk = desk(&app, &visit)?;
    let account = Some(person.account);
    let asked = Asked { kind, name, email: None, phone: None, nik: None, about, account };
    let once = once(&form);
    let receipt = app.database().write(move |db| actions::ask_once(db, &desk, &asked, &once)).await?;
    app.jobs().wake();
    show_receipt(&visit, &receipt)
}
