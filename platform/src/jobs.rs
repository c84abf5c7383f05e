//! Jobs: work that is done later, kept in the database until it is done.
//!
//! An action calls [`enqueue`] in its own transaction, so a job exists exactly when what it follows from does. Each [`Worker`]
//! claims what is due and hands it to the handler of its kind ([`Handlers`]):
//!
//! - **inside** the database: the handler works in the transaction that marks the job as done, so its work is done exactly once; many
//!   such jobs share a transaction;
//! - **outside** (mail, files, other servers): the handler has its effect, then the job is marked. When a machine stops in between,
//!   the effect comes twice: the receiver, or the handler, must know the job's identifier again.
//!
//! A claim gives a lease and a fence. A worker that died loses its lease, and the job runs again; a worker that was merely slow
//! finds that the fence has grown, and what it did inside the database is undone. A job that failed waits longer each time
//! ([`backoff`]); when it failed too often it is dead, and a person says [`retry`] or [`discard`]. `docs/states/job.md` shows it all.
//!
//! Among several nodes one at a time leads ([`lead`]) and makes jobs of the occurrences of schedules ([`Recurring`]).

mod backoff;
mod handler;
mod leader;
mod schedule;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod together;
mod worker;

pub use backoff::backoff;
pub use handler::{Handlers, JobError};
pub use leader::{Fence, lead, resign, still_leads};
pub use schedule::{Recurring, Schedule};
pub use state::JobState;
pub use worker::{Jobs, Outcome, Settings, Worker, run};

use crate::database::{DatabaseError, Read, Sql, Write};
use crate::identity::InstitutionId;
use time::{Duration, OffsetDateTime};

/// Every statement of jobs, leaders and schedules.
pub const STATEMENTS: &[Sql] = store::STATEMENTS;

crate::id! {
    /// One piece of work.
    pub struct JobId;
}

/// A payload names things by identifier; whoever has more to say keeps it in a table of its own.
const LARGEST_PAYLOAD: usize = 16 * 1024;
/// So many are swept in one transaction.
const SWEPT_AT_ONCE: u32 = 1_000;

/// Work to be done later.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What kind of work, the slice first: `survey.remind`. Small letters, digits, full stops and hyphens.
    pub kind: &'static str,
    /// The institution it is for; nothing for work of the installation itself.
    pub institution: Option<InstitutionId>,
    /// What the handler needs: small, and never personal data in clear, since jobs are kept for a while and shown to admins.
    pub payload: serde_json::Value,
    /// Not before this moment.
    pub run_at: OffsetDateTime,
    /// At most one job of a kind with this key waits or runs in an institution. One that runs counts too: what must not be missed
    /// while it runs goes without a key.
    pub key: Option<String>,
}

/// A job in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its identifier, by which effects outside the database are known again.
    pub id: JobId,
    /// The institution it is for.
    pub institution: Option<InstitutionId>,
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: Option<String>,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Until when nobody else claims it.
    pub leased_until: OffsetDateTime,
    fence: i64,
    payload: String,
}

impl Job {
    /// What whoever enqueued it left for the handler.
    ///
    /// # Errors
    /// When it is of another shape, which no further attempt would change.
    pub fn payload<T: serde::de::DeserializeOwned>(&self) -> Result<T, JobError> {
        // The words of the reader may hold a value of the payload; the place is enough to find it.
        serde_json::from_str(&self.payload).map_err(|error| {
            JobError::new("job.payload", format!("line {}, column {}", error.line(), error.column())).for_good()
        })
    }

    /// Grows each time the job is claimed: what it writes elsewhere may keep it, to refuse a worker that comes late.
    #[must_use]
    pub const fn fence(&self) -> i64 {
        self.fence
    }
}

/// A job that waits for a person's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Its identifier.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: Option<String>,
    /// How often it was begun.
    pub attempt: u32,
    /// Why it failed last: a code, and often a detail.
    pub error: String,
    /// When it was given up.
    pub ended_at: OffsetDateTime,
}

/// How many jobs there are, of all institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those that wait.
    pub waiting: u64,
    /// Of these, those whose time has come.
    pub due: u64,
    /// Those that a worker has, or had when it died.
    pub running: u64,
    /// Those that wait for a person.
    pub dead: u64,
}

/// What became of the wish to run a dead job again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It waits, with all its attempts before it.
    Waiting,
    /// It is not dead, or there is no such job.
    NotDead,
    /// Another open job has its key: that one does the same.
    Replaced,
}

/// Stores a job in the transaction of what it follows from. When an open job has its key, that one's identifier is given instead.
///
/// After the transaction [`Jobs::wake`] spares the worker of this process the wait for its next look.
///
/// # Errors
/// When the database fails, the kind is no name, or the payload is too large.
pub fn enqueue(db: &mut Write<'_>, job: &NewJob) -> Result<JobId, DatabaseError> {
    let fits = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, b'.' | b'-');
    if job.kind.is_empty() || !job.kind.bytes().all(fits) {
        return Err(DatabaseError::Other(format!("`{}` is not the name of a kind of job", job.kind).into()));
    }
    if job.payload.to_string().len() > LARGEST_PAYLOAD {
        return Err(DatabaseError::Other(format!("the payload of a job `{}` is too large", job.kind).into()));
    }
    let id = JobId::new(job.run_at);
    if store::enqueue(db, id, job)? {
        return Ok(id);
    }
    store::open_with_key(db, job)?
        .ok_or_else(|| DatabaseError::Other("a job was refused and no other has its key".into()))
}

/// Where a job stands; nothing when the institution has none of this identifier, or it was swept.
///
/// # Errors
/// When the database fails.
pub fn state(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    id: JobId,
) -> Result<Option<JobState>, DatabaseError> {
    store::state(db, institution, id)
}

/// The dead jobs of an institution, the youngest first: at most so many, of those before one.
///
/// # Errors
/// When the database fails.
pub fn dead(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    before: Option<JobId>,
    most: u32,
) -> Result<Vec<DeadJob>, DatabaseError> {
    store::dead(db, institution, before, most)
}

/// Lets a dead job run again, now and with all its attempts. The caller records who decided it.
///
/// # Errors
/// When the database fails.
pub fn retry(
    db: &mut Write<'_>,
    institution: Option<InstitutionId>,
    id: JobId,
    now: OffsetDateTime,
) -> Result<Retried, DatabaseError> {
    if store::state(db, institution, id)? != Some(JobState::Dead) {
        return Ok(Retried::NotDead);
    }
    let waits = store::retry(db, institution, id, now)?;
    Ok(if waits { Retried::Waiting } else { Retried::Replaced })
}

/// Gives up a dead job for good; `false` when it is not dead. The caller records who decided it.
///
/// # Errors
/// When the database fails.
pub fn discard(
    db: &mut Write<'_>,
    institution: Option<InstitutionId>,
    id: JobId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    store::discard(db, institution, id, now)
}

/// How many jobs there are, for figures of the whole installation.
///
/// # Errors
/// When the database fails.
pub fn counts(db: &mut Read<'_>, now: OffsetDateTime) -> Result<Counts, DatabaseError> {
    store::counts(db, now)
}

/// Deletes jobs that were done or discarded longer ago than `retention`, and says how many: a thousand at most, so that the
/// transaction stays short. Dead ones stay until somebody decides.
///
/// # Errors
/// When the database fails.
pub fn sweep(db: &mut Write<'_>, now: OffsetDateTime, retention: Duration) -> Result<u64, DatabaseError> {
    store::sweep(db, now.saturating_sub(retention), SWEPT_AT_ONCE)
}
