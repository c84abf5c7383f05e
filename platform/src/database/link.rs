//! What the two engines have in common: a connection, what it is for, and how a transaction begins and ends on it.

use super::{DatabaseError, Engine, Options, Row, Sql, Value, migration, postgres, sqlite};
use std::sync::Arc;

/// Receives row by row.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Row<'_>) -> Result<(), DatabaseError>;

/// A connection to either engine.
pub(super) trait Connection: Send {
    fn engine(&self) -> Engine;
    /// Runs a text of many statements without parameters.
    fn batch(&mut self, text: &str) -> Result<(), DatabaseError>;
    /// Says words that every transaction says.
    fn control(&mut self, words: &[&'static str]) -> Result<(), DatabaseError>;
    /// Lets the engine check names and types without running anything.
    fn prepare(&mut self, sql: Sql) -> Result<(), DatabaseError>;
    /// Hands over the rows of a statement and says how many it changed. Its time may be limited.
    fn run(&mut self, sql: Sql, params: &[Value], limited: bool, take: Take<'_>) -> Result<u64, DatabaseError>;
    /// A text that differs whenever something was committed since it was last asked for on this connection.
    fn stamp(&mut self) -> Result<String, DatabaseError>;
    /// What befell the whole transaction through the statements since the last `batch`.
    fn setback(&self) -> Option<Setback>;
}

/// What befalls a transaction beyond the failure of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setback {
    /// It collided with another.
    Collided,
    /// Its connection broke, or knows the tables as they were before a migration.
    Lost,
    /// The engine ended it, as SQLite does when the disk is full or a change is interrupted.
    Ended,
}

/// Where the data is and how it is reached.
pub(super) struct Home {
    pub(super) place: Place,
    pub(super) options: Options,
}

pub(super) enum Place {
    File(String),
    Server(Box<postgres::Address>),
}

impl Home {
    pub(super) fn read(url: &str, options: &Options) -> Result<Self, DatabaseError> {
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        let place = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Place::Server(Box::new(postgres::Address::read(url)?))
        } else if path.is_empty() || path == ":memory:" {
            return Err(DatabaseError::other("a database that several threads share needs a file"));
        } else {
            Place::File(path.to_owned())
        };
        Ok(Self { place, options: options.clone() })
    }

    pub(super) const fn engine(&self) -> Engine {
        match self.place {
            Place::File(_) => Engine::Sqlite,
            Place::Server(_) => Engine::Postgres,
        }
    }

    pub(super) fn connect(&self, purpose: Purpose) -> Result<Box<dyn Connection>, DatabaseError> {
        let mut connection: Box<dyn Connection> = match &self.place {
            Place::File(path) => Box::new(sqlite::Connection::open(path, &self.options)?),
            Place::Server(address) => Box::new(postgres::Connection::open(address, &self.options)?),
        };
        connection.batch(purpose.words(self.engine()).0)?;
        Ok(connection)
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
    Migrate,
    /// Only to ask whether anything was committed.
    Watch,
}

impl Purpose {
    /// What is said once to a new connection, and what begins each transaction.
    const fn words(self, engine: Engine) -> (&'static str, &'static [&'static str]) {
        match (self, engine) {
            (Self::Watch, Engine::Sqlite) => ("PRAGMA query_only=ON; PRAGMA busy_timeout=0", &["BEGIN"]),
            (Self::Read, Engine::Sqlite) => ("PRAGMA query_only=ON", &["BEGIN"]),
            (Self::Read | Self::Watch, Engine::Postgres) => ("", &["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]),
            (Self::Write, Engine::Sqlite) => ("", &["BEGIN IMMEDIATE"]),
            (Self::Write, Engine::Postgres) => ("", &["BEGIN ISOLATION LEVEL SERIALIZABLE"]),
            // SQLite can rebuild a table only while foreign keys are not enforced; a migration may take as long as it needs.
            (Self::Migrate, Engine::Sqlite) => ("PRAGMA foreign_keys=OFF", migration::BEGIN_IN_SQLITE),
            (Self::Migrate, Engine::Postgres) => ("SET statement_timeout=0", migration::BEGIN_IN_POSTGRES),
        }
    }
}

/// A connection that is made when it is first needed, and anew when it broke.
pub(super) struct Link {
    pub(super) home: Arc<Home>,
    pub(super) purpose: Purpose,
    pub(super) connection: Option<Box<dyn Connection>>,
}

impl Link {
    /// Begins a transaction. A connection that broke while it was idle is replaced first.
    pub(super) fn begin(&mut self) -> Result<&mut dyn Connection, DatabaseError> {
        let begin = self.purpose.words(self.home.engine()).1;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.home.connect(self.purpose)?,
        };
        if let Err(error) = connection.control(begin) {
            if connection.setback() != Some(Setback::Lost) {
                return Err(error);
            }
            connection = self.home.connect(self.purpose)?;
            connection.control(begin)?;
        }
        Ok(&mut **self.connection.insert(connection))
    }

    /// Takes back what was not committed, and says what befell it. A connection that cannot even do that is dropped.
    pub(super) fn end(&mut self) -> Option<Setback> {
        let setback = self.connection.as_ref().and_then(|connection| connection.setback());
        self.connection.take_if(|connection| match setback {
            Some(Setback::Ended) => false,
            Some(Setback::Lost) => true,
            Some(Setback::Collided) | None => connection.control(&["ROLLBACK"]).is_err(),
        });
        setback
    }
}
