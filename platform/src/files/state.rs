//! The life of a file; the diagram stands in `docs/states/file.md`.

use crate::database::{Column, Value};

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileState {
    /// It was received and belongs to its sender alone, until it ends.
    Draft,
    /// A holder refers to it.
    Attached,
    /// Its holder let it go. Collected after a while.
    Released,
}

impl FileState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Attached, Self::Released];

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Attached => "attached",
            Self::Released => "released",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a file may go from this state to that one.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Draft, Self::Attached) | (Self::Attached, Self::Released))
    }
}

impl Column for FileState {
    fn read(value: Value) -> Result<Self, Value> {
        let name = String::read(value)?;
        Self::named(&name).ok_or(Value::Text(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_has_exactly_these_arrows() {
        let diagram = include_str!("../../../docs/states/file.md");
        let arrows: Vec<(&str, &str)> = diagram
            .lines()
            .filter_map(|line| line.trim().split_once(" --> "))
            .map(|(from, to)| (from, to.split(':').next().unwrap_or_default().trim()))
            .filter(|(from, to)| *from != "[*]" && *to != "[*]")
            .collect();
        let allowed: Vec<(String, String)> = FileState::ALL
            .into_iter()
            .flat_map(|from| FileState::ALL.into_iter().map(move |to| (from, to)))
            .filter(|(from, to)| from.may_become(*to))
            .map(|(from, to)| (format!("{from:?}"), format!("{to:?}")))
            .collect();
        let allowed: Vec<(&str, &str)> = allowed.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(arrows, allowed);
    }
}
