//! Sealing everything anew when a new key seals, without stopping: small batches, each a transaction of its own.
//!
//! A store lists each sealed column as a [`Resealed`]; the program gives all lists to [`resealing`]. The job runs now and then, and
//! at once when a running server finds another key in front ([`follow`]). A key is retired when [`held_by`] finds nothing left.
//! Whatever stops in between goes on later: a row is sealed with the old key or with the new one, and both open it.

use super::{Anew, GRACE, KeyNumber, Secrets, head};
use crate::app::App;
use crate::audit::{self, Actor, Entry, Subject};
use crate::database::{Database, DatabaseError, Read, Sql, Uuid, Write};
use crate::identity::InstitutionId;
use crate::jobs::{self, Handlers, Job, JobError, NewJob, Recurring, Schedule};
use crate::params;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Duration, OffsetDateTime};

/// The job, and its schedule.
const KIND: &str = "secret.reseal";
/// Rows in one transaction: a few milliseconds of other writers' time.
const AT_ONCE: u32 = 200;
/// A job hands over to the next one after so many batches, long before its lease ends.
const BATCHES: u32 = 500;
/// How often a running server looks at its key file.
const LOOK: std::time::Duration = std::time::Duration::from_secs(3);

/// A column whose values are sealed, with the three statements of its store.
#[derive(Debug, Clone, Copy)]
pub struct Resealed {
    /// `account.totp_secret`.
    pub name: &'static str,
    /// Rows with a value, ordered by identifier: those after `$1`, or all when it is null; `$2` at most. Gives institution,
    /// identifier, value, and with `indexed` the blind index.
    pub next: Sql,
    /// Replaces the value `$3` of the row `$2` of the institution `$1` by `$4`, and with `indexed` the blind index by `$5`.
    pub save: Sql,
    /// How many values begin with `$1`, which is `$2` bytes long.
    pub held: Sql,
    /// What a value is sealed for.
    pub context: fn(InstitutionId, Uuid) -> String,
    /// The blind index kept beside the value.
    pub indexed: Option<Indexed>,
}

/// A blind index kept beside a sealed value.
#[derive(Debug, Clone, Copy)]
pub struct Indexed {
    /// How many indexes begin with `$1`, which is `$2` bytes long.
    pub held: Sql,
    /// The index of a value; nothing when the value cannot be read.
    pub of: fn(&Secrets, InstitutionId, &[u8]) -> Option<Vec<u8>>,
}

/// What was done of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows that were looked at.
    pub seen: u64,
    /// Rows that were sealed, or indexed, anew.
    pub changed: u64,
    /// Rows that no key opens.
    pub unreadable: u64,
}

impl std::ops::AddAssign for Progress {
    fn add_assign(&mut self, other: Self) {
        self.seen += other.seen;
        self.changed += other.changed;
        self.unreadable += other.unreadable;
    }
}

type Batch = (Option<Uuid>, Progress);
/// Institution, identifier, value, blind index.
type Sealed = (InstitutionId, Uuid, Vec<u8>, Option<Vec<u8>>);

