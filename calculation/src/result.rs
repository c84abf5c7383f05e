//! The shape of a published result as JSON: what other programs read, and what verifying recomputes.

use crate::inputs::Inputs;
use crate::score::StatisticsResult;
use rules::citation::Citation;
use rules::outcome::{Component, Interval, Item, Outcome};
use rules::phrase::Language;
use rules::quantity::{Decimal, exact_text};
use rules::step::{SHOWN_PLACES, Step};
use rules::warning::Warning;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Results of one instrument for one or more groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultFile {
    /// Instrument the results were made with.
    pub instrument: String,
    /// Name of the instrument.
    pub title: String,
    /// Language of names and sentences: `id` or `en`.
    pub language: String,
    /// One result per group, in natural order of the group.
    pub results: Vec<GroupResult>,
    /// Rows of the input that could not be used.
    pub left_out: LeftOutRows,
}

/// The result of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupResult {
    /// The group: `{"unit": "Disdukcapil", "period": "2026 TW III"}`.
    pub group: BTreeMap<String, String>,
    /// Respondents, where known.
    pub respondents: Option<u64>,
    /// The official value with its official decimals; absent when a required part is missing.
    pub value: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// Name of the category.
    pub label: Option<String>,
    /// Zone word, where the instrument has zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Opinion, where the instrument gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
    /// Elements, indicators, dimensions or units.
    pub items: Vec<ItemResult>,
    /// Aspects, F-02, F-03, parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ComponentResult>,
    /// The steps, from data to category.
    pub steps: Vec<StepResult>,
    /// Confidence interval, where answers are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<IntervalResult>,
    /// Reliability and differences, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<StatisticsResult>,
    /// What a careful reader must know.
    pub warnings: Vec<WarningResult>,
    /// The rules applied.
    pub citations: Vec<CitationResult>,
    /// What the result was computed from.
    pub inputs: Inputs,
    /// SHA-256 over instrument, group, value, category and inputs; changes when any of them does.
    pub fingerprint: String,
}

/// One element, indicator, dimension or unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemResult {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Sum of the answers, where answers are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<u64>,
    /// Mean answer, level or score, four decimals.
    pub mean: String,
    /// Exact weight: `1/9`, `0.11`.
    pub weight: String,
    /// Mean × weight, four decimals.
    pub weighted: String,
}

/// A part between items and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentResult {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Value, four decimals.
    pub value: String,
    /// Exact weight in the next level up.
    pub weight: String,
}

/// One step of the calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepResult {
    /// What is computed.
    pub what: String,
    /// Named inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<StepInput>,
    /// Formula with its numbers.
    pub formula: String,
    /// Outcome as shown.
    pub output: String,
    /// Outcome without rounding, when it is a number that was rounded for showing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// Regulation and article.
    pub citation: String,
    /// The steps that led to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepResult>,
}

/// A named input of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    /// What the number is.
    pub name: String,
    /// The number.
    pub value: String,
}

/// A confidence interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntervalResult {
    /// Level: `0.95`.
    pub confidence: String,
    /// Half width.
    pub margin: String,
    /// Lower end.
    pub low: String,
    /// Upper end.
    pub high: String,
    /// Method: `normal`, `student-t`, with `+fpc` when the population was finite and known.
    pub method: String,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarningResult {
    /// Stable code, listed in `docs/rule-codes.md`.
    pub code: String,
    /// Sentence.
    pub message: String,
}

/// A rule applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CitationResult {
    /// Regulation.
    pub regulation: String,
    /// Article or annex, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<String>,
    /// `verified`, `own-knowledge` or `uncertain`.
    pub status: String,
}

/// Rows that could not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOutRows {
    /// How many rows.
    pub rows: u64,
    /// The first bad cells, in order of their lines.
    pub first: Vec<BadCellResult>,
}

