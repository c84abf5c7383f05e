//! Reliability of the questionnaire and differences between groups of respondents, beside the index.

use super::{Group, GroupData, Key, Scored, parts_by_group};
use rules::instrument::Body;
use rules::phrase::Text;
use rules::quantity::{Decimal, Ratio};
use rules::statistics::{Comparison, Group as Compared, compare, reliability};
use rules::tally::Tally;
use rules::warning::{Code, Warning};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Statistics of one group of respondents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatisticsResult {
    /// Cronbach's alpha, three decimals; absent for fewer than ten respondents or answers without spread.
    pub alpha: Option<String>,
    /// Correlation an element must reach ("r tabel"), two-sided 5 %.
    pub critical: Option<String>,
    /// Validity of each element.
    pub validity: Vec<ValidityResult>,
    /// Differences between groups of respondents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<DifferenceResult>,
}

/// Validity of one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidityResult {
    /// Element key.
    pub key: String,
    /// Correlation with the other elements together, three decimals; absent when answers never vary.
    pub correlation: Option<String>,
    /// Whether it reaches the critical value.
    pub valid: bool,
    /// Respondents per answer, from the lowest.
    pub counts: Vec<u64>,
}

/// A Kruskal–Wallis test between the groups of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DifferenceResult {
    /// Column compared.
    pub column: String,
    /// Groups of at least five respondents.
    pub groups: Vec<ComparedGroup>,
    /// How many smaller groups were left out.
    pub left_out: u64,
    /// H, corrected for ties, three decimals.
    pub statistic: String,
    /// Degrees of freedom.
    pub degrees: u32,
    /// p, four decimals.
    pub probability: String,
    /// ε², three decimals.
    pub effect: String,
    /// Whether p is below 5 %.
    pub significant: bool,
}

/// A group of respondents in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedGroup {
    /// Name.
    pub name: String,
    /// Respondents.
    pub respondents: u64,
    /// Mean rank of their totals, one decimal.
    pub mean_rank: String,
}

fn places(value: &Ratio, places: usize) -> String {
    Decimal::half_up(value, places).to_string()
}

/// Adds alpha and item validity to groups with detailed counts.
pub(super) fn add_reliability(scored: &Scored, groups: &mut [Group]) {
    let Body::Satisfaction(survey) = &scored.instrument.body else { return };
    for group in groups {
        let GroupData::Answers(tally, elements) = &group.data else { continue };
        let Some(detail) = &tally.detail else { continue };
        let found = reliability(tally, survey.answers.lowest);
        let validity = |(item, element): (usize, &usize)| {
            let valid = found.as_ref().map(|found| &found.items[item]);
            let correlation = valid.and_then(|valid| valid.correlation.as_ref());
            ValidityResult {
                key: survey.elements[*element].key.clone(),
                correlation: correlation.map(|correlation| places(correlation, 3)),
                valid: valid.is_some_and(|valid| valid.valid),
                counts: detail.counts[item].clone(),
            }
        };
        if found.is_none() {
            let statistic = Text { id: "Alfa Cronbach".to_owned(), en: "Cronbach's alpha".to_owned() };
            group.warnings.push(Warning::new(Code::StatisticUndefined).with("statistic", &statistic));
        }
        group.statistics = Some(StatisticsResult {
            alpha: found.as_ref().map(|found| places(&found.alpha, 3)),
            critical: found.as_ref().map(|found| places(&found.critical, 3)),
            validity: elements.iter().enumerate().map(validity).collect(),
            differences: Vec::new(),
        });
    }
}

/// Adds a comparison by `column` to every group. `parts` are grouped by the group's columns and this one, which is last.
pub(super) fn add_differences(column: &str, parts: &[(Key, Tally)], groups: &mut [Group]) {
    let by_group = parts_by_group(parts);
    for group in groups {
        let own = by_group.get(group.key.as_slice()).into_iter().flatten();
        let compared: Vec<Compared> = own
            .filter_map(|(name, tally)| {
                Some(Compared { name: (*name).to_owned(), totals: tally.detail.as_ref()?.totals.clone() })
            })
            .collect();
        if let Some(comparison) = compare(&compared) {
            group.statistics.get_or_insert_default().differences.push(difference(column, &comparison));
        }
    }
}

fn difference(column: &str, comparison: &Comparison) -> DifferenceResult {
    let group = |(name, respondents, rank): &(String, u64, Ratio)| ComparedGroup {
        name: name.clone(),
        respondents: *respondents,
        mean_rank: places(rank, 1),
    };
    DifferenceResult {
        column: column.to_owned(),
        groups: comparison.groups.iter().map(group).collect(),
        left_out: comparison.left_out.len() as u64,
        statistic: places(&comparison.statistic, 3),
        degrees: comparison.degrees,
        probability: places(&comparison.probability, 4),
        effect: places(&comparison.effect, 3),
        significant: comparison.significant(),
    }
}
