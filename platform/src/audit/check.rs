//! Follows a chain entry by entry and tells how the first wrong one came about.

use super::chain::{BEGINNING, Head, Recorded};
use crate::identity::InstitutionId;

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The entry is not what was written under its number.
    Altered {
        /// Its number.
        number: i64,
    },
    /// The entry was taken out.
    Missing {
        /// Its number.
        number: i64,
    },
    /// The entry was put in later.
    Inserted {
        /// Its number.
        number: i64,
    },
    /// The entry was moved.
    OutOfOrder {
        /// Where it stands.
        number: i64,
        /// Where it was written.
        belongs_at: i64,
    },
    /// The chain ends before the head that was kept elsewhere.
    CutOff {
        /// Its last number.
        number: i64,
        /// The number it must reach.
        expected: i64,
    },
    /// The chain holds together, but is not the one whose head was kept elsewhere.
    Rewritten {
        /// The number of that head.
        number: i64,
    },
    /// The entry belongs to the chain of another institution.
    Foreign {
        /// Its number.
        number: i64,
    },
}

impl Fault {
    /// The stable name: what programs read, and the end of a key of words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Altered { .. } => "altered",
            Self::Missing { .. } => "missing",
            Self::Inserted { .. } => "inserted",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::CutOff { .. } => "cut-off",
            Self::Rewritten { .. } => "rewritten",
            Self::Foreign { .. } => "foreign",
        }
    }

    /// The number of the entry it is about.
    #[must_use]
    pub const fn number(&self) -> i64 {
        match *self {
            Self::Altered { number }
            | Self::Missing { number }
            | Self::Inserted { number }
            | Self::OutOfOrder { number, .. }
            | Self::CutOff { number, .. }
            | Self::Rewritten { number }
            | Self::Foreign { number } => number,
        }
    }
}

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// So many entries were read.
    pub entries: u64,
    /// The last of them.
    pub head: Option<Head>,
    /// The first fault.
    pub fault: Option<Fault>,
}

impl Verdict {
    /// Whether everything is as it was written.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.fault.is_none()
    }
}

/// So far from where an entry stands is the place looked for where it was written.
const LOOKED_FOR: i64 = 1_000;

/// Follows a chain.
pub(super) struct Checker {
    institution: Option<InstitutionId>,
    expected: Option<Head>,
    entries: u64,
    last: Option<Recorded>,
    /// The hashes of the last entries, the newest last: where an entry that stands too late was written.
    recent: Vec<Head>,
    state: State,
}

enum State {
    Whole,
    /// An entry that was written at a later place: moved, or moved up because one before it was taken out. The entry that now
    /// stands at that later place tells.
    MovedUp {
        number: i64,
        belongs_at: i64,
    },
    Broken(Fault),
}

impl Checker {
    pub(super) const fn new(institution: Option<InstitutionId>, expected: Option<Head>) -> Self {
        Self { institution, expected, entries: 0, last: None, recent: Vec::new(), state: State::Whole }
    }

    pub(super) fn take(&mut self, entry: Recorded) {
        self.entries += 1;
        match self.state {
            State::Whole => self.state = self.judge(&entry),
            State::MovedUp { number, belongs_at } if entry.number >= belongs_at => {
                let swapped = entry.seal(number) == entry.hash;
                self.state = State::Broken(if swapped {
                    Fault::OutOfOrder { number, belongs_at }
                } else {
                    Fault::Missing { number }
                });
            }
            State::MovedUp { .. } | State::Broken(_) => {}
        }
        self.recent.push(entry.head());
        if self.recent.len() > 2_000 {
            self.recent.drain(..1_000);
        }
        self.last = Some(entry);
    }

    fn judge(&self, entry: &Recorded) -> State {
        let (number, previous) = self.last.as_ref().map_or((1, BEGINNING), |last| (last.number + 1, last.hash));
        if entry.institution != self.institution {
            return State::Broken(Fault::Foreign { number: entry.number });
        }
        if entry.number > number {
            return State::Broken(Fault::Missing { number });
        }
        if entry.number < number {
            return State::Broken(Fault::OutOfOrder { number, belongs_at: entry.number });
        }
        if entry.seal(number) != entry.hash {
            return self.judge_content(entry);
        }
        if entry.previous != previous {
            // It remembers another entry before it than the one that stands there: that one was written anew.
            let number = if number == 1 { 1 } else { number - 1 };
            return State::Broken(Fault::Altered { number });
        }
        match self.expected {
            Some(head) if head.number == number && head.hash != entry.hash => {
                State::Broken(Fault::Rewritten { number })
            }
            _ => State::Whole,
        }
    }

    /// The content does not give the hash at this number; perhaps it does at another.
    fn judge_content(&self, entry: &Recorded) -> State {
        let number = entry.number;
        let places = (1..=LOOKED_FOR).flat_map(|step| [number - step, number + step]).filter(|place| *place > 0);
        let written_at = places.into_iter().find(|place| entry.seal(*place) == entry.hash);
        match written_at {
            None => State::Broken(Fault::Altered { number }),
            Some(belongs_at) if belongs_at > number => State::MovedUp { number, belongs_at },
            Some(belongs_at) => {
                let before = self.recent.iter().find(|head| head.number == belongs_at - 1);
                let follows = before.map_or(BEGINNING, |head| head.hash) == entry.previous;
                State::Broken(if follows {
                    Fault::Inserted { number: belongs_at }
                } else {
                    Fault::OutOfOrder { number, belongs_at }
                })
            }
        }
    }

    pub(super) fn verdict(self) -> Verdict {
        let head = self.last.as_ref().map(Recorded::head);
        let reached = head.map_or(0, |head| head.number);
        let fault = match (self.state, self.expected) {
            (State::Broken(fault), _) => Some(fault),
            (State::MovedUp { number, .. }, _) => Some(Fault::Missing { number }),
            (State::Whole, Some(expected)) if expected.number > reached => {
                Some(Fault::CutOff { number: reached, expected: expected.number })
            }
            (State::Whole, _) => None,
        };
        Verdict { entries: self.entries, head, fault }
    }
}
