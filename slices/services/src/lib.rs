//! The catalogue of services, and the standard (Standar Pelayanan) by which each is given.

mod actions;
mod kinds;
mod permissions;
mod promise;
mod search;
mod service;
mod store;
mod typed;

pub use actions::{Refused, change_service, enter_service, publish_service, withdraw_service};
pub use kinds::{Kind, categories, category, category_named, life_event, life_event_named, life_events};
pub use permissions::{DETERMINE_STANDARD, EDIT_SERVICES, IMPORT_SERVICES, PUBLISH_STANDARD, READ_SERVICES};
pub use promise::{Duration, Fee, Opening, TimeUnit, Week, rupiah};
pub use search::{Catalogue, Found, Listed, Shelf, Wanted};
pub use service::{BlankForm, Channel, Service, ServiceFacts, ServiceId, ServiceState, WrongState};
pub use store::{count_services, service, service_by_slug, services, services_of_unit};
pub use typed::{DAYS, TypedService};
