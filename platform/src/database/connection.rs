//! What the two engines have in common: a connection, and where and for what it is opened.

use super::{DatabaseError, Engine, Options, Row, Sql, Value, postgres, sqlite};

/// Receives row by row.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Row<'_>) -> Result<(), DatabaseError>;

/// A connection to either engine. Of its errors `Busy` says that the transaction collided with another, and `Unreachable` that the
/// connection is of no further use.
pub(super) trait Connection: Send {
    fn engine(&self) -> Engine;
    /// Runs a text of many statements without parameters.
    fn batch(&mut self, text: &str) -> Result<(), DatabaseError>;
    /// Says a word that every transaction says.
    fn control(&mut self, word: &'static str) -> Result<(), DatabaseError> {
        self.batch(word)
    }
    /// How many rows were changed so far, by an engine that saves several requests with one commit; nothing when it ended the
    /// transaction itself.
    fn changes(&self) -> Option<u64> {
        None
    }
    /// Takes back what was not committed, if the engine has not done so.
    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.control("ROLLBACK")
    }
    /// Lets the engine check names and types without running anything.
    fn prepare(&mut self, sql: Sql) -> Result<(), DatabaseError>;
    /// Hands over the rows of a statement and says how many it changed. Its time may be limited.
    fn run(&mut self, sql: Sql, params: &[Value], limited: bool, take: Take<'_>) -> Result<u64, DatabaseError>;
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
    /// What is said once to a new connection.
    const fn setup(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Self::Read, Engine::Sqlite) => "PRAGMA query_only=ON",
            (Self::Watch, Engine::Sqlite) => "PRAGMA query_only=ON; PRAGMA busy_timeout=0",
            (Self::Write, Engine::Sqlite) => "",
            (Self::Read | Self::Watch, Engine::Postgres) => {
                "SET default_transaction_isolation='repeatable read'; SET default_transaction_read_only=on"
            }
            (Self::Write, Engine::Postgres) => "SET default_transaction_isolation='serializable'",
            // SQLite can rebuild a table only while foreign keys are not enforced; a migration may take as long as it needs.
            (Self::Migrate, Engine::Sqlite) => "PRAGMA foreign_keys=OFF",
            (Self::Migrate, Engine::Postgres) => "SET statement_timeout=0",
        }
    }
}

/// Where the data is and how it is reached.
pub(super) struct Home {
    place: Place,
    pub(super) options: Options,
}

enum Place {
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
        connection.batch(purpose.setup(self.engine()))?;
        Ok(connection)
    }
}
