//! `/survei` and `/survei/{id}`: what the city's own surveys gave, for everybody.

use super::outcome::{Parts, parts, read};
use super::{CityPath, PublicPath, PublicPeriodPath, city, load_published};
use crate::city_index::Round;
use crate::period::Period;
use crate::result::{self, Named};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::{Institution, Unit};
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use publication::Address;

#[derive(Template)]
#[template(path = "pages/public.html")]
struct PublicPage {
    page: Page,
    w: Words,
    /// Where the index of the city stands: address and words. None where fewer than two units published the same days.
    city: Vec<(String, String)>,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    href: String,
    unit: String,
    period: String,
    index: String,
    category: (String, String),
    answers: String,
}

#[derive(Template)]
#[template(path = "pages/public_period.html")]
struct PublicPeriodPage {
    page: Page,
    w: Words,
    result: Option<Parts>,
    /// The other pages of the result: address and words.
    others: Vec<(&'static str, String)>,
    files: String,
    published: String,
    /// "Anda bilang, kami lakukan" of the unit.
    did: String,
}

const ON_A_PAGE: u64 = 50;
/// So many periods of the city are named at the head of the list.
const LATEST_ROUNDS: usize = 8;

/// All published results, the newest first.
pub(crate) async fn list(_: PublicPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let number = super::asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let span = super::span(number, ON_A_PAGE);
    let (found, all, city, rounds) = app
        .database()
        .read(move |db| {
            let (periods, all) = store::periods::published(db, institution, span)?;
            let mut found = Vec::new();
            for period in periods {
                let unit = organisation::unit(db, institution, period.unit)?;
                found.extend(unit.map(|unit| (period, unit)));
            }
            let rounds = store::periods::rounds(db, institution)?;
            Ok::<_, DatabaseError>((found, all, organisation::institution(db, institution)?, rounds))
        })
        .await?;
    let (w, city) = (visit.words(&WORDS), city.ok_or_else(Problem::not_found)?);
    let rows = found.iter().filter_map(|(period, unit)| row(period, unit, &city, w)).collect();
    let pages = Pages::new("/survei", number, ON_A_PAGE, all);
    let of_city = |round: &Round| (CityPath { round: round.slug() }.to_string(), city::title(round, w));
    let city = rounds.iter().take(LATEST_ROUNDS).map(of_city).collect();
    show(&PublicPage { page: visit.page(w.text("public.title")), w, city, rows, pages })
}

fn row(period: &Period, unit: &Unit, city: &Institution, w: Words) -> Option<Row> {
    let named = Named::new(period, unit, city);
    let scored = result::scored(period, &named).ok().flatten()?;
    let outcome = scored.outcome(scored.groups.first()?).ok()?;
    let value = outcome.value.as_ref().map(ToString::to_string).unwrap_or_default();
    Some(Row {
        href: PublicPeriodPath { id: period.id.to_string() }.to_string(),
        unit: named.unit,
        period: named.period,
        index: w.number(&value),
        category: (outcome.category().to_owned(), outcome.label(w.language).to_owned()),
        answers: w.count(outcome.respondents.unwrap_or(0)),
    })
}

/// One published result with its parts.
pub(crate) async fn show_result(
    path: PublicPeriodPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let whole = load_published(&app, &visit, &path.id).await?;
    let (institution, period) = (visit.institution()?, whole.period.clone());
    let found = app.database().read(move |db| read(db, institution, &period, |other| other.result.is_some())).await?;
    let w = visit.words(&WORDS);
    let named = Named::new(&whole.period, &whole.unit, &whole.institution);
    let published = whole.period.result.as_deref().map(|id| Address::of(&named.place(), id).to_string());
    let title = format!("{} – {}", whole.unit.facts.name, whole.period.plan.label());
    // Who answered stands on a page of its own: the first view of each fits into what arrives at once.
    let asked = super::asked(&visit, "menurut");
    let mut result = parts(&whole, &found, w)?;
    let has_elements = result.as_ref().is_some_and(|parts| !parts.beside.is_empty());
    let shown = ["kelompok", "unsur"].into_iter().find(|known| asked == *known).unwrap_or_default();
    if let Some(parts) = &mut result {
        keep(parts, shown);
    }
    let pages = [
        ("", "?", "public.by-service"),
        ("unsur", "?menurut=unsur", "public.by-element"),
        ("kelompok", "?menurut=kelompok", "public.by-group"),
    ];
    let others = pages.into_iter().filter(|(name, _, _)| *name != shown && (*name != "unsur" || has_elements));
    show(&PublicPeriodPage {
        page: visit.page(title).crumb(w.text("public.title"), PublicPath),
        others: others.map(|(_, href, key)| (href, w.text(key))).collect(),
        result,
        files: format!("{}/", PublicPeriodPath { id: path.id }),
        published: published.unwrap_or_default(),
        did: improvement::PublicUnitPath { slug: whole.unit.slug.clone() }.to_string(),
        w,
    })
}

/// Leaves what stands on one of the pages of a result.
fn keep(parts: &mut Parts, shown: &str) {
    parts.tables.retain(|table| shown != "unsur" && table.of_people == (shown == "kelompok"));
    if shown == "unsur" {
        (parts.trend, parts.promises, parts.follow) = (None, Vec::new(), super::follow::Follow::default());
    } else {
        parts.beside = Vec::new();
    }
}
