//! One of several nodes leads: what must not be done twice is done by whoever holds the name.

use super::store;
use crate::database::{DatabaseError, Read, Write};
use time::{Duration, OffsetDateTime};

/// The number of a term of leadership; a later term has a greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fence(i64);

impl Fence {
    /// The number itself.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// Takes or keeps the lead of `name` for `holder` until `lease` from now; nothing when another holds it.
///
/// Whoever takes over after a term has ended gets a greater fence. What is written in the same transaction needs no further check;
/// what is written later asks [`still_leads`] in its own. While more than half of the lease is left nothing is written.
///
/// # Errors
/// When the database fails.
pub fn lead(
    db: &mut Write<'_>,
    name: &str,
    holder: &str,
    now: OffsetDateTime,
    lease: Duration,
) -> Result<Option<Fence>, DatabaseError> {
    if let Some((present, fence, until)) = store::leader(db, name)? {
        let (mine, held) = (present == holder, until > now);
        if !mine && held {
            return Ok(None);
        }
        if mine && until > now.saturating_add(lease / 2) {
            return Ok(Some(Fence(fence)));
        }
    }
    Ok(store::lead(db, name, holder, now, now.saturating_add(lease))?.map(Fence))
}

/// Whether the term of this fence still runs: asked in the transaction of what only the leader may write.
///
/// # Errors
/// When the database fails.
pub fn still_leads(db: &mut Read<'_>, name: &str, fence: Fence, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    Ok(store::leader(db, name)?.is_some_and(|(_, present, until)| present == fence.0 && until > now))
}

/// Ends the holder's term, so that another need not wait for its end.
///
/// # Errors
/// When the database fails.
pub fn resign(db: &mut Write<'_>, name: &str, holder: &str, now: OffsetDateTime) -> Result<(), DatabaseError> {
    store::resign(db, name, holder, now)
}
