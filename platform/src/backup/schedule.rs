//! Backups by schedule: a job every night that starts the work on a thread of its own.
//!
//! The job does not wait for the work, which may take longer than the lease of a job; whether it came to an end is written in the
//! database, where the checks of the system look. A backup that failed is tried again after a quarter of an hour, three times.

use super::{BackupError, Plan, make};
use crate::app::App;
use crate::jobs::{Handlers, Job, JobError, NewJob, Recurring, Schedule, enqueue};
use crate::site::Zone;
use serde::Deserialize;
use std::sync::Arc;
use time::{Duration, Time};

/// The job, and its schedule.
const KIND: &str = "backups.run";
/// So often a backup that failed is tried again the same night.
const AGAIN: u32 = 3;
/// So long after it failed.
const PAUSE: Duration = Duration::minutes(15);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payload {
    again: u32,
}

/// Makes a backup every day when clocks of the zone show this time.
#[must_use]
pub fn scheduled(handlers: Handlers, plan: Plan, at: Time, zone: Zone) -> Handlers {
    let plan = Arc::new(plan);
    let run = move |app: App, job: Job| {
        let plan = Arc::clone(&plan);
        async move { begin(app, &job, plan) }
    };
    let nightly = Recurring { name: KIND, kind: KIND, schedule: Schedule::Daily { at, zone } };
    handlers.outside(KIND, 3, run).recurring(nightly)
}

fn begin(app: App, job: &Job, plan: Arc<Plan>) -> Result<(), JobError> {
    let again = job.payload::<Payload>()?.again;
    let thread = std::thread::Builder::new().name("backup".to_owned());
    let started = thread.spawn(move || match make(app.database(), app.clock(), &plan) {
        Ok(made) => tracing::info!(backup = made.manifest.id, bytes = made.manifest.bytes(), "a backup was made"),
        Err(error) => failed(&app, &error, again),
    });
    started.map(drop).map_err(|error| JobError::new("job.broke-off", error.kind().to_string()))
}

fn failed(app: &App, error: &BackupError, again: u32) {
    if matches!(error, BackupError::Running { .. }) {
        return tracing::info!("another backup is being made");
    }
    tracing::error!(code = error.code(), %error, again, "no backup was made");
    if again < AGAIN {
        try_again(app, again + 1);
    }
}

fn try_again(app: &App, again: u32) {
    let run_at = app.now().saturating_add(PAUSE);
    let payload = serde_json::json!({ "again": again });
    let job = NewJob { kind: KIND, institution: None, payload, run_at, key: Some("again".to_owned()) };
    if let Err(error) = app.database().write_now(move |db| enqueue(db, &job).map(drop)) {
        tracing::error!(%error, "the next try of a backup was not planned");
    }
}
