//! Signing in and out: the password, then the second step.

use super::{browser_of, done, marks_of, no_cookie, onward, page, session_cookie, wait_words, with_onward};
use crate::account::{AccountState, Email};
use crate::actions::{
    Act, Attempt, Begun, CodeGiven, Judged, Passed, Refused, RightPassword, SecondStep, begin_sign_in, give_code,
    note_guessing, pass_password, sign_out,
};
use crate::known_browser::{self, Marks};
use crate::notices::{NEW_BROWSER, Sender};
use crate::{WORDS, password, slowdown};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::Write;
use platform::form::Form;
use platform::identity::AccountId;
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::session::{self, Token, set_cookie};
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

#[derive(TypedPath, Deserialize)]
#[typed_path("/masuk")]
pub(crate) struct SignInPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/masuk/langkah-kedua")]
pub(crate) struct SecondStepPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/keluar")]
pub(crate) struct SignOutPath;

#[derive(askama::Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    page: Page,
    w: Words,
    form: Form,
    onward: String,
}

#[derive(askama::Template)]
#[template(path = "pages/second_step.html")]
struct SecondStepPage {
    page: Page,
    w: Words,
    form: Form,
    onward: String,
}

/// Where people go who asked for nothing in particular.
const HOME: &str = "/akun";

pub(crate) async fn show(_: SignInPath, visit: Visit) -> Result<Response, Problem> {
    let form = Form::new();
    let onward = onward(&visit, &form);
    if visit.person().is_some() {
        return Ok(Redirect::to(onward.as_deref().unwrap_or(HOME)).into_response());
    }
    let page = page(&visit, "sign-in.title");
    let template = SignInPage { page, w: visit.words(&WORDS), form, onward: onward.unwrap_or_default() };
    std::future::ready(page::show(&template)).await
}

fn show_again(visit: &Visit, mut form: Form, status: StatusCode, fault: String) -> Result<Response, Problem> {
    form.forget("password");
    form.fault("", fault);
    let onward = onward(visit, &form).unwrap_or_default();
    let page = page(visit, "sign-in.title").with_errors(true);
    page::show_with(status, &SignInPage { page, w: visit.words(&WORDS), form, onward })
}

fn show_wait(visit: &Visit, form: Form, until: OffsetDateTime) -> Result<Response, Problem> {
    let fault = visit.words(&WORDS).fill("sign-in.wait", [("until", &wait_words(visit, until))]);
    show_again(visit, form, StatusCode::TOO_MANY_REQUESTS, fault)
}

pub(crate) async fn post(
    _: SignInPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let (institution, now) = (visit.institution()?, app.now());
    let marks = marks_of(&app, &headers);
    let attempt = Attempt {
        institution,
        email_key: Email::key_of(form.value("email")),
        network: slowdown::network(visit.facts().address),
        marks: marks.clone(),
        now,
    };
    let secrets = app.secrets().clone();
    let judged = match app.database().write(move |db| begin_sign_in(db, &secrets, &attempt)).await? {
        Begun::Wait(until) => return show_wait(&visit, form, until),
        Begun::Judge(judged) => *judged,
    };
    let stored = judged.account.as_ref().and_then(|account| account.password.clone());
    let fits = password::fits(form.exact("password").to_owned(), stored.clone()).await?;
    let account = judged.account.as_ref().filter(|account| fits && account.state == AccountState::Active);
    let Some(account) = account.map(|account| account.id) else {
        note_failure(&app, &visit, &judged)?;
        let fault = visit.words(&WORDS).text("sign-in.wrong");
        return show_again(&visit, form, StatusCode::UNPROCESSABLE_ENTITY, fault);
    };
    let outdated = stored.is_some_and(|stored| password::is_outdated(&stored));
    let rehashed = if outdated { Some(password::hash(form.exact("password").to_owned()).await?) } else { None };
    let known = marks.of(account).is_some();
    let right = RightPassword { account, counters: judged.counters, browser: browser_of(&headers), rehashed, known };
    let act = Act::of_owner(institution, now, account);
    let (onward, sender) = (onward(&visit, &form), Sender::of(&app, &visit));
    let pass = move |db: &mut Write<'_>| {
        let passed = pass_password(db, &act, &right)?;
        if matches!(passed, Passed::In(_)) && !right.known {
            sender.tell(db, (act.institution, account), &NEW_BROWSER, &right.browser, act.now)?;
        }
        Ok::<_, Refused>(passed)
    };
    match app.database().write(pass).await? {
        Passed::In(token) => Ok(enter(&app, account, &token, marks, onward.as_deref().unwrap_or(HOME))),
        Passed::SecondStep => Ok(to_second_step(&app, account, now, onward.as_deref())),
    }
}

/// Notes the first wait of a guesser beside the answer, which must not take longer when the account exists.
fn note_failure(app: &App, visit: &Visit, judged: &Judged) -> Result<(), Problem> {
    let Some(account) = judged.account.as_ref().filter(|_| judged.slows).map(|account| account.id) else {
        return Ok(());
    };
    let act = Act::of_program(visit.institution()?, app.now(), "sign-in");
    let database = app.database().clone();
    tokio::spawn(async move {
        if let Err(refused) = database.write(move |db| note_guessing(db, &act, account)).await {
            tracing::warn!(error = %refused, "guessing could not be noted");
        }
    });
    Ok(())
}

