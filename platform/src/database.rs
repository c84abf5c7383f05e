//! The database: one small layer over SQLite and PostgreSQL, with one SQL text for both.
//!
//! A store names its statements with [`statements!`](crate::statements) and has a plain function for each. An action hands
//! [`Database::write`] a closure that loads, decides, saves and records in one transaction; a page hands [`Database::read`] one
//! that sees a single snapshot. Closures run on threads of their own, so they may take their time without holding up the server.
//!
//! - **SQLite**: one thread writes. It takes all requests that wait and commits them together, and savepoints see to it that one which
//!   is refused fails alone; nobody hears "saved" before the commit is on disk. Readers are never held up by it.
//! - **PostgreSQL**: several threads write, serializable. A write that collides with another is run again.
//!
//! So a closure that writes may run more than once: it must do nothing but work with the database.
//!
//! Integers are `BIGINT`/`INTEGER`, identifiers `UUID`/`BLOB`, moments `TIMESTAMPTZ`/`TEXT`, days `DATE`/`TEXT`, bytes
//! `BYTEA`/`BLOB`, yes and no `BOOLEAN`/`INTEGER`; decimals and JSON are `TEXT`. A sum is `CAST(SUM(x) AS BIGINT)`.

mod connection;
mod error;
pub mod migration;
mod postgres;
mod session;
mod sqlite;
mod statement;
#[cfg(test)]
mod tests;
mod tls;
mod value;
mod worker;

#[doc(hidden)]
pub use {crate::id::new_uuid, serde, time::OffsetDateTime, uuid::Uuid};

pub use crate::id::NotAnId;
pub use crate::{id, params, statements};
pub use error::{Cause, ConstraintKind, DatabaseError};
pub use migration::{Applied, Migration};
pub use session::{Read, Write};
pub use statement::Sql;
pub use value::{Column, FromRow, Row, Value};

use connection::{Connection, Home, Purpose};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use worker::Pool;

/// Which engine keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, for one machine.
    Sqlite,
    /// A server, for many.
    Postgres,
}

impl Engine {
    /// The one that is for this engine.
    #[must_use]
    pub const fn choose<T: Copy>(self, in_sqlite: T, in_postgres: T) -> T {
        match self {
            Self::Sqlite => in_sqlite,
            Self::Postgres => in_postgres,
        }
    }
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
            batch: 1_000,
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
    /// Statements since the start, of questions and of writes.
    pub statements: u64,
}

/// An open database. A copy is the same database.
#[derive(Clone)]
pub struct Database {
    home: Arc<Home>,
    reads: Arc<Pool>,
    writes: Arc<Pool>,
    /// Where SQLite is asked for its stamp: it counts, for each connection, what others committed. Gone when the database is closed.
    watch: Arc<Mutex<Option<Box<dyn Connection>>>>,
}

/// A state of the database: see [`Database::stamp`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp(Vec<(Value,)>);

statements! {
    STAMP_IN_SQLITE = "PRAGMA data_version";
    /// Which transactions of the server are over: any that writes changes it when it ends.
    STAMP_IN_POSTGRES = "SELECT CAST(pg_current_snapshot() AS TEXT)";
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({:?})", self.engine())
    }
}

impl Database {
    /// Opens `sqlite:PATH`, `PATH` or `postgres://…`. It does not migrate: see [`Database::migrate`].
    ///
    /// # Errors
    /// When the file cannot be opened or the server does not answer.
    pub fn open(url: &str, options: &Options) -> Result<Self, DatabaseError> {
        let home = Arc::new(Home::read(url, options)?);
        // Workers connect when they have something to do; whether that is possible is said here.
        let watch = apart(|| home.connect(Purpose::Watch).map(|db| (db.engine() == Engine::Sqlite).then_some(db)))?;
        let (reads, writes) = (Pool::start(&home, Purpose::Read)?, Pool::start(&home, Purpose::Write)?);
        Ok(Self { home, reads: Arc::new(reads), writes: Arc::new(writes), watch: Arc::new(Mutex::new(watch)) })
    }

