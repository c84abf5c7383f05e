//! What the slice does by itself: reminders of deadlines, and the end of what is past its time.

use crate::breach::reminder_due;
use crate::{notify, rules, store};
use platform::app::App;
use platform::audit::{self, Actor, Entry, Subject};
use platform::database::{DatabaseError, Write};
use platform::identity::InstitutionId;
use platform::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use platform::personal;
use platform::site::Zone;
use serde_json::{Value, json};
use time::macros::time;
use time::{Duration, OffsetDateTime};

const REMIND: &str = "privacy.remind";
const EXPIRE: &str = "privacy.expire";
/// So many rows of a holding end in one transaction, and so many transactions a day at most: the rest follows the day after.
const AT_ONCE: u32 = 200;
const ROUNDS: u32 = 1_000;
/// So many reminders at a time.
const REMINDED: u32 = 200;

/// Adds the jobs of this slice.
#[must_use]
pub fn handlers(handlers: Handlers) -> Handlers {
    let soon = Schedule::Every(Duration::minutes(10));
    let nightly = Schedule::Daily { at: time!(02:30), zone: Zone::Wib };
    handlers
        .inside(REMIND, 3, |db, _, now| Ok(remind(db, now)?))
        .outside(EXPIRE, 5, expire)
        .recurring(Recurring { name: REMIND, kind: REMIND, schedule: soon })
        .recurring(Recurring { name: EXPIRE, kind: EXPIRE, schedule: nightly })
}

/// Reminds of requests whose deadline is near and of breaches whose clock runs, once for each deadline and each of its hours.
pub(crate) fn remind(db: &mut Write<'_>, now: OffsetDateTime) -> Result<(), DatabaseError> {
    for (institution, id) in store::requests::to_remind(db, now + rules::request_reminder(), REMINDED)? {
        store::requests::reminded(db, institution, id, now)?;
        record(db, institution, now, "privacy.request-reminded", (Subject::new("data-request", id), json!({})))?;
        notify::notify(db, institution, notify::Notice::RequestDue(id), now)?;
    }
    for (institution, id, known_at, reminded) in store::breaches::running(db, REMINDED)? {
        let Some(hours) = reminder_due(known_at, reminded, now) else { continue };
        store::breaches::reminded(db, institution, id, hours)?;
        let detail = json!({ "hours": hours });
        record(db, institution, now, "privacy.breach-reminded", (Subject::new("breach", id), detail))?;
        notify::notify(db, institution, notify::Notice::BreachRuns(id, hours), now)?;
    }
    Ok(())
}

fn record(
    db: &mut Write<'_>,
    institution: InstitutionId,
    at: OffsetDateTime,
    act: &'static str,
    (subject, detail): (Subject, Value),
) -> Result<(), DatabaseError> {
    let (institution, actor) = (Some(institution), Actor::Program("schedule"));
    audit::record(db, &Entry { institution, at, actor, act, subject, detail })
}

/// Ends what is past its time, of every holding in every institution, batch by batch.
async fn expire(app: App, _: Job) -> Result<(), JobError> {
    let holdings: Vec<&'static personal::Holding> = app.wiring().holdings.iter().flat_map(|list| list.iter()).collect();
    let institutions = app.database().read(organisation::institutions).await?;
    for institution in institutions.into_iter().map(|institution| institution.id) {
        for holding in holdings.iter().copied() {
            for _ in 0..ROUNDS {
                let now = app.now();
                let batch = app.database().write(move |db| personal::expire(db, holding, institution, now, AT_ONCE));
                if batch.await? < u64::from(AT_ONCE) {
                    break;
                }
            }
        }
    }
    Ok(())
}
