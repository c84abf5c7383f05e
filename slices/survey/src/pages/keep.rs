//! `/kelola/survei`: the periods as staff see them, with how far each is.

use super::{KeysPath, NewPath, PeriodPath, WebhooksPath, staff_page, state_words};
use crate::period::{Period, PeriodState};
use crate::permissions::{KEEP_KEYS, KEEP_PERIODS, KEEP_WEBHOOKS, READ_PERIODS};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::Unit;
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/keep.html")]
struct KeepPage {
    page: Page,
    w: Words,
    rows: Vec<Row>,
    may_plan: bool,
    new: String,
    links: Vec<(String, String)>,
    pages: Pages,
}

struct Row {
    href: String,
    unit: String,
    period: String,
    state: (String, &'static str),
    answers: String,
    needed: String,
    rate: String,
}

const ON_A_PAGE: u64 = 50;

/// Shows the periods; whoever keeps some units only sees theirs and those held at their counters.
pub(crate) async fn list(_: super::KeepPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let person = visit.signed_in()?;
    let own = person.units_for(&READ_PERIODS);
    let number = super::asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let span = super::span(number, ON_A_PAGE);
    let (found, all) = app
        .database()
        .read(move |db| {
            let (periods, all) = match &own {
                Some(own) => {
                    let units = super::with_those_above(&organisation::units(db, institution)?, own);
                    store::periods::of_units(db, institution, &units, span)?
                }
                None => store::periods::periods(db, institution, span)?,
            };
            let mut found = Vec::new();
            for period in periods {
                let unit = organisation::unit(db, institution, period.unit)?;
                let answers = store::counts::answered(db, institution, period.id)?;
                let codes = match period.state {
                    PeriodState::Open => store::codes::progress(db, institution, period.id)?,
                    _ => (0, 0),
                };
                found.push(Found { period, unit, answers, codes });
            }
            Ok::<_, DatabaseError>((found, all))
        })
        .await?;
    let w = visit.words(&WORDS);
    let links =
        [(&KEEP_KEYS, KeysPath.to_string(), "keys.link"), (&KEEP_WEBHOOKS, WebhooksPath.to_string(), "webhooks.link")];
    let links = links.into_iter().filter(|(action, _, _)| person.may_somewhere(action));
    let links = links.map(|(_, href, words)| (href, w.text(words))).collect();
    show(&KeepPage {
        page: staff_page(&visit, w.text("keep.title")),
        links,
        rows: found.iter().map(|found| row(found, w)).collect(),
        may_plan: person.may_somewhere(&KEEP_PERIODS),
        new: NewPath.to_string(),
        pages: Pages::new("/kelola/survei", number, ON_A_PAGE, all),
        w,
    })
}

/// A period with what its row tells.
struct Found {
    period: Period,
    unit: Option<Unit>,
    answers: i64,
    /// Codes that were made, and those not used yet.
    codes: (i64, i64),
}

fn row(Found { period, unit, answers, codes }: &Found, w: Words) -> Row {
    let needed = period.plan.sample().map_or_else(|| "–".to_owned(), |sample| w.count(sample.size));
    Row {
        href: PeriodPath { id: period.id.to_string() }.to_string(),
        unit: unit.as_ref().map(|unit| unit.facts.name.clone()).unwrap_or_default(),
        period: period.plan.label(),
        state: state_words(w, period.state),
        answers: w.count(u64::try_from(*answers).unwrap_or(0)),
        needed,
        rate: if period.state == PeriodState::Open { rate(*codes, w) } else { "–".to_owned() },
    }
}

/// How many of the codes were used: "41 % (82 dari 200)"; a dash where none was made.
pub(crate) fn rate((issued, unused): (i64, i64), w: Words) -> String {
    let used = issued - unused;
    if issued <= 0 {
        return "–".to_owned();
    }
    let count = |number: i64| w.count(u64::try_from(number).unwrap_or(0));
    let percent = (used * 100 / issued).to_string();
    w.fill("keep.rate-value", [("percent", &percent), ("used", &count(used)), ("issued", &count(issued))])
}
