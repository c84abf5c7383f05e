//! The statements of jobs, leaders and schedules.

use super::{Counts, DeadJob, Job, JobId, JobState, NewJob};
use crate::database::{DatabaseError, Engine, FromRow, Read, Row, Uuid, Write};
use crate::identity::InstitutionId;
use crate::params;
use time::OffsetDateTime;

crate::statements! {
    private;
    // Without a target, since the index of open keys is the only one that can refuse.
    ENQUEUE = "INSERT INTO job (id, institution_id, kind, key, payload, state, attempt, fence, due_at)
        VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, $6) ON CONFLICT DO NOTHING";
    OPEN_WITH_KEY = "SELECT id FROM job
        WHERE institution_id = $1 AND kind = $2 AND key = $3 AND state IN ('waiting', 'running')";
    // Waiting jobs whose time has come, and running ones whose lease has ended. A kind holds no sign that `LIKE` reads otherwise.
    CLAIM_IN_SQLITE = "WITH picked AS MATERIALIZED (
            SELECT id FROM job WHERE due_at <= $1 AND CAST($4 AS TEXT) LIKE '%,' || kind || ',%'
            ORDER BY due_at, id LIMIT $3)
        UPDATE job SET state = 'running', fence = fence + 1, attempt = attempt + 1, due_at = $2
        WHERE id IN (SELECT id FROM picked)
        RETURNING id, institution_id, kind, key, payload, attempt, fence, due_at";
    // The same; rows that another node is claiming are passed over instead of waited for.
    CLAIM_IN_POSTGRES = "WITH picked AS MATERIALIZED (
            SELECT id FROM job WHERE due_at <= $1 AND CAST($4 AS TEXT) LIKE '%,' || kind || ',%'
            ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
        UPDATE job SET state = 'running', fence = fence + 1, attempt = attempt + 1, due_at = $2
        WHERE id IN (SELECT id FROM picked)
        RETURNING id, institution_id, kind, key, payload, attempt, fence, due_at";
    // Done at once, in the transaction that does them. Running ones are left to `CLAIM`, which looks how often they were begun.
    // `state || ''` is no column: else SQLite takes the index of states and sorts all that wait, again for each pack.
    TAKE_IN_SQLITE = "WITH picked AS MATERIALIZED (
            SELECT id FROM job WHERE due_at <= $1 AND state || '' = 'waiting' AND CAST($3 AS TEXT) LIKE '%,' || kind || ',%'
            ORDER BY due_at, id LIMIT $2)
        UPDATE job SET state = 'done', fence = fence + 1, attempt = attempt + 1, due_at = NULL, ended_at = $1, error = NULL
        WHERE id IN (SELECT id FROM picked)
        RETURNING id, institution_id, kind, key, payload, attempt, fence, ended_at";
    TAKE_IN_POSTGRES = "WITH picked AS MATERIALIZED (
            SELECT id FROM job WHERE due_at <= $1 AND state || '' = 'waiting' AND CAST($3 AS TEXT) LIKE '%,' || kind || ',%'
            ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
        UPDATE job SET state = 'done', fence = fence + 1, attempt = attempt + 1, due_at = NULL, ended_at = $1, error = NULL
        WHERE id IN (SELECT id FROM picked)
        RETURNING id, institution_id, kind, key, payload, attempt, fence, ended_at";
    NEXT_DUE_JOB = "SELECT due_at FROM job WHERE due_at IS NOT NULL AND CAST($1 AS TEXT) LIKE '%,' || kind || ',%'
        ORDER BY due_at, id LIMIT 1";
    COMPLETE = "UPDATE job SET state = 'done', due_at = NULL, ended_at = $4, error = NULL
        WHERE institution_id = $1 AND id = $2 AND fence = $3 AND state = 'running'";
    TRY_AGAIN = "UPDATE job SET state = 'waiting', due_at = $4, error = $5
        WHERE institution_id = $1 AND id = $2 AND fence = $3 AND state = 'running'";
    BURY = "UPDATE job SET state = 'dead', due_at = NULL, ended_at = $4, error = $5
        WHERE institution_id = $1 AND id = $2 AND fence = $3 AND state = 'running'";
    STATE = "SELECT state FROM job WHERE institution_id = $1 AND id = $2";
    // The column stands before `IS NULL` so that PostgreSQL knows the parameter's type.
    DEAD = "SELECT id, kind, key, attempt, error, ended_at FROM job
        WHERE institution_id = $1 AND state = 'dead' AND (id < $2 OR $2 IS NULL) ORDER BY id DESC LIMIT $3";
    RETRY = "UPDATE job SET state = 'waiting', due_at = $3, ended_at = NULL, attempt = 0
        WHERE institution_id = $1 AND id = $2 AND state = 'dead' AND NOT EXISTS (
            SELECT 1 FROM job AS other WHERE other.institution_id = $1 AND other.kind = job.kind AND other.key = job.key
            AND other.state IN ('waiting', 'running'))";
    DISCARD = "UPDATE job SET state = 'discarded', ended_at = $3
        WHERE institution_id = $1 AND id = $2 AND state = 'dead'";
    COUNT_JOBS = "SELECT COALESCE(CAST(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS BIGINT), 0),
        COALESCE(CAST(SUM(CASE WHEN state = 'waiting' AND due_at <= $1 THEN 1 ELSE 0 END) AS BIGINT), 0),
        COALESCE(CAST(SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS BIGINT), 0),
        COALESCE(CAST(SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS BIGINT), 0)
        FROM job WHERE state IN ('waiting', 'running', 'dead')";
    SWEEP_JOBS = "DELETE FROM job WHERE id IN (
        SELECT id FROM job WHERE state IN ('done', 'discarded') AND ended_at < $1 ORDER BY ended_at LIMIT $2)";
    // Taken by whoever holds it, or by anybody once it is not held any more; then the fence grows, also for the former holder.
    LEAD = "INSERT INTO leader (name, holder, fence, held_until) VALUES ($1, $2, 1, $4)
        ON CONFLICT (name) DO UPDATE SET holder = $2, held_until = $4,
            fence = CASE WHEN leader.held_until > $3 THEN leader.fence ELSE leader.fence + 1 END
        WHERE leader.holder = $2 OR leader.held_until <= $3 RETURNING fence";
    LEADER = "SELECT holder, fence, held_until FROM leader WHERE name = $1";
    RESIGN = "UPDATE leader SET held_until = $3 WHERE name = $1 AND holder = $2 AND held_until > $3";
    SEEN_UNTIL = "SELECT seen_until FROM schedule WHERE name = $1";
    SEE = "INSERT INTO schedule (name, seen_until) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET seen_until = $2 WHERE schedule.seen_until < $2";
}

