//! A table as it was sent: its columns by forgiving names, its rows as text.

use crate::WORDS;
use crate::names::squeezed;
use analytics::{Limits, ReadError, Source};
use rules::phrase::{Language, Phrase};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A small table of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The name of its file, for showing.
    pub name: String,
    /// The names of its columns as written.
    pub columns: Vec<String>,
    /// Its rows; empty ones are left out.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its line or row number as a person sees it in the file.
    pub line: u64,
    /// One text for each column, on one line without blanks around it; empty where nothing stands.
    pub cells: Vec<String>,
}

/// A column that an import knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The field it fills: `name`.
    pub field: &'static str,
    /// Names it may have, compared without case, blanks and signs; the first is that of the template: "Nama unit".
    pub names: &'static [&'static str],
    /// Whether a table without it cannot be imported.
    pub required: bool,
}

/// Where the known columns of a table stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    places: Vec<(&'static str, usize)>,
    /// Columns of the table that the import does not know, as written.
    pub unknown: Vec<String>,
}

impl Cells {
    /// The text of a field in a row; empty when the table has no such column.
    #[must_use]
    pub fn of<'r>(&self, row: &'r Row, field: &str) -> &'r str {
        let place = self.places.iter().find(|(known, _)| *known == field);
        place.and_then(|(_, at)| row.cells.get(*at)).map_or("", String::as_str)
    }
}

/// The most bytes a workbook of such a table may unpack to: a full sheet of fifteen columns.
const MOST_UNPACKED: u64 = 512 << 20;

/// Reads the table in the file at `path` (CSV, XLSX, ODS, told apart by content), which people know as `name`.
///
/// # Errors
/// The sentence that says what is wrong with the file, for [`say`].
pub fn read_table(path: &Path, name: &str, most_rows: usize) -> Result<Table, Phrase> {
    let failed = |error: ReadError| sentence(name, &error);
    // The reader itself stops at the first row too many: a small file can have a million short ones.
    let limits = Limits { rows: most_rows, unpacked: MOST_UNPACKED, ..Limits::default() };
    let source = Source::open_within(path, &limits).map_err(failed)?;
    let columns = source.columns().to_vec();
    let rows = source.rows().map_err(failed)?;
    if rows.is_empty() {
        return Err(Phrase::new("file.no-rows").with("file", name));
    }
    let rows =
        rows.into_iter().map(|row| Row { line: row.line, cells: row.cells.iter().map(|cell| bare(cell)).collect() });
    Ok(Table { name: name.to_owned(), columns, rows: rows.collect() })
}

/// A cell on one line, without the apostrophe that our own files put before what a spreadsheet would compute.
fn bare(cell: &str) -> String {
    let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    match cell.strip_prefix('\'') {
        Some(rest) if super::export::would_be_computed(rest) => rest.to_owned(),
        _ => cell,
    }
}

impl Table {
    /// Where the wanted columns stand.
    ///
    /// # Errors
    /// The sentence that names the required columns which are missing, and those the table has, for [`say`].
    pub fn columns_for(&self, wanted: &[Column]) -> Result<Cells, Phrase> {
        let mut cells = Cells { places: Vec::new(), unknown: Vec::new() };
        for (at, name) in self.columns.iter().enumerate() {
            let plain = squeezed(name);
            let known = wanted.iter().find(|column| column.names.iter().any(|other| squeezed(other) == plain));
            match known {
                Some(column) if cells.places.iter().all(|(field, _)| *field != column.field) => {
                    cells.places.push((column.field, at));
                }
                _ if plain.is_empty() => {}
                _ => cells.unknown.push(name.clone()),
            }
        }
        let found = |field: &str| cells.places.iter().any(|(known, _)| *known == field);
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|column| column.required && !found(column.field))
            .map(|column| column.names[0])
            .collect();
        if missing.is_empty() {
            return Ok(cells);
        }
        let phrase =
            Phrase::new("file.missing-columns").with("file", self.name.as_str()).with("missing", missing.join(", "));
        Err(phrase.with("found", self.columns.join(", ")))
    }
}

