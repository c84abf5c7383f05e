//! A published result beside what the rule gives: whether it agrees, and if not, in what.

use super::PublishedResult;
use crate::problem::Problem;
use crate::words::word;
use rules::instrument::{Band, Body, classify};
use rules::outcome::Outcome;
use rules::phrase::Language;
use rules::quantity::{Decimal, Ratio};
use rules::satisfaction_index::{SatisfactionSurvey, WeightPolicy};
use rules::warning::{Code, Warning};

/// What a comparison found.
#[derive(Debug)]
pub struct Comparison {
    /// The result of the printed inputs; nothing where none were printed.
    pub outcome: Option<Outcome>,
    /// Value and words as printed, in one line.
    pub published: String,
    /// Value and words by the rule, in one line: of the inputs where they were printed, else of the printed value.
    pub computed: String,
    /// Whether both agree.
    pub standing: Standing,
    /// In what they do not; empty unless they differ.
    pub contradictions: Vec<Warning>,
}

/// Whether a published result agrees with the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything that can be compared is equal.
    Agrees,
    /// Something is not.
    Differs,
    /// There was nothing to compare.
    NothingToCompare(Missing),
}

/// What was not printed, so that nothing can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The value.
    Value,
    /// Both what the value was computed from and any word beside it.
    PartsAndWords,
}

impl Missing {
    /// The sentence a person reads.
    #[must_use]
    pub fn message(self, language: Language) -> String {
        word(
            match self {
                Self::Value => "published.no-value",
                Self::PartsAndWords => "published.no-parts",
            },
            language,
        )
    }
}

impl PublishedResult {
    /// The result of the printed inputs, where they were printed.
    ///
    /// # Errors
    /// When the inputs are impossible under the instrument.
    pub fn recompute(&self) -> Result<Option<Outcome>, Problem> {
        self.inputs.as_ref().map(|inputs| inputs.outcome(&self.instrument)).transpose()
    }

    /// Recomputes and compares: the value with its inputs, the words with the band of the printed value (or, without one, of the
    /// computed value).
    ///
    /// # Errors
    /// As [`PublishedResult::recompute`].
    pub fn compare(&self) -> Result<Comparison, Problem> {
        let outcome = self.recompute()?;
        let computed = outcome.as_ref().and_then(|outcome| outcome.value.clone());
        let mut contradictions: Vec<Warning> = self.value_contradiction(outcome.as_ref()).into_iter().collect();
        let bands = self.instrument.bands();
        let printed = self.value.as_ref().or(computed.as_ref());
        if let Some(value) = printed {
            contradictions.extend(self.word_contradictions(value, classify(bands, value)));
        }
        let by_rule = computed.as_ref().or(printed).map(|value| (value, words_of(classify(bands, value))));
        let join = |value: Option<&Decimal>, words: &str| {
            let parts = [value.map(ToString::to_string).unwrap_or_default(), words.to_owned()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let standing = match (contradictions.is_empty(), self.missing()) {
            (false, _) => Standing::Differs,
            (true, Some(missing)) => Standing::NothingToCompare(missing),
            (true, None) => Standing::Agrees,
        };
        Ok(Comparison {
            published: join(self.value.as_ref(), &self.words.all()),
            computed: by_rule.map(|(value, words)| join(Some(value), &words)).unwrap_or_default(),
            outcome,
            standing,
            contradictions,
        })
    }

    /// What keeps this result from being compared; a value without its inputs is compared only by its words.
    fn missing(&self) -> Option<Missing> {
        if self.value.is_none() {
            Some(Missing::Value)
        } else if self.inputs.is_none() && self.words.all().is_empty() {
            Some(Missing::PartsAndWords)
        } else {
            None
        }
    }

    fn value_contradiction(&self, outcome: Option<&Outcome>) -> Option<Warning> {
        let (published, outcome) = self.value.as_ref().zip(outcome)?;
        let computed = outcome.value.as_ref().filter(|computed| *computed != published)?;
        let warning = match &self.instrument.body {
            Body::Satisfaction(survey) => other_weights(survey, published, outcome),
            _ => Warning::new(Code::PublishedMeanDiffers),
        };
        Some(warning.with("published", published).with("computed", computed))
    }

    fn word_contradictions(&self, value: &Decimal, band: &Band) -> Vec<Warning> {
        let differs = |published: &str, computed: &str| {
            let warning = Warning::new(Code::PublishedCategoryDiffers).with("published", published);
            warning.with("value", value).with("computed", computed)
        };
        let words = &self.words;
        let mut found = Vec::new();
        let names = |word: &str| {
            let known = [band.label.id.as_str()].into_iter().chain(band.other_labels.iter().map(String::as_str));
            known.into_iter().any(|label| same(label, word))
        };
        if !words.category.is_empty() && !same(&band.category, &words.category) {
            found.push(differs(&words.category, &band.category));
        }
        // A wrong category brings its wrong name along; once is enough.
        if found.is_empty() && !words.label.is_empty() && !names(&words.label) {
            found.push(differs(&words.label, &band.label.id));
        }
        if let Some(zone) = band.zone.as_deref().filter(|zone| !words.zone.is_empty() && !same(zone, &words.zone)) {
            found.push(differs(&words.zone, zone));
        }
        let opinion = words.opinion.to_lowercase();
        let without_suffix = opinion.trim_end_matches(" tanpa maladministrasi");
        if let Some(known) = band.opinion.as_deref().filter(|known| !opinion.is_empty() && !same(known, without_suffix))
        {
            found.push(differs(&words.opinion, known));
        }
        found
    }
}

/// A published index that is not the means' own: explained by other weights, or contradicting.
fn other_weights(survey: &SatisfactionSurvey, published: &Decimal, outcome: &Outcome) -> Warning {
    let mean_sum: Ratio = outcome.items.iter().map(|item| &item.mean).sum();
    let by_policy = |policy: &WeightPolicy| {
        let exact = &survey.index.factor * policy.weight(outcome.items.len()) * &mean_sum;
        // Reports print as many decimals as they like; 82.9 stands for 82.90.
        &survey.rounding.round(&exact) == published
    };
    match WeightPolicy::ALL.iter().find(|policy| by_policy(policy)) {
        Some(policy) => Warning::new(Code::PublishedByOtherWeights).with("policy", policy.as_str()),
        None => Warning::new(Code::PublishedValueDiffers),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn words_of(band: &Band) -> String {
    let words = [Some(band.category.as_str()), band.zone.as_deref()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
