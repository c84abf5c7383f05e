//! PostgreSQL: threads with a connection each. Writes are serializable and start again when they collide; reads see one snapshot.

use super::error::{ConstraintKind, InStatement};
use super::job::Job;
use super::pool::{Counters, Queue, Work};
use super::session::{Duration, Session, Take};
use super::{DatabaseError, Options, Row, Sql, Value, tls};
use bytes::BytesMut;
use postgres::error::{DbError, SqlState};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type};
use postgres::{Client, Error, Statement};
use std::collections::HashMap;
use std::error::Error as StdError;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration as Span;

const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
/// After so many collisions with other programs a write is given up as "busy"; that is some ten seconds.
const ATTEMPTS: u32 = 64;

/// One connection with its prepared statements and what befell its transaction.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    collided: bool,
    lost: bool,
}

impl Connection {
    pub(super) fn open(address: &Address) -> Result<Self, DatabaseError> {
        let mut client = match &address.tls {
            Some(tls) => address.config.connect(tls.clone()),
            None => address.config.connect(postgres::NoTls),
        }
        .map_err(|error| failure("CONNECT", error))?;
        let limit = address.statement_timeout.as_millis();
        client
            .batch_execute(&format!("SET statement_timeout = {limit}; SET TimeZone = 'UTC'"))
            .map_err(|error| failure("CONNECT", error))?;
        Ok(Self { client, statements: HashMap::new(), collided: false, lost: false })
    }

    pub(super) fn batch(&mut self, text: &str) -> Result<(), DatabaseError> {
        self.client.batch_execute(text).map_err(|error| self.failed("BATCH", error))
    }

    /// The statement, prepared once per connection.
    pub(super) fn prepare(&mut self, sql: Sql) -> Result<Statement, DatabaseError> {
        if let Some(statement) = self.statements.get(sql.text()) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql.text()).map_err(|error| self.failed(sql.name(), error))?;
        self.statements.insert(sql.text(), statement.clone());
        Ok(statement)
    }

    pub(super) fn rows(
        &mut self,
        sql: Sql,
        params: &[Value],
        time: Duration,
        take: Take<'_>,
    ) -> Result<(), DatabaseError> {
        if time == Duration::Unlimited {
            self.batch("SET LOCAL statement_timeout = 0")?;
        }
        let statement = self.prepare(sql)?;
        let outcome = (|| {
            let fail = |error| Stop::Engine(error);
            let mut rows = self.client.query_raw(&statement, params).map_err(fail)?;
            while let Some(row) = rows.next().map_err(fail)? {
                take(&Row::of_postgres(&row)).map_err(Stop::Taker)?;
            }
            Ok(())
        })();
        outcome.map_err(|stop| match stop {
            Stop::Taker(error) => error,
            Stop::Engine(error) => self.failed(sql.name(), error),
        })
    }

    pub(super) fn execute(&mut self, sql: Sql, params: &[Value]) -> Result<u64, DatabaseError> {
        let statement = self.prepare(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &params).map_err(|error| self.failed(sql.name(), error))
    }

    /// The error for the reader; a collision, or a plan that a migration made stale, is remembered for the next attempt.
    fn failed(&mut self, statement: &'static str, error: Error) -> DatabaseError {
        let stale = error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
            && error.as_db_error().is_some_and(|error| error.message().contains("cached plan"));
        if stale {
            self.statements.clear();
        }
        self.collided |= stale || is_collision(&error);
        self.lost |= is_lost(&error);
        failure(statement, error)
    }
}

/// Who stopped a stream of rows.
enum Stop {
    Taker(DatabaseError),
    Engine(Error),
}

/// Where the server is and how to speak with it.
#[derive(Clone)]
pub(super) struct Address {
    config: postgres::Config,
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
    statement_timeout: Span,
}

impl Address {
    pub(super) fn read(url: &str, options: &Options) -> Result<Self, DatabaseError> {
        let (url, tls) = tls::split(url)?;
        let mut config: postgres::Config = url.parse().map_err(|error| failure("ADDRESS", error))?;
        let mode = if tls.is_some() { postgres::config::SslMode::Require } else { postgres::config::SslMode::Disable };
        config.ssl_mode(mode).connect_timeout(Span::from_secs(5)).tcp_user_timeout(Span::from_secs(20));
        if config.get_application_name().is_none() {
            config.application_name("prima");
        }
        Ok(Self { config, tls, statement_timeout: options.statement_timeout })
    }
}

/// A connection that is made when it is first needed, and anew when it broke.
struct Link {
    address: Address,
    connection: Option<Connection>,
}

