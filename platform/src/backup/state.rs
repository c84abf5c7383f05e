//! The life of a try to make a backup; the diagram stands in `docs/states/backup.md`.

use crate::database::{Column, Value};

/// How a try stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// A program makes it, and gives signs of life.
    Running,
    /// The backup is there, whole, and was read back.
    Done,
    /// It was given up with a reason, and nothing of it is kept.
    Failed,
    /// It gave no sign of life any more; the next run removes what is left.
    Broken,
}

impl RunState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Failed, Self::Broken];

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Broken => "broken",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a try may go from this state to that one.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Running, Self::Done | Self::Failed | Self::Broken))
    }
}

impl Column for RunState {
    fn read(value: Value) -> Result<Self, Value> {
        let name = String::read(value)?;
        Self::named(&name).ok_or(Value::Text(name))
    }
}
