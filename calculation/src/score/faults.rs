//! Bad cells with what to do about them.

use crate::result::{BadCellResult, LeftOutRows};
use crate::words::say;
use analytics::{BadCell, Fault};
use rules::phrase::{Language, Phrase};

/// Rows left out, collected over files and steps of reading.
#[derive(Debug, Default)]
pub struct Faults {
    /// Whether the other cells of a bad row still count (IPP levels), or the row is left out whole.
    by_cell: bool,
    rows: u64,
    cells: Vec<(String, BadCell, Hint)>,
    /// Cells of a run that was stored in its published form.
    stored: Vec<BadCellResult>,
}

/// What is possible in a cell, for the sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hint {
    /// Whole numbers from and to.
    Whole(u8, u8),
    /// Decimals from and to.
    Decimal(u8, u8),
    /// One of the instrument's indicators.
    Indicator,
    /// One of the instrument's so many elements.
    Elements(usize),
    /// One of the two orders.
    Order,
    /// A level of compliance with the Ombudsman's products.
    Compliance,
}

impl Faults {
    /// The most cells kept.
    const KEPT: usize = 1000;

    /// The rows left out in a run that was stored in its published form; their sentences stay in the language they were stored in.
    #[must_use]
    pub fn of_published(stored: LeftOutRows) -> Self {
        Self { rows: stored.rows, stored: stored.first, ..Self::default() }
    }

    /// How many rows could not be used.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the rows of one file that were left out.
    pub(crate) fn add(&mut self, file: &str, rows: u64, cells: Vec<BadCell>, hint: Hint) {
        self.rows += rows;
        let room = Self::KEPT.saturating_sub(self.cells.len());
        self.cells.extend(cells.into_iter().take(room).map(|cell| (file.to_owned(), cell, hint)));
    }

    /// Adds bad cells of a row whose other cells count.
    pub(crate) fn add_cells(&mut self, file: &str, rows: u64, cells: Vec<BadCell>, hint: Hint) {
        self.by_cell = true;
        self.add(file, rows, cells, hint);
    }

    /// The key of the sentence above the list.
    pub(crate) fn heading(&self) -> &'static str {
        if self.by_cell { "score.bad-cells" } else { "score.left-out" }
    }

    /// The published list.
    #[must_use]
    pub fn published(&self, language: Language) -> LeftOutRows {
        let of = |(file, cell, hint): &(String, BadCell, Hint)| {
            let (code, key) = words_of(cell.fault, *hint);
            let mut phrase = Phrase::new(key).with("column", &*cell.column).with("found", &*cell.found);
            if let Hint::Whole(low, high) | Hint::Decimal(low, high) = hint {
                phrase = phrase.with("low", low.to_string()).with("high", high.to_string());
            }
            if let Hint::Elements(count) = hint {
                phrase = phrase.with("count", count.to_string());
            }
            BadCellResult {
                file: file.clone(),
                line: cell.line,
                column: cell.column.clone(),
                found: cell.found.clone(),
                code: code.to_owned(),
                message: say(&phrase, language),
            }
        };
        LeftOutRows { rows: self.rows, first: self.stored.iter().cloned().chain(self.cells.iter().map(of)).collect() }
    }
}

/// Stable code of a fault, and the key of its sentence.
fn words_of(fault: Fault, hint: Hint) -> (&'static str, &'static str) {
    match (fault, hint) {
        (Fault::Blank, _) => (fault.code(), "fault.blank"),
        (Fault::TooFewCells, _) => (fault.code(), "fault.too-few-cells"),
        (Fault::TooManyCells, _) => (fault.code(), "fault.too-many-cells"),
        (_, Hint::Indicator) => ("unknown-indicator", "fault.unknown-indicator"),
        (_, Hint::Elements(_)) => ("element-beyond", "fault.element-beyond"),
        (_, Hint::Compliance) => ("unknown-compliance", "fault.unknown-compliance"),
        (_, Hint::Order) => ("unknown-order", "fault.unknown-order"),
        (Fault::NotANumber, Hint::Whole(..)) => (fault.code(), "fault.not-a-number"),
        (Fault::NotANumber, Hint::Decimal(..)) => (fault.code(), "fault.not-a-decimal"),
        (Fault::NotWhole, _) => (fault.code(), "fault.not-whole"),
        (Fault::OutOfRange, Hint::Whole(..)) => (fault.code(), "fault.out-of-range"),
        (Fault::OutOfRange, Hint::Decimal(..)) => (fault.code(), "fault.out-of-range-decimal"),
    }
}
