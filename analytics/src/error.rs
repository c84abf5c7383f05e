//! What can be wrong with a file as a whole. The sentences people read are written elsewhere, by [`ReadError::code`].

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a file cannot be read as a table. Each kind carries what a sentence about it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// No file at this path.
    NotFound(PathBuf),
    /// The file exists but may not be read.
    NoPermission(PathBuf),
    /// The operating system refused otherwise (a folder, a failing disk); with its own words.
    Unreadable(PathBuf, String),
    /// The file holds nothing, or nothing but blanks.
    Empty,
    /// No row with column names was found.
    NoHeader,
    /// The content is of another kind; named as people know it: `pdf`, `xls`, `zip`, `utf-16`, `binary`.
    NotATable(String),
    /// The file is damaged at a place; with the technical words of the reader that gave up.
    Corrupt(Place, String),
    /// A quotation mark opened on this line is never closed.
    OpenQuote(u64),
    /// Two columns have the same name.
    DuplicateColumn(String),
    /// This column holds a kind of value that is neither text nor number (a list, a picture, a map): column and kind.
    ColumnKind(String, String),
    /// The file is compressed in a way that is not read: its name (`BROTLI`, `LZO`).
    Compression(String),
    /// The question names a column by a position the file does not have (0-based).
    NoSuchColumn(usize),
    /// The question names no answer column.
    NoAnswers,
    /// The question asks for more answer columns than this.
    TooManyColumns(usize),
    /// Grouping gives more groups than this; a column of names or numbers of persons was probably chosen.
    TooManyGroups(usize),
    /// The table has more rows than this, the most that is read row by row.
    TooManyRows(usize),
    /// In this row of a sheet stands a text, or altogether so much text, that no row can hold it.
    LongText(u64),
    /// One part of the file unpacks to more than this many bytes.
    TooLarge(u64),
}

/// Where a file is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole (its index or frame).
    File,
    /// A line of a text file or a row of a sheet, 1-based.
    Line(u64),
    /// A named part: a file inside an archive, a sheet, `row group 2, column u1`.
    Part(String),
}

impl ReadError {
    /// The stable name of this kind of error, by which its sentence is found.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "file-not-found",
            Self::NoPermission(_) => "file-no-permission",
            Self::Unreadable(..) => "file-unreadable",
            Self::Empty => "file-empty",
            Self::NoHeader => "no-header",
            Self::NotATable(_) => "not-a-table",
            Self::Corrupt(..) => "file-corrupt",
            Self::OpenQuote(_) => "open-quote",
            Self::DuplicateColumn(_) => "duplicate-column",
            Self::ColumnKind(..) => "column-kind",
            Self::Compression(_) => "unknown-compression",
            Self::NoSuchColumn(_) => "no-such-column",
            Self::NoAnswers => "no-answers",
            Self::TooManyColumns(_) => "too-many-columns",
            Self::TooManyGroups(_) => "too-many-groups",
            Self::TooManyRows(_) => "too-many-rows",
            Self::LongText(_) => "text-too-long",
            Self::TooLarge(_) => "file-too-large",
        }
    }

    /// The error of the operating system about the file at `path`.
    pub(crate) fn of_system(path: &Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound(path.to_owned()),
            std::io::ErrorKind::PermissionDenied => Self::NoPermission(path.to_owned()),
            _ => Self::Unreadable(path.to_owned(), error.to_string()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => formatter.write_str("file"),
            Self::Line(line) => write!(formatter, "line {line}"),
            Self::Part(part) => formatter.write_str(part),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match self {
            Self::NotFound(path) | Self::NoPermission(path) => write!(formatter, "{code}: {}", path.display()),
            Self::Unreadable(path, reason) => write!(formatter, "{code}: {}: {reason}", path.display()),
            Self::Empty | Self::NoHeader | Self::NoAnswers => formatter.write_str(code),
            Self::NotATable(what) | Self::DuplicateColumn(what) | Self::Compression(what) => {
                write!(formatter, "{code}: {what}")
            }
            Self::Corrupt(place, reason) => write!(formatter, "{code}: {place}: {reason}"),
            Self::OpenQuote(number) | Self::LongText(number) | Self::TooLarge(number) => {
                write!(formatter, "{code}: {number}")
            }
            Self::ColumnKind(column, kind) => write!(formatter, "{code}: {column}: {kind}"),
            Self::NoSuchColumn(number) | Self::TooManyColumns(number) => write!(formatter, "{code}: {number}"),
            Self::TooManyGroups(number) | Self::TooManyRows(number) => write!(formatter, "{code}: {number}"),
        }
    }
}

impl std::error::Error for ReadError {}
