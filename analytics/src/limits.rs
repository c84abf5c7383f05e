//! How much of a file is read, and how reading is stopped from outside.

use crate::error::ReadError;
use crate::source::MOST_ROWS;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much of a file is read. The default is as wide as this crate can work with; who reads files of strangers asks for less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes a workbook may unpack to. The default is eight times a full sheet of fifteen columns.
    pub unpacked: u64,
    /// The most groups that are counted; memory sets a limit of its own.
    pub groups: usize,
    /// The most rows that are kept as text; memory sets a limit of its own.
    pub rows: usize,
    /// Ends the reading early.
    pub stop: Stop,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 4 << 30, groups: usize::MAX, rows: MOST_ROWS, stop: Stop::default() }
    }
}

/// A sign by which somebody else ends the reading: this crate reads no clock and knows nobody who waits. All clones are the same
/// sign; once given it stays.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Gives the sign. What is being read ends with [`ReadError::Unreadable`] soon after.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// An error once the sign was given. Asked in every loop whose length a file decides.
    pub(crate) fn check(&self) -> Result<(), ReadError> {
        if self.0.load(Ordering::Relaxed) {
            return Err(ReadError::Unreadable(PathBuf::new(), "reading was stopped".to_owned()));
        }
        Ok(())
    }
}

impl PartialEq for Stop {
    /// Whether both are the same sign.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Stop {}

#[cfg(test)]
mod tests {
    use crate::columnar::tests::{manners, small};
    use crate::sheet::tests::{open_document, row, small_open_document, text_cell, workbook};
    use crate::testing::{file, question};
    use crate::{Limits, ReadError, Source, tally};

    fn opened(content: &[u8], limits: &Limits) -> Result<Source, ReadError> {
        let file = file(content);
        Source::open_within(file.path(), limits)
    }

    /// One file of every format.
    fn every_format() -> [Vec<u8>; 4] {
        [b"unit,u1,u2\nA,4,3\n".to_vec(), workbook(), small_open_document(), small(manners().remove(0))]
    }

    /// Somebody closes the browser while the file is read: nothing more of it is read, whatever its format.
    #[test]
    fn reading_ends_when_somebody_says_so() {
        for content in every_format() {
            let file = file(content);
            for threads in [1, 3] {
                let limits = Limits::default();
                let open = || Source::open_within(file.path(), &limits).unwrap();
                let (counted, listed) = (open(), open());
                limits.stop.now();
                let failed = tally(counted, &question(1, 1), threads).unwrap_err();
                assert_eq!(failed.code(), "file-unreadable", "{failed}");
                assert_eq!(listed.rows().unwrap_err().code(), "file-unreadable");
            }
        }
    }

    /// The sign was given while the archive was being unpacked.
    #[test]
    fn unpacking_ends_when_somebody_says_so() {
        let limits = Limits::default();
        limits.stop.now();
        for content in [workbook(), small_open_document()] {
            assert_eq!(opened(&content, &limits).unwrap_err().code(), "file-unreadable");
        }
    }

    /// A document of less than 256 kB takes 40 MB unpacked. With 1 MB allowed it is refused, with the usual limit read.
    #[test]
    fn a_workbook_unpacks_to_no_more_than_its_reader_allows() {
        let header = row(&["unit", "u1"].map(text_cell));
        let padding = format!("<!-- {} -->", " ".repeat(1 << 20)).repeat(40);
        let document = open_document(&format!("{header}{padding}"));
        assert!(document.len() < 256 << 10, "{}", document.len());
        let narrow = Limits { unpacked: 1 << 20, ..Limits::default() };
        assert_eq!(opened(&document, &narrow).unwrap_err(), ReadError::TooLarge(1 << 20));
        assert_eq!(opened(&document, &Limits::default()).unwrap().columns(), ["unit", "u1"]);
    }

    /// Three units where two may be counted; one of them is written in two manners and is one group.
    #[test]
    fn no_more_groups_are_counted_than_allowed() {
        let two = Limits { groups: 2, ..Limits::default() };
        for threads in [1, 3] {
            let groups = |content: &str| {
                let file = file(content);
                let source = Source::open_within(file.path(), &two)?;
                Ok(tally(source, &question(1, 1), threads)?.groups.len())
            };
            assert_eq!(groups("unit,u1\nA,4\n A,3\nA  ,3\nB,4\n"), Ok(2));
            assert_eq!(groups("unit,u1\nA,4\nB,3\nC,4\n"), Err(ReadError::TooManyGroups(2)));
        }
    }

    /// A file with rows where none may be kept is refused in every format, and with two allowed the third row is too many.
    #[test]
    fn no_more_rows_are_kept_than_allowed() {
        let rows = |content: &[u8], rows: usize| {
            let file = file(content);
            Source::open_within(file.path(), &Limits { rows, ..Limits::default() })?.rows()
        };
        for content in every_format() {
            assert_eq!(rows(&content, 0).unwrap_err(), ReadError::TooManyRows(0));
        }
        assert_eq!(rows(b"unit\nA\n\nB\n", 2).unwrap().len(), 2);
        assert_eq!(rows(b"unit\nA\n\nB\nC\n", 2).unwrap_err(), ReadError::TooManyRows(2));
    }
}
