//! Tables that people send: read, reviewed row by row, shown before anything is stored, and kept for an hour until they decide.
//!
//! What a row means is the business of the slice that imports it; this module has what all imports share:
//! [`read_table`] → [`Table::columns_for`] → one [`Checked`] for each row → [`Review`] → [`keep_draft`]. After "yes" the slice loads
//! the draft, reviews it again in the transaction that stores it, and stores it only when [`Review::fingerprint`] is still the one
//! that was shown.

mod draft;
mod export;
mod review;
mod table;

pub use draft::{drop_draft, keep_draft, load_draft};
pub use export::{csv_line, workbook};
pub use review::{Checked, Counts, Finding, Review, Shown, ShownFinding, Verdict, Weight};
pub use table::{Cells, Column, Row, Table, read_table, say};
