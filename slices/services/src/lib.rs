//! The catalogue of services, and the standard (Standar Pelayanan) by which each is given.
//!
//! - **People**: the admin of a unit keeps its services; everybody finds them.
//! - **Law**: UU 25/2009 articles 20 to 22 (standards and declaration), Permenpan RB 15/2014 (the fourteen components).
//! - **States** of a service: `docs/states/service.md`.

mod service;

pub use service::{Service, ServiceFacts, ServiceId, ServiceState, WrongState};
