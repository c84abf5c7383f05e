//! Migrations: numbered SQL files, forward only, the same numbers and names for both engines.
//!
//! Each is applied in a transaction of its own together with its row in the table `migration`. Two programs that migrate at once
//! take turns, and the second finds nothing left to do. On SQLite foreign keys are not enforced while a migration runs, so that a
//! table can be rebuilt; they are checked before it is committed.

use super::connection::Connection;
use super::{DatabaseError, Engine, Read, Write};
use crate::clock::Clock;
use crate::params;
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
        let digest = Sha256::digest(self.sql.replace("\r\n", "\n"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
}

/// The migrations in this program.
#[must_use]
pub const fn known(engine: Engine) -> &'static [Migration] {
    engine.choose(embedded::SQLITE, embedded::POSTGRES)
}

/// Sample data for the tables as they are after each migration, for tests.
#[must_use]
pub const fn samples(engine: Engine) -> &'static [Migration] {
    engine.choose(embedded::SQLITE_SAMPLES, embedded::POSTGRES_SAMPLES)
}

crate::statements! {
    BOOKKEEPING_IN_SQLITE = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'";
    BOOKKEEPING_IN_POSTGRES = "SELECT COUNT(*) FROM pg_catalog.pg_tables
        WHERE schemaname = current_schema() AND tablename = 'migration'";
    APPLIED = "SELECT number, name, checksum FROM migration ORDER BY number";
    RECORD = "INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
    BROKEN_KEYS_IN_SQLITE = "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1";
}

/// Begins a transaction that no other program's migration can run beside, with the table `migration` in place.
const BEGIN_IN_SQLITE: &str = "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT";
/// The same; the lock's number means nothing else.
const BEGIN_IN_POSTGRES: &str =
    "BEGIN; SELECT pg_advisory_xact_lock(5075011945); CREATE TABLE IF NOT EXISTS migration (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)";

pub(super) fn apply(db: &mut dyn Connection, list: &[Migration]) -> Result<Vec<Applied>, DatabaseError> {
    let mut applied = Vec::new();
    while let Some(Migration { number, name, .. }) = apply_next(db, list)? {
        applied.push(Applied { number: *number, name });
    }
    Ok(applied)
}

/// Applies the first migration that is not applied yet; on failure its transaction ends with the connection.
fn apply_next<'m>(db: &mut dyn Connection, list: &'m [Migration]) -> Result<Option<&'m Migration>, DatabaseError> {
    db.batch(db.engine().choose(BEGIN_IN_SQLITE, BEGIN_IN_POSTGRES))?;
    let next = next(&mut Write::new(db), list)?;
    if let Some(migration) = next {
        db.batch(migration.sql)?;
        record(&mut Write::new(db), migration)?;
    }
    db.batch("COMMIT")?;
    Ok(next)
}

fn record(db: &mut Write<'_>, migration: &Migration) -> Result<(), DatabaseError> {
    if db.engine() == Engine::Sqlite
        && let Some((table, parent)) = db.one::<(String, String)>(BROKEN_KEYS_IN_SQLITE, &[])?
    {
        let number = migration.number;
        let words = format!("migration {number}: rows of {table} point to missing rows of {parent}");
        return Err(DatabaseError::other(words));
    }
    let now = Clock::machine().now();
    db.execute(RECORD, params![migration.number, migration.name, migration.checksum(), now]).map(drop)
}

/// The first migration of the list that is not applied yet, after a look at those that are.
fn next<'m>(db: &mut Read<'_>, list: &'m [Migration]) -> Result<Option<&'m Migration>, DatabaseError> {
    let done: Vec<(i64, String, String)> = db.all(APPLIED, &[])?;
    let (found, known) = (done.last().map_or(0, |row| row.0), list.last().map_or(0, |last| last.number));
    if found > known {
        return Err(DatabaseError::NewerVersion { found, known });
    }
    for (migration, (number, name, checksum)) in list.iter().zip(&done) {
        if *number != migration.number || *checksum != migration.checksum() {
            return Err(DatabaseError::AlteredMigration { number: *number, name: name.clone() });
        }
    }
    Ok(list.get(done.len()))
}

pub(super) fn check(db: &mut Read<'_>, list: &[Migration]) -> Result<(), DatabaseError> {
    let bookkeeping = db.engine().choose(BOOKKEEPING_IN_SQLITE, BOOKKEEPING_IN_POSTGRES);
    let empty = db.one(bookkeeping, &[])? == Some((0_i64,));
    match (if empty { list.first() } else { next(db, list)? }, list.last()) {
        (Some(next), Some(last)) => Err(DatabaseError::OlderVersion { found: next.number - 1, known: last.number }),
        _ => Ok(()),
    }
}
