//! Journeys over the command line: what other programs and people rely on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod classify;
mod deadline;
mod documents;
mod input;
mod instruments;
mod ipp;
mod law;
mod ombudsman;
mod path;
mod pdf;
mod sample_size;
mod skm;
mod support;
mod trouble;
mod usage;
mod vectors;
mod verify;
