//! Migrations: applied once, in order, by whoever is first; a database that does not fit is refused.

use super::super::{Database, DatabaseError, Engine, Migration, Options};
use super::{prepared, tables};
use crate::testing::{Fresh, each_empty_engine};

/// The tables of these tests and one more.
fn longer(engine: Engine) -> Vec<Migration> {
    let more = Migration {
        number: 2,
        name: "more",
        sql: "CREATE TABLE more (word TEXT NOT NULL); INSERT INTO more VALUES ('x');",
    };
    [tables(engine), &[more]].concat()
}

#[test]
fn a_migration_is_applied_once() {
    each_empty_engine("once", |database| async move {
        let list = longer(database.engine());
        let numbers = |list: &[Migration]| {
            database.migrate_with(list).unwrap().iter().map(|applied| applied.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&list[..1]), [1]);
        assert_eq!(numbers(&list), [2]);
        assert_eq!(numbers(&list), [0_i64; 0]);
    });
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    each_empty_engine("newer", |database| async move {
        let list = longer(database.engine());
        database.migrate_with(&list).unwrap();
        let refused = database.migrate_with(&list[..1]);
        assert!(matches!(refused, Err(DatabaseError::NewerVersion { found: 2, known: 1 })), "{refused:?}");
        assert_eq!(refused.unwrap_err().phrase().key, "database.newer-version");
    });
}

#[test]
fn a_migration_altered_after_it_was_applied_is_refused() {
    each_empty_engine("altered", |database| async move {
        let mut list = longer(database.engine());
        database.migrate_with(&list).unwrap();
        list[0].sql = "CREATE TABLE another (word TEXT);";
        let refused = database.migrate_with(&list);
        assert!(matches!(refused, Err(DatabaseError::AlteredMigration { number: 1, .. })), "{refused:?}");
    });
}

#[test]
fn a_migration_that_fails_leaves_no_trace() {
    each_empty_engine("failing", |database| async move {
        let mut list = longer(database.engine());
        let good = list[1].sql;
        list[1].sql = "CREATE TABLE more (word TEXT NOT NULL); INSERT INTO nowhere VALUES ('x');";
        assert!(database.migrate_with(&list).is_err());
        list[1].sql = good;
        let applied = database.migrate_with(&list).unwrap();
        assert_eq!(applied.iter().map(|applied| applied.number).collect::<Vec<_>>(), [2]);
    });
}

#[test]
fn two_programs_that_migrate_at_once_take_turns() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let fresh = Fresh::empty(engine, &Options::default());
        let list = longer(engine);
        let applied: usize = std::thread::scope(|scope| {
            let programs: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let database =
                            Database::open(fresh.url(), &Options { readers: 1, writers: 1, ..Options::default() });
                        database.unwrap().migrate_with(&list).unwrap().len()
                    })
                })
                .collect();
            programs.into_iter().map(|program| program.join().unwrap()).sum()
        });
        assert_eq!(applied, 2, "{engine:?}");
    }
}

#[test]
fn a_migration_of_sqlite_that_leaves_a_row_without_its_parent_is_refused() {
    let fresh = Fresh::empty(Engine::Sqlite, &Options::default());
    let mut list = longer(Engine::Sqlite);
    list[1].sql = "INSERT INTO ticket (number, counter) VALUES (1, 'nobody');";
    let refused = fresh.migrate_with(&list).unwrap_err().to_string();
    assert!(refused.contains("rows of ticket point to missing rows of counter"), "{refused}");
}

#[test]
fn line_ends_do_not_alter_a_migration() {
    let with = |sql| Migration { number: 1, name: "x", sql }.checksum();
    assert_eq!(with("a\r\nb"), with("a\nb"));
    assert_ne!(with("a\nb"), with("a b"));
}

#[test]
fn a_database_without_tables_is_older_than_the_program() {
    each_empty_engine("older", |database| async move {
        let list = tables(database.engine());
        let found = database.read(move |db| super::super::migration::check(db, list)).await;
        assert!(matches!(found, Err(DatabaseError::OlderVersion { found: 0, known: 1 })), "{found:?}");
        database.migrate_with(list).unwrap();
        database.read(move |db| super::super::migration::check(db, list)).await.unwrap();
    });
}

#[test]
fn every_migration_of_this_program_runs_over_the_data_of_those_before_it() {
    crate::testing::migrations_run_over_samples();
}

#[test]
fn both_engines_accept_every_statement_of_the_bookkeeping() {
    each_empty_engine("bookkeeping", |database| async move {
        prepared(&database);
        database.prepare(super::super::migration::STATEMENTS).unwrap();
    });
}
