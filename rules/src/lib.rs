//! The law of Indonesian public service, as exact and pure functions.
//!
//! Every instrument (SKM, IPP, Ombudsman, complaints, standards, innovation) is a dated file under `rules/parameters/`;
//! the functions here take an instrument and the data, and return the official result together with every step and its citation.
//! Nothing in this crate reads a clock, a file or a network, and nothing uses floating point.

pub mod aggregation;
pub mod calendar;
pub mod cheapest_path;
pub mod citation;
pub mod complaint_deadline;
pub mod compliance_zone;
pub mod follow_up;
pub mod innovation_score;
pub mod instrument;
pub mod outcome;
pub mod phrase;
pub mod quantity;
pub mod satisfaction_index;
pub mod service_index;
pub mod service_standard;
pub mod statistics;
pub mod step;
pub mod tally;
pub mod warning;
