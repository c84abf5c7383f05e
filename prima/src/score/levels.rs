//! IPP: levels per indicator, long or wide, and the users' form F-03 as answers or as a mean.

use super::answers::threads;
use super::columns::{Grouping, find};
use super::faults::Hint;
use super::means::bad_cell;
use super::{Group, GroupData, Key, Scored, open};
use crate::inputs::{Inputs, Numbers, stored};
use crate::problem::Problem;
use analytics::{BadCell, Fault, Question, Row, Source, tally};
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::quantity::{Ratio, parse_decimal, ratio, sum, whole};
use rules::service_index::{ServiceIndex, UserSurvey};
use rules::warning::{Code, Warning};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Columns that tell units apart.
const UNIT: &[&str] = &["region", "institution", "unit", "service", "period", "year"];
/// The columns that name a result when nothing is asked for.
const USUAL: &[&str] = &["unit", "period", "year"];

/// What is known of one unit while files are read.
#[derive(Default)]
struct Unit {
    levels: BTreeMap<String, Vec<Ratio>>,
    f03: Option<(Ratio, Option<u64>)>,
}

/// Units in the order they were met, found by their key.
#[derive(Default)]
struct Units {
    list: Vec<(Key, Unit)>,
    places: HashMap<Key, usize>,
}

