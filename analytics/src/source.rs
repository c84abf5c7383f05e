//! An opened file: what kind it is, which columns it has.

use crate::columnar;
use crate::counter::{Asked, join};
use crate::csv;
use crate::error::ReadError;
use crate::kept::Kept;
use crate::limits::Limits;
use crate::question::{Counted, Question};
use crate::sheet;
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

/// The most rows that are read one by one; a sheet holds no more.
pub(crate) const MOST_ROWS: usize = 1 << 20;

/// A row of more bytes is taken for an error; it bounds the memory one row can take.
pub(crate) const LONGEST_ROW: usize = 32 << 20;

/// The kinds of files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with commas, semicolons or tabs between the cells.
    Csv,
    /// A workbook of Excel 2007 or later.
    Xlsx,
    /// An `OpenDocument` spreadsheet.
    Ods,
    /// Apache Parquet.
    Parquet,
}

/// An opened file with a header.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    name: String,
    columns: Vec<String>,
    content: Content,
    limits: Limits,
}

#[derive(Debug)]
enum Content {
    Csv(File, csv::Layout),
    Sheet(sheet::Layout),
    Parquet(columnar::Layout),
}

/// One row of a small table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of a text file, the row of a sheet (as a person sees them, header included), or the row of a Parquet file plus
    /// one.
    pub line: u64,
    /// One text per column, without blanks around it; `""` where the row is short or the cell is empty. Dates are ISO 8601.
    pub cells: Vec<String>,
    /// How many cells stood behind the last column; they are not kept.
    pub extra: usize,
}

impl Source {
    /// Opens the file at `path`, tells its format by its content and reads its column names.
    ///
    /// # Errors
    /// When the file cannot be read, is no table of a known format, has no header, or has two columns of the same name.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Self::open_within(path, &Limits::default())
    }

    /// Opens the file at `path` like [`Source::open`]; no more of it will be read than `limits` allow.
    ///
    /// # Errors
    /// As [`Source::open`], and when a workbook unpacks to more than is allowed or the reading is stopped.
    pub fn open_within(path: &Path, limits: &Limits) -> Result<Self, ReadError> {
        let failed = |error: std::io::Error| ReadError::of_system(path, &error);
        let mut file = File::open(path).map_err(failed)?;
        let mut start = Vec::new();
        file.by_ref().take(512).read_to_end(&mut start).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let (content, columns) = Self::read(path, file, &start, limits)?;
        let mut seen = HashSet::new();
        if let Some(twice) = columns.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            return Err(ReadError::DuplicateColumn(twice.clone()));
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { path: path.to_owned(), name, columns, content, limits: limits.clone() })
    }

    fn read(path: &Path, mut file: File, start: &[u8], limits: &Limits) -> Result<(Content, Vec<String>), ReadError> {
        if start.is_empty() {
            return Err(ReadError::Empty);
        }
        if let Some((_, kind)) = OTHER_KINDS.iter().find(|(magic, _)| start.starts_with(magic)) {
            return Err(ReadError::NotATable((*kind).to_owned()));
        }
        if start.starts_with(b"PAR1") {
            let (layout, columns) = columnar::open(&file)?;
            return Ok((Content::Parquet(layout), columns));
        }
        if start.starts_with(b"PK\x03\x04") {
            let (layout, columns) = sheet::open(path, limits)?;
            return Ok((Content::Sheet(layout), columns));
        }
        let (layout, columns) = csv::open(path, &mut file, &limits.stop)?;
        Ok((Content::Csv(file, layout), columns))
    }

    /// The column names, without blanks around them, otherwise as written. A column without a name has the name `""`.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The file's name without its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same file under the name people know it by: an upload lies in a file of another name.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// The format, told by the content.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.content {
            Content::Csv(..) => Format::Csv,
            Content::Sheet(layout) if layout.kind == sheet::Kind::Excel => Format::Xlsx,
            Content::Sheet(_) => Format::Ods,
            Content::Parquet(_) => Format::Parquet,
        }
    }

    /// Every row as text, in the order of the file; rows with nothing in them are skipped. For small tables.
    ///
    /// # Errors
    /// When the file is damaged, or has more rows or more text than its limits or the memory allow.
    pub fn rows(self) -> Result<Vec<Row>, ReadError> {
        let kept = Kept::new(self.columns.len(), &self.limits);
        match self.content {
            Content::Csv(file, layout) => csv::rows(&self.path, file, &layout, kept),
            Content::Sheet(layout) => sheet::rows(&self.path, layout, kept),
            Content::Parquet(layout) => columnar::rows(&self.path, &layout, &self.columns, kept),
        }
    }
}

