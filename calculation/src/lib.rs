//! From tables and stored inputs to official outcomes, results and reports.
//!
//! The one arithmetic path of Prima, for the command line and for pages alike. It knows `rules`, `analytics` and `documents`; it knows
//! no web, no database and no command line, reads no clock, and writes no file that outlives a call.
//!
//! 1. **Instruments**: [`instruments::all`], [`instruments::find`], [`instruments::in_force_on`], [`instruments::read_own`].
//! 2. **Scoring a table**: [`score`] takes an instrument, [`InputFile`]s (an upload keeps the name its owner gave it) and [`Options`],
//!    and gives [`Scored`]: groups and the cells that could not be used. [`Scored::published`] is the result in words, a
//!    [`ResultFile`]. Where nothing can be scored, a [`Problem`] says why and what to do.
//! 3. **Stored inputs**: [`Inputs`] are what is kept with a result. [`Inputs::outcome`] gives the outcome again, [`GroupResult::new`]
//!    its published form with steps and fingerprint, [`Scored::of_inputs`] something to print. [`ResultFile::read`] reads a published
//!    result back, [`verify::recompute`] compares it with its own inputs.
//! 4. **Rendering** into memory: [`render::text`], [`render::csv()`], [`render::json`], [`render::pdf()`].
//! 5. **Published tables**: [`published::read`] and [`published::embedded`] give what agencies printed,
//!    [`published::PublishedResult::compare`] whether it agrees; [`verify::file`] verifies whatever somebody hands in.

mod details;
mod input_file;
mod inputs;
pub mod instruments;
mod problem;
pub mod published;
pub mod render;
mod result;
mod score;
pub mod verify;
mod words;

pub use analytics::{Limits, Stop};
pub use details::{Details, FollowUpDetail, SignatureDetail, TrendDetail};
pub use input_file::InputFile;
pub use inputs::{Inputs, Numbers};
pub use problem::Problem;
pub use result::{
    BadCellResult, CitationResult, ComponentResult, GroupResult, IntervalResult, ItemResult, LeftOutRows, ResultFile,
    StepInput, StepResult, WarningResult,
};
pub use score::columns::find as find_column;
pub use score::{
    ComparedGroup, DifferenceResult, Faults, Group, GroupData, Key, Options, ProfileCount, Scored, StatisticsResult,
    ValidityResult, score,
};
