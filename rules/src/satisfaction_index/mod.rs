//! SKM, the public satisfaction survey, and its index (IKM): Kepmenpan 25/2004, Permenpan RB 16/2014, Permenpan RB 14/2017.
//!
//! The index is 25 × Σ (mean answer × weight); the weight is one divided by the number of elements. The index is rounded to two
//! decimals, a half upwards, and only then classified: the printed table has gaps (88.305; 3.5322) that unrounded values fall into.

mod calculation;
mod outcome;

pub use calculation::{Calculation, Data, Summary};

use crate::aggregation::Aggregation;
use crate::citation::Status;
use crate::instrument::check::{FileBody, adds_to_one, distinct, whole_scale};
use crate::instrument::{Band, Fault, Place, Rounding, check_bands, check_scale, exact};
use crate::phrase::{Phrase, Text, plain_words};
use crate::quantity::{Decimal, Ratio, ratio, whole};
use serde::{Deserialize, Serialize};

/// The parameters of one SKM instrument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SatisfactionSurvey {
    /// Rounding of the index.
    pub rounding: Rounding,
    /// Lowest and highest answer.
    pub answers: AnswerScale,
    /// From the weighted mean to the index.
    pub index: IndexScale,
    /// The instrument's own weights.
    pub weights: Weights,
    /// What is asked of the number of respondents.
    pub respondents: Respondents,
    /// How units make the index of a city; nothing where the instrument is one unit's own.
    pub aggregation: Option<Aggregation>,
    /// In which order questionnaires and reports number the elements.
    pub orders: Orders,
    /// The elements ("unsur"), keyed by name.
    pub elements: Vec<Element>,
    /// Categories, highest first.
    pub bands: Vec<Band>,
}

/// Whole-number answers of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerScale {
    /// Lowest answer.
    pub lowest: u8,
    /// Highest answer.
    pub highest: u8,
}

/// The factor from the weighted mean (1–4) to the index (25–100).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexScale {
    /// The factor; 25 in all three instruments.
    #[serde(with = "exact")]
    pub factor: Ratio,
}

/// The weights the instrument itself uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Policy of the instrument.
    pub policy: WeightPolicy,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// What is asked of the number of respondents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Respondents {
    /// Below this number a result carries a warning.
    pub minimum: u64,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// The two orders in circulation, as lists of element keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Order of the questionnaire annex; the usual numbering U1, U2, …
    pub questionnaire: Vec<String>,
    /// Order of the list in the body of the regulation.
    pub regulation: Vec<String>,
}

/// One element of the survey.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Stable key: `sarana-prasarana`.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Other words for the element in circulation.
    #[serde(default)]
    pub other_names: Vec<String>,
    /// The answers from lowest to highest; empty where they are not known.
    #[serde(default)]
    pub answers: Vec<Text>,
}

/// Which numbering a file of answers follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The questionnaire annex.
    #[default]
    Questionnaire,
    /// The body of the regulation.
    Regulation,
}

impl Order {
    /// Reads the word of an `order` column or flag; offices write it in several ways. `k25` and `p16` name the only order of the
    /// 2004 and 2014 instruments.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "" | "q" | "questionnaire" | "kuesioner" | "lampiran" | "k25" | "p16" => Some(Self::Questionnaire),
            "reg" | "regulation" | "peraturan" | "batang-tubuh" => Some(Self::Regulation),
            _ => None,
        }
    }
}

/// How the weight 1/n is written. Published results follow all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightPolicy {
    /// 1/n exactly; the only one under which all-4 answers give 100.00.
    Exact,
    /// Rounded to two decimals: 0.11.
    Round2,
    /// Rounded to three decimals: 0.111, 0.071.
    Round3,
}

impl WeightPolicy {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Round2, Self::Round3];

    /// The weight of each of `elements` elements.
    #[must_use]
    pub fn weight(self, elements: usize) -> Ratio {
        let equal = ratio(1, elements.max(1));
        match self {
            Self::Exact => equal,
            Self::Round2 => Decimal::half_up(&equal, 2).value(),
            Self::Round3 => Decimal::half_up(&equal, 3).value(),
        }
    }

    /// The word used on the command line and in results.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Round2 => "round2",
            Self::Round3 => "round3",
        }
    }

    /// The policy a word names.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == word)
    }
}

