//! What a page of results takes along in its form, so that it can be printed without anything having been kept: the inputs of each
//! group, from which everything else is computed again.

use calculation::{
    Faults, Group, GroupData, Inputs, Key, LeftOutRows, Options, Problem, ProfileCount, Scored, StatisticsResult,
    instruments,
};
use rules::phrase::{Language, Phrase, Text};
use rules::warning::{Code, Warning};
use serde::{Deserialize, Serialize};

/// The largest sheet a page carries.
pub(crate) const LARGEST: usize = 1024 * 1024;

/// More people than have ever lived: no file counts so many honestly.
const LARGEST_COUNT: u64 = 1_000_000_000_000;

/// Results on their way to the reader and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    instrument: String,
    language: Language,
    by: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    population: Option<u64>,
    left_out: LeftOutRows,
    groups: Vec<SheetGroup>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetGroup {
    key: Key,
    inputs: Inputs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    statistics: Option<StatisticsResult>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profile: Vec<(String, Vec<(String, u64)>)>,
}

impl Sheet {
    /// The sheet of a run; nothing when it could not be printed again just so: it is too large for a page, or reading its file
    /// brought warnings that only the file can bring again.
    pub(crate) fn of(scored: &Scored, language: Language) -> Option<String> {
        if scored.groups.iter().any(|group| group.warnings.len() != reading_warnings(group.statistics.as_ref()).len()) {
            return None;
        }
        let group = |group: &Group| SheetGroup {
            key: group.key.clone(),
            inputs: scored.inputs(group),
            statistics: group.statistics.clone(),
            profile: group.profile.iter().map(|one| (one.column.clone(), one.values.clone())).collect(),
        };
        let sheet = Self {
            instrument: scored.instrument.header.id.clone(),
            language,
            by: scored.columns().to_vec(),
            population: scored.options.population,
            left_out: scored.faults.published(language),
            groups: scored.groups.iter().map(group).collect(),
        };
        serde_json::to_string(&sheet).ok().filter(|text| text.len() <= LARGEST)
    }

    /// The sheet a page sent back.
    ///
    /// # Errors
    /// When it is none, or counts more people than there are.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        let refuse = |detail: String| {
            let phrase = Phrase::new("verify.not-a-result").with("file", "hasil.json");
            Problem::Input(phrase.with("detail", detail))
        };
        if text.len() > LARGEST {
            return Err(refuse(format!("> {LARGEST}")));
        }
        let sheet: Self = serde_json::from_str(text).map_err(|error| refuse(error.to_string()))?;
        let counts = sheet.groups.iter().flat_map(|group| counts(&group.inputs)).chain(sheet.population);
        match counts.into_iter().find(|count| *count > LARGEST_COUNT) {
            Some(count) => Err(refuse(count.to_string())),
            None => Ok(sheet),
        }
    }

    /// The run, as if the file had just been read, and the language it was made in.
    ///
    /// # Errors
    /// When the instrument is not known.
    pub(crate) fn scored(self) -> Result<(Scored, Language), Problem> {
        let instrument = instruments::find(&self.instrument)?;
        let weights = self.groups.first().and_then(|group| weights(&group.inputs));
        let options = Options { weights, population: self.population, ..Options::default() };
        let groups = self.groups.into_iter().map(SheetGroup::group).collect();
        let faults = Faults::of_published(self.left_out);
        Ok((Scored { instrument, options, by: Some(self.by), groups, faults }, self.language))
    }
}

impl SheetGroup {
    fn group(self) -> Group {
        let profile = self.profile.into_iter().map(|(column, values)| ProfileCount { column, values });
        Group {
            key: self.key,
            data: GroupData::Inputs(self.inputs),
            warnings: reading_warnings(self.statistics.as_ref()),
            statistics: self.statistics,
            profile: profile.collect(),
        }
    }
}

/// The warnings of reading that the statistics beside a group tell of.
fn reading_warnings(statistics: Option<&StatisticsResult>) -> Vec<Warning> {
    let undefined = statistics.is_some_and(|statistics| statistics.alpha.is_none());
    let name = Text { id: "Alfa Cronbach".to_owned(), en: "Cronbach's alpha".to_owned() };
    undefined.then(|| Warning::new(Code::StatisticUndefined).with("statistic", &name)).into_iter().collect()
}

fn weights(inputs: &Inputs) -> Option<rules::satisfaction_index::WeightPolicy> {
    match inputs {
        Inputs::Answers { weights, .. } | Inputs::Means { weights, .. } => {
            rules::satisfaction_index::WeightPolicy::named(weights)
        }
        _ => None,
    }
}

fn counts(inputs: &Inputs) -> Vec<u64> {
    let counts = match inputs {
        Inputs::Answers { respondents, population, .. } => [Some(*respondents), *population],
        Inputs::Means { respondents, population, .. } => [*respondents, *population],
        Inputs::Levels { f03_respondents, .. } => [*f03_respondents, None],
        Inputs::Units { units, .. } => return units.values().flat_map(counts).collect(),
        Inputs::Score { .. } | Inputs::Dimensions { .. } => [None, None],
    };
    counts.into_iter().flatten().collect()
}
