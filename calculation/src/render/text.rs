//! Results as text: a table of groups, or one group explained step by step.

use super::{Style, Table, Tone, bar, printable, printable_line};
use crate::problem::Problem;
use crate::result::{GroupResult, IntervalResult, StepResult, WarningResult};
use crate::score::{Faults, Group, Scored, StatisticsResult};
use crate::words::{say, word};
use rules::instrument::{Band, Body, Instrument};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::quantity::{Ratio, whole};
use rules::warning::Warning;
use std::collections::BTreeMap;

/// How a text is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextForm<'a> {
    /// Whether every step is shown with its article.
    pub explain: bool,
    /// Whether colours can be shown.
    pub style: Style,
    /// How the reader gets to see the steps; a sentence below results shown without them.
    pub steps_hint: &'a str,
    /// Where the reader finds a list that is cut short here; words behind its last line.
    pub whole_hint: &'a str,
}

/// The text of a run: each group in full when there are few or steps were asked for, else a table.
///
/// # Errors
/// When the inputs of a group are impossible, which reading has already refused.
pub fn text(scored: &Scored, form: TextForm<'_>, language: Language) -> Result<String, Problem> {
    let (header, style) = (&scored.instrument.header, form.style);
    let mut text = format!("{} · {}\n", style.strong(header.title.in_language(language)), header.citation());
    if scored.groups.len() > 3 && !form.explain {
        text += &format!("\n{}", overview(scored, form, language)?);
    } else {
        for group in &scored.groups {
            text += &format!("\n{}", one(scored, group, form.explain, language, style)?);
            if let Some(statistics) = &group.statistics {
                text += &statistics_text(statistics, language, style);
            }
        }
        if !form.explain && !form.steps_hint.is_empty() {
            text += &format!("\n{}\n", style.faint(form.steps_hint));
        }
    }
    let left_out = left_out(&scored.faults, form.whole_hint, language);
    if !left_out.is_empty() {
        text += &format!("\n{left_out}");
    }
    Ok(text)
}

/// The text of one group with every step.
///
/// # Errors
/// When its inputs are impossible, which reading has already refused.
pub fn explained(scored: &Scored, group: &Group, language: Language, style: Style) -> Result<String, Problem> {
    one(scored, group, true, language, style)
}

/// One line per group, and each warning once with how often it stands.
fn overview(scored: &Scored, form: TextForm<'_>, language: Language) -> Result<String, Problem> {
    let style = form.style;
    let heads = ["score.respondents", "score.value", "score.category", "score.label"];
    let mut table = Table::new(scored.columns().iter().cloned().chain(heads.map(|key| word(key, language))));
    let mut warnings: BTreeMap<WarningResult, u64> = BTreeMap::new();
    for group in &scored.groups {
        let line = line(scored, group, language, style)?;
        let keys = group.key.iter().map(|(_, value)| value.clone());
        table.row(keys.chain(line.cells));
        for warning in &line.warnings {
            *warnings.entry(WarningResult::new(warning, language)).or_default() += 1;
        }
    }
    let mut text = table.text(style);
    let hidden = warnings.len().saturating_sub(WARNINGS_SHOWN);
    for (warning, times) in warnings.into_iter().take(WARNINGS_SHOWN) {
        let times = if times > 1 { format!(" ({times}×)") } else { String::new() };
        text += &format!("\n{} {}{times}", style.tone(Tone::Middle, "!"), printable(&warning.message));
    }
    if hidden > 0 {
        let more = Phrase::new("score.more-warnings").with("warnings", hidden as u64);
        text += &format!("\n{}", say(&more.with("whole", form.whole_hint), language));
    }
    text.push('\n');
    Ok(text)
}

/// Most warnings listed under a table of groups.
const WARNINGS_SHOWN: usize = 12;

/// The figures of one group in a table of groups.
struct Line {
    cells: [String; 4],
    warnings: Vec<Warning>,
}

