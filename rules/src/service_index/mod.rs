//! IPP, the ministry's service index: Permenpan RB 17/2017 and 29/2022 (amended 4/2023).
//!
//! An evaluator gives every indicator a level 0–5 (form F-02), users answer form F-03 on the same scale, and
//! IPP = F-02 part + F-03 part, in the ratio the instrument file states. F-01, the unit's own statement, is evidence and no number.

mod calculation;

pub use calculation::{Assessment, UserSurvey};

use crate::aggregation::Aggregation;
use crate::citation::Status;
use crate::instrument::check::{FileBody, adds_to_one, distinct, whole_scale};
use crate::instrument::{Band, Fault, Place, Rounding, check_bands, check_scale, exact};
use crate::phrase::{Phrase, Text, plain_words};
use crate::quantity::{Ratio, parse_decimal, whole};
use crate::satisfaction_index::AnswerScale;
use num_traits::{ToPrimitive, Zero};
use serde::Deserialize;

/// The parameters of one IPP instrument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ServiceIndex {
    /// How the indicator weights are known.
    #[serde(default)]
    pub weights_status: Status,
    /// Rounding of the index.
    pub rounding: Rounding,
    /// Levels of F-02 and answers of F-03.
    pub levels: AnswerScale,
    /// The ratio of F-02 and F-03.
    pub components: Components,
    /// What is asked of the number of F-03 respondents.
    pub f03: UserSurveyRule,
    /// From units to an institution or region.
    pub aggregation: Aggregation,
    /// Aspects in the order of the form.
    pub aspects: Vec<Aspect>,
    /// Indicators of F-02 in the order of the form.
    pub indicators: Vec<Indicator>,
    /// Questions of F-03; empty where they are not known.
    #[serde(default)]
    pub f03_items: Vec<UserQuestion>,
    /// Categories, highest first.
    pub bands: Vec<Band>,
}

/// The ratio of the two forms.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Components {
    /// Share of F-02, the evaluators.
    #[serde(with = "exact")]
    pub f02: Ratio,
    /// Share of F-03, the users.
    #[serde(with = "exact")]
    pub f03: Ratio,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// What is asked of the number of F-03 respondents; a shortfall is flagged, never counted as zero.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSurveyRule {
    /// Below this number the result carries a warning.
    pub minimum_respondents: u64,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// One aspect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Weight in F-02.
    #[serde(with = "exact")]
    pub weight: Ratio,
}

/// One indicator of F-02.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Stable key.
    pub key: String,
    /// Number on this form: column `i7` of an input file is number 7.
    pub number: usize,
    /// Code on the form, where known; its suffix is the principle.
    pub code: Option<String>,
    /// Key of its aspect.
    pub aspect: String,
    /// Name.
    pub name: Text,
    /// Weight inside its aspect.
    #[serde(with = "exact")]
    pub weight: Ratio,
    /// Whether it counts; the queue system is recorded but not scored.
    #[serde(default = "yes")]
    pub scored: bool,
    /// What each level from lowest to highest means, in our own plain words; empty where not known.
    #[serde(default)]
    pub levels: Vec<Text>,
    /// What form F-01 asks as evidence.
    #[serde(default)]
    pub evidence: Vec<Text>,
}

fn yes() -> bool {
    true
}

/// One question of F-03.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserQuestion {
    /// Stable key.
    pub key: String,
    /// Position: column `f3` of an input file is number 3.
    pub number: usize,
    /// Code on the form.
    pub code: Option<String>,
    /// Key of its aspect.
    pub aspect: String,
    /// The question.
    pub text: Text,
}

