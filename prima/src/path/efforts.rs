//! A table of what rises take, which replaces the estimates row by row.

use crate::problem::Problem;
use calculation::{InputFile, find_column};
use rules::cheapest_path::{Effort, Efforts};
use rules::phrase::Phrase;
use rules::quantity::{Ratio, parse_decimal};
use rules::service_index::ServiceIndex;
use std::collections::BTreeSet;

/// Takes the rows of a table: indicator, the level it rises from, days; cost and lead time where they are known. True when the table
/// says it of every rise that counts, so that no estimate is left.
///
/// # Errors
/// When a column is missing or a cell cannot be read; nothing is then computed.
pub(super) fn read(efforts: &mut Efforts, index: &ServiceIndex, file: &InputFile) -> Result<bool, Problem> {
    let (columns, rows) = file.rows()?;
    let column = |names: &[&str]| names.iter().find_map(|name| find_column(&columns, name));
    let needed = (column(&["indicator", "indikator"]), column(&["from", "dari"]), column(&["days", "hari"]));
    let (Some(indicator), Some(from), Some(days)) = needed else {
        let phrase = Phrase::new("path.no-column").with("file", file.name());
        return Err(Problem::Input(phrase.with("columns", columns.join(", "))));
    };
    let (cost, lead) = (column(&["cost", "biaya"]), column(&["lead", "tenggang"]));
    let mut given = BTreeSet::new();
    for row in &rows {
        let bad = |text: &str| {
            let phrase = Phrase::new("path.bad-row").with("file", file.name()).with("line", row.line.to_string());
            Problem::Input(phrase.with("text", text))
        };
        let cell = |position: usize| row.cells[position].trim();
        let count = |position: Option<usize>| match position.map(cell).filter(|text| !text.is_empty()) {
            None => Ok(0),
            Some(text) => whole_number(text).ok_or_else(|| bad(text)),
        };
        let position = index.indicator(cell(indicator)).ok_or_else(|| bad(cell(indicator)))?;
        let level =
            whole_number(cell(from)).and_then(|level| u8::try_from(level).ok()).ok_or_else(|| bad(cell(from)))?;
        let (cost, lead) = (count(cost)?, count(lead)?);
        let lead = u32::try_from(lead).map_err(|_| bad(&lead.to_string()))?;
        let effort = match cell(days) {
            "-" | "–" => None,
            text => Some(Effort { days: not_negative(text).ok_or_else(|| bad(text))?, cost, lead }),
        };
        if !efforts.set(position, level, effort) {
            return Err(bad(cell(from)));
        }
        given.insert((position, level));
    }
    let scored = index.indicators.iter().enumerate().filter(|(_, indicator)| indicator.scored);
    let mut all = scored.flat_map(|(at, _)| (index.levels.lowest..index.levels.highest).map(move |from| (at, from)));
    Ok(all.all(|rise| given.contains(&rise)))
}

fn not_negative(text: &str) -> Option<Ratio> {
    parse_decimal(text).ok().filter(|number| *number >= Ratio::default())
}

fn whole_number(text: &str) -> Option<u64> {
    not_negative(text).filter(Ratio::is_integer)?.to_integer().try_into().ok()
}
