//! Who may do what with surveys.

use platform::identity::Action;
use platform::identity::Role::{
    Auditor, CitizenDesk, Coordinator, CounterOfficer, HeadOfUnit, Sekda, SystemAdmin, UnitAdmin,
};

/// Sees periods with their progress, and results once they are fixed. Nobody ever sees single answers.
pub(crate) const READ_PERIODS: Action = Action {
    name: "survey.read-periods",
    roles: &[CitizenDesk, CounterOfficer, UnitAdmin, HeadOfUnit, Coordinator, Sekda, Auditor, SystemAdmin],
};
/// Reads what people wrote and the protected file of answers. Not whoever serves at a counter: they saw who came.
pub(crate) const READ_ANSWERS: Action =
    Action { name: "survey.read-answers", roles: &[UnitAdmin, HeadOfUnit, Coordinator, Sekda, Auditor] };
/// Plans, opens and closes periods.
pub(crate) const KEEP_PERIODS: Action = Action { name: "survey.keep-periods", roles: &[UnitAdmin, Coordinator] };
/// Makes codes for visits.
pub(crate) const ISSUE_CODES: Action =
    Action { name: "survey.issue-codes", roles: &[CitizenDesk, CounterOfficer, UnitAdmin, Coordinator] };
/// Enters answers on paper.
pub(crate) const ENTER_SHEETS: Action =
    Action { name: "survey.enter-sheets", roles: &[CitizenDesk, CounterOfficer, UnitAdmin, Coordinator] };
/// Confirms that the answers of a table are of real visits. Never whoever sent the table.
pub(crate) const CONFIRM_TABLES: Action = Action { name: "survey.confirm-tables", roles: &[Coordinator] };
/// Decides about answers that look made up.
pub(crate) const JUDGE_ANSWERS: Action = Action { name: "survey.judge-answers", roles: &[Coordinator] };
/// Publishes results.
pub(crate) const PUBLISH_RESULTS: Action = Action { name: "survey.publish-results", roles: &[Coordinator] };

/// Makes and revokes keys of programs.
pub(crate) const KEEP_KEYS: Action = Action { name: "survey.keep-keys", roles: &[UnitAdmin, Coordinator] };
/// Has other programs told of events, and sees what they were told.
pub(crate) const KEEP_WEBHOOKS: Action = Action { name: "survey.keep-webhooks", roles: &[UnitAdmin, Coordinator] };

/// Every action of this slice.
pub const ACTIONS: &[&Action] = &[
    &READ_PERIODS,
    &READ_ANSWERS,
    &KEEP_PERIODS,
    &ISSUE_CODES,
    &ENTER_SHEETS,
    &CONFIRM_TABLES,
    &JUDGE_ANSWERS,
    &PUBLISH_RESULTS,
    &KEEP_KEYS,
    &KEEP_WEBHOOKS,
];
