//! Form F-03 of the IPP: users' answers, or means taken from a report, joined to the units they belong to.

use super::answers::threads;
use super::columns::{Grouping, find};
use super::faults::Hint;
use super::levels::{UNIT, Units, f03_mean};
use super::means::{bad_cell, count};
use super::{Key, Scored};
use crate::input_file::InputFile;
use crate::problem::Problem;
use analytics::{Question, Source, tally};
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::quantity::{Ratio, ratio, sum, whole};
use rules::service_index::UserSurvey;
use rules::tally::Tally;
use std::collections::HashMap;

/// What the users of one unit said.
#[derive(Debug, Default)]
pub(super) struct Users {
    answers: Tally,
    /// Distinct means with their respondents: an evaluator's row that repeats the mean says nothing new.
    means: Vec<(Ratio, Option<u64>)>,
}

impl Users {
    pub(super) fn add_mean(&mut self, mean: Ratio, respondents: Option<u64>) {
        if !self.means.contains(&(mean.clone(), respondents)) {
            self.means.push((mean, respondents));
        }
    }

    fn add(&mut self, other: &Self) {
        if other.answers.respondents > 0 {
            self.answers.merge(&other.answers);
        }
        other.means.iter().for_each(|(mean, respondents)| self.add_mean(mean.clone(), *respondents));
    }

    /// The mean over all users, how many they are where known, and whether means had to be combined. Answers count before means;
    /// means are weighted by their respondents where all are known.
    pub(super) fn summary(&self) -> (Option<Ratio>, Option<u64>, bool) {
        let of_answers = UserSurvey::Answers(self.answers.clone()).mean();
        if let Some(mean) = of_answers {
            return (Some(mean), Some(self.answers.respondents), !self.means.is_empty());
        }
        let repeated = self.means.len() > 1;
        let counts: Option<Vec<u64>> = self.means.iter().map(|(_, respondents)| *respondents).collect();
        let respondents = counts.as_ref().filter(|counts| !counts.is_empty()).map(|counts| counts.iter().sum::<u64>());
        let mean = match (&counts, respondents) {
            (Some(counts), Some(total)) if total > 0 => {
                let weighted = self.means.iter().zip(counts).map(|((mean, _), count)| mean * whole(*count));
                Some(weighted.sum::<Ratio>() / whole(total))
            }
            _ if self.means.is_empty() => None,
            _ => Some(sum(self.means.iter().map(|(mean, _)| mean)) * ratio(1, self.means.len())),
        };
        (mean, respondents, repeated)
    }
}

/// Reads one file of F-03 and gives each record to its unit. `columns` are those that tell units apart.
///
/// # Errors
/// When a record could belong to several units: the same users would be counted twice.
pub(super) fn read(
    scored: &mut Scored,
    file: &InputFile,
    columns: &[String],
    units: &mut Units,
) -> Result<(), Problem> {
    let source = file.open()?;
    let names: Vec<&str> = columns.iter().map(String::as_str).filter(|name| UNIT.contains(name)).collect();
    let grouping = Grouping::of(&source, None, &names)?;
    let shared = grouping.names();
    let records = records(scored, source, file, &grouping)?;
    let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
    for (place, (key, _)) in units.list.iter().enumerate() {
        let seen: Key = key.iter().filter(|(name, _)| shared.contains(name)).cloned().collect();
        places.entry(seen).or_default().push(place);
    }
    let some_match = records.iter().any(|(key, _)| places.contains_key(key));
    for (key, users) in records {
        match places.get(&key).map(Vec::as_slice) {
            Some([place]) => units.list[*place].1.users.add(&users),
            // A unit that evaluators have not scored yet: it stays, and its result says what is missing.
            None if shared.len() == columns.len() && some_match => units.of(key).users.add(&users),
            found => {
                let record = key.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" · ");
                let phrase = Phrase::new(if found.is_some() { "score.f03-ambiguous" } else { "score.f03-unknown" });
                let phrase = phrase.with("file", file.name()).with("record", record);
                return Err(Problem::Input(phrase.with("columns", columns.join(", "))));
            }
        }
    }
    Ok(())
}

fn records(
    scored: &mut Scored,
    source: Source,
    file: &InputFile,
    grouping: &Grouping,
) -> Result<Vec<(Key, Users)>, Problem> {
    let Body::ServiceIndex(index) = &scored.instrument.body else { return Ok(Vec::new()) };
    let failed = |error| file.refused(error);
    let name = source.name().to_owned();
    let columns = source.columns().to_vec();
    let (lowest, highest) = (index.levels.lowest, index.levels.highest);
    if let Some(position) = find(&columns, "f03") {
        let users = ["f03-respondents", "respondents"].into_iter().find_map(|name| find(&columns, name));
        let mut records = Vec::new();
        let mut bad = Vec::new();
        for row in source.rows().map_err(failed)? {
            match f03_mean(index, &row.cells[position]) {
                Err(fault) => bad.push(bad_cell(&row, &columns[position], &row.cells[position], fault)),
                Ok(mean) => {
                    let mut users_of = Users::default();
                    users_of.add_mean(mean, users.and_then(|position| count(&row.cells[position])));
                    records.push((grouping.key(&row.cells), users_of));
                }
            }
        }
        scored.faults.add(&name, bad.len() as u64, bad, Hint::Decimal(lowest, highest));
        return Ok(records);
    }
    let answers = (0..columns.len()).filter(|column| index.is_user_question(&columns[*column])).collect();
    let question = Question { group_by: grouping.positions(), answers, lowest, highest, detail: false };
    let counted = tally(source, &question, threads()).map_err(failed)?;
    scored.faults.add(&name, counted.left_out.rows, counted.left_out.first, Hint::Whole(lowest, highest));
    let record = |(values, answers): (Vec<String>, Tally)| {
        (grouping.names().into_iter().zip(values).collect(), Users { answers, means: Vec::new() })
    };
    Ok(counted.groups.into_iter().map(record).collect())
}
