//! "Lupa kata sandi": the same answer for every address, so that nobody learns who has an account.

use super::page;
use crate::WORDS;
use crate::account::Email;
use crate::actions::{Asked, send_forgotten};
use crate::notices::Sender;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::form::Form;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/masuk/lupa")]
pub(crate) struct ForgottenPath;

#[derive(askama::Template)]
#[template(path = "pages/forgotten.html")]
struct ForgottenPage {
    page: Page,
    w: Words,
    form: Form,
    /// Whether mail can go out with a link that leads here.
    mail: bool,
    sent: bool,
}

/// Whether a link can be mailed: there is mail, and it is known by which address people reach the city.
async fn can_mail(app: &App, visit: &Visit) -> Result<bool, Problem> {
    let (institution, sender) = (visit.institution()?, Sender::of(app, visit));
    let origin = app.database().read(move |db| sender.trusted_origin(db, institution)).await?;
    Ok(app.mail().is_set() && origin.is_some())
}

pub(crate) async fn show(_: ForgottenPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let mail = can_mail(&app, &visit).await?;
    let page = page(&visit, "forgotten.title").crumb(visit.words(&WORDS).text("sign-in.title"), "/masuk");
    page::show(&ForgottenPage { page, w: visit.words(&WORDS), form: Form::new(), mail, sent: false })
}

pub(crate) async fn post(
    _: ForgottenPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (mail, w) = (can_mail(&app, &visit).await?, visit.words(&WORDS));
    let email = form.read("email", Email::read, w.text("fault.email"));
    let page = page(&visit, "forgotten.title").crumb(w.text("sign-in.title"), "/masuk").with_errors(!form.is_fine());
    let Some(email) = email.filter(|_| mail) else {
        let template = ForgottenPage { page, w, form, mail, sent: false };
        return page::show_again(&template);
    };
    let sender = Sender::of(&app, &visit);
    let asked = Asked { institution: visit.institution()?, email_key: email.key().to_owned(), now: app.now() };
    let beside = app.clone();
    // Beside the answer, which must not take longer when the account exists.
    tokio::spawn(async move {
        match beside.database().write(move |db| send_forgotten(db, &sender, &asked)).await {
            Ok(_) => beside.jobs().wake(),
            Err(refused) => tracing::warn!(error = %refused, "a link for a forgotten password could not be made"),
        }
    });
    page::show(&ForgottenPage { page, w, form: Form::new(), mail, sent: true })
}
