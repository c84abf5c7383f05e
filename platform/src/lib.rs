//! What every slice stands on: database, server, sessions, pages. It knows no slice.
//!
//! A request travels through [`server`] (one list of layers), meets the audience its route declares ([`route`]), and reaches a
//! handler with a [`visit::Visit`]: who asks, in which city, in which language. Handlers answer with a [`page`] or a
//! [`problem::Problem`]; what is stored goes through [`database`], one transaction for one act, recorded in [`audit`].
//! What is done later goes through [`jobs`], what is said to people through [`messages`].

pub mod api;
pub mod app;
pub mod assets;
pub mod audit;
pub mod backup;
pub mod chart;
pub mod checkup;
pub mod clock;
pub mod cross_site;
pub mod database;
pub mod files;
pub mod form;
#[cfg(test)]
mod gallery;
pub mod id;
pub mod identity;
pub mod jobs;
pub mod messages;
pub mod metrics;
pub mod outward;
pub mod page;
pub mod parts;
pub mod personal;
pub mod problem;
pub mod rate;
pub mod route;
pub mod secret;
pub mod server;
pub mod session;
pub mod signature;
pub mod site;
pub mod telemetry;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod theme;
pub mod upload;
pub mod visit;
pub mod words;