    /// Answers a question. All statements of the closure see one state of the database.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be read.
    pub async fn read<T: Send + 'static, E: From<DatabaseError> + Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Read<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        answer(self.reads.submit(once(ask)).await)
    }

    /// Changes the database: all that the closure did is saved before this returns `Ok`, and nothing of it on any error.
    ///
    /// The closure may run more than once; only its last run counts.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be changed.
    pub async fn write<T: Send + 'static, E: From<DatabaseError> + Send + 'static>(
        &self,
        act: impl FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        answer(self.writes.submit(act).await)
    }

    /// [`Database::read`] for programs without a server: it waits on this thread.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be read.
    pub fn read_now<T: Send + 'static, E: From<DatabaseError> + Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Read<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let answered = self.reads.submit(once(ask));
        answer(apart(|| answered.blocking_recv()))
    }

    /// [`Database::write`] for programs without a server: it waits on this thread.
    ///
    /// # Errors
    /// What the closure says, or why the database could not be changed.
    pub fn write_now<T: Send + 'static, E: From<DatabaseError> + Send + 'static>(
        &self,
        act: impl FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let answered = self.writes.submit(act);
        answer(apart(|| answered.blocking_recv()))
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
        apart(|| migration::apply(&mut *self.home.connect(Purpose::Migrate)?, list))
    }

    /// Whether the tables are exactly those this program works with.
    ///
    /// # Errors
    /// When the database is older or newer than the program, or an applied migration was altered.
    pub fn check_version(&self) -> Result<(), DatabaseError> {
        let list = migration::known(self.engine());
        self.read_now(move |db| migration::check(db, list))
    }

    /// What the database says of its state: as long as it says the same, nothing was committed, by this program or another.
    ///
    /// SQLite is asked on this thread, since it only looks at memory it shares with other programs; PostgreSQL on one of the readers.
    ///
    /// # Errors
    /// When the database cannot be read, or another program holds all of it.
    pub async fn stamp(&self) -> Result<Stamp, DatabaseError> {
        let watched = lock(&self.watch).as_mut().map(|db| Write::new(&mut **db).all(STAMP_IN_SQLITE, &[]));
        let said = match watched {
            Some(said) => said,
            None => self.read(|db| db.all(STAMP_IN_POSTGRES, &[])).await,
        };
        said.map(Stamp)
    }

    /// Prepares statements without running them, on a connection of its own: the engine checks names and types.
    ///
    /// A statement that is named for the other engine (`…_IN_SQLITE`, `…_IN_POSTGRES`) is passed over.
    ///
    /// # Errors
    /// Everything that the engine refuses.
    pub fn prepare(&self, statements: &[Sql]) -> Result<(), Vec<DatabaseError>> {
        let own = statements.iter().filter(|sql| sql.engine().is_none_or(|engine| engine == self.engine()));
        apart(|| {
            let mut connection = self.home.connect(Purpose::Write).map_err(|error| vec![error])?;
            let refused: Vec<DatabaseError> = own.filter_map(|sql| connection.prepare(*sql).err()).collect();
            if refused.is_empty() { Ok(()) } else { Err(refused) }
        })
    }

    #[cfg(any(test, feature = "testing"))]
    /// Runs a text of many statements in one transaction: sample data.
    pub(crate) fn run_script(&self, text: &str) -> Result<(), DatabaseError> {
        apart(|| self.home.connect(Purpose::Write)?.batch(&format!("BEGIN;\n{text};\nCOMMIT;")))
    }

    /// Which engine keeps the data.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.home.engine()
    }

    /// What goes on at this moment.
    #[must_use]
    pub fn gauges(&self) -> Gauges {
        let Self { reads, writes, .. } = self;
        Gauges {
            reads_waiting: reads.queue.len(),
            writes_waiting: writes.queue.len(),
            readers_busy: reads.counters.busy.load(Ordering::Relaxed),
            writers_busy: writes.counters.busy.load(Ordering::Relaxed),
            commits: writes.counters.commits.load(Ordering::Relaxed),
            requests: writes.counters.requests.load(Ordering::Relaxed),
            retries: writes.counters.retries.load(Ordering::Relaxed),
            statements: [reads, writes].iter().map(|pool| pool.counters.statements.load(Ordering::Relaxed)).sum(),
        }
    }

    /// Finishes what was accepted and closes; copies of this database then answer that it is unreachable. It waits on this thread.
    pub fn close(self) {
        lock(&self.watch).take();
        self.writes.finish();
        self.reads.finish();
    }
}

/// A question as the workers take it. They ask again only when the connection broke.
fn once<T, E: From<DatabaseError>>(
    ask: impl FnOnce(&mut Read<'_>) -> Result<T, E>,
) -> impl FnMut(&mut Write<'_>) -> Result<T, E> {
    let mut ask = Some(ask);
    move |db| ask.take().map_or_else(|| Err(DatabaseError::Unreachable(None).into()), |ask| ask(db))
}

/// What a mutex guards; nothing here is left half-done when a thread that holds one breaks off.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request that nobody answered was dropped with its worker.
fn answer<T, E: From<DatabaseError>>(answered: Result<Result<T, E>, oneshot::error::RecvError>) -> Result<T, E> {
    answered.unwrap_or_else(|_| Err(DatabaseError::closed().into()))
}

/// Runs on a thread of its own and waits: PostgreSQL's driver refuses a thread that drives asynchronous tasks.
pub(crate) fn apart<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