/// Counts the answers of `source` per group with `threads` threads (at least one). The result does not depend on `threads`.
///
/// # Errors
/// When the file is damaged, a column holds no text or numbers, or the groups are more than are allowed or can be kept.
pub fn tally(source: Source, question: &Question, threads: usize) -> Result<Counted, ReadError> {
    question.check(source.columns.len())?;
    let Source { path, columns, content, limits, .. } = source;
    let asked = Asked { question, columns: &columns, limits: &limits };
    let shares = match content {
        Content::Csv(file, layout) => csv::count(&path, file, &layout, asked, threads)?,
        Content::Sheet(layout) => sheet::count(&path, layout, asked)?,
        Content::Parquet(layout) => columnar::count(&path, &layout, asked, threads)?,
    };
    join(shares)
}

/// Kinds that people hand in by mistake, by their first bytes.
const OTHER_KINDS: [(&[u8], &str); 8] = [
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x1f\x8b", "gzip"),
    (b"ARROW1", "arrow"),
];

#[cfg(test)]
mod tests {
    use crate::columnar::tests::{Values, written};
    use crate::sheet::tests::{number_cell, open_document, row, text_cell};
    use crate::testing::{counted, file};
    use parquet::file::properties::WriterProperties;
    use proptest::prelude::*;
    use rust_xlsxwriter::Workbook;

    const NAMES: [&str; 4] = ["Dinas 10", "Dinas 9", "É", ""];
    type Answered = (usize, u8, u8);

    fn text(rows: &[Answered]) -> Vec<u8> {
        let lines = rows.iter().map(|(unit, one, two)| format!("{},{one},{two}\n", NAMES[*unit]));
        format!("unit,u1,u2\n{}", lines.collect::<String>()).into_bytes()
    }

    fn workbook(rows: &[Answered]) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, ["unit", "u1", "u2"]).unwrap();
        for (line, (unit, one, two)) in (1..).zip(rows) {
            sheet.write(line, 0, NAMES[*unit]).unwrap().write(line, 1, *one).unwrap().write(line, 2, *two).unwrap();
        }
        book.save_to_buffer().unwrap()
    }

    fn document(rows: &[Answered]) -> Vec<u8> {
        let number = |answer: &u8| number_cell(&answer.to_string());
        let line = |(unit, one, two): &Answered| row(&[text_cell(NAMES[*unit]), number(one), number(two)]);
        let header = row(&["unit", "u1", "u2"].map(text_cell));
        open_document(&format!("{header}{}", rows.iter().map(line).collect::<String>()))
    }

    fn columns(rows: &[Answered]) -> Vec<u8> {
        let groups = rows.chunks(7).map(|rows| {
            vec![
                Values::Texts(rows.iter().map(|row| Some(NAMES[row.0])).collect()),
                Values::Ints(rows.iter().map(|row| Some(row.1.into())).collect()),
                Values::Longs(rows.iter().map(|row| Some(row.2.into())).collect()),
            ]
        });
        let schema = "optional binary unit (UTF8); optional int32 u1; optional int64 u2;";
        written(schema, WriterProperties::builder(), &groups.collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_same_answers_give_the_same_sums_in_every_format_with_any_number_of_threads(
            rows in proptest::collection::vec((0_usize..4, 0_u8..6, 1_u8..5), 1..40)
        ) {
            let expected = counted(file(text(&rows)).path(), 1).unwrap();
            for bytes in [text(&rows), workbook(&rows), document(&rows), columns(&rows)] {
                let file = file(bytes);
                for threads in [1, 2, 5] {
                    let counted = counted(file.path(), threads).unwrap();
                    prop_assert_eq!(&counted.groups, &expected.groups);
                    prop_assert_eq!((counted.rows, counted.left_out.rows), (expected.rows, expected.left_out.rows));
                    let found: Vec<_> = counted.left_out.first.iter().map(|bad| (&bad.column, &bad.found, bad.fault)).collect();
                    let known: Vec<_> = expected.left_out.first.iter().map(|bad| (&bad.column, &bad.found, bad.fault)).collect();
                    prop_assert_eq!(found, known);
                }
            }
        }
    }
}