/// Work of the installation itself stands under the nil UUID, so that one comparison fits both.
fn owner(institution: Option<InstitutionId>) -> Uuid {
    institution.map_or(Uuid::nil(), InstitutionId::uuid)
}

pub(super) fn enqueue(db: &mut Write<'_>, id: JobId, job: &NewJob) -> Result<bool, DatabaseError> {
    let values = params![id, owner(job.institution), job.kind, job.key.as_deref(), job.payload.to_string(), job.run_at];
    Ok(db.execute(ENQUEUE, values)? == 1)
}

pub(super) fn open_with_key(db: &mut Read<'_>, job: &NewJob) -> Result<Option<JobId>, DatabaseError> {
    let found: Option<(JobId,)> =
        db.one(OPEN_WITH_KEY, params![owner(job.institution), job.kind, job.key.as_deref()])?;
    Ok(found.map(|(id,)| id))
}

pub(super) fn claim(
    db: &mut Write<'_>,
    kinds: &str,
    now: OffsetDateTime,
    leased_until: OffsetDateTime,
    most: u32,
) -> Result<Vec<Job>, DatabaseError> {
    let claim = match db.engine() {
        Engine::Sqlite => CLAIM_IN_SQLITE,
        Engine::Postgres => CLAIM_IN_POSTGRES,
    };
    db.all(claim, params![now, leased_until, most, kinds])
}

pub(super) fn take(db: &mut Write<'_>, kinds: &str, now: OffsetDateTime, most: u32) -> Result<Vec<Job>, DatabaseError> {
    let take = match db.engine() {
        Engine::Sqlite => TAKE_IN_SQLITE,
        Engine::Postgres => TAKE_IN_POSTGRES,
    };
    db.all(take, params![now, most, kinds])
}

pub(super) fn next_due(db: &mut Read<'_>, kinds: &str) -> Result<Option<OffsetDateTime>, DatabaseError> {
    let found: Option<(OffsetDateTime,)> = db.one(NEXT_DUE_JOB, params![kinds])?;
    Ok(found.map(|(due,)| due))
}

