//! The pages, and what they share: addresses, words of moments and deadlines, what was just done.

mod ask;
mod breach;
mod breaches;
mod desk;
mod follow;
mod handle;
mod own;
mod public;
mod register;
mod requests;

use crate::WORDS;
use crate::actions::{Desk, Refused};
use crate::permissions::{HANDLE_BREACHES, HANDLE_REQUESTS, KEEP_REGISTER, READ_REGISTER};
use ::rules::phrase::Phrase;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use platform::app::{App, MenuEntry, Shown};
use platform::audit::Actor;
use platform::page::Page;
use platform::personal::Fault;
use platform::problem::Problem;
use platform::route::Routes;
use platform::visit::{Visit, query};
use platform::words::Words;
use time::{Duration, OffsetDateTime};

/// "Data pribadi", for whoever reads the register or handles breaches.
pub const MENU: MenuEntry = MenuEntry {
    href: "/kelola/data-pribadi",
    label: |language| crate::words(language).text("menu.desk"),
    shown: Shown::ToWhoMay(&READ_REGISTER),
};

/// The request and the breach of the demonstration city.
const SAMPLE_REQUEST: &str = "/kelola/data-pribadi/permintaan/00000000-0000-7000-8000-000000000002";
const SAMPLE_BREACH: &str = "/kelola/data-pribadi/kebocoran/00000000-0000-7000-8000-000000000002";
const SAMPLE_LETTERS: &str = "/kelola/data-pribadi/kebocoran/00000000-0000-7000-8000-000000000002/surat";

/// The routes of the slice.
#[must_use]
pub fn routes() -> Routes {
    public_routes().and(register_routes()).and(request_routes()).and(breach_routes())
}

fn public_routes() -> Routes {
    Routes::new()
        .get(public::show)
        .public_and_kept()
        .get(ask::show)
        .public()
        .post(ask::post)
        .public()
        .get(follow::show)
        .sample("/data-pribadi/permintaan/contoh")
        .public()
        .get(follow::copy)
        .file()
        .public()
        .get(own::show)
        .signed_in()
        .post(own::post)
        .signed_in()
}

fn register_routes() -> Routes {
    Routes::new()
        .get(desk::show)
        .may(&READ_REGISTER)
        .get(register::show)
        .may(&READ_REGISTER)
        .post(register::post_officer)
        .may(&KEEP_REGISTER)
        .get(register::show_new)
        .may(&KEEP_REGISTER)
        .post(register::post_new)
        .may(&KEEP_REGISTER)
        .post(register::post_end)
        .may(&KEEP_REGISTER)
        .get(register::show_ending)
        .may(&READ_REGISTER)
}

fn request_routes() -> Routes {
    Routes::new()
        .get(requests::show)
        .may(&HANDLE_REQUESTS)
        .get(handle::show)
        .sample(SAMPLE_REQUEST)
        .may(&HANDLE_REQUESTS)
        .post(handle::post_step)
        .may(&HANDLE_REQUESTS)
        .post(handle::post_look)
        .may(&HANDLE_REQUESTS)
}

fn breach_routes() -> Routes {
    Routes::new()
        .get(breaches::show)
        .may(&HANDLE_BREACHES)
        .get(breach::show_new)
        .may(&HANDLE_BREACHES)
        .post(breach::post_new)
        .may(&HANDLE_BREACHES)
        .get(breach::show)
        .sample(SAMPLE_BREACH)
        .may(&HANDLE_BREACHES)
        .post(breach::post)
        .may(&HANDLE_BREACHES)
        .post(breach::post_task)
        .may(&HANDLE_BREACHES)
        .get(breach::letters)
        .sample(SAMPLE_LETTERS)
        .may(&HANDLE_BREACHES)
}

/// At work as whoever is signed in.
fn desk(app: &App, visit: &Visit) -> Result<Desk, Problem> {
    let person = visit.signed_in()?;
    Ok(Desk::new(app, person.institution, Actor::Person(person.account)))
}

/// What a page may say was just done: nothing of an address is ever shown.
const DONE: [&str; 9] =
    ["petugas", "kegiatan", "kegiatan-akhir", "langkah", "kebocoran", "kebocoran-ubah", "tugas", "tutup", "batal"];

/// A page of this slice, with what was just done.
fn page(visit: &Visit, title: impl Into<String>) -> Page {
    let done = query(&visit.facts().uri).find(|(key, _)| key == "selesai").map(|(_, value)| value);
    let w = visit.words(&WORDS);
    let known = DONE.iter().find(|known| done.as_deref() == Some(**known));
    visit.page(title).done(known.map(|known| w.text(&format!("done.{known}"))))
}

/// A staff page below the desk.
fn staff_page(visit: &Visit, title: impl Into<String>) -> Page {
    page(visit, title).crumb(visit.words(&WORDS).text("menu.desk"), desk::DeskPath)
}

/// To a page that says what was done.
fn done(to: &impl ToString, what: &str) -> Response {
    debug_assert!(DONE.contains(&what), "{what} is said on no page");
    Redirect::to(&format!("{}?selesai={what}", to.to_string())).into_response()
}

/// A page with personal data on it is kept by nobody.
fn never_kept(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn fault_words(visit: &Visit, fault: Fault) -> String {
    Words::shared(visit.language()).text(fault.key())
}

fn moment(visit: &Visit, at: OffsetDateTime) -> String {
    visit.site().zone.moment(at, visit.language())
}

/// How much of a deadline is left, in hours, with its zone: green, yellow in the last day, red when it is over.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    pub(crate) zone: &'static str,
    pub(crate) words: String,
}

fn clock(w: Words, left: Option<Duration>) -> Clock {
    let Some(left) = left else { return Clock { zone: "", words: w.text("clock.stopped") } };
    let hours = left.whole_hours();
    let (zone, key, hours) = match hours {
        _ if left.is_negative() => ("merah", "clock.over", -hours),
        0..24 => ("kuning", "clock.left", hours),
        _ => ("hijau", "clock.left", hours),
    };
    Clock { zone, words: w.fill(key, [("hours", &hours.to_string())]) }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let key = match refused {
            Refused::Database(error) => return error.into(),
            Refused::NotFound => return Self::not_found(),
            Refused::Stale => "refused.stale",
            Refused::WrongState => "refused.wrong-state",
        };
        let title = Words::both(&WORDS, &Phrase::new("refused.title"));
        Self::worded(StatusCode::CONFLICT, "refused", title, Words::both(&WORDS, &Phrase::new(key)))
    }
}
