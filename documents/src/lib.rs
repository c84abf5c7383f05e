//! Official PDFs: the report of a satisfaction survey, the result sheet of an index and posters, for paper and for screens.
//!
//! Every document is at once an archive file (PDF/A-3a, so that the machine-readable result can travel inside it) and an
//! accessible one (PDF/UA-1): headings, tables and figures are tagged in reading order, decoration is silent. The same data
//! give the same bytes on every machine: fonts are embedded, no clock and no chance is asked.
//!
//! Way of a document: data ([`SatisfactionReport`], [`ResultSheet`]) → `compose` writes pieces and structure → `flow` lays
//! pieces on pages → `write` makes the bytes.

mod chart;
mod closing;
mod compose;
mod contents;
mod cover;
mod error;
mod flow;
mod mark;
mod parts;
mod poster;
mod qr;
mod result_pages;
mod result_sheet;
mod ruler;
mod running;
mod satisfaction_pages;
mod satisfaction_report;
mod satisfaction_results;
mod style;
mod table;
mod tags;
mod text;
mod trend;
mod words;
mod write;

pub use error::DocumentError;
pub use parts::{Attachment, Band, GenericTable, Outcome, ReportStep, Signature, Tone, Verification};
pub use poster::{Poster, PosterBlock, poster};
pub use result_pages::result_sheet;
pub use result_sheet::{Component, ResultSheet};
pub use satisfaction_pages::satisfaction_report;
pub use satisfaction_report::{ElementRow, FollowUp, ProfileTable, SatisfactionReport, TrendPoint};

// The samples, shared with the example program, name this crate from outside.
#[cfg(test)]
extern crate self as documents;
#[cfg(test)]
#[path = "../examples/sample_pdfs/samples/mod.rs"]
mod samples;
#[cfg(test)]
mod tests;
