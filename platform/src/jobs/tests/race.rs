//! Many want the same jobs, or the same lead.

use super::*;
use crate::database::Options;
use crate::testing::database::ENGINES;
use crate::testing::{Fresh, each_engine};
use std::collections::BTreeSet;
use std::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_workers_do_each_of_five_hundred_jobs_once() {
    for engine in ENGINES {
        let fresh = Fresh::migrated(engine);
        prepared(&fresh);
        let enqueued: Result<BTreeSet<JobId>, DatabaseError> =
            fresh.write(|db| (0..500).map(|_| enqueue(db, &new("test.note"))).collect()).await;
        let began = Instant::now();
        // Two programs with four workers each.
        let options = Options { readers: 1, writers: 4, ..Options::default() };
        let programs: Vec<Database> = (0..2).map(|_| Database::open(fresh.url(), &options).unwrap()).collect();
        let workers: Vec<_> = (0..8)
            .map(|number| {
                let worker = worker(&programs[number % 2], &Clock::standing(START), noting());
                tokio::spawn(async move {
                    let mut done = 0;
                    loop {
                        let claimed = worker.claim(5).await.unwrap();
                        if claimed.is_empty() {
                            return done;
                        }
                        for job in claimed {
                            assert_eq!(worker.perform(&job).await.unwrap(), Outcome::Done);
                            done += 1;
                        }
                    }
                })
            })
            .collect();
        let mut done = Vec::new();
        for worker in workers {
            done.push(worker.await.unwrap());
        }
        // A worker may find all that is left locked by others and go; nothing is left when the last has gone.
        assert_eq!(done.iter().sum::<usize>(), 500, "{engine:?}: {done:?}");
        let noted: Vec<(String, i64)> = notes(&fresh).await;
        let expected: Vec<(String, i64)> = enqueued.unwrap().into_iter().map(|id| (id.to_string(), 1)).collect();
        assert_eq!(noted, expected, "{engine:?}");
        println!("{engine:?}: 500 jobs in {:?}, {done:?}, {:?}", began.elapsed(), programs[0].gauges());
    }
}

#[test]
fn one_leads_at_a_time_and_each_change_of_hands_raises_the_fence() {
    each_engine("leader", |database| async move {
        let lease = Duration::seconds(30);
        let lead_at = |holder: &'static str, seconds| {
            let now = START + Duration::seconds(seconds);
            database.write(move |db| lead(db, "test", holder, now, lease))
        };
        let leads_at = |fence: Fence, seconds| {
            database.read(move |db| still_leads(db, "test", fence, START + Duration::seconds(seconds)))
        };
        let first = lead_at("a", 0).await.unwrap().unwrap();
        assert_eq!(lead_at("b", 29).await.unwrap(), None);
        assert_eq!(lead_at("a", 20).await.unwrap(), Some(first), "its own lead is prolonged");
        assert_eq!(lead_at("b", 49).await.unwrap(), None);
        assert!(leads_at(first, 49).await.unwrap() && !leads_at(first, 50).await.unwrap());
        let second = lead_at("b", 50).await.unwrap().unwrap();
        assert!(second > first);
        assert_eq!(lead_at("a", 51).await.unwrap(), None);
        assert!(!leads_at(first, 51).await.unwrap(), "the first is told that its term is over");
        // Who comes back after its own end is in a new term too.
        let third = lead_at("b", 100).await.unwrap().unwrap();
        assert!(third > second);
        database.write(|db| resign(db, "test", "a", START + Duration::seconds(101))).await.unwrap();
        assert!(leads_at(third, 101).await.unwrap(), "nobody resigns for another");
        database.write(|db| resign(db, "test", "b", START + Duration::seconds(101))).await.unwrap();
        assert!(lead_at("a", 101).await.unwrap().unwrap() > third, "what was given up is free at once");
    });
}

#[test]
fn of_many_who_want_to_lead_one_does() {
    each_engine("election", |database| async move {
        let wishes: Vec<_> = (0..16)
            .map(|number| {
                let (database, holder) = (database.clone(), format!("node-{number}"));
                tokio::spawn(async move {
                    database.write(move |db| lead(db, "test", &holder, START, Duration::MINUTE)).await.unwrap()
                })
            })
            .collect();
        let mut leaders = 0;
        for wish in wishes {
            leaders += usize::from(wish.await.unwrap().is_some());
        }
        assert_eq!(leaders, 1);
    });
}

