//! Tests of the layer, each on both engines from one body.

mod batch;
mod contention;
mod crash;
mod everyday;
mod tls;
mod trouble;
mod versions;

use super::{Database, DatabaseError, Engine, Migration, Write};
use crate::params;

/// The tables of these tests.
pub(super) const fn tables(engine: Engine) -> &'static [Migration] {
    match engine {
        Engine::Sqlite => &[Migration {
            number: 1,
            name: "test",
            sql: "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL CHECK (value >= 0)) STRICT;
                  CREATE TABLE ticket (number INTEGER PRIMARY KEY, counter TEXT NOT NULL REFERENCES counter (name)
                      DEFERRABLE INITIALLY DEFERRED) STRICT;
                  CREATE TABLE sample (id BLOB PRIMARY KEY, flag INTEGER, whole INTEGER, words TEXT, bytes BLOB, moment TEXT,
                      day TEXT) STRICT;
                  INSERT INTO counter (name, value) VALUES ('a', 0);",
        }],
        Engine::Postgres => &[Migration {
            number: 1,
            name: "test",
            sql: "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL CONSTRAINT \"value >= 0\" CHECK (value >= 0));
                  CREATE TABLE ticket (number BIGINT PRIMARY KEY, counter TEXT NOT NULL REFERENCES counter (name)
                      DEFERRABLE INITIALLY DEFERRED);
                  CREATE TABLE sample (id UUID PRIMARY KEY, flag BOOLEAN, whole BIGINT, words TEXT, bytes BYTEA,
                      moment TIMESTAMPTZ, day DATE);
                  INSERT INTO counter (name, value) VALUES ('a', 0);",
        }],
    }
}

crate::statements! {
    private;
    /// The next number of a counter.
    pub(super) COUNT = "UPDATE counter SET value = value + 1 WHERE name = $1 RETURNING value";
    /// A counter's value.
    pub(super) VALUE = "SELECT value FROM counter WHERE name = $1";
    /// A new counter; the parameters stand in another order than their numbers.
    pub(super) ADD_COUNTER = "INSERT INTO counter (value, name) VALUES ($2, $1)";
    /// A new ticket.
    pub(super) ADD_TICKET = "INSERT INTO ticket (number, counter) VALUES ($1, $2)";
    /// All tickets in order.
    pub(super) TICKETS = "SELECT number FROM ticket ORDER BY number";
    /// Counts for so long that no limit allows it.
    pub(super) ENDLESS = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000)
        SELECT COUNT(*) FROM n";
}

/// Brings in the tables above.
pub(super) fn prepared(database: &Database) {
    database.migrate_with(tables(database.engine())).unwrap();
}

pub(super) fn count(db: &mut Write<'_>) -> Result<i64, DatabaseError> {
    Ok(db.one::<(i64,)>(COUNT, params!["a"])?.map_or(0, |row| row.0))
}

pub(super) fn tickets(database: &Database) -> Vec<i64> {
    let rows = database.read_now(|db| db.all::<(i64,)>(TICKETS, &[])).unwrap();
    rows.into_iter().map(|row| row.0).collect()
}
