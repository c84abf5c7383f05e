//! A row of a sheet while its cells are read.
//!
//! A few bytes of a workbook can stand for the same long text in every cell of a row. So what a row would take is known before any
//! text is copied.

use super::{LONGEST_CELL, MOST_COLUMNS};
use crate::error::{Place, ReadError};
use crate::source::LONGEST_ROW;

/// The cells of a row, without empty ones at its end.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) cells: Vec<String>,
    bytes: usize,
}

impl Line {
    /// Puts `text` into `count` cells, the first at `column`, of the row that people see as number `line`. Of blanks nothing is kept.
    ///
    /// # Errors
    /// When the text is longer than a cell can be, or the row wider or longer than a row can be.
    pub(super) fn put(&mut self, line: u64, column: usize, count: usize, text: &str) -> Result<(), ReadError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let end = column.saturating_add(count);
        if end > MOST_COLUMNS {
            return Err(ReadError::Corrupt(Place::Line(line), format!("column {end} of at most {MOST_COLUMNS}")));
        }
        if text.len() > LONGEST_CELL && text.chars().nth(LONGEST_CELL).is_some() {
            return Err(ReadError::LongText(line));
        }
        self.bytes = self.bytes.saturating_add(text.len().saturating_mul(count));
        if self.bytes > LONGEST_ROW {
            return Err(ReadError::LongText(line));
        }
        self.cells.resize(self.cells.len().max(end), String::new());
        self.cells[column..end].fill(text.to_owned());
        Ok(())
    }

    /// Makes it the next row.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.bytes = 0;
    }
}
