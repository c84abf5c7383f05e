//! The life of a job; the diagram stands in `docs/states/job.md`.

use crate::database::{Column, Value};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It runs when it is due: for the first time, or again after a failure.
    Waiting,
    /// A worker has it, until it is done or its lease ends.
    Running,
    /// It was done. Swept after a while.
    Done,
    /// It failed too often, or in a way that will not change. A person decides.
    Dead,
    /// A person decided that it will not be done. Swept after a while.
    Discarded,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Dead, Self::Discarded];

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Discarded => "discarded",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a job may go from this state to that one. A running job that is claimed anew, since its lease ended, stays running.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Waiting => matches!(next, Self::Running),
            Self::Running => matches!(next, Self::Running | Self::Done | Self::Waiting | Self::Dead),
            Self::Dead => matches!(next, Self::Waiting | Self::Discarded),
            Self::Done | Self::Discarded => false,
        }
    }
}

impl Column for JobState {
    fn read(value: Value) -> Result<Self, Value> {
        let name = String::read(value)?;
        Self::named(&name).ok_or(Value::Text(name))
    }
}
