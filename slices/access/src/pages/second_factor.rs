//! Setting up, renewing and giving up one's second factor.

use super::prove::{prove_first, right_password};
use super::{browser_of, done, never_kept, onward, page, with_session};
use crate::actions::{self, Act, Refused};
use crate::notices::{SECOND_FACTOR_OFF, SECOND_FACTOR_ON, Sender};
use crate::one_time_code::Secret;
use crate::pages::account::AccountPath;
use crate::people::open_posts;
use crate::{WORDS, store};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{AccountId, Person};
use platform::page::{self, Page};
use platform::parts::SafeHtml;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use qrcode::QrCode;
use qrcode::types::Color;
use serde::Deserialize;
use std::fmt::Write as _;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/dua-langkah")]
pub(crate) struct SecondFactorPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/dua-langkah/kode-cadangan")]
pub(crate) struct CodesPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/dua-langkah/matikan")]
pub(crate) struct OffPath;

/// What is known of one's second factor.
struct Present {
    email: String,
    set_up: bool,
    needed: bool,
    codes_left: i64,
}

async fn present(app: &App, person: &Person) -> Result<Present, Problem> {
    let (institution, id, now) = (person.institution, person.account, app.now());
    let found = app
        .database()
        .read(move |db| {
            let account = store::account(db, institution, id)?;
            let posts = open_posts(&store::held(db, institution, id)?, now);
            Ok::<_, DatabaseError>((account, posts, store::recovery_codes_left(db, institution, id)?))
        })
        .await?;
    let (account, posts, codes_left) = found;
    let account = account.ok_or_else(Problem::not_found)?;
    let needed = posts.iter().any(|post| post.role.needs_second_factor());
    Ok(Present { set_up: account.has_second_factor(), email: account.email, needed, codes_left })
}

#[derive(askama::Template)]
#[template(path = "pages/second_factor.html")]
struct PresentPage {
    page: Page,
    w: Words,
    needed: bool,
    few: bool,
    left: String,
}

#[derive(askama::Template)]
#[template(path = "pages/second_factor_new.html")]
struct NewPage {
    page: Page,
    w: Words,
    form: Form,
    needed: bool,
    square: SafeHtml,
    written: String,
    sealed: String,
    onward: String,
}

#[derive(askama::Template)]
#[template(path = "pages/recovery_codes.html")]
struct CodesPage {
    page: Page,
    w: Words,
    codes: Vec<String>,
    onward: String,
}

fn own_page(visit: &Visit, title: &'static str) -> Page {
    page(visit, title).crumb(visit.words(&WORDS).text("account.title"), AccountPath)
}

pub(crate) async fn show(_: SecondFactorPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let person = visit.signed_in()?;
    let present = present(&app, person).await?;
    let w = visit.words(&WORDS);
    if present.set_up {
        let few = present.codes_left < 3;
        let key = if few { "second-factor.few-codes" } else { "second-factor.codes-left" };
        let left = w.fill(key, [("count", &w.count(present.codes_left.unsigned_abs()))]);
        let page = own_page(&visit, "second-factor.title");
        return page::show(&PresentPage { page, w, needed: present.needed, few, left });
    }
    let onward = onward(&visit, &Form::new()).unwrap_or_default();
    let back =
        super::with_onward("/akun/dua-langkah", Some(&onward).filter(|onward| !onward.is_empty()).map(String::as_str));
    if let Some(first) = prove_first(&app, &visit, &back) {
        return Ok(first);
    }
    let template = new_page(&app, &visit, person, &present, &Secret::new(), Form::new());
    page::show(&template).map(never_kept)
}

/// What a secret that waits for its first code is sealed for.
fn draft_of(account: AccountId) -> String {
    format!("second-factor-draft:{account}")
}

fn new_page(app: &App, visit: &Visit, person: &Person, present: &Present, secret: &Secret, form: Form) -> NewPage {
    let address = secret.address(&visit.site().short_name, &present.email);
    let sealed = app.secrets().seal(&draft_of(person.account), secret.bytes());
    let onward = onward(visit, &form).unwrap_or_default();
    NewPage {
        page: own_page(visit, "second-factor.title"),
        w: visit.words(&WORDS),
        form,
        needed: present.needed,
        square: square(&address),
        written: secret.written(),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
        onward,
    }
}

