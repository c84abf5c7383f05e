//! A breach of personal data: what is known of it, whom it is told, and the clock of 3 × 24 hours.

use crate::request::{WrongState, names};
use crate::rules;
use platform::personal::{PersonText, Sealed};
use time::{Duration, OffsetDateTime};

platform::id! {
    /// A breach.
    pub struct BreachId;
}

/// Where a breach stands: `docs/states/breach.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreachState {
    /// Somebody still has to be told.
    Open,
    /// Everybody who must be told was.
    Notified,
    /// It is dealt with.
    Closed,
    /// It turned out to be none.
    Dismissed,
}

names! { BreachState: Open = "open", Notified = "notified", Closed = "closed", Dismissed = "dismissed" }

impl BreachState {
    /// Whether one step leads there: the arrows of the diagram.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Open, Self::Notified | Self::Dismissed) | (Self::Notified, Self::Closed))
    }

    const fn step(self, next: Self) -> Result<Self, WrongState> {
        if self.may_become(next) { Ok(next) } else { Err(WrongState) }
    }

    /// Everybody was told.
    ///
    /// # Errors
    /// When that was so before.
    pub const fn notify(self) -> Result<Self, WrongState> {
        self.step(Self::Notified)
    }

    /// It is dealt with.
    ///
    /// # Errors
    /// When somebody was not told.
    pub const fn close(self) -> Result<Self, WrongState> {
        self.step(Self::Closed)
    }

    /// It was none.
    ///
    /// # Errors
    /// When people were told that it was one.
    pub const fn dismiss(self) -> Result<Self, WrongState> {
        self.step(Self::Dismissed)
    }
}

/// What is to be done about a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreachTask {
    /// The people are told.
    Subjects,
    /// The agency ("lembaga") is told.
    Agency,
    /// The public is told, where service or the public is seriously hit.
    Public,
    /// What shows what happened is kept.
    Evidence,
}

names! { BreachTask: Subjects = "subjects", Agency = "agency", Public = "public", Evidence = "evidence" }

/// What somebody writes down of a breach.
#[derive(Debug, Clone)]
pub struct Report {
    /// A few words, without names.
    pub title: String,
    /// Which data.
    pub what: PersonText,
    /// How it came out.
    pub how: Option<PersonText>,
    /// What is done about it, and how things are put right.
    pub handling: Option<PersonText>,
    /// Whom people can ask.
    pub contact: String,
    /// Of how many people, as far as known.
    pub people: Option<i64>,
    /// Whether the public has to be told.
    pub public_needed: bool,
    /// When it happened, as far as known.
    pub happened_at: Option<OffsetDateTime>,
    /// When it became known here: from then on the clock runs.
    pub known_at: OffsetDateTime,
    /// Names of holdings.
    pub holdings: Vec<String>,
}

/// A breach as it is stored.
#[derive(Debug, Clone)]
pub struct Breach {
    /// Its identifier.
    pub id: BreachId,
    /// The year of its number.
    pub year: i64,
    /// Its number in the year.
    pub number: i64,
    /// Where it stands.
    pub state: BreachState,
    /// Grows with each change.
    pub version: i64,
    /// A few words.
    pub title: String,
    /// Which data, sealed.
    pub what: Sealed<PersonText>,
    /// How it came out, sealed.
    pub how: Option<Sealed<PersonText>>,
    /// What is done about it, sealed.
    pub handling: Option<Sealed<PersonText>>,
    /// Whom people can ask.
    pub contact: String,
    /// Of how many people.
    pub people: Option<i64>,
    /// Whether the public has to be told.
    pub public_needed: bool,
    /// When it happened.
    pub happened_at: Option<OffsetDateTime>,
    /// When it became known.
    pub known_at: OffsetDateTime,
    /// By when people and the agency are told.
    pub due_at: OffsetDateTime,
    /// When each task was done, in the order of [`BreachTask::ALL`].
    pub done_at: [Option<OffsetDateTime>; 4],
    /// When it was closed.
    pub closed_at: Option<OffsetDateTime>,
    /// After how many hours somebody was reminded last.
    pub reminded: i64,
}

impl Breach {
    /// "KB-2026-000001".
    #[must_use]
    pub fn receipt(&self) -> String {
        format!("KB-{}-{:06}", self.year, self.number)
    }

    /// When a task was done.
    #[must_use]
    pub fn done(&self, task: BreachTask) -> Option<OffsetDateTime> {
        let place = BreachTask::ALL.iter().position(|own| *own == task).unwrap_or(0);
        self.done_at.get(place).copied().flatten()
    }

    /// Whether everybody who must be told was.
    #[must_use]
    pub fn is_told(&self) -> bool {
        let told = |task| self.done(task).is_some();
        told(BreachTask::Subjects) && told(BreachTask::Agency) && (!self.public_needed || told(BreachTask::Public))
    }

    /// How much of the time is left; below zero when it is over. Nothing when nobody waits any more.
    #[must_use]
    pub fn left(&self, now: OffsetDateTime) -> Option<Duration> {
        (self.state == BreachState::Open).then(|| self.due_at - now)
    }
}

/// The hours of the reminder that is due now, when it was not given yet.
#[must_use]
pub(crate) fn reminder_due(known_at: OffsetDateTime, reminded: i64, now: OffsetDateTime) -> Option<i64> {
    let passed = (now - known_at).whole_hours();
    rules::breach_reminders().iter().copied().rfind(|hours| *hours <= passed).filter(|hours| *hours > reminded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn reminders_come_after_24_48_and_66_hours_once_each() {
        let known = datetime!(2026-11-20 01:00 UTC);
        let after = |hours, reminded| reminder_due(known, reminded, known + Duration::hours(hours));
        assert_eq!([after(23, 0), after(24, 0), after(25, 24)], [None, Some(24), None]);
        assert_eq!([after(48, 24), after(65, 48), after(66, 48)], [Some(48), None, Some(66)]);
        assert_eq!(after(100, 0), Some(66), "after a stop the last one alone");
        assert_eq!(after(100, 66), None);
    }

    #[test]
    fn the_diagram_shows_the_arrows_of_the_code() {
        let page = include_str!("../../../docs/states/breach.md");
        for from in BreachState::ALL {
            for to in BreachState::ALL {
                let drawn = page.lines().any(|line| line.trim().starts_with(&format!("{from:?} --> {to:?}:")));
                assert_eq!(drawn, from.may_become(to), "{from:?} --> {to:?}");
            }
        }
    }
}
