//! A service: what a unit does for people, as they look for it.

use platform::identity::UnitId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

platform::id! {
    /// A service of a unit.
    pub struct ServiceId;
}

/// The life of a service in the catalogue. `docs/states/service.md` draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceState {
    /// "Draf": only staff see it.
    Draft,
    /// "Terbit": everybody finds it.
    Published,
    /// "Ditarik": not given any more; its address still tells so.
    Withdrawn,
}

/// A service cannot pass to that state from the one it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState;

impl ServiceState {
    /// The three, in the order of a service's life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Withdrawn];

    /// Everybody finds it from now on.
    ///
    /// # Errors
    /// When it is published already.
    pub const fn publish(self) -> Result<Self, WrongState> {
        match self {
            Self::Draft | Self::Withdrawn => Ok(Self::Published),
            Self::Published => Err(WrongState),
        }
    }

    /// It is not given any more.
    ///
    /// # Errors
    /// When it is not published.
    pub const fn withdraw(self) -> Result<Self, WrongState> {
        match self {
            Self::Published => Ok(Self::Withdrawn),
            Self::Draft | Self::Withdrawn => Err(WrongState),
        }
    }

    /// The stable name in the database and in the diagram.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What a service is: what people type of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFacts {
    /// Its name: "Penerbitan Kartu Keluarga baru". Kept in a column of its own.
    #[serde(skip)]
    pub name: String,
    /// What it is for, in plain words.
    pub summary: String,
}

/// A service as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its identifier.
    pub id: ServiceId,
    /// Its part of addresses, made from its first name and never changed.
    pub slug: String,
    /// The unit that gives it.
    pub unit: UnitId,
    /// What it is.
    pub facts: ServiceFacts,
    /// Whether people find it.
    pub state: ServiceState,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was entered.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
}
