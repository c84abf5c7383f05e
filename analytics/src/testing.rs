//! Builders for tests: files on disk, questions about them.

use crate::{Counted, Question, ReadError, Row, Source, tally};
use std::io::Write;
use std::path::Path;
use tempfile::NamedTempFile;

/// A file with this content, deleted when dropped.
pub(crate) fn file(content: impl AsRef<[u8]>) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content.as_ref()).unwrap();
    file
}

/// Groups by the first columns, answers in the others, 1 to 4, with details.
pub(crate) fn question(groups: usize, answers: usize) -> Question {
    let answers = (groups..groups + answers).collect();
    Question { group_by: (0..groups).collect(), answers, lowest: 1, highest: 4, detail: true }
}

/// The sums of a file whose first column is the group and whose other columns are answers.
pub(crate) fn counted(path: &Path, threads: usize) -> Result<Counted, ReadError> {
    let source = Source::open(path)?;
    let answers = source.columns().len().saturating_sub(1);
    tally(source, &question(1, answers), threads)
}

/// The sums of a text, the same with one thread and with three.
pub(crate) fn counted_text(content: impl AsRef<[u8]>) -> Result<Counted, ReadError> {
    let file = file(content);
    let alone = counted(file.path(), 1);
    assert_eq!(alone, counted(file.path(), 3));
    alone
}

/// Key, respondents and sums of each group, for short comparisons.
pub(crate) fn plain(counted: &Counted) -> Vec<(String, u64, Vec<u64>)> {
    let one =
        |(key, tally): &(Vec<String>, rules::tally::Tally)| (key.join("/"), tally.respondents, tally.sums.clone());
    counted.groups.iter().map(one).collect()
}

/// All rows of a file.
pub(crate) fn rows(content: impl AsRef<[u8]>) -> Result<Vec<Row>, ReadError> {
    Source::open(file(content).path())?.rows()
}
