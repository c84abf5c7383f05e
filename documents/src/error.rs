//! Why a document could not be written.

use std::fmt;

/// Why a document could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// `produced_on` is no day like `2026-11-21`; the archive format demands a date.
    Date(String),
    /// An embedded font could not be read: a broken build.
    Font,
    /// The PDF writer or its archive and accessibility checks refused the document.
    Writer(String),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(text) => write!(formatter, "`{text}` is not a date like 2026-11-21"),
            Self::Font => formatter.write_str("an embedded font could not be read"),
            Self::Writer(reason) => write!(formatter, "the PDF could not be written: {reason}"),
        }
    }
}

impl std::error::Error for DocumentError {}
