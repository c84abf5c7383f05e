//! Spreadsheets: the first sheet with anything in it, its first such row being the header.

mod archive;
mod excel;
mod open_document;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use archive::Kind;

use crate::counter::{Counter, Share};
use crate::error::ReadError;
use crate::question::Question;
use crate::source::{MOST_ROWS, Row, most_rows, padded};
use std::ops::ControlFlow;
use std::path::Path;

/// The most columns and rows a sheet can have.
const MOST_COLUMNS: usize = 16_384;
const MOST_SHEET_ROWS: u64 = MOST_ROWS as u64;

/// Where the table is in the workbook.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) kind: Kind,
    sheet: usize,
    header_line: u64,
    first_column: usize,
}

/// Takes rows as they are read.
trait Rows {
    /// A sheet begins; a break passes over it.
    fn begin(&mut self, sheet: usize) -> ControlFlow<()>;
    /// A row, by its number as a person sees it, without empty cells at its end. A break ends the reading.
    fn row(&mut self, line: u64, cells: &[String]) -> Result<ControlFlow<()>, ReadError>;
}

/// Finds the header.
pub(crate) fn open(path: &Path) -> Result<(Layout, Vec<String>), ReadError> {
    let kind = archive::checked(path)?;
    let mut header = Header { sheet: 0, found: None };
    read(path, kind, &mut header)?;
    let (header_line, cells) = header.found.ok_or(ReadError::Empty)?;
    let first_column = cells.iter().position(|cell| !cell.is_empty()).ok_or(ReadError::NoHeader)?;
    Ok((Layout { kind, sheet: header.sheet, header_line, first_column }, cells[first_column..].to_vec()))
}

/// Counts all rows.
pub(crate) fn count(
    path: &Path,
    layout: Layout,
    columns: &[String],
    question: &Question,
) -> Result<Vec<Share>, ReadError> {
    let mut counter = Counter::new(question, columns);
    let take = |line, cells: &[String]| {
        // In a sheet every row has every column; those not written are empty.
        counter.row(line, |position| Some(cells.get(position).map_or(&[][..], |cell| cell.as_bytes())))
    };
    read(path, layout.kind, &mut Body { layout, take })?;
    Ok(vec![counter.finish()?])
}

/// All rows as text.
pub(crate) fn rows(path: &Path, layout: Layout, columns: usize) -> Result<Vec<Row>, ReadError> {
    let mut rows = Vec::new();
    let most = most_rows(columns);
    let take = |line, cells: &[String]| {
        rows.extend(padded(line, cells.to_vec(), columns));
        if rows.len() > most { Err(ReadError::TooManyRows(most)) } else { Ok(()) }
    };
    read(path, layout.kind, &mut Body { layout, take })?;
    Ok(rows)
}

fn read(path: &Path, kind: Kind, rows: &mut impl Rows) -> Result<(), ReadError> {
    match kind {
        Kind::Excel => excel::read(path, rows),
        Kind::OpenDocument => open_document::read(path, rows),
    }
}

/// Looks for the first row with anything in it.
struct Header {
    sheet: usize,
    found: Option<(u64, Vec<String>)>,
}

impl Rows for Header {
    fn begin(&mut self, sheet: usize) -> ControlFlow<()> {
        self.sheet = sheet;
        ControlFlow::Continue(())
    }

    fn row(&mut self, line: u64, cells: &[String]) -> Result<ControlFlow<()>, ReadError> {
        if cells.iter().all(String::is_empty) {
            return Ok(ControlFlow::Continue(()));
        }
        self.found = Some((line, cells.to_vec()));
        Ok(ControlFlow::Break(()))
    }
}

/// Takes the rows below the header.
struct Body<F> {
    layout: Layout,
    take: F,
}

impl<F: FnMut(u64, &[String]) -> Result<(), ReadError>> Rows for Body<F> {
    fn begin(&mut self, sheet: usize) -> ControlFlow<()> {
        if sheet == self.layout.sheet { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn row(&mut self, line: u64, cells: &[String]) -> Result<ControlFlow<()>, ReadError> {
        if line > self.layout.header_line {
            (self.take)(line, cells.get(self.layout.first_column..).unwrap_or_default())?;
        }
        Ok(ControlFlow::Continue(()))
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