/// Nothing is changed, and `false` said, when somebody else has claimed the job meanwhile; so with the next two.
pub(super) fn complete(db: &mut Write<'_>, job: &Job, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    Ok(db.execute(COMPLETE, params![owner(job.institution), job.id, job.fence, now])? == 1)
}

pub(super) fn try_again(
    db: &mut Write<'_>,
    job: &Job,
    due: OffsetDateTime,
    error: &str,
) -> Result<bool, DatabaseError> {
    Ok(db.execute(TRY_AGAIN, params![owner(job.institution), job.id, job.fence, due, error])? == 1)
}

pub(super) fn bury(db: &mut Write<'_>, job: &Job, now: OffsetDateTime, error: &str) -> Result<bool, DatabaseError> {
    Ok(db.execute(BURY, params![owner(job.institution), job.id, job.fence, now, error])? == 1)
}

pub(super) fn state(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    id: JobId,
) -> Result<Option<JobState>, DatabaseError> {
    let found: Option<(JobState,)> = db.one(STATE, params![owner(institution), id])?;
    Ok(found.map(|(state,)| state))
}

pub(super) fn dead(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    before: Option<JobId>,
    most: u32,
) -> Result<Vec<DeadJob>, DatabaseError> {
    db.all(DEAD, params![owner(institution), before, most])
}

pub(super) fn retry(
    db: &mut Write<'_>,
    institution: Option<InstitutionId>,
    id: JobId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    Ok(db.execute(RETRY, params![owner(institution), id, now])? == 1)
}

pub(super) fn discard(
    db: &mut Write<'_>,
    institution: Option<InstitutionId>,
    id: JobId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    Ok(db.execute(DISCARD, params![owner(institution), id, now])? == 1)
}

pub(super) fn counts(db: &mut Read<'_>, now: OffsetDateTime) -> Result<Counts, DatabaseError> {
    Ok(db.one(COUNT_JOBS, params![now])?.unwrap_or_default())
}

pub(super) fn sweep(db: &mut Write<'_>, ended_before: OffsetDateTime, most: u32) -> Result<u64, DatabaseError> {
    db.execute(SWEEP_JOBS, params![ended_before, most])
}

pub(super) fn lead(
    db: &mut Write<'_>,
    name: &str,
    holder: &str,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Option<i64>, DatabaseError> {
    let fence: Option<(i64,)> = db.one(LEAD, params![name, holder, now, until])?;
    Ok(fence.map(|(fence,)| fence))
}

pub(super) fn leader(db: &mut Read<'_>, name: &str) -> Result<Option<(String, i64, OffsetDateTime)>, DatabaseError> {
    db.one(LEADER, params![name])
}

pub(super) fn resign(db: &mut Write<'_>, name: &str, holder: &str, now: OffsetDateTime) -> Result<(), DatabaseError> {
    db.execute(RESIGN, params![name, holder, now]).map(drop)
}

pub(super) fn seen_until(db: &mut Read<'_>, schedule: &str) -> Result<Option<OffsetDateTime>, DatabaseError> {
    let found: Option<(OffsetDateTime,)> = db.one(SEEN_UNTIL, params![schedule])?;
    Ok(found.map(|(moment,)| moment))
}

pub(super) fn see(db: &mut Write<'_>, schedule: &str, until: OffsetDateTime) -> Result<(), DatabaseError> {
    db.execute(SEE, params![schedule, until]).map(drop)
}

/// A count of the database is never negative, and one beyond four thousand million is as good as that.
fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

impl FromRow for Job {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        let (id, institution): (JobId, Uuid) = (row.next()?, row.next()?);
        Ok(Self {
            id,
            institution: (!institution.is_nil()).then(|| institution.into()),
            kind: row.next()?,
            key: row.next()?,
            payload: row.next()?,
            attempt: count(row.next()?),
            fence: row.next()?,
            leased_until: row.next()?,
        })
    }
}

impl FromRow for DeadJob {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: row.next()?,
            kind: row.next()?,
            key: row.next()?,
            attempt: count(row.next()?),
            error: row.next::<Option<String>>()?.unwrap_or_default(),
            ended_at: row.next()?,
        })
    }
}

impl FromRow for Counts {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        let next = || row.next::<i64>().map(i64::unsigned_abs);
        Ok(Self { waiting: next()?, due: next()?, running: next()?, dead: next()? })
    }
}
