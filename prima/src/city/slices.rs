//! Names all slices, once: their routes, their menus, what they give the server, what tests hold them to.

use platform::app::{MenuEntry, Wiring};
use platform::files::HolderKind;
use platform::jobs::Handlers;
use platform::messages::{self, MessageKind};
use platform::route::Routes;
#[cfg(test)]
use platform::{database::Sql, identity::Action};
use time::Duration;

/// The routes of all slices.
pub(crate) fn routes() -> Routes {
    platform::files::routes()
        .and(welcome::routes())
        .and(publication::routes())
        .and(organisation::routes())
        .and(access::routes())
        .and(operations::routes())
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
        menu: MENU,
        staff_menu: STAFF_MENU,
        holders: HOLDERS,
    }
}

/// How long a job that is done can still be looked up.
const KEPT: Duration = Duration::days(30);

/// How long the row of a message that is over can still be looked up: its kind and its times, nothing it said.
const MESSAGES_KEPT: Duration = Duration::days(365);

/// The jobs of all slices, and the schedules they come by.
pub(crate) fn handlers() -> Handlers {
    let own = Handlers::new().sweeping(KEPT);
    messages::handlers(platform::files::collecting(own), MESSAGES_KEPT)
}

/// What can hold files.
const HOLDERS: &[&HolderKind] = &[&organisation::UNIT_HOLDER];

/// Every kind of message of every slice.
pub(crate) const MESSAGES: &[&[&MessageKind]] = &[access::MESSAGES];

const MENU: &[MenuEntry] = &[organisation::MENU, publication::MENU, publication::CALCULATE_MENU];

const STAFF_MENU: &[MenuEntry] = &[
    organisation::UNITS_MENU,
    access::PEOPLE_MENU,
    organisation::CITY_MENU,
    access::MESSAGES_MENU,
    access::AUDIT_MENU,
    operations::JOBS_MENU,
    organisation::INSTITUTIONS_MENU,
];

/// Every action of every slice.
#[cfg(test)]
pub(crate) const ACTIONS: &[&[&Action]] =
    &[organisation::ACTIONS, access::ACTIONS, operations::ACTIONS, publication::ACTIONS];

/// Every statement of every store.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&[&[Sql]]] = &[
    &[
        platform::audit::STATEMENTS,
        platform::jobs::STATEMENTS,
        platform::files::STATEMENTS,
        platform::messages::STATEMENTS,
    ],
    organisation::STATEMENTS,
    access::STATEMENTS,
    publication::STATEMENTS,
];
