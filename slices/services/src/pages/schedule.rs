//! `/layanan/{slug}/jadwal`: on which of the next days the counters of a service are open.

use super::{SchedulePath, ServicePath, ServicesPath};
use crate::schedule::{Day, days};
use crate::service::ServiceState;
use crate::typed::DAYS;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::site::Zone;
use platform::visit::Visit;
use platform::words::Words;
use rules::phrase::Language;

/// Two weeks.
const SHOWN: u16 = 14;

#[derive(Template)]
#[template(path = "pages/schedule.html")]
struct SchedulePage {
    page: Page,
    w: Words,
    /// Day, times or why it is closed, whether it is open.
    days: Vec<(String, String, bool)>,
    unknown: bool,
}

/// Shows the next days. It reads the clock, so it is made anew each time.
pub(crate) async fn show_schedule(
    path: SchedulePath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug.clone());
    let found = app.database().read(move |db| store::service_by_slug(db, institution, &slug)).await?;
    let public = |service: &crate::Service| service.state == ServiceState::Published && !service.facts.hours.is_empty();
    let service = found.filter(public).ok_or_else(Problem::not_found)?;
    let (w, zone) = (visit.words(&WORDS), visit.site().zone);
    let shown = days(&service.facts, zone.date(app.now()), SHOWN);
    let page = visit.page(w.fill("schedule.title", [("service", &service.facts.name)]));
    let page = page.crumb(w.text("list.title"), ServicesPath);
    show(&SchedulePage {
        page: page.crumb(service.facts.name, ServicePath { slug: service.slug }),
        unknown: shown.iter().any(|day| !day.known),
        days: shown.iter().map(|day| line(day, zone, w)).collect(),
        w,
    })
}

fn line(day: &Day, zone: Zone, w: Words) -> (String, String, bool) {
    let place = usize::from(day.on.weekday().number_days_from_monday());
    let name = w.text(&format!("day.{}", DAYS[place]));
    let when = format!("{name}, {}", platform::site::day(day.on, w.language));
    let mark = if w.language == Language::Indonesian { '.' } else { ':' };
    let what = match (&day.open, &day.holiday) {
        (Some(opening), _) => format!("{} {}", opening.written(mark), zone.name()),
        (None, Some(holiday)) => w.fill("schedule.closed-for", [("holiday", holiday.in_language(w.language))]),
        (None, None) => w.text("schedule.closed"),
    };
    (when, what, day.open.is_some())
}
