//! `/kelola/survei`: the periods as staff see them, with how far each is.

use super::{KeysPath, NewPath, PeriodPath, WebhooksPath, staff_page, state_words};
use crate::period::{Period, PeriodId, PeriodState};
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
use std::collections::HashMap;

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

/// Shows the periods; whoever keeps some units only sees theirs.
pub(crate) async fn list(_: super::KeepPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let person = visit.signed_in()?;
    let found = app
        .database()
        .read(move |db| {
            let periods = store::periods::periods(db, institution)?;
            let units = organisation::units(db, institution)?;
            let answered = store::counts::answered(db, institution)?;
            Ok::<_, DatabaseError>((periods, units, answered, store::codes::progress(db, institution)?))
        })
        .await?;
    let (mut periods, units, answered, codes) = found;
    if let Some(own) = person.units_for(&READ_PERIODS) {
        periods.retain(|period| own.contains(&period.unit));
    }
    let w = visit.words(&WORDS);
    let answered: HashMap<PeriodId, i64> = answered.into_iter().collect();
    let codes: HashMap<PeriodId, (i64, i64)> =
        codes.into_iter().map(|(period, issued, unused)| (period, (issued, unused))).collect();
    let number = super::asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let pages = Pages::new("/kelola/survei", number, ON_A_PAGE, periods.len() as u64);
    let first = usize::try_from((pages.number() - 1) * ON_A_PAGE).unwrap_or(0);
    let last = usize::try_from(ON_A_PAGE).unwrap_or(0);
    let row = |period: &Period| {
        let answers = answered.get(&period.id).copied().unwrap_or(0);
        let codes = codes.get(&period.id).copied().unwrap_or_default();
        row(period, &units, (answers, codes), w)
    };
    let rows = periods.iter().skip(first).take(last).map(row).collect();
    let links =
        [(&KEEP_KEYS, KeysPath.to_string(), "keys.link"), (&KEEP_WEBHOOKS, WebhooksPath.to_string(), "webhooks.link")];
    let links = links.into_iter().filter(|(action, _, _)| person.may_somewhere(action));
    let links = links.map(|(_, href, words)| (href, w.text(words))).collect();
    show(&KeepPage {
        page: staff_page(&visit, w.text("keep.title")),
        rows,
        may_plan: person.may_somewhere(&KEEP_PERIODS),
        new: NewPath.to_string(),
        links,
        pages,
        w,
    })
}

fn row(period: &Period, units: &[Unit], (answers, codes): (i64, (i64, i64)), w: Words) -> Row {
    let unit = units.iter().find(|unit| unit.id == period.unit);
    let needed = period.plan.sample().map_or_else(|| "–".to_owned(), |sample| w.count(sample.size));
    Row {
        href: PeriodPath { id: period.id.to_string() }.to_string(),
        unit: unit.map(|unit| unit.facts.name.clone()).unwrap_or_default(),
        period: period.plan.label(),
        state: state_words(w, period.state),
        answers: w.count(u64::try_from(answers).unwrap_or(0)),
        needed,
        rate: if period.state == PeriodState::Open { rate(codes, w) } else { "–".to_owned() },
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
