//! What the slice does by itself: answers of the day before lose the order in which they came.
//!
//! On SQLite a table of answers stands in the order of its hashes and tells no order of arrival. On PostgreSQL rows lie as they came, and
//! each remembers the transaction that wrote it. So each night the answers of a day are taken up and put down again in the order
//! of their hashes, all in one transaction (`docs/survey-anonymity.md`).

use crate::delivering;
use crate::store::answers as store;
use platform::app::App;
use platform::database::Engine;
use platform::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use platform::site::Zone;
use time::Duration;
use time::macros::time;

const MIX: &str = "survey.mix";
/// A night that was missed is made up for.
const DAYS: i64 = 3;

/// Adds the jobs of this slice.
#[must_use]
pub fn handlers(handlers: Handlers) -> Handlers {
    // After midnight in the westernmost zone, so that the day before is over everywhere.
    let nightly = Schedule::Daily { at: time!(00:30), zone: Zone::Wib };
    delivering::handlers(handlers).outside(MIX, 5, mix).recurring(Recurring { name: MIX, kind: MIX, schedule: nightly })
}

/// Mixes the answers of the last days, city by city.
pub(crate) async fn mix(app: App, _: Job) -> Result<(), JobError> {
    mix_all(&app).await
}

/// The same without a job.
pub(crate) async fn mix_all(app: &App) -> Result<(), JobError> {
    if app.database().engine() == Engine::Sqlite {
        return Ok(());
    }
    let today = Zone::Wib.date(app.now());
    let institutions = app.database().read(organisation::institutions).await?;
    for institution in institutions.into_iter().map(|institution| institution.id) {
        for ago in 1..=DAYS {
            let day = today - Duration::days(ago);
            app.database().write(move |db| store::mix(db, institution, day)).await?;
        }
    }
    Ok(())
}
