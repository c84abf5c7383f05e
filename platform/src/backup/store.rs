//! The statements of backups: tries in the database itself, and what a copy of a database is asked.

use super::{BackupError, BackupId, Run, RunState};
use crate::database::{DatabaseError, FromRow, Read, Row, Write};
use crate::params;
use rusqlite::Connection;
use std::collections::BTreeMap;
use time::OffsetDateTime;

crate::statements! {
    private;
    START = "INSERT INTO backup_run (id, backup, place, state, started_at, beat_at)
        VALUES ($1, $2, $3, 'running', $4, $4)";
    RUNNING = "SELECT id, backup, place, state, started_at, beat_at, ended_at, bytes, error, verified_at FROM backup_run
        WHERE state = 'running'";
    BEAT = "UPDATE backup_run SET beat_at = $2 WHERE id = $1 AND state = 'running'";
    END = "UPDATE backup_run SET state = $2, ended_at = $3, bytes = $4, error = $5 WHERE id = $1 AND state = 'running'";
    RUNS = "SELECT id, backup, place, state, started_at, beat_at, ended_at, bytes, error, verified_at FROM backup_run
        ORDER BY started_at DESC, id DESC LIMIT $1";
    LAST_DONE = "SELECT id, backup, place, state, started_at, beat_at, ended_at, bytes, error, verified_at FROM backup_run
        WHERE state = 'done' ORDER BY started_at DESC, id DESC LIMIT 1";
    VERIFIED_AT = "SELECT verified_at FROM backup_run WHERE verified_at IS NOT NULL ORDER BY verified_at DESC LIMIT 1";
    VERIFY = "UPDATE backup_run SET verified_at = $2 WHERE backup = $1 AND state = 'done'";
    FORGET = "DELETE FROM backup_run WHERE state <> 'running' AND started_at < $1";
    LAST_MIGRATION = "SELECT MAX(number) FROM migration";
    EXPORT_SNAPSHOT_IN_POSTGRES = "SELECT pg_export_snapshot()";
    VERSION_IN_POSTGRES = "SELECT current_setting('server_version_num')";
    // Counting by a text that the engine puts together itself, since statements are never made at run time.
    COUNTS_IN_POSTGRES = "SELECT CAST(tablename AS TEXT), CAST((xpath('/row/n/text()', query_to_xml(
            format('SELECT COUNT(*) AS n FROM %I.%I', schemaname, tablename), false, true, '')))[1] AS TEXT)
        FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
    TABLES_IN_POSTGRES = "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()";
}

impl FromRow for Run {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        let (id, backup, place, state) = (row.next()?, row.next()?, row.next()?, row.next::<RunState>()?);
        let (started_at, beat_at, ended_at) = (row.next()?, row.next()?, row.next()?);
        let bytes = row.next::<Option<i64>>()?.map(i64::unsigned_abs);
        Ok(Self {
            id,
            backup,
            place,
            state,
            started_at,
            beat_at,
            ended_at,
            bytes,
            error: row.next()?,
            verified_at: row.next()?,
        })
    }
}

pub(super) fn start(
    db: &mut Write<'_>,
    id: BackupId,
    backup: &str,
    place: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    db.execute(START, params![id, backup, place, now]).map(drop)
}

pub(super) fn running(db: &mut Read<'_>) -> Result<Option<Run>, DatabaseError> {
    db.one(RUNNING, &[])
}

/// Gives a sign of life; `false` when somebody else took over.
pub(super) fn beat(db: &mut Write<'_>, id: BackupId, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    Ok(db.execute(BEAT, params![id, now])? == 1)
}

pub(super) fn end(
    db: &mut Write<'_>,
    id: BackupId,
    state: RunState,
    now: OffsetDateTime,
    bytes: Option<u64>,
    error: Option<&str>,
) -> Result<bool, DatabaseError> {
    let bytes = bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
    Ok(db.execute(END, params![id, state.name(), now, bytes, error])? == 1)
}

pub(super) fn runs(db: &mut Read<'_>, most: u32) -> Result<Vec<Run>, DatabaseError> {
    db.all(RUNS, params![most])
}

pub(super) fn last_done(db: &mut Read<'_>) -> Result<Option<Run>, DatabaseError> {
    db.one(LAST_DONE, &[])
}

