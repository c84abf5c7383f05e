//! SKM element means, one row per unit, as reports print them.

use super::columns::{Grouping, find};
use super::faults::Hint;
use super::{Group, GroupData, Scored};
use crate::input_file::InputFile;
use crate::inputs::{Inputs, Numbers, stored};
use crate::problem::Problem;
use analytics::{BadCell, Fault, Row};
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::quantity::{parse_decimal, whole};
use rules::satisfaction_index::{Order, SatisfactionSurvey};

const USUAL: &[&str] = &["region", "institution", "unit", "service", "period", "year"];

pub(super) fn read(scored: &mut Scored, files: &[InputFile]) -> Result<(), Problem> {
    for file in files {
        let source = file.open()?;
        let grouping = Grouping::of(&source, scored.grouping().as_deref(), USUAL)?;
        scored.by = Some(grouping.names());
        let columns = source.columns().to_vec();
        let name = source.name().to_owned();
        let rows = source.rows().map_err(|error| file.refused(error))?;
        let Body::Satisfaction(survey) = &scored.instrument.body else { return Ok(()) };
        let table = Table { survey, columns: &columns, fallback: scored.options.order.unwrap_or_default() };
        table.require_elements(&name)?;
        let policy = scored.policy(survey);
        let mut bad = Vec::new();
        for row in &rows {
            match table.means(row) {
                Ok(means) => {
                    let inputs = Inputs::Means {
                        means,
                        respondents: table.respondents(row),
                        weights: policy.as_str().to_owned(),
                        population: scored.options.population,
                    };
                    scored.groups.push(Group::new(grouping.key(&row.cells), GroupData::Inputs(inputs)));
                }
                Err(fault) => bad.push(fault),
            }
        }
        let scale = survey.answers;
        for (cells, hint) in bad {
            let hint = hint.unwrap_or(Hint::Decimal(scale.lowest, scale.highest));
            scored.faults.add(&name, 1, cells, hint);
        }
    }
    Ok(())
}

/// A table of means.
pub(crate) struct Table<'a> {
    pub(crate) survey: &'a SatisfactionSurvey,
    pub(crate) columns: &'a [String],
    /// The order when a row says none.
    pub(crate) fallback: Order,
}

impl Table<'_> {
    /// Refuses a table without element columns, or with two columns for one element.
    pub(crate) fn require_elements(&self, file: &str) -> Result<(), Problem> {
        let mut known = Vec::new();
        for column in self.columns {
            let Some(position) = self.survey.position(column, self.fallback) else { continue };
            if known.contains(&position) {
                let phrase = Phrase::new("score.element-twice").with("file", file).with("column", column.as_str());
                return Err(Problem::Input(phrase));
            }
            known.push(position);
        }
        if !known.is_empty() {
            return Ok(());
        }
        let first = self.survey.elements.first().map_or("", |element| element.key.as_str());
        let phrase = Phrase::new("score.no-elements").with("file", file).with("first", first);
        let phrase = phrase.with("count", self.survey.elements.len().to_string());
        Err(Problem::Input(phrase.with("columns", self.columns.join(", "))))
    }

    /// The means of a row by element; a blank element is left out, an impossible one refuses the row.
    pub(crate) fn means(&self, row: &Row) -> Result<Numbers, (Vec<BadCell>, Option<Hint>)> {
        let order = self.order(row).map_err(|cell| (vec![cell], Some(Hint::Order)))?;
        let mut means = Numbers::new();
        let mut bad = Vec::new();
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            if self.survey.is_beyond(column) && !cell.trim().is_empty() {
                let count = self.survey.elements.len();
                return Err((vec![bad_cell(row, column, cell, Fault::OutOfRange)], Some(Hint::Elements(count))));
            }
            let Some(position) = self.survey.position(column, order).filter(|_| !cell.trim().is_empty()) else {
                continue;
            };
            match self.mean(cell) {
                Ok(mean) => drop(means.insert(self.survey.elements[position].key.clone(), mean)),
                Err(fault) => bad.push(bad_cell(row, column, cell, fault)),
            }
        }
        if means.is_empty() && bad.is_empty() {
            let element = self.columns.iter().find(|column| self.survey.position(column, order).is_some());
            bad.push(bad_cell(row, element.unwrap_or(&self.columns[0]), "", Fault::Blank));
        }
        if bad.is_empty() { Ok(means) } else { Err((bad, None)) }
    }

    fn mean(&self, cell: &str) -> Result<String, Fault> {
        let value = parse_decimal(cell).map_err(|_| Fault::NotANumber)?;
        let scale = self.survey.answers;
        let inside = whole(scale.lowest) <= value && value <= whole(scale.highest);
        if inside { Ok(stored(&value)) } else { Err(Fault::OutOfRange) }
    }

    /// Respondents of a row, where it says.
    pub(crate) fn respondents(&self, row: &Row) -> Option<u64> {
        let position = find(self.columns, "respondents")?;
        count(&row.cells[position])
    }

    fn order(&self, row: &Row) -> Result<Order, BadCell> {
        let Some(position) = find(self.columns, "order") else { return Ok(self.fallback) };
        let cell = row.cells[position].trim();
        if cell.is_empty() {
            return Ok(self.fallback);
        }
        Order::named(cell).ok_or_else(|| bad_cell(row, &self.columns[position], cell, Fault::NotANumber))
    }
}

/// A count as offices write it: `150`, `1.250`, `1,250`, and `150.0` as programs export it.
pub(crate) fn count(cell: &str) -> Option<u64> {
    let cell = cell.trim();
    let mut groups = cell.split(['.', ',']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = !rest.is_empty() && first.len() <= 3 && rest.iter().all(|group| group.len() == 3);
    if grouped {
        return format!("{first}{}", rest.concat()).parse().ok();
    }
    let value = parse_decimal(cell).ok().filter(rules::quantity::Ratio::is_integer)?;
    value.to_integer().try_into().ok()
}

/// A cell that cannot be used.
pub(super) fn bad_cell(row: &Row, column: &str, found: &str, fault: Fault) -> BadCell {
    BadCell { line: row.line, column: column.to_owned(), found: found.chars().take(40).collect(), fault }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn counts_are_read_as_offices_and_programs_write_them() {
        assert_eq!(
            [count("150"), count("1.250"), count("12,500"), count("29.0")],
            [Some(150), Some(1250), Some(12_500), Some(29)]
        );
        assert_eq!([count("12.5"), count(""), count("banyak"), count("-3")], [None; 4]);
    }
}
