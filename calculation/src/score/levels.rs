//! IPP: levels per indicator, long or wide, joined with the users' form F-03.

use super::columns::{Grouping, canonical, find, normal};
use super::faults::Hint;
use super::means::{bad_cell, count};
use super::users::{self, Users};
use super::{Group, GroupData, Key, Scored};
use crate::input_file::InputFile;
use crate::inputs::{Inputs, Numbers, stored};
use crate::problem::Problem;
use analytics::{BadCell, Fault, Row, Source};
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::quantity::{Ratio, parse_decimal, ratio, sum, whole};
use rules::service_index::ServiceIndex;
use rules::warning::{Code, Warning};
use std::collections::{BTreeMap, HashMap};

/// Columns that tell units apart.
pub(super) const UNIT: &[&str] = &["region", "institution", "unit", "service", "period", "year"];
/// The columns that name a result when nothing is asked for.
const USUAL: &[&str] = &["region", "institution", "unit", "period", "year"];

/// What is known of one unit while files are read.
#[derive(Default)]
pub(super) struct Unit {
    levels: BTreeMap<String, Vec<Ratio>>,
    pub(super) users: Users,
}

/// Units in the order they were met, found by their key. All keys have the same columns.
#[derive(Default)]
pub(super) struct Units {
    pub(super) list: Vec<(Key, Unit)>,
    places: HashMap<Key, usize>,
}

impl Units {
    /// The unit of a key, new when it was not met before.
    pub(super) fn of(&mut self, key: Key) -> &mut Unit {
        let place = *self.places.entry(key.clone()).or_insert_with(|| {
            self.list.push((key, Unit::default()));
            self.list.len() - 1
        });
        &mut self.list[place].1
    }
}

/// What a file of an IPP assessment holds.
enum Kind {
    /// Rows `unit, indicator, level`.
    Long,
    /// Rows `unit, i1, i2, …`.
    Wide,
    /// Form F-03 only.
    Users,
}

pub(super) fn read(scored: &mut Scored, files: &[InputFile]) -> Result<(), Problem> {
    let mut units = Units::default();
    let mut columns: Option<Vec<String>> = None;
    let mut user_files = Vec::new();
    for file in files {
        let source = file.open()?;
        let Body::ServiceIndex(index) = &scored.instrument.body else { return Ok(()) };
        match kind(index, &source) {
            Some(Kind::Users) => user_files.push(file),
            Some(kind) => {
                let grouping = grouping(&source, columns.as_deref(), scored.options.by.as_deref())?;
                columns = Some(grouping.names());
                read_levels(scored, source, file, &grouping, matches!(kind, Kind::Long), &mut units)?;
            }
            None => {
                let phrase = Phrase::new("score.no-levels").with("file", source.name());
                return Err(Problem::Input(phrase.with("columns", source.columns().join(", "))));
            }
        }
    }
    let Some(columns) = columns else {
        let phrase = Phrase::new("score.only-users").with("file", files[0].name());
        return Err(Problem::Input(phrase));
    };
    for file in user_files {
        users::read(scored, file, &columns, &mut units)?;
    }
    let unnamed = columns.is_empty() && units.list.iter().any(|(key, _)| !key.is_empty());
    let columns = if unnamed { vec!["unit".to_owned()] } else { columns };
    let by = by(scored, &columns, &files[0])?;
    scored.groups = groups(units.list, &by);
    scored.by = Some(by);
    Ok(())
}

/// The columns that tell units apart: the known ones and those asked for; without any, a column that names rows in another way.
fn grouping(source: &Source, fixed: Option<&[String]>, asked: Option<&[String]>) -> Result<Grouping, Problem> {
    let asked: Vec<String> = asked.unwrap_or_default().iter().map(|name| canonical(name)).collect();
    let more = asked.iter().map(String::as_str).filter(|name| !name.is_empty() && !UNIT.contains(name));
    let wanted: Vec<&str> = UNIT.iter().copied().chain(more).collect();
    let grouping = Grouping::of(source, fixed, &wanted)?;
    if grouping.columns.is_empty() && fixed.is_none() {
        let other = OTHER_NAMES.iter().find_map(|name| find(source.columns(), name));
        return Ok(Grouping { columns: other.map(|position| ("unit".to_owned(), position)).into_iter().collect() });
    }
    Ok(grouping)
}

