//! Why a command ended without doing its work: a sentence and an exit code.

use crate::words::say;
use analytics::ReadError;
use rules::instrument::InstrumentError;
use rules::phrase::{Language, Phrase};

/// A failed command.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The command was used wrongly: exit code 2.
    Usage(Phrase),
    /// The input could not be worked on: exit code 1.
    Input(Phrase),
    /// A file could not be read as a table: exit code 1.
    Read(String, ReadError),
    /// An instrument file was refused: exit code 1.
    Instrument(InstrumentError),
}

impl Problem {
    /// 1 for input that could not be worked on, 2 for wrong usage.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Input(_) | Self::Read(..) | Self::Instrument(_) => 1,
        }
    }

    /// The sentence a person reads.
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Usage(phrase) | Self::Input(phrase) => say(phrase, language),
            Self::Instrument(error) => error.message(language),
            Self::Read(file, error) => say(&read_phrase(file, error), language),
        }
    }
}

impl From<InstrumentError> for Problem {
    fn from(error: InstrumentError) -> Self {
        Self::Instrument(error)
    }
}

fn read_phrase(file: &str, error: &ReadError) -> Phrase {
    let of = |key| Phrase::new(key).with("file", file);
    match error {
        ReadError::NotFound(_) => of("read.not-found"),
        ReadError::NoPermission(_) => of("read.no-permission"),
        ReadError::Unreadable(_, detail) => of("read.unreadable").with("detail", detail.as_str()),
        ReadError::Empty => of("read.empty"),
        ReadError::NoHeader => of("read.no-header"),
        ReadError::NotATable(kind) => of("read.not-a-table").with("kind", kind.as_str()),
        ReadError::Corrupt(place, detail) => {
            of("read.corrupt").with("place", place.to_string()).with("detail", detail.as_str())
        }
        ReadError::OpenQuote(line) => of("read.open-quote").with("line", line.to_string()),
        ReadError::DuplicateColumn(column) => of("read.duplicate-column").with("column", column.as_str()),
        ReadError::ColumnKind(column, kind) => {
            of("read.column-kind").with("column", column.as_str()).with("kind", kind.as_str())
        }
        ReadError::Compression(kind) => of("read.compression").with("kind", kind.as_str()),
        ReadError::TooManyGroups(most) => of("read.too-many-groups").with("most", *most as u64),
        ReadError::TooManyRows(most) => of("read.too-many-rows").with("most", *most as u64),
        ReadError::TooLarge(most) => of("read.too-large").with("most", *most),
        ReadError::NoSuchColumn(_) | ReadError::NoAnswers | ReadError::TooManyColumns(_) => of("read.no-answers"),
    }
}
