//! `/survei/kota/{round}`: the index of the city for one period, put together from what its units published.

use super::outcome::facts;
use super::{CityFilePath, CityPath, PublicPath, PublicPeriodPath};
use crate::WORDS;
use crate::city_index::{self, CityIndex, Round};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use calculation::render;
use platform::app::App;
use platform::page::{Page, show};
use platform::parts::{Fact, SafeHtml, steps};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::instrument::{Body, classify};
use rules::outcome::Outcome;
use rules::quantity::Decimal;

#[derive(Template)]
#[template(path = "pages/city.html")]
struct CityPage {
    page: Page,
    w: Words,
    facts: Vec<Fact>,
    warnings: Vec<String>,
    /// By what rule, and how it is known.
    rule: String,
    rows: Vec<Row>,
    steps: SafeHtml,
    file: String,
}

struct Row {
    href: String,
    unit: String,
    index: String,
    category: (String, String),
}

/// The index with each unit it is made of, the highest first.
pub(crate) async fn show_city(path: CityPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (round, index) = load(&app, &visit, &path.round).await?;
    let w = visit.words(&WORDS);
    let outcome = outcome(&index, &visit)?;
    let rule = match &index.scored.instrument.body {
        Body::Satisfaction(survey) => survey.aggregation.as_ref().and_then(|rule| rule.note.as_ref()),
        _ => None,
    };
    let mut facts = facts(&outcome, w);
    facts.insert(2, Fact::new(w.text("city.units"), w.count(outcome.items.len() as u64)));
    show(&CityPage {
        page: visit.page(title(&round, w)).crumb(w.text("public.title"), PublicPath),
        facts,
        warnings: outcome.warnings.iter().map(|warning| warning.message(w.language)).collect(),
        rule: rule.map(|note| note.in_language(w.language).to_owned()).unwrap_or_default(),
        rows: rows(&index, &outcome, w),
        steps: steps(&outcome.steps, w.language),
        file: CityFilePath { round: path.round }.to_string(),
        w,
    })
}

/// What anybody computes it again from.
pub(crate) async fn city_file(path: CityFilePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (_, index) = load(&app, &visit, &path.round).await?;
    let file = index.scored.published(visit.language());
    let file = file.map_err(|problem| Problem::internal(problem.message(visit.language())))?;
    let called = format!("attachment; filename=\"{}.json\"", path.round);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, &*called)];
    Ok((headers, render::json(&file)).into_response())
}

/// "Indeks kota 2026 TW III".
pub(super) fn title(round: &Round, w: Words) -> String {
    w.fill("city.title", [("period", &round.plan.label())])
}

async fn load(app: &App, visit: &Visit, slug: &str) -> Result<(Round, CityIndex), Problem> {
    let (institution, slug) = (visit.institution()?, slug.to_owned());
    let read = app.database().read(move |db| city_index::read(db, institution, &slug)).await?;
    let city_index::Parts { city, units, round, published } = read.ok_or_else(Problem::not_found)?;
    let index = city_index::city_index(&city, &units, &round, &published);
    Ok((round, index.map_err(|problem| Problem::internal(problem.message(visit.language())))?))
}

fn outcome(index: &CityIndex, visit: &Visit) -> Result<Outcome, Problem> {
    let group = index.scored.groups.first().ok_or_else(Problem::not_found)?;
    index.scored.outcome(group).map_err(|problem| Problem::internal(problem.message(visit.language())))
}

fn rows(index: &CityIndex, outcome: &Outcome, w: Words) -> Vec<Row> {
    let mut items: Vec<_> = outcome.items.iter().collect();
    items.sort_by(|one, other| other.mean.cmp(&one.mean));
    let row = |item: &rules::outcome::Item| {
        let value = Decimal::half_up(&item.mean, 2);
        let band = classify(index.scored.instrument.bands(), &value);
        Some(Row {
            href: PublicPeriodPath { id: index.periods.get(&item.key)?.to_string() }.to_string(),
            unit: item.key.clone(),
            index: w.number(&value.to_string()),
            category: (band.category.clone(), band.label.in_language(w.language).to_owned()),
        })
    };
    items.into_iter().filter_map(row).collect()
}
