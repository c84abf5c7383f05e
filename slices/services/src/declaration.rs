//! Maklumat Pelayanan: what a unit declares to everybody it serves (UU 25/2009 Pasal 22).

use platform::identity::UnitId;
use time::{Date, OffsetDateTime};

platform::id! {
    /// One version of the declaration of a unit.
    pub struct DeclarationId;
}

/// The life of a declaration: written, signed and published, replaced by the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclarationState {
    /// "Draf": the unit writes it.
    Draft,
    /// "Terbit": signed, and everybody reads it.
    Published,
    /// "Digantikan": another one is in force.
    Replaced,
}

impl DeclarationState {
    /// It is signed and published; nothing when it was already.
    #[must_use]
    pub const fn publish(self) -> Option<Self> {
        match self {
            Self::Draft => Some(Self::Published),
            Self::Published | Self::Replaced => None,
        }
    }

    /// Another one is in force; nothing when this one is not.
    #[must_use]
    pub const fn replace(self) -> Option<Self> {
        match self {
            Self::Published => Some(Self::Replaced),
            Self::Draft | Self::Replaced => None,
        }
    }

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Replaced => "replaced",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Replaced].into_iter().find(|state| state.name() == name)
    }
}

/// A version of the declaration of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Its identifier.
    pub id: DeclarationId,
    /// The unit.
    pub unit: UnitId,
    /// Counts the declarations of a unit, from 1.
    pub number: i64,
    /// How far it has come.
    pub state: DeclarationState,
    /// What it says.
    pub text: String,
    /// The office that signs it, and not who holds it: "Kepala Dinas".
    pub signed_by: String,
    /// The day it was signed.
    pub signed_on: Option<Date>,
    /// When it was published.
    pub published_at: Option<OffsetDateTime>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::DeclarationState;

    #[test]
    fn a_declaration_is_published_once_and_then_replaced() {
        let published = DeclarationState::Draft.publish().expect("a draft is published");
        assert_eq!((published.publish(), published.replace()), (None, Some(DeclarationState::Replaced)));
        assert_eq!((DeclarationState::Draft.replace(), DeclarationState::Replaced.publish()), (None, None));
        assert_eq!(DeclarationState::named("published"), Some(published));
    }
}
