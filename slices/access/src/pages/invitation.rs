//! The page behind a link that was handed over: choosing a password, or putting away a lost second factor.

use super::account::{NAME_LETTERS, judge_choice};
use super::prove::judge;
use super::sign_in::enter;
use super::{browser_of, done, marks_of, never_kept, page};
use crate::account::Account;
use crate::actions::{self, Again, Refused, Use, accept_invitation, accept_password, put_away_second_factor};
use crate::link::{Link, Purpose};
use crate::notices::{PASSWORD_CHANGED, SECOND_FACTOR_OFF, Sender};
use crate::{WORDS, password};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::Write;
use platform::form::Form;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::session::Token;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/undangan/{token}")]
pub(crate) struct LinkPath {
    pub(crate) token: String,
}

#[derive(askama::Template)]
#[template(path = "pages/invitation.html")]
struct InvitationPage {
    page: Page,
    w: Words,
    form: Form,
    purpose: &'static str,
    email: String,
    whose: String,
    needs_second_factor: bool,
}

#[derive(askama::Template)]
#[template(path = "pages/invitation_spent.html")]
struct SpentPage {
    page: Page,
    w: Words,
}

/// What a link opens.
struct Opened {
    link: Link,
    account: Account,
    needs_second_factor: bool,
}

async fn open(app: &App, visit: &Visit, token: &str) -> Result<Option<Opened>, Problem> {
    let (institution, hash, now) = (visit.institution()?, Token::presented(token).hash(), app.now());
    let found = app
        .database()
        .read(move |db| {
            let (link, account) = actions::opened(db, institution, &hash, now)?;
            let grants = crate::store::grants(db, institution, account.id, now)?;
            let needs_second_factor = grants.iter().any(|grant| grant.role.needs_second_factor());
            Ok(Opened { link, account, needs_second_factor })
        })
        .await;
    match found {
        Ok(opened) => Ok(Some(opened)),
        Err(Refused::LinkSpent) => Ok(None),
        Err(refused) => Err(refused.into()),
    }
}

fn spent(visit: &Visit) -> Result<Response, Problem> {
    let template = SpentPage { page: page(visit, "invitation.spent-title"), w: visit.words(&WORDS) };
    page::show_with(StatusCode::GONE, &template)
}

fn show_page(visit: &Visit, opened: &Opened, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let title = match opened.link.purpose {
        Purpose::Invitation => "invitation.title",
        Purpose::Password => "invitation.password-title",
        Purpose::SecondFactor => "invitation.second-factor-title",
    };
    let (w, email) = (visit.words(&WORDS), opened.account.email.clone());
    let until = visit.site().zone.moment(opened.link.expires_at, visit.language());
    let template = InvitationPage {
        page: page(visit, title).with_errors(!form.is_fine()),
        w,
        purpose: opened.link.purpose.name(),
        whose: w.fill("invitation.for", [("email", &email), ("until", &until)]),
        email,
        needs_second_factor: opened.needs_second_factor && !opened.account.has_second_factor(),
        form,
    };
    page::show_with(status, &template).map(never_kept)
}

pub(crate) async fn show(path: LinkPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let Some(opened) = open(&app, &visit, &path.token).await? else { return spent(&visit) };
    let form = Form::filled([("name", opened.account.name.clone())]);
    show_page(&visit, &opened, form, StatusCode::OK)
}

pub(crate) async fn post(
    path: LinkPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let Some(opened) = open(&app, &visit, &path.token).await? else { return spent(&visit) };
    let usage = Use {
        institution: visit.institution()?,
        token: Token::presented(&path.token).hash(),
        browser: browser_of(&headers),
        now: app.now(),
    };
    let outcome = match opened.link.purpose {
        Purpose::Invitation => post_invitation(&app, &visit, &headers, &opened, usage, form).await,
        Purpose::Password => post_password(&app, &visit, &opened, usage, form).await,
        Purpose::SecondFactor => post_second_factor(&app, &visit, &headers, &opened, usage, form).await,
    };
    match outcome {
        Ok(answer) => Ok(answer),
        Err(Stopped::Spent) => spent(&visit),
        Err(Stopped::Problem(problem)) => Err(*problem),
    }
}

/// Why a link was not used.
enum Stopped {
    /// Somebody else used it meanwhile.
    Spent,
    Problem(Box<Problem>),
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::LinkSpent => Self::Spent,
            other => Self::Problem(Box::new(other.into())),
        }
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

fn forget_passwords(mut form: Form) -> Form {
    ["password", "new_password", "again"].into_iter().for_each(|field| form.forget(field));
    form
}

async fn post_invitation(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    opened: &Opened,
    usage: Use,
    mut form: Form,
) -> Result<Response, Stopped> {
    let w = visit.words(&WORDS);
    let name = form.required("name", NAME_LETTERS, w.text("fault.name-empty"), w.text("fault.name-long"));
    judge_choice(&mut form, w, &name, &opened.account.email);
    if !form.is_fine() {
        return Ok(show_page(visit, opened, forget_passwords(form), StatusCode::UNPROCESSABLE_ENTITY)?);
    }
    let hashed = password::hash(form.exact("new_password").to_owned()).await?;
    let (account, token) = app.database().write(move |db| accept_invitation(db, &usage, &name, &hashed)).await?;
    let to = if opened.needs_second_factor { "/akun/dua-langkah" } else { "/akun" };
    Ok(enter(app, account, &token, marks_of(app, headers), to))
}

async fn post_password(
    app: &App,
    visit: &Visit,
    opened: &Opened,
    usage: Use,
    mut form: Form,
) -> Result<Response, Stopped> {
    judge_choice(&mut form, visit.words(&WORDS), &opened.account.name, &opened.account.email);
    if !form.is_fine() {
        return Ok(show_page(visit, opened, forget_passwords(form), StatusCode::UNPROCESSABLE_ENTITY)?);
    }
    let hashed = password::hash(form.exact("new_password").to_owned()).await?;
    let (sender, account) = (Sender::of(app, visit), opened.account.id);
    let accept = move |db: &mut Write<'_>| {
        accept_password(db, &usage, &hashed)?;
        sender.tell(db, (usage.institution, account), &PASSWORD_CHANGED, &usage.browser, usage.now)?;
        Ok::<_, Refused>(())
    };
    app.database().write(accept).await?;
    app.jobs().wake();
    Ok(done(&"/masuk", "kata-sandi-baru"))
}

async fn post_second_factor(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    opened: &Opened,
    usage: Use,
    mut form: Form,
) -> Result<Response, Stopped> {
    let again = Again { institution: usage.institution, of: opened.link.id.to_string(), now: usage.now };
    let stored = opened.account.password.clone();
    if let Err(status) = judge(app, visit, again, move |_| Ok(stored), &mut form, "password").await? {
        return Ok(show_page(visit, opened, forget_passwords(form), status)?);
    }
    let sender = Sender::of(app, visit);
    let put_away = move |db: &mut Write<'_>| {
        let (account, token) = put_away_second_factor(db, &usage)?;
        sender.tell(db, (usage.institution, account), &SECOND_FACTOR_OFF, &usage.browser, usage.now)?;
        Ok::<_, Refused>((account, token))
    };
    let (account, token) = app.database().write(put_away).await?;
    Ok(enter(app, account, &token, marks_of(app, headers), "/akun/dua-langkah"))
}
