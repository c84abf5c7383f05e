//! The commands that keep a city running: the server and what its keeper does beside it.

pub(crate) mod arguments;
mod audit;
mod config;
mod demonstration;
mod people;
mod routes;
mod serve;
mod settings;
mod slices;
#[cfg(test)]
mod tests;
mod transfer;

pub(crate) use config::run as config;
pub(crate) use demonstration::run as demonstration;
pub(crate) use routes::run as routes;
pub(crate) use serve::{migrate, serve};
pub(crate) use {audit::run as audit, people::run as people, transfer::export, transfer::import};
