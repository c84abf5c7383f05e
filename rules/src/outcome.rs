//! A result of an instrument: value, category, every step, and what a careful reader must know.

use crate::citation::{Citation, Status};
use crate::instrument::{Band, Header, Rounding, classify};
use crate::phrase::{Language, Phrase, Text};
use crate::quantity::{Decimal, Ratio, ratio, sum};
use crate::step::{Step, shown};
use crate::warning::{Code, Warning};

/// An official result with everything needed to recompute it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Identifier of the instrument the result was made with; the result keeps it for ever.
    pub instrument: String,
    /// Respondents behind the result, where known.
    pub respondents: Option<u64>,
    /// The official value with its official decimals; absent when a required part is missing.
    pub value: Option<Decimal>,
    /// The value before rounding.
    pub exact: Option<Ratio>,
    /// The band the rounded value falls in.
    pub band: Option<Band>,
    /// The institution's opinion, with its suffix, where the instrument gives one.
    pub opinion: Option<String>,
    /// Elements, indicators or units, in the instrument's order.
    pub items: Vec<Item>,
    /// Parts between items and value: aspects, F-02, F-03, dimensions.
    pub components: Vec<Component>,
    /// The steps, from data to category.
    pub steps: Vec<Step>,
    /// Confidence interval of the value, where answers are known.
    pub interval: Option<Interval>,
    /// What a careful reader must know.
    pub warnings: Vec<Warning>,
    /// The rules applied.
    pub citations: Vec<Citation>,
}

impl Outcome {
    /// The name of the category in one language; empty without a value.
    #[must_use]
    pub fn label(&self, language: Language) -> &str {
        self.band.as_ref().map_or("", |band| band.label.in_language(language))
    }

    /// The category code; empty without a value.
    #[must_use]
    pub fn category(&self) -> &str {
        self.band.as_ref().map_or("", |band| &band.category)
    }
}

/// One element, indicator or unit of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Stable key: the element's name, never its number.
    pub key: String,
    /// Name on screens and reports.
    pub name: Text,
    /// Mean answer ("NRR"), level or score.
    pub mean: Ratio,
    /// Sum of the answers, where answers are known.
    pub sum: Option<u64>,
    /// Weight in the value.
    pub weight: Ratio,
    /// Mean × weight ("NRR tertimbang").
    pub weighted: Ratio,
}

/// A part between the items and the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Stable key: `f02`, an aspect's key, a dimension's key.
    pub key: String,
    /// Name on screens and reports.
    pub name: Text,
    /// Value before rounding.
    pub value: Ratio,
    /// Weight in the next level up.
    pub weight: Ratio,
}

/// A two-sided confidence interval of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Level: `0.95`.
    pub confidence: String,
    /// Half width, with the decimals of the value.
    pub margin: Decimal,
    /// Lower end, not below the scale.
    pub low: Decimal,
    /// Upper end, not above the scale.
    pub high: Decimal,
    /// How it was computed: `normal`, `student-t`, with `+fpc` when the population was finite and known.
    pub method: String,
}

/// A result before its last two steps, which are the same for every instrument: round, then classify.
pub(crate) struct Draft<'a> {
    pub(crate) header: &'a Header,
    pub(crate) rounding: Rounding,
    pub(crate) bands: &'a [Band],
    pub(crate) respondents: Option<u64>,
    pub(crate) exact: Option<Ratio>,
    pub(crate) items: Vec<Item>,
    pub(crate) components: Vec<Component>,
    pub(crate) steps: Vec<Step>,
    pub(crate) interval: Option<Interval>,
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(header: &'a Header, rounding: Rounding, bands: &'a [Band], exact: Option<Ratio>) -> Self {
        Self {
            header,
            rounding,
            bands,
            respondents: None,
            exact,
            items: Vec::new(),
            components: Vec::new(),
            steps: Vec::new(),
            interval: None,
            warnings: Vec::new(),
        }
    }

    /// The simple mean of members (units of an institution, institutions of a region), each given by name and value. Members without a
    /// value are named in a warning and left out, so that a missing unit never counts as zero.
    pub(crate) fn mean_of_units(
        header: &'a Header,
        rounding: Rounding,
        bands: &'a [Band],
        members: &[(String, Option<Ratio>)],
    ) -> Self {
        let known: Vec<(&str, &Ratio)> =
            members.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_ref()?))).collect();
        let weight = ratio(1, known.len().max(1));
        let item = |(name, value): &(&str, &Ratio)| Item {
            key: (*name).to_owned(),
            name: Text::same(*name),
            mean: (*value).clone(),
            sum: None,
            weight: weight.clone(),
            weighted: *value * &weight,
        };
        let items: Vec<Item> = known.iter().map(item).collect();
        let exact = (!known.is_empty()).then(|| sum(items.iter().map(|item| &item.weighted)));
        let mut draft = Self::new(header, rounding, bands, exact);
        let values: Vec<String> = known.iter().map(|(_, value)| shown(value)).collect();
        let formula = format!("({}) ÷ {}", values.join(" + "), known.len());
        let what = Phrase::new("step.mean-of-units");
        draft.steps =
            draft.exact.iter().map(|exact| Step::number(what.clone(), &*formula, exact, &header.citation())).collect();
        draft.items = items;
        let without = members.iter().filter(|(_, value)| value.is_none());
        draft.warnings =
            without.map(|(name, _)| Warning::new(Code::UnitWithoutValue).with("unit", name.as_str())).collect();
        draft
    }

    /// Rounds, classifies and adds both as steps.
    pub(crate) fn finish(mut self) -> Outcome {
        let by = self.header.citation();
        let value = self.exact.as_ref().map(|exact| self.rounding.round(exact));
        let band = value.as_ref().map(|value| classify(self.bands, value).clone());
        if let (Some(exact), Some(value), Some(band)) = (&self.exact, &value, &band) {
            let rounding = Phrase::new("step.round").with("places", self.rounding.decimals.to_string());
            self.steps.push(Step::words(rounding, shown(exact), value.to_string(), &by));
            let (min, max) = (self.rounding.round(&band.min), self.rounding.round(&band.max));
            let formula = format!("{min} ≤ {value} ≤ {max}");
            let classify = Phrase::new("step.classify").with("label", &band.label);
            self.steps.push(Step::words(classify, formula, band.category.clone(), &by));
        }
        self.warnings.extend(band.as_ref().and_then(uncertain_band));
        Outcome {
            instrument: self.header.id.clone(),
            respondents: self.respondents,
            value,
            exact: self.exact,
            band,
            opinion: None,
            items: self.items,
            components: self.components,
            steps: self.steps,
            interval: self.interval,
            warnings: self.warnings,
            citations: self.header.basis.clone(),
        }
    }
}

/// The warning that a band's limits or name are not verified.
#[must_use]
pub fn uncertain_band(band: &Band) -> Option<Warning> {
    let parameter = Phrase::new("parameter.bands").with("category", &*band.category);
    (band.status == Status::Uncertain).then(|| Warning::new(Code::UncertainParameter).with("parameter", parameter))
}
