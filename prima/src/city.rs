//! The commands that keep a city running: the server and what its keeper does beside it.

pub(crate) mod arguments;
mod audit;
mod backup;
mod config;
mod demonstration;
mod doctor;
mod keys;
mod people;
mod register;
#[cfg(test)]
mod rehearsal;
mod restore;
mod routes;
mod serve;
mod settings;
mod slices;
#[cfg(test)]
mod tests;
mod transfer;

pub(crate) use backup::run as backup;
pub(crate) use config::run as config;
pub(crate) use demonstration::run as demonstration;
#[cfg(test)]
pub(crate) use doctor::DoctorFile;
pub(crate) use doctor::run as doctor;
pub(crate) use keys::run as keys;
pub(crate) use register::run as register;
pub(crate) use restore::run as restore;
pub(crate) use routes::run as routes;
pub(crate) use serve::{migrate, serve};
pub(crate) use {audit::run as audit, people::run as people, transfer::export, transfer::import};
