//! Who somebody is to the program: institutions, units, accounts, roles and what a role may do.
//!
//! A slice declares each of its acts as an [`Action`] with the roles that may do it; routes name the action, and
//! [`Person::may`] asks it of a unit. There is no second list of permissions anywhere.

use crate::words::Words;
use time::OffsetDateTime;

crate::id! {
    /// A city, regency, province or ministry.
    pub struct InstitutionId;
}
crate::id! {
    /// A unit of an institution: OPD, UPP, sub-unit or service point.
    pub struct UnitId;
}
crate::id! {
    /// A person's account.
    pub struct AccountId;
}
crate::id! {
    /// One signed-in browser.
    pub struct SessionId;
}

/// What a person is trusted with, bound to an institution and often to a unit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// "Petugas informasi": helps citizens at the desk and on the telephone.
    CitizenDesk,
    /// "Petugas loket": serves at a counter.
    CounterOfficer,
    /// "Admin unit": keeps a unit's services, people and evidence.
    UnitAdmin,
    /// "Kepala unit": answers for a unit.
    HeadOfUnit,
    /// "Koordinator (Bagian Organisasi)": leads the city's service improvement.
    Coordinator,
    /// "Sekretaris Daerah".
    Sekda,
    /// "Admin pengaduan": sorts and forwards complaints.
    ComplaintAdmin,
    /// "Evaluator": scores units for the IPP.
    Evaluator,
    /// "Asesor Ombudsman".
    OmbudsmanAssessor,
    /// "Juri": judges innovations.
    Juror,
    /// "Auditor": reads everything that was done, changes nothing.
    Auditor,
    /// "Pejabat Pelindungan Data Pribadi": looks after the rights of people over their data (UU 27/2022 Pasal 53).
    DataProtectionOfficer,
    /// "Admin sistem": keeps the installation running.
    SystemAdmin,
}

impl Role {
    /// All roles, in the order of screens.
    pub const ALL: [Self; 13] = [
        Self::CitizenDesk,
        Self::CounterOfficer,
        Self::UnitAdmin,
        Self::HeadOfUnit,
        Self::Coordinator,
        Self::Sekda,
        Self::ComplaintAdmin,
        Self::Evaluator,
        Self::OmbudsmanAssessor,
        Self::Juror,
        Self::Auditor,
        Self::DataProtectionOfficer,
        Self::SystemAdmin,
    ];

    /// The stable name in the database, in files and in the matrix.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CitizenDesk => "citizen-desk",
            Self::CounterOfficer => "counter-officer",
            Self::UnitAdmin => "unit-admin",
            Self::HeadOfUnit => "head-of-unit",
            Self::Coordinator => "coordinator",
            Self::Sekda => "sekda",
            Self::ComplaintAdmin => "complaint-admin",
            Self::Evaluator => "evaluator",
            Self::OmbudsmanAssessor => "ombudsman-assessor",
            Self::Juror => "juror",
            Self::Auditor => "auditor",
            Self::DataProtectionOfficer => "data-protection-officer",
            Self::SystemAdmin => "system-admin",
        }
    }

    /// The role of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role as people call it: "Petugas loket".
    #[must_use]
    pub fn label(self, words: Words) -> String {
        words.text(&format!("role.{}", self.name()))
    }

    /// Whether the role is held in one unit. The others are held in a whole institution.
    #[must_use]
    pub const fn is_of_a_unit(self) -> bool {
        matches!(self, Self::CounterOfficer | Self::UnitAdmin | Self::HeadOfUnit)
    }

    /// Whether a password alone is too little: these roles can change who may do what, read what everybody did, or see
    /// data of citizens.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Coordinator | Self::Auditor | Self::DataProtectionOfficer | Self::SystemAdmin)
    }
}

/// Something a person does, and the roles that may do it. Slices declare theirs as constants.
#[derive(Debug, PartialEq, Eq)]
pub struct Action {
    /// Stable name, the slice first: `organisation.edit-unit`.
    pub name: &'static str,
    /// The roles that may do it: in the whole institution, or in the unit their role is bound to.
    pub roles: &'static [Role],
}