/// Headings that name a row where no column is headed as a unit.
const OTHER_NAMES: &[&str] = &["nama", "name", "entity", "id", "kode", "no"];

fn kind(index: &ServiceIndex, source: &Source) -> Option<Kind> {
    let columns = source.columns();
    if find(columns, "indicator").is_some() && find(columns, "level").is_some() {
        Some(Kind::Long)
    } else if wide_columns(index, columns).iter().any(Option::is_some) {
        Some(Kind::Wide)
    } else if find(columns, "f03").is_some()
        || columns.iter().filter(|column| index.is_user_question(column)).count() > 1
    {
        Some(Kind::Users)
    } else {
        None
    }
}

/// The columns of a result: those asked for, else the usual ones that the files have.
fn by(scored: &Scored, columns: &[String], file: &InputFile) -> Result<Vec<String>, Problem> {
    let Some(asked) = &scored.options.by else {
        let usual = USUAL.iter().filter(|name| columns.iter().any(|known| known == *name));
        return Ok(usual.map(|name| (*name).to_owned()).collect());
    };
    let mut by: Vec<String> = Vec::new();
    for name in asked.iter().map(|name| canonical(name)).filter(|name| !name.is_empty()) {
        if !columns.contains(&name) {
            let phrase = Phrase::new("score.no-column").with("file", file.name());
            return Err(Problem::Input(phrase.with("column", name).with("columns", columns.join(", "))));
        }
        if !by.contains(&name) {
            by.push(name);
        }
    }
    Ok(by)
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
        // Keys of one group differ in the columns outside it, so the names are distinct.
        let outside = member.iter().filter(|part| !key.contains(part)).map(|(_, value)| value.as_str());
        let name = outside.filter(|value| !value.is_empty()).collect::<Vec<_>>().join(" · ");
        units.insert(name, unit.inputs(&mut warnings));
    }
    let inputs = match units.pop_first() {
        Some((_, only)) if units.is_empty() && own_result => only,
        first => {
            units.extend(first);
            Inputs::Units { units, compliance: None }
        }
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
        let (mean, f03_respondents, repeated) = self.users.summary();
        warnings.extend(repeated.then(|| Warning::new(Code::DuplicateRow).with("what", "F-03")));
        Inputs::Levels { levels, f03: mean.as_ref().map(stored), f03_respondents }
    }
}

fn read_levels(
    scored: &mut Scored,
    source: Source,
    file: &InputFile,
    grouping: &Grouping,
    is_long: bool,
    units: &mut Units,
) -> Result<(), Problem> {
    let Body::ServiceIndex(index) = &scored.instrument.body else { return Ok(()) };
    let columns = source.columns().to_vec();
    let name = source.name().to_owned();
    let rows = source.rows().map_err(|error| file.refused(error))?;
    let wide = wide_columns(index, &columns);
    let table = Levels { index, columns: &columns, wide };
    let mut faults = Vec::new();
    for row in &rows {
        // A wide table without any name holds one unit per row.
        let unnamed = || vec![("unit".to_owned(), row.line.to_string())];
        let key = if grouping.columns.is_empty() && !is_long && rows.len() > 1 {
            unnamed()
        } else {
            grouping.key(&row.cells)
        };
        faults.push(table.row(row, units.of(key), is_long));
    }
    let whole = Hint::Whole(index.levels.lowest, index.levels.highest);
    for bad in faults {
        for (position, (cell, hint)) in bad.into_iter().enumerate() {
            scored.faults.add_cells(&name, u64::from(position == 0), vec![cell], hint.unwrap_or(whole));
        }
    }
    Ok(())
}

