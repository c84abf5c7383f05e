//! What the slice does by itself: reminders of deadlines, and the end of what is past its time.

use crate::breach::reminder_due;
use crate::notify::{self, Notice, Sender};
use crate::{rules, store};
use organisation::Reach;
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
        .outside(REMIND, 3, |app, _| async move { remind_by(&app).await })
        .outside(EXPIRE, 5, expire)
        .recurring(Recurring { name: REMIND, kind: REMIND, schedule: soon })
        .recurring(Recurring { name: EXPIRE, kind: EXPIRE, schedule: nightly })
}

/// In one transaction, so that nobody is reminded twice; outside of the worker's, since messages need the keys.
async fn remind_by(app: &App) -> Result<(), JobError> {
    let (secrets, reach, now) = (app.secrets().clone(), Reach::of(app), app.now());
    let write = move |db: &mut Write<'_>| remind(db, &Sender { secrets: &secrets, reach: &reach, now });
    Ok(app.database().write(write).await?)
}

/// Reminds of requests whose deadline is near and of breaches whose clock runs, once for each deadline and each of its hours.
pub(crate) fn remind(db: &mut Write<'_>, sender: &Sender<'_>) -> Result<(), DatabaseError> {
    let now = sender.now;
    for (institution, id) in store::requests::to_remind(db, now + rules::request_reminder(), REMINDED)? {
        store::requests::reminded(db, institution, id, now)?;
        record(db, institution, now, "privacy.request-reminded", (Subject::new("data-request", id), json!({})))?;
        notify::notify(db, sender, institution, Notice::RequestDue(id))?;
    }
    for (institution, id, known_at, reminded) in store::breaches::running(db, REMINDED)? {
        let Some(hours) = reminder_due(known_at, reminded, now) else { continue };
        store::breaches::reminded(db, institution, id, hours)?;
        let detail = json!({ "hours": hours });
        record(db, institution, now, "privacy.breach-reminded", (Subject::new("breach", id), detail))?;
        notify::notify(db, sender, institution, Notice::BreachRuns(id, hours))?;
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
