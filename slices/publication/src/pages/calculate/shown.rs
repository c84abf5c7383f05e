//! The page of what was calculated.

use crate::WORDS;
use crate::calculator::{Asked, Form as Output};
use crate::pages::Tag;
use crate::sheet::Sheet;
use askama::Template;
use calculation::{BadCellResult, Group, GroupResult, Problem, ProfileCount, Scored};
use platform::chart::{Bar, Bars, Frame, Limit};
use platform::page::Page;
use platform::parts::{Fact, SafeHtml, steps};
use platform::visit::Visit;
use platform::words::Words;
use rules::instrument::Body;
use rules::outcome::Outcome;

/// Groups with a row in the table; all are in the files.
const ROWS: usize = 50;

/// Groups shown with every step.
const IN_FULL: usize = 10;

/// Cells named that could not be used.
const CELLS: usize = 25;

#[derive(Template)]
#[template(path = "pages/calculate/shown.html")]
pub(super) struct Calculated {
    page: Page,
    w: Words,
    instrument: String,
    groups: String,
    rows: Vec<Row>,
    cut: bool,
    shown: Vec<InFull>,
    left_out: String,
    bad: Vec<(String, String)>,
    more_bad: bool,
    /// The results on their way to being printed; nothing when the file must be sent again for that.
    sheet: Option<String>,
    pdf_of_many: bool,
}

struct Row {
    number: usize,
    name: String,
    value: String,
    tag: Tag,
    respondents: String,
}

/// A group with everything there is to know of it.
struct InFull {
    name: String,
    facts: Vec<Fact>,
    chart: Option<SafeHtml>,
    steps: SafeHtml,
    warnings: Vec<String>,
    profile: Vec<(String, Vec<(String, String)>)>,
    fingerprint: String,
}

impl Calculated {
    pub(super) fn new(scored: &Scored, file: &str, wanted: &Asked, visit: &Visit) -> Result<Self, Problem> {
        let w = visit.words(&WORDS);
        let outcomes: Vec<Outcome> =
            scored.groups.iter().take(ROWS).map(|group| scored.outcome(group)).collect::<Result<_, _>>()?;
        let pairs = || scored.groups.iter().zip(&outcomes).enumerate();
        let left_out = scored.faults.published(w.language);
        let shown = pairs().take(IN_FULL).map(|(number, pair)| InFull::new(scored, number, pair, w));
        Ok(Self {
            page: visit
                .page(w.fill("shown.title", [("file", file)]))
                .crumb(w.text("calculate.title"), super::CalculatePath),
            instrument: scored.instrument.header.title.in_language(w.language).to_owned(),
            groups: w.fill("shown.groups", [("count", &w.count(scored.groups.len() as u64))]),
            rows: pairs().map(|(number, (group, outcome))| Row::new(number, group, outcome, w)).collect(),
            cut: scored.groups.len() > ROWS,
            shown: shown.collect::<Result<_, _>>()?,
            left_out: left_out_words(scored, left_out.rows, w),
            more_bad: left_out.rows > CELLS as u64,
            bad: left_out.first.into_iter().take(CELLS).map(|cell| bad_cell(cell, w)).collect(),
            sheet: Sheet::of(scored, w.language),
            pdf_of_many: wanted.form == Output::Pdf,
            w,
        })
    }
}

/// How many rows were not used; empty when all were.
fn left_out_words(scored: &Scored, rows: u64, w: Words) -> String {
    let by_cell = matches!(scored.instrument.body, Body::ServiceIndex(_));
    match rows {
        0 => String::new(),
        _ if by_cell => w.fill("shown.cells-left-out", [("rows", &w.count(rows))]),
        _ => w.fill("shown.left-out", [("rows", &w.count(rows))]),
    }
}

fn bad_cell(cell: BadCellResult, w: Words) -> (String, String) {
    let line = cell.line.to_string();
    (w.fill("shown.line", [("line", &line), ("column", &cell.column)]), cell.message)
}

fn name(group: &Group, w: Words) -> String {
    let title = group.title();
    if title.is_empty() { w.text("shown.whole-file") } else { title }
}

