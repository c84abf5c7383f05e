//! Keys of programs, and what they asked for.

use crate::answer::Channel;
use crate::key::{Key, KeyId};
use crate::period::PeriodId;
use crate::store::codes::BatchId;
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use services::ServiceId;
use time::Date;

statements! {
    ADD_KEY = "INSERT INTO survey_key (institution_id, id, unit_id, label, hash, ending, made_on, used_on, revoked_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)";
    KEYS = "SELECT id, unit_id, label, ending, made_on, used_on, revoked_on FROM survey_key WHERE institution_id = $1
        ORDER BY made_on DESC, id DESC LIMIT 1000";
    KEY = "SELECT id, unit_id, label, ending, made_on, used_on, revoked_on FROM survey_key
        WHERE institution_id = $1 AND id = $2";
    KEY_OF_HASH = "SELECT id, unit_id, label, ending, made_on, used_on, revoked_on FROM survey_key
        WHERE institution_id = $1 AND hash = $2 AND revoked_on IS NULL";
    USE_KEY = "UPDATE survey_key SET used_on = $3 WHERE institution_id = $1 AND id = $2";
    REVOKE_KEY = "UPDATE survey_key SET revoked_on = $3 WHERE institution_id = $1 AND id = $2 AND revoked_on IS NULL";
    ADD_ISSUE = "INSERT INTO survey_issue (institution_id, key_id, asking, content, period_id) VALUES ($1, $2, $3, $4, $5)";
    ISSUE = "SELECT content, period_id FROM survey_issue WHERE institution_id = $1 AND key_id = $2 AND asking = $3";
    DROP_ISSUES = "DELETE FROM survey_issue WHERE institution_id = $1 AND period_id = $2";
    /// Adds to a batch of the day for the same service, place and channel: none is so small that it tells of one visitor.
    GROW_BATCH = "UPDATE survey_batch SET issued = issued + $7 WHERE institution_id = $1 AND id =
            (SELECT batch.id FROM survey_batch batch WHERE batch.institution_id = $1 AND batch.period_id = $2
                AND (batch.service_id = $3 OR (batch.service_id IS NULL AND CAST($3 AS UUID) IS NULL)) AND batch.place = $4
                AND batch.channel = $5 AND batch.issued_on = $6 ORDER BY batch.id LIMIT 1)
        RETURNING id";
}

type Stored<T> = Result<T, DatabaseError>;

impl FromRow for Key {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        Ok(Self {
            id: row.next()?,
            unit: row.next()?,
            label: row.next()?,
            ending: row.next()?,
            made_on: row.next()?,
            used_on: row.next()?,
            revoked_on: row.next()?,
        })
    }
}

/// Keeps a key by its hash.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, key: &Key, hash: Vec<u8>) -> Stored<()> {
    let row = params![institution, key.id, key.unit, &key.label, hash, &key.ending, key.made_on];
    db.execute(ADD_KEY, row).map(drop)
}

/// All keys, the newest first, revoked ones too.
pub(crate) fn keys(db: &mut Read<'_>, institution: InstitutionId) -> Stored<Vec<Key>> {
    db.all(KEYS, params![institution])
}

/// A key.
pub(crate) fn key(db: &mut Read<'_>, institution: InstitutionId, id: KeyId) -> Stored<Option<Key>> {
    db.one(KEY, params![institution, id])
}

/// The key that was presented; nothing when there is none, or it was revoked.
pub(crate) fn presented(db: &mut Read<'_>, institution: InstitutionId, hash: Vec<u8>) -> Stored<Option<Key>> {
    db.one(KEY_OF_HASH, params![institution, hash])
}

/// Notes the day a key was used, once a day.
pub(crate) fn note_use(db: &mut Write<'_>, institution: InstitutionId, key: &Key, day: Date) -> Stored<()> {
    if key.used_on == Some(day) {
        return Ok(());
    }
    db.execute(USE_KEY, params![institution, key.id, day]).map(drop)
}

/// Revokes a key; says whether it was active.
pub(crate) fn revoke(db: &mut Write<'_>, institution: InstitutionId, id: KeyId, day: Date) -> Stored<bool> {
    Ok(db.execute(REVOKE_KEY, params![institution, id, day])? == 1)
}

/// What a program asked for under a name: the hash of it, and the period.
pub(crate) fn issue(
    db: &mut Read<'_>,
    institution: InstitutionId,
    key: KeyId,
    asking: Vec<u8>,
) -> Stored<Option<(Vec<u8>, PeriodId)>> {
    db.one(ISSUE, params![institution, key, asking])
}

/// Notes what a program asked for under a name.
pub(crate) fn add_issue(
    db: &mut Write<'_>,
    institution: InstitutionId,
    key: KeyId,
    (asking, content, period): (Vec<u8>, Vec<u8>, PeriodId),
) -> Stored<()> {
    db.execute(ADD_ISSUE, params![institution, key, asking, content, period]).map(drop)
}

/// Forgets what programs asked for in a period.
pub(crate) fn drop_issues(db: &mut Write<'_>, institution: InstitutionId, period: PeriodId) -> Stored<()> {
    db.execute(DROP_ISSUES, params![institution, period]).map(drop)
}

/// Codes of one sort: for a service, a place, a channel, on a day.
#[derive(Debug, Clone)]
pub(crate) struct Sort {
    pub(crate) service: Option<ServiceId>,
    pub(crate) place: String,
    pub(crate) channel: Channel,
    pub(crate) day: Date,
}

/// Adds codes to the batch of their sort; nothing when the day has none yet.
pub(crate) fn grow(
    db: &mut Write<'_>,
    institution: InstitutionId,
    period: PeriodId,
    sort: &Sort,
    count: i64,
) -> Stored<Option<BatchId>> {
    let Sort { service, place, channel, day } = sort;
    let row = params![institution, period, *service, place, channel.name(), *day, count];
    Ok(db.one::<(BatchId,)>(GROW_BATCH, row)?.map(|(id,)| id))
}
