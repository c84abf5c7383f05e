//! A table of answers that somebody brought, until another person has decided about it.

use crate::answer::{Answer, Typed};
use crate::fault::Fault;
use crate::period::{WrongState, names};
use platform::identity::AccountId;
use rules::instrument::Instrument;
use serde::{Deserialize, Serialize};
use services::ServiceId;
use std::collections::BTreeMap;
use time::Date;

platform::id! {
    /// A table of answers.
    pub struct ImportId;
}

/// Where a table stands: `docs/states/survey-import.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// "Menunggu": nothing of it counts.
    Waiting,
    /// "Dikonfirmasi": its answers count.
    Confirmed,
    /// "Ditolak": nothing of it was kept.
    Refused,
}

names! { ImportState: Waiting = "waiting", Confirmed = "confirmed", Refused = "refused" }

impl ImportState {
    /// Whether one step leads there: the arrows of the diagram.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Waiting, Self::Confirmed | Self::Refused))
    }

    const fn step(self, next: Self) -> Result<Self, WrongState> {
        if self.may_become(next) { Ok(next) } else { Err(WrongState) }
    }

    /// Its answers count from now on.
    ///
    /// # Errors
    /// When somebody decided before.
    pub const fn confirm(self) -> Result<Self, WrongState> {
        self.step(Self::Confirmed)
    }

    /// Nothing of it is kept.
    ///
    /// # Errors
    /// When somebody decided before.
    pub const fn refuse(self) -> Result<Self, WrongState> {
        self.step(Self::Refused)
    }
}

/// A table of answers as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its identifier.
    pub id: ImportId,
    /// The name of the file.
    pub file: String,
    /// Who sent it: another person decides.
    pub account: AccountId,
    /// The day.
    pub sent_on: Date,
    /// The answers it adds, or would add.
    pub answers: i64,
    /// Rows that were kept before.
    pub same: i64,
    /// Where it stands.
    pub state: ImportState,
    /// Why it was decided so.
    pub reason: Option<String>,
}

/// An answer of a table while the table waits. `fields` are those of [`Answer::fields`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromTable {
    /// What marks the row: the same row brings the same answer again, which is kept once.
    pub delivery: String,
    /// The service, where one is named.
    pub service: Option<ServiceId>,
    /// The day, where the table tells it.
    pub day: Option<Date>,
    /// What was answered, by field.
    pub fields: BTreeMap<String, String>,
}

impl FromTable {
    /// The answer, under an instrument and with so many questions of the unit's own.
    ///
    /// # Errors
    /// When it is none of this instrument.
    pub(crate) fn answer(&self, instrument: &Instrument, questions: usize) -> Result<Answer, Vec<Fault>> {
        Answer::read(instrument, questions, &self.fields)
    }
}

impl Typed for BTreeMap<String, String> {
    fn field(&self, name: &str) -> &str {
        self.get(name).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_shows_the_arrows_of_the_code() {
        let page = include_str!("../../../docs/states/survey-import.md");
        for from in ImportState::ALL {
            for to in ImportState::ALL {
                let drawn = page.lines().any(|line| line.trim().starts_with(&format!("{from:?} --> {to:?}:")));
                assert_eq!(drawn, from.may_become(*to), "{from:?} --> {to:?}");
            }
        }
    }
}
