//! SQLite: one thread writes, many requests to a commit; several threads read, each request in a snapshot.

use super::error::{ConstraintKind, InStatement};
use super::job::Job;
use super::pool::{Counters, Queue, Work};
use super::row::{DAY, MOMENT};
use super::session::{Duration, Session, Take};
use super::{DatabaseError, Options, Row, Sql, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Error, ErrorCode, ToSql, ffi};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use time::UtcOffset;

/// Every request is on disk before it is answered (`synchronous=FULL`); the caches are sized for a server of 2 GB.
const PRAGMAS: &str = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;
    PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;";
const NO_LIMIT: u64 = u64::MAX;
/// So many steps of SQLite's machine lie between two looks at the time: well under a millisecond.
const STEPS_PER_LOOK: i32 = 10_000;

/// One connection with the deadline of its running statement.
pub(super) struct Connection {
    raw: rusqlite::Connection,
    started: Instant,
    deadline: Arc<AtomicU64>,
    limit: u64,
}

impl Connection {
    pub(super) fn open(path: &str, options: &Options) -> Result<Self, DatabaseError> {
        Self::try_open(path, options).map_err(|error| failure("OPEN", error))
    }

    fn try_open(path: &str, options: &Options) -> Result<Self, Error> {
        let mut raw = rusqlite::Connection::open(path)?;
        raw.busy_timeout(options.busy_timeout)?;
        enter_wal(&raw, options)?;
        raw.execute_batch(PRAGMAS)?;
        raw.set_prepared_statement_cache_capacity(512);
        let (started, deadline) = (Instant::now(), Arc::new(AtomicU64::new(NO_LIMIT)));
        let seen = Arc::clone(&deadline);
        raw.progress_handler(
            STEPS_PER_LOOK,
            Some(move || {
                let deadline = seen.load(Ordering::Relaxed);
                deadline != NO_LIMIT && milliseconds(started.elapsed()) > deadline
            }),
        )?;
        Ok(Self { raw, started, deadline, limit: milliseconds(options.statement_timeout) })
    }

    pub(super) fn batch(&self, text: &str) -> Result<(), DatabaseError> {
        self.raw.execute_batch(text).map_err(|error| failure("BATCH", error))
    }

    pub(super) fn prepare(&self, sql: Sql) -> Result<(), DatabaseError> {
        self.raw.prepare(sql.numbered()).map(drop).map_err(|error| failure(sql.name(), error))
    }

    pub(super) fn rows(&self, sql: Sql, params: &[Value], time: Duration, take: Take<'_>) -> Result<(), DatabaseError> {
        self.timed(time, || {
            let fail = |error| failure(sql.name(), error);
            let mut statement = self.raw.prepare_cached(sql.numbered()).map_err(fail)?;
            let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(fail)?;
            while let Some(row) = rows.next().map_err(fail)? {
                take(&Row::of_sqlite(row))?;
            }
            Ok(())
        })
    }

    pub(super) fn execute(&self, sql: Sql, params: &[Value]) -> Result<u64, DatabaseError> {
        self.timed(Duration::Limited, || {
            let statement = self.raw.prepare_cached(sql.numbered());
            let changed = statement.and_then(|mut statement| statement.execute(rusqlite::params_from_iter(params)));
            changed.map(|rows| rows as u64).map_err(|error| failure(sql.name(), error))
        })
    }

    fn timed<T>(&self, time: Duration, run: impl FnOnce() -> T) -> T {
        if time == Duration::Limited {
            let deadline = milliseconds(self.started.elapsed()).saturating_add(self.limit);
            self.deadline.store(deadline, Ordering::Relaxed);
        }
        let outcome = run();
        self.deadline.store(NO_LIMIT, Ordering::Relaxed);
        outcome
    }

    /// Whether SQLite ended the transaction on its own, as it does when the disk is full or a change is interrupted.
    fn rolled_back(&self) -> bool {
        self.raw.is_autocommit()
    }

    fn roll_back(&self) {
        if !self.rolled_back() {
            // A rollback that fails leaves nothing to do: the next BEGIN fails, and its requests hear why.
            let _ = self.raw.execute_batch("ROLLBACK");
        }
    }
}

/// Changing to WAL takes a lock that does not wait its turn, so two programs that make one file at once must try again.
fn enter_wal(raw: &rusqlite::Connection, options: &Options) -> Result<(), Error> {
    let began = Instant::now();
    loop {
        match raw.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                if began.elapsed() > options.busy_timeout {
                    return Err(error);
                }
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            outcome => return outcome.map(drop),
        }
    }
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(NO_LIMIT - 1)
}

/// Answers questions, each inside a snapshot.
pub(super) struct Reader(Connection);

impl Reader {
    pub(super) fn open(path: &str, options: &Options) -> Result<Self, DatabaseError> {
        let connection = Connection::open(path, options)?;
        connection.batch("PRAGMA query_only=ON")?;
        Ok(Self(connection))
    }
}

impl Work for Reader {
    fn work(&mut self, mut job: Box<dyn Job>, _: &Queue, _: &Counters) {
        let begun = self.0.batch("BEGIN");
        if begun.is_ok() {
            job.run(Session::Sqlite(&self.0));
        }
        job.answer(begun);
        self.0.roll_back();
    }
}

/// Writes what waits in the queue, as much as possible with one commit.
pub(super) struct Writer {
    connection: Connection,
    batch: usize,
}