pub(super) fn read(scored: &mut Scored, files: &[PathBuf]) -> Result<(), Problem> {
    let mut units = Units::default();
    for file in files {
        read_file(scored, file, &mut units)?;
    }
    let units = units.list;
    if !units.iter().any(|(_, unit)| !unit.levels.is_empty()) {
        let phrase = Phrase::new("score.no-levels").with("file", files[0].display().to_string());
        if scored.faults.rows() == 0 {
            return Err(Problem::Input(phrase));
        }
    }
    let names: Vec<String> =
        units.first().map(|(key, _)| key.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default();
    let by = match &scored.options.by {
        Some(by) => by.clone(),
        None => USUAL
            .iter()
            .filter(|name| names.iter().any(|known| known == *name))
            .map(|name| (*name).to_owned())
            .collect(),
    };
    if let Some(unknown) = by.iter().find(|name| !names.contains(name)) {
        let phrase = Phrase::new("score.no-column").with("file", files[0].display().to_string());
        return Err(Problem::Input(phrase.with("column", unknown.as_str()).with("columns", names.join(", "))));
    }
    scored.groups = groups(units, &by);
    scored.by = by;
    Ok(())
}

/// One result per group: a unit's own when the group holds one unit, the mean of its units otherwise.
fn groups(units: Vec<(Key, Unit)>, by: &[String]) -> Vec<Group> {
    let mut grouped: Vec<(Key, Vec<(Key, Unit)>)> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for (key, unit) in units {
        let name_of = |name: &String| key.iter().find(|(known, _)| known == name).cloned();
        let group: Key = by.iter().filter_map(name_of).collect();
        let place = *places.entry(group.clone()).or_insert_with(|| {
            grouped.push((group, Vec::new()));
            grouped.len() - 1
        });
        grouped[place].1.push((key, unit));
    }
    let has_unit = by.iter().any(|name| name == "unit");
    grouped.into_iter().map(|(key, members)| group(key, members, has_unit)).collect()
}

fn group(key: Key, members: Vec<(Key, Unit)>, own_result: bool) -> Group {
    let mut warnings = Vec::new();
    let mut units: BTreeMap<String, Inputs> = BTreeMap::new();
    for (member, unit) in members {
        let outside: Vec<&str> = member
            .iter()
            .filter(|part| !key.contains(part))
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
            .collect();
        let mut name = outside.join(" · ");
        while units.contains_key(&name) {
            name.push('′');
        }
        units.insert(name, unit.inputs(&mut warnings));
    }
    let single = units.len() == 1 && own_result;
    let inputs = match units.pop_first() {
        Some((_, inputs)) if single => inputs,
        Some((name, inputs)) => {
            units.insert(name, inputs);
            Inputs::Units { units, compliance: None }
        }
        None => Inputs::Units { units, compliance: None },
    };
    let mut group = Group::new(key, GroupData::Inputs(inputs));
    group.warnings = warnings;
    group
}

impl Unit {
    /// Levels by indicator; several evaluators' levels become their mean, and a reader is told.
    fn inputs(self, warnings: &mut Vec<Warning>) -> Inputs {
        let mut levels = Numbers::new();
        for (key, scores) in self.levels {
            if scores.len() > 1 {
                warnings.push(Warning::new(Code::DuplicateRow).with("what", key.as_str()));
            }
            levels.insert(key, stored(&(sum(&scores) * ratio(1, scores.len()))));
        }
        let (f03, f03_respondents) = self.f03.map_or((None, None), |(mean, users)| (Some(stored(&mean)), users));
        Inputs::Levels { levels, f03, f03_respondents }
    }
}

impl Units {
    /// The unit of a row. Files may name it by different columns (one has the institution, another has not): then the columns
    /// that both have decide.
    fn unit_of(&mut self, key: &Key) -> &mut Unit {
        let place = self.places.get(key).copied().unwrap_or_else(|| {
            let other_columns =
                |known: &Key| known.len() != key.len() || known.iter().zip(key).any(|(one, other)| one.0 != other.0);
            let found = self.list.iter().position(|(known, _)| other_columns(known) && same_unit(known, key));
            let place = found.unwrap_or_else(|| {
                self.list.push((key.clone(), Unit::default()));
                self.list.len() - 1
            });
            self.places.insert(key.clone(), place);
            place
        });
        &mut self.list[place].1
    }
}

/// Whether two files mean the same unit: every column that both have agrees.
fn same_unit(one: &Key, other: &Key) -> bool {
    one.iter().all(|(name, value)| other.iter().all(|(known, found)| known != name || found == value))
}

fn read_file(scored: &mut Scored, file: &Path, units: &mut Units) -> Result<(), Problem> {
    let source = open(file)?;
    let Body::ServiceIndex(index) = &scored.instrument.body else { return Ok(()) };
    let grouping = Grouping::of(&source, None, UNIT)?;
    let columns = source.columns().to_vec();
    let questions: Vec<usize> =
        (0..columns.len()).filter(|column| index.user_question(&columns[*column]).is_some()).collect();
    let indicators = |name: &String| wide_indicator(index, name).is_some();
    let is_wide = columns.iter().any(indicators);
    let is_long = find(&columns, "indicator").is_some() && find(&columns, "level").is_some();
    if !is_wide && !is_long && questions.len() > 1 {
        return read_users(scored, source, file, &grouping, questions, units);
    }
    let name = source.name().to_owned();
    let rows = source.rows().map_err(|error| Problem::Read(file.display().to_string(), error))?;
    let table = Levels { index, columns: &columns };
    let mut faults = Vec::new();
    for row in &rows {
        let bad = table.row(row, &grouping, is_long, units);
        if !bad.is_empty() {
            faults.push(bad);
        }
    }
    let scale = index.levels;
    for bad in faults {
        for (position, (cell, hint)) in bad.into_iter().enumerate() {
            let hint = hint.unwrap_or(Hint::Whole(scale.lowest, scale.highest));
            scored.faults.add(&name, u64::from(position == 0), vec![cell], hint);
        }
    }
    Ok(())
}

/// The indicator that a column of a wide table means: `i7` or its key, never a bare number.
fn wide_indicator(index: &ServiceIndex, column: &str) -> Option<usize> {
    let bare_number = column.trim().bytes().all(|byte| byte.is_ascii_digit());
    if bare_number { None } else { index.indicator(column) }
}

struct Levels<'a> {
    index: &'a ServiceIndex,
    columns: &'a [String],
}