/// Seals the next rows of a column anew, those after an identifier: the last identifier, or nothing at the end.
///
/// # Errors
/// When the database fails.
pub fn reseal_batch(
    db: &mut Write<'_>,
    secrets: &Secrets,
    column: &Resealed,
    after: Option<Uuid>,
    most: u32,
) -> Result<Batch, DatabaseError> {
    let rows: Vec<Sealed> = match column.indexed {
        Some(_) => db.all(column.next, params![after, most])?,
        None => {
            let rows: Vec<(InstitutionId, Uuid, Vec<u8>)> = db.all(column.next, params![after, most])?;
            rows.into_iter().map(|(institution, id, value)| (institution, id, value, None)).collect()
        }
    };
    let last = rows.last().map(|(_, id, _, _)| *id).filter(|_| rows.len() >= most as usize);
    let mut progress = Progress::default();
    for (institution, id, value, index) in rows {
        progress.seen += 1;
        let context = (column.context)(institution, id);
        let sealed = match secrets.seal_anew(&context, &value) {
            Anew::Unreadable => {
                progress.unreadable += 1;
                continue;
            }
            Anew::Current => None,
            Anew::Sealed(sealed) => Some(sealed),
        };
        let stale = index.is_some_and(|index| !index.starts_with(&secrets.indexing().to_be_bytes()));
        if sealed.is_none() && !stale {
            continue;
        }
        let sealed = sealed.unwrap_or_else(|| value.clone());
        let mut values = Vec::from(params![institution, id, value, sealed.as_slice()]);
        if let Some(indexed) = column.indexed {
            let plain = secrets.open(&context, &sealed).unwrap_or_default();
            values.extend_from_slice(params![(indexed.of)(secrets, institution, &plain)]);
        }
        progress.changed += db.execute(column.save, &values)?;
    }
    Ok((last, progress))
}

