//! What the slice does by itself: each minute it counts the answers that came, and each night answers lose the order in which they
//! came.
//!
//! On SQLite a table of answers stands in the order of its hashes and tells no order of arrival. On PostgreSQL rows lie as they came, and
//! each remembers the transaction that wrote it. So each night the answers of earlier days are taken up and put down again in the
//! order of their hashes, all in one transaction, and so are suggestions; counts are written anew (`docs/survey-anonymity.md`).

use crate::delivering;
use crate::importance;
use crate::store::{answers, counts};
use platform::app::App;
use platform::database::Engine;
use platform::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use platform::site::Zone;
use time::Duration;
use time::macros::time;

const MIX: &str = "survey.mix";
const COUNT: &str = "survey.count";

/// Adds the jobs of this slice.
#[must_use]
pub fn handlers(handlers: Handlers) -> Handlers {
    // After midnight in the westernmost zone, so that the day before is over everywhere.
    let nightly = Schedule::Daily { at: time!(00:30), zone: Zone::Wib };
    let often = Schedule::Every(Duration::MINUTE);
    delivering::handlers(crate::reminders::handlers(handlers))
        .outside(importance::IMPORTANCE, 5, importance::make)
        .outside(MIX, 5, mix)
        .recurring(Recurring { name: MIX, kind: MIX, schedule: nightly })
        .outside(COUNT, 5, count)
        .recurring(Recurring { name: COUNT, kind: COUNT, schedule: often })
}

/// Counts the answers that came, city by city.
async fn count(app: App, _: Job) -> Result<(), JobError> {
    count_all(&app).await
}

/// The same without a job.
pub(crate) async fn count_all(app: &App) -> Result<(), JobError> {
    let institutions = app.database().read(organisation::institutions).await?;
    for institution in institutions.into_iter().map(|institution| institution.id) {
        while app.database().write(move |db| counts::count(db, institution, counts::AT_ONCE)).await? == counts::AT_ONCE
        {
        }
    }
    Ok(())
}

/// Mixes the answers of earlier days, city by city.
async fn mix(app: App, _: Job) -> Result<(), JobError> {
    mix_all(&app).await
}

/// The same without a job.
pub(crate) async fn mix_all(app: &App) -> Result<(), JobError> {
    count_all(app).await?;
    if app.database().engine() == Engine::Sqlite {
        return Ok(());
    }
    let today = Zone::Wib.date(app.now());
    let institutions = app.database().read(organisation::institutions).await?;
    for institution in institutions.into_iter().map(|institution| institution.id) {
        app.database().write(move |db| answers::mix(db, institution, today)).await?;
    }
    Ok(())
}
