//! Why something could not be computed: a sentence, and whose mistake it is.

use crate::words::say;
use analytics::ReadError;
use rules::instrument::InstrumentError;
use rules::phrase::{Language, Phrase};

/// Work that could not be done. What a program does with it (an exit code, a page) is the program's own matter.
#[derive(Debug)]
pub enum Problem {
    /// Something was asked for that cannot be: an unknown instrument, an option that does not apply.
    Request(Phrase),
    /// The input could not be worked on.
    Input(Phrase),
    /// A file, by the name people know it by, could not be read as a table.
    Read(String, ReadError),
    /// An instrument file was refused.
    Instrument(InstrumentError),
}

impl Problem {
    /// The sentence a person reads.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Instrument(error) => error.message(language),
            _ => self.phrase().map(|phrase| say(&phrase, language)).unwrap_or_default(),
        }
    }

    /// The key and the arguments of the sentence, for a program that knows a more helpful one; none for an instrument file, whose
    /// sentence is that of `rules`.
    #[must_use]
    pub fn phrase(&self) -> Option<Phrase> {
        match self {
            Self::Request(phrase) | Self::Input(phrase) => Some(phrase.clone()),
            Self::Read(file, error) => Some(read_phrase(file, error)),
            Self::Instrument(_) => None,
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
        ReadError::LongText(line) => of("read.long-text").with("line", line.to_string()),
        ReadError::TooLarge(most) => of("read.too-large").with("most", *most),
        ReadError::NoSuchColumn(_) | ReadError::NoAnswers | ReadError::TooManyColumns(_) => of("read.no-answers"),
    }
}
