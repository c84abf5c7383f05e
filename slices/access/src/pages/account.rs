//! One's own account: name, roles, password, signed-in browsers.

use super::prove::right_password;
use super::{browser_of, done, page, with_session};
use crate::actions::{self, Act, Refused};
use crate::notices::{PASSWORD_CHANGED, Sender};
use crate::people::{Held, ShownSession};
use crate::{WORDS, password, sessions, store};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::SessionId;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun")]
pub(crate) struct AccountPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/kata-sandi")]
pub(crate) struct PasswordPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/sesi")]
pub(crate) struct SessionsPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/sesi/{session}/akhiri")]
pub(crate) struct EndSessionPath {
    session: String,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/sesi-lain/akhiri")]
pub(crate) struct EndOthersPath;

#[derive(askama::Template)]
#[template(path = "pages/account.html")]
struct AccountPage {
    page: Page,
    w: Words,
    form: Form,
    email: String,
    second_factor: bool,
    roles: Vec<String>,
}

/// The longest name.
pub(super) const NAME_LETTERS: usize = 120;

async fn account_page(app: &App, visit: &Visit, form: Option<Form>) -> Result<AccountPage, Problem> {
    let person = visit.signed_in()?;
    let (institution, id, now) = (person.institution, person.account, app.now());
    let (account, held) = app
        .database()
        .read(move |db| {
            Ok::<_, DatabaseError>((store::account(db, institution, id)?, store::held(db, institution, id)?))
        })
        .await?;
    let account = account.ok_or_else(Problem::not_found)?;
    let shared = Words::shared(visit.language());
    let role = |held: &Held| role_words(held, shared);
    let second_factor = account.has_second_factor();
    Ok(AccountPage {
        page: page(visit, "account.title"),
        w: visit.words(&WORDS),
        form: form.unwrap_or_else(|| Form::filled([("name", account.name)])),
        email: account.email,
        second_factor,
        roles: held.iter().filter(|held| held.holds(now)).map(role).collect(),
    })
}

/// "Petugas loket, Dinas Sosial".
pub(super) fn role_words(held: &Held, shared: Words) -> String {
    let role = held.post.role.label(shared);
    held.unit_name.as_ref().map_or_else(|| role.clone(), |unit| format!("{role}, {unit}"))
}

pub(crate) async fn show(_: AccountPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    page::show(&account_page(&app, &visit, None).await?)
}

pub(crate) async fn rename(
    _: AccountPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let words = visit.words(&WORDS);
    let name = form.required("name", NAME_LETTERS, words.text("fault.name-empty"), words.text("fault.name-long"));
    if !form.is_fine() {
        let mut template = account_page(&app, &visit, Some(form)).await?;
        template.page = template.page.with_errors(true);
        return page::show_again(&template);
    }
    let person = visit.signed_in()?.clone();
    let act = Act::of(&person, app.now());
    app.database().write(move |db| actions::rename(db, &act, &person, &name)).await?;
    Ok(done(&AccountPath, "nama"))
}

#[derive(askama::Template)]
#[template(path = "pages/password.html")]
struct PasswordPage {
    page: Page,
    w: Words,
    form: Form,
}

fn password_page(visit: &Visit, form: Form) -> PasswordPage {
    let page = page(visit, "password.title").crumb(visit.words(&WORDS).text("account.title"), AccountPath);
    PasswordPage { page, w: visit.words(&WORDS), form }
}

pub(crate) async fn show_password(_: PasswordPath, visit: Visit) -> Result<Response, Problem> {
    std::future::ready(page::show(&password_page(&visit, Form::new()))).await
}

/// Notes in a form what is wrong with the password that somebody chooses.
pub(super) fn judge_choice(form: &mut Form, w: Words, name: &str, email: &str) {
    let weakness = password::weakness(form.exact("new_password"), name, email);
    if let Some(weakness) = weakness {
        form.fault("new_password", w.text(weakness.key()));
    }
    if form.exact("new_password") != form.exact("again") {
        form.fault("again", w.text("password.differs"));
    }
}

pub(crate) async fn post_password(
    _: PasswordPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let (institution, id) = (person.institution, person.account);
    let account = app.database().read(move |db| store::account(db, institution, id)).await?;
    let account = account.ok_or_else(Problem::not_found)?;
    judge_choice(&mut form, visit.words(&WORDS), &account.name, &account.email);
    let chosen = form.exact("new_password").to_owned();
    let judged =
        if form.is_fine() { Some(right_password(&app, &visit, &person, &mut form, "password").await?) } else { None };
    let Some(Ok(counters)) = judged else {
        let status = judged.and_then(Result::err).unwrap_or(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
        ["password", "new_password", "again"].into_iter().for_each(|field| form.forget(field));
        let mut template = password_page(&visit, form);
        template.page = template.page.with_errors(true);
        return page::show_with(status, &template);
    };
    let hashed = password::hash(chosen).await?;
    let act = Act::of(&person, app.now());
    let (sender, browser) = (Sender::of(&app, &visit), browser_of(&headers));
    let change = move |db: &mut Write<'_>| {
        let token = actions::change_password(db, &act, &person, &counters, &hashed)?;
        sender.tell(db, (act.institution, person.account), &PASSWORD_CHANGED, &browser, act.now)?;
        Ok::<_, Refused>(token)
    };
    let token = app.database().write(change).await?;
    app.jobs().wake();
    Ok(with_session(&app, &token, done(&AccountPath, "kata-sandi")))
}

/// A session in words.
struct SessionLine {
    id: SessionId,
    browser: String,
    own: bool,
    second_factor: bool,
    since: String,
    seen: String,
}

#[derive(askama::Template)]
#[template(path = "pages/sessions.html")]
struct SessionsPage {
    page: Page,
    w: Words,
    sessions: Vec<SessionLine>,
}

pub(crate) async fn show_sessions(_: SessionsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let (institution, account, now) = (person.institution, person.account, app.now());
    let list = move |db: &mut platform::database::Read<'_>| {
        store::sessions(db, institution, account, now, now - sessions::IDLE)
    };
    let found: Vec<ShownSession> = app.database().read(list).await?;
    let w = visit.words(&WORDS);
    let (zone, language) = (visit.site().zone, visit.language());
    let line = |session: ShownSession| SessionLine {
        id: session.id,
        browser: if session.browser.is_empty() { w.text("sessions.unknown") } else { session.browser },
        own: session.id == person.session,
        second_factor: session.second_factor,
        since: zone.moment(session.created_at, language),
        seen: zone.moment(session.seen_at, language),
    };
    let sessions = found.into_iter().map(line).collect();
    let page = page(&visit, "sessions.title").crumb(w.text("account.title"), AccountPath);
    page::show(&SessionsPage { page, w, sessions })
}

pub(crate) async fn end_session(
    path: EndSessionPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let session: SessionId = path.session.parse().map_err(|_| Problem::not_found())?;
    let act = Act::of(&person, app.now());
    app.database().write(move |db| actions::end_session(db, &act, &person, session)).await?;
    Ok(done(&SessionsPath, "sesi"))
}

pub(crate) async fn end_others(_: EndOthersPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let act = Act::of(&person, app.now());
    app.database().write(move |db| actions::end_other_sessions(db, &act, &person)).await?;
    Ok(done(&SessionsPath, "sesi-lain"))
}