impl Writer {
    pub(super) fn open(path: &str, options: &Options) -> Result<Self, DatabaseError> {
        Ok(Self { connection: Connection::open(path, options)?, batch: options.batch.max(1) })
    }
}

impl Work for Writer {
    fn work(&mut self, job: Box<dyn Job>, queue: &Queue, counters: &Counters) {
        let mut group = vec![job];
        while group.len() < self.batch
            && let Some(job) = queue.waiting()
        {
            group.push(job);
        }
        self.save(group, counters);
    }
}

impl Writer {
    /// Saves a group with one commit. What spoils it is answered with its error, and the rest starts again without it.
    fn save(&self, mut group: Vec<Box<dyn Job>>, counters: &Counters) {
        while !group.is_empty() {
            match self.attempt(&mut group) {
                Attempt::Saved => {
                    counters.committed(group.iter().len());
                    return group.into_iter().for_each(|job| job.answer(Ok(())));
                }
                Attempt::Spoilt(index) => {
                    counters.retried();
                    group.remove(index).answer(Err(DatabaseError::other("the engine ended the transaction")));
                }
                Attempt::Refused(error) if group.len() == 1 => {
                    return group.into_iter().next().into_iter().for_each(|job| job.answer(Err(error_of(&error))));
                }
                Attempt::Refused(_) => {
                    counters.retried();
                    return group.into_iter().for_each(|job| self.save(vec![job], counters));
                }
                Attempt::Closed(error) => {
                    return group.into_iter().for_each(|job| job.answer(Err(error_of(&error))));
                }
            }
        }
    }

    fn attempt(&self, group: &mut [Box<dyn Job>]) -> Attempt {
        if let Err(error) = self.connection.raw.execute_batch("BEGIN IMMEDIATE") {
            return Attempt::Closed(error);
        }
        for (index, job) in group.iter_mut().enumerate() {
            let outcome = self.inside_savepoint(&mut **job);
            if self.connection.rolled_back() {
                return Attempt::Spoilt(index);
            }
            if let Err(error) = outcome {
                self.connection.roll_back();
                return Attempt::Refused(error);
            }
        }
        self.connection.raw.execute_batch("COMMIT").map_or_else(
            |error| {
                self.connection.roll_back();
                Attempt::Refused(error)
            },
            |()| Attempt::Saved,
        )
    }

    fn inside_savepoint(&self, job: &mut dyn Job) -> Result<(), Error> {
        let cached = |text| self.connection.raw.prepare_cached(text)?.execute([]);
        cached("SAVEPOINT request")?;
        if !job.run(Session::Sqlite(&self.connection)) && !self.connection.rolled_back() {
            cached("ROLLBACK TO request")?;
        }
        if !self.connection.rolled_back() {
            cached("RELEASE request")?;
        }
        Ok(())
    }
}

/// How the attempt to save a group ended.
enum Attempt {
    /// On disk.
    Saved,
    /// The request at this place made SQLite give up the whole transaction.
    Spoilt(usize),
    /// The commit, or a savepoint, failed; which request is to blame shows when each is saved alone.
    Refused(Error),
    /// The transaction could not begin.
    Closed(Error),
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = |written: Result<String, time::error::Format>| {
            written.map(ToSqlOutput::from).map_err(|error| Error::ToSqlConversionFailure(Box::new(error)))
        };
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Bool(yes) => i64::from(*yes).into(),
            Self::Int(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Blob(bytes) => bytes.as_slice().into(),
            Self::Uuid(uuid) => ToSqlOutput::Borrowed(ValueRef::Blob(uuid.as_bytes())),
            Self::Time(moment) => return text(moment.to_offset(UtcOffset::UTC).format(MOMENT)),
            Self::Date(day) => return text(day.format(DAY)),
        })
    }
}

/// SQLite's error again for each request of a group: it cannot be copied, so code and words are.
fn error_of(error: &Error) -> DatabaseError {
    let (code, words) = match error {
        Error::SqliteFailure(code, words) => (*code, words.clone()),
        other => (ffi::Error::new(ffi::SQLITE_ERROR), Some(other.to_string())),
    };
    failure("COMMIT", Error::SqliteFailure(code, words))
}

fn failure(statement: &'static str, source: Error) -> DatabaseError {
    let code = source.sqlite_error().copied();
    let kind = code.map(|code| constraint_kind(code.extended_code));
    let words = source.to_string();
    let cause = Box::new(InStatement { statement, source });
    match code.map(|code| code.code) {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DatabaseError::Busy(Some(cause)),
        Some(ErrorCode::ReadOnly) => DatabaseError::ReadOnly(cause),
        Some(ErrorCode::DiskFull) => DatabaseError::Full(cause),
        Some(ErrorCode::OperationInterrupted) => DatabaseError::Timeout(cause),
        Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase) => DatabaseError::Unreachable(Some(cause)),
        Some(ErrorCode::ConstraintViolation) => DatabaseError::Constraint {
            kind: kind.unwrap_or(ConstraintKind::Check),
            name: words.split_once("constraint failed: ").map_or_else(String::new, |(_, name)| name.to_owned()),
            source: cause,
        },
        _ => DatabaseError::Other(cause),
    }
}

const fn constraint_kind(extended: i32) -> ConstraintKind {
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            ConstraintKind::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ConstraintKind::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => ConstraintKind::NotNull,
        _ => ConstraintKind::Check,
    }
}
