//! Many want the same row at once.

use super::{count, prepared};
use crate::testing::each_empty_engine;
use std::collections::BTreeSet;
use std::time::Instant;

#[test]
fn ten_thousand_simultaneous_writers_of_one_counter_get_ten_thousand_numbers() {
    each_empty_engine("counter", |database| async move {
        prepared(&database);
        let began = Instant::now();
        let writers: Vec<_> = (0..10_000)
            .map(|_| {
                let database = database.clone();
                tokio::spawn(async move { database.write(count).await })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for writer in writers {
            numbers.insert(writer.await.unwrap().unwrap());
        }
        assert_eq!(numbers, (1..=10_000).collect());
        println!("{:?}: 10,000 numbers in {:?}, {:?}", database.engine(), began.elapsed(), database.gauges());
    });
}

#[test]
fn two_programs_that_want_one_counter_get_different_numbers() {
    use super::super::{Database, Engine, Options};
    use crate::testing::Fresh;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let fresh = Fresh::empty(engine, &Options::default());
        prepared(&fresh);
        let programs: Vec<_> = (0..3).map(|_| Database::open(fresh.url(), &Options::default()).unwrap()).collect();
        let numbers: Vec<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = programs
                .iter()
                .flat_map(|program| (0..8).map(move |_| program))
                .map(|program| scope.spawn(|| (0..25).map(|_| program.write_now(count).unwrap()).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(numbers.iter().copied().collect::<BTreeSet<_>>(), (1..=600).collect(), "{engine:?}");
        assert_eq!(numbers.len(), 600);
    }
}
