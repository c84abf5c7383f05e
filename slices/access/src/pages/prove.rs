//! Asks again who somebody is, before they change what must not be changed by whoever finds a screen unattended.

use super::{onward, page, wait_words, with_onward, with_session};
use crate::actions::{Act, Again, Counters, begin_again, prove_again};
use crate::sessions::must_prove_again;
use crate::{WORDS, password, store};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::Person;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/masuk/ulang")]
pub(crate) struct ProvePath;

#[derive(askama::Template)]
#[template(path = "pages/prove.html")]
struct ProvePage {
    page: Page,
    w: Words,
    form: Form,
    onward: String,
}

/// To the page that asks for the password again, when that was longer ago than a quarter of an hour; `back` is where to go on
/// afterwards. Handlers that change roles, passwords or second factors begin with it.
#[must_use]
pub fn prove_first(app: &App, visit: &Visit, back: &str) -> Option<Response> {
    let stale = visit.person().is_some_and(|person| must_prove_again(person, app.now()));
    stale.then(|| Redirect::to(&with_onward(ProvePath::PATH, Some(back))).into_response())
}

pub(crate) async fn show(_: ProvePath, visit: Visit) -> Result<Response, Problem> {
    let form = Form::new();
    let onward = onward(&visit, &form).unwrap_or_default();
    let template = ProvePage { page: page(&visit, "prove.title"), w: visit.words(&WORDS), form, onward };
    std::future::ready(page::show(&template)).await
}

pub(crate) async fn post(
    _: ProvePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let counters = match right_password(&app, &visit, &person, &mut form, "password").await? {
        Ok(counters) => counters,
        Err(status) => {
            let onward = onward(&visit, &form).unwrap_or_default();
            let page = page(&visit, "prove.title").with_errors(true);
            return page::show_with(status, &ProvePage { page, w: visit.words(&WORDS), form, onward });
        }
    };
    let act = Act::of(&person, app.now());
    let token = app.database().write(move |db| prove_again(db, &act, &person, &counters)).await?;
    let to = onward(&visit, &form);
    Ok(with_session(&app, &token, Redirect::to(to.as_deref().unwrap_or("/akun"))))
}

/// Judges the password of somebody who is signed in. When it is wrong the form says so, and the status to answer with is told.
pub(super) async fn right_password(
    app: &App,
    visit: &Visit,
    person: &Person,
    form: &mut Form,
    field: &'static str,
) -> Result<Result<Counters, StatusCode>, Problem> {
    let (institution, account) = (person.institution, person.account);
    let again = Again { institution, of: person.session.to_string(), now: app.now() };
    judge(
        app,
        visit,
        again,
        move |db| Ok(store::account(db, institution, account)?.and_then(|account| account.password)),
        form,
        field,
    )
    .await
}

/// Judges a password that is asked again, for a session or for a link.
pub(super) async fn judge(
    app: &App,
    visit: &Visit,
    again: Again,
    stored: impl FnOnce(&mut platform::database::Read<'_>) -> Result<Option<String>, DatabaseError> + Send + 'static,
    form: &mut Form,
    field: &'static str,
) -> Result<Result<Counters, StatusCode>, Problem> {
    let words = visit.words(&WORDS);
    let secrets = app.secrets().clone();
    let counters = match app.database().write(move |db| begin_again(db, &secrets, &again)).await? {
        Ok(counters) => counters,
        Err(until) => {
            form.forget(field);
            form.fault(field, words.fill("sign-in.wait", [("until", &wait_words(visit, until))]));
            return Ok(Err(StatusCode::TOO_MANY_REQUESTS));
        }
    };
    let stored = app.database().read(stored).await?;
    if password::fits(form.exact(field).to_owned(), stored).await? {
        return Ok(Ok(counters));
    }
    form.forget(field);
    form.fault(field, words.text("prove.wrong"));
    Ok(Err(StatusCode::UNPROCESSABLE_ENTITY))
}
