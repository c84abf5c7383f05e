//! `prima score`: files of answers, means, levels or scores in; official results out.

mod answers;
pub(crate) mod columns;
mod faults;
mod levels;
pub(crate) mod means;
mod profile;
mod run;
mod scores;
mod statistics;
mod users;

pub(crate) use answers::threads;
pub(crate) use profile::ProfileCount;
pub(crate) use run::run;
pub(crate) use statistics::StatisticsResult;

use crate::inputs::Inputs;
use crate::problem::Problem;
use crate::result::{GroupResult, ResultFile};
use analytics::Source;
pub(crate) use faults::Faults;
use rules::instrument::{Body, Instrument};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::satisfaction_index::{Calculation, Data, Order, SatisfactionSurvey, Summary, WeightPolicy};
use rules::tally::Tally;
use rules::warning::{Code, Warning};
use std::collections::HashMap;
use std::path::PathBuf;

/// A group's column names and values.
pub(crate) type Key = Vec<(String, String)>;

/// How files are scored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Columns to group by; nothing for the family's usual ones.
    pub(crate) by: Option<Vec<String>>,
    /// Rows hold element means.
    pub(crate) means: bool,
    /// Weights; nothing for the instrument's own.
    pub(crate) weights: Option<WeightPolicy>,
    /// Numbering of the elements; nothing for the questionnaire's.
    pub(crate) order: Option<Order>,
    /// People served.
    pub(crate) population: Option<u64>,
    /// Whether the finer counts are wanted.
    pub(crate) detail: bool,
    /// Column whose groups are compared.
    pub(crate) compare: Option<String>,
    /// Whether the respondents' profile is wanted.
    pub(crate) profile: bool,
}

/// Everything scored in one run.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) instrument: Instrument,
    pub(crate) options: Options,
    /// Names of the columns that make a group, once the first file was read.
    pub(crate) by: Option<Vec<String>>,
    pub(crate) groups: Vec<Group>,
    pub(crate) faults: Faults,
}

/// One group, with what its result is computed from.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) key: Key,
    pub(crate) data: GroupData,
    /// Warnings that come from reading, not from the rule.
    pub(crate) warnings: Vec<Warning>,
    pub(crate) statistics: Option<StatisticsResult>,
    pub(crate) profile: Vec<ProfileCount>,
}

/// What a group's result is computed from.
#[derive(Debug)]
pub(crate) enum GroupData {
    /// Counted SKM answers; the numbers are the positions of the counted elements.
    Answers(Tally, Vec<usize>),
    /// Anything else, small.
    Inputs(Inputs),
}

impl Group {
    pub(crate) fn new(key: Key, data: GroupData) -> Self {
        Self { key, data, warnings: Vec::new(), statistics: None, profile: Vec::new() }
    }

    /// The value of a group column.
    pub(crate) fn named(&self, column: &str) -> Option<&str> {
        self.key.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }

    /// The group in one line, for headings and file names.
    pub(crate) fn title(&self) -> String {
        let values: Vec<&str> =
            self.key.iter().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()).collect();
        values.join(" · ")
    }
}

impl Scored {
    /// The weights used.
    pub(crate) fn policy(&self, survey: &SatisfactionSurvey) -> WeightPolicy {
        self.options.weights.unwrap_or(survey.weights.policy)
    }

    /// The inputs of a group as they are stored with its result.
    pub(crate) fn inputs(&self, group: &Group) -> Inputs {
        match (&group.data, &self.instrument.body) {
            (GroupData::Answers(tally, elements), Body::Satisfaction(survey)) => {
                Inputs::of_tally(survey, tally, elements, self.policy(survey), self.options.population)
            }
            (GroupData::Inputs(inputs), _) => inputs.clone(),
            (GroupData::Answers(..), _) => Inputs::Score { score: String::new() },
        }
    }

    /// The full result of a group.
    ///
    /// # Errors
    /// When its inputs are impossible, which reading has already refused.
    pub(crate) fn outcome(&self, group: &Group) -> Result<Outcome, Problem> {
        let mut outcome = match (&group.data, &self.instrument.body) {
            (GroupData::Answers(tally, elements), Body::Satisfaction(survey)) => {
                self.calculation(survey, tally, elements).outcome()
            }
            _ => self.inputs(group).outcome(&self.instrument)?,
        };
        outcome.warnings.extend(group.warnings.iter().cloned());
        outcome.warnings.extend(self.not_in_force(group));
        Ok(outcome)
    }

    /// The figures of a group of answers without its steps.
    pub(crate) fn summary<'a>(&'a self, group: &'a Group) -> Option<Summary<'a>> {
        match (&group.data, &self.instrument.body) {
            (GroupData::Answers(tally, elements), Body::Satisfaction(survey)) => {
                self.calculation(survey, tally, elements).summary()
            }
            _ => None,
        }
    }

    /// The warnings of a group of answers without its steps.
    pub(crate) fn warnings(&self, group: &Group) -> Vec<Warning> {
        let mut warnings = match (&group.data, &self.instrument.body) {
            (GroupData::Answers(tally, elements), Body::Satisfaction(survey)) => {
                self.calculation(survey, tally, elements).warnings()
            }
            _ => Vec::new(),
        };
        warnings.extend(group.warnings.iter().cloned());
        warnings.extend(self.not_in_force(group));
        warnings
    }

