//! A copy of a file of SQLite while others write to it.
//!
//! The copy is that of one moment: the connection it is read through holds a snapshot from the first page to the last, so that
//! SQLite's own copying, which would begin anew after each write of others, never has to. What others write meanwhile stays in the
//! write-ahead log, which is folded back when the copy is done. It goes page by page with rests, on a thread that gives way.

use super::{BackupError, Facts, Pace, store};
use crate::audit;
use crate::database::{Database, Options};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;
use time::OffsetDateTime;

/// Pages are copied in steps of one megabyte.
const STEP: i32 = 256;

/// Copies the database's state of the moment when this begins; `begun` is called then.
pub(super) fn copy(
    from: &Path,
    to: &Path,
    pace: &mut Pace,
    begun: impl FnOnce() -> OffsetDateTime,
) -> Result<OffsetDateTime, BackupError> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let source = source.map_err(store::sqlite)?;
    source.busy_timeout(Duration::from_secs(5)).map_err(store::sqlite)?;
    source.execute_batch("PRAGMA query_only=ON; BEGIN").map_err(store::sqlite)?;
    // The snapshot is taken by the first look, not by the beginning; what is confirmed before this moment is in it.
    let moment = begun();
    source.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0)).map_err(store::sqlite)?;
    let mut target = Connection::open(to).map_err(store::sqlite)?;
    target.execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF").map_err(store::sqlite)?;
    let copying = Backup::new(&source, &mut target).map_err(store::sqlite)?;
    loop {
        match copying.step(STEP).map_err(store::sqlite)? {
            StepResult::Done => return Ok(moment),
            StepResult::More => pace.rest(),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Checks a file that nobody else uses, and tells what is in it.
pub(super) fn examine(file: &Path, thoroughly: bool) -> Result<Facts, BackupError> {
    let raw = Connection::open(file).map_err(store::sqlite)?;
    store::check_sqlite(&raw, thoroughly)?;
    let rows = store::counts_in_sqlite(&raw)?;
    drop(raw);
    let options = Options { readers: 1, ..Options::default() };
    let database = Database::open(&file.display().to_string(), &options)?;
    let read = database.read_now(|db| Ok::<_, BackupError>((store::last_migration(db)?, audit::heads(db)?)));
    // Closing folds the log back, so that the file stands alone.
    database.close();
    let (migration, audit) = read?;
    Ok(Facts { engine_version: rusqlite::version().to_owned(), migration, rows, audit })
}

/// Whether a file of SQLite that others use is whole: every page is read.
///
/// # Errors
/// With the first thing that is not.
pub fn is_whole(file: &Path) -> Result<(), BackupError> {
    let raw = Connection::open(file).map_err(store::sqlite)?;
    raw.execute_batch("PRAGMA query_only=ON").map_err(store::sqlite)?;
    store::check_sqlite(&raw, false)
}
