//! Who may do what about findings.

use platform::identity::Action;
use platform::identity::Role::{Auditor, Coordinator, CounterOfficer, HeadOfUnit, Sekda, UnitAdmin};

/// See findings with what is done about them.
pub const READ_FINDINGS: Action =
    Action { name: "improvement.read", roles: &[CounterOfficer, UnitAdmin, HeadOfUnit, Coordinator, Sekda, Auditor] };
/// Raise findings, plan what is done, cancel it, drop a finding with a reason.
pub const PLAN_MEASURES: Action = Action { name: "improvement.plan", roles: &[UnitAdmin, HeadOfUnit, Coordinator] };
/// Do what one was made the owner of, and show it.
pub const DO_MEASURES: Action =
    Action { name: "improvement.do", roles: &[CounterOfficer, UnitAdmin, HeadOfUnit, Coordinator] };
/// Find what another person did to be done, or send it back.
pub const VERIFY_MEASURES: Action = Action { name: "improvement.verify", roles: &[HeadOfUnit, Coordinator] };
/// Let everybody read what was said and what was done.
pub const PUBLISH_FINDINGS: Action = Action { name: "improvement.publish", roles: &[HeadOfUnit, Coordinator] };
