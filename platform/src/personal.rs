//! Personal data of citizens: typed at the edge, sealed in the database, masked on pages, shown whole only with a receipt.
//!
//! - [`Nik`], [`Phone`], [`EmailAddress`], [`PersonName`] are parsed from what was typed. `Debug` shows nothing of them, `Display`
//!   a mask. The whole value comes out with a [`Revealed`] alone, and that is made by [`reveal`], which writes the audit log.
//! - [`Sealed`] is what a column holds: a value bound to its institution, table, column and row. [`BlindIndex`] finds it again.
//! - None of them can be serialized, so none gets into JSON, a job or a log by accident.
//! - [`Holding`] tells what a slice keeps of people, why, how long, and carries out their rights (UU 27/2022).

mod holding;
mod reveal;
mod sealed;
#[cfg(test)]
mod tests;
mod values;

pub use holding::{
    Basis, Correction, End, Erasure, Holding, Identity, Keeping, Kept, Outcome, People, Row, Task, Work, due, expire,
};
pub use reveal::{Reason, Revealed, reveal};
#[doc(hidden)]
pub use sealed::Key as PlainKey;
pub use sealed::{BlindIndex, Place, Sealed};
pub use values::{EmailAddress, Fault, Nik, PersonName, PersonText, Personal, Phone};
