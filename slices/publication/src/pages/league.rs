//! `/kinerja/peringkat/{keluarga}/{tahun}`: who stands where, within one instrument.

use super::home::kind_words;
use super::{LeaguePath, Tag, asked, family_name, family_short, href, page, value};
use crate::place::Kind;
use crate::reading;
use crate::result::{Family, instrument};
use crate::store::{self, Asked, Ranked};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::chart::{Bar, Bars, Frame};
use platform::page::{Page, show};
use platform::parts::{Pages, SafeHtml};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

/// Rows on a page.
const ROWS: i64 = 25;

/// So few results say little about a nation.
const FEW: i64 = 30;

#[derive(Template)]
#[template(path = "pages/league.html")]
struct League {
    page: Page,
    w: Words,
    total: String,
    few: bool,
    kinds: Vec<(String, String, bool)>,
    charts: Vec<(String, SafeHtml)>,
    several: bool,
    rows: Vec<Row>,
    pages: Pages,
    part: String,
}

struct Row {
    rank: i64,
    name: String,
    href: String,
    value: String,
    tag: Tag,
    instrument: String,
    differs: bool,
}

/// Shows a ranking.
pub(crate) async fn show_league(path: LeaguePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let Some(family) = Family::named(&path.family) else { return Err(Problem::not_found()) };
    let kind = Kind::named(&asked(&visit, "jenis")).filter(|kind| *kind != Kind::Nation);
    let wanted = Asked { family, year: path.year, kind };
    let number: u64 = asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let after = i64::try_from(number.clamp(1, 100_000) - 1).unwrap_or(0) * ROWS;
    let (rows, counts) = app.database().read(move |db| store::league(db, wanted, ROWS, after)).await?;
    let total: i64 = counts.iter().map(|(_, _, count)| count).sum();
    if total == 0 && kind.is_none() {
        return Err(Problem::not_found());
    }
    let w = visit.words(&crate::WORDS);
    let year = path.year.to_string();
    let title = w.fill("league.title", [("what", &family_name(family, w)), ("year", &year)]);
    let kept = ("jenis".to_owned(), kind.map_or("", Kind::name).to_owned());
    let (page, w) = page(&visit, title);
    let template = League {
        page,
        total: w.fill("league.total", [("count", &w.count(total.unsigned_abs()))]),
        few: total < FEW,
        kinds: kinds(&path, kind, w),
        several: counts.iter().any(|(instrument, _, _)| *instrument != counts[0].0),
        charts: charts(&counts, family, w),
        rows: rows.iter().map(|row| Row::of(row, w)).collect(),
        pages: Pages::new(path.to_string(), number, ROWS.unsigned_abs(), total.unsigned_abs()).keeping([kept]),
        part: format!("keluarga={}&tahun={year}", family.name()),
        w,
    };
    show(&template)
}

impl Row {
    fn of(ranked: &Ranked, w: Words) -> Self {
        let result = &ranked.result;
        let unit = &result.place.unit;
        Self {
            rank: ranked.rank,
            name: if unit.is_empty() { result.place.name.clone() } else { format!("{unit}, {}", result.place.name) },
            href: href(result),
            value: value(result, w),
            tag: Tag::of(result, w),
            instrument: reading::years(&result.instrument),
            differs: result.standing == "differs",
        }
    }
}

/// The filter: address, words, whether it is the one chosen.
fn kinds(path: &LeaguePath, chosen: Option<Kind>, w: Words) -> Vec<(String, String, bool)> {
    let all = (path.to_string(), w.text("league.all"), chosen.is_none());
    let one = |kind: Kind| (format!("{path}?jenis={}", kind.name()), kind_words(kind, w), chosen == Some(kind));
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Nation && *kind != Kind::Ministry);
    std::iter::once(all).chain(kinds.map(one)).collect()
}

/// How many fall in each category, for each instrument on its own.
fn charts(counts: &[(String, String, i64)], family: Family, w: Words) -> Vec<(String, SafeHtml)> {
    let mut instruments: Vec<&str> = counts.iter().map(|(instrument, _, _)| instrument.as_str()).collect();
    instruments.dedup();
    let drawn = |(number, id): (usize, &str)| {
        let known = instrument(id)?;
        let count_of = |category: &str| {
            let found = counts.iter().find(|(instrument, known, _)| instrument == id && known == category);
            found.map_or(0, |(_, _, count)| *count)
        };
        let most = known.bands().iter().map(|band| count_of(&band.category)).max()?;
        let bar = |band: &rules::instrument::Band| {
            let count = count_of(&band.category);
            let label = band.label.in_language(w.language);
            let name = if band.category == label { label.to_owned() } else { format!("{} {label}", band.category) };
            Bar { name, value: Some(count.to_string()), marked: count == most && count > 0 }
        };
        let frame = Frame {
            id: format!("sebaran-{number}"),
            title: w.fill("league.spread", [("what", family_short(family, w).as_str())]),
            description: reading::title(id, w.language),
            rows: w.text("result.category"),
            language: w.language,
        };
        let bars = known.bands().iter().map(bar).collect();
        let chart = Bars { frame, values: w.text("league.count"), bars, full: None, limits: Vec::new() };
        Some((reading::title(id, w.language), chart.draw()))
    };
    instruments.into_iter().enumerate().filter_map(drawn).collect()
}