fn sentence(name: &str, error: &ReadError) -> Phrase {
    let of = |key: &'static str| Phrase::new(key).with("file", name);
    match error {
        ReadError::Empty => of("file.empty"),
        ReadError::NoHeader => of("file.no-header"),
        ReadError::NotATable(kind) => of("file.not-a-table").with("kind", kind.as_str()),
        ReadError::OpenQuote(line) => of("file.open-quote").with("line", line.to_string()),
        ReadError::DuplicateColumn(column) => of("file.duplicate-column").with("column", column.as_str()),
        ReadError::TooManyRows(most) => of("file.too-many-rows").with("most", *most as u64),
        ReadError::TooLarge(_) => of("file.too-large"),
        _ => of("file.damaged"),
    }
}

/// The sentence of a phrase of this crate.
#[must_use]
pub fn say(phrase: &Phrase, language: Language) -> String {
    WORDS.say(phrase, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write as _;

    pub(crate) fn read(content: &[u8]) -> Result<Table, Phrase> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        read_table(file.path(), "unit.csv", 100)
    }

    const WANTED: [Column; 2] = [
        Column { field: "name", names: &["Nama unit", "nama"], required: true },
        Column { field: "code", names: &["Kode"], required: false },
    ];

    #[test]
    fn columns_are_known_however_they_are_written() {
        for header in ["NAMA UNIT;kode", "nama_unit,Kode", "Nama,KODE:", "nama-unit\tkode"] {
            let separator = if header.contains(';') {
                ";"
            } else if header.contains('\t') {
                "\t"
            } else {
                ","
            };
            let table = read(format!("{header}\nDinas Sosial{separator}1.06\n").as_bytes()).unwrap();
            let cells = table.columns_for(&WANTED).unwrap();
            assert_eq!(
                (cells.of(&table.rows[0], "name"), cells.of(&table.rows[0], "code")),
                ("Dinas Sosial", "1.06"),
                "{header}"
            );
            assert_eq!(cells.of(&table.rows[0], "phone"), "");
        }
    }

    #[test]
    fn a_missing_column_is_named_with_those_that_are_there() {
        let table = read(b"kode,warna\n1,merah\n").unwrap();
        let said = say(&table.columns_for(&WANTED).unwrap_err(), Language::Indonesian);
        assert!(said.contains("Nama unit") && said.contains("kode, warna"), "{said}");
    }

    #[test]
    fn columns_nobody_knows_are_told() {
        let table = read(b"nama,warna\nA,merah\n").unwrap();
        assert_eq!(table.columns_for(&WANTED).unwrap().unknown, ["warna"]);
    }

    #[test]
    fn a_file_that_is_no_table_gets_a_sentence() {
        let key = |content: &[u8]| read(content).map_or_else(|phrase| phrase.key, |_| "read");
        assert_eq!(key(b""), "file.empty");
        assert_eq!(key(b"%PDF-1.7"), "file.not-a-table");
        assert_eq!(key(b"nama,kode\n"), "file.no-rows");
        assert_eq!(key(b"nama,nama\nA,B\n"), "file.duplicate-column");
        assert_eq!(
            key(&b"nama,kode\n".iter().copied().chain(b"A,1\n".repeat(101)).collect::<Vec<u8>>()),
            "file.too-many-rows"
        );
    }

    /// A hundred rows may be imported. The hundred and first ends the reading: the quotation mark left open in row 103 is not seen.
    #[test]
    fn a_row_too_many_ends_the_reading() {
        let content = [&b"nama,kode\n"[..], &b"A,1\n".repeat(101), b"\"A,1\n"].concat();
        let refused = read(&content).unwrap_err();
        assert_eq!(refused, Phrase::new("file.too-many-rows").with("file", "unit.csv").with("most", 100));
        assert_eq!(read(&[&b"nama,kode\n"[..], &b"A,1\n".repeat(100)].concat()).unwrap().rows.len(), 100);
    }

    proptest! {
        #[test]
        fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(table) = read(&bytes) {
                prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
            }
        }
    }
}
