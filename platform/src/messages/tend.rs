//! What is done for all messages again and again: summaries are made, outdated ones end, forgotten ones are looked at, old ones go.

use super::store::{self, Change};
use super::{Message, MessageState, SEND, deliver, digest, enqueue};
use crate::app::App;
use crate::database::{DatabaseError, Write};
use crate::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use time::Duration;

/// The job that tends, and its schedule.
const TEND: &str = "message.tend";
const OFTEN: Duration = Duration::minutes(5);
/// A message is forgotten when nobody looked at it for so long after it was due.
const FORGOTTEN: Duration = Duration::minutes(10);
/// So many at once: a transaction stays short.
const AT_ONCE: u32 = 500;
/// What nobody decided for so long is not sent any more.
const UNDECIDED: Duration = Duration::days(30);
/// How often the database may refuse before a job is given up; tending brings it back.
const ATTEMPTS: u32 = 20;

/// The handlers of messages: `kept` is how long the row of a message that is over can still be looked up.
#[must_use]
pub fn handlers(handlers: Handlers, kept: Duration) -> Handlers {
    handlers
        .outside(SEND, ATTEMPTS, deliver::send)
        .outside(TEND, 3, move |app, _: Job| tend(app, kept))
        .recurring(Recurring { name: TEND, kind: TEND, schedule: Schedule::Every(OFTEN) })
}

async fn tend(app: App, kept: Duration) -> Result<(), JobError> {
    let now = app.now();
    let outdated = app.database().read(move |db| store::outdated(db, now, AT_ONCE)).await?;
    end_all(&app, outdated, MessageState::Expired).await?;
    let undecided = now.saturating_sub(UNDECIDED);
    let undecided = app.database().read(move |db| store::long_open(db, undecided, AT_ONCE)).await?;
    end_all(&app, undecided, MessageState::Dropped).await?;
    digests(&app).await?;
    if app.mail().is_set() {
        let forgotten = now.saturating_sub(FORGOTTEN);
        let look_again = move |db: &mut Write<'_>| {
            for message in store::overdue(db, forgotten, AT_ONCE)? {
                enqueue(db, &message, message.turn, now)?;
            }
            Ok::<_, DatabaseError>(())
        };
        app.database().write(look_again).await?;
    }
    let before = now.saturating_sub(kept);
    app.database().write(move |db| store::sweep(db, before, AT_ONCE)).await?;
    app.jobs().wake();
    Ok(())
}

async fn end_all(app: &App, messages: Vec<Message>, to: MessageState) -> Result<(), DatabaseError> {
    let now = app.now();
    let end = move |db: &mut Write<'_>| {
        for message in &messages {
            store::change(db, message, &Change::to(to, now))?;
        }
        Ok(())
    };
    app.database().write(end).await
}

async fn digests(app: &App) -> Result<(), DatabaseError> {
    let now = app.now();
    let readers = app.database().read(move |db| store::readers_of_digests(db, now)).await?;
    for reader in readers {
        let secrets = app.secrets().clone();
        app.database().write(move |db| digest::make(db, &secrets, reader, now).map(drop)).await?;
    }
    Ok(())
}
