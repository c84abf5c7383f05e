//! Links that are handed over: by a messenger, on paper, across a table. Each opens one page once.

use platform::identity::AccountId;
use time::{Duration, OffsetDateTime};

platform::id! {
    /// A link that was made for somebody.
    pub struct LinkId;
}

/// How long a link can be used.
pub(crate) const LASTS: Duration = Duration::days(7);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To choose a name and password for the first time.
    Invitation,
    /// To choose another password, the old one being lost.
    Password,
    /// To set up another second factor, the old one being lost. The password is asked.
    SecondFactor,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 3] = [Self::Invitation, Self::Password, Self::SecondFactor];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Password => "password",
            Self::SecondFactor => "second-factor",
        }
    }

    /// Whether whoever holds such a link comes in with nothing else.
    #[must_use]
    pub(crate) const fn lets_in(self) -> bool {
        matches!(self, Self::Invitation | Self::Password)
    }

    /// The purpose of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A link that was made; its token is known to its holder only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// Its identifier.
    pub id: LinkId,
    /// Whom it lets in.
    pub account: AccountId,
    /// What it is for.
    pub purpose: Purpose,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}