impl Link {
    /// Begins a transaction. A connection that broke while it was idle is replaced first.
    fn begin(&mut self, text: &str) -> Result<&mut Connection, DatabaseError> {
        let alive = self.connection.take().and_then(|mut connection| {
            connection.collided = false;
            connection.batch(text).is_ok().then_some(connection)
        });
        let connection = match alive {
            Some(connection) => connection,
            None => {
                let mut connection = Connection::open(&self.address)?;
                connection.batch(text)?;
                connection
            }
        };
        Ok(self.connection.insert(connection))
    }

    fn end(&mut self, text: &str) {
        // A connection that cannot even end its transaction is dropped; the server then rolls back.
        self.connection.take_if(|connection| connection.batch(text).is_err());
    }
}

/// Answers questions, each inside a snapshot.
pub(super) struct Reader(Link);

impl Reader {
    pub(super) const fn new(address: Address) -> Self {
        Self(Link { address, connection: None })
    }
}

impl Work for Reader {
    fn work(&mut self, mut job: Box<dyn Job>, _: &Queue, _: &Counters) {
        let begun = self.0.begin(BEGIN_READ).map(|connection| {
            job.run(Session::Postgres(connection));
        });
        job.answer(begun);
        self.0.end("ROLLBACK");
    }
}

/// Writes one request at a time, several writers side by side.
pub(super) struct Writer {
    link: Link,
    lane: Arc<Lane>,
    jitter: RandomState,
}

/// Where a write that collided runs again, one at a time, while this program's new writes wait a moment.
///
/// So a row that everybody wants at once, such as the counter of a queue, is served one after the other instead of in endless
/// collisions. Nobody waits longer than [`PATIENCE`], lest one long write hold up all others.
#[derive(Default)]
pub(super) struct Lane {
    taken: Mutex<bool>,
    freed: Condvar,
}

const PATIENCE: Span = Span::from_millis(200);

/// The right to run again alone, until it is dropped.
struct Turn<'l>(&'l Lane);

impl Lane {
    /// Waits until the lane is free, or patience ends; takes it when asked to.
    fn wait(&self, take: bool) -> Option<Turn<'_>> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.freed.wait_timeout_while(taken, PATIENCE, |taken| *taken);
        let (mut taken, waited) = free.unwrap_or_else(PoisonError::into_inner);
        let mine = take && !waited.timed_out();
        *taken |= mine;
        mine.then(|| Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.freed.notify_all();
    }
}

/// How an attempt ended.
enum Attempt {
    Done(Result<(), DatabaseError>),
    /// It collided with another write.
    Again,
    /// The connection broke before COMMIT was sent.
    Lost,
}

