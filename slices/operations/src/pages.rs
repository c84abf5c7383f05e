//! The pages.

pub(crate) mod jobs;
