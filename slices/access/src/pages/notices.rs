//! How somebody wants their messages: which, when, in which language; and the page behind "stop such messages".

use super::account::AccountPath;
use super::{done, page};
use crate::actions::{self, Act};
use crate::{WORDS, store};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::form::Form;
use platform::identity::Person;
use platform::messages::{self, Delivery, DigestDays, Preferences, Quiet, Stopping};
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::{Words, tag};
use rules::phrase::Language;
use serde::Deserialize;
use time::Time;

#[derive(TypedPath, Deserialize)]
#[typed_path("/akun/pemberitahuan")]
pub(crate) struct NoticesPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/surel/berhenti/{token}")]
pub(crate) struct StopPath {
    token: String,
}

type Choices = Vec<(String, String)>;

#[derive(askama::Template)]
#[template(path = "pages/notices.html")]
struct NoticesPage {
    page: Page,
    w: Words,
    form: Form,
    email: String,
    mail: bool,
    ways: Choices,
    days: Choices,
    languages: Choices,
}

fn notices_page(app: &App, visit: &Visit, email: String, form: Form) -> NoticesPage {
    let w = visit.words(&WORDS);
    let choices = |names: &[&str]| {
        names.iter().map(|name| ((*name).to_owned(), w.text(&format!("notices.way-{name}")))).collect::<Choices>()
    };
    NoticesPage {
        page: page(visit, "notices.title").crumb(w.text("account.title"), AccountPath).with_errors(!form.is_fine()),
        ways: choices(&Delivery::ALL.map(Delivery::name)),
        days: DigestDays::ALL
            .map(|days| (days.name().to_owned(), w.text(&format!("notices.days-{}", days.name()))))
            .to_vec(),
        languages: [Language::Indonesian, Language::English]
            .map(|language| (tag(language).to_owned(), w.text(&format!("notices.language-{}", tag(language)))))
            .to_vec(),
        mail: app.mail().is_set(),
        email,
        form,
        w,
    }
}

async fn stored(app: &App, person: &Person) -> Result<(String, Preferences), Problem> {
    let (institution, id) = (person.institution, person.account);
    let load = move |db: &mut Read<'_>| {
        let account = store::account(db, institution, id)?;
        Ok::<_, DatabaseError>(account.zip(Some(messages::preferences(db, institution, id)?)))
    };
    let (account, preferences) = app.database().read(load).await?.ok_or_else(Problem::not_found)?;
    Ok((account.email, preferences))
}

/// `20:00`, as browsers send a time of day.
fn written(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A time of day as browsers send it, or as people write it here: `20.00`.
fn time_of(typed: &str) -> Option<Time> {
    let (hour, minute) = typed.split_once([':', '.'])?;
    Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()
}

fn filled(preferences: &Preferences) -> Form {
    let quiet = preferences.quiet.or(Preferences::default().quiet);
    let time = |of: fn(Quiet) -> Time| quiet.map(|quiet| written(of(quiet))).unwrap_or_default();
    Form::filled([
        ("language", preferences.language.map(tag).unwrap_or_default().to_owned()),
        ("work", preferences.work.name().to_owned()),
        ("summary", preferences.summary.name().to_owned()),
        ("days", preferences.digest_days.name().to_owned()),
        ("quiet", preferences.quiet.map_or("no", |_| "yes").to_owned()),
        ("quiet_from", time(|quiet| quiet.from)),
        ("quiet_until", time(|quiet| quiet.until)),
    ])
}

/// What was chosen; nothing, and faults in the form, when something cannot be.
fn chosen(form: &mut Form, w: Words) -> Option<Preferences> {
    let work = form.read("work", Delivery::named, w.text("notices.choose"));
    let summary = form.read("summary", Delivery::named, w.text("notices.choose"));
    let days = form.read("days", DigestDays::named, w.text("notices.choose"));
    let quiet = if form.has("quiet", "yes") {
        let from = form.read("quiet_from", time_of, w.text("notices.time"));
        let until = form.read("quiet_until", time_of, w.text("notices.time"));
        Some(Quiet { from: from?, until: until? })
    } else {
        None
    };
    let language = match form.value("language") {
        "id" => Some(Language::Indonesian),
        "en" => Some(Language::English),
        _ => None,
    };
    Some(Preferences { language, work: work?, summary: summary?, digest_days: days?, quiet })
}

pub(crate) async fn show(_: NoticesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (email, preferences) = stored(&app, visit.signed_in()?).await?;
    page::show(&notices_page(&app, &visit, email, filled(&preferences)))
}

pub(crate) async fn post(
    _: NoticesPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?.clone();
    let chosen = chosen(&mut form, visit.words(&WORDS)).filter(|_| form.is_fine());
    let Some(chosen) = chosen else {
        let (email, _) = stored(&app, &person).await?;
        return page::show_again(&notices_page(&app, &visit, email, form));
    };
    let act = Act::of(&person, app.now());
    app.database().write(move |db| actions::choose_notices(db, &act, &person, &chosen)).await?;
    Ok(done(&NoticesPath, "pemberitahuan"))
}

#[derive(askama::Template)]
#[template(path = "pages/stop.html")]
struct StopPage {
    page: Page,
    w: Words,
    /// What is to stop, in words; empty when the link is none.
    what: String,
    stopped: bool,
}

/// What a link of this city stops.
fn meant(app: &App, visit: &Visit, token: &str) -> Result<Option<Stopping>, Problem> {
    let institution = visit.institution()?;
    Ok(messages::stopping(app.secrets(), token).filter(|stopping| stopping.institution == institution))
}

fn show_stop(visit: &Visit, stopping: Option<Stopping>, stopped: bool) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let what = stopping.map(|stopping| w.text(&format!("notices.{}", stopping.category.name()))).unwrap_or_default();
    let status = if what.is_empty() { StatusCode::GONE } else { StatusCode::OK };
    page::show_with(status, &StopPage { page: page(visit, "stop.title"), w, what, stopped })
}

/// Shows what would stop. Mail programs open links to look at them: that changes nothing.
pub(crate) async fn show_stopping(path: StopPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    std::future::ready(show_stop(&visit, meant(&app, &visit, &path.token)?, false)).await
}

/// Stops it, for the button of the page and for mail programs that do it with one click (RFC 8058).
pub(crate) async fn stop(path: StopPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let Some(stopping) = meant(&app, &visit, &path.token)? else { return show_stop(&visit, None, false) };
    let now = app.now();
    app.database().write(move |db| actions::stop_notices(db, &stopping, now)).await?;
    show_stop(&visit, Some(stopping), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_with_a_colon_or_a_full_stop() {
        assert_eq!(time_of("20.30"), time_of("20:30"));
        assert_eq!(time_of("06:05").map(written).as_deref(), Some("06:05"));
        for wrong in ["", "20", "24:00", "20:60", "a:b"] {
            assert_eq!(time_of(wrong), None, "{wrong}");
        }
    }
}
