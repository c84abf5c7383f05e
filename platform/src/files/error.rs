//! Why a file was not taken, as a sentence for whoever sent it.

use super::place::PlaceError;
use super::scan::NoVerdict;
use crate::database::DatabaseError;
use crate::problem::Problem;
use crate::words::{SHARED, Words};
use axum::http::StatusCode;
use rules::phrase::{Language, Phrase};

/// What is wrong with a file. The same file will not be taken another time either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// It is larger than so many bytes.
    TooLarge(u64),
    /// It is of no kind that is taken here.
    Kind,
    /// It begins as a picture, and cannot be drawn.
    Damaged,
    /// The picture has more dots than may be.
    TooManyDots,
    /// The scanner found something.
    Infected,
    /// It is larger than the scanner looks at.
    TooLargeToScan,
    /// The sender has too much that waits.
    TooMuchWaiting,
    /// There is no such draft or upload of this sender; it may have ended.
    Gone,
}

/// Why a file was not taken. Nothing of it is kept.
#[derive(Debug)]
pub enum FileError {
    /// The file is at fault.
    Refused(Refusal),
    /// The place is.
    Place(PlaceError),
    /// The scanner does not answer.
    Scanner(NoVerdict),
    /// The database failed.
    Database(DatabaseError),
}

impl Refusal {
    const fn key(self) -> &'static str {
        match self {
            Self::Empty => "file.empty",
            Self::TooLarge(_) => "file.too-large",
            Self::Kind => "file.kind",
            Self::Damaged => "file.no-picture",
            Self::TooManyDots => "file.too-many-dots",
            Self::Infected => "file.infected",
            Self::TooLargeToScan => "file.too-large-to-scan",
            Self::TooMuchWaiting => "file.too-much-waiting",
            Self::Gone => "file.gone",
        }
    }
}

impl FileError {
    /// The sentence for the reader: what happened and what to do.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Refused(Refusal::TooLarge(most)) => {
                Phrase::new(Refusal::TooLarge(*most).key()).with("most", most / (1024 * 1024))
            }
            Self::Refused(refusal) => Phrase::new(refusal.key()),
            Self::Place(error) => error.phrase(),
            Self::Scanner(_) => Phrase::new("file.scanner"),
            Self::Database(error) => error.phrase(),
        }
    }

    /// The sentence in a language, for a fault beside its field.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        Words::shared(language).say(&self.phrase())
    }

    /// Whether the same may be tried again.
    #[must_use]
    pub const fn can_be_tried_again(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(out, "the file was refused: {refusal:?}"),
            Self::Place(error) => write!(out, "{error}"),
            Self::Scanner(error) => write!(out, "{error}"),
            Self::Database(error) => write!(out, "{error}"),
        }
    }
}

impl std::error::Error for FileError {}

impl From<Refusal> for FileError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<PlaceError> for FileError {
    fn from(error: PlaceError) -> Self {
        Self::Place(error)
    }
}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        Self::Place(error.into())
    }
}

impl From<NoVerdict> for FileError {
    fn from(error: NoVerdict) -> Self {
        Self::Scanner(error)
    }
}

impl From<DatabaseError> for FileError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// Seconds after which a file may be sent again when the place or the scanner was gone.
const TRY_AGAIN: u64 = 30;

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let both = |phrase: &Phrase| Words::both(&SHARED, phrase);
        let (title, detail) = (both(&Phrase::new("file.title")), both(&error.phrase()));
        match error {
            FileError::Database(error) => error.into(),
            FileError::Refused(Refusal::Gone) => Self::worded(StatusCode::NOT_FOUND, "file", title, detail),
            FileError::Refused(Refusal::TooLarge(_)) => {
                Self::worded(StatusCode::PAYLOAD_TOO_LARGE, "file", title, detail)
            }
            FileError::Refused(_) => Self::worded(StatusCode::UNPROCESSABLE_ENTITY, "file", title, detail),
            FileError::Place(PlaceError::Missing | PlaceError::Damaged) => {
                Self::worded(StatusCode::INTERNAL_SERVER_ERROR, "file", title, detail)
            }
            other => {
                let mut problem = Self::worded(StatusCode::SERVICE_UNAVAILABLE, "file", title, detail);
                problem.retry_after = Some(TRY_AGAIN);
                problem.because(other)
            }
        }
    }
}