impl Writer {
    pub(super) fn new(address: Address, lane: &Arc<Lane>) -> Self {
        Self { link: Link { address, connection: None }, lane: Arc::clone(lane), jitter: RandomState::new() }
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Attempt {
        let connection = match self.link.begin(BEGIN_WRITE) {
            Ok(connection) => connection,
            Err(error) => return Attempt::Done(Err(error)),
        };
        let keep = job.run(Session::Postgres(connection));
        // Nothing was confirmed before COMMIT was sent, so to start again is safe.
        if connection.lost {
            self.link.connection = None;
            return Attempt::Lost;
        }
        if connection.collided {
            self.link.end("ROLLBACK");
            return Attempt::Again;
        }
        if !keep {
            self.link.end("ROLLBACK");
            return Attempt::Done(Ok(()));
        }
        match connection.client.batch_execute("COMMIT") {
            Ok(()) => Attempt::Done(Ok(())),
            Err(error) if is_collision(&error) => {
                self.link.end("ROLLBACK");
                Attempt::Again
            }
            Err(error) => {
                let unknown = is_lost(&error) || error.as_db_error().is_none();
                self.link.end("ROLLBACK");
                Attempt::Done(Err(if unknown {
                    DatabaseError::OutcomeUnknown(Box::new(InStatement { statement: "COMMIT", source: error }))
                } else {
                    failure("COMMIT", error)
                }))
            }
        }
    }

    /// Waits longer with each attempt, and never as long as another program that collided with this one.
    fn wait(&self, attempt: u32) {
        let most = (1_u64 << attempt.min(8)) * 1_000;
        std::thread::sleep(Span::from_micros(self.jitter.hash_one(attempt) % most));
    }
}

impl Work for Writer {
    fn work(&mut self, mut job: Box<dyn Job>, _: &Queue, counters: &Counters) {
        let lane = Arc::clone(&self.lane);
        let (mut losses, mut turn) = (0, None);
        lane.wait(false);
        for attempt in 0..ATTEMPTS {
            let ended = self.attempt(&mut *job);
            match ended {
                Attempt::Done(outcome) => {
                    counters.committed(usize::from(outcome.is_ok()));
                    return job.answer(outcome);
                }
                // What breaks a connection twice may be the write itself.
                Attempt::Lost if losses > 0 => return job.answer(Err(DatabaseError::Unreachable(None))),
                Attempt::Lost => losses += 1,
                Attempt::Again => {}
            }
            counters.retried();
            if attempt > 0 {
                self.wait(attempt);
            }
            turn = turn.or_else(|| lane.wait(true));
        }
        drop(turn);
        job.answer(Err(DatabaseError::Busy(None)));
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(yes) => yes.to_sql_checked(kind, out),
            Self::Int(number) => match *kind {
                Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
                Type::INT2 => i16::try_from(*number)?.to_sql(kind, out),
                _ => number.to_sql_checked(kind, out),
            },
            Self::Text(text) => text.to_sql_checked(kind, out),
            Self::Blob(bytes) => bytes.to_sql_checked(kind, out),
            Self::Uuid(uuid) => uuid.to_sql_checked(kind, out),
            Self::Time(moment) => moment.to_sql_checked(kind, out),
            Self::Date(day) => day.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

fn is_collision(error: &Error) -> bool {
    matches!(error.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// Whether the connection is gone: the server ended it, or nothing came any more.
fn is_lost(error: &Error) -> bool {
    match error.code() {
        Some(code) => code.code().starts_with("57P"),
        None => error.is_closed() || CONNECTION_WORDS.iter().any(|words| error.to_string().starts_with(words)),
    }
}

fn failure(statement: &'static str, source: Error) -> DatabaseError {
    let known = source.as_db_error().map(|error| (error.code().clone(), constraint_name(error)));
    let gone = is_lost(&source);
    let cause = Box::new(InStatement { statement, source });
    let Some((code, name)) = known else {
        return if gone { DatabaseError::Unreachable(Some(cause)) } else { DatabaseError::Other(cause) };
    };
    let constraint = |kind| (kind, name.clone());
    let (kind, name) = match code.code() {
        "23505" => constraint(ConstraintKind::Unique),
        "23503" | "23001" => constraint(ConstraintKind::ForeignKey),
        "23514" => constraint(ConstraintKind::Check),
        "23502" => constraint(ConstraintKind::NotNull),
        "25006" => return DatabaseError::ReadOnly(cause),
        "53100" => return DatabaseError::Full(cause),
        "57014" => return DatabaseError::Timeout(cause),
        "40001" | "40P01" | "53200" | "53300" | "53400" | "55P03" => return DatabaseError::Busy(Some(cause)),
        code if gone || code == "3D000" || code.starts_with("08") || code.starts_with("28") => {
            return DatabaseError::Unreachable(Some(cause));
        }
        _ => return DatabaseError::Other(cause),
    };
    DatabaseError::Constraint { kind, name, source: cause }
}

/// How the driver begins the errors that come of the connection; it has no code for them.
const CONNECTION_WORDS: [&str; 4] =
    ["error communicating", "error connecting", "error performing TLS", "timeout waiting"];

/// `table.column, table.column` as SQLite says it, from `Key (column, column)=(…) already exists.`; else the constraint's name.
fn constraint_name(error: &DbError) -> String {
    let table = error.table().unwrap_or_default();
    if let Some(column) = error.column() {
        return format!("{table}.{column}");
    }
    let detail = error.detail().filter(|_| *error.code() == SqlState::UNIQUE_VIOLATION);
    let columns = detail.and_then(|words| words.split_once('(')).and_then(|(_, rest)| rest.split_once(")="));
    columns.map_or_else(
        || error.constraint().unwrap_or_default().to_owned(),
        |(columns, _)| {
            let named: Vec<String> = columns.split(", ").map(|column| format!("{table}.{column}")).collect();
            named.join(", ")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_write_at_a_time_runs_again_and_a_long_one_holds_nobody_up_for_long() {
        let lane = Lane::default();
        let began = std::time::Instant::now();
        let turn = lane.wait(true);
        assert!(turn.is_some());
        assert!(began.elapsed() < PATIENCE, "a free lane is taken at once");
        assert!(lane.wait(true).is_none(), "the lane is taken");
        lane.wait(false);
        assert!(began.elapsed() < PATIENCE * 20, "patience ends");
        drop(turn);
        assert!(lane.wait(true).is_some());
    }
}
