//! Requests that share a commit do not share their fate.

use super::super::{Database, DatabaseError, Engine, Options, Write};
use super::{ADD_TICKET, prepared, tickets};
use crate::params;
use crate::testing::Fresh;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;

/// What a request does after it has written its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Good,
    Refuses,
    BreaksARule,
    BreaksARuleAtCommit,
    IgnoresAFailure,
    Panics,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Good),
        1 => Just(Deed::Refuses),
        1 => Just(Deed::BreaksARule),
        1 => Just(Deed::BreaksARuleAtCommit),
        1 => Just(Deed::IgnoresAFailure),
        1 => Just(Deed::Panics),
    ]
}

fn act(db: &mut Write<'_>, number: i64, deed: Deed) -> Result<(), DatabaseError> {
    let counter = if deed == Deed::BreaksARuleAtCommit { "nobody" } else { "a" };
    db.execute(ADD_TICKET, params![number, counter])?;
    match deed {
        Deed::Good | Deed::BreaksARuleAtCommit => Ok(()),
        Deed::Refuses => Err(DatabaseError::other("refused")),
        Deed::BreaksARule => db.execute(ADD_TICKET, params![number, "a"]).map(drop),
        Deed::IgnoresAFailure => {
            let _ = db.execute(ADD_TICKET, params![number, "a"]);
            Ok(())
        }
        Deed::Panics => std::panic::resume_unwind(Box::new("a closure that breaks off")),
    }
}

fn of(fresh: &Fresh, deeds: &[(Deed, bool)], first: i64) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcomes = runtime.block_on(async {
        let writers: Vec<_> = (first..)
            .zip(deeds)
            .map(|(number, (deed, apart))| {
                let (database, deed, apart) = (Database::clone(fresh), *deed, *apart);
                async move {
                    if apart {
                        tokio::task::yield_now().await;
                    }
                    database.write(move |db| act(db, number, deed)).await
                }
            })
            .collect();
        futures_util::future::join_all(writers).await
    });
    let good = |index: usize| deeds[index].0 == Deed::Good;
    for (index, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), good(index), "{:?}: {outcome:?}", deeds[index]);
    }
    let expected: Vec<i64> = (first..).zip(0..deeds.len()).filter(|(_, index)| good(*index)).map(|(n, _)| n).collect();
    let stored: Vec<i64> = tickets(fresh).into_iter().filter(|number| *number >= first).collect();
    assert_eq!(stored, expected);
}

fn interleavings(engine: Engine, cases: u32) {
    let fresh = Fresh::empty(engine, &Options { readers: 1, writers: 4, ..Options::default() });
    prepared(&fresh);
    let next = RefCell::new(1_i64);
    let strategy = proptest::collection::vec((deed(), any::<bool>()), 1..40);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&strategy, |deeds| {
        let first = *next.borrow();
        *next.borrow_mut() += 1_000;
        of(&fresh, &deeds, first);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn exactly_the_good_requests_of_a_group_are_stored_in_sqlite() {
    interleavings(Engine::Sqlite, 200);
}

#[test]
fn exactly_the_good_requests_of_a_group_are_stored_in_postgres() {
    interleavings(Engine::Postgres, 60);
}

#[test]
fn many_requests_share_a_commit() {
    let fresh = Fresh::empty(Engine::Sqlite, &Options::default());
    prepared(&fresh);
    of(&fresh, &[(Deed::Good, false); 1_000], 1);
    let gauges = fresh.gauges();
    assert_eq!(gauges.requests, 1_000);
    assert!(gauges.commits < 200, "{gauges:?}");
}
