//! What a result was computed from, as it is stored with the result: enough to compute it again, and nothing about any person.

use crate::problem::Problem;
use rules::compliance_zone::{self, ComplianceAssessment, UnitScore};
use rules::instrument::{Body, Header, Instrument};
use rules::outcome::Outcome;
use rules::phrase::Phrase;
use rules::quantity::{Ratio, exact_text, parse_ratio};
use rules::satisfaction_index::{Calculation, Data, SatisfactionSurvey, WeightPolicy};
use rules::service_index::{Assessment, ServiceIndex, UserSurvey};
use rules::tally::Tally;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Exact numbers by key: `"105/29"`, `"3.62"`.
pub type Numbers = BTreeMap<String, String>;

/// The inputs of one result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Inputs {
    /// SKM answers, as integer sums over complete respondents.
    Answers {
        /// Respondents counted.
        respondents: u64,
        /// Sum of the answers per element.
        sums: BTreeMap<String, u64>,
        /// Sum over respondents of the square of their total answer; the interval needs it.
        total_squares: Option<String>,
        /// Weight policy: `exact`, `round2`, `round3`.
        weights: String,
        /// People served, where known.
        population: Option<u64>,
    },
    /// SKM element means from a report.
    Means {
        /// Mean per element.
        means: Numbers,
        /// Respondents, where the report says.
        respondents: Option<u64>,
        /// Weight policy.
        weights: String,
        /// People served, where known.
        population: Option<u64>,
    },
    /// IPP levels of one unit.
    Levels {
        /// Level per indicator.
        levels: Numbers,
        /// Mean of form F-03.
        f03: Option<String>,
        /// Respondents of form F-03, where known.
        f03_respondents: Option<u64>,
    },
    /// A published score of one unit.
    Score {
        /// The score.
        score: String,
    },
    /// Scores of an Ombudsman unit per dimension.
    Dimensions {
        /// Score per dimension.
        scores: Numbers,
    },
    /// Units of an institution or region with their own inputs.
    Units {
        /// Inputs per unit.
        units: BTreeMap<String, Inputs>,
        /// Level of compliance with the Ombudsman's products.
        compliance: Option<String>,
    },
}

/// Longest fraction accepted from a file; a mean of some million answers has twenty digits.
const LONGEST_FRACTION: usize = 80;

impl Inputs {
    /// The inputs of a tally.
    pub(crate) fn of_tally(
        survey: &SatisfactionSurvey,
        tally: &Tally,
        elements: &[usize],
        policy: WeightPolicy,
        population: Option<u64>,
    ) -> Self {
        let sums = elements.iter().zip(&tally.sums).map(|(element, sum)| (survey.elements[*element].key.clone(), *sum));
        Self::Answers {
            respondents: tally.respondents,
            sums: sums.collect(),
            total_squares: (tally.total_squares > 0).then(|| tally.total_squares.to_string()),
            weights: policy.as_str().to_owned(),
            population,
        }
    }

    /// The result these inputs give under an instrument.
    ///
    /// # Errors
    /// When the inputs are not of the instrument's family, name unknown elements, or hold impossible numbers.
    pub fn outcome(&self, instrument: &Instrument) -> Result<Outcome, Problem> {
        let header = &instrument.header;
        match &instrument.body {
            Body::Satisfaction(survey) => self.satisfaction(header, survey),
            Body::ServiceIndex(index) => self.service_index(header, index),
            Body::Compliance(assessment) => self.compliance(header, assessment),
            _ => Err(unfit("inputs.no-index")),
        }
    }

    fn satisfaction(&self, header: &Header, survey: &SatisfactionSurvey) -> Result<Outcome, Problem> {
        let position = |key: &str| {
            let found = survey.elements.iter().position(|element| element.key == key);
            found.ok_or_else(|| unfit_with("inputs.unknown-key", key))
        };
        let policy_of = |word: &str| WeightPolicy::named(word).ok_or_else(|| unfit_with("inputs.unknown-key", word));
        match self {
            Self::Answers { respondents, sums, total_squares, weights, population } => {
                let elements = sums.keys().map(|key| position(key)).collect::<Result<Vec<_>, _>>()?;
                let (low, high) = (u64::from(survey.answers.lowest), u64::from(survey.answers.highest));
                let possible = |sum: &u64| {
                    let least = respondents.checked_mul(low);
                    let most = respondents.checked_mul(high);
                    least.is_some_and(|least| least <= *sum) && most.is_some_and(|most| *sum <= most)
                };
                if let Some((key, _)) = sums.iter().find(|(_, sum)| !possible(sum)) {
                    return Err(unfit_with("inputs.impossible-sum", key));
                }
                let total_squares = match total_squares {
                    None => 0,
                    Some(text) => text.parse::<u128>().map_err(|_| unfit_with("inputs.not-a-number", text))?,
                };
                let tally = Tally {
                    respondents: *respondents,
                    sums: sums.values().copied().collect(),
                    total_squares,
                    detail: None,
                };
                let data = Data::Answers { tally: &tally, elements: &elements };
                let policy = policy_of(weights)?;
                Ok(Calculation { header, survey, data, policy, population: *population }.outcome())
            }
            Self::Means { means, respondents, weights, population } => {
                let mut placed = vec![None; survey.elements.len()];
                for (key, mean) in means {
                    placed[position(key)?] = Some(number(mean, survey.answers.lowest, survey.answers.highest)?);
                }
                let data = Data::Means { means: placed, respondents: *respondents };
                let policy = policy_of(weights)?;
                Ok(Calculation { header, survey, data, policy, population: *population }.outcome())
            }
            Self::Units { units, .. } => {
                let aggregation = survey.aggregation.as_ref().ok_or_else(|| unfit("inputs.other-family"))?;
                let outcomes = members(units, |inputs| inputs.satisfaction(header, survey))?;
                Ok(aggregation.outcome(header, (survey.rounding, &survey.bands), &outcomes))
            }
            _ => Err(unfit("inputs.other-family")),
        }
    }