/// Groups of answers are shown from their sums: a table needs no steps.
fn line(scored: &Scored, group: &Group, language: Language, style: Style) -> Result<Line, Problem> {
    let bands = scored.instrument.bands();
    let count =
        |respondents: Option<u64>| respondents.map(|respondents| language.count(respondents)).unwrap_or_default();
    if let Some(summary) = scored.summary(group) {
        let cells = [
            count(summary.respondents),
            language.number(&summary.value.to_string()),
            style.band(bands, summary.band),
            summary.band.label.in_language(language).to_owned(),
        ];
        return Ok(Line { cells, warnings: scored.warnings(group) });
    }
    let outcome = scored.outcome(group)?;
    let cells = [
        count(outcome.respondents),
        outcome.value.as_ref().map(|value| language.number(&value.to_string())).unwrap_or_default(),
        outcome.band.as_ref().map(|band| style.band(bands, band)).unwrap_or_default(),
        label(&outcome, language),
    ];
    Ok(Line { cells, warnings: outcome.warnings })
}

fn label(outcome: &Outcome, language: Language) -> String {
    let zone = outcome.band.as_ref().and_then(|band| band.zone.as_deref());
    let zone = zone.map(|zone| say(&Phrase::new("score.zone").with("zone", zone), language));
    let parts: Vec<&str> =
        [Some(outcome.label(language)), zone.as_deref(), outcome.opinion.as_deref()].into_iter().flatten().collect();
    let mut distinct: Vec<&str> = vec![outcome.category()];
    parts.into_iter().filter(|part| !part.is_empty()).for_each(|part| {
        if !distinct.contains(&part) {
            distinct.push(part);
        }
    });
    // The category itself stands beside the label already.
    distinct[1..].join(" · ")
}

/// One group: its value, its items with bars, its warnings and, when asked for, its steps.
fn one(scored: &Scored, group: &Group, explain: bool, language: Language, style: Style) -> Result<String, Problem> {
    let (instrument, title) = (&scored.instrument, group.title());
    let outcome = scored.outcome(group)?;
    let result = scored.result_of(group, &outcome, language);
    let mut text = String::new();
    if !title.is_empty() {
        text += &format!("{}\n", style.strong(&printable_line(&title)));
    }
    text += &headline(instrument.bands(), &outcome, &result, language, style);
    if !outcome.items.is_empty() {
        text += &format!("\n{}", items(instrument, &outcome, &result, language, style));
    }
    if explain {
        text += &format!("\n{}\n", style.strong(&word("score.steps", language)));
        result.steps.iter().for_each(|step| steps(step, 1, language, style, &mut text));
    }
    for warning in &result.warnings {
        text += &format!("{} {}\n", style.tone(Tone::Middle, "!"), printable(&warning.message));
    }
    if explain {
        text += &format!("{}\n", style.faint(&result.fingerprint));
    }
    Ok(text)
}

fn headline(bands: &[Band], outcome: &Outcome, result: &GroupResult, language: Language, style: Style) -> String {
    let Some((value, band)) = outcome.value.as_ref().zip(outcome.band.as_ref()) else {
        return format!("{}\n", style.strong(&word("score.no-value", language)));
    };
    let tone = Tone::of(bands, band);
    let number = style.tone(tone, &style.strong(&language.number(&value.to_string())));
    let mut text = format!("{number}  {}  {}", style.band(bands, band), label(outcome, language));
    if let Some(respondents) = outcome.respondents {
        text += &format!("  · n = {}", language.count(respondents));
    }
    if let Some(interval) = &result.interval {
        text += &format!("  · {}", interval_text(interval, language));
    }
    text + "\n"
}

fn interval_text(interval: &IntervalResult, language: Language) -> String {
    let phrase = Phrase::new("score.interval")
        .with("margin", rules::phrase::Argument::Number(interval.margin.clone()))
        .with("low", rules::phrase::Argument::Number(interval.low.clone()))
        .with("high", rules::phrase::Argument::Number(interval.high.clone()));
    say(&phrase, language)
}

fn items(instrument: &Instrument, outcome: &Outcome, result: &GroupResult, language: Language, style: Style) -> String {
    let (item, mean) = item_words(instrument, outcome);
    let heads = [item, mean, "score.weight", "score.weighted"];
    let mut table = Table::new(heads.map(|key| word(key, language)).into_iter().chain([String::new()]));
    for (item, shown) in outcome.items.iter().zip(&result.items) {
        table.row([
            shown.name.clone(),
            language.number(&shown.mean),
            language.number(&shown.weight),
            language.number(&shown.weighted),
            style.faint(&bar(share(instrument, &item.mean))),
        ]);
    }
    table.text(style)
}

