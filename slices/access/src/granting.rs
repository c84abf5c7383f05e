//! Who may give which role to whom. Every rule is an [`Action`], so that the matrix of roles shows all of it.

use platform::identity::Role::{
    Auditor, CitizenDesk, ComplaintAdmin, Coordinator, CounterOfficer, DataProtectionOfficer, Evaluator, HeadOfUnit,
    Juror, OmbudsmanAssessor, Sekda, SystemAdmin, UnitAdmin,
};
use platform::identity::{AccountId, Action, Person, Role, UnitId};

/// Sees the people of one's unit, or of the institution.
pub const READ_PEOPLE: Action =
    Action { name: "access.read-people", roles: &[UnitAdmin, Coordinator, Auditor, SystemAdmin] };
/// Invites people, makes links for them, keeps them out and lets them in again.
pub const MANAGE_PEOPLE: Action =
    Action { name: "access.manage-people", roles: &[UnitAdmin, Coordinator, SystemAdmin] };
/// Takes in a table of people.
pub const IMPORT_PEOPLE: Action = Action { name: "access.import-people", roles: &[Coordinator, SystemAdmin] };
/// Makes a link with which somebody replaces a lost second factor.
pub const RESET_SECOND_FACTOR: Action = Action { name: "access.reset-second-factor", roles: &[SystemAdmin] };
/// Decides about messages that were refused, or may not have arrived.
pub const MANAGE_MESSAGES: Action = Action { name: "access.manage-messages", roles: &[SystemAdmin] };
/// Reads, verifies and exports the audit log.
pub const READ_AUDIT: Action = Action { name: "access.read-audit", roles: &[Auditor, SystemAdmin] };

const GRANT_CITIZEN_DESK: Action = Action { name: "access.grant-citizen-desk", roles: &[Coordinator, SystemAdmin] };
const GRANT_COUNTER_OFFICER: Action =
    Action { name: "access.grant-counter-officer", roles: &[UnitAdmin, Coordinator, SystemAdmin] };
const GRANT_UNIT_ADMIN: Action = Action { name: "access.grant-unit-admin", roles: &[Coordinator, SystemAdmin] };
const GRANT_HEAD_OF_UNIT: Action = Action { name: "access.grant-head-of-unit", roles: &[Coordinator, SystemAdmin] };
const GRANT_COORDINATOR: Action = Action { name: "access.grant-coordinator", roles: &[SystemAdmin] };
const GRANT_SEKDA: Action = Action { name: "access.grant-sekda", roles: &[Coordinator, SystemAdmin] };
const GRANT_COMPLAINT_ADMIN: Action =
    Action { name: "access.grant-complaint-admin", roles: &[Coordinator, SystemAdmin] };
const GRANT_EVALUATOR: Action = Action { name: "access.grant-evaluator", roles: &[Coordinator, SystemAdmin] };
const GRANT_OMBUDSMAN_ASSESSOR: Action =
    Action { name: "access.grant-ombudsman-assessor", roles: &[Coordinator, SystemAdmin] };
const GRANT_JUROR: Action = Action { name: "access.grant-juror", roles: &[Coordinator, SystemAdmin] };
const GRANT_AUDITOR: Action = Action { name: "access.grant-auditor", roles: &[SystemAdmin] };
const GRANT_DATA_PROTECTION_OFFICER: Action =
    Action { name: "access.grant-data-protection-officer", roles: &[SystemAdmin] };
const GRANT_SYSTEM_ADMIN: Action = Action { name: "access.grant-system-admin", roles: &[SystemAdmin] };

/// Every action of this slice.
pub const ACTIONS: &[&Action] = &[
    &READ_PEOPLE,
    &MANAGE_PEOPLE,
    &IMPORT_PEOPLE,
    &RESET_SECOND_FACTOR,
    &MANAGE_MESSAGES,
    &READ_AUDIT,
    &GRANT_CITIZEN_DESK,
    &GRANT_COUNTER_OFFICER,
    &GRANT_UNIT_ADMIN,
    &GRANT_HEAD_OF_UNIT,
    &GRANT_COORDINATOR,
    &GRANT_SEKDA,
    &GRANT_COMPLAINT_ADMIN,
    &GRANT_EVALUATOR,
    &GRANT_OMBUDSMAN_ASSESSOR,
    &GRANT_JUROR,
    &GRANT_AUDITOR,
    &GRANT_DATA_PROTECTION_OFFICER,
    &GRANT_SYSTEM_ADMIN,
];

