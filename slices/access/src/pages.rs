//! The pages, and what several of them share.

mod account;
mod audit;
mod forgotten;
mod handing;
mod import;
mod invitation;
mod messages;
mod notices;
mod people;
mod person;
mod prove;
mod second_factor;
mod sign_in;

pub use prove::prove_first;

use crate::actions::Refused;
use crate::entering::SignedIn;
use crate::granting::{IMPORT_PEOPLE, MANAGE_MESSAGES, MANAGE_PEOPLE, READ_AUDIT, READ_PEOPLE};
use crate::known_browser::{self, Marks};
use crate::{WORDS, browser};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use platform::app::{App, MenuEntry, Shown};
use platform::form::Form;
use platform::identity::AccountId;
use platform::page::Page;
use platform::problem::Problem;
use platform::route::{Pace, Routes};
use platform::session::{self, Token};
use platform::visit::{Visit, inside, query};
use platform::words::Words;
use rules::phrase::{Language, Phrase};
use std::time::Duration;
use time::OffsetDateTime;

/// "Orang" in the menu of those who look after people.
pub const PEOPLE_MENU: MenuEntry = MenuEntry {
    href: "/kelola/orang",
    label: |language| say(language, "people.menu"),
    shown: Shown::ToWhoMay(&READ_PEOPLE),
};
/// "Catatan audit" in the menu of those who read it.
pub const AUDIT_MENU: MenuEntry =
    MenuEntry { href: "/audit", label: |language| say(language, "audit.menu"), shown: Shown::ToWhoMay(&READ_AUDIT) };

/// "Pesan" in the menu of those who run the system.
pub const MESSAGES_MENU: MenuEntry = MenuEntry {
    href: "/kelola/pesan",
    label: |language| say(language, "messages.menu"),
    shown: Shown::ToWhoMay(&MANAGE_MESSAGES),
};

fn say(language: Language, key: &str) -> String {
    Words::new(&WORDS, language).text(key)
}

/// A person of the demonstration city, for visiting pages of one person.
const SAMPLE_PERSON: &str = "/kelola/orang/00000000-0000-7000-8000-000000000001";

/// The routes of this slice.
#[must_use]
pub fn routes() -> Routes {
    entering().and(own()).and(others()).and(table_of_people()).and(records())
}

fn entering() -> Routes {
    Routes::new()
        .get(sign_in::show)
        .public()
        .post(sign_in::post)
        .pace(Pace::Guessing)
        .public()
        .get(sign_in::show_second)
        .public()
        .post(sign_in::post_second)
        .pace(Pace::Guessing)
        .public()
        .post(sign_in::out)
        .public()
        .get(forgotten::show)
        .public()
        .post(forgotten::post)
        .pace(Pace::Guessing)
        .public()
        .get(notices::show_stopping)
        .sample("/surel/berhenti/contoh")
        .public()
        .post(notices::stop)
        .public()
        .get(invitation::show)
        .sample("/undangan/contoh")
        .pace(Pace::Guessing)
        .public()
        .post(invitation::post)
        .pace(Pace::Guessing)
        .public()
}

fn own() -> Routes {
    Routes::new()
        .get(prove::show)
        .signed_in()
        .post(prove::post)
        .pace(Pace::Guessing)
        .signed_in()
        .get(account::show)
        .signed_in()
        .post(account::rename)
        .signed_in()
        .get(account::show_password)
        .signed_in()
        .post(account::post_password)
        .pace(Pace::Guessing)
        .signed_in()
        .get(account::show_sessions)
        .signed_in()
        .post(account::end_session)
        .signed_in()
        .post(account::end_others)
        .signed_in()
        .get(notices::show)
        .signed_in()
        .post(notices::post)
        .signed_in()
        .get(second_factor::show)
        .signed_in()
        .post(second_factor::post)
        .pace(Pace::Guessing)
        .signed_in()
        .post(second_factor::renew)
        .signed_in()
        .get(second_factor::show_off)
        .signed_in()
        .post(second_factor::post_off)
        .pace(Pace::Guessing)
        .signed_in()
}

fn others() -> Routes {
    Routes::new()
        .get(people::show)
        .may(&READ_PEOPLE)
        .post(people::search)
        .pace(Pace::Reading)
        .may(&READ_PEOPLE)
        .get(people::show_invite)
        .may(&MANAGE_PEOPLE)
        .post(people::post_invite)
        .may(&MANAGE_PEOPLE)
        .get(person::show)
        .sample(SAMPLE_PERSON)
        .may(&READ_PEOPLE)
        .post(person::correct)
        .may(&MANAGE_PEOPLE)
        .post(person::grant)
        .may(&MANAGE_PEOPLE)
        .post(person::revoke)
        .may(&MANAGE_PEOPLE)
        .post(person::change_state)
        .may(&MANAGE_PEOPLE)
        .post(person::make_link)
        .may(&MANAGE_PEOPLE)
}

/// Tables of people: three thousand lines fit easily.
const TABLE_BYTES: usize = 5 * 1024 * 1024;

