//! What is asked of a file, and what comes back.

use crate::error::ReadError;
use rules::tally::Tally;

/// What to count: which columns make a group, which hold answers, and which answers are possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Columns (0-based positions in [`crate::Source::columns`]) whose values together name a group; none: one group of all.
    pub group_by: Vec<usize>,
    /// Columns that hold one answer each, in the order of the instrument's items.
    pub answers: Vec<usize>,
    /// The lowest possible answer.
    pub lowest: u8,
    /// The highest possible answer.
    pub highest: u8,
    /// Whether the finer counts ([`rules::tally::Detail`]) are wanted too. Without them counting is several times faster.
    pub detail: bool,
}

impl Question {
    /// The most answer columns; the packed sums hold no more.
    const MOST_ANSWERS: usize = 4000;

    /// Refuses positions beyond `columns` columns.
    pub(crate) fn check(&self, columns: usize) -> Result<(), ReadError> {
        if self.answers.is_empty() {
            return Err(ReadError::NoAnswers);
        }
        if self.answers.len() > Self::MOST_ANSWERS {
            return Err(ReadError::TooManyColumns(Self::MOST_ANSWERS));
        }
        match self.group_by.iter().chain(&self.answers).find(|position| **position >= columns) {
            Some(position) => Err(ReadError::NoSuchColumn(*position)),
            None => Ok(()),
        }
    }
}

/// The sums of a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Each group's key (one text per column of `group_by`) and sums. Sorted by key as people sort (`2` before `10`), whatever
    /// the order of rows and the number of threads. A group of which every row was left out is not listed.
    pub groups: Vec<(Vec<String>, Tally)>,
    /// Rows with anything in them (of Parquet: all rows), counted and left out together; the header is not one of them.
    pub rows: u64,
    /// The rows that could not be counted.
    pub left_out: LeftOut,
}

/// The rows that could not be counted, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// How many rows.
    pub rows: u64,
    /// Their bad cells, lowest line first, then in the order of the answers; at most [`LeftOut::LISTED`] of them.
    pub first: Vec<BadCell>,
}

impl LeftOut {
    /// The most bad cells that are listed.
    pub const LISTED: usize = 1000;
}

/// A cell that cannot be counted as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCell {
    /// The line of a text file, the row of a sheet (both as a person sees them, header included), or the row of a Parquet file
    /// plus one. A row that spans several lines is named by its first.
    pub line: u64,
    /// The column's name; empty for [`Fault::TooManyCells`].
    pub column: String,
    /// What was found, cut to 40 characters.
    pub found: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Nothing in it.
    Blank,
    /// Text that is no number.
    NotANumber,
    /// A number with a fraction.
    NotWhole,
    /// A whole number that is no possible answer.
    OutOfRange,
    /// The row ends before this column (text files only).
    TooFewCells,
    /// The row goes on after the last column, so its cells have probably shifted (text files only; a decimal comma in a file
    /// separated by commas does this).
    TooManyCells,
}

impl Fault {
    /// The stable name of this fault, by which its sentence is found.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blank => "cell-blank",
            Self::NotANumber => "cell-not-a-number",
            Self::NotWhole => "cell-not-whole",
            Self::OutOfRange => "cell-out-of-range",
            Self::TooFewCells => "row-too-few-cells",
            Self::TooManyCells => "row-too-many-cells",
        }
    }
}
