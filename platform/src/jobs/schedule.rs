//! Work that comes again: each occurrence of a schedule becomes one job.

use super::{JobId, NewJob, enqueue, store};
use crate::database::{DatabaseError, Write};
use crate::site::Zone;
use rules::calendar::{Calendar, JointLeave};
use std::sync::LazyLock;
use time::{Date, Duration, OffsetDateTime, Time, UtcOffset};

/// When something is to be done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Every day when clocks of a zone show this time.
    Daily {
        /// The time of day.
        at: Time,
        /// The zone.
        zone: Zone,
    },
    /// The same on working days only: no weekend, national holiday or joint leave. In a year whose decree the program does not
    /// know yet, weekends alone are free.
    WorkingDays {
        /// The time of day.
        at: Time,
        /// The zone.
        zone: Zone,
    },
    /// At multiples of a time counted from 1970, in whole seconds: so all nodes mean the same moments.
    Every(Duration),
}

impl Schedule {
    /// The first occurrence after a moment.
    #[must_use]
    pub fn next_after(self, moment: OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::Daily { at, zone } => next_at(moment, at, zone, |_| true),
            Self::WorkingDays { at, zone } => next_at(moment, at, zone, worked),
            Self::Every(period) => {
                let seconds = period.whole_seconds().max(1);
                let next = moment.unix_timestamp().div_euclid(seconds).saturating_add(1).saturating_mul(seconds);
                // A moment beyond the calendar's end is never reached.
                OffsetDateTime::from_unix_timestamp(next).unwrap_or_else(|_| moment.saturating_add(period))
            }
        }
    }
}

/// The first day from `moment` that fits, at a time of day. No calendar is free for a month, so the search ends.
fn next_at(moment: OffsetDateTime, at: Time, zone: Zone, fits: impl Fn(Date) -> bool) -> OffsetDateTime {
    let today = zone.local(moment).replace_time(at);
    let first = if today > moment { today } else { today.saturating_add(Duration::DAY) };
    let mut days = (0..31).map(|days| first.saturating_add(Duration::days(days)));
    days.find(|day| fits(day.date())).unwrap_or(first).to_offset(UtcOffset::UTC)
}

/// Whether government offices work on a day, by the national calendar in this program.
fn worked(day: Date) -> bool {
    static CALENDAR: LazyLock<Option<Calendar>> = LazyLock::new(|| rules::calendar::national().ok());
    CALENDAR.as_ref().is_none_or(|calendar| calendar.rest(day, JointLeave::Off).is_none())
}

/// A kind of job that comes again: a job of the installation, which makes jobs for cities where there is something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurring {
    /// Its own name, by which the database knows how far it got.
    pub name: &'static str,
    /// The kind of its jobs.
    pub kind: &'static str,
    /// When.
    pub schedule: Schedule,
}

/// Makes a job of the occurrence that came since the last look; of several that were missed (nobody was running) only the first,
/// since what comes again need not be done twice in a row. A schedule seen for the first time begins now.
///
/// How far it got is written in the same transaction: also of two who take themselves for leaders, only one makes the job, even
/// when it was done already before the other looks.
pub(super) fn enqueue_due(
    db: &mut Write<'_>,
    recurring: &Recurring,
    now: OffsetDateTime,
) -> Result<Option<JobId>, DatabaseError> {
    let Some(seen) = store::seen_until(db, recurring.name)? else {
        return store::see(db, recurring.name, now).map(|()| None);
    };
    let occurrence = recurring.schedule.next_after(seen);
    if occurrence > now {
        return Ok(None);
    }
    store::see(db, recurring.name, now)?;
    let job = NewJob {
        kind: recurring.kind,
        institution: None,
        payload: serde_json::json!({ "occurrence": occurrence.unix_timestamp() }),
        run_at: occurrence,
        key: Some(format!("{}@{}", recurring.name, occurrence.unix_timestamp())),
    };
    enqueue(db, &job).map(Some)
}
