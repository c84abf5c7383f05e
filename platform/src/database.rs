//! The database: one small layer over SQLite and PostgreSQL, with one SQL text for both.
//!
//! A store names its statements with [`statements!`](crate::statements) and has a plain function for each. An action hands
//! [`Database::write`] a closure that loads, decides, saves and records in one transaction; a page hands [`Database::read`] one
//! that sees a single snapshot. Closures run on threads of their own, so they may take their time without holding up the server.
//!
//! - **SQLite**: one thread writes. It takes all requests that wait, each in a savepoint, and commits them together; nobody hears
//!   "saved" before the commit is on disk. Readers are never held up by it.
//! - **PostgreSQL**: several threads write, serializable. A write that collides with another is run again.
//!
//! So a closure that writes may run more than once: it must do nothing but work with the database.
//!
//! Integers are `BIGINT`/`INTEGER`, identifiers `UUID`/`BLOB`, moments `TIMESTAMPTZ`/`TEXT`, days `DATE`/`TEXT`, bytes
//! `BYTEA`/`BLOB`, yes and no `BOOLEAN`/`INTEGER`; decimals and JSON are `TEXT`. A sum is `CAST(SUM(x) AS BIGINT)`.

mod error;
mod id;
mod job;
pub mod migration;
mod pool;
mod postgres;
mod row;
mod session;
mod sqlite;
mod statement;
#[cfg(test)]
mod tests;
mod tls;

#[doc(hidden)]
pub use id::new_uuid;
#[doc(hidden)]
pub use row::Field;
#[doc(hidden)]
pub use statement::numbered;
#[doc(hidden)]
pub use {serde, time::OffsetDateTime, uuid::Uuid};

pub use crate::{id, params, statements};
pub use error::{Cause, ConstraintKind, DatabaseError};
pub use id::NotAnId;
pub use migration::{Applied, Migration};
pub use row::{Column, FromRow, Row};
pub use session::{Read, Write};
pub use statement::{Sql, Value};

use job::Request;
use pool::Pool;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Which engine keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, for one machine.
    Sqlite,
    /// A server, for many.
    Postgres,
}

/// How a database is opened. `Options::default()` fits a city.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that answer questions.
    pub readers: usize,
    /// Threads that write, on PostgreSQL; SQLite has one.
    pub writers: usize,
    /// A statement that takes longer is stopped.
    pub statement_timeout: Duration,
    /// How long to wait for another program that holds the SQLite file.
    pub busy_timeout: Duration,
    /// The most requests that share one commit, on SQLite.
    pub batch: usize,
    /// So many requests may wait; more are told that the database is busy.
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            writers: 8,
            statement_timeout: Duration::from_secs(10),
            busy_timeout: Duration::from_secs(5),
            batch: 200,
            queue: 20_000,
        }
    }
}

/// What goes on at this moment, for the figures a server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauges {
    /// Questions that wait for a thread.
    pub reads_waiting: usize,
    /// Writes that wait for a thread.
    pub writes_waiting: usize,
    /// Threads that answer a question now.
    pub readers_busy: usize,
    /// Threads that write now.
    pub writers_busy: usize,
    /// Commits since the start.
    pub commits: u64,
    /// Requests that those commits saved; several may share one.
    pub requests: u64,
    /// Transactions that were run again.
    pub retries: u64,
}

/// An open database. A copy is the same database.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({:?})", self.engine())
    }
}

struct Inner {
    place: Place,
    options: Options,
    reads: Pool,
    writes: Pool,
}

/// Where the data is.
enum Place {
    File(String),
    Server(Box<postgres::Address>),
}

impl Place {
    fn read(url: &str, options: &Options) -> Result<Self, DatabaseError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Server(Box::new(postgres::Address::read(url, options)?)));
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        if path.is_empty() || path == ":memory:" {
            return Err(DatabaseError::other("a database that several threads share needs a file"));
        }
        Ok(Self::File(path.to_owned()))
    }
}

impl Database {
    /// Opens `sqlite:PATH`, `PATH` or `postgres://…`. It does not migrate: see [`Database::migrate`].
    ///
    /// # Errors
    /// When the file cannot be opened or the server does not answer.
    pub fn open(url: &str, options: &Options) -> Result<Self, DatabaseError> {
        let place = Place::read(url, options)?;
        let readers = options.readers.max(1);
        let (reads, writes) = match &place {
            Place::File(path) => {
                let writer = sqlite::Writer::open(path, options)?;
                let readers: Result<Vec<_>, _> = (0..readers).map(|_| sqlite::Reader::open(path, options)).collect();
                (Pool::start("read", readers?, options.queue)?, Pool::start("write", vec![writer], options.queue)?)
            }
            Place::Server(address) => {
                let lane = Arc::new(postgres::Lane::default());
                apart(|| postgres::Connection::open(address).map(drop))?;
                let readers = (0..readers).map(|_| postgres::Reader::new((**address).clone())).collect();
                let writers = (0..options.writers.max(1)).map(|_| postgres::Writer::new((**address).clone(), &lane));
                (Pool::start("read", readers, options.queue)?, Pool::start("write", writers.collect(), options.queue)?)
            }
        };
        Ok(Self(Arc::new(Inner { place, options: options.clone(), reads, writes })))
    }

    /// Answers a question. All statements of the closure see one state of the database.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be read.
    pub async fn read<T, E, F>(&self, ask: F) -> Result<T, E>
    where
        F: FnOnce(&mut Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let (answer, answered) = tokio::sync::oneshot::channel();
        // Nobody waits any more when the answer cannot be given: that is no fault.
        self.submit_read(ask, move |result| drop(answer.send(result)));
        answered.await.unwrap_or_else(|_| Err(DatabaseError::closed().into()))
    }