/// The square code of a text, with the quiet edge that readers need. It is dark on white in every scheme of colours.
fn square(text: &str) -> SafeHtml {
    const EDGE: usize = 4;
    let Ok(code) = QrCode::new(text) else { return askama::filters::Safe(String::new()) };
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (at, color) in colors.into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + EDGE, at / width + EDGE);
        }
    }
    let side = width + 2 * EDGE;
    askama::filters::Safe(format!(
        "<svg width=\"240\" height=\"240\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\" \
         focusable=\"false\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

pub(crate) async fn post(
    _: SecondFactorPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    if let Some(first) = prove_first(&app, &visit, "/akun/dua-langkah") {
        return Ok(first);
    }
    let now = app.now();
    let sealed = URL_SAFE_NO_PAD.decode(form.value("draft")).unwrap_or_default();
    let opened = app.secrets().open(&draft_of(person.account), &sealed);
    let Some(secret) = opened.map(Secret::of_bytes) else {
        return Ok(Redirect::to(SecondFactorPath::PATH).into_response());
    };
    let Some(step) = secret.step_of(form.value("code"), now, 0) else {
        form.forget("code");
        form.fault("code", visit.words(&WORDS).text("second-factor.wrong"));
        let present = present(&app, &person).await?;
        let mut template = new_page(&app, &visit, &person, &present, &secret, form);
        template.page = template.page.with_errors(true);
        return page::show_again(&template).map(never_kept);
    };
    let (act, secrets, sender) = (Act::of(&person, now), app.secrets().clone(), Sender::of(&app, &visit));
    let browser = browser_of(&headers);
    let set_up = move |db: &mut Write<'_>| {
        let set = actions::set_up_second_factor(db, &secrets, &act, &person, (&secret, step))?;
        sender.tell(db, (act.institution, person.account), &SECOND_FACTOR_ON, &browser, now)?;
        Ok::<_, Refused>(set)
    };
    let outcome = app.database().write(set_up).await;
    app.jobs().wake();
    match outcome {
        Ok(set) => {
            let page = show_codes(&visit, set.codes, onward(&visit, &form))?;
            Ok(with_session(&app, &set.token, page))
        }
        Err(Refused::WrongState) => Ok(Redirect::to(SecondFactorPath::PATH).into_response()),
        Err(refused) => Err(refused.into()),
    }
}

fn show_codes(visit: &Visit, codes: Vec<String>, onward: Option<String>) -> Result<Response, Problem> {
    let onward = onward.unwrap_or_else(|| "/akun".to_owned());
    let page = own_page(visit, "recovery.title");
    page::show(&CodesPage { page, w: visit.words(&WORDS), codes, onward }).map(never_kept)
}

pub(crate) async fn renew(_: CodesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    if let Some(first) = prove_first(&app, &visit, "/akun/dua-langkah") {
        return Ok(first);
    }
    let (act, secrets) = (Act::of(&person, app.now()), app.secrets().clone());
    let codes = app.database().write(move |db| actions::renew_codes(db, &secrets, &act, &person)).await?;
    show_codes(&visit, codes, None)
}

#[derive(askama::Template)]
#[template(path = "pages/second_factor_off.html")]
struct OffPage {
    page: Page,
    w: Words,
    form: Form,
    needed: bool,
}

fn off_page(visit: &Visit, form: Form, needed: bool) -> OffPage {
    let w = visit.words(&WORDS);
    let page = own_page(visit, "second-factor.off-title").crumb(w.text("second-factor.title"), SecondFactorPath);
    OffPage { page, w, form, needed }
}

pub(crate) async fn show_off(_: OffPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let present = present(&app, visit.signed_in()?).await?;
    if !present.set_up {
        return Ok(Redirect::to(SecondFactorPath::PATH).into_response());
    }
    page::show(&off_page(&visit, Form::new(), present.needed))
}

pub(crate) async fn post_off(
    _: OffPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let counters = match right_password(&app, &visit, &person, &mut form, "password").await? {
        Ok(counters) => counters,
        Err(status) => return show_off_again(&visit, form, false, status),
    };
    let act = Act::of(&person, app.now());
    let (sender, browser) = (Sender::of(&app, &visit), browser_of(&headers));
    let give_up = move |db: &mut Write<'_>| {
        let token = actions::give_up_second_factor(db, &act, &person, &counters)?;
        sender.tell(db, (act.institution, person.account), &SECOND_FACTOR_OFF, &browser, act.now)?;
        Ok::<_, Refused>(token)
    };
    let outcome = app.database().write(give_up).await;
    app.jobs().wake();
    match outcome {
        Ok(token) => Ok(with_session(&app, &token, done(&AccountPath, "tanpa-dua-langkah"))),
        Err(Refused::NeedsSecondFactor) => {
            form.fault("", visit.words(&WORDS).text("refused.needs-second-factor"));
            show_off_again(&visit, form, true, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(refused) => Err(refused.into()),
    }
}

fn show_off_again(visit: &Visit, mut form: Form, needed: bool, status: StatusCode) -> Result<Response, Problem> {
    form.forget("password");
    let mut template = off_page(visit, form, needed);
    template.page = template.page.with_errors(true);
    page::show_with(status, &template)
}
