//! Ombudsman: one row per unit, with its score or its dimension scores.

use super::columns::{Grouping, find};
use super::faults::Hint;
use super::means::bad_cell;
use super::{Group, GroupData, Key, Scored};
use crate::input_file::InputFile;
use crate::inputs::{Inputs, Numbers, stored};
use crate::problem::Problem;
use analytics::{BadCell, Fault, Row};
use rules::compliance_zone::ComplianceAssessment;
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::quantity::parse_decimal;
use rules::warning::{Code, Warning};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Grouping when the file names institutions, and when it does not.
const INSTITUTIONS: &[&str] = &["region", "institution", "period", "year"];
const UNITS: &[&str] = &["region", "unit", "period", "year"];

/// A group being read: its units and its compliance level.
#[derive(Default)]
struct Members {
    key: Key,
    units: BTreeMap<String, Inputs>,
    /// How often a name stood already.
    repeated: BTreeMap<String, u32>,
    /// Compliance levels named; one at most in a sound file.
    levels: BTreeSet<String>,
}

/// Groups in the order they were met, found by their key.
#[derive(Default)]
struct Groups {
    list: Vec<Members>,
    places: HashMap<Key, usize>,
}

impl Groups {
    fn of(&mut self, key: Key) -> &mut Members {
        let place = *self.places.entry(key.clone()).or_insert_with(|| {
            self.list.push(Members { key, ..Members::default() });
            self.list.len() - 1
        });
        &mut self.list[place]
    }
}

pub(super) fn read(scored: &mut Scored, files: &[InputFile]) -> Result<(), Problem> {
    let mut groups = Groups::default();
    let mut of_units = false;
    for file in files {
        let source = file.open()?;
        let usual = if find(source.columns(), "institution").is_some() { INSTITUTIONS } else { UNITS };
        let grouping = Grouping::of(&source, scored.grouping().as_deref(), usual)?;
        of_units = grouping.columns.iter().any(|(name, _)| name == "unit");
        scored.by = Some(grouping.names());
        let columns = source.columns().to_vec();
        let name = source.name().to_owned();
        let Body::Compliance(assessment) = &scored.instrument.body else { return Ok(()) };
        let table = Table { assessment, columns: &columns };
        table.require_scores(&name)?;
        let rows = source.rows().map_err(|error| file.refused(error))?;
        let mut faults = Vec::new();
        for row in &rows {
            let (inputs, cells) = table.unit(row);
            let compliance = table.compliance(row);
            let level = compliance.as_ref().ok().cloned().flatten();
            groups.of(grouping.key(&row.cells)).keep(&table.name(row), inputs, level);
            faults.extend((!cells.is_empty()).then_some((cells, Hint::Decimal(0, 100))));
            faults.extend(compliance.err().map(|cell| (vec![cell], Hint::Compliance)));
        }
        for (cells, hint) in faults {
            scored.faults.add(&name, 1, cells, hint);
        }
    }
    scored.groups = groups.list.into_iter().map(|members| members.group(of_units)).collect();
    Ok(())
}

impl Members {
    /// Takes in a unit. A unit without usable scores stays, so that the institution's result names it.
    fn keep(&mut self, name: &str, inputs: Inputs, compliance: Option<String>) {
        let mut name = if name.is_empty() { (self.units.len() + 1).to_string() } else { name.to_owned() };
        if self.units.contains_key(&name) {
            let times = self.repeated.entry(name.clone()).or_insert(1);
            *times += 1;
            name = format!("{name} ({times})");
        }
        self.units.insert(name, inputs);
        self.levels.extend(compliance);
    }

