//! Work that waits too long, and work that was given up.

use super::{Health, Saying, Seen, Value, store};
use crate::database::{Database, DatabaseError};
use crate::jobs;
use time::{Duration, OffsetDateTime};

/// Work that is due waits no longer than this where a worker is alive.
const SLOW: Duration = Duration::minutes(10);
/// After so long nobody works.
const STOPPED: Duration = Duration::HOUR;

pub(super) fn look(database: Option<&Database>, now: OffsetDateTime) -> Seen {
    let asked = database.map(|database| {
        database.read_now(move |db| Ok::<_, DatabaseError>((jobs::counts(db, now)?, store::oldest_due(db, now)?)))
    });
    match asked {
        Some(Ok((counts, oldest))) => judge(counts.dead, counts.waiting, oldest.map(|at| now - at)),
        _ => Seen::of(Health::Bad, Saying::new("check.queue-unknown"), Saying::new("check.check-database")),
    }
}

pub(super) fn judge(dead: u64, waiting: u64, oldest: Option<Duration>) -> Seen {
    let late = oldest.unwrap_or_default();
    if late > SLOW {
        let minutes = u64::try_from(late.whole_minutes()).unwrap_or_default();
        let seen = Saying::new("check.queue-late").with("minutes", Value::Count(minutes));
        let health = if late > STOPPED { Health::Bad } else { Health::Attention };
        return Seen::of(health, seen, Saying::new("check.is-server-running"));
    }
    if dead > 0 {
        let seen = Saying::new("check.queue-dead").with("dead", Value::Count(dead));
        return Seen::of(Health::Attention, seen, Saying::new("check.decide-on-dead"));
    }
    Seen::good(Saying::new("check.queue-good").with("waiting", Value::Count(waiting)))
}