#[test]
fn an_occurrence_becomes_one_job_though_two_take_themselves_for_leaders() {
    each_engine("occurrence", |database| async move {
        prepared(&database);
        let hourly = Recurring { name: "test", kind: "test.note", schedule: Schedule::Every(Duration::HOUR) };
        let clock = Clock::standing(START + Duration::minutes(10));
        let enqueue_due = |now| database.write(move |db| schedule::enqueue_due(db, &hourly, now));
        assert_eq!(enqueue_due(clock.now()).await.unwrap(), None, "seen for the first time, it begins now");
        clock.advance(Duration::HOUR);
        let now = clock.now();
        let both = tokio::join!(enqueue_due(now), enqueue_due(now));
        let made: Vec<JobId> = [both.0.unwrap(), both.1.unwrap()].into_iter().flatten().collect();
        assert_eq!(made.len(), 1);
        // Also when it was done before the other looks, with a clock that is behind.
        let worker = worker(&database, &clock, noting());
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Done]);
        assert_eq!(enqueue_due(now - Duration::minutes(5)).await.unwrap(), None);
        // Of a night without a server, one remains to be done.
        clock.advance(Duration::hours(9));
        assert!(enqueue_due(clock.now()).await.unwrap().is_some());
        assert_eq!(enqueue_due(clock.now()).await.unwrap(), None);
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Done]);
    });
}

#[test]
fn the_node_that_leads_keeps_the_schedules_and_another_takes_over() {
    each_engine("schedules", |database| async move {
        let clock = Clock::standing(START);
        let node = || worker(&database, &clock, Handlers::new().sweeping(Duration::days(30)));
        let (first, second) = (node(), node());
        assert_eq!(first.keep_schedules().await.unwrap(), Some(0));
        assert_eq!(second.keep_schedules().await.unwrap(), None);
        clock.advance(Duration::HOUR);
        assert_eq!(second.keep_schedules().await.unwrap(), Some(1), "the first gave no sign of life");
        assert_eq!(first.keep_schedules().await.unwrap(), None);
        assert_eq!(first.work_off().await.unwrap(), [Outcome::Done], "whoever leads, all do the jobs");
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_that_share_a_transaction_are_done_once_and_one_that_fails_takes_none_with_it() {
    for engine in ENGINES {
        let fresh = Fresh::migrated(engine);
        prepared(&fresh);
        let enqueued: Result<BTreeSet<JobId>, DatabaseError> =
            fresh.write(|db| (0..600).map(|_| enqueue(db, &new("test.note"))).collect()).await;
        // Two programs, long after they began: so they work in packs; in the middle of it some jobs fail.
        let running: Vec<_> = (0..2)
            .map(|_| {
                let (worker, jobs) = (worker(&fresh, &Clock::standing(START), noting()), Jobs::new());
                let (say_stop, stop) = tokio::sync::oneshot::channel::<()>();
                (tokio::spawn(async move { worker.run(&jobs, async { drop(stop.await) }).await }), say_stop)
            })
            .collect();
        for _ in 0..5 {
            put(&fresh, new("test.fail")).await;
        }
        while fresh.read(|db| counts(db, START)).await.unwrap().due > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        for (task, say_stop) in running {
            drop(say_stop);
            task.await.unwrap();
        }
        let noted: Vec<(String, i64)> = notes(&fresh).await;
        let expected: Vec<(String, i64)> = enqueued.unwrap().into_iter().map(|id| (id.to_string(), 1)).collect();
        assert_eq!(noted, expected, "{engine:?}");
        let left = fresh.read(|db| counts(db, START)).await.unwrap();
        assert_eq!((left.waiting, left.running, left.dead), (5, 0, 0), "{engine:?}: those that failed wait for later");
    }
}

#[test]
fn a_long_queue_is_taken_from_its_front_without_sorting_it_each_time() {
    let fresh = crate::testing::migrated_sqlite();
    let file = fresh.url().trim_start_matches("sqlite:");
    let connection = rusqlite::Connection::open(file).unwrap();
    let taking = ["TAKE_IN_SQLITE", "CLAIM_IN_SQLITE", "NEXT_DUE_JOB"];
    let statements: Vec<_> = crate::jobs::STATEMENTS.iter().filter(|sql| taking.contains(&sql.name())).collect();
    assert_eq!(statements.len(), taking.len());
    for sql in statements {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text())).unwrap();
        let asked = plan.parameter_count();
        let steps = plan.query_map(rusqlite::params_from_iter(vec![1; asked]), |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.iter().any(|step| step.contains("USING INDEX job_by_due")), "{}: {steps:?}", sql.name());
        assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{}: {steps:?}", sql.name());
    }
}
