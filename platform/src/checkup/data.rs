//! Whether the database answers, is of this program's version, keeps up, and is whole.

use super::{Equipment, Health, Saying, Seen, Value, store};
use crate::backup::{Origin, sqlite_is_whole};
use crate::database::{Database, DatabaseError};
use rules::phrase::Language;

/// A write-ahead log beyond this is not folded back: somebody reads for very long.
const LONG_LOG: u64 = 1 << 30;
/// So many requests wait only when the database does not keep up.
const CROWD: usize = 1_000;

pub(super) fn look(equipment: &Equipment, database: Option<&Database>, thoroughly: bool) -> Seen {
    let Some(database) = database else {
        return Seen::of(Health::Bad, Saying::new("check.database-away"), Saying::new("check.check-database"));
    };
    if let Err(error) = database.check_version() {
        return refused(&error);
    }
    let version = match database.read_now(store::version) {
        Ok(version) => version,
        Err(error) => return refused(&error),
    };
    let file = match &equipment.origin {
        Some(Origin::Sqlite(file)) => Some(file),
        _ => None,
    };
    if let Some(file) = file.filter(|_| thoroughly)
        && let Err(error) = sqlite_is_whole(file)
    {
        let seen = Saying::new("check.database-damaged").with("detail", Value::Text(error.to_string()));
        return Seen::of(Health::Bad, seen, Saying::new("check.restore"));
    }
    let log =
        file.and_then(|file| std::fs::metadata(format!("{}-wal", file.display())).ok()).map_or(0, |log| log.len());
    if log > LONG_LOG {
        let seen = Saying::new("check.database-log").with("log", Value::Bytes(log));
        return Seen::of(Health::Attention, seen, Saying::new("check.restart-server"));
    }
    let gauges = database.gauges();
    let waiting = gauges.reads_waiting + gauges.writes_waiting;
    if waiting > CROWD {
        let seen = Saying::new("check.database-crowd").with("waiting", Value::Count(waiting as u64));
        return Seen::of(Health::Attention, seen, Saying::new("check.look-at-server"));
    }
    let key = if thoroughly && file.is_some() { "check.database-whole" } else { "check.database-good" };
    let engine = if file.is_some() { "SQLite" } else { "PostgreSQL" };
    Seen::good(Saying::new(key).with("engine", Value::Text(format!("{engine} {version}"))))
}

/// The database's own sentence says what to do; it is kept in the language of the country.
fn refused(error: &DatabaseError) -> Seen {
    let words = crate::words::Words::shared(Language::Indonesian).say(&error.phrase());
    let seen = Saying::new("check.database-refuses").with("detail", Value::Text(words));
    Seen::of(Health::Bad, seen, Saying::new("check.check-database"))
}
