//! Busy, read-only, full, gone: each is told in words of its own, and what was accepted before stays.

use super::super::{Database, DatabaseError, Engine, Options};
use super::{ADD_TICKET, count, prepared, tickets};
use crate::params;
use crate::testing::Fresh;
use std::time::Duration;

mod own {
    crate::statements! {
    private;
        /// A ticket with many bytes beside it.
        pub(super) ADD_BIG = "INSERT INTO sample (id, bytes) VALUES ($1, $2)";
        /// How many samples there are.
        pub(super) SAMPLES = "SELECT COUNT(*) FROM sample";
        /// Gives the file of this connection no more room than this.
        pub(super) FEW_PAGES_IN_SQLITE = "PRAGMA max_page_count = 40";
        /// Lets the server end this connection.
        pub(super) END_IN_POSTGRES = "SELECT pg_terminate_backend(pg_backend_pid())";
        /// Lets the server end the other connections of this database.
        pub(super) END_OTHERS_IN_POSTGRES = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
    }
    const _: &[crate::database::Sql] = STATEMENTS;
}

fn options() -> Options {
    Options { readers: 1, writers: 2, busy_timeout: Duration::from_millis(200), ..Options::default() }
}

#[test]
fn a_file_held_by_another_program_is_busy() {
    let fresh = Fresh::empty(Engine::Sqlite, &options());
    prepared(&fresh);
    let path = fresh.url().trim_start_matches("sqlite:");
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = fresh.write_now(count).unwrap_err();
    assert!(matches!(busy, DatabaseError::Busy(_)), "{busy}");
    assert_eq!(busy.phrase().key, "database.busy");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(fresh.write_now(count).unwrap(), 1);
}

#[test]
fn a_queue_that_is_full_is_busy() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let fresh = Fresh::empty(engine, &Options { queue: 2, writers: 1, ..options() });
        prepared(&fresh);
        let (hold, held) = crossbeam_channel::bounded::<()>(0);
        let (started, starts) = crossbeam_channel::bounded::<()>(1);
        let database = Database::clone(&fresh);
        let first = std::thread::spawn(move || {
            database.write_now(move |db| {
                started.send(()).unwrap();
                // The other end hangs up when this may go on.
                let _ = held.recv();
                count(db)
            })
        });
        starts.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcomes = runtime.block_on(async {
            let mut writers: Vec<_> = (0..3).map(|_| Box::pin(fresh.write(count))).collect();
            let refused = futures_util::future::select_all(&mut writers).await.0;
            drop(hold);
            (refused, futures_util::future::join_all(writers.drain(..2)).await)
        });
        assert!(matches!(outcomes.0, Err(DatabaseError::Busy(_))), "{outcomes:?}");
        assert!(outcomes.1.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(first.join().unwrap().unwrap(), 1);
    }
}

#[test]
fn a_database_that_may_only_be_read_says_so_and_is_read() {
    let mut fresh = Fresh::empty(Engine::Sqlite, &options());
    prepared(&fresh);
    fresh.write_now(|db| db.execute(ADD_TICKET, params![1, "a"])).unwrap();
    let path = fresh.url().trim_start_matches("sqlite:").to_owned();
    let reader = Database::open(&format!("sqlite:file:{path}?mode=ro"), &options()).unwrap();
    let refused = reader.write_now(count).unwrap_err();
    assert!(matches!(refused, DatabaseError::ReadOnly(_)), "{refused}");
    assert_eq!(refused.phrase().key, "database.read-only");
    assert_eq!(tickets(&reader), [1]);
    fresh.close();
}

#[test]
fn a_server_that_may_only_be_read_says_so_and_is_read() {
    let fresh = Fresh::empty(Engine::Postgres, &options());
    prepared(&fresh);
    let name = fresh.url().rsplit_once('/').unwrap().1.to_owned();
    fresh.run_script(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).unwrap();
    let reader = Database::open(fresh.url(), &options()).unwrap();
    let refused = reader.write_now(count).unwrap_err();
    assert!(matches!(refused, DatabaseError::ReadOnly(_)), "{refused}");
    assert!(tickets(&reader).is_empty());
}