impl SatisfactionSurvey {
    /// The element keys in the numbering of `order`: U1 first.
    #[must_use]
    pub fn keys_in(&self, order: Order) -> &[String] {
        match order {
            Order::Questionnaire => &self.orders.questionnaire,
            Order::Regulation => &self.orders.regulation,
        }
    }

    /// The element of a key.
    #[must_use]
    pub fn element(&self, key: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.key == key)
    }

    /// The position in `elements` of the element that a column means: `u7`, `NRR U7`, `Unsur 7`, `U7 Perilaku Pelaksana`, its key, its name
    /// in either language or another word for it. Case, marks and the words "dan" and "and" make no difference.
    #[must_use]
    pub fn position(&self, column: &str, order: Order) -> Option<usize> {
        let words = plain_words(column);
        let Some((number, name)) = numbered(&words) else {
            return self.elements.iter().position(|element| element.is_called(&words));
        };
        let key = self.keys_in(order).get(number.checked_sub(1)?)?;
        let position = self.elements.iter().position(|element| element.key == *key)?;
        (name.is_empty() || self.elements[position].is_called(name)).then_some(position)
    }

    /// Whether a column is numbered like an element this instrument does not have: `u10` of nine.
    #[must_use]
    pub fn is_beyond(&self, column: &str) -> bool {
        numbered(&plain_words(column)).is_some_and(|(number, _)| number > self.elements.len())
    }
}

/// The number of a column such as `u7` or `unsur7`, and what stands behind it.
fn numbered(words: &str) -> Option<(usize, &str)> {
    let short = words.strip_prefix("nrr").unwrap_or(words);
    let rest = short.strip_prefix("unsur").or_else(|| short.strip_prefix('u'))?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    Some((rest[..end].parse().ok()?, &rest[end..]))
}

impl Element {
    fn is_called(&self, words: &str) -> bool {
        let names = [&self.key, &self.name.id, &self.name.en];
        names.into_iter().chain(&self.other_names).any(|name| plain_words(name) == words)
    }
}

impl FileBody for SatisfactionSurvey {
    const KEYS: &'static [&'static str] =
        &["rounding", "answers", "index", "weights", "respondents", "aggregation", "orders", "elements", "bands"];

    fn check(&self) -> Result<(), Fault> {
        distinct("elements", self.elements.iter().map(|element| element.key.as_str()))?;
        whole_scale(Place::Table("answers"), self.answers.lowest, self.answers.highest)?;
        let span = usize::from(self.answers.highest - self.answers.lowest) + 1;
        for (index, element) in self.elements.iter().enumerate() {
            if !element.answers.is_empty() && element.answers.len() != span {
                let reason = Phrase::new("instrument.answers-count").with("key", &*element.key);
                return Err(Fault::new(Place::Entry("elements", index), reason));
            }
        }
        for order in [&self.orders.questionnaire, &self.orders.regulation] {
            let mut named: Vec<&str> = order.iter().map(String::as_str).collect();
            let mut known: Vec<&str> = self.elements.iter().map(|element| element.key.as_str()).collect();
            named.sort_unstable();
            known.sort_unstable();
            if named != known {
                return Err(Fault::new(Place::Table("orders"), Phrase::new("instrument.order-incomplete")));
            }
        }
        let equal = WeightPolicy::Exact.weight(self.elements.len());
        adds_to_one(Place::Top, self.elements.iter().map(|_| &equal))?;
        check_bands(&self.bands, self.rounding)?;
        let end = |answer: u8| &self.index.factor * whole(answer);
        let ends = (&end(self.answers.lowest), &end(self.answers.highest));
        check_scale(&self.bands, self.rounding, Place::Table("index"), ends)
    }
}

#[cfg(test)]
mod tests;
