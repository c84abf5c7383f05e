//! Measures: what is done about a finding, by whom, until when, and what shows that it was done.

use crate::finding::{FindingId, LONGEST_TEXT};
use crate::state::{MeasureState, names};
use organisation::{Checks, Fault, web_address};
use platform::identity::{AccountId, Person, Role, UnitId};
use rules::calendar::{Calendar, JointLeave};
use rules::complaint_deadline::deadline;
use std::sync::LazyLock;
use time::{Date, OffsetDateTime};

platform::id! {
    /// A measure.
    pub struct MeasureId;
}

/// Who answers for a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A person.
    Account(AccountId),
    /// Whoever holds this role in the unit.
    Role(Role),
}

impl Owner {
    /// The owner of a choice in a form: `akun:…` or `peran:…`.
    #[must_use]
    pub fn chosen(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("akun", id) => id.parse().ok().map(Self::Account),
            ("peran", name) => Role::named(name).filter(|role| role.is_of_a_unit()).map(Self::Role),
            _ => None,
        }
    }

    /// Whether somebody is this owner, for a finding of `unit`.
    #[must_use]
    pub fn is(self, person: &Person, unit: UnitId) -> bool {
        match self {
            Self::Account(account) => person.account == account,
            Self::Role(role) => person
                .grants
                .iter()
                .any(|grant| grant.role == role && grant.units.as_ref().is_none_or(|units| units.contains(&unit))),
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(account) => write!(out, "akun:{account}"),
            Self::Role(role) => write!(out, "peran:{}", role.name()),
        }
    }
}

/// Whom the program told of the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nobody yet.
    Nobody,
    /// The owner, before it.
    Owner,
    /// Those who answer for the unit, after it.
    Heads,
}

names! { Told: Nobody = "nobody", Owner = "owner", Heads = "heads" }

/// What its owner says was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// In words.
    pub words: String,
    /// Where it can be seen; may be empty when files show it.
    pub url: String,
    /// Who said so; nothing for a program.
    pub by: Option<AccountId>,
    /// On which day; nothing before it is done.
    pub on: Option<Date>,
}

/// A measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its identifier.
    pub id: MeasureId,
    /// What it is for.
    pub finding: FindingId,
    /// Counts the measures of a finding, from 1.
    pub number: i64,
    /// What was planned.
    pub plan: Plan,
    /// The day it was planned.
    pub planned_on: Date,
    /// The last day, counted in working days.
    pub due_on: Date,
    /// Where it stands.
    pub state: MeasureState,
    /// What its owner says was done.
    pub proof: Proof,
    /// Who verified it, and when.
    pub verified: (Option<AccountId>, Option<Date>),
    /// Why it was sent back or cancelled, last; may be empty.
    pub reason: String,
    /// Whom the program told of the deadline.
    pub told: Told,
    /// Grows with each change.
    pub version: i64,
    /// When it was planned.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
}

/// What somebody plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is to be done.
    pub what: String,
    /// Who answers for it.
    pub owner: Owner,
    /// So many working days it may take.
    pub working_days: u32,
}

/// A plan as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedPlan {
    /// What is to be done.
    pub what: String,
    /// `akun:…` or `peran:…`.
    pub owner: String,
    /// A whole number.
    pub working_days: String,
}

/// The longest a measure may take, in working days: about a year, as the follow-up of a survey is judged within twelve months.
pub const MOST_WORKING_DAYS: u32 = 250;

impl TypedPlan {
    /// The plan, or what is wrong with each field.
    ///
    /// # Errors
    /// Each fault, with its field.
    pub fn check(&self) -> Result<Plan, Vec<Fault>> {
        let mut checks = Checks::default();
        let what = checks.required("what", &self.what, LONGEST_TEXT, "fault.what");
        let owner = Owner::chosen(&self.owner);
        checks.require(owner.is_some(), "owner", "fault.owner");
        let days = self.working_days.trim().parse().ok().filter(|days| (1..=MOST_WORKING_DAYS).contains(days));
        checks.require(days.is_some(), "working_days", "fault.working-days");
        let owner = owner.unwrap_or(Owner::Role(Role::UnitAdmin));
        checks.finish(Plan { what, owner, working_days: days.unwrap_or(1) })
    }
}

/// What its owner types of a measure that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedProof {
    /// What was done.
    pub words: String,
    /// Where it can be seen.
    pub url: String,
}

impl TypedProof {
    /// Words and address; an address or `files` must show it.
    ///
    /// # Errors
    /// Each fault, with its field.
    pub fn check(&self, files: usize) -> Result<(String, String), Vec<Fault>> {
        let mut checks = Checks::default();
        let words = checks.required("done_words", &self.words, LONGEST_TEXT, "fault.done-words");
        let url = checks.choice("proof_url", &self.url, web_address, "fault.url").unwrap_or_default();
        checks.require(files > 0 || !self.url.trim().is_empty(), "berkas", "fault.proof");
        checks.finish((words, url))
    }
}

impl Measure {
    /// Whether its deadline has passed while its owner still has something to do.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state.is_owed() && self.due_on < today
    }
}

/// The national calendar: weekends, holidays and joint leave are free.
pub(crate) static CALENDAR: LazyLock<Option<Calendar>> = LazyLock::new(|| rules::calendar::national().ok());

/// The last of so many working days after a day.
#[must_use]
pub fn due_on(planned_on: Date, working_days: u32) -> Date {
    CALENDAR.as_ref().map_or(planned_on, |calendar| deadline(calendar, planned_on, working_days, JointLeave::Off).due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    /// From Monday 21 December 2026: 22, 23, then Christmas Eve (joint leave) and Christmas are free, as is the weekend.
    #[test]
    fn a_deadline_is_counted_in_working_days() {
        assert_eq!(due_on(date!(2026 - 12 - 21), 2), date!(2026 - 12 - 23));
        assert_eq!(due_on(date!(2026 - 12 - 21), 3), date!(2026 - 12 - 28));
        assert_eq!(due_on(date!(2026 - 11 - 20), 1), date!(2026 - 11 - 23), "over a weekend");
    }

    #[test]
    fn what_cannot_be_planned_is_refused_with_its_field() {
        let fine = TypedPlan { what: "Buka loket".into(), owner: "peran:unit-admin".into(), working_days: "20".into() };
        assert_eq!(fine.check().unwrap().owner, Owner::Role(Role::UnitAdmin));
        let fields = |plan: TypedPlan| plan.check().unwrap_err().iter().map(|fault| fault.field).collect::<Vec<_>>();
        assert_eq!(fields(TypedPlan::default()), ["what", "owner", "working_days"]);
        for days in ["0", "251", "-1", "dua"] {
            assert_eq!(fields(TypedPlan { working_days: days.into(), ..fine.clone() }), ["working_days"], "{days}");
        }
        assert_eq!(fields(TypedPlan { owner: "peran:coordinator".into(), ..fine }), ["owner"], "no role of a unit");
    }

    #[test]
    fn what_is_done_is_shown_by_a_file_or_an_address() {
        let proof = TypedProof { words: "Loket 4 dibuka.".into(), url: String::new() };
        assert_eq!(proof.check(0).unwrap_err()[0].field, "berkas");
        assert!(proof.check(1).is_ok());
        let proof = TypedProof { url: "contoh.go.id/loket".into(), ..proof };
        assert_eq!(proof.check(0).unwrap().1, "https://contoh.go.id/loket");
        let script = TypedProof { url: "javascript:alert(1)".into(), ..proof };
        assert_eq!(script.check(0).unwrap_err()[0].field, "proof_url");
    }
}
