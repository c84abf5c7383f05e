//! `/kinerja/{tempat}`: the history of a place and its units.

use super::home::{fact, kind_words};
use super::{Tag, family_name, family_short, href, page, value};
use crate::pages::SubjectPath;
use crate::place::Kind;
use crate::reading::{self, Gap};
use crate::result::{Family, Published};
use crate::store;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calculation::Inputs;
use platform::app::App;
use platform::chart::{Frame, Limit, Line, Series};
use platform::page::{Page, show};
use platform::parts::{Fact, Pages, SafeHtml};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::instrument::classify;
use rules::phrase::Language;
use std::collections::BTreeMap;

/// Rows of units on a page.
const UNITS: u64 = 25;

#[derive(Template)]
#[template(path = "pages/subject.html")]
struct Subject {
    page: Page,
    w: Words,
    kind: String,
    code: String,
    facts: Vec<Fact>,
    histories: Vec<History>,
    units: Vec<UnitRow>,
    pages: Pages,
    slug: String,
}

/// The results of one measurement, newest first.
struct History {
    name: String,
    chart: Option<SafeHtml>,
    changes: bool,
    gap: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    period: String,
    value: String,
    tag: Tag,
    instrument: String,
    differs: bool,
}

struct UnitRow {
    href: String,
    name: String,
    what: String,
    value: String,
    order: (bool, i64),
    tag: Tag,
}

/// Shows a place.
pub(crate) async fn show_subject(path: SubjectPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let slug = path.subject;
    let results = {
        let slug = slug.clone();
        app.database().read(move |db| store::of_subject(db, &slug)).await?
    };
    let Some(place) = results.first().map(|result| result.place.clone()) else { return Err(Problem::not_found()) };
    let (page, w) = page(&visit, place.name.as_str());
    let whole: Vec<&Published> = results.iter().filter(|result| result.place.unit.is_empty()).collect();
    let mut units = units(&results, place.kind, w);
    let number = super::asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let pages = Pages::new(path_of(&slug), number, UNITS, units.len() as u64);
    let skipped = usize::try_from((pages.number() - 1) * UNITS).unwrap_or(usize::MAX);
    units = units.into_iter().skip(skipped).take(usize::try_from(UNITS).unwrap_or(usize::MAX)).collect();
    let newest = |family: Family| whole.iter().rfind(|result| result.family == family && result.value.is_some());
    let template = Subject {
        page,
        kind: kind_words(place.kind, w),
        code: place.area_code.unwrap_or_default(),
        facts: Family::ALL.into_iter().filter_map(newest).map(|result| fact(result, w)).collect(),
        histories: Family::ALL.into_iter().filter_map(|family| History::of(&whole, family, w)).collect(),
        units,
        pages,
        slug,
        w,
    };
    show(&template)
}

fn path_of(slug: &str) -> String {
    SubjectPath { subject: slug.to_owned() }.to_string()
}

impl History {
    fn of(results: &[&Published], family: Family, w: Words) -> Option<Self> {
        let own: Vec<&Published> = results.iter().filter(|result| result.family == family).copied().collect();
        let newest = own.last()?;
        let instruments: BTreeMap<&str, ()> = own.iter().map(|result| (result.instrument.as_str(), ())).collect();
        let row = |result: &&Published| Row {
            href: href(result),
            period: result.period.clone(),
            value: value(result, w),
            tag: Tag::of(result, w),
            instrument: reading::title(&result.instrument, w.language),
            differs: result.standing == "differs",
        };
        let values = own.iter().filter(|result| result.value.is_some()).count();
        Some(Self {
            name: family_name(family, w),
            chart: (values > 1).then(|| chart(&own, family, w)),
            changes: instruments.len() > 1,
            gap: reading::gap(newest).map(|gap| gap_words(&gap, w)),
            rows: own.iter().rev().map(row).collect(),
        })
    }
}

/// "Kurang 7,86 ke zona hijau (mulai 81,00)."
pub(super) fn gap_words(gap: &Gap, w: Words) -> String {
    let goal = if gap.is_zone { w.text("zone.hijau") } else { gap.goal.clone() };
    let (missing, limit) = (w.number(&gap.missing), w.number(&gap.limit));
    let values = [
        ("missing", missing.as_str()),
        ("goal", goal.as_str()),
        ("limit", limit.as_str()),
        ("rule", gap.citation.as_str()),
    ];
    let key = if gap.sure { "subject.gap" } else { "subject.gap-unsure" };
    w.fill(key, values)
}

