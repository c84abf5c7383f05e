//! Deadlines in working days: complaints, aspirations, requests for information and the stages of handling them
//! (Permenpan RB 62/2018 practice; its successor 5/2025 was not read).

use crate::calendar::{Calendar, JointLeave, Rest};
use crate::citation::Status;
use crate::instrument::check::{FileBody, distinct};
use crate::instrument::{Fault, Header, Place};
use crate::phrase::{Phrase, Text};
use crate::warning::{Code, Warning};
use serde::Deserialize;
use std::collections::BTreeSet;
use time::Date;

/// Longest deadline counted, in working days: some ten years.
pub const LONGEST_DEADLINE: u32 = 2_500;

/// The parameters of complaint handling.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ComplaintRules {
    /// Kinds of reports and their deadlines.
    pub kinds: Vec<ComplaintKind>,
    /// Stages on the way and their deadlines.
    pub stages: Vec<ComplaintStage>,
    /// States a report passes through.
    pub states: Vec<Named>,
    /// What a reporter may keep hidden.
    pub privacy: Vec<Named>,
}

/// A kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintKind {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Working days to the end.
    pub working_days: u32,
    /// From which moment the days count.
    pub counted_from: String,
    /// Other words for the kind.
    #[serde(default)]
    pub other_keys: Vec<String>,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// A stage with its own deadline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintStage {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Working days.
    pub working_days: u32,
    /// Other words for the stage.
    #[serde(default)]
    pub other_keys: Vec<String>,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// A key with its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
}

/// A deadline rule found by its name: kind or stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRule<'a> {
    /// Key.
    pub key: &'a str,
    /// Name.
    pub name: &'a Text,
    /// Working days.
    pub working_days: u32,
    /// How it is known.
    pub status: Status,
}

impl ComplaintRules {
    /// The deadline of a kind or stage.
    #[must_use]
    pub fn rule(&self, word: &str) -> Option<DeadlineRule<'_>> {
        let word = word.trim().to_lowercase().replace(['_', ' '], "-");
        let kind = self.kinds.iter().find(|kind| kind.key == word || kind.other_keys.contains(&word));
        let of_kind = kind.map(|kind| (&kind.key, &kind.name, kind.working_days, kind.status));
        let of_stage = || {
            let stage = self.stages.iter().find(|stage| stage.key == word || stage.other_keys.contains(&word))?;
            Some((&stage.key, &stage.name, stage.working_days, stage.status))
        };
        let (key, name, working_days, status) = of_kind.or_else(of_stage)?;
        Some(DeadlineRule { key, name, working_days, status })
    }

    /// Keys of all kinds and stages, for the sentence that lists them.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let kinds = self.kinds.iter().map(|kind| kind.key.as_str());
        kinds.chain(self.stages.iter().map(|stage| stage.key.as_str()))
    }
}

impl FileBody for ComplaintRules {
    const KEYS: &'static [&'static str] = &["kinds", "stages", "states", "privacy"];

    fn check(&self) -> Result<(), Fault> {
        let kinds = self.kinds.iter().flat_map(|kind| std::iter::once(&kind.key).chain(&kind.other_keys));
        let stages = self.stages.iter().flat_map(|stage| std::iter::once(&stage.key).chain(&stage.other_keys));
        distinct("kinds", kinds.chain(stages).map(String::as_str))?;
        let too_long = |days: u32| days > LONGEST_DEADLINE;
        let kind = self.kinds.iter().position(|kind| too_long(kind.working_days));
        let stage = self.stages.iter().position(|stage| too_long(stage.working_days));
        let place = kind.map(|index| Place::Entry("kinds", index));
        match place.or(stage.map(|index| Place::Entry("stages", index))) {
            Some(place) => Err(Fault::new(place, Phrase::new("instrument.deadline-too-long"))),
            None => Ok(()),
        }
    }
}

/// A deadline with every day that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Day of receipt; it is not counted.
    pub received: Date,
    /// Last day.
    pub due: Date,
    /// Every day from the day after receipt to the last day.
    pub days: Vec<CountedDay>,
    /// What a careful reader must know.
    pub warnings: Vec<Warning>,
}

/// One day of a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedDay {
    /// The day.
    pub date: Date,
    /// Its number when it is worked: 1, 2, …
    pub number: Option<u32>,
    /// Why it is not worked.
    pub rest: Option<Rest>,
}

/// The last of `working_days` working days after the day of receipt, which itself is not counted. Zero days end on the day of receipt.
///
/// Days are counted at most to the year 2300, beyond any deadline; a calendar without working days ends there too.
#[must_use]
pub fn deadline(calendar: &Calendar, received: Date, working_days: u32, joint_leave: JointLeave) -> Deadline {
    let wanted = working_days.min(LONGEST_DEADLINE);
    let mut days = Vec::new();
    let mut day = received;
    let mut counted = 0;
    while counted < wanted && calendar.has_working_days() {
        let Some(next) = day.next_day().filter(|day| day.year() < 2300) else { break };
        day = next;
        let rest = calendar.rest(day, joint_leave);
        let number = rest.is_none().then(|| {
            counted += 1;
            counted
        });
        days.push(CountedDay { date: day, number, rest });
    }
    let years: BTreeSet<i32> = days.iter().map(|day| day.date.year()).collect();
    let unknown = years.into_iter().filter(|year| !calendar.knows(*year));
    let warnings = unknown.map(|year| Warning::new(Code::CalendarYearUnknown).with("year", year.to_string())).collect();
    Deadline { received, due: day, days, warnings }
}

/// The warning that a deadline rests on a rule nobody verified, or on one that was not, or not surely, in force on the day of receipt.
#[must_use]
pub fn unverified(header: &Header, rule: &DeadlineRule<'_>, received: Date) -> Option<Warning> {
    let in_force = header.in_force.surely_covers(&received.to_string());
    let unverified = rule.status != Status::Verified || !in_force;
    unverified.then(|| Warning::new(Code::DeadlineUnverified).with("rule", rule.name).with("basis", header.citation()))
}

#[cfg(test)]
mod tests;
