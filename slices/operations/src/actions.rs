//! What people do: let a dead job run again, or give it up.

use platform::audit::{self, Actor, Entry, Subject};
use platform::checkup::Check;
use platform::database::{DatabaseError, Write};
use platform::identity::{AccountId, InstitutionId};
use platform::jobs::{self, JobId, Retried};
use serde_json::json;
use time::OffsetDateTime;

/// What somebody decides about a dead job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It runs again, with all its attempts before it.
    Retry,
    /// It is given up.
    Discard,
}

/// What became of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The job waits, and runs soon.
    Waits,
    /// Another open job does the same; this one stays as it is.
    Replaced,
    /// It is discarded.
    Discarded,
    /// Somebody else decided before, or there is no such job.
    NotDead,
}

/// Who decides, where and when.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// Whose job it is; nothing for one of the installation.
    pub owner: Option<InstitutionId>,
    /// Who.
    pub account: AccountId,
    /// When.
    pub now: OffsetDateTime,
}

/// Decides about a dead job and records it in the log of whoever the job belongs to.
///
/// # Errors
/// When the database fails.
pub fn decide(db: &mut Write<'_>, desk: &Desk, id: JobId, decision: Decision) -> Result<Decided, DatabaseError> {
    let Desk { owner, account, now } = *desk;
    let (decided, act) = match decision {
        Decision::Retry => match jobs::retry(db, owner, id, now)? {
            Retried::Waiting => (Decided::Waits, "operations.job-retried"),
            Retried::Replaced => return Ok(Decided::Replaced),
            Retried::NotDead => return Ok(Decided::NotDead),
        },
        Decision::Discard if jobs::discard(db, owner, id, now)? => (Decided::Discarded, "operations.job-discarded"),
        Decision::Discard => return Ok(Decided::NotDead),
    };
    let (actor, subject) = (Actor::Person(account), Subject::new("job", id));
    let entry = Entry { institution: owner, at: now, actor, act, subject, detail: json!({}) };
    audit::record(db, &entry)?;
    Ok(decided)
}

/// Records that somebody looked at a part of the system now, in the log of the installation.
///
/// # Errors
/// When the database fails.
pub fn record_look(
    db: &mut Write<'_>,
    account: AccountId,
    check: Check,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let (actor, subject) = (Actor::Person(account), Subject::new("check", check.name()));
    let act = "operations.system-checked";
    audit::record(db, &Entry { institution: None, at: now, actor, act, subject, detail: json!({}) })
}
