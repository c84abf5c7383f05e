//! Rows kept as text, no more than the limits and the memory allow.

use crate::error::ReadError;
use crate::limits::{Limits, Stop};
use crate::source::Row;

/// The most cells that are kept.
const MOST_CELLS: usize = 1 << 24;
/// The most bytes of text that are kept: some bytes of a file may stand for a long text in a million rows.
const MOST_TEXT: u64 = 1 << 30;

/// Gathers rows. A row too many is refused before it is copied.
#[derive(Debug)]
pub(crate) struct Kept {
    columns: usize,
    most_rows: usize,
    most_text: u64,
    pub(crate) stop: Stop,
    rows: Vec<Row>,
    text: u64,
}

impl Kept {
    /// No rows yet, of a table with so many columns.
    pub(crate) fn new(columns: usize, limits: &Limits) -> Self {
        Self {
            columns,
            most_rows: limits.rows.min(MOST_CELLS / columns.max(1)),
            most_text: limits.unpacked.min(MOST_TEXT),
            stop: limits.stop.clone(),
            rows: Vec::new(),
            text: 0,
        }
    }

    /// Keeps a row, without blanks around its texts; one in which nothing stands is passed over.
    pub(crate) fn add(&mut self, line: u64, texts: impl Iterator<Item = impl AsRef<str>>) -> Result<(), ReadError> {
        self.stop.check()?;
        let mut cells = Vec::new();
        let mut used = 0;
        for (column, text) in texts.enumerate() {
            let text = text.as_ref().trim();
            if text.is_empty() {
                continue;
            }
            if self.rows.len() >= self.most_rows {
                return Err(ReadError::TooManyRows(self.most_rows));
            }
            used = column + 1;
            if column >= self.columns {
                continue;
            }
            self.text += text.len() as u64;
            if self.text > self.most_text {
                return Err(ReadError::TooLarge(self.most_text));
            }
            cells.resize(self.columns, String::new());
            text.clone_into(&mut cells[column]);
        }
        if used > 0 {
            cells.resize(self.columns, String::new());
            self.rows.push(Row { line, cells, extra: used.saturating_sub(self.columns) });
        }
        Ok(())
    }

    /// The rows.
    pub(crate) fn finish(self) -> Vec<Row> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of three bytes each where ten are allowed: the fourth is one too many, and blanks count for nothing.
    #[test]
    fn no_more_text_is_kept_than_allowed() {
        let mut kept = Kept::new(2, &Limits { unpacked: 10, ..Limits::default() });
        for line in 2..5 {
            kept.add(line, ["ab  ", " c"].iter()).unwrap();
        }
        assert_eq!(kept.add(5, ["ab", "c"].iter()), Err(ReadError::TooLarge(10)));
    }

    /// A row of two columns that goes on: what stands behind is counted and not kept.
    #[test]
    fn cells_behind_the_last_column_are_not_kept() {
        let mut kept = Kept::new(2, &Limits::default());
        kept.add(2, ["", "", "x", " "].iter()).unwrap();
        kept.add(3, ["", " "].iter()).unwrap();
        kept.add(4, ["A"].iter()).unwrap();
        let row = |line, cells: [&str; 2], extra| Row { line, cells: cells.map(str::to_owned).to_vec(), extra };
        assert_eq!(kept.finish(), [row(2, ["", ""], 1), row(4, ["A", ""], 0)]);
    }
}