    fn service_index(&self, header: &Header, index: &ServiceIndex) -> Result<Outcome, Problem> {
        match self {
            Self::Levels { levels, f03, f03_respondents } => {
                let (low, high) = (index.levels.lowest, index.levels.highest);
                let mut placed = vec![None; index.indicators.len()];
                for (key, level) in levels {
                    let position = index.indicators.iter().position(|indicator| indicator.key == *key);
                    let position = position.ok_or_else(|| unfit_with("inputs.unknown-key", key))?;
                    placed[position] = Some(number(level, low, high)?);
                }
                let mean = f03.as_deref().map(|mean| number(mean, low, high)).transpose()?;
                let users = mean.map(|mean| UserSurvey::Mean { mean, respondents: *f03_respondents });
                Ok(Assessment { header, index, levels: placed, users }.outcome())
            }
            Self::Units { units, .. } => {
                let outcomes = members(units, |inputs| inputs.service_index(header, index))?;
                Ok(index.aggregation.outcome(header, (index.rounding, &index.bands), &outcomes))
            }
            _ => Err(unfit("inputs.other-family")),
        }
    }

    fn compliance(&self, header: &Header, assessment: &ComplianceAssessment) -> Result<Outcome, Problem> {
        let score_of = |text: &str| {
            let score = parse_bounded(text)?;
            let inside = assessment.scale.lowest <= score && score <= assessment.scale.highest;
            if inside { Ok(score) } else { Err(unfit_with("inputs.outside-scale", text)) }
        };
        match self {
            Self::Score { score } => Ok(compliance_zone::unit(header, assessment, &UnitScore::Given(score_of(score)?))),
            Self::Dimensions { scores } => {
                let known = |key: &String| assessment.dimensions.iter().any(|dimension| dimension.key == *key);
                if let Some(unknown) = scores.keys().find(|key| !known(key)) {
                    return Err(unfit_with("inputs.unknown-key", unknown));
                }
                let placed = assessment.dimensions.iter().map(|dimension| scores.get(&dimension.key));
                let placed: Result<Vec<Option<Ratio>>, Problem> =
                    placed.map(|score| score.map(|score| score_of(score)).transpose()).collect();
                Ok(compliance_zone::unit(header, assessment, &UnitScore::Dimensions(placed?)))
            }
            Self::Units { units, compliance } => {
                let outcomes = members(units, |inputs| inputs.compliance(header, assessment))?;
                Ok(compliance_zone::institution(header, assessment, &outcomes, compliance.as_deref()))
            }
            _ => Err(unfit("inputs.other-family")),
        }
    }
}

/// Results of units; a unit cannot itself be a group of units, so that a crafted file cannot nest without end.
fn members(
    units: &BTreeMap<String, Inputs>,
    outcome: impl Fn(&Inputs) -> Result<Outcome, Problem>,
) -> Result<Vec<(String, Outcome)>, Problem> {
    let of = |(name, inputs): (&String, &Inputs)| match inputs {
        Inputs::Units { .. } => Err(unfit("inputs.nested-units")),
        inputs => Ok((name.clone(), outcome(inputs)?)),
    };
    units.iter().map(of).collect()
}

fn number(text: &str, lowest: u8, highest: u8) -> Result<Ratio, Problem> {
    let value = parse_bounded(text)?;
    let inside = rules::quantity::whole(lowest) <= value && value <= rules::quantity::whole(highest);
    if inside { Ok(value) } else { Err(unfit_with("inputs.outside-scale", text)) }
}

fn parse_bounded(text: &str) -> Result<Ratio, Problem> {
    if text.len() > LONGEST_FRACTION {
        return Err(unfit_with("inputs.not-a-number", &text.chars().take(40).collect::<String>()));
    }
    parse_ratio(text).map_err(|error| unfit_with("inputs.not-a-number", &error.0))
}

/// A ratio as inputs store it.
pub(crate) fn stored(value: &Ratio) -> String {
    exact_text(value)
}

fn unfit(key: &'static str) -> Problem {
    Problem::Input(Phrase::new(key))
}

fn unfit_with(key: &'static str, what: &str) -> Problem {
    Problem::Input(Phrase::new(key).with("what", what))
}
