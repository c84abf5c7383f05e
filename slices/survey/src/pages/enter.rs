//! `/s`: where the code of a card or a receipt is typed.

use super::{EnterPath, SurveyPath, asked};
use crate::WORDS;
use crate::token::Code;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/enter.html")]
struct EnterPage {
    page: Page,
    w: Words,
    form: Form,
}

/// Shows the field, or goes on to the survey of the code.
pub(crate) async fn show_enter(_: EnterPath, State(_): State<App>, visit: Visit) -> Result<Response, Problem> {
    let typed = asked(&visit, "kode");
    let w = visit.words(&WORDS);
    if typed.is_empty() {
        return show(&page(&visit, Form::new(), w));
    }
    match Code::read(&typed) {
        Ok(code) => Ok(Redirect::to(&SurveyPath { code: code.printed() }.to_string()).into_response()),
        Err(_) => wrong_code(&visit, &typed),
    }
}

/// The field again, with what was typed and what to look for.
pub(crate) fn wrong_code(visit: &Visit, typed: &str) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let mut form = Form::filled([("kode", typed.to_owned())]);
    form.fault("kode", w.text("enter.wrong"));
    show_again(&page(visit, form, w))
}

fn page(visit: &Visit, form: Form, w: Words) -> EnterPage {
    EnterPage { page: visit.page(w.text("enter.title")).with_errors(!form.is_fine()), w, form }
}
