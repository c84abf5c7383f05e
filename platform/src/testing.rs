//! What the tests of every crate stand on: fresh databases of both engines, contracts of statements, checks of locale files.

pub mod database;
mod http;
mod words;

pub use axum::body::Body;
pub use database::{
    ENGINES, Fresh, each_empty_engine, each_engine, migrated_sqlite, migrations_run_over_samples, prepare_all,
    statements_name_their_institution,
};
pub use http::{Answer, Browser};
pub use words::words;
