//! People as those who look after them see them: their roles, sessions, and how they are searched for.

use crate::account::AccountState;
use crate::granting::Post;
use platform::identity::{AccountId, SessionId, UnitId};
use time::OffsetDateTime;

platform::id! {
    /// A role that somebody was given.
    pub struct GrantId;
}

/// A role somebody was given: where, from when, until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// Its identifier.
    pub id: GrantId,
    /// The role in its place.
    pub post: Post,
    /// The name of the unit.
    pub unit_name: Option<String>,
    /// From this moment it holds.
    pub from: OffsetDateTime,
    /// From this moment it holds no more.
    pub until: Option<OffsetDateTime>,
}

impl Held {
    /// Whether it holds, or will hold.
    #[must_use]
    pub(crate) fn is_open(&self, now: OffsetDateTime) -> bool {
        self.until.is_none_or(|until| until > now && until > self.from)
    }

    /// Whether it holds at this moment.
    #[must_use]
    pub(crate) fn holds(&self, now: OffsetDateTime) -> bool {
        self.is_open(now) && self.from <= now
    }
}

/// The places of roles that hold or will hold.
#[must_use]
pub(crate) fn open_posts(held: &[Held], now: OffsetDateTime) -> Vec<Post> {
    held.iter().filter(|held| held.is_open(now)).map(|held| held.post).collect()
}

/// A line of the list of people.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PersonLine {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What may be done with the account.
    pub state: AccountState,
}

/// Which people are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// Part of a name or address.
    pub words: String,
    /// Who holds, or will hold, this role.
    pub role: Option<platform::identity::Role>,
    /// Who holds, or will hold, a role in this unit or below.
    pub unit: Option<UnitId>,
    /// Only people of the units of this viewer, who looks after units and not the institution.
    pub viewer_in_units: Option<AccountId>,
    /// So many at most.
    pub most: u32,
    /// After so many.
    pub after: u32,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownSession {
    /// Its identifier.
    pub id: SessionId,
    /// The family of the browser; may be empty.
    pub browser: String,
    /// Whether a second factor was given.
    pub second_factor: bool,
    /// When the person signed in.
    pub created_at: OffsetDateTime,
    /// When it was last used, to some minutes.
    pub seen_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::identity::Role;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

    fn held(from: i64, until: Option<i64>) -> Held {
        let post = Post { role: Role::Sekda, unit: None };
        let until = until.map(|hours| NOW + Duration::hours(hours));
        Held { id: GrantId::new(NOW), post, unit_name: None, from: NOW + Duration::hours(from), until }
    }

    #[test]
    fn a_role_holds_from_its_beginning_to_its_end() {
        assert!(held(-1, None).holds(NOW) && held(0, Some(1)).holds(NOW));
        assert!(!held(-2, Some(0)).holds(NOW) && !held(1, None).holds(NOW));
        assert!(held(1, None).is_open(NOW), "it will hold");
        assert!(!held(2, Some(1)).is_open(NOW), "taken away before it began");
    }
}
