//! The last backup, and when it was last proved that one can be brought back.

use super::{Equipment, Health, Saying, Seen, Value};
use crate::backup::{self, RunState};
use crate::database::Database;
use time::{Duration, OffsetDateTime};

/// A nightly backup may come late by half a day.
const LATE: Duration = Duration::hours(36);
/// After so long something is wrong.
const MISSING: Duration = Duration::hours(72);
/// After so long somebody should try again whether a backup can be brought back.
const REHEARSED: Duration = Duration::days(90);

pub(super) fn look(equipment: &Equipment, database: Option<&Database>, now: OffsetDateTime) -> Seen {
    let Some(place) = &equipment.backups else {
        return Seen::of(Health::Bad, Saying::new("check.backup-not-set"), Saying::new("check.set-backup"));
    };
    // The place is asked, not the database: what counts is what is there.
    let last = match backup::list(&**place) {
        Ok(all) => all.last().and_then(|id| backup::begun(id)),
        Err(error) => {
            let seen = Saying::new("check.backup-place").with("place", Value::Text(place.label()));
            tracing::warn!(%error, "the place of backups cannot be read");
            return Seen::of(Health::Bad, seen, Saying::new("check.check-place"));
        }
    };
    let asked = database.and_then(|database| {
        database
            .read_now(|db| Ok::<_, crate::database::DatabaseError>((backup::runs(db, 1)?, backup::last_verified(db)?)))
            .ok()
    });
    let failed = asked.as_ref().is_some_and(|(runs, _)| {
        runs.first().is_some_and(|run| matches!(run.state, RunState::Failed | RunState::Broken))
    });
    judge(last, failed, asked.map(|(_, verified)| verified), now)
}

/// `verified`: when it was last proved that a backup can be brought back, if the database could be asked.
pub(super) fn judge(
    last: Option<OffsetDateTime>,
    failed: bool,
    verified: Option<Option<OffsetDateTime>>,
    now: OffsetDateTime,
) -> Seen {
    let Some(last) = last else {
        return Seen::of(Health::Bad, Saying::new("check.backup-none"), Saying::new("check.back-up-now"));
    };
    let seen = |key| Saying::new(key).with("at", Value::moment(last));
    // A clock that was set back makes the last backup one of the future: that is not old.
    let age = now - last;
    if age > MISSING {
        return Seen::of(Health::Bad, seen("check.backup-old"), Saying::new("check.back-up-now"));
    }
    if failed || age > LATE {
        let key = if failed { "check.backup-failed" } else { "check.backup-old" };
        return Seen::of(Health::Attention, seen(key), Saying::new("check.back-up-now"));
    }
    match verified {
        Some(None) => Seen::of(Health::Attention, seen("check.backup-unproved"), Saying::new("check.rehearse")),
        Some(Some(at)) if now - at > REHEARSED => {
            let seen = Saying::new("check.backup-proved-long-ago").with("at", Value::moment(at));
            Seen::of(Health::Attention, seen, Saying::new("check.rehearse"))
        }
        _ => Seen::good(seen("check.backup-good")),
    }
}