/// One line for each instrument: values of two instruments are not joined.
fn chart(results: &[&Published], family: Family, w: Words) -> SafeHtml {
    let with_value: Vec<&&Published> = results.iter().filter(|result| result.value.is_some()).collect();
    let shown = &with_value[with_value.len().saturating_sub(12)..];
    let mut instruments: Vec<&str> = Vec::new();
    for result in shown {
        if !instruments.contains(&result.instrument.as_str()) {
            instruments.push(&result.instrument);
        }
    }
    let series = instruments.iter().map(|id| Series {
        name: reading::years(id),
        values: shown.iter().map(|result| result.value.clone().filter(|_| result.instrument == *id)).collect(),
    });
    let (first, last) = (shown.first(), shown.last());
    let short = family_short(family, w);
    let title = match (first, last) {
        (_, Some(last)) if instruments.len() > 1 => {
            let to = value(last, w);
            w.fill("subject.chart-newest", [("what", &short), ("to", &to), ("last", &last.period)])
        }
        (Some(first), Some(last)) => {
            let (from, to) = (value(first, w), value(last, w));
            let values = [
                ("what", short.as_str()),
                ("from", from.as_str()),
                ("first", first.period.as_str()),
                ("to", to.as_str()),
                ("last", last.period.as_str()),
            ];
            w.fill("subject.chart", values)
        }
        _ => short,
    };
    let newest = last.map(|result| result.instrument.as_str()).unwrap_or_default();
    let frame = Frame {
        id: format!("grafik-{}", family.name()),
        title,
        description: w.text("subject.chart-description"),
        rows: w.text("subject.period"),
        language: w.language,
    };
    Line {
        frame,
        moments: shown.iter().map(|result| result.period.clone()).collect(),
        series: series.collect(),
        limits: limits(newest, shown, w.language),
    }
    .draw()
}

/// The limits of the newest instrument that lie around the values.
fn limits(instrument: &str, shown: &[&&Published], language: Language) -> Vec<Limit> {
    let Some(known) = crate::result::instrument(instrument) else { return Vec::new() };
    let lowest = shown.iter().filter_map(|result| result.decimal()).map(|value| value.value()).min();
    let near = |row: &reading::Limits| lowest.as_ref().is_some_and(|lowest| &row.band.max >= lowest);
    let limit = |row: reading::Limits| {
        let label = row.band.zone.as_deref().unwrap_or(&row.band.category);
        let label = if label == "hijau" && language == Language::English { "green" } else { label };
        Limit { label: label.to_owned(), value: row.from }
    };
    let rows = reading::limits(known).into_iter().filter(near).filter(|row| row.band.zone.as_deref() != Some("merah"));
    let mut limits: Vec<Limit> = rows.map(limit).collect();
    // Two categories of one zone: the zone begins with the lower one.
    limits.reverse();
    limits.dedup_by(|next, kept| next.label == kept.label);
    limits.into_iter().rev().take(3).collect()
}

/// The units of a place: those with a result of their own, and those whose score is printed in the place's own result. Worst first.
fn units(results: &[Published], kind: Kind, w: Words) -> Vec<UnitRow> {
    let own = results.iter().filter(|result| !result.place.unit.is_empty() || kind == Kind::Unit);
    let mut rows: Vec<UnitRow> =
        own.filter(|result| !result.place.unit.is_empty()).map(|result| unit_row(result, w)).collect();
    let newest = results.iter().rfind(|result| result.place.unit.is_empty() && result.inputs.is_some());
    if let Some(result) = newest {
        rows.extend(members(result, w));
    }
    rows.sort_by(|one, other| one.order.cmp(&other.order).then_with(|| one.name.cmp(&other.name)));
    rows
}

fn unit_row(result: &Published, w: Words) -> UnitRow {
    let tag = Tag::of(result, w);
    UnitRow {
        href: href(result),
        name: result.place.unit.clone(),
        what: format!("{} {}", family_short(result.family, w), result.period),
        value: value(result, w),
        order: (!tag.is_red(), order(result.order(), result.family)),
        tag,
    }
}

/// Values of different scales in one order: as parts of a thousand of their scale.
fn order(value: Option<i64>, family: Family) -> i64 {
    let top = if family == Family::ServiceIndex { 50 } else { 1_000 };
    value.map_or(i64::MAX, |value| value / top)
}

fn members(result: &Published, w: Words) -> Vec<UnitRow> {
    let Some(Inputs::Units { units, .. }) = result.stored_inputs() else { return Vec::new() };
    let Some(instrument) = crate::result::instrument(&result.instrument) else { return Vec::new() };
    let row = |(name, inputs): (String, Inputs)| {
        let Inputs::Score { score } = inputs else { return None };
        let value = instrument.rounding()?.round(&rules::quantity::parse_decimal(&score).ok()?);
        let band = classify(instrument.bands(), &value);
        let label = band.label.in_language(w.language).to_owned();
        let tag = Tag::new(band.zone.as_deref().unwrap_or_default(), band.category.clone(), label, w);
        let thousandths = (value.value() * rules::quantity::whole(10)).to_integer().try_into().unwrap_or(i64::MAX);
        Some(UnitRow {
            href: href(result),
            name,
            what: format!("{} {}", family_short(result.family, w), result.period),
            value: w.number(&value.to_string()),
            order: (!tag.is_red(), thousandths),
            tag,
        })
    };
    units.into_iter().filter_map(row).collect()
}