/// Seals all columns anew and says what was done: for the command line, and for tests.
///
/// # Errors
/// When the database fails; what was done until then stays.
pub fn reseal_all(
    database: &Database,
    secrets: &Secrets,
    columns: &[&'static [Resealed]],
) -> Result<Progress, DatabaseError> {
    let mut whole = Progress::default();
    for column in columns.iter().copied().flatten() {
        let mut after = None;
        loop {
            let secrets = secrets.clone();
            let (last, progress) = database.write_now(move |db| reseal_batch(db, &secrets, column, after, AT_ONCE))?;
            whole += progress;
            after = last;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(whole)
}

/// The columns in which something is still sealed with a key, with how many rows: all must be empty before it is retired. What was
/// sealed before keys had numbers counts for key 1.
///
/// # Errors
/// When the database fails.
pub fn held_by(
    db: &mut Read<'_>,
    number: KeyNumber,
    columns: &[&[Resealed]],
) -> Result<Vec<(&'static str, i64)>, DatabaseError> {
    let mut held = Vec::new();
    for column in columns.iter().copied().flatten() {
        let mut rows = count(db, column.held, &head(number))?;
        if number == 1 {
            rows += count_former(db, column)?;
        }
        if rows > 0 {
            held.push((column.name, rows));
        }
    }
    Ok(held)
}

/// The columns beside which an index is still written under a root.
///
/// # Errors
/// When the database fails.
pub fn indexed_by(
    db: &mut Read<'_>,
    number: KeyNumber,
    columns: &[&[Resealed]],
) -> Result<Vec<(&'static str, i64)>, DatabaseError> {
    let mut held = Vec::new();
    for column in columns.iter().copied().flatten() {
        let Some(indexed) = column.indexed else { continue };
        let rows = count(db, indexed.held, &number.to_be_bytes())?;
        if rows > 0 {
            held.push((column.name, rows));
        }
    }
    Ok(held)
}

fn count(db: &mut Read<'_>, sql: Sql, beginning: &[u8]) -> Result<i64, DatabaseError> {
    Ok(db
        .one::<(i64,)>(sql, params![beginning, i64::try_from(beginning.len()).unwrap_or(0)])?
        .map_or(0, |(rows,)| rows))
}

fn count_former(db: &mut Read<'_>, column: &Resealed) -> Result<i64, DatabaseError> {
    count(db, column.held, &[super::FORMER])
}

/// A row of any column: identifiers of other kinds are only read and written here.
#[derive(Debug, Clone, Copy)]
struct RowId(Uuid);

impl RowId {
    const fn uuid(self) -> Uuid {
        self.0
    }
}

impl Serialize for RowId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RowId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Uuid::parse_str(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// How far a job of sealing anew got.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    column: usize,
    after: Option<RowId>,
    changed: u64,
}

/// Adds the job that seals all columns anew, every six hours and when it is asked for.
#[must_use]
pub fn resealing(handlers: Handlers, columns: &'static [&'static [Resealed]]) -> Handlers {
    let schedule = Schedule::Every(Duration::hours(6));
    handlers.outside(KIND, 8, move |app, job| reseal(app, job, columns)).recurring(Recurring {
        name: KIND,
        kind: KIND,
        schedule,
    })
}

async fn reseal(app: App, job: Job, columns: &'static [&'static [Resealed]]) -> Result<(), JobError> {
    let mut place: Place = job.payload().unwrap_or_default();
    let all: Vec<&'static Resealed> = columns.iter().copied().flatten().collect();
    let mut unreadable = 0;
    for _ in 0..BATCHES {
        let Some(column) = all.get(place.column).copied() else {
            return finish(&app, place, unreadable).await;
        };
        let (secrets, after) = (app.secrets().clone(), place.after.map(RowId::uuid));
        let (last, progress) =
            app.database().write(move |db| reseal_batch(db, &secrets, column, after, AT_ONCE)).await?;
        unreadable += progress.unreadable;
        let next = if last.is_some() { place.column } else { place.column + 1 };
        place = Place { column: next, after: last.map(RowId), changed: place.changed + progress.changed };
    }
    let now = app.now();
    app.database().write(move |db| ask(db, place, None, now)).await?;
    app.jobs().wake();
    Ok(())
}

async fn finish(app: &App, place: Place, unreadable: u64) -> Result<(), JobError> {
    if place.changed > 0 {
        let (number, now) = (app.secrets().sealing(), app.now());
        app.database().write(move |db| record(db, Actor::Program("schedule"), number, place.changed, now)).await?;
    }
    match unreadable {
        0 => Ok(()),
        rows => Err(JobError::new("secret.unreadable", format!("{rows} values open with no key")).for_good()),
    }
}

/// Records in the log of the installation that values were sealed anew: how many, and with which key.
///
/// # Errors
/// When the database fails.
pub fn record(
    db: &mut Write<'_>,
    actor: Actor,
    number: KeyNumber,
    rows: u64,
    at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let (subject, detail) = (Subject::new("key", number), json!({ "rows": rows }));
    audit::record(db, &Entry { institution: None, at, actor, act: "secret.resealed", subject, detail })
}

fn ask(db: &mut Write<'_>, place: Place, key: Option<String>, now: OffsetDateTime) -> Result<(), DatabaseError> {
    let payload = serde_json::to_value(place).unwrap_or_default();
    jobs::enqueue(db, &NewJob { kind: KIND, institution: None, payload, run_at: now, key }).map(drop)
}

/// Follows the key file of a running server: a changed file is taken without a restart, and everything is then sealed anew.
pub async fn follow(app: App) {
    let mut complaint = None;
    loop {
        tokio::time::sleep(LOOK).await;
        match app.secrets().refresh() {
            Ok(false) => complaint = None,
            Ok(true) => seal_later(&app).await,
            Err(error) => complaint = complained(complaint.as_deref(), error.to_string()),
        }
    }
}

/// Says once what is wrong with the file, for as long as it stays the same.
fn complained(before: Option<&str>, words: String) -> Option<String> {
    if before != Some(words.as_str()) {
        tracing::error!(error = %words, "the key file cannot be read; the keys in use stay");
    }
    Some(words)
}

async fn seal_later(app: &App) {
    let (sealing, indexing) = (app.secrets().sealing(), app.secrets().indexing());
    let later = app.now() + GRACE;
    tracing::info!(key = sealing, "the key file has changed");
    let key = Some(format!("{sealing}-{indexing}"));
    let asked = app.database().write(move |db| ask(db, Place::default(), key.clone(), later)).await;
    match asked {
        Ok(()) => app.jobs().wake(),
        Err(error) => tracing::warn!(%error, "sealing anew waits for its schedule"),
    }
}