    /// A unit's own result when the file is grouped by unit, the institution's otherwise.
    fn group(mut self, of_units: bool) -> Group {
        let disagrees = self.levels.len() > 1;
        let compliance = self.levels.pop_first().filter(|_| !disagrees);
        let inputs = match self.units.pop_first() {
            Some((_, only)) if of_units && self.units.is_empty() => only,
            first => {
                self.units.extend(first);
                Inputs::Units { units: self.units, compliance }
            }
        };
        let mut group = Group::new(self.key, GroupData::Inputs(inputs));
        let repeated = self.repeated.keys().map(|name| Warning::new(Code::DuplicateRow).with("what", name.as_str()));
        group.warnings.extend(repeated);
        group.warnings.extend(disagrees.then(|| Warning::new(Code::ComplianceDisagrees)));
        group
    }
}

struct Table<'a> {
    assessment: &'a ComplianceAssessment,
    columns: &'a [String],
}

impl Table<'_> {
    fn dimension_columns(&self) -> impl Iterator<Item = (usize, &str)> {
        self.columns.iter().enumerate().filter_map(|(position, column)| {
            let dimension = self.assessment.dimension(column)?;
            Some((position, self.assessment.dimensions[dimension].key.as_str()))
        })
    }

    fn require_scores(&self, file: &str) -> Result<(), Problem> {
        if find(self.columns, "score").is_some() || self.dimension_columns().next().is_some() {
            return Ok(());
        }
        let dimensions: Vec<&str> = self.assessment.dimensions.iter().map(|dimension| dimension.key.as_str()).collect();
        let key = if dimensions.is_empty() { "score.no-score" } else { "score.no-scores" };
        let phrase = Phrase::new(key).with("file", file).with("columns", self.columns.join(", "));
        Err(Problem::Input(phrase.with("dimensions", dimensions.join(", "))))
    }

    /// The unit's score, or its dimension scores where it has no score, with the cells that could not be used.
    fn unit(&self, row: &Row) -> (Inputs, Vec<BadCell>) {
        let mut scores = Numbers::new();
        let mut bad = Vec::new();
        let given = find(self.columns, "score").filter(|position| !row.cells[*position].trim().is_empty());
        if let Some(position) = given {
            match self.score(&row.cells[position]) {
                Ok(score) => return (Inputs::Score { score }, bad),
                Err(fault) => bad.push(bad_cell(row, &self.columns[position], &row.cells[position], fault)),
            }
            return (Inputs::Dimensions { scores }, bad);
        }
        for (position, key) in self.dimension_columns() {
            let cell = &row.cells[position];
            match self.score(cell) {
                Ok(score) => drop(scores.insert(key.to_owned(), score)),
                Err(fault) => bad.push(bad_cell(row, &self.columns[position], cell, fault)),
            }
        }
        if scores.is_empty() && bad.is_empty() {
            let column = find(self.columns, "score").map_or("", |position| &self.columns[position]);
            bad.push(bad_cell(row, column, "", Fault::Blank));
        }
        (Inputs::Dimensions { scores }, bad)
    }

    fn name(&self, row: &Row) -> String {
        find(self.columns, "unit").map_or("", |position| row.cells[position].trim()).to_owned()
    }

    /// The key of the row's compliance level, where it names one.
    fn compliance(&self, row: &Row) -> Result<Option<String>, BadCell> {
        let Some(position) = find(self.columns, "compliance") else { return Ok(None) };
        let cell = row.cells[position].trim();
        if cell.is_empty() || self.assessment.compliance_levels.is_empty() {
            return Ok(None);
        }
        match self.assessment.compliance_level(cell) {
            Some(level) => Ok(Some(level.key.clone())),
            None => Err(bad_cell(row, &self.columns[position], cell, Fault::NotANumber)),
        }
    }

    fn score(&self, cell: &str) -> Result<String, Fault> {
        if cell.trim().is_empty() {
            return Err(Fault::Blank);
        }
        let score = parse_decimal(cell).map_err(|_| Fault::NotANumber)?;
        let inside = self.assessment.scale.lowest <= score && score <= self.assessment.scale.highest;
        if inside { Ok(stored(&score)) } else { Err(Fault::OutOfRange) }
    }
}
