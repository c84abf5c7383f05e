//! Finding services as people write: with endings, other words, slips, half a word.
//!
//! The catalogue of a city is kept in memory, in [`Shelf`]; each question asks the database whether anything was committed since, and
//! only then for what changed. `docs/decisions/0014-a-catalogue-searched-in-memory.md` says why.

mod index;
mod nearest;
mod shelf;
mod slips;
#[cfg(test)]
mod tests;
mod words;

pub use index::{Found, Listed, Wanted};
pub use shelf::{Catalogue, Shelf};