/// A role somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where: nothing for the whole institution, else the unit with every unit below it.
    pub units: Option<Vec<UnitId>>,
}

/// Who is signed in, with what they may do in the institution of this page.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The session they are signed in with.
    pub session: SessionId,
    /// The institution whose people they are one of.
    pub institution: InstitutionId,
    /// Name as they want to be addressed.
    pub name: String,
    /// The roles they hold here.
    pub grants: Vec<Grant>,
    /// Whether they gave a second factor in this session.
    pub second_factor: bool,
    /// When they last proved who they are, for acts that ask it again.
    pub proved_at: OffsetDateTime,
}

impl Person {
    /// Whether they may do `action` in the given unit, or, without a unit, in the whole institution.
    #[must_use]
    pub fn may(&self, action: &Action, unit: Option<UnitId>) -> bool {
        self.grants_for(action).any(|grant| match (&grant.units, unit) {
            (None, _) => true,
            (Some(units), Some(unit)) => units.contains(&unit),
            (Some(_), None) => false,
        })
    }

    /// Whether they may do `action` anywhere: whether the page has something for them at all.
    #[must_use]
    pub fn may_somewhere(&self, action: &Action) -> bool {
        self.grants_for(action).next().is_some()
    }

    /// The units in which they may do `action`; nothing means all units of the institution.
    #[must_use]
    pub fn units_for(&self, action: &Action) -> Option<Vec<UnitId>> {
        let mut units = Vec::new();
        for grant in self.grants_for(action) {
            units.extend(grant.units.as_ref()?.iter().copied());
        }
        Some(units)
    }

    /// Whether a role of theirs asks for a second factor that this session did not give.
    #[must_use]
    pub fn owes_second_factor(&self) -> bool {
        !self.second_factor && self.grants.iter().any(|grant| grant.role.needs_second_factor())
    }

    fn grants_for(&self, action: &Action) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(|grant| action.roles.contains(&grant.role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
    const EDIT: Action = Action { name: "test.edit", roles: &[Role::UnitAdmin, Role::Coordinator] };

    fn person(grants: Vec<Grant>) -> Person {
        Person {
            account: AccountId::new(NOW),
            session: SessionId::new(NOW),
            institution: InstitutionId::new(NOW),
            name: "Sari".into(),
            grants,
            second_factor: false,
            proved_at: NOW,
        }
    }

    #[test]
    fn a_unit_admin_acts_in_their_unit_and_nowhere_else() {
        let (own, other) = (UnitId::new(NOW), UnitId::new(NOW));
        let person = person(vec![Grant { role: Role::UnitAdmin, units: Some(vec![own]) }]);
        assert!(person.may(&EDIT, Some(own)));
        assert!(!person.may(&EDIT, Some(other)));
        assert!(!person.may(&EDIT, None), "the whole institution is more than one unit");
        assert_eq!(person.units_for(&EDIT), Some(vec![own]));
    }

    #[test]
    fn a_coordinator_acts_in_every_unit() {
        let person = person(vec![Grant { role: Role::Coordinator, units: None }]);
        assert!(person.may(&EDIT, Some(UnitId::new(NOW))) && person.may(&EDIT, None));
        assert_eq!(person.units_for(&EDIT), None);
    }

    #[test]
    fn a_role_the_action_does_not_name_may_nothing() {
        let person = person(vec![Grant { role: Role::Sekda, units: None }]);
        assert!(!person.may(&EDIT, None) && !person.may_somewhere(&EDIT));
        assert_eq!(person.units_for(&EDIT), Some(Vec::new()), "no unit, which is not all units");
    }

    #[test]
    fn whoever_may_change_roles_owes_a_second_factor() {
        assert!(person(vec![Grant { role: Role::SystemAdmin, units: None }]).owes_second_factor());
        assert!(!person(vec![Grant { role: Role::CounterOfficer, units: Some(vec![]) }]).owes_second_factor());
    }

    #[test]
    fn a_role_is_found_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::named(role.name()), Some(role));
        }
    }
}
