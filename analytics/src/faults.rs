//! The bad cells of rows that are left out: all counted, the first thousand kept.

use crate::question::{BadCell, Fault, LeftOut};
use crate::text::shortened;

/// Collects bad cells in any order and keeps those with the lowest lines.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rows: u64,
    kept: Vec<(u64, usize, BadCell)>,
    /// Once enough cells are kept, the highest line that can still be among the first.
    last_line: Option<u64>,
}

impl Faults {
    /// Counts a row that is left out.
    pub(crate) fn leave_out_row(&mut self) {
        self.rows += 1;
    }

    /// Notes one bad cell; `position` orders the cells of a line. The text is only made when the cell may be listed.
    pub(crate) fn note(
        &mut self,
        line: u64,
        position: usize,
        column: &str,
        fault: Fault,
        found: impl FnOnce() -> String,
    ) {
        if self.last_line.is_some_and(|last| line > last) {
            return;
        }
        let cell = BadCell { line, column: column.to_owned(), found: shortened(&found()), fault };
        self.kept.push((line, position, cell));
        if self.kept.len() >= 2 * LeftOut::LISTED {
            self.shorten();
        }
    }

    /// Adds what another thread collected.
    pub(crate) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.kept.extend(other.kept);
        self.shorten();
    }

    fn shorten(&mut self) {
        self.kept.sort_by_key(|(line, position, _)| (*line, *position));
        if self.kept.len() >= LeftOut::LISTED {
            self.kept.truncate(LeftOut::LISTED);
            self.last_line = self.kept.last().map(|(line, ..)| *line);
        }
    }

    /// The count and the first cells.
    pub(crate) fn finish(mut self) -> LeftOut {
        self.shorten();
        LeftOut { rows: self.rows, first: self.kept.into_iter().map(|(.., cell)| cell).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_lines_are_kept_whatever_the_order() {
        let mut upward = Faults::default();
        let mut downward = Faults::default();
        for line in 1..=5000 {
            upward.leave_out_row();
            downward.leave_out_row();
            upward.note(line, 0, "u1", Fault::Blank, String::new);
            downward.note(5001 - line, 0, "u1", Fault::Blank, String::new);
        }
        let (upward, downward) = (upward.finish(), downward.finish());
        assert_eq!(upward, downward);
        assert_eq!((upward.rows, upward.first.len(), upward.first[999].line), (5000, 1000, 1000));
    }

    #[test]
    fn what_was_found_is_cut_to_forty_characters() {
        let mut faults = Faults::default();
        faults.note(2, 0, "u1", Fault::NotANumber, || "é".repeat(99));
        assert_eq!(faults.finish().first[0].found, "é".repeat(40));
    }
}