    /// Changes the database: all that the closure did is saved before this returns `Ok`, and nothing of it on any error.
    ///
    /// The closure may run more than once; only its last run counts.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be changed.
    pub async fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let answer = move |result| drop(answer.send(result));
        self.0.writes.submit(Box::new(Request::new(act, answer)));
        answered.await.unwrap_or_else(|_| Err(DatabaseError::closed().into()))
    }

    /// [`Database::read`] for programs without a server: it waits on this thread.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be read.
    pub fn read_now<T, E, F>(&self, ask: F) -> Result<T, E>
    where
        F: FnOnce(&mut Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let (answer, answered) = crossbeam_channel::bounded(1);
        self.submit_read(ask, move |result| drop(answer.send(result)));
        answered.recv().unwrap_or_else(|_| Err(DatabaseError::closed().into()))
    }

    /// [`Database::write`] for programs without a server: it waits on this thread.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be changed.
    pub fn write_now<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let (answer, answered) = crossbeam_channel::bounded(1);
        let answer = move |result| drop(answer.send(result));
        self.0.writes.submit(Box::new(Request::new(act, answer)));
        answered.recv().unwrap_or_else(|_| Err(DatabaseError::closed().into()))
    }

    fn submit_read<T, E, F>(&self, ask: F, answer: impl FnOnce(Result<T, E>) + Send + 'static)
    where
        F: FnOnce(&mut Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let mut ask = Some(ask);
        let once = move |session: &mut Write<'_>| match ask.take() {
            Some(ask) => ask(session),
            None => Err(DatabaseError::other("a question is asked once").into()),
        };
        self.0.reads.submit(Box::new(Request::new(once, answer)));
    }

    /// Brings the tables up to this program's version.
    ///
    /// # Errors
    /// When the database is newer than the program, an applied migration was altered, or a migration fails.
    pub fn migrate(&self) -> Result<Vec<Applied>, DatabaseError> {
        self.migrate_with(migration::known(self.engine()))
    }

    /// Applies those migrations of a list that are not applied yet.
    ///
    /// # Errors
    /// As [`Database::migrate`].
    pub fn migrate_with(&self, list: &[Migration]) -> Result<Vec<Applied>, DatabaseError> {
        apart(|| migration::apply(&self.0.place, &self.0.options, list))
    }

    /// Whether the tables are exactly those this program works with.
    ///
    /// # Errors
    /// When the database is older or newer than the program, or an applied migration was altered.
    pub fn check_version(&self) -> Result<(), DatabaseError> {
        let list = migration::known(self.engine());
        self.read_now(move |db| migration::check(db, list))
    }

    /// Prepares statements without running them, on a connection of its own: the engine checks names and types.
    ///
    /// A statement that is named for the other engine (`…_IN_SQLITE`, `…_IN_POSTGRES`) is passed over.
    ///
    /// # Errors
    /// Everything that the engine refuses.
    pub fn prepare(&self, statements: &[Sql]) -> Result<(), Vec<DatabaseError>> {
        let own = statements.iter().filter(|sql| sql.engine().is_none_or(|engine| engine == self.engine()));
        let refused = apart(|| match &self.0.place {
            Place::File(path) => {
                let connection = sqlite::Connection::open(path, &self.0.options)?;
                Ok(own.filter_map(|sql| connection.prepare(*sql).err()).collect())
            }
            Place::Server(address) => {
                let mut connection = postgres::Connection::open(address)?;
                Ok(own.filter_map(|sql| connection.prepare(*sql).err()).collect())
            }
        });
        let refused: Vec<DatabaseError> = refused.unwrap_or_else(|error| vec![error]);
        if refused.is_empty() { Ok(()) } else { Err(refused) }
    }

    #[cfg(any(test, feature = "testing"))]
    /// Runs a text of many statements in one transaction: sample data.
    pub(crate) fn run_script(&self, text: &str) -> Result<(), DatabaseError> {
        let text = format!("BEGIN;\n{text};\nCOMMIT;");
        apart(|| match &self.0.place {
            Place::File(path) => sqlite::Connection::open(path, &self.0.options)?.batch(&text),
            Place::Server(address) => postgres::Connection::open(address)?.batch(&text),
        })
    }

    /// Which engine keeps the data.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.0.place {
            Place::File(_) => Engine::Sqlite,
            Place::Server(_) => Engine::Postgres,
        }
    }

    /// What goes on at this moment.
    #[must_use]
    pub fn gauges(&self) -> Gauges {
        let (reads, writes) = (&self.0.reads, &self.0.writes);
        Gauges {
            reads_waiting: reads.waiting(),
            writes_waiting: writes.waiting(),
            readers_busy: reads.counters.busy.load(Ordering::Relaxed),
            writers_busy: writes.counters.busy.load(Ordering::Relaxed),
            commits: writes.counters.commits.load(Ordering::Relaxed),
            requests: writes.counters.requests.load(Ordering::Relaxed),
            retries: writes.counters.retries.load(Ordering::Relaxed),
        }
    }

    /// Finishes what was accepted and closes; copies of this database then answer that it is unreachable. It waits on this thread.
    pub fn close(self) {
        self.0.writes.finish();
        self.0.reads.finish();
    }
}

/// Runs on a thread of its own and waits: PostgreSQL's driver refuses a thread that drives asynchronous tasks.
pub(crate) fn apart<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