    fn calculation<'a>(
        &'a self,
        survey: &'a SatisfactionSurvey,
        tally: &'a Tally,
        elements: &'a [usize],
    ) -> Calculation<'a> {
        let data = Data::Answers { tally, elements };
        let policy = self.policy(survey);
        Calculation { header: &self.instrument.header, survey, data, policy, population: self.options.population }
    }

    /// All results in their published form.
    ///
    /// # Errors
    /// As [`Scored::outcome`].
    pub(crate) fn published(&self, language: Language) -> Result<ResultFile, Problem> {
        let result = |group: &Group| {
            let outcome = self.outcome(group)?;
            let mut result = GroupResult::new(&group.key, &outcome, self.inputs(group), language);
            result.statistics.clone_from(&group.statistics);
            Ok(result)
        };
        Ok(ResultFile {
            instrument: self.instrument.header.id.clone(),
            title: self.instrument.header.title.in_language(language).to_owned(),
            language: if language == Language::Indonesian { "id" } else { "en" }.to_owned(),
            results: self.groups.iter().map(result).collect::<Result<_, Problem>>()?,
            left_out: self.faults.published(language),
        })
    }

    /// The columns the files are grouped by: those of the first file hold for all.
    pub(crate) fn grouping(&self) -> Option<Vec<String>> {
        self.by.clone().or_else(|| self.options.by.clone())
    }

    /// The names of the columns that make a group.
    pub(crate) fn columns(&self) -> &[String] {
        self.by.as_deref().unwrap_or_default()
    }

    /// The warning that the instrument was not in force in the group's period, when the period or the year names one.
    fn not_in_force(&self, group: &Group) -> Option<Warning> {
        let periods = ["period", "year"].into_iter().filter_map(|column| group.named(column));
        let (period, year) = periods.filter_map(|period| Some((period, year_in(period)?))).next()?;
        let covered = self.instrument.header.in_force.covers(year);
        (!covered).then(|| Warning::new(Code::NotInForce).with("period", period))
    }
}

/// The first four digits in a row, as a year: `2025` in `TW II 2025`.
pub(crate) fn year_in(text: &str) -> Option<&str> {
    let is_year = |start: &usize| {
        let digits = text.as_bytes().get(*start..*start + 4);
        digits.is_some_and(|digits| {
            digits.iter().all(u8::is_ascii_digit) && (digits.starts_with(b"19") || digits.starts_with(b"20"))
        })
    };
    let start = (0..text.len()).find(is_year)?;
    text.get(start..start + 4)
}

/// Opens and scores files.
///
/// # Errors
/// When a file cannot be read or lacks the columns the instrument needs.
pub(crate) fn score(instrument: Instrument, files: &[PathBuf], options: Options) -> Result<Scored, Problem> {
    let mut scored = Scored { instrument, options, by: None, groups: Vec::new(), faults: Faults::default() };
    match &scored.instrument.body {
        Body::Satisfaction(_) if scored.options.means => means::read(&mut scored, files)?,
        Body::Satisfaction(_) => answers::read(&mut scored, files)?,
        Body::ServiceIndex(_) => levels::read(&mut scored, files)?,
        Body::Compliance(_) => scores::read(&mut scored, files)?,
        _ => {
            let phrase = Phrase::new("score.no-index").with("instrument", scored.instrument.header.id.as_str());
            return Err(Problem::Usage(phrase));
        }
    }
    if scored.groups.is_empty() && scored.faults.rows() == 0 {
        return Err(Problem::Input(Phrase::new("score.no-rows").with("file", files[0].display().to_string())));
    }
    Ok(scored)
}

/// The finer groups of each group: the value of the one column more, and its counts.
type Parts<'a> = HashMap<&'a [(String, String)], Vec<(&'a str, &'a Tally)>>;

/// Finer groups by the group they are part of: each key of `parts` is a group's key and one column more.
fn parts_by_group(parts: &[(Key, Tally)]) -> Parts<'_> {
    let mut by_group = Parts::new();
    for (key, tally) in parts {
        if let Some(((_, value), group)) = key.split_last() {
            by_group.entry(group).or_default().push((value, tally));
        }
    }
    by_group
}

/// Opens one file, with its path in the sentence when it cannot be.
pub(crate) fn open(path: &std::path::Path) -> Result<Source, Problem> {
    Source::open(path).map_err(|error| Problem::Read(path.display().to_string(), error))
}

#[cfg(test)]
mod tests {
    use super::year_in;

    #[test]
    fn a_year_is_found_in_the_words_of_a_period() {
        assert_eq!(
            (year_in("2025 TW2"), year_in("Triwulan III 2026"), year_in("Semester I")),
            (Some("2025"), Some("2026"), None)
        );
        assert_eq!((year_in("no 123456"), year_in("é2024"), year_in("")), (None, Some("2024"), None));
    }
}