impl Levels<'_> {
    /// Takes the levels and the F-03 mean of one row into its unit; gives back the cells that could not be used.
    fn row(&self, row: &Row, grouping: &Grouping, is_long: bool, units: &mut Units) -> Vec<(BadCell, Option<Hint>)> {
        let mut bad = Vec::new();
        let unit = units.unit_of(&grouping.key(&row.cells));
        if is_long {
            self.long(row, unit, &mut bad);
        } else {
            self.wide(row, unit, &mut bad);
        }
        if let Some(position) = find(self.columns, "f03") {
            let cell = row.cells[position].trim();
            let users = find(self.columns, "f03-respondents").or_else(|| find(self.columns, "respondents"));
            let users = users.and_then(|position| row.cells[position].parse().ok());
            match (cell.is_empty(), self.f03_mean(cell)) {
                (true, _) => {}
                (false, Ok(mean)) => unit.f03 = Some((mean, users)),
                (false, Err(fault)) => {
                    let hint = Hint::Decimal(self.index.levels.lowest, self.index.levels.highest);
                    bad.push((bad_cell(row, &self.columns[position], cell, fault), Some(hint)));
                }
            }
        }
        bad
    }

    fn long(&self, row: &Row, unit: &mut Unit, bad: &mut Vec<(BadCell, Option<Hint>)>) {
        let (Some(name), Some(level)) = (find(self.columns, "indicator"), find(self.columns, "level")) else { return };
        let (indicator, cell) = (&row.cells[name], &row.cells[level]);
        if normal_is_f03(indicator) {
            match self.f03_mean(cell) {
                Ok(mean) => unit.f03 = Some((mean, None)),
                Err(fault) => bad.push((bad_cell(row, &self.columns[level], cell, fault), None)),
            }
            return;
        }
        let Some(position) = self.index.indicator(indicator) else {
            bad.push((bad_cell(row, &self.columns[name], indicator, Fault::NotANumber), Some(Hint::Indicator)));
            return;
        };
        self.take(row, level, position, unit, bad);
    }

    fn wide(&self, row: &Row, unit: &mut Unit, bad: &mut Vec<(BadCell, Option<Hint>)>) {
        for (column, name) in self.columns.iter().enumerate() {
            if let Some(position) = wide_indicator(self.index, name) {
                let scored = self.index.indicators[position].scored;
                if scored || !row.cells[column].trim().is_empty() {
                    self.take(row, column, position, unit, bad);
                }
            }
        }
    }

    fn take(&self, row: &Row, column: usize, position: usize, unit: &mut Unit, bad: &mut Vec<(BadCell, Option<Hint>)>) {
        let cell = &row.cells[column];
        match self.level(cell) {
            Ok(level) => unit.levels.entry(self.index.indicators[position].key.clone()).or_default().push(level),
            Err(fault) => bad.push((bad_cell(row, &self.columns[column], cell, fault), None)),
        }
    }

    fn level(&self, cell: &str) -> Result<Ratio, Fault> {
        if cell.trim().is_empty() {
            return Err(Fault::Blank);
        }
        let level = parse_decimal(cell).map_err(|_| Fault::NotANumber)?;
        if !level.is_integer() {
            return Err(Fault::NotWhole);
        }
        self.inside(level)
    }

    fn f03_mean(&self, cell: &str) -> Result<Ratio, Fault> {
        self.inside(parse_decimal(cell).map_err(|_| Fault::NotANumber)?)
    }

    fn inside(&self, value: Ratio) -> Result<Ratio, Fault> {
        let scale = self.index.levels;
        let inside = whole(scale.lowest) <= value && value <= whole(scale.highest);
        if inside { Ok(value) } else { Err(Fault::OutOfRange) }
    }
}

fn normal_is_f03(word: &str) -> bool {
    matches!(super::columns::normal(word).as_str(), "f03" | "f-03")
}

/// A file of F-03 answers: one row per user.
fn read_users(
    scored: &mut Scored,
    source: Source,
    file: &Path,
    grouping: &Grouping,
    answers: Vec<usize>,
    units: &mut Units,
) -> Result<(), Problem> {
    let Body::ServiceIndex(index) = &scored.instrument.body else { return Ok(()) };
    let (lowest, highest) = (index.levels.lowest, index.levels.highest);
    let question = Question { group_by: grouping.positions(), answers, lowest, highest, detail: false };
    let name = source.name().to_owned();
    let counted =
        tally(source, &question, threads()).map_err(|error| Problem::Read(file.display().to_string(), error))?;
    for (values, tally) in counted.groups {
        let key: Key = grouping.names().into_iter().zip(values).collect();
        let users = tally.respondents;
        if let Some(mean) = UserSurvey::Answers(tally).mean() {
            units.unit_of(&key).f03 = Some((mean, Some(users)));
        }
    }
    scored.faults.add(&name, counted.left_out.rows, counted.left_out.first, Hint::Whole(lowest, highest));
    Ok(())
}
