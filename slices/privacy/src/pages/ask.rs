//! `/data-pribadi/permintaan`: somebody asks about their data, without an account.

use super::fault_words;
use super::follow::FollowPath;
use super::public::PublicPath;
use super::{moment, never_kept};
use crate::WORDS;
use crate::actions::{self, Desk, Receipt};
use crate::request::{Asked, RequestKind};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::audit::Actor;
use platform::form::Form;
use platform::page::{Page, show as render, show_again};
use platform::personal::{EmailAddress, Nik, PersonName, PersonText, Personal, Phone};
use platform::problem::Problem;
use platform::session::Token;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/data-pribadi/permintaan")]
pub(crate) struct AskPath;

/// The hidden field of [`shown_once`].
const ONCE: &str = "once";

#[derive(Template)]
#[template(path = "pages/ask.html")]
struct AskPage {
    page: Page,
    w: Words,
    form: Form,
    kinds: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "pages/receipt.html")]
struct ReceiptPage {
    page: Page,
    w: Words,
    number: String,
    due: String,
    link: String,
}

pub(super) fn kinds(w: Words) -> Vec<(&'static str, String)> {
    let words = |kind: RequestKind| (kind.name(), w.text(&format!("kind.{}", kind.name())));
    RequestKind::ALL.into_iter().map(words).collect()
}

fn ask_page(visit: &Visit, form: Form) -> AskPage {
    let w = visit.words(&WORDS);
    let page = visit.page(w.text("ask.title")).crumb(w.text("public.title"), PublicPath);
    AskPage { page: page.with_errors(!form.is_fine()), w, kinds: kinds(w), form }
}

/// A fresh form, told from every other: what it sends twice is taken once.
pub(super) fn shown_once() -> Form {
    Form::filled([(ONCE, Token::new().reveal().to_owned())])
}

/// What a form was told apart by; one that a program sends without it is told from every other.
pub(super) fn once(form: &Form) -> Token {
    match form.value(ONCE) {
        "" => Token::new(),
        shown => Token::presented(shown),
    }
}

pub(crate) async fn show(_: AskPath, visit: Visit) -> Result<Response, Problem> {
    std::future::ready(render(&ask_page(&visit, shown_once()))).await
}

pub(crate) async fn post(
    _: AskPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let Some(asked) = read(&visit, &mut form) else { return show_again(&ask_page(&visit, form)).map(never_kept) };
    let desk = Desk::new(&app, visit.institution()?, Actor::Program("public-form"));
    let once = once(&form);
    let receipt = app.database().write(move |db| actions::ask_once(db, &desk, &asked, &once)).await?;
    app.jobs().wake();
    show_receipt(&visit, &receipt)
}

/// Shown at once and not behind a redirect: the secret of the link stands in no header.
pub(super) fn show_receipt(visit: &Visit, receipt: &Receipt) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let path = FollowPath { token: receipt.token.reveal().to_owned() };
    let template = ReceiptPage {
        page: visit.page(w.text("receipt.title")),
        w,
        number: receipt.number.clone(),
        due: moment(visit, receipt.due_at),
        link: format!("{}{path}", visit.facts().origin),
    };
    render(&template).map(never_kept)
}

/// A value that may be missing: nothing when it is, and a fault when it cannot be read.
pub(super) fn optional<T: Personal>(visit: &Visit, form: &mut Form, field: &str) -> Option<T> {
    if form.value(field).is_empty() {
        return None;
    }
    match T::read(form.value(field)) {
        Ok(value) => Some(value),
        Err(fault) => {
            form.fault(field, fault_words(visit, fault));
            None
        }
    }
}

pub(super) fn required<T: Personal>(visit: &Visit, form: &mut Form, field: &str, empty: &str) -> Option<T> {
    if form.value(field).is_empty() {
        form.fault(field, visit.words(&WORDS).text(empty));
        return None;
    }
    optional(visit, form, field)
}

fn read(visit: &Visit, form: &mut Form) -> Option<Asked> {
    let w = visit.words(&WORDS);
    let kind = form.read("kind", RequestKind::named, w.text("fault.kind"));
    let name = required::<PersonName>(visit, form, "name", "fault.name");
    let (email, phone) = (optional::<EmailAddress>(visit, form, "email"), optional::<Phone>(visit, form, "phone"));
    if form.value("email").is_empty() && form.value("phone").is_empty() {
        form.fault("email", w.text("fault.contact"));
    }
    let nik = optional::<Nik>(visit, form, "nik");
    let about = required::<PersonText>(visit, form, "about", "fault.about");
    if !form.is_fine() {
        return None;
    }
    Some(Asked { kind: kind?, name: name?, email, phone, nik, about: about?, account: None })
}
