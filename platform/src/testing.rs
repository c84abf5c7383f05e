//! What the tests of every crate stand on: fresh databases of both engines, contracts of statements, a mail server, checks of
//! locale files and of messages.

pub mod database;
mod http;
mod letters;
mod mail_server;
#[cfg(test)]
pub(crate) mod s3_server;
mod words;

pub use axum::body::Body;
pub use database::{
    ENGINES, Fresh, each_empty_engine, each_engine, migrated_sqlite, migrations_run_over_samples, prepare_all,
    statements_name_their_institution,
};
pub use http::{Answer, Browser};
pub use letters::read_every_kind;
pub use mail_server::{MailServer, Tls};
pub use words::words;
