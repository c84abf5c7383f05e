//! Files of answers, means, levels or scores in; official results out.

mod answers;
pub(crate) mod columns;
mod faults;
mod levels;
pub(crate) mod means;
mod profile;
mod scores;
mod statistics;
mod users;

pub(crate) use answers::threads;
pub use profile::ProfileCount;
pub use statistics::{ComparedGroup, DifferenceResult, StatisticsResult, ValidityResult};

use crate::input_file::InputFile;
use crate::inputs::Inputs;
use crate::instruments;
use crate::problem::Problem;
use crate::result::{GroupResult, ResultFile};
pub use faults::Faults;
use rules::instrument::{Body, Instrument};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::satisfaction_index::{Calculation, Data, Order, SatisfactionSurvey, Summary, WeightPolicy};
use rules::tally::Tally;
use rules::warning::{Code, Warning};
use std::collections::HashMap;

/// A group's column names and values.
pub type Key = Vec<(String, String)>;

/// How files are scored.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Columns to group by; nothing for the family's usual ones.
    pub by: Option<Vec<String>>,
    /// Rows hold element means.
    pub means: bool,
    /// Weights; nothing for the instrument's own.
    pub weights: Option<WeightPolicy>,
    /// Numbering of the elements; nothing for the questionnaire's.
    pub order: Option<Order>,
    /// People served.
    pub population: Option<u64>,
    /// Whether the finer counts are wanted.
    pub detail: bool,
    /// Column whose groups are compared.
    pub compare: Option<String>,
    /// Whether the respondents' profile is wanted.
    pub profile: bool,
}

/// Everything scored in one run.
#[derive(Debug)]
pub struct Scored {
    /// The rule applied.
    pub instrument: Instrument,
    /// How it was applied.
    pub options: Options,
    /// Names of the columns that make a group, once the first file was read.
    pub by: Option<Vec<String>>,
    /// The groups, in natural order of answers, in order of the file otherwise.
    pub groups: Vec<Group>,
    /// Rows and cells that could not be used.
    pub faults: Faults,
}

/// One group, with what its result is computed from.
#[derive(Debug)]
pub struct Group {
    /// Columns and values that name it.
    pub key: Key,
    /// What its result is computed from.
    pub data: GroupData,
    /// Warnings that come from reading, not from the rule.
    pub warnings: Vec<Warning>,
    /// Reliability and differences, where asked for.
    pub statistics: Option<StatisticsResult>,
    /// Who answered, where asked for.
    pub profile: Vec<ProfileCount>,
}

/// What a group's result is computed from.
#[derive(Debug)]
pub enum GroupData {
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
    pub fn named(&self, column: &str) -> Option<&str> {
        self.key.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }

    /// The group in one line, for headings and file names.
    pub fn title(&self) -> String {
        let values: Vec<&str> =
            self.key.iter().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()).collect();
        values.join(" · ")
    }
}

impl Scored {
    /// One result from the inputs stored with it, as if it had just been read: for printing it again.
    #[must_use]
    pub fn of_inputs(instrument: Instrument, key: Key, inputs: Inputs) -> Self {
        let (weights, population) = match &inputs {
            Inputs::Answers { weights, population, .. } | Inputs::Means { weights, population, .. } => {
                (WeightPolicy::named(weights), *population)
            }
            _ => (None, None),
        };
        let by = Some(key.iter().map(|(column, _)| column.clone()).collect());
        let options = Options { weights, population, ..Options::default() };
        let groups = vec![Group::new(key, GroupData::Inputs(inputs))];
        Self { instrument, options, by, groups, faults: Faults::default() }
    }

    /// The weights used.
    pub(crate) fn policy(&self, survey: &SatisfactionSurvey) -> WeightPolicy {
        self.options.weights.unwrap_or(survey.weights.policy)
    }

    /// The inputs of a group as they are stored with its result.
    pub fn inputs(&self, group: &Group) -> Inputs {
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
    pub fn outcome(&self, group: &Group) -> Result<Outcome, Problem> {
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
    pub fn summary<'a>(&'a self, group: &'a Group) -> Option<Summary<'a>> {
        match (&group.data, &self.instrument.body) {
            (GroupData::Answers(tally, elements), Body::Satisfaction(survey)) => {
                self.calculation(survey, tally, elements).summary()
            }
            _ => None,
        }
    }

    /// The warnings of a group of answers without its steps.
    pub fn warnings(&self, group: &Group) -> Vec<Warning> {
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
    pub fn published(&self, language: Language) -> Result<ResultFile, Problem> {
        let results = self.groups.iter().map(|group| self.result(group, language)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.file_of(results, language))
    }

    /// The published form of one group's result.
    ///
    /// # Errors
    /// As [`Scored::outcome`].
    pub fn result(&self, group: &Group, language: Language) -> Result<GroupResult, Problem> {
        Ok(self.result_of(group, &self.outcome(group)?, language))
    }

    /// The published form of a group's result that is already computed.
    pub(crate) fn result_of(&self, group: &Group, outcome: &Outcome, language: Language) -> GroupResult {
        let mut result = GroupResult::new(&group.key, outcome, self.inputs(group), language);
        result.statistics.clone_from(&group.statistics);
        result
    }

    /// A result file of some of the groups.
    pub(crate) fn file_of(&self, results: Vec<GroupResult>, language: Language) -> ResultFile {
        ResultFile {
            instrument: self.instrument.header.id.clone(),
            title: self.instrument.header.title.in_language(language).to_owned(),
            language: if language == Language::Indonesian { "id" } else { "en" }.to_owned(),
            results,
            left_out: self.faults.published(language),
        }
    }

    /// The columns the files are grouped by: those of the first file hold for all.
    pub(crate) fn grouping(&self) -> Option<Vec<String>> {
        self.by.clone().or_else(|| self.options.by.clone())
    }

    /// The names of the columns that make a group.
    pub fn columns(&self) -> &[String] {
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
pub fn score(instrument: Instrument, files: &[InputFile], options: Options) -> Result<Scored, Problem> {
    let Some(first) = files.first() else { return Err(Problem::Request(Phrase::new("score.no-file"))) };
    if options.population == Some(0) {
        return Err(Problem::Request(Phrase::new("score.population-zero")));
    }
    let mut scored = Scored { instrument, options, by: None, groups: Vec::new(), faults: Faults::default() };
    match &scored.instrument.body {
        Body::Satisfaction(_) if scored.options.means => means::read(&mut scored, files)?,
        Body::Satisfaction(_) => answers::read(&mut scored, files)?,
        Body::ServiceIndex(_) => levels::read(&mut scored, files)?,
        Body::Compliance(_) => scores::read(&mut scored, files)?,
        _ => return Err(instruments::no_index(&scored.instrument)),
    }
    if scored.groups.is_empty() && scored.faults.rows() == 0 {
        return Err(Problem::Input(Phrase::new("score.no-rows").with("file", first.name())));
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
