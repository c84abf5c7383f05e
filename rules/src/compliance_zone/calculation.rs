//! From dimension scores to a unit, from units to the institution's zone, category and opinion.

use super::{ComplianceAssessment, Dimension};
use crate::citation::Status;
use crate::instrument::{Band, Header};
use crate::outcome::{Component, Draft, Item, Outcome};
use crate::phrase::Phrase;
use crate::quantity::{Decimal, Ratio, exact_text, sum};
use crate::step::{Step, shown};
use crate::warning::{Code, Warning};

/// What is known of one unit.
#[derive(Debug, Clone)]
pub enum UnitScore {
    /// The score as published.
    Given(Ratio),
    /// The score of each dimension, by position in the instrument; nothing where none was given.
    Dimensions(Vec<Option<Ratio>>),
}

/// The result of one unit.
#[must_use]
pub fn unit(header: &Header, assessment: &ComplianceAssessment, score: &UnitScore) -> Outcome {
    let by = header.citation();
    match score {
        UnitScore::Given(score) => {
            let step = Step::number(Phrase::new("ombudsman.given-score"), "", score, &by);
            let exact = Some(score.clone());
            let mut draft = Draft::new(header, assessment.rounding, &assessment.bands, exact);
            draft.steps = vec![step];
            draft.finish()
        }
        UnitScore::Dimensions(scores) => from_dimensions(header, assessment, scores, &by),
    }
}

fn from_dimensions(header: &Header, assessment: &ComplianceAssessment, scores: &[Option<Ratio>], by: &str) -> Outcome {
    let score_of = |position: usize| scores.get(position).and_then(Option::as_ref);
    let weight_of = |dimension: &Dimension| {
        let part = assessment.parts.iter().find(|part| part.key == dimension.part);
        part.map(|part| &part.weight * &dimension.weight).unwrap_or_default()
    };
    let mut items = Vec::new();
    let mut warnings = Vec::new();
    for (position, dimension) in assessment.dimensions.iter().enumerate() {
        let Some(score) = score_of(position) else {
            warnings.push(Warning::new(Code::MissingDimension).with("dimension", &dimension.name));
            continue;
        };
        let weight = weight_of(dimension);
        let weighted = score * &weight;
        let (key, name) = (dimension.key.clone(), dimension.name.clone());
        items.push(Item { key, name, mean: score.clone(), sum: None, weight, weighted });
    }
    let complete = warnings.is_empty() && !items.is_empty();
    let exact = complete.then(|| sum(items.iter().map(|item| &item.weighted)));
    let uncertain = assessment.dimensions.iter().any(|dimension| dimension.status == Status::Uncertain);
    if uncertain {
        let parameter = Phrase::new("parameter.dimension-weights");
        warnings.push(Warning::new(Code::UncertainParameter).with("parameter", parameter));
    }
    let parts: Vec<String> =
        items.iter().map(|item| format!("{} × {}", shown(&item.mean), exact_text(&item.weight))).collect();
    let what = Phrase::new("ombudsman.unit-score");
    let mut draft = Draft::new(header, assessment.rounding, &assessment.bands, exact);
    draft.steps = draft.exact.iter().map(|exact| Step::number(what.clone(), parts.join(" + "), exact, by)).collect();
    draft.components = if complete { components(assessment, scores) } else { Vec::new() };
    draft.items = items;
    draft.warnings = warnings;
    draft.finish()
}

fn components(assessment: &ComplianceAssessment, scores: &[Option<Ratio>]) -> Vec<Component> {
    let value_of = |part: &str| {
        let inside = assessment.dimensions.iter().zip(scores).filter(|(dimension, _)| dimension.part == part);
        let parts: Vec<Ratio> =
            inside.filter_map(|(dimension, score)| Some(score.as_ref()? * &dimension.weight)).collect();
        sum(&parts)
    };
    let component = |part: &super::Part| Component {
        key: part.key.clone(),
        name: part.name.clone(),
        value: value_of(&part.key),
        weight: part.weight.clone(),
    };
    assessment.parts.iter().map(component).collect()
}

/// The result of an institution: the simple mean of its units' scores, rounded once. `compliance` is the key of the level of
/// compliance with the Ombudsman's products, where the instrument knows such levels and the file gives one.
#[must_use]
pub fn institution(
    header: &Header,
    assessment: &ComplianceAssessment,
    units: &[(String, Outcome)],
    compliance: Option<&str>,
) -> Outcome {
    let scores: Vec<(String, Option<Ratio>)> =
        units.iter().map(|(name, outcome)| (name.clone(), outcome.value.as_ref().map(Decimal::value))).collect();
    let mut draft = Draft::mean_of_units(header, assessment.rounding, &assessment.bands, &scores);
    if assessment.institution.status == Status::Uncertain {
        let parameter = Phrase::new("parameter.aggregation");
        draft.warnings.push(Warning::new(Code::UncertainParameter).with("parameter", parameter));
    }
    let mut outcome = draft.finish();
    outcome.opinion = outcome.band.as_ref().and_then(|band| opinion_of(assessment, band, compliance));
    outcome
}

/// The institution's opinion: the word of the band, with the suffix of its compliance level.
#[must_use]
pub fn opinion_of(assessment: &ComplianceAssessment, band: &Band, compliance: Option<&str>) -> Option<String> {
    let opinion = band.opinion.as_deref()?;
    let level = compliance.and_then(|word| assessment.compliance_level(word));
    Some(match level.and_then(|level| level.suffix.as_deref()) {
        Some(suffix) => format!("{opinion} {suffix}"),
        None => opinion.to_owned(),
    })
}
