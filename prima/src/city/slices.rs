//! Names all slices, once: their routes, their menus, what they give the server, what tests hold them to.

use platform::app::{MenuEntry, Wiring};
use platform::jobs::Handlers;
use platform::route::Routes;
#[cfg(test)]
use platform::{database::Sql, identity::Action};
use time::Duration;

/// The routes of all slices.
pub(crate) fn routes() -> Routes {
    welcome::routes()
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
        menu: MENU,
        staff_menu: STAFF_MENU,
    }
}

/// How long a job that is done can still be looked up.
const KEPT: Duration = Duration::days(30);

/// The jobs of all slices, and the schedules they come by.
pub(crate) fn handlers() -> Handlers {
    Handlers::new().sweeping(KEPT)
}

const MENU: &[MenuEntry] = &[organisation::MENU, publication::MENU, publication::CALCULATE_MENU];

const STAFF_MENU: &[MenuEntry] = &[
    organisation::UNITS_MENU,
    access::PEOPLE_MENU,
    organisation::CITY_MENU,
    access::AUDIT_MENU,
    operations::JOBS_MENU,
    operations::CHECKUP_MENU,
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
        platform::backup::STATEMENTS,
        platform::checkup::STATEMENTS,
    ],
    organisation::STATEMENTS,
    access::STATEMENTS,
    publication::STATEMENTS,
];
