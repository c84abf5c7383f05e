//! SQLite: a connection that confirms nothing before it is on disk.

use super::connection::{self, Take};
use super::value::{DAY, MOMENT};
use super::{DatabaseError, Engine, Options, Row, Sql, Value, lock};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Error, ErrorCode, Statement, ToSql, ffi};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use time::UtcOffset;

/// Every request is on disk before it is answered (`synchronous=FULL`); the caches are sized for a server of 2 GB.
const PRAGMAS: &str =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;
    PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;";
/// So many steps of SQLite's machine lie between two looks at the time: well under a millisecond.
const STEPS_PER_LOOK: i32 = 10_000;

/// One connection and how long a statement on it may take.
pub(super) struct Connection {
    raw: rusqlite::Connection,
    limit: Duration,
    /// When the present statement is stopped.
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl Connection {
    pub(super) fn open(path: &str, options: &Options) -> Result<Self, DatabaseError> {
        Self::try_open(path, options).map_err(|error| failure("OPEN", error))
    }

    fn try_open(path: &str, options: &Options) -> Result<Self, Error> {
        let mut raw = rusqlite::Connection::open(path)?;
        raw.busy_timeout(options.busy_timeout)?;
        raw.set_prepared_statement_cache_capacity(512);
        // Changing to WAL takes a lock that does not wait its turn, so two programs that make one file at once must try again.
        let began = Instant::now();
        while let Err(error) = raw.execute_batch(PRAGMAS) {
            if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) || began.elapsed() > options.busy_timeout {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let deadline = Arc::new(Mutex::new(None));
        let of_statement = Arc::clone(&deadline);
        let late = move || lock(&of_statement).is_some_and(|deadline| Instant::now() > deadline);
        raw.progress_handler(STEPS_PER_LOOK, Some(late))?;
        Ok(Self { raw, limit: options.statement_timeout, deadline })
    }

    fn try_run(&self, sql: Sql, params: &[Value], take: Take<'_>) -> Result<u64, DatabaseError> {
        let fail = |error| failure(sql.name(), error);
        let mut statement = self.raw.prepare_cached(sql.text()).map_err(fail)?;
        bind(&mut statement, params, sql.in_order()).map_err(fail)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(fail)? {
            let column = |index| row.get_ref(index).and_then(read).map_err(|error| error.to_string());
            take(&Row::new(&column))?;
        }
        Ok(self.raw.changes())
    }
}

impl connection::Connection for Connection {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn batch(&mut self, text: &str) -> Result<(), DatabaseError> {
        self.raw.execute_batch(text).map_err(|error| failure("BATCH", error))
    }

    /// Each word is parsed once: parsing two for each request would take longer than what the request does.
    fn control(&mut self, word: &'static str) -> Result<(), DatabaseError> {
        let said = self.raw.prepare_cached(word).and_then(|mut statement| statement.raw_execute());
        said.map(drop).map_err(|error| failure(word, error))
    }

    fn changes(&self) -> Option<u64> {
        (!self.raw.is_autocommit()).then(|| self.raw.total_changes())
    }

    /// SQLite ends a transaction itself when the disk is full or a change is interrupted.
    fn rollback(&mut self) -> Result<(), DatabaseError> {
        if self.raw.is_autocommit() { Ok(()) } else { self.control("ROLLBACK") }
    }

    fn prepare(&mut self, sql: Sql) -> Result<(), DatabaseError> {
        self.raw.prepare(sql.text()).map(drop).map_err(|error| failure(sql.name(), error))
    }

    fn run(&mut self, sql: Sql, params: &[Value], limited: bool, take: Take<'_>) -> Result<u64, DatabaseError> {
        *lock(&self.deadline) = limited.then(|| Instant::now() + self.limit);
        let outcome = self.try_run(sql, params, take);
        *lock(&self.deadline) = None;
        outcome
    }
}

/// To SQLite `$1` is a name, and its place is where it first stands; so each value goes where its number is. Where the numbers stand
/// in order, nobody needs to look at the names.
fn bind(statement: &mut Statement<'_>, params: &[Value], in_order: bool) -> Result<(), Error> {
    if in_order && statement.parameter_count() == params.len() {
        return (1..).zip(params).try_for_each(|(place, value)| statement.raw_bind_parameter(place, value));
    }
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| params.get(number.checked_sub(1)?));
        let value = value.ok_or(Error::InvalidParameterCount(params.len(), statement.parameter_count()))?;
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, Error> {
        let written = match self {
            Self::Null => return Ok(ToSqlOutput::Borrowed(ValueRef::Null)),
            Self::Bool(yes) => return Ok(i64::from(*yes).into()),
            Self::Int(number) => return Ok((*number).into()),
            Self::Text(text) => return Ok(text.as_str().into()),
            Self::Blob(bytes) => return Ok(bytes.as_slice().into()),
            Self::Uuid(uuid) => return Ok(uuid.as_bytes().as_slice().into()),
            Self::Time(moment) => moment.to_offset(UtcOffset::UTC).format(MOMENT),
            Self::Date(day) => day.format(DAY),
        };
        written.map(Into::into).map_err(|error| Error::ToSqlConversionFailure(Box::new(error)))
    }
}

fn read(value: ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(_) => return Err(rusqlite::types::FromSqlError::InvalidType.into()),
    })
}

fn failure(statement: &'static str, source: Error) -> DatabaseError {
    let state = source.sqlite_error().map_or("", sql_state);
    let words = source.to_string();
    let name = words.split_once("constraint failed: ").map_or("", |(_, name)| name);
    DatabaseError::of_engine(state, name.to_owned(), statement, source.into())
}

/// The code that the SQL standard has for an error of SQLite.
const fn sql_state(error: &ffi::Error) -> &'static str {
    match (error.code, error.extended_code) {
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => "55P03",
        (ErrorCode::ReadOnly, _) => "25006",
        (ErrorCode::DiskFull, _) => "53100",
        (ErrorCode::OperationInterrupted, _) => "57014",
        (ErrorCode::CannotOpen | ErrorCode::NotADatabase, _) => "08001",
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
            "23505"
        }
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => "23503",
        (_, ffi::SQLITE_CONSTRAINT_NOTNULL) => "23502",
        (ErrorCode::ConstraintViolation, _) => "23514",
        _ => "",
    }
}
