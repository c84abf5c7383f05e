//! Results as CSV: one row per group, canonical numbers, for spreadsheets and programs.

use crate::problem::Problem;
use crate::score::{Group, GroupData, Scored};
use rules::instrument::Body;
use rules::phrase::Language;
use rules::quantity::Decimal;
use rules::warning::Warning;
use std::fmt::Write as _;

/// One row per group. Answers are written from their sums without building steps, so that a nation's groups take no time.
///
/// # Errors
/// When the inputs of a group are impossible, which reading has already refused.
pub fn csv(scored: &Scored, language: Language) -> Result<String, Problem> {
    let keys = item_keys(scored);
    let heads =
        ["respondents", "value", "category", "label", "zone", "opinion", "interval_low", "interval_high", "warnings"];
    let mut text = String::new();
    let all_heads = scored.columns().iter().map(String::as_str).chain(heads).chain(keys.iter().map(String::as_str));
    write_row(&mut text, all_heads);
    let share = scored.groups.len().div_ceil(crate::score::threads()).max(1);
    let parts: Vec<Result<String, Problem>> = std::thread::scope(|scope| {
        let keys = &keys;
        let rows = |groups| scope.spawn(move || rows(scored, groups, keys, language));
        let threads: Vec<_> = scored.groups.chunks(share).map(rows).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    for part in parts {
        text += &part?;
    }
    Ok(text)
}

/// The rows of some groups.
fn rows(scored: &Scored, groups: &[Group], keys: &[String], language: Language) -> Result<String, Problem> {
    let mut text = String::new();
    for group in groups {
        let cells = match &group.data {
            GroupData::Answers(..) => quick_row(scored, group, keys, language),
            GroupData::Inputs(_) => full_row(scored, group, keys, language)?,
        };
        let values = group.key.iter().map(|(_, value)| value.as_str());
        write_row(&mut text, values.chain(cells.iter().map(String::as_str)));
    }
    Ok(text)
}

/// Keys of the items that get a column: elements, indicators, dimensions; units of institutions vary and get none.
fn item_keys(scored: &Scored) -> Vec<String> {
    match &scored.instrument.body {
        Body::Satisfaction(survey) => survey.elements.iter().map(|element| element.key.clone()).collect(),
        Body::ServiceIndex(index) => {
            index.aspects.iter().map(|aspect| aspect.key.clone()).chain(["f02".to_owned(), "f03".to_owned()]).collect()
        }
        Body::Compliance(assessment) => assessment.dimensions.iter().map(|dimension| dimension.key.clone()).collect(),
        _ => Vec::new(),
    }
}

fn quick_row(scored: &Scored, group: &Group, keys: &[String], language: Language) -> Vec<String> {
    let GroupData::Answers(tally, elements) = &group.data else { return Vec::new() };
    let mut cells = vec![tally.respondents.to_string()];
    match scored.summary(group) {
        None => cells.resize(9, String::new()),
        Some(summary) => {
            let interval = summary.interval.as_ref();
            cells.push(summary.value.to_string());
            cells.push(summary.band.category.clone());
            cells.push(summary.band.label.in_language(language).to_owned());
            cells.extend([String::new(), String::new()]);
            cells.push(interval.map(|interval| interval.low.to_string()).unwrap_or_default());
            cells.push(interval.map(|interval| interval.high.to_string()).unwrap_or_default());
            cells.push(codes(&scored.warnings(group)));
        }
    }
    let mut means = vec![String::new(); keys.len()];
    for (item, element) in elements.iter().enumerate() {
        means[*element] = four_places(tally.sums[item], tally.respondents);
    }
    cells.extend(means);
    cells
}

/// `sum / count` with four decimals, a half upwards, in machine integers; sums stay far below the limit.
fn four_places(sum: u64, count: u64) -> String {
    let (sum, count) = (u128::from(sum), u128::from(count.max(1)));
    let units = (sum * 20_000 + count) / (count * 2);
    format!("{}.{:04}", units / 10_000, units % 10_000)
}

fn full_row(scored: &Scored, group: &Group, keys: &[String], language: Language) -> Result<Vec<String>, Problem> {
    let outcome = scored.outcome(group)?;
    let band = outcome.band.as_ref();
    let interval = outcome.interval.as_ref();
    let mut cells = vec![
        outcome.respondents.map(|respondents| respondents.to_string()).unwrap_or_default(),
        outcome.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        outcome.category().to_owned(),
        outcome.label(language).to_owned(),
        band.and_then(|band| band.zone.clone()).unwrap_or_default(),
        outcome.opinion.clone().unwrap_or_default(),
        interval.map(|interval| interval.low.to_string()).unwrap_or_default(),
        interval.map(|interval| interval.high.to_string()).unwrap_or_default(),
        codes(&outcome.warnings),
    ];
    cells.extend(keys.iter().map(|key| {
        let item = outcome.items.iter().find(|item| item.key == *key).map(|item| &item.mean);
        let value = item.or_else(|| outcome.components.iter().find(|part| part.key == *key).map(|part| &part.value));
        value.map(|value| Decimal::half_up(value, 4).to_string()).unwrap_or_default()
    }));
    Ok(cells)
}

fn codes(warnings: &[Warning]) -> String {
    warnings.iter().map(|warning| warning.code.as_str()).collect::<Vec<_>>().join(" ")
}

/// Adds a row: cells are quoted where they must be, and one that a spreadsheet would run as a formula is shown as text instead.
pub fn write_row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            text.push(',');
        }
        let risky = cell.starts_with(['=', '+', '@', '\t']) || (cell.starts_with('-') && cell.parse::<i128>().is_err());
        let guard = if risky { "'" } else { "" };
        if risky || cell.contains([',', '"', '\n', '\r']) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\"{guard}{}\"", cell.replace('"', "\"\""));
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_quotes_and_formulas_are_made_safe() {
        let mut text = String::new();
        write_row(&mut text, ["a,b", "c\"d", "=1+1", "-5", "-x"].into_iter());
        assert_eq!(text, "\"a,b\",\"c\"\"d\",\"'=1+1\",-5,\"'-x\"\n");
    }

    #[test]
    fn means_are_rounded_half_up_to_four_places() {
        assert_eq!((four_places(105, 29), four_places(1, 20_000)), ("3.6207".into(), "0.0001".into()));
    }
}
