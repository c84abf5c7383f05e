//! Who may do what with services, their standards and the declarations of units.

use platform::identity::{Action, Role};

/// See services as staff do: drafts, what is missing, what is due.
pub const READ_SERVICES: Action = Action {
    name: "services.read",
    roles: &[
        Role::CitizenDesk,
        Role::CounterOfficer,
        Role::UnitAdmin,
        Role::HeadOfUnit,
        Role::Coordinator,
        Role::Sekda,
        Role::Auditor,
    ],
};
/// Enter services, change, publish and withdraw them, and write their standards.
pub const EDIT_SERVICES: Action = Action { name: "services.edit", roles: &[Role::UnitAdmin, Role::Coordinator] };
/// Note that a standard was discussed with the public, determine it, say that it was reviewed; declare (Maklumat).
pub const DETERMINE_STANDARD: Action = Action { name: "services.determine-standard", roles: &[Role::HeadOfUnit] };
/// Publish a standard that was determined.
pub const PUBLISH_STANDARD: Action = Action { name: "services.publish-standard", roles: &[Role::Coordinator] };
/// Import services from a table.
pub const IMPORT_SERVICES: Action = Action { name: "services.import", roles: &[Role::Coordinator] };