fn table_of_people() -> Routes {
    Routes::new()
        .get(import::show)
        .may(&IMPORT_PEOPLE)
        .post(import::post)
        .upload(TABLE_BYTES, Duration::from_secs(60))
        .may(&IMPORT_PEOPLE)
        .get(import::preview)
        .sample("/kelola/impor/orang/00000000-0000-7000-8000-000000000001")
        .may(&IMPORT_PEOPLE)
        .post(import::confirm)
        .may(&IMPORT_PEOPLE)
        .get(import::wrong_rows)
        .sample("/kelola/impor/orang/00000000-0000-7000-8000-000000000001/perbaiki")
        .file()
        .may(&IMPORT_PEOPLE)
        .get(import::template)
        .sample("/kelola/impor/orang/contoh/orang.csv")
        .file()
        .may(&IMPORT_PEOPLE)
}

fn records() -> Routes {
    Routes::new()
        .get(messages::show)
        .may(&MANAGE_MESSAGES)
        .post(messages::decide)
        .may(&MANAGE_MESSAGES)
        .get(audit::show)
        .may(&READ_AUDIT)
        .post(audit::check)
        .pace(Pace::Heavy)
        .upload(64 * 1024, Duration::from_secs(300))
        .may(&READ_AUDIT)
        .get(audit::export)
        .sample("/audit/ekspor/jsonl")
        .pace(Pace::Heavy)
        .upload(1024, Duration::from_secs(300))
        .file()
        .may(&READ_AUDIT)
}

/// A page of this slice.
fn page(visit: &Visit, title: &'static str) -> Page {
    let done = query(&visit.facts().uri).find(|(key, _)| key == "selesai").map(|(_, value)| value);
    let words = visit.words(&WORDS);
    let notice =
        DONE.iter().find(|known| done.as_deref() == Some(**known)).map(|known| words.text(&format!("done.{known}")));
    visit.page(words.text(title)).done(notice)
}

/// What a page may say was just done: nothing of an address is ever shown.
const DONE: [&str; 18] = [
    "keluar",
    "nama",
    "kata-sandi",
    "kata-sandi-baru",
    "sesi",
    "sesi-lain",
    "tanpa-dua-langkah",
    "diperbaiki",
    "peran",
    "peran-tautan",
    "peran-dicabut",
    "ditangguhkan",
    "diaktifkan",
    "ditutup",
    "dikeluarkan",
    "pemberitahuan",
    "pesan",
    "pesan-sudah",
];

/// To a page that says what was done.
fn done(to: &impl ToString, what: &str) -> Response {
    debug_assert!(DONE.contains(&what), "{what} is said on no page");
    Redirect::to(&format!("{}?selesai={what}", to.to_string())).into_response()
}

/// Where to go on to afterwards: what a form or the address says, as long as it is inside this site.
fn onward(visit: &Visit, form: &Form) -> Option<String> {
    let asked = query(&visit.facts().uri).find(|(key, _)| key == "lanjut").map(|(_, value)| value);
    let typed = Some(form.value("lanjut").to_owned()).filter(|typed| !typed.is_empty());
    typed.or(asked).and_then(|address| inside(&address).map(str::to_owned))
}

/// An address with where to go on to afterwards.
fn with_onward(path: &str, onward: Option<&str>) -> String {
    onward.map_or_else(
        || path.to_owned(),
        |onward| {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("lanjut", onward).finish();
            format!("{path}?{query}")
        },
    )
}

/// The family of the browser that asks.
fn browser_of(headers: &HeaderMap) -> String {
    let signature = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    browser::family(signature.unwrap_or_default())
}

/// Which accounts signed in with this browser before.
fn marks_of(app: &App, headers: &HeaderMap) -> Marks {
    Marks::read(app.secrets(), session::cookie(headers, known_browser::COOKIE, app.surroundings()))
}

/// Gives the browser a session's token.
fn session_cookie(app: &App, token: &Token) -> (header::HeaderName, header::HeaderValue) {
    session::set_cookie(session::COOKIE, token.reveal(), None, app.surroundings())
}

/// Takes a cookie away.
fn no_cookie(app: &App, name: &str) -> (header::HeaderName, header::HeaderValue) {
    session::set_cookie(name, "", Some(0), app.surroundings())
}

/// An answer that gives the browser a session's token.
fn with_session(app: &App, token: &Token, answer: impl IntoResponse) -> Response {
    (AppendHeaders([session_cookie(app, token)]), answer).into_response()
}

/// A page with a secret on it is kept by nobody.
fn never_kept(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

/// "21 November 2026, 10.46 WIB": the next whole minute, so that nobody comes too early.
fn wait_words(visit: &Visit, until: OffsetDateTime) -> String {
    visit.site().zone.moment(until + time::Duration::seconds(59), visit.language())
}

/// Sentences of the platform's and this slice's catalogue for a refusal, where no form can show it.
impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Database(error) => error.into(),
            Refused::NotFound => Self::not_found(),
            Refused::NotYours => Self::forbidden(),
            other => {
                let title = Words::both(&WORDS, &Phrase::new("refused.title"));
                let detail = Words::both(&WORDS, &Phrase::new(other.key().unwrap_or("refused.wrong-state")));
                Self::worded(StatusCode::CONFLICT, "refused", title, detail)
            }
        }
    }
}

impl SignedIn {
    /// The cookies that let the browser in and remember it.
    pub fn cookies(&self, app: &App, account: AccountId) -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
        let known = Marks::default().with(account).cookie(app.secrets());
        AppendHeaders([
            session::set_cookie(session::COOKIE, self.token.reveal(), None, app.surroundings()),
            session::set_cookie(known_browser::COOKIE, &known, Some(known_browser::SECONDS), app.surroundings()),
        ])
    }
}