/// Giving and taking away a role. A role is never given by a peer, but for system admins, who have nobody above them.
#[must_use]
pub const fn granting(role: Role) -> &'static Action {
    match role {
        CitizenDesk => &GRANT_CITIZEN_DESK,
        CounterOfficer => &GRANT_COUNTER_OFFICER,
        UnitAdmin => &GRANT_UNIT_ADMIN,
        HeadOfUnit => &GRANT_HEAD_OF_UNIT,
        Coordinator => &GRANT_COORDINATOR,
        Sekda => &GRANT_SEKDA,
        ComplaintAdmin => &GRANT_COMPLAINT_ADMIN,
        Evaluator => &GRANT_EVALUATOR,
        OmbudsmanAssessor => &GRANT_OMBUDSMAN_ASSESSOR,
        Juror => &GRANT_JUROR,
        Auditor => &GRANT_AUDITOR,
        DataProtectionOfficer => &GRANT_DATA_PROTECTION_OFFICER,
        SystemAdmin => &GRANT_SYSTEM_ADMIN,
    }
}

/// A role with the place it is held in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Post {
    /// The role.
    pub role: Role,
    /// The unit; nothing for the whole institution.
    pub unit: Option<UnitId>,
}

impl Post {
    /// A role in its place, when it may be held there: some belong to a unit, the others to the whole institution.
    #[must_use]
    pub fn new(role: Role, unit: Option<UnitId>) -> Option<Self> {
        (role.is_of_a_unit() == unit.is_some()).then_some(Self { role, unit })
    }
}

/// Whether somebody may give or take away a role there.
#[must_use]
pub(crate) fn may_grant(person: &Person, post: Post) -> bool {
    person.may(granting(post.role), post.unit)
}

/// The roles somebody may give at all, in the order of screens.
#[must_use]
pub(crate) fn grantable(person: &Person) -> Vec<Role> {
    Role::ALL.into_iter().filter(|role| person.may_somewhere(granting(*role))).collect()
}

/// Whether somebody sees a person who holds these roles, now or later.
#[must_use]
pub(crate) fn sees(person: &Person, held: &[Post]) -> bool {
    person.may(&READ_PEOPLE, None) || held.iter().any(|post| post.unit.is_some() && person.may(&READ_PEOPLE, post.unit))
}

/// Whether somebody may do something to a person with these roles: never to oneself, and only when every one of the roles is
/// theirs to give. Whoever could make a new password for a person above them could become that person.
#[must_use]
pub(crate) fn may_manage(person: &Person, action: &Action, other: AccountId, held: &[Post]) -> bool {
    let over_all = held.iter().all(|post| may_grant(person, *post));
    let there =
        if held.is_empty() { person.may(action, None) } else { held.iter().all(|post| person.may(action, post.unit)) };
    person.account != other && over_all && there
}

/// Whether somebody may end what whoever suspended an account began: that person, or who looks after the whole institution. An
/// admin of a unit undoes neither what a coordinator did nor what was done by nobody known.
#[must_use]
pub(crate) fn may_undo_suspension(person: &Person, suspended_by: Option<AccountId>) -> bool {
    suspended_by == Some(person.account) || person.may(&MANAGE_PEOPLE, None)
}

