//! The shape of a published result as JSON: what other programs read, and what `prima verify` recomputes.

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
pub(crate) struct ResultFile {
    /// Instrument the results were made with.
    pub(crate) instrument: String,
    /// Name of the instrument.
    pub(crate) title: String,
    /// Language of names and sentences: `id` or `en`.
    pub(crate) language: String,
    /// One result per group, in natural order of the group.
    pub(crate) results: Vec<GroupResult>,
    /// Rows of the input that could not be used.
    pub(crate) left_out: LeftOutRows,
}

/// The result of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupResult {
    /// The group: `{"unit": "Disdukcapil", "period": "2026 TW III"}`.
    pub(crate) group: BTreeMap<String, String>,
    /// Respondents, where known.
    pub(crate) respondents: Option<u64>,
    /// The official value with its official decimals; absent when a required part is missing.
    pub(crate) value: Option<String>,
    /// Category code.
    pub(crate) category: Option<String>,
    /// Name of the category.
    pub(crate) label: Option<String>,
    /// Zone word, where the instrument has zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) zone: Option<String>,
    /// Opinion, where the instrument gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opinion: Option<String>,
    /// Elements, indicators, dimensions or units.
    pub(crate) items: Vec<ItemResult>,
    /// Aspects, F-02, F-03, parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) components: Vec<ComponentResult>,
    /// The steps, from data to category.
    pub(crate) steps: Vec<StepResult>,
    /// Confidence interval, where answers are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) interval: Option<IntervalResult>,
    /// Reliability and differences, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) statistics: Option<StatisticsResult>,
    /// What a careful reader must know.
    pub(crate) warnings: Vec<WarningResult>,
    /// The rules applied.
    pub(crate) citations: Vec<CitationResult>,
    /// What the result was computed from.
    pub(crate) inputs: Inputs,
    /// SHA-256 over instrument, group, value, category and inputs; changes when any of them does.
    pub(crate) fingerprint: String,
}

/// One element, indicator, dimension or unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemResult {
    /// Stable key.
    pub(crate) key: String,
    /// Name.
    pub(crate) name: String,
    /// Sum of the answers, where answers are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sum: Option<u64>,
    /// Mean answer, level or score, four decimals.
    pub(crate) mean: String,
    /// Exact weight: `1/9`, `0.11`.
    pub(crate) weight: String,
    /// Mean × weight, four decimals.
    pub(crate) weighted: String,
}

/// A part between items and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComponentResult {
    /// Stable key.
    pub(crate) key: String,
    /// Name.
    pub(crate) name: String,
    /// Value, four decimals.
    pub(crate) value: String,
    /// Exact weight in the next level up.
    pub(crate) weight: String,
}

/// One step of the calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepResult {
    /// What is computed.
    pub(crate) what: String,
    /// Named inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) inputs: Vec<StepInput>,
    /// Formula with its numbers.
    pub(crate) formula: String,
    /// Outcome as shown.
    pub(crate) output: String,
    /// Outcome without rounding, when it is a number that was rounded for showing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exact: Option<String>,
    /// Regulation and article.
    pub(crate) citation: String,
    /// The steps that led to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) steps: Vec<StepResult>,
}

/// A named input of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepInput {
    /// What the number is.
    pub(crate) name: String,
    /// The number.
    pub(crate) value: String,
}

/// A confidence interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntervalResult {
    /// Level: `0.95`.
    pub(crate) confidence: String,
    /// Half width.
    pub(crate) margin: String,
    /// Lower end.
    pub(crate) low: String,
    /// Upper end.
    pub(crate) high: String,
    /// Method: `normal`, `student-t`, with `+fpc` when the population was finite and known.
    pub(crate) method: String,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WarningResult {
    /// Stable code, listed in `docs/rule-codes.md`.
    pub(crate) code: String,
    /// Sentence.
    pub(crate) message: String,
}

/// A rule applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CitationResult {
    /// Regulation.
    pub(crate) regulation: String,
    /// Article or annex, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) article: Option<String>,
    /// Public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) read_at: Option<String>,
    /// `verified`, `own-knowledge` or `uncertain`.
    pub(crate) status: String,
}

/// Rows that could not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftOutRows {
    /// How many rows.
    pub(crate) rows: u64,
    /// The first bad cells, in order of their lines.
    pub(crate) first: Vec<BadCellResult>,
}

/// A cell that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BadCellResult {
    /// File name.
    pub(crate) file: String,
    /// Line in the file as a person sees it.
    pub(crate) line: u64,
    /// Column name.
    pub(crate) column: String,
    /// What was found.
    pub(crate) found: String,
    /// Stable code.
    pub(crate) code: String,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl GroupResult {
    /// The published form of an outcome.
    pub(crate) fn new(group: &[(String, String)], outcome: &Outcome, inputs: Inputs, language: Language) -> Self {
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
    pub(crate) fn new(step: &Step, language: Language) -> Self {
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
    pub(crate) fn new(warning: &Warning, language: Language) -> Self {
        Self { code: warning.code.as_str().to_owned(), message: warning.message(language) }
    }
}

impl CitationResult {
    pub(crate) fn new(citation: &Citation) -> Self {
        Self {
            regulation: citation.regulation.clone(),
            article: citation.article.clone(),
            read_at: citation.read_at.clone(),
            status: citation.status.as_str().to_owned(),
        }
    }
}
