//! From answers or element means to the index.

use super::{SatisfactionSurvey, WeightPolicy};
use crate::instrument::{Band, Header, classify};
use crate::outcome::Interval;
use crate::quantity::{Decimal, Ratio, ratio, sum};
use crate::statistics::interval_of_index;
use crate::tally::Tally;

/// What is known of one group of respondents. Positions are those of [`SatisfactionSurvey::elements`].
#[derive(Debug, Clone)]
pub enum Data<'a> {
    /// Counted answers; `elements[i]` is the element of the tally's item `i`.
    Answers {
        /// The counts.
        tally: &'a Tally,
        /// Which element each item is.
        elements: &'a [usize],
    },
    /// Published means per element, one entry per element of the survey; nothing where the source has none.
    Means {
        /// Means in the order of the survey's elements.
        means: Vec<Option<Ratio>>,
        /// Respondents, where the source says.
        respondents: Option<u64>,
    },
}

/// One index to be computed: the instrument, the data, the weights.
#[derive(Debug, Clone)]
pub struct Calculation<'a> {
    /// Identity and sources of the instrument.
    pub header: &'a Header,
    /// Its parameters.
    pub survey: &'a SatisfactionSurvey,
    /// The data.
    pub data: Data<'a>,
    /// Weights to use.
    pub policy: WeightPolicy,
    /// People served in the period, where known: for the finite-population correction and the sample size.
    pub population: Option<u64>,
}

/// The figures of an index without its steps, for tables of many groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// Respondents, where known.
    pub respondents: Option<u64>,
    /// The index with its official decimals.
    pub value: Decimal,
    /// The index before rounding.
    pub exact: Ratio,
    /// Its band.
    pub band: &'a Band,
    /// Its confidence interval, where answers are known and there are enough of them.
    pub interval: Option<Interval>,
}

impl<'a> Calculation<'a> {
    /// The index before rounding: factor × Σ (mean × weight) (Permenpan RB 14/2017, annex). Nothing without any data.
    #[must_use]
    pub fn exact(&self) -> Option<Ratio> {
        match &self.data {
            // One division at the end: the sums are integers and all elements share weight and count.
            Data::Answers { tally, elements } => (tally.respondents > 0 && !elements.is_empty()).then(|| {
                let weight = self.policy.weight(elements.len());
                &self.survey.index.factor * weight * ratio(tally.grand_total(), tally.respondents)
            }),
            Data::Means { means, .. } => {
                let present: Vec<&Ratio> = means.iter().flatten().collect();
                let weight = self.policy.weight(present.len());
                (!present.is_empty()).then(|| &self.survey.index.factor * weight * sum(present))
            }
        }
    }

    /// The figures without steps. Nothing without any data.
    #[must_use]
    pub fn summary(&self) -> Option<Summary<'a>> {
        let exact = self.exact()?;
        let value = self.survey.rounding.round(&exact);
        let band = classify(&self.survey.bands, &value);
        Some(Summary { respondents: self.respondents(), interval: self.interval(&exact), value, exact, band })
    }

    /// Respondents, where known.
    #[must_use]
    pub fn respondents(&self) -> Option<u64> {
        match &self.data {
            Data::Answers { tally, .. } => Some(tally.respondents),
            Data::Means { respondents, .. } => *respondents,
        }
    }

    /// The mean of each element that has data, by position in the survey.
    #[must_use]
    pub fn means(&self) -> Vec<Option<Ratio>> {
        match &self.data {
            Data::Means { means, .. } => means.clone(),
            Data::Answers { tally, elements } => {
                let mut means = vec![None; self.survey.elements.len()];
                for (item, element) in elements.iter().enumerate() {
                    means[*element] = tally.mean(item);
                }
                means
            }
        }
    }

    /// Whether there are data for an element.
    pub(super) fn has_data(&self, element: usize) -> bool {
        match &self.data {
            Data::Answers { elements, .. } => elements.contains(&element),
            Data::Means { means, .. } => means.get(element).is_some_and(Option::is_some),
        }
    }

    /// The sum of answers of an element, where answers are known.
    pub(super) fn sum_of(&self, element: usize) -> Option<u64> {
        match &self.data {
            Data::Means { .. } => None,
            Data::Answers { tally, elements } => {
                let item = elements.iter().position(|known| *known == element)?;
                tally.sums.get(item).copied()
            }
        }
    }

    /// The 95 % interval of the index: the spread of the respondents' own indices, scaled by factor × weight.
    fn interval(&self, exact: &Ratio) -> Option<Interval> {
        let Data::Answers { tally, elements } = &self.data else { return None };
        let scale = &self.survey.index.factor * self.policy.weight(elements.len());
        let end = |answer: u8| Ratio::new_raw(scale.numer() * elements.len() * answer, scale.denom().clone());
        let (low, high) = (end(self.survey.answers.lowest), end(self.survey.answers.highest));
        interval_of_index(tally, &scale, exact, (&low, &high), self.population, self.survey.rounding)
    }
}
