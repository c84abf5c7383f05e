//! Who may do what with institutions and units.

use platform::identity::{Action, Role};

/// See the list of units as staff do, with their history.
pub const READ_UNITS: Action = Action {
    name: "organisation.read-units",
    roles: &[
        Role::CitizenDesk,
        Role::UnitAdmin,
        Role::HeadOfUnit,
        Role::Coordinator,
        Role::Sekda,
        Role::Auditor,
        Role::SystemAdmin,
    ],
};
/// Enter, change, move, end and resume units.
pub const EDIT_UNITS: Action =
    Action { name: "organisation.edit-units", roles: &[Role::Coordinator, Role::SystemAdmin] };
/// Keep how a unit is reached.
pub const EDIT_CONTACT: Action =
    Action { name: "organisation.edit-contact", roles: &[Role::UnitAdmin, Role::Coordinator, Role::SystemAdmin] };
/// Keep documents and photographs of a unit.
pub const KEEP_FILES: Action =
    Action { name: "organisation.keep-files", roles: &[Role::UnitAdmin, Role::Coordinator, Role::SystemAdmin] };
/// Import units from a table.
pub const IMPORT_UNITS: Action =
    Action { name: "organisation.import-units", roles: &[Role::Coordinator, Role::SystemAdmin] };
/// Change name, host, colours and logo of the institution.
pub const CHANGE_SETTINGS: Action =
    Action { name: "organisation.change-settings", roles: &[Role::Coordinator, Role::SystemAdmin] };
/// Found further institutions in the installation.
pub const FOUND_INSTITUTIONS: Action = Action { name: "organisation.found-institutions", roles: &[Role::SystemAdmin] };