/// What the items of a result and their values are called: elements with means, indicators with levels, dimensions or units with scores.
pub(crate) fn item_words(instrument: &Instrument, outcome: &Outcome) -> (&'static str, &'static str) {
    let first = outcome.items.first().map_or("", |item| item.key.as_str());
    match &instrument.body {
        Body::Satisfaction(_) => ("score.item", "score.mean"),
        Body::ServiceIndex(index) if index.indicators.iter().any(|indicator| indicator.key == first) => {
            ("score.indicator", "score.level")
        }
        Body::Compliance(assessment) if assessment.dimensions.iter().any(|dimension| dimension.key == first) => {
            ("score.dimension", "score.value")
        }
        _ => ("score.unit", "score.value"),
    }
}

/// A mean as a share of its scale, in thousandths.
pub(crate) fn share(instrument: &Instrument, mean: &Ratio) -> u32 {
    let (low, high) = match &instrument.body {
        Body::Satisfaction(survey) => (whole(survey.answers.lowest), whole(survey.answers.highest)),
        Body::ServiceIndex(index) => (whole(index.levels.lowest), whole(index.levels.highest)),
        _ => (whole(0), whole(100)),
    };
    let share = (mean - &low) / (high - low) * whole(1000);
    share.to_integer().try_into().unwrap_or(0)
}

fn steps(step: &StepResult, depth: usize, language: Language, style: Style, text: &mut String) {
    for child in &step.steps {
        steps(child, depth + 1, language, style, text);
    }
    let indent = "  ".repeat(depth);
    let output = style.strong(&language.number(&step.output));
    let formula = match (step.formula.is_empty(), step.exact.is_some()) {
        (true, _) => String::new(),
        (false, rounded) => format!("{} {} ", language.number(&step.formula), relation(&step.formula, rounded)),
    };
    *text += &format!("{indent}{}\n{indent}  {formula}{output}  {}\n", step.what, style.faint(&step.citation));
}

/// What stands between a formula and its outcome: `=` for arithmetic, `≈` where the outcome is shown rounded, `→` for a conclusion.
fn relation(formula: &str, rounded: bool) -> &'static str {
    match (formula.contains(['÷', '×', '+']), rounded) {
        (true, true) => "≈",
        (true, false) => "=",
        (false, _) => "→",
    }
}

fn statistics_text(statistics: &StatisticsResult, language: Language, style: Style) -> String {
    let mut text = String::new();
    if let (Some(alpha), Some(critical)) = (&statistics.alpha, &statistics.critical) {
        let number = |text: &String| rules::phrase::Argument::Number(text.clone());
        let invalid = statistics.validity.iter().filter(|item| !item.valid).count() as u64;
        let phrase = Phrase::new("score.reliability").with("alpha", number(alpha)).with("critical", number(critical));
        text += &format!("{}\n", say(&phrase.with("invalid", invalid), language));
    }
    for difference in &statistics.differences {
        let key = if difference.significant { "score.differs" } else { "score.differs-not" };
        let phrase = Phrase::new(key)
            .with("column", difference.column.as_str())
            .with("statistic", rules::phrase::Argument::Number(difference.statistic.clone()))
            .with("probability", rules::phrase::Argument::Number(difference.probability.clone()))
            .with("effect", rules::phrase::Argument::Number(difference.effect.clone()));
        text += &format!("{}\n", say(&phrase, language));
        for group in &difference.groups {
            let rank = language.number(&group.mean_rank);
            let name = printable_line(&group.name);
            text += &style.faint(&format!("  {name} (n = {}): {rank}\n", language.count(group.respondents)));
        }
    }
    text
}

/// The bad rows: how many, and the first of their cells with what to do. `whole_hint` as in [`TextForm`].
#[must_use]
pub fn left_out(faults: &Faults, whole_hint: &str, language: Language) -> String {
    const SHOWN: usize = 10;
    let rows = faults.published(language);
    if rows.rows == 0 {
        return String::new();
    }
    let mut text = say(&Phrase::new(faults.heading()).with("rows", rows.rows), language);
    for cell in rows.first.iter().take(SHOWN) {
        let place = Phrase::new("score.place").with("file", cell.file.as_str()).with("line", cell.line.to_string());
        text += &format!("\n  {}: {}", say(&place.with("column", cell.column.as_str()), language), cell.message);
    }
    if rows.first.len() > SHOWN {
        let more = (rows.first.len() - SHOWN) as u64;
        let more = Phrase::new("score.more-cells").with("cells", more).with("whole", whole_hint);
        text += &format!("\n  {}", say(&more, language));
    }
    printable(&text) + "\n"
}
