//! The pages that belong to no capability.

pub(crate) mod about;
pub(crate) mod first_page;
pub(crate) mod first_run;