pub(super) fn verified_at(db: &mut Read<'_>) -> Result<Option<OffsetDateTime>, DatabaseError> {
    Ok(db.one::<(OffsetDateTime,)>(VERIFIED_AT, &[])?.map(|(at,)| at))
}

pub(super) fn verify(db: &mut Write<'_>, backup: &str, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    Ok(db.execute(VERIFY, params![backup, now])? == 1)
}

pub(super) fn forget(db: &mut Write<'_>, before: OffsetDateTime) -> Result<(), DatabaseError> {
    db.execute(FORGET, params![before]).map(drop)
}

pub(super) fn last_migration(db: &mut Read<'_>) -> Result<i64, DatabaseError> {
    Ok(db.one::<(Option<i64>,)>(LAST_MIGRATION, &[])?.and_then(|(number,)| number).unwrap_or(0))
}

/// Lets other connections see the state that this transaction sees, as long as it lasts.
pub(super) fn export_snapshot(db: &mut Read<'_>) -> Result<String, DatabaseError> {
    Ok(db.one::<(String,)>(EXPORT_SNAPSHOT_IN_POSTGRES, &[])?.map(|(name,)| name).unwrap_or_default())
}

/// The server's version as PostgreSQL counts it: `150014` is 15.14.
pub(super) fn server_version(db: &mut Read<'_>) -> Result<u64, DatabaseError> {
    let text = db.one::<(String,)>(VERSION_IN_POSTGRES, &[])?.map(|(text,)| text).unwrap_or_default();
    Ok(text.parse().unwrap_or(0))
}

pub(super) fn counts_in_postgres(db: &mut Read<'_>) -> Result<BTreeMap<String, u64>, DatabaseError> {
    let mut rows = BTreeMap::new();
    db.each(COUNTS_IN_POSTGRES, &[], |row| {
        let (table, count): (String, String) = (row.next()?, row.next()?);
        rows.insert(table, count.parse().unwrap_or(0));
        Ok::<_, DatabaseError>(())
    })?;
    Ok(rows)
}

pub(super) fn tables_in_postgres(db: &mut Read<'_>) -> Result<i64, DatabaseError> {
    Ok(db.one::<(i64,)>(TABLES_IN_POSTGRES, &[])?.map_or(0, |(count,)| count))
}

/// Whether a file of SQLite is whole: quickly, or with every index compared to its table.
pub(super) fn check_sqlite(file: &Connection, thoroughly: bool) -> Result<(), BackupError> {
    let said: String = if thoroughly {
        file.pragma_query_value(None, "integrity_check", |row| row.get(0))
    } else {
        file.pragma_query_value(None, "quick_check", |row| row.get(0))
    }
    .map_err(sqlite)?;
    if said != "ok" {
        // The text names pages and indexes, never what stands in them.
        return Err(BackupError::damaged(said.lines().next().unwrap_or_default()));
    }
    let mut broken = file.prepare("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").map_err(sqlite)?;
    let mut broken = broken.query([]).map_err(sqlite)?;
    match broken.next().map_err(sqlite)? {
        None => Ok(()),
        Some(row) => Err(BackupError::damaged(row.get::<_, String>(0).map_err(sqlite)?)),
    }
}

/// Rows of each table of a file of SQLite.
pub(super) fn counts_in_sqlite(file: &Connection) -> Result<BTreeMap<String, u64>, BackupError> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut tables = file.prepare(tables).map_err(sqlite)?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(sqlite)?;
    let count = |name: &String| {
        // Names of tables come from migrations; a quotation mark is doubled all the same.
        let text = format!("SELECT COUNT(*) FROM \"{}\"", name.replace('"', "\"\""));
        file.query_row(&text, [], |row| row.get::<_, i64>(0)).map_err(sqlite)
    };
    names.into_iter().map(|name| Ok((name.clone(), count(&name)?.unsigned_abs()))).collect()
}

/// What SQLite says about a file, as far as it is about the disk.
pub(super) fn sqlite(error: rusqlite::Error) -> BackupError {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => BackupError::NoRoom { place: "SQLite".into() },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => BackupError::damaged(error),
        _ => BackupError::of("SQLite", std::io::Error::other(error)),
    }
}