/// The indicator that each column of a wide table means: `i7`, its key or name; a bare `7` only where the head is a row of numbers.
fn wide_columns(index: &ServiceIndex, columns: &[String]) -> Vec<Option<usize>> {
    let bare = |column: &String| column.bytes().all(|byte| byte.is_ascii_digit());
    let numbered_head = columns.iter().filter(|column| bare(column)).count() * 2 > index.indicators.len();
    columns.iter().map(|column| index.indicator(column).filter(|_| numbered_head || !bare(column))).collect()
}

/// A cell that could not be used, with what is possible in it where that is not a level.
type BadLevel = (BadCell, Option<Hint>);

struct Levels<'a> {
    index: &'a ServiceIndex,
    columns: &'a [String],
    /// Per column, the indicator it means in a wide table.
    wide: Vec<Option<usize>>,
}

impl Levels<'_> {
    /// Takes the levels and the F-03 mean of one row into its unit; gives back the cells that could not be used.
    fn row(&self, row: &Row, unit: &mut Unit, is_long: bool) -> Vec<BadLevel> {
        let mut bad = Vec::new();
        if is_long {
            self.long(row, unit, &mut bad);
        } else {
            self.wide(row, unit, &mut bad);
        }
        if let Some(position) = find(self.columns, "f03").filter(|position| !row.cells[*position].trim().is_empty()) {
            let users = ["f03-respondents", "respondents"].into_iter().find_map(|name| find(self.columns, name));
            let respondents = users.and_then(|position| count(&row.cells[position]));
            self.f03(row, position, respondents, unit, &mut bad);
        }
        bad
    }

    fn long(&self, row: &Row, unit: &mut Unit, bad: &mut Vec<BadLevel>) {
        let (Some(name), Some(level)) = (find(self.columns, "indicator"), find(self.columns, "level")) else { return };
        let indicator = &row.cells[name];
        if matches!(normal(indicator).as_str(), "f03" | "f-03") {
            self.f03(row, level, None, unit, bad);
            return;
        }
        match self.index.indicator(indicator) {
            Some(position) => self.take(row, level, position, unit, bad),
            None => bad.push((bad_cell(row, &self.columns[name], indicator, Fault::NotANumber), Some(Hint::Indicator))),
        }
    }

    fn wide(&self, row: &Row, unit: &mut Unit, bad: &mut Vec<BadLevel>) {
        for (column, position) in self.wide.iter().enumerate() {
            let Some(position) = *position else { continue };
            if self.index.indicators[position].scored || !row.cells[column].trim().is_empty() {
                self.take(row, column, position, unit, bad);
            }
        }
    }

    fn take(&self, row: &Row, column: usize, position: usize, unit: &mut Unit, bad: &mut Vec<BadLevel>) {
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
        inside(self.index, level)
    }

    fn f03(&self, row: &Row, column: usize, respondents: Option<u64>, unit: &mut Unit, bad: &mut Vec<BadLevel>) {
        let cell = &row.cells[column];
        match f03_mean(self.index, cell) {
            Ok(mean) => unit.users.add_mean(mean, respondents),
            Err(fault) => {
                let hint = Hint::Decimal(self.index.levels.lowest, self.index.levels.highest);
                bad.push((bad_cell(row, &self.columns[column], cell, fault), Some(hint)));
            }
        }
    }
}

/// A mean of F-03 within the scale.
pub(super) fn f03_mean(index: &ServiceIndex, cell: &str) -> Result<Ratio, Fault> {
    inside(index, parse_decimal(cell).map_err(|_| Fault::NotANumber)?)
}

fn inside(index: &ServiceIndex, value: Ratio) -> Result<Ratio, Fault> {
    let scale = index.levels;
    let inside = whole(scale.lowest) <= value && value <= whole(scale.highest);
    if inside { Ok(value) } else { Err(Fault::OutOfRange) }
}