#[test]
fn a_full_disk_is_told_and_what_fits_beside_is_saved() {
    let fresh = Fresh::empty(Engine::Sqlite, &options());
    prepared(&fresh);
    fresh.write_now(|db| db.one::<(i64,)>(own::FEW_PAGES_IN_SQLITE, &[])).unwrap();
    let big = |bytes: usize| {
        let database = Database::clone(&fresh);
        let id = uuid::Uuid::from_u128(bytes as u128);
        async move { database.write(move |db| db.execute(own::ADD_BIG, params![id, vec![7_u8; bytes]])).await }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (refused, saved) = runtime.block_on(async { futures_util::future::join(big(1_000_000), big(100)).await });
    let refused = refused.unwrap_err();
    assert!(matches!(refused, DatabaseError::Full(_)), "{refused}");
    assert_eq!(refused.phrase().key, "database.full");
    assert_eq!(saved.unwrap(), 1);
    assert_eq!(fresh.read_now(|db| db.one::<(i64,)>(own::SAMPLES, &[])).unwrap(), Some((1,)));
}

#[test]
fn a_full_server_is_told_by_its_code() {
    let fresh = Fresh::empty(Engine::Postgres, &options());
    let full = fresh.run_script("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$").unwrap_err();
    assert!(matches!(full, DatabaseError::Full(_)), "{full}");
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let gone = Database::open("postgres://prima@%2Fnowhere/prima", &options()).err().unwrap();
    assert!(matches!(gone, DatabaseError::Unreachable(_)), "{gone}");
    let gone = Database::open("sqlite:/nowhere/prima.sqlite", &options()).err().unwrap();
    assert!(matches!(gone, DatabaseError::Unreachable(_)), "{gone}");
    assert!(Database::open("sqlite::memory:", &options()).is_err());
}

#[test]
fn a_connection_lost_while_idle_is_replaced_unseen() {
    let fresh = Fresh::empty(Engine::Postgres, &options());
    prepared(&fresh);
    assert_eq!(fresh.write_now(count).unwrap(), 1);
    let other = Database::open(fresh.url(), &options()).unwrap();
    other.read_now(|db| db.all::<(i64,)>(own::END_OTHERS_IN_POSTGRES, &[])).unwrap();
    assert_eq!(fresh.write_now(count).unwrap(), 2);
    assert!(tickets(&fresh).is_empty());
}

#[test]
fn a_write_whose_connection_breaks_before_its_commit_runs_again_once() {
    let fresh = Fresh::empty(Engine::Postgres, &options());
    prepared(&fresh);
    let mut runs = 0;
    let number = fresh.write_now(move |db| {
        runs += 1;
        let number = count(db)?;
        if runs == 1 {
            db.all::<(bool,)>(own::END_IN_POSTGRES, &[])?;
        }
        Ok::<_, DatabaseError>((runs, number))
    });
    assert_eq!(number.unwrap(), (2, 1));
}

#[test]
fn a_statement_prepared_before_a_migration_changed_its_table_is_prepared_anew() {
    let fresh = Fresh::empty(Engine::Postgres, &Options { writers: 1, ..options() });
    prepared(&fresh);
    assert_eq!(fresh.write_now(count).unwrap(), 1);
    fresh.run_script("ALTER TABLE counter ALTER COLUMN value TYPE INTEGER").unwrap();
    assert_eq!(fresh.write_now(count).unwrap(), 2);
}

#[test]
fn closing_finishes_what_was_accepted_and_refuses_what_comes_later() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut fresh = Fresh::empty(engine, &options());
        prepared(&fresh);
        let database = Database::clone(&fresh);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let writers: Vec<_> = (0..200)
            .map(|number| {
                let database = database.clone();
                runtime
                    .spawn(async move { database.write(move |db| db.execute(ADD_TICKET, params![number, "a"])).await })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(20));
        fresh.close();
        let saved = writers.into_iter().map(|writer| runtime.block_on(writer).unwrap());
        let saved: Vec<bool> = saved.map(|outcome| outcome.is_ok()).collect();
        let late = database.write_now(count);
        assert!(matches!(late, Err(DatabaseError::Unreachable(_))), "{late:?}");
        let again = Database::open(fresh.url(), &options()).unwrap();
        assert_eq!(tickets(&again).len(), saved.iter().filter(|saved| **saved).count());
        again.close();
    }
}
