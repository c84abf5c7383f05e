//! The commands that keep a city running: the server and what its keeper does beside it.

pub(crate) mod arguments;
mod audit;
mod config;
mod demonstration;
mod keys;
mod people;
mod register;
mod routes;
mod serve;
mod settings;
mod slices;
#[cfg(test)]
mod tests;
mod transfer;

pub(crate) use config::run as config;
pub(crate) use demonstration::run as demonstration;
pub(crate) use keys::run as keys;
pub(crate) use register::run as register;
pub(crate) use routes::run as routes;
pub(crate) use serve::{migrate, serve};
pub(crate) use {audit::run as audit, people::run as people, transfer::export, transfer::import};
