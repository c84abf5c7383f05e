//! The pages.

pub(crate) mod checkup;
pub(crate) mod jobs;
