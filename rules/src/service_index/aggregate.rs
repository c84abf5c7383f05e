//! From units to an institution, from institutions to a region.

use super::{AggregationRule, ServiceIndex};
use crate::citation::Status;
use crate::instrument::Header;
use crate::outcome::{Draft, Outcome};
use crate::phrase::Phrase;
use crate::quantity::{Decimal, Ratio};
use crate::warning::{Code, Warning};

/// The index of an institution or region: the simple mean of its members, each given by name and result.
///
/// Members without a value are left out and named in a warning, so that a missing unit never counts as zero.
#[must_use]
pub fn aggregate(header: &Header, index: &ServiceIndex, members: &[(String, Outcome)]) -> Outcome {
    let value_of = |outcome: &Outcome| match index.aggregation.rule {
        AggregationRule::MeanOfPublished => outcome.value.as_ref().map(Decimal::value),
        AggregationRule::MeanOfExact => outcome.exact.clone(),
    };
    let values: Vec<(String, Option<Ratio>)> =
        members.iter().map(|(name, outcome)| (name.clone(), value_of(outcome))).collect();
    let mut draft = Draft::mean_of_units(header, index.rounding, &index.bands, &values);
    draft.respondents = members.iter().try_fold(0_u64, |total, (_, outcome)| total.checked_add(outcome.respondents?));
    for (name, outcome) in members {
        let few = outcome.warnings.iter().filter(|warning| warning.code == Code::TooFewUsers);
        draft.warnings.extend(few.cloned().map(|warning| warning.of_unit(name)));
    }
    if index.aggregation.status != Status::Verified {
        let parameter = Phrase::new("parameter.aggregation");
        draft.warnings.push(Warning::new(Code::UncertainParameter).with("parameter", parameter));
    }
    draft.finish()
}
