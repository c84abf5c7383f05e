//! Names all slices, once: their routes, their menus, what they give the server, what tests hold them to.

use platform::app::{MenuEntry, Wiring};
use platform::jobs::Handlers;
use platform::personal::Holding;
use platform::route::Routes;
use platform::secret::rotation::{self, Resealed};
#[cfg(test)]
use platform::{database::Sql, identity::Action};
use time::Duration;

/// The routes of all slices.
pub(crate) fn routes() -> Routes {
    welcome::routes()
        .and(publication::routes())
        .and(organisation::routes())
        .and(access::routes())
        .and(privacy::routes())
}

/// What the server needs of slices.
pub(crate) fn wiring() -> Wiring {
    Wiring {
        site: organisation::find_site,
        person: access::find_person,
        seen: access::note_seen,
        name: access::name_of,
        holdings: HOLDINGS,
        menu: MENU,
        staff_menu: STAFF_MENU,
    }
}

/// How long a job that is done can still be looked up.
const KEPT: Duration = Duration::days(30);

/// The jobs of all slices, and the schedules they come by.
pub(crate) fn handlers() -> Handlers {
    privacy::handlers(rotation::resealing(Handlers::new().sweeping(KEPT), RESEALED))
}

const MENU: &[MenuEntry] = &[organisation::MENU, publication::MENU, publication::CALCULATE_MENU];

const STAFF_MENU: &[MenuEntry] = &[
    organisation::UNITS_MENU,
    access::PEOPLE_MENU,
    organisation::CITY_MENU,
    access::AUDIT_MENU,
    privacy::MENU,
    organisation::INSTITUTIONS_MENU,
];

/// What all slices keep of people.
pub(crate) const HOLDINGS: &[&[Holding]] = &[access::HOLDINGS, privacy::HOLDINGS];

/// The sealed columns of all slices.
pub(crate) const RESEALED: &[&[Resealed]] = &[access::RESEALED, privacy::RESEALED];

/// Every action of every slice.
#[cfg(test)]
pub(crate) const ACTIONS: &[&[&Action]] =
    &[organisation::ACTIONS, access::ACTIONS, privacy::ACTIONS, publication::ACTIONS];

/// Every statement of every store.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&[&[Sql]]] = &[
    &[platform::audit::STATEMENTS, platform::jobs::STATEMENTS],
    organisation::STATEMENTS,
    access::STATEMENTS,
    privacy::STATEMENTS,
    publication::STATEMENTS,
];
