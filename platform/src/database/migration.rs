//! Migrations: numbered SQL files, forward only, the same numbers and names for both engines.
//!
//! Each is applied in a transaction of its own together with its row in the table `migration`. Two programs that migrate at once
//! take turns, and the second finds nothing left to do. On SQLite foreign keys are not enforced while a migration runs, so that a
//! table can be rebuilt; they are checked before it is committed.

use super::session::Session;
use super::{DatabaseError, Engine, Options, Place, Read, Sql, Value, Write, postgres, sqlite};
use sha2::{Digest, Sha256};

/// One step from the tables of one version to those of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the order, from 1 without gaps.
    pub number: i64,
    /// What it brings, in a word.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// A migration that was applied now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: &'static str,
}

impl Migration {
    /// A fingerprint of the text. Line ends do not count: some tools change them.
    #[must_use]
    pub fn checksum(&self) -> String {
        use std::fmt::Write as _;
        let digest = Sha256::digest(self.sql.replace("\r\n", "\n"));
        digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
}

/// The migrations in this program.
#[must_use]
pub const fn known(engine: Engine) -> &'static [Migration] {
    match engine {
        Engine::Sqlite => embedded::SQLITE,
        Engine::Postgres => embedded::POSTGRES,
    }
}

/// Sample data for the tables as they are after each migration, for tests.
#[must_use]
pub const fn samples(engine: Engine) -> &'static [Migration] {
    match engine {
        Engine::Sqlite => embedded::SQLITE_SAMPLES,
        Engine::Postgres => embedded::POSTGRES_SAMPLES,
    }
}

crate::statements! {
    BOOKKEEPING_IN_SQLITE = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'";
    BOOKKEEPING_IN_POSTGRES = "SELECT COUNT(*) FROM pg_catalog.pg_tables
        WHERE schemaname = current_schema() AND tablename = 'migration'";
    APPLIED = "SELECT number, name, checksum FROM migration ORDER BY number";
    RECORD_IN_SQLITE = "INSERT INTO migration (number, name, checksum, applied_at)
        VALUES ($1, $2, $3, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))";
    RECORD_IN_POSTGRES = "INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, now())";
    BROKEN_KEYS_IN_SQLITE = "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1";
}

const TABLE_IN_SQLITE: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT";
const TABLE_IN_POSTGRES: &str = "CREATE TABLE IF NOT EXISTS migration (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)";
/// The lock that programs migrating one PostgreSQL database take in turn; the number means nothing else.
const LOCK_IN_POSTGRES: &str = "SELECT pg_advisory_xact_lock(5075011945)";

/// A connection that migrates.
enum Link {
    Sqlite(sqlite::Connection),
    Postgres(Box<postgres::Connection>),
}

impl Link {
    fn open(place: &Place, options: &Options) -> Result<Self, DatabaseError> {
        // A migration may take as long as it needs.
        Ok(match place {
            Place::File(path) => {
                let connection = sqlite::Connection::open(path, options)?;
                connection.batch("PRAGMA foreign_keys=OFF")?;
                Self::Sqlite(connection)
            }
            Place::Server(address) => {
                let mut connection = postgres::Connection::open(address)?;
                connection.batch("SET statement_timeout = 0")?;
                Self::Postgres(Box::new(connection))
            }
        })
    }

    fn batch(&mut self, text: &str) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(connection) => connection.batch(text),
            Self::Postgres(connection) => connection.batch(text),
        }
    }

    /// Begins a transaction that no other program's migration can run beside, with the table `migration` in place.
    fn begin(&mut self) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(connection) => {
                connection.batch("BEGIN IMMEDIATE")?;
                connection.batch(TABLE_IN_SQLITE)
            }
            Self::Postgres(connection) => {
                connection.batch("BEGIN")?;
                connection.batch(LOCK_IN_POSTGRES)?;
                connection.batch(TABLE_IN_POSTGRES)
            }
        }
    }

    fn session(&mut self) -> Write<'_> {
        Write::new(match self {
            Self::Sqlite(connection) => Session::Sqlite(connection),
            Self::Postgres(connection) => Session::Postgres(connection),
        })
    }
}

pub(super) fn apply(place: &Place, options: &Options, list: &[Migration]) -> Result<Vec<Applied>, DatabaseError> {
    let mut link = Link::open(place, options)?;
    let mut applied = Vec::new();
    while let Some(migration) = apply_next(&mut link, list)? {
        applied.push(Applied { number: migration.number, name: migration.name });
    }
    Ok(applied)
}

/// Applies the first migration that is not applied yet; on failure its transaction ends with the connection.
fn apply_next<'m>(link: &mut Link, list: &'m [Migration]) -> Result<Option<&'m Migration>, DatabaseError> {
    link.begin()?;
    let done = applied(&mut link.session())?;
    let next = compare(&done, list)?;
    if let Some(migration) = next {
        link.batch(migration.sql)?;
        record(&mut link.session(), migration)?;
    }
    link.batch("COMMIT")?;
    Ok(next)
}

fn record(db: &mut Write<'_>, migration: &Migration) -> Result<(), DatabaseError> {
    let values: &[Value] = crate::params![migration.number, migration.name, migration.checksum()];
    match db.engine() {
        Engine::Postgres => db.execute(RECORD_IN_POSTGRES, values)?,
        Engine::Sqlite => {
            if let Some((table, parent)) = db.one::<(String, String)>(BROKEN_KEYS_IN_SQLITE, &[])? {
                let words =
                    format!("migration {}: rows of {table} point to missing rows of {parent}", migration.number);
                return Err(DatabaseError::other(words));
            }
            db.execute(RECORD_IN_SQLITE, values)?
        }
    };
    Ok(())
}

/// Number, name and checksum of a migration in the database.
type Done = (i64, String, String);

fn applied(db: &mut Read<'_>) -> Result<Vec<Done>, DatabaseError> {
    db.all(APPLIED, &[])
}

/// The first migration of the list that is not applied yet, after a look at those that are.
fn compare<'m>(done: &[Done], list: &'m [Migration]) -> Result<Option<&'m Migration>, DatabaseError> {
    let highest = |number: Option<i64>| number.unwrap_or(0);
    let (found, known) = (highest(done.last().map(|row| row.0)), highest(list.last().map(|last| last.number)));
    if found > known {
        return Err(DatabaseError::NewerVersion { found, known });
    }
    let mut rows = done.iter();
    for migration in list {
        match rows.next() {
            None => return Ok(Some(migration)),
            Some((number, _, checksum)) if *number == migration.number && *checksum == migration.checksum() => {}
            Some((number, name, _)) => {
                return Err(DatabaseError::AlteredMigration { number: *number, name: name.clone() });
            }
        }
    }
    Ok(None)
}

pub(super) fn check(db: &mut Read<'_>, list: &[Migration]) -> Result<(), DatabaseError> {
    let bookkeeping: Sql = match db.engine() {
        Engine::Sqlite => BOOKKEEPING_IN_SQLITE,
        Engine::Postgres => BOOKKEEPING_IN_POSTGRES,
    };
    let done = if db.one::<(i64,)>(bookkeeping, &[])? == Some((0,)) { Vec::new() } else { applied(db)? };
    match compare(&done, list)? {
        None => Ok(()),
        Some(next) => {
            let known = list.last().map_or(0, |last| last.number);
            Err(DatabaseError::OlderVersion { found: next.number - 1, known })
        }
    }
}