fn value(outcome: &Outcome, w: Words) -> String {
    outcome.value.as_ref().map_or_else(|| "–".to_owned(), |value| w.number(&value.to_string()))
}

impl Row {
    fn new(number: usize, group: &Group, outcome: &Outcome, w: Words) -> Self {
        let zone = outcome.band.as_ref().and_then(|band| band.zone.as_deref()).unwrap_or_default();
        let label = outcome.label(w.language).to_owned();
        Self {
            number,
            name: name(group, w),
            value: value(outcome, w),
            tag: Tag::new(zone, outcome.category().to_owned(), label, w),
            respondents: outcome.respondents.map(|count| w.count(count)).unwrap_or_default(),
        }
    }
}

impl InFull {
    fn new(scored: &Scored, number: usize, (group, outcome): (&Group, &Outcome), w: Words) -> Result<Self, Problem> {
        let result = scored.result(group, w.language)?;
        Ok(Self {
            name: name(group, w),
            facts: facts(outcome, &result, group, w),
            chart: chart(scored, number, outcome, w),
            steps: steps(&outcome.steps, w.language),
            warnings: result.warnings.into_iter().map(|warning| warning.message).collect(),
            profile: group.profile.iter().map(|one| profile(one, w)).collect(),
            fingerprint: result.fingerprint,
        })
    }
}

fn facts(outcome: &Outcome, result: &GroupResult, group: &Group, w: Words) -> Vec<Fact> {
    let mut facts = vec![Fact::new(w.text("result.value"), value(outcome, w))];
    if let Some(count) = outcome.respondents {
        facts.push(Fact::new(w.text("result.respondents"), w.count(count)));
    }
    if let Some(interval) = &result.interval {
        let percent = interval.confidence.trim_start_matches("0.");
        let label = w.fill("shown.interval", [("percent", percent)]);
        facts.push(Fact::new(label, format!("{}–{}", w.number(&interval.low), w.number(&interval.high))));
    }
    if let Some(alpha) = group.statistics.as_ref().and_then(|statistics| statistics.alpha.as_deref()) {
        facts.push(Fact::new(w.text("shown.alpha"), w.number(alpha)));
    }
    if let Some(opinion) = &outcome.opinion {
        facts.push(Fact::new(w.text("shown.opinion"), opinion.clone()));
    }
    facts
}

fn profile(counts: &ProfileCount, w: Words) -> (String, Vec<(String, String)>) {
    let title = w.text(match counts.column.as_str() {
        "sex" => "shown.sex",
        "age" => "shown.age",
        "education" => "shown.education",
        _ => "shown.occupation",
    });
    let row = |(value, count): &(String, u64)| {
        (if value.is_empty() { w.text("result.not-printed") } else { value.clone() }, w.count(*count))
    };
    (title, counts.values.iter().map(row).collect())
}

/// The elements, lowest first, so that the eye falls on what to mend.
fn chart(scored: &Scored, number: usize, outcome: &Outcome, w: Words) -> Option<SafeHtml> {
    let Body::Satisfaction(survey) = &scored.instrument.body else { return None };
    let mut items: Vec<_> = outcome.items.iter().collect();
    items.sort_by(|one, other| one.mean.cmp(&other.mean));
    let weakest = items.first()?;
    let bar = |(place, item): (usize, &&rules::outcome::Item)| Bar {
        name: item.name.in_language(w.language).to_owned(),
        value: Some(rules::quantity::Decimal::half_up(&item.mean, 2).to_string()),
        marked: place == 0,
    };
    let title = w.fill("shown.weakest", [("element", weakest.name.in_language(w.language))]);
    let frame = Frame {
        id: format!("unsur-{number}"),
        title,
        description: w.text("shown.elements"),
        rows: w.text("shown.element"),
        language: w.language,
    };
    let full = Some(survey.answers.highest.to_string());
    let limits: Vec<Limit> = Vec::new();
    let bars = items.iter().enumerate().map(bar).collect();
    Some(Bars { frame, values: w.text("shown.mean"), bars, full, limits }.draw())
}