/// Whether one person may hold both roles: who checks what was done must not be who did it.
#[must_use]
pub const fn go_together(one: Role, other: Role) -> bool {
    !matches!((one, other), (Auditor, SystemAdmin | Coordinator) | (SystemAdmin | Coordinator, Auditor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::identity::{Grant, InstitutionId, SessionId};
    use time::macros::datetime;

    const NOW: time::OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

    fn person(role: Role, units: Option<Vec<UnitId>>) -> Person {
        Person {
            account: AccountId::new(NOW),
            session: SessionId::new(NOW),
            institution: InstitutionId::new(NOW),
            name: "Sari".into(),
            grants: vec![Grant { role, units }],
            second_factor: true,
            proved_at: NOW,
        }
    }

    #[test]
    fn nobody_gives_their_own_role_but_system_admins() {
        for role in Role::ALL {
            let peer = granting(role).roles.contains(&role);
            assert_eq!(peer, role == SystemAdmin, "{role:?}");
        }
    }

    #[test]
    fn roles_that_need_a_second_factor_are_given_by_system_admins_only() {
        for role in Role::ALL.into_iter().filter(|role| role.needs_second_factor()) {
            assert_eq!(granting(role).roles, [SystemAdmin], "{role:?}");
        }
    }

    #[test]
    fn every_granting_action_is_listed_and_named_after_its_role() {
        for role in Role::ALL {
            assert_eq!(granting(role).name, format!("access.grant-{}", role.name()));
            assert!(ACTIONS.contains(&granting(role)));
        }
    }

    #[test]
    fn a_unit_admin_gives_counter_officers_of_their_unit_only() {
        let (own, other) = (UnitId::new(NOW), UnitId::new(NOW));
        let admin = person(UnitAdmin, Some(vec![own]));
        assert_eq!(grantable(&admin), [CounterOfficer]);
        assert!(may_grant(&admin, Post { role: CounterOfficer, unit: Some(own) }));
        assert!(!may_grant(&admin, Post { role: CounterOfficer, unit: Some(other) }));
        assert!(!may_grant(&admin, Post { role: UnitAdmin, unit: Some(own) }));
    }

    #[test]
    fn nobody_manages_themselves() {
        let admin = person(SystemAdmin, None);
        let own = [Post { role: SystemAdmin, unit: None }];
        assert!(!may_manage(&admin, &MANAGE_PEOPLE, admin.account, &own));
        assert!(may_manage(&admin, &MANAGE_PEOPLE, AccountId::new(NOW), &own));
    }

    #[test]
    fn a_coordinator_does_not_manage_a_system_admin() {
        let coordinator = person(Coordinator, None);
        let unit = Some(UnitId::new(NOW));
        let held = [Post { role: CounterOfficer, unit }, Post { role: SystemAdmin, unit: None }];
        assert!(!may_manage(&coordinator, &MANAGE_PEOPLE, AccountId::new(NOW), &held));
        assert!(may_manage(&coordinator, &MANAGE_PEOPLE, AccountId::new(NOW), &held[..1]));
    }

    #[test]
    fn a_unit_admin_manages_nobody_who_also_works_elsewhere() {
        let (own, other) = (Some(UnitId::new(NOW)), Some(UnitId::new(NOW)));
        let admin = person(UnitAdmin, Some(own.into_iter().collect()));
        let here = Post { role: CounterOfficer, unit: own };
        let elsewhere = Post { role: CounterOfficer, unit: other };
        assert!(may_manage(&admin, &MANAGE_PEOPLE, AccountId::new(NOW), &[here]));
        assert!(!may_manage(&admin, &MANAGE_PEOPLE, AccountId::new(NOW), &[here, elsewhere]));
        assert!(!may_manage(&admin, &MANAGE_PEOPLE, AccountId::new(NOW), &[]), "who belongs nowhere is not theirs");
        assert!(sees(&admin, &[here, elsewhere]) && !sees(&admin, &[elsewhere]) && !sees(&admin, &[]));
    }

    #[test]
    fn a_suspension_is_undone_by_whoever_did_it_or_by_who_looks_after_the_institution() {
        let wati = person(UnitAdmin, Some(vec![UnitId::new(NOW)]));
        let coordinator = person(Coordinator, None);
        assert!(may_undo_suspension(&wati, Some(wati.account)));
        assert!(!may_undo_suspension(&wati, Some(coordinator.account)) && !may_undo_suspension(&wati, None));
        assert!(may_undo_suspension(&coordinator, Some(wati.account)) && may_undo_suspension(&coordinator, None));
    }

    #[test]
    fn who_audits_neither_runs_the_system_nor_coordinates() {
        assert!(!go_together(Auditor, SystemAdmin) && !go_together(SystemAdmin, Auditor));
        assert!(!go_together(Coordinator, Auditor));
        assert!(go_together(Coordinator, SystemAdmin) && go_together(Auditor, Juror));
    }

    #[test]
    fn a_role_is_held_where_it_belongs() {
        let unit = Some(UnitId::new(NOW));
        assert!(Post::new(CounterOfficer, None).is_none() && Post::new(CounterOfficer, unit).is_some());
        assert!(Post::new(Sekda, unit).is_none() && Post::new(Sekda, None).is_some());
    }
}