/// Lets somebody in: the session's token, and a mark that this browser is known.
pub(super) fn enter(app: &App, account: AccountId, token: &Token, marks: Marks, to: &str) -> Response {
    // There may be a notice of it.
    app.jobs().wake();
    let known = marks.with(account).cookie(app.secrets());
    let known = set_cookie(known_browser::COOKIE, &known, Some(known_browser::SECONDS), app.surroundings());
    let cookies = AppendHeaders([session_cookie(app, token), known, no_cookie(app, STEP_COOKIE)]);
    (cookies, Redirect::to(to)).into_response()
}

/// Says, for five minutes, that somebody gave the right password of an account.
const STEP_COOKIE: &str = "prima_langkah";
const STEP_PURPOSE: &str = "second-step";
const STEP_LASTS: Duration = Duration::minutes(5);

fn to_second_step(app: &App, account: AccountId, now: OffsetDateTime, onward: Option<&str>) -> Response {
    let step = app.secrets().sign(STEP_PURPOSE, &format!("{account}_{}", now.unix_timestamp()));
    let cookie = set_cookie(STEP_COOKIE, &step, Some(STEP_LASTS.whole_seconds()), app.surroundings());
    let to = with_onward(SecondStepPath::PATH, onward);
    (AppendHeaders([cookie]), Redirect::to(&to)).into_response()
}

/// Who gave the right password in this browser a moment ago.
fn half_way(app: &App, headers: &HeaderMap) -> Option<AccountId> {
    let step = session::cookie(headers, STEP_COOKIE, app.surroundings())?;
    let (account, began) = app.secrets().signed(STEP_PURPOSE, step)?.split_once('_')?;
    let began = OffsetDateTime::from_unix_timestamp(began.parse().ok()?).ok()?;
    let fresh = app.now() - began < STEP_LASTS;
    account.parse().ok().filter(|_| fresh)
}

pub(crate) async fn show_second(
    _: SecondStepPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = Form::new();
    let onward = onward(&visit, &form);
    if half_way(&app, &headers).is_none() {
        return Ok(Redirect::to(&with_onward(SignInPath::PATH, onward.as_deref())).into_response());
    }
    let page = page(&visit, "second-step.title");
    let template = SecondStepPage { page, w: visit.words(&WORDS), form, onward: onward.unwrap_or_default() };
    std::future::ready(page::show(&template)).await
}

pub(crate) async fn post_second(
    _: SecondStepPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let onward = onward(&visit, &form);
    let Some(account) = half_way(&app, &headers) else {
        return Ok(Redirect::to(&with_onward(SignInPath::PATH, onward.as_deref())).into_response());
    };
    let marks = marks_of(&app, &headers);
    let typed = form.value("code").to_owned();
    let given = SecondStep { account, typed, marks: marks.clone(), browser: browser_of(&headers) };
    let act = Act::of_owner(visit.institution()?, app.now(), account);
    let (secrets, sender) = (app.secrets().clone(), Sender::of(&app, &visit));
    let give = move |db: &mut Write<'_>| {
        let outcome = give_code(db, &secrets, &act, &given)?;
        if matches!(outcome, CodeGiven::In(..)) && given.marks.of(account).is_none() {
            sender.tell(db, (act.institution, account), &NEW_BROWSER, &given.browser, act.now)?;
        }
        Ok::<_, Refused>(outcome)
    };
    let outcome = app.database().write(give).await;
    let words = visit.words(&WORDS);
    match outcome {
        Ok(CodeGiven::In(token, left)) => {
            let to =
                if left.is_some_and(|left| left < 3) { "/akun/dua-langkah" } else { onward.as_deref().unwrap_or(HOME) };
            Ok(enter(&app, account, &token, marks, to))
        }
        Ok(CodeGiven::Wrong) => {
            show_second_again(&visit, form, StatusCode::UNPROCESSABLE_ENTITY, words.text("second-step.wrong"))
        }
        Ok(CodeGiven::Wait(until)) => {
            let fault = words.fill("sign-in.wait", [("until", &wait_words(&visit, until))]);
            show_second_again(&visit, form, StatusCode::TOO_MANY_REQUESTS, fault)
        }
        // The account was suspended, or lost its second factor, in these five minutes: begin again.
        Err(Refused::NotFound | Refused::WrongState) => Ok(Redirect::to(SignInPath::PATH).into_response()),
        Err(refused) => Err(refused.into()),
    }
}

fn show_second_again(visit: &Visit, mut form: Form, status: StatusCode, fault: String) -> Result<Response, Problem> {
    form.forget("code");
    form.fault("code", fault);
    let onward = onward(visit, &form).unwrap_or_default();
    let page = page(visit, "second-step.title").with_errors(true);
    page::show_with(status, &SecondStepPage { page, w: visit.words(&WORDS), form, onward })
}

/// Signs out; whoever is signed in no more is simply sent on.
pub(crate) async fn out(_: SignOutPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    if let Some(person) = visit.person().cloned() {
        let act = Act::of(&person, app.now());
        app.database().write(move |db| sign_out(db, &act, &person)).await?;
    }
    let cookies = AppendHeaders([no_cookie(&app, session::COOKIE), no_cookie(&app, STEP_COOKIE)]);
    Ok((cookies, done(&SignInPath::PATH, "keluar")).into_response())
}
