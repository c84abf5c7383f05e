//! Who may do what here.

use platform::identity::Action;
use platform::identity::Role::{Auditor, DataProtectionOfficer, SystemAdmin};

/// Reads the register and what is due to be deleted.
pub(crate) const READ_REGISTER: Action =
    Action { name: "privacy.read-register", roles: &[DataProtectionOfficer, Auditor, SystemAdmin] };
/// Writes the city's own lines of the register.
pub(crate) const KEEP_REGISTER: Action = Action { name: "privacy.keep-register", roles: &[DataProtectionOfficer] };
/// Looks after requests of people.
pub(crate) const HANDLE_REQUESTS: Action = Action { name: "privacy.handle-requests", roles: &[DataProtectionOfficer] };
/// Records breaches and tells of them. System admins see them first.
pub(crate) const HANDLE_BREACHES: Action =
    Action { name: "privacy.handle-breaches", roles: &[DataProtectionOfficer, SystemAdmin] };

/// Every action of this slice.
pub const ACTIONS: &[&Action] = &[&READ_REGISTER, &KEEP_REGISTER, &HANDLE_REQUESTS, &HANDLE_BREACHES];