/// A cell that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadCellResult {
    /// File name.
    pub file: String,
    /// Line in the file as a person sees it.
    pub line: u64,
    /// Column name.
    pub column: String,
    /// What was found.
    pub found: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl GroupResult {
    /// The published form of an outcome.
    #[must_use]
    pub fn new(group: &[(String, String)], outcome: &Outcome, inputs: Inputs, language: Language) -> Self {
        let group: BTreeMap<String, String> = group.iter().cloned().collect();
        let value = outcome.value.as_ref().map(ToString::to_string);
        let category = outcome.band.as_ref().map(|band| band.category.clone());
        let fingerprint = fingerprint(&outcome.instrument, &group, value.as_deref(), category.as_deref(), &inputs);
        Self {
            group,
            respondents: outcome.respondents,
            value,
            category,
            label: outcome.band.as_ref().map(|band| band.label.in_language(language).to_owned()),
            zone: outcome.band.as_ref().and_then(|band| band.zone.clone()),
            opinion: outcome.opinion.clone(),
            items: outcome.items.iter().map(|item| ItemResult::new(item, language)).collect(),
            components: outcome.components.iter().map(|part| ComponentResult::new(part, language)).collect(),
            steps: outcome.steps.iter().map(|step| StepResult::new(step, language)).collect(),
            interval: outcome.interval.as_ref().map(IntervalResult::new),
            statistics: None,
            warnings: outcome.warnings.iter().map(|warning| WarningResult::new(warning, language)).collect(),
            citations: outcome.citations.iter().map(CitationResult::new).collect(),
            inputs,
            fingerprint,
        }
    }
}

/// The fingerprint of a result. Fields are written as one JSON array, so that no two results share a text.
pub(crate) fn fingerprint(
    instrument: &str,
    group: &BTreeMap<String, String>,
    value: Option<&str>,
    category: Option<&str>,
    inputs: &Inputs,
) -> String {
    let content = serde_json::json!([instrument, group, value, category, inputs]).to_string();
    format!("sha256:{}", hex(&Sha256::digest(content.as_bytes())))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn four_places(value: &rules::quantity::Ratio) -> String {
    Decimal::half_up(value, SHOWN_PLACES).to_string()
}

impl ItemResult {
    fn new(item: &Item, language: Language) -> Self {
        Self {
            key: item.key.clone(),
            name: item.name.in_language(language).to_owned(),
            sum: item.sum,
            mean: four_places(&item.mean),
            weight: exact_text(&item.weight),
            weighted: four_places(&item.weighted),
        }
    }
}

impl ComponentResult {
    fn new(part: &Component, language: Language) -> Self {
        Self {
            key: part.key.clone(),
            name: part.name.in_language(language).to_owned(),
            value: four_places(&part.value),
            weight: exact_text(&part.weight),
        }
    }
}

impl StepResult {
    /// The published form of a step with those that led to it.
    #[must_use]
    pub fn new(step: &Step, language: Language) -> Self {
        let input = |input: &rules::step::Input| StepInput {
            name: input.name.in_language(language),
            value: input.value.clone(),
        };
        Self {
            what: step.what.in_language(language),
            inputs: step.inputs.iter().map(input).collect(),
            formula: step.formula.clone(),
            output: step.output.clone(),
            exact: step.exact.as_ref().map(exact_text).filter(|exact| *exact != step.output),
            citation: step.citation.clone(),
            steps: step.children.iter().map(|child| Self::new(child, language)).collect(),
        }
    }
}

impl IntervalResult {
    fn new(interval: &Interval) -> Self {
        Self {
            confidence: interval.confidence.clone(),
            margin: interval.margin.to_string(),
            low: interval.low.to_string(),
            high: interval.high.to_string(),
            method: interval.method.clone(),
        }
    }
}

impl WarningResult {
    /// The published form of a warning.
    #[must_use]
    pub fn new(warning: &Warning, language: Language) -> Self {
        Self { code: warning.code.as_str().to_owned(), message: warning.message(language) }
    }
}

impl CitationResult {
    /// The published form of a citation.
    #[must_use]
    pub fn new(citation: &Citation) -> Self {
        Self {
            regulation: citation.regulation.clone(),
            article: citation.article.clone(),
            read_at: citation.read_at.clone(),
            status: citation.status.as_str().to_owned(),
        }
    }
}
