//! From units to an institution, from institutions to a region.

use crate::citation::Status;
use crate::instrument::{Band, Header, Rounding};
use crate::outcome::{Draft, Outcome};
use crate::phrase::{Phrase, Text};
use crate::quantity::{Decimal, Ratio};
use crate::warning::{Code, Warning};
use serde::Deserialize;

/// How units make an institution's or region's index.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregation {
    /// The rule.
    pub rule: AggregationRule,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// Rules of aggregation in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AggregationRule {
    /// Simple mean of the published, rounded values of the units, so that anyone can recompute it from what was published.
    MeanOfPublished,
    /// Simple mean of the exact values of the units.
    MeanOfExact,
}

impl Aggregation {
    /// The index of an institution or region: the simple mean of its members, each given by name and result.
    ///
    /// Members without a value are left out and named in a warning, so that a missing unit never counts as zero.
    #[must_use]
    pub fn outcome(
        &self,
        header: &Header,
        (rounding, bands): (Rounding, &[Band]),
        members: &[(String, Outcome)],
    ) -> Outcome {
        let value_of = |outcome: &Outcome| match self.rule {
            AggregationRule::MeanOfPublished => outcome.value.as_ref().map(Decimal::value),
            AggregationRule::MeanOfExact => outcome.exact.clone(),
        };
        let values: Vec<(String, Option<Ratio>)> =
            members.iter().map(|(name, outcome)| (name.clone(), value_of(outcome))).collect();
        let mut draft = Draft::mean_of_units(header, rounding, bands, &values);
        draft.respondents =
            members.iter().try_fold(0_u64, |total, (_, outcome)| total.checked_add(outcome.respondents?));
        for (name, outcome) in members {
            let too_few = |code| matches!(code, Code::TooFewUsers | Code::TooFewRespondents);
            let few = outcome.warnings.iter().filter(|warning| too_few(warning.code));
            draft.warnings.extend(few.cloned().map(|warning| warning.of_unit(name)));
        }
        if self.status != Status::Verified {
            // No article says so: what leads back is the parameter, where its note stands.
            let parameter_of = format!("{} [aggregation]", header.id);
            draft.steps.iter_mut().for_each(|step| step.citation.clone_from(&parameter_of));
            let parameter = Phrase::new("parameter.aggregation");
            draft.warnings.push(Warning::new(Code::UncertainParameter).with("parameter", parameter));
        }
        draft.finish()
    }
}
