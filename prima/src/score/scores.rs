//! Ombudsman: one row per unit, with its score or its dimension scores.

use super::columns::{Grouping, find, normal};
use super::faults::Hint;
use super::means::bad_cell;
use super::{Group, GroupData, Key, Scored, open};
use crate::inputs::{Inputs, Numbers, stored};
use crate::problem::Problem;
use analytics::{BadCell, Fault, Row};
use rules::compliance_zone::ComplianceAssessment;
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::quantity::parse_decimal;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// Grouping when the file names institutions, and when it does not.
const INSTITUTIONS: &[&str] = &["institution", "period", "year"];
const UNITS: &[&str] = &["unit", "period", "year"];

/// A group being read: its units and its compliance level.
struct Members {
    key: Key,
    units: BTreeMap<String, Inputs>,
    compliance: Option<String>,
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
            self.list.push(Members { key, units: BTreeMap::new(), compliance: None });
            self.list.len() - 1
        });
        &mut self.list[place]
    }
}

pub(super) fn read(scored: &mut Scored, files: &[PathBuf]) -> Result<(), Problem> {
    let mut groups = Groups::default();
    let mut of_units = false;
    for file in files {
        let source = open(file)?;
        let usual = if find(source.columns(), "institution").is_some() { INSTITUTIONS } else { UNITS };
        let grouping = Grouping::of(&source, scored.options.by.as_deref(), usual)?;
        of_units = grouping.columns.iter().any(|(name, _)| name == "unit");
        scored.by = grouping.names();
        let columns = source.columns().to_vec();
        let name = source.name().to_owned();
        let Body::Compliance(assessment) = &scored.instrument.body else { return Ok(()) };
        let table = Table { assessment, columns: &columns };
        table.require_scores(&name)?;
        let rows = source.rows().map_err(|error| Problem::Read(file.display().to_string(), error))?;
        let mut faults = Vec::new();
        for row in &rows {
            match table.unit(row) {
                Ok(inputs) => table.keep(row, grouping.key(&row.cells), inputs, &mut groups),
                Err(cells) => faults.push(cells),
            }
        }
        for cells in faults {
            scored.faults.add(&name, 1, cells, Hint::Decimal(0, 100));
        }
    }
    scored.groups = groups.list.into_iter().map(|members| members.group(of_units)).collect();
    Ok(())
}

impl Members {
    /// A unit's own result when the file is grouped by unit, the institution's otherwise.
    fn group(mut self, of_units: bool) -> Group {
        let inputs = match self.units.pop_first() {
            Some((_, only)) if of_units && self.units.is_empty() => only,
            Some((name, first)) => {
                self.units.insert(name, first);
                Inputs::Units { units: self.units, compliance: self.compliance }
            }
            None => Inputs::Units { units: self.units, compliance: self.compliance },
        };
        Group::new(self.key, GroupData::Inputs(inputs))
    }
}

struct Table<'a> {
    assessment: &'a ComplianceAssessment,
    columns: &'a [String],
}

impl Table<'_> {
    fn dimension_columns(&self) -> impl Iterator<Item = (usize, &str)> {
        self.columns.iter().enumerate().filter_map(|(position, column)| {
            let name = normal(column);
            let dimension = self.assessment.dimensions.iter().find(|dimension| dimension.key == name)?;
            Some((position, dimension.key.as_str()))
        })
    }

    fn require_scores(&self, file: &str) -> Result<(), Problem> {
        if find(self.columns, "score").is_some() || self.dimension_columns().next().is_some() {
            return Ok(());
        }
        let dimensions: Vec<&str> = self.assessment.dimensions.iter().map(|dimension| dimension.key.as_str()).collect();
        let phrase = Phrase::new("score.no-scores").with("file", file).with("columns", self.columns.join(", "));
        Err(Problem::Input(phrase.with("dimensions", dimensions.join(", "))))
    }

    /// The unit's score, or its dimension scores where it has no score.
    fn unit(&self, row: &Row) -> Result<Inputs, Vec<BadCell>> {
        let given = find(self.columns, "score").filter(|position| !row.cells[*position].trim().is_empty());
        if let Some(position) = given {
            return match self.score(&row.cells[position]) {
                Ok(score) => Ok(Inputs::Score { score }),
                Err(fault) => Err(vec![bad_cell(row, &self.columns[position], &row.cells[position], fault)]),
            };
        }
        let mut scores = Numbers::new();
        let mut bad = Vec::new();
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
        if bad.is_empty() { Ok(Inputs::Dimensions { scores }) } else { Err(bad) }
    }

    fn score(&self, cell: &str) -> Result<String, Fault> {
        if cell.trim().is_empty() {
            return Err(Fault::Blank);
        }
        let score = parse_decimal(cell).map_err(|_| Fault::NotANumber)?;
        let inside = self.assessment.scale.lowest <= score && score <= self.assessment.scale.highest;
        if inside { Ok(stored(&score)) } else { Err(Fault::OutOfRange) }
    }

    fn keep(&self, row: &Row, key: Key, inputs: Inputs, groups: &mut Groups) {
        let cell = |name: &str| find(self.columns, name).map(|position| row.cells[position].trim().to_owned());
        let group = groups.of(key);
        let mut name =
            cell("unit").filter(|name| !name.is_empty()).unwrap_or_else(|| format!("{}", group.units.len() + 1));
        while group.units.contains_key(&name) {
            name.push('′');
        }
        group.units.insert(name, inputs);
        let compliance = cell("compliance").filter(|level| !level.is_empty());
        group.compliance = group.compliance.take().or(compliance);
    }
}
