//! What a stored result says against what its own inputs give.

use super::with_figures;
use crate::result::{GroupResult, WarningResult};
use rules::phrase::{Argument, Phrase};
use rules::warning::{Code, Warning};
use serde_json::{Map, Value};

/// Warnings that come from reading a file of answers; the stored inputs cannot give them again.
const READING_CODES: [Code; 4] =
    [Code::DuplicateRow, Code::NotInForce, Code::ComplianceDisagrees, Code::StatisticUndefined];

/// Parts that are not compared here: group and inputs are what the result is computed from, fingerprint and warnings are looked at
/// apart, and statistics need the answers.
const COMPARED_ELSEWHERE: [&str; 5] = ["group", "inputs", "fingerprint", "warnings", "statistics"];

/// Every part of a result that the inputs do not give as stored.
pub(super) fn differences(stored: &GroupResult, computed: &GroupResult) -> Vec<Warning> {
    let (stored, computed) = (fields(stored), fields(computed));
    let more = stored.keys().filter(|key| !computed.contains_key(*key));
    let parts = computed.keys().chain(more).filter(|key| !COMPARED_ELSEWHERE.contains(&key.as_str()));
    let changed = parts.filter(|key| stored.get(*key) != computed.get(*key));
    changed.map(|key| difference(part_named(key), &text(stored.get(key)), &text(computed.get(key)))).collect()
}

/// Warnings of the rule that are not stored, and stored ones that neither the rule gives nor reading can.
pub(super) fn warning_differences(stored: &[WarningResult], computed: &[WarningResult]) -> Vec<Warning> {
    let missing = computed.iter().filter(|warning| !stored.contains(warning));
    let from_reading = |warning: &WarningResult| READING_CODES.iter().any(|code| code.as_str() == warning.code);
    let foreign = stored.iter().filter(|warning| !computed.contains(warning) && !from_reading(warning));
    let missing = missing.map(|warning| difference("part.warnings", "", &warning.message));
    missing.chain(foreign.map(|warning| difference("part.warnings", &warning.message, ""))).collect()
}

fn fields(result: &GroupResult) -> Map<String, Value> {
    match serde_json::to_value(result) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A part of a result as text, for showing.
fn text(part: Option<&Value>) -> String {
    match part {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn part_named(field: &str) -> &'static str {
    match field {
        "respondents" => "part.respondents",
        "value" => "part.value",
        "category" => "part.category",
        "label" => "part.label",
        "zone" => "part.zone",
        "opinion" => "part.opinion",
        "items" => "part.items",
        "components" => "part.components",
        "steps" => "part.steps",
        "interval" => "part.interval",
        "citations" => "part.citations",
        _ => "part.other",
    }
}

/// The contradiction between a stored part and the recomputed one.
pub(super) fn difference(part: &'static str, stored: &str, computed: &str) -> Warning {
    let short = |text: &str| {
        let cut: String = text.chars().take(60).collect();
        match cut.len() {
            0 => Argument::from(Phrase::new("part.nothing")),
            length if length < text.len() => with_figures(&(cut + "…")),
            _ => with_figures(&cut),
        }
    };
    let (stored, computed) = from_first_difference(stored, computed);
    Warning::new(Code::StoredResultDiffers)
        .with("what", Phrase::new(part))
        .with("stored", short(stored))
        .with("computed", short(computed))
}

/// Both texts from shortly before the first character in which they differ, so that the sentence shows the difference.
fn from_first_difference<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    let same = one.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b).count();
    let start = same.saturating_sub(20);
    let cut = |text: &'a str| text.char_indices().nth(start).map_or(text, |(at, _)| &text[at..]);
    if same < 40 { (one, other) } else { (cut(one), cut(other)) }
}
