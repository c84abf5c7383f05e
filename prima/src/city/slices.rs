//! Names all slices, once: their routes, their menus, what they give the server, what tests hold them to.

use platform::api::Part;
use platform::app::{MenuEntry, Wiring};
use platform::files::HolderKind;
use platform::jobs::Handlers;
use platform::messages::{self, MessageKind};
use platform::personal::Holding;
use platform::route::Routes;
use platform::secret::rotation::{self, Resealed};
#[cfg(test)]
use platform::{database::Sql, identity::Action};
use time::Duration;

/// The routes of all slices.
pub(crate) fn routes() -> Routes {
    platform::files::routes()
        .and(platform::api::routes())
        .and(platform::signature::routes())
        .and(welcome::routes())
        .and(services::routes())
        .and(publication::routes())
        .and(organisation::routes())
        .and(access::routes())
        .and(operations::routes())
        .and(privacy::routes())
        .and(improvement::routes())
        .and(survey::routes())
}

/// What the server needs of slices.
pub(crate) fn wiring() -> Wiring {
    Wiring {
        site: organisation::find_site,
        person: access::find_person,
        seen: access::note_seen,
        name: access::name_of,
        contact: access::contact_of,
        city: access::city_of,
        messages: MESSAGES,
        holdings: HOLDINGS,
        menu: MENU,
        staff_menu: STAFF_MENU,
        holders: HOLDERS,
        api: API,
    }
}

/// How long a job that is done can still be looked up.
const KEPT: Duration = Duration::days(30);

/// How long the row of a message that is over can still be looked up: its kind and its times, nothing it said.
const MESSAGES_KEPT: Duration = Duration::days(365);

/// The jobs of all slices, and the schedules they come by.
pub(crate) fn handlers() -> Handlers {
    let own = Handlers::new().sweeping(KEPT);
    let of_platform = messages::handlers(platform::files::collecting(own), MESSAGES_KEPT);
    let of_privacy = privacy::handlers(rotation::resealing(of_platform, RESEALED));
    survey::handlers(improvement::handlers(services::handlers(of_privacy)))
}

/// What slices give to programs.
pub(crate) const API: &[Part] = &[services::API, publication::API, survey::API];

/// What can hold files.
const HOLDERS: &[&HolderKind] = &[&organisation::UNIT_HOLDER, &services::SERVICE_HOLDER, &improvement::MEASURE_HOLDER];

/// Every kind of message of every slice.
pub(crate) const MESSAGES: &[&[&MessageKind]] =
    &[access::MESSAGES, privacy::MESSAGES, services::MESSAGES, improvement::MESSAGES, survey::MESSAGES];

const MENU: &[MenuEntry] = &[services::MENU, organisation::MENU, publication::MENU, publication::CALCULATE_MENU];

const STAFF_MENU: &[MenuEntry] = &[
    services::KEEP_MENU,
    services::CONTACTS_MENU,
    organisation::UNITS_MENU,
    survey::STAFF_MENU,
    improvement::STAFF_MENU,
    access::PEOPLE_MENU,
    organisation::CITY_MENU,
    access::MESSAGES_MENU,
    access::AUDIT_MENU,
    operations::JOBS_MENU,
    privacy::MENU,
    operations::CHECKUP_MENU,
    organisation::INSTITUTIONS_MENU,
];

/// What all slices keep of people.
pub(crate) const HOLDINGS: &[&[Holding]] =
    &[organisation::HOLDINGS, access::HOLDINGS, privacy::HOLDINGS, improvement::HOLDINGS, survey::HOLDINGS];

/// The sealed columns of all slices.
pub(crate) const RESEALED: &[&[Resealed]] =
    &[messages::RESEALED, access::RESEALED, privacy::RESEALED, survey::RESEALED];

/// Every action of every slice.
#[cfg(test)]
pub(crate) const ACTIONS: &[&[&Action]] = &[
    organisation::ACTIONS,
    access::ACTIONS,
    operations::ACTIONS,
    privacy::ACTIONS,
    publication::ACTIONS,
    services::ACTIONS,
    improvement::ACTIONS,
    survey::ACTIONS,
];

/// Every statement of every store.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&[&[Sql]]] = &[
    &[
        platform::audit::STATEMENTS,
        platform::jobs::STATEMENTS,
        platform::files::STATEMENTS,
        platform::messages::STATEMENTS,
        platform::backup::STATEMENTS,
        platform::checkup::STATEMENTS,
    ],
    organisation::STATEMENTS,
    access::STATEMENTS,
    privacy::STATEMENTS,
    publication::STATEMENTS,
    services::STATEMENTS,
    improvement::STATEMENTS,
    survey::STATEMENTS,
];
