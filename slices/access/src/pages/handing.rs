//! How a link reaches whom it is for: by mail when there is mail, else shown once to be handed over.

use super::people::PeoplePath;
use super::{never_kept, page};
use crate::WORDS;
use crate::link::{LASTS, Purpose};
use crate::notices::{Sender, kind_of};
use axum::response::Response;
use axum_extra::routing::TypedPath as _;
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{AccountId, InstitutionId};
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::session::Token;
use platform::visit::Visit;
use platform::words::Words;
use time::OffsetDateTime;

#[derive(askama::Template)]
#[template(path = "pages/link.html")]
struct LinkPage {
    page: Page,
    w: Words,
    name: String,
    address: String,
    until: String,
    back: String,
}

#[derive(askama::Template)]
#[template(path = "pages/link_sent.html")]
struct SentPage {
    page: Page,
    w: Words,
    name: String,
    until: String,
    again: String,
    back: String,
}

/// How the link of a request reaches whom it is for.
#[derive(Clone)]
pub(super) struct Handing {
    /// Nothing when the link is shown instead.
    sender: Option<Sender>,
    /// What the browser of whoever is signed in asked for: good enough when the city names no host.
    asked: String,
    now: OffsetDateTime,
}

impl Handing {
    /// By mail when there is mail, unless the form says that the link is handed over.
    pub(super) fn of(app: &App, visit: &Visit, form: &Form) -> Self {
        let by_mail = app.mail().is_set() && form.value("cara") != "serahkan";
        Self { sender: by_mail.then(|| Sender::of(app, visit)), asked: visit.facts().origin.clone(), now: app.now() }
    }

    /// Sends the link in the transaction in which it was made, when it is mailed.
    pub(super) fn send(
        &self,
        db: &mut Write<'_>,
        to: (InstitutionId, AccountId),
        purpose: Purpose,
        token: &Token,
    ) -> Result<(), DatabaseError> {
        let Some(sender) = &self.sender else { return Ok(()) };
        let origin = sender.trusted_origin(db, to.0)?.unwrap_or_else(|| self.asked.clone());
        sender.send_link(db, to, kind_of(purpose), (&origin, token, self.now + LASTS), self.now)
    }

    /// The page that shows a link once, to be handed over or printed; or says that it was mailed.
    pub(super) fn show(
        &self,
        app: &App,
        visit: &Visit,
        (account, purpose): (AccountId, Purpose),
        name: String,
        token: &Token,
    ) -> Result<Response, Problem> {
        let w = visit.words(&WORDS);
        let until = visit.site().zone.moment(self.now + LASTS, visit.language());
        let back = format!("{}/{account}", PeoplePath::PATH);
        if self.sender.is_some() {
            app.jobs().wake();
            let page = page(visit, "link.sent-title").crumb(w.text("people.title"), PeoplePath);
            let again = format!("{back}/tautan/{}", path_of(purpose));
            return page::show(&SentPage { page, w, name, until, again, back });
        }
        let page = page(visit, "link.title").crumb(w.text("people.title"), PeoplePath);
        let address = crate::command::link_address(&visit.facts().origin, token);
        page::show(&LinkPage { page, w, name, address, until, back }).map(never_kept)
    }
}

const fn path_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Invitation => "undangan",
        Purpose::Password => "kata-sandi",
        Purpose::SecondFactor => "dua-langkah",
    }
}

/// The purpose that an address names.
pub(super) fn purpose_of(path: &str) -> Option<Purpose> {
    Purpose::ALL.into_iter().find(|purpose| path_of(*purpose) == path)
}
