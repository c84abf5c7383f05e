//! Warnings that travel with a result: a stable code and a sentence in the reader's language.

use crate::phrase::{Argument, Language, Phrase};

/// Defines the codes together with their catalogue keys, so that neither can be forgotten.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Stable code of a warning. The sentence is under `warning.<code>` in the locales.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, for the reference table in `docs/rule-codes.md`.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as other programs see it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            fn key(self) -> &'static str {
                match self { $(Self::$name => concat!("warning.", $code),)* }
            }
        }
    };
}

codes! {
    /// The weights used are not those of the instrument.
    WeightPolicyDeviates = "weight-policy-deviates",
    /// An element of the instrument has no data; the others share its weight.
    MissingElement = "missing-element",
    /// An indicator has no level; no index is given.
    MissingIndicator = "missing-indicator",
    /// No answers of users (F-03); no index is given.
    MissingUserSurvey = "missing-f03",
    /// A dimension has no score; no score is given for the unit.
    MissingDimension = "missing-dimension",
    /// A unit of an institution has no result and is left out of its mean.
    UnitWithoutValue = "unit-without-value",
    /// Fewer respondents than the instrument or the sample table asks for.
    TooFewRespondents = "too-few-respondents",
    /// More respondents than people served.
    PopulationTooSmall = "population-too-small",
    /// The units of an institution name different levels of compliance.
    ComplianceDisagrees = "compliance-disagrees",
    /// Fewer F-03 respondents than customary.
    TooFewUsers = "too-few-f03-respondents",
    /// Nobody knows how many answered, so no interval can be given.
    RespondentsUnknown = "respondents-unknown",
    /// A parameter of the instrument is not verified.
    UncertainParameter = "uncertain-parameter",
    /// The instrument was not in force in the period.
    NotInForce = "instrument-not-in-force",
    /// Rows of the input could not be used.
    RowsLeftOut = "rows-left-out",
    /// The published value is not what its own table gives.
    PublishedValueDiffers = "published-value-differs",
    /// The published value follows another weight policy than the instrument's.
    PublishedByOtherWeights = "published-by-other-weights",
    /// The published category is not that of the published value.
    PublishedCategoryDiffers = "published-category-differs",
    /// A published mean of units is not the mean of its units.
    PublishedMeanDiffers = "published-mean-differs",
    /// A file's own figures do not give its result.
    StoredResultDiffers = "stored-result-differs",
    /// The fingerprint does not fit the content.
    FingerprintDiffers = "fingerprint-differs",
    /// Statistics beside a result need the answers and were not recomputed.
    StatisticsNotRecomputed = "statistics-not-recomputed",
    /// What reading a file of answers left out or warned of was not recomputed.
    ReadingNotRecomputed = "reading-not-recomputed",
    /// The data inside a report were verified, not its drawn pages.
    PagesNotVerified = "pages-not-verified",
    /// The classic printed sample table and its formula disagree here.
    SampleTableDiffers = "sample-table-differs",
    /// No national holidays are known for a year of the count.
    CalendarYearUnknown = "calendar-year-unknown",
    /// A deadline rests on a rule that was replaced or is unverified.
    DeadlineUnverified = "deadline-unverified",
    /// The spread is zero or too small a group for this statistic.
    StatisticUndefined = "statistic-undefined",
    /// The same unit and indicator stand twice in the input.
    DuplicateRow = "duplicate-row",
}

/// A warning: code and sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: Code,
    sentence: Phrase,
}

impl Warning {
    /// The warning `code`, its sentence still without arguments.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, sentence: Phrase::new(code.key()) }
    }

    /// The same warning with one argument of its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.sentence = self.sentence.with(name, value);
        self
    }

    /// The same warning, said of one unit of an institution.
    #[must_use]
    pub fn of_unit(self, name: &str) -> Self {
        let sentence = Phrase::new("step.of-unit").with("unit", name).with("message", self.sentence);
        Self { code: self.code, sentence }
    }

    /// The sentence in the reader's language.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        self.sentence.in_language(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::catalogue;

    #[test]
    fn every_code_has_a_sentence_in_both_languages_and_no_sentence_is_unused() {
        let mut keys: Vec<&str> = Code::ALL.iter().map(|code| code.key()).collect();
        keys.sort_unstable();
        let known: Vec<&str> = catalogue().keys().filter(|key| key.starts_with("warning.")).collect();
        assert_eq!(keys, known);
    }
}
