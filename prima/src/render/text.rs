//! Results on a terminal: a table of groups, or one group explained step by step.

use super::{Style, Table, Tone, bar};
use crate::problem::Problem;
use crate::result::{GroupResult, IntervalResult, LeftOutRows, StepResult, WarningResult};
use crate::score::{Scored, StatisticsResult};
use crate::words::{say, word};
use rules::instrument::{Band, Body, Instrument};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::quantity::{Ratio, whole};

/// The text of a run: each group in full when there are few or steps were asked for, else a table.
pub(crate) fn scored(scored: &Scored, explain: bool, language: Language, style: Style) -> Result<String, Problem> {
    let header = &scored.instrument.header;
    let mut text = format!("{} · {}\n", style.strong(header.title.in_language(language)), header.citation());
    if scored.groups.len() > 3 && !explain {
        text += &format!("\n{}", overview(scored, language, style)?);
    } else {
        for group in &scored.groups {
            let outcome = scored.outcome(group)?;
            let result = GroupResult::new(&group.key, &outcome, scored.inputs(group), language);
            text +=
                &format!("\n{}", one(&scored.instrument, &group.title(), &outcome, &result, explain, language, style));
            if let Some(statistics) = &group.statistics {
                text += &statistics_text(statistics, language, style);
            }
        }
        if !explain {
            text += &format!("\n{}\n", style.faint(&word("score.explain-hint", language)));
        }
    }
    let left_out = left_out(&scored.faults.published(language), language);
    if !left_out.is_empty() {
        text += &format!("\n{left_out}");
    }
    Ok(text)
}

fn overview(scored: &Scored, language: Language, style: Style) -> Result<String, Problem> {
    let heads = ["score.respondents", "score.value", "score.category", "score.label"];
    let mut table = Table::new(scored.by.iter().cloned().chain(heads.map(|key| word(key, language))));
    let mut warnings: Vec<(WarningResult, usize)> = Vec::new();
    for group in &scored.groups {
        let outcome = scored.outcome(group)?;
        for warning in &outcome.warnings {
            let warning = WarningResult::new(warning, language);
            match warnings.iter_mut().find(|(known, _)| known.code == warning.code) {
                Some((_, times)) => *times += 1,
                None => warnings.push((warning, 1)),
            }
        }
        let mut cells: Vec<String> = group.key.iter().map(|(_, value)| value.clone()).collect();
        cells.push(outcome.respondents.map(|respondents| language.count(respondents)).unwrap_or_default());
        cells.push(outcome.value.as_ref().map(|value| language.number(&value.to_string())).unwrap_or_default());
        cells.push(outcome.band.as_ref().map(|band| style.band(scored.instrument.bands(), band)).unwrap_or_default());
        cells.push(label(&outcome, language));
        table.row(cells);
    }
    let mut text = table.text(style);
    for (warning, times) in warnings {
        let example = if times > 1 { format!(" ({times}×)") } else { String::new() };
        text += &format!("\n{} {}{example}", style.tone(Tone::Middle, "!"), warning.message);
    }
    text.push('\n');
    Ok(text)
}

fn label(outcome: &Outcome, language: Language) -> String {
    let zone = outcome.band.as_ref().and_then(|band| band.zone.as_deref()).map(|zone| format!("zona {zone}"));
    let parts: Vec<&str> =
        [Some(outcome.label(language)), zone.as_deref(), outcome.opinion.as_deref()].into_iter().flatten().collect();
    let mut distinct: Vec<&str> = Vec::new();
    parts.into_iter().filter(|part| !part.is_empty()).for_each(|part| {
        if !distinct.contains(&part) {
            distinct.push(part);
        }
    });
    distinct.join(" · ")
}

/// One group: its value, its items with bars, its warnings and, when asked for, its steps.
pub(crate) fn one(
    instrument: &Instrument,
    title: &str,
    outcome: &Outcome,
    result: &GroupResult,
    explain: bool,
    language: Language,
    style: Style,
) -> String {
    let mut text = String::new();
    if !title.is_empty() {
        text += &format!("{}\n", style.strong(title));
    }
    text += &headline(instrument.bands(), outcome, result, language, style);
    if !outcome.items.is_empty() {
        text += &format!("\n{}", items(instrument, outcome, result, language, style));
    }
    if explain {
        text += &format!("\n{}\n", style.strong(&word("score.steps", language)));
        result.steps.iter().for_each(|step| steps(step, 1, language, style, &mut text));
    }
    for warning in &result.warnings {
        text += &format!("{} {}\n", style.tone(Tone::Middle, "!"), warning.message);
    }
    if explain {
        text += &format!("{}\n", style.faint(&result.fingerprint));
    }
    text
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
    let heads = ["score.item", "score.mean", "score.weight", "score.weighted"];
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
            text += &style.faint(&format!("  {} (n = {}): {rank}\n", group.name, language.count(group.respondents)));
        }
    }
    text
}

/// The rows left out: how many, and the first of them with what to do.
pub(crate) fn left_out(rows: &LeftOutRows, language: Language) -> String {
    if rows.rows == 0 {
        return String::new();
    }
    const SHOWN: usize = 10;
    let mut text = say(&Phrase::new("score.left-out").with("rows", rows.rows), language);
    for cell in rows.first.iter().take(SHOWN) {
        let place = Phrase::new("score.place").with("file", cell.file.as_str()).with("line", cell.line.to_string());
        text += &format!("\n  {}: {}", say(&place.with("column", cell.column.as_str()), language), cell.message);
    }
    if rows.first.len() > SHOWN {
        let more = (rows.first.len() - SHOWN) as u64;
        text += &format!("\n  {}", say(&Phrase::new("score.more-cells").with("cells", more), language));
    }
    text + "\n"
}