impl ServiceIndex {
    /// The position of the indicator a name means: its key, its name, its code `7.a.T`, or its number as `i7`, `i_7`, `indikator 7`, `7` or
    /// `7.0`, as programs export it.
    #[must_use]
    pub fn indicator(&self, name: &str) -> Option<usize> {
        let name = name.trim().to_lowercase().replace([' ', '_'], "-");
        let prefixes = ["indikator-", "indikator", "indicator-", "indicator", "i-", "i"];
        let digits = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
        let number =
            parse_decimal(digits).ok().filter(Ratio::is_integer).and_then(|number| number.to_integer().to_usize());
        let words = plain_words(&name);
        self.indicators.iter().position(|indicator| {
            let coded = indicator.code.as_ref().is_some_and(|code| code.to_lowercase() == name);
            let named = [&indicator.key, &indicator.name.id, &indicator.name.en]
                .into_iter()
                .any(|known| plain_words(known) == words);
            number == Some(indicator.number) || coded || named
        })
    }

    /// Whether a column holds answers to a question of F-03: its key, or a number on the form (`f3`, `f03-3`, `q3`, `item 3`). Where the
    /// questions of an instrument are not known, any number is one.
    #[must_use]
    pub fn is_user_question(&self, column: &str) -> bool {
        let name = column.trim().to_lowercase().replace([' ', '_'], "-");
        let prefixes = ["f03-", "f-03-", "pertanyaan-", "pertanyaan", "item-", "item", "soal-", "soal", "f", "q", "p"];
        let digits = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
        // `f03` itself is the mean of the form, not question 3.
        let number = digits.filter(|digits| !digits.starts_with('0')).and_then(|digits| digits.parse::<usize>().ok());
        if self.f03_items.is_empty() {
            return number.is_some();
        }
        self.f03_items.iter().any(|item| item.key == name || number == Some(item.number))
    }

    /// The aspects that count.
    pub fn scored_aspects(&self) -> impl Iterator<Item = &Aspect> {
        self.aspects.iter().filter(|aspect| !aspect.weight.is_zero())
    }

    /// The scored indicators of an aspect with their positions.
    pub fn indicators_of<'a>(&'a self, aspect: &'a str) -> impl Iterator<Item = (usize, &'a Indicator)> {
        self.indicators.iter().enumerate().filter(move |(_, indicator)| indicator.scored && indicator.aspect == aspect)
    }
}

impl FileBody for ServiceIndex {
    const KEYS: &'static [&'static str] = &[
        "weights_status",
        "rounding",
        "levels",
        "components",
        "f03",
        "aggregation",
        "aspects",
        "indicators",
        "f03_items",
        "bands",
    ];

    fn check(&self) -> Result<(), Fault> {
        distinct("aspects", self.aspects.iter().map(|aspect| aspect.key.as_str()))?;
        distinct("indicators", self.indicators.iter().map(|indicator| indicator.key.as_str()))?;
        distinct("f03_items", self.f03_items.iter().map(|item| item.key.as_str()))?;
        adds_to_one(Place::Table("components"), [&self.components.f02, &self.components.f03].into_iter())?;
        adds_to_one(Place::Entry("aspects", 0), self.aspects.iter().map(|aspect| &aspect.weight))?;
        for (index, aspect) in self.aspects.iter().enumerate().filter(|(_, aspect)| !aspect.weight.is_zero()) {
            let weights = self.indicators_of(&aspect.key).map(|(_, indicator)| &indicator.weight);
            adds_to_one(Place::Entry("aspects", index), weights)?;
        }
        whole_scale(Place::Table("levels"), self.levels.lowest, self.levels.highest)?;
        let levels = usize::from(self.levels.highest - self.levels.lowest) + 1;
        for (index, indicator) in self.indicators.iter().enumerate() {
            let place = Place::Entry("indicators", index);
            if !self.aspects.iter().any(|aspect| aspect.key == indicator.aspect) {
                return Err(Fault::new(
                    place,
                    Phrase::new("instrument.unknown-aspect").with("key", &*indicator.aspect),
                ));
            }
            if !indicator.levels.is_empty() && indicator.levels.len() != levels {
                return Err(Fault::new(place, Phrase::new("instrument.answers-count").with("key", &*indicator.key)));
            }
        }
        check_bands(&self.bands, self.rounding)?;
        let ends = (&whole(self.levels.lowest), &whole(self.levels.highest));
        check_scale(&self.bands, self.rounding, Place::Table("levels"), ends)
    }
}

#[cfg(test)]
mod tests;
