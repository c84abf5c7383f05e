//! Spreadsheets: the first sheet that holds a table, else the first with anything in it.

mod archive;
mod excel;
mod line;
mod open_document;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
pub(crate) mod titled;

pub(crate) use archive::Kind;

use crate::counter::{Asked, Counter, Share};
use crate::error::ReadError;
use crate::header::{FirstRows, Header};
use crate::kept::Kept;
use crate::limits::{Limits, Stop};
use crate::source::{MOST_ROWS, Row};
use std::cmp::Ordering;
use std::path::Path;

/// The most columns and rows a sheet can have.
const MOST_COLUMNS: usize = 16_384;
const MOST_SHEET_ROWS: u64 = MOST_ROWS as u64;
/// The most characters a cell can have: the limit of Excel.
const LONGEST_CELL: usize = 32_767;

/// Where the table is in the workbook.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) kind: Kind,
    sheet: usize,
    header_line: u64,
    first_column: usize,
}

/// What is wanted next of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// More of this sheet.
    Row,
    /// The next sheet, passing over what is left of this one.
    Sheet,
    /// No more.
    End,
}

/// Takes rows as they are read.
trait Rows {
    /// A sheet begins.
    fn begin(&mut self, sheet: usize) -> Next;
    /// A row, by its number as a person sees it, without empty cells at its end.
    fn row(&mut self, line: u64, cells: &[String]) -> Result<Next, ReadError>;
}

/// Finds the header.
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<(Layout, Vec<String>), ReadError> {
    let kind = archive::checked(path, limits)?;
    let mut search = Search::default();
    read(path, kind, &limits.stop, &mut search)?;
    search.judge();
    let (sheet, Header { line, names, .. }) = search.found.ok_or(ReadError::Empty)?;
    let first_column = names.iter().position(|name| !name.is_empty()).ok_or(ReadError::NoHeader)?;
    Ok((Layout { kind, sheet, header_line: line, first_column }, names[first_column..].to_vec()))
}

/// Counts all rows.
pub(crate) fn count(path: &Path, layout: Layout, asked: Asked<'_>) -> Result<Vec<Share>, ReadError> {
    let mut counter = Counter::new(asked);
    let take = |line, cells: &[String]| {
        // In a sheet every row has every column; those not written are empty.
        counter.row(line, |position| Some(cells.get(position).map_or(&[][..], |cell| cell.as_bytes())))
    };
    read(path, layout.kind, &asked.limits.stop, &mut Body { layout, take })?;
    Ok(vec![counter.finish()?])
}

/// All rows as text.
pub(crate) fn rows(path: &Path, layout: Layout, mut kept: Kept) -> Result<Vec<Row>, ReadError> {
    let stop = kept.stop.clone();
    let take = |line, cells: &[String]| kept.add(line, cells.iter());
    read(path, layout.kind, &stop, &mut Body { layout, take })?;
    Ok(kept.finish())
}

fn read(path: &Path, kind: Kind, stop: &Stop, rows: &mut impl Rows) -> Result<(), ReadError> {
    match kind {
        Kind::Excel => excel::read(path, stop, rows),
        Kind::OpenDocument => open_document::read(path, stop, rows),
    }
}

/// Looks for the first sheet with a table; keeps the header of the first with anything in it until then.
#[derive(Default)]
struct Search {
    sheet: usize,
    rows: FirstRows,
    found: Option<(usize, Header)>,
}

impl Search {
    /// Judges the rows of the sheet read last, once.
    fn judge(&mut self) -> Next {
        let Some(header) = std::mem::take(&mut self.rows).header() else { return Next::Sheet };
        let next = if header.of_a_table { Next::End } else { Next::Sheet };
        if header.of_a_table || self.found.is_none() {
            self.found = Some((self.sheet, header));
        }
        next
    }
}

impl Rows for Search {
    fn begin(&mut self, sheet: usize) -> Next {
        if self.judge() == Next::End {
            return Next::End;
        }
        self.sheet = sheet;
        Next::Row
    }

    fn row(&mut self, line: u64, cells: &[String]) -> Result<Next, ReadError> {
        self.rows.add(line, line + 1, cells);
        Ok(if self.rows.are_enough() { self.judge() } else { Next::Row })
    }
}

/// Takes the rows below the header.
struct Body<F> {
    layout: Layout,
    take: F,
}

impl<F: FnMut(u64, &[String]) -> Result<(), ReadError>> Rows for Body<F> {
    fn begin(&mut self, sheet: usize) -> Next {
        match sheet.cmp(&self.layout.sheet) {
            Ordering::Less => Next::Sheet,
            Ordering::Equal => Next::Row,
            Ordering::Greater => Next::End,
        }
    }

    fn row(&mut self, line: u64, cells: &[String]) -> Result<Next, ReadError> {
        if line > self.layout.header_line {
            (self.take)(line, cells.get(self.layout.first_column..).unwrap_or_default())?;
        }
        Ok(Next::Row)
    }
}

/// A number as people write it: at most fifteen digits, which is what spreadsheets show of a number computed by them.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 {
        return number.to_string();
    }
    format!("{number:.14e}").parse().map_or_else(|_| number.to_string(), |rounded: f64| rounded.to_string())
}

/// A length of time in hours, minutes and seconds.
fn duration_text(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let seconds = seconds.abs().round();
    let (hours, minutes) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0);
    format!("{sign}{hours:02}:{minutes:02}:{:02}", seconds % 60.0)
}
