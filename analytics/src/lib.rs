//! Columns in, sums per group out.
//!
//! Prima publishes indices that anyone may recompute from the raw answers. This crate reads such answers from the files people
//! really have (CSV, XLSX, ODS, Parquet; told apart by content, never by the name's ending), groups them by any columns, and
//! hands exact integer sums ([`rules::tally::Tally`]) to the law. A row with an answer that cannot be counted is left out whole
//! and listed with its line, its column and the reason.
//!
//! Offices put titles above their tables and covers before them; the row that names the columns is looked for below and behind.
//!
//! [`Source::open`] reads the header, [`tally`] counts, [`Source::rows`] gives a small table as text. No input makes it panic. Who
//! reads files of strangers opens them with [`Source::open_within`] some [`Limits`].

mod answer;
mod columnar;
mod counter;
mod csv;
mod error;
mod faults;
#[cfg(test)]
mod fuzz;
mod header;
mod kept;
mod keys;
mod limits;
mod question;
mod sheet;
mod source;
mod sums;
#[cfg(test)]
mod testing;
mod text;

pub use error::{Place, ReadError};
pub use limits::{Limits, Stop};
pub use question::{BadCell, Counted, Fault, LeftOut, Question};
pub use source::{Format, Row, Source, tally};
