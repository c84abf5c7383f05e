//! One job from its beginning to its end.

use super::*;
use crate::testing::each_engine;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

#[test]
fn a_job_exists_exactly_when_its_transaction_was_saved() {
    each_engine("rollback", |database| async move {
        let undone: Result<(), DatabaseError> = database
            .write(|db| {
                enqueue(db, &new("test.note"))?;
                Err(DatabaseError::Busy(None))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(database.read(|db| counts(db, START)).await.unwrap(), Counts::default());
        let id = put(&database, new("test.note")).await;
        assert_eq!(state_of(&database, id).await, Some(JobState::Waiting));
    });
}

#[test]
fn what_is_no_job_is_refused() {
    each_engine("refused", |database| async move {
        for kind in ["", "Test", "a,b", "a%", "a_b"] {
            let wrong = NewJob { kind, ..new("test.note") };
            assert!(database.write(move |db| enqueue(db, &wrong)).await.is_err(), "{kind}");
        }
        let large = NewJob { payload: json!("x".repeat(LARGEST_PAYLOAD)), ..new("test.note") };
        assert!(database.write(move |db| enqueue(db, &large)).await.is_err());
    });
}

#[test]
fn work_inside_the_database_and_its_completion_are_one() {
    each_engine("inside", |database| async move {
        prepared(&database);
        let worker = worker(&database, &Clock::standing(START), noting());
        let good = put(&database, new("test.note")).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Done]);
        assert_eq!(state_of(&database, good).await, Some(JobState::Done));
        assert_eq!(notes(&database).await, [(good.to_string(), 1)]);
        // What a failing handler did is gone, and its job waits.
        let bad = put(&database, new("test.fail")).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Again]);
        assert_eq!(state_of(&database, bad).await, Some(JobState::Waiting));
        assert_eq!(notes(&database).await, [(good.to_string(), 1)]);
    });
}

#[test]
fn nothing_runs_before_its_time_or_without_a_handler() {
    each_engine("due", |database| async move {
        prepared(&database);
        let clock = Clock::standing(START);
        let worker = worker(&database, &clock, noting());
        let later = NewJob { run_at: START + Duration::hours(1), ..new("test.note") };
        put(&database, later).await;
        // A longer name that ends or begins like a known one is another kind.
        put(&database, new("other.test.note")).await;
        put(&database, new("test.note.other")).await;
        assert_eq!(worker.work_off().await.unwrap(), []);
        let expected = Counts { waiting: 3, due: 2, ..Counts::default() };
        assert_eq!(database.read(|db| counts(db, START)).await.unwrap(), expected);
        clock.advance(Duration::hours(1));
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Done]);
    });
}

#[test]
fn a_lease_that_ended_gives_the_job_to_another_and_the_first_is_refused() {
    each_engine("lease", |database| async move {
        prepared(&database);
        let outside = || noting().outside("test.outside", 3, |_, _| async { Ok(()) });
        let clock = Clock::standing(START);
        let (first, second) = (worker(&database, &clock, outside()), worker(&database, &clock, outside()));
        for kind in ["test.note", "test.outside", "test.fail"] {
            let id = put(&database, new(kind)).await;
            let held = first.claim(1).await.unwrap().remove(0);
            assert!(second.claim(1).await.unwrap().is_empty(), "it is held");
            clock.advance(Settings::default().lease);
            let taken = second.claim(1).await.unwrap().remove(0);
            assert_eq!((held.id, taken.id), (id, id));
            assert!(taken.fence() > held.fence());
            // Late, before and after the other ended it: completing and failing are refused alike.
            assert_eq!(first.perform(&held).await.unwrap(), Outcome::Lost, "{kind}");
            let outcome = second.perform(&taken).await.unwrap();
            assert_eq!(outcome, if kind == "test.fail" { Outcome::Again } else { Outcome::Done });
            assert_eq!(first.perform(&held).await.unwrap(), Outcome::Lost, "{kind}");
            if kind == "test.note" {
                assert_eq!(notes(&database).await, [(id.to_string(), 2)], "only the second attempt counts");
            }
        }
    });
}

#[test]
fn a_slow_worker_whose_job_nobody_took_still_completes_it() {
    each_engine("slow", |database| async move {
        prepared(&database);
        let clock = Clock::standing(START);
        let worker = worker(&database, &clock, noting());
        put(&database, new("test.note")).await;
        let held = worker.claim(1).await.unwrap().remove(0);
        clock.advance(Duration::hours(9));
        assert_eq!(worker.perform(&held).await.unwrap(), Outcome::Done);
    });
}

#[test]
fn a_failing_job_waits_longer_each_time_and_then_for_a_person() {
    each_engine("retries", |database| async move {
        prepared(&database);
        let clock = Clock::standing(START);
        let worker = worker(&database, &clock, noting());
        let id = put(&database, new("test.fail")).await;
        for attempt in 1..=2 {
            assert_eq!(worker.work_off().await.unwrap(), [Outcome::Again]);
            clock.advance(backoff(attempt, 0) - Duration::milliseconds(1));
            assert_eq!(worker.work_off().await.unwrap(), [], "attempt {attempt} waits at least that long");
            clock.advance(backoff(attempt, u32::MAX) - backoff(attempt, 0) + Duration::milliseconds(1));
        }
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Dead]);
        let dead = dead_ones(&database).await;
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].id, dead[0].attempt, dead[0].error.as_str()), (id, 3, "test.refused: no answer"));
        assert_eq!(database.read(|db| counts(db, START)).await.unwrap(), Counts { dead: 1, ..Counts::default() });
        // A person says that it may run again, with all its attempts.
        let now = clock.now();
        assert_eq!(database.write(move |db| retry(db, None, id, now)).await.unwrap(), Retried::Waiting);
        assert_eq!(database.write(move |db| retry(db, None, id, now)).await.unwrap(), Retried::NotDead);
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Again]);
    });
}

#[test]
fn a_dead_job_is_seen_and_decided_on_in_its_own_city_only() {
    each_engine("cities", |database| async move {
        let (here, there) = (InstitutionId::new(START), InstitutionId::new(START));
        let hopeless = || {
            Handlers::new().inside("test.no", 9, |_, _, _| Err(JobError::new("test.no", "ä".repeat(500)).for_good()))
        };
        let worker = worker(&database, &Clock::standing(START), hopeless());
        let id = put(&database, NewJob { institution: Some(here), ..new("test.no") }).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Dead], "at once: it would not help to try again");
        for stranger in [None, Some(there)] {
            assert_eq!(database.read(move |db| dead(db, stranger, None, 9)).await.unwrap(), []);
            assert_eq!(database.read(move |db| state(db, stranger, id)).await.unwrap(), None);
            let retried = database.write(move |db| retry(db, stranger, id, START)).await.unwrap();
            assert_eq!(retried, Retried::NotDead);
            assert!(!database.write(move |db| discard(db, stranger, id, START)).await.unwrap());
        }
        let seen = database.read(move |db| dead(db, Some(here), None, 9)).await.unwrap();
        assert_eq!(seen[0].error.chars().count(), 200);
        assert_eq!(database.read(move |db| dead(db, Some(here), Some(id), 9)).await.unwrap(), []);
        assert!(database.write(move |db| discard(db, Some(here), id, START)).await.unwrap());
        let state = database.read(move |db| state(db, Some(here), id)).await.unwrap();
        assert_eq!(state, Some(JobState::Discarded));
    });
}

#[test]
fn a_job_that_brings_its_workers_down_is_dead_in_the_end() {
    each_engine("never ended", |database| async move {
        let clock = Clock::standing(START);
        let worker = worker(&database, &clock, noting());
        put(&database, new("test.note")).await;
        for _ in 0..3 {
            assert_eq!(worker.claim(1).await.unwrap().len(), 1);
            clock.advance(Settings::default().lease);
        }
        assert!(worker.claim(1).await.unwrap().is_empty());
        assert_eq!(dead_ones(&database).await[0].error, "job.never-ended");
    });
}

#[test]
fn a_panic_is_a_failure_like_others() {
    each_engine("panic", |database| async move {
        let handlers = Handlers::new().inside("test.inside", 1, |_, _, _| panic!("as asked")).outside(
            "test.outside",
            1,
            |_, _| async { panic!("as asked") },
        );
        let worker = worker(&database, &Clock::standing(START), handlers);
        put(&database, new("test.inside")).await;
        put(&database, new("test.outside")).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Dead, Outcome::Dead]);
        let mut errors: Vec<String> = dead_ones(&database).await.into_iter().map(|job| job.error).collect();
        errors.sort();
        assert_eq!(errors, ["database.other", "job.broke-off"]);
    });
}

#[test]
fn an_effect_outside_is_stopped_before_its_lease_ends() {
    each_engine("too slow", |database| async move {
        let handlers = Handlers::new().outside("test.slow", 1, |_, _| async {
            std::future::pending::<()>().await;
            Ok(())
        });
        let settings = Settings { lease: Duration::milliseconds(40), ..Settings::default() };
        let worker = Worker::new(app(&database, &Clock::standing(START)), handlers, settings);
        put(&database, new("test.slow")).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Dead]);
        assert_eq!(dead_ones(&database).await[0].error, "job.too-slow");
    });
}

#[test]
fn a_key_makes_one_job_of_many_wishes() {
    each_engine("key", |database| async move {
        prepared(&database);
        let clock = Clock::standing(START);
        let keyed = || NewJob { key: Some("unit-1".into()), ..new("test.fail") };
        let hopeless = Handlers::new().inside("test.fail", 1, |_, _, _| Err(JobError::new("test.refused", ""))).inside(
            "test.note",
            1,
            |db, job, _| note(db, job),
        );
        let worker = worker(&database, &clock, hopeless);
        let wishes: Vec<_> = (0..16)
            .map(|_| {
                let database = database.clone();
                tokio::spawn(async move { put(&database, keyed()).await })
            })
            .collect();
        let mut ids = Vec::new();
        for wish in wishes {
            ids.push(wish.await.unwrap());
        }
        ids.dedup();
        assert_eq!(ids.len(), 1, "all were told of the same job");
        // Another kind, another city: other jobs.
        let other = put(&database, NewJob { kind: "test.note", ..keyed() }).await;
        let elsewhere = NewJob { institution: Some(InstitutionId::new(START)), kind: "test.note", ..keyed() };
        let elsewhere = put(&database, elsewhere).await;
        assert!(ids[0] != other && other != elsewhere);
        // Once it is no longer open, the next wish is a new job; the dead one then gives way.
        assert_eq!(worker.work_off().await.unwrap().len(), 3);
        let again = put(&database, keyed()).await;
        assert_ne!(again, ids[0]);
        let dead = ids[0];
        assert_eq!(database.write(move |db| retry(db, None, dead, START)).await.unwrap(), Retried::Replaced);
    });
}

#[test]
fn a_payload_is_read_as_it_was_left_or_said_to_be_of_another_shape() {
    each_engine("payload", |database| async move {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let handlers = Handlers::new().inside("test.read", 5, move |_, job, _| {
            noted.lock().unwrap().push(job.payload::<Vec<String>>()?);
            Ok(())
        });
        let worker = worker(&database, &Clock::standing(START), handlers);
        put(&database, NewJob { payload: json!(["ganti \"nama\"\n", "ä"]), ..new("test.read") }).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Done]);
        put(&database, NewJob { payload: json!({ "secret": 1 }), ..new("test.read") }).await;
        assert_eq!(worker.work_off().await.unwrap(), [Outcome::Dead]);
        let error = dead_ones(&database).await.remove(0).error;
        assert!(error.starts_with("job.payload: line 1") && !error.contains("secret"), "{error}");
        assert_eq!(seen.lock().unwrap().last().unwrap(), &["ganti \"nama\"\n", "ä"]);
    });
}

#[test]
fn finished_jobs_are_swept_after_a_while_and_no_others() {
    each_engine("sweep", |database| async move {
        prepared(&database);
        let clock = Clock::standing(START);
        let worker = worker(&database, &clock, noting().inside("test.dead", 1, |_, _, _| Err(JobError::new("x", ""))));
        let done = put(&database, new("test.note")).await;
        let discarded = put(&database, new("test.dead")).await;
        let dead = put(&database, new("test.dead")).await;
        let waits = put(&database, new("test.unknown")).await;
        assert_eq!(worker.work_off().await.unwrap().len(), 3);
        database.write(move |db| discard(db, None, discarded, START)).await.unwrap();
        let sweep = |days| database.write(move |db| sweep(db, START + Duration::days(days), Duration::days(30)));
        assert_eq!(sweep(30).await.unwrap(), 0);
        assert_eq!(sweep(31).await.unwrap(), 2);
        let left: Vec<bool> = [done, discarded, dead, waits]
            .map(|id| database.read_now(move |db| state(db, None, id)).unwrap().is_some())
            .to_vec();
        assert_eq!(left, [false, false, true, true]);
    });
}

#[test]
fn the_loop_wakes_for_new_jobs_and_finishes_what_it_began() {
    each_engine("loop", |database| async move {
        let (began, ended) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (starts, ends) = (Arc::clone(&began), Arc::clone(&ended));
        let handlers = Handlers::new().outside("test.slow", 1, move |_, _| {
            let (starts, ends) = (Arc::clone(&starts), Arc::clone(&ends));
            async move {
                starts.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                ends.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        // So long between two looks that only the call can have woken it.
        let settings = Settings { look: Duration::hours(1), concurrency: 2, ..Settings::default() };
        let worker = Worker::new(app(&database, &Clock::standing(START)), handlers, settings);
        let (jobs, (say_stop, stop)) = (Jobs::new(), tokio::sync::oneshot::channel::<()>());
        let (runner, woken) = (worker.clone(), jobs.clone());
        let running = tokio::spawn(async move { runner.run(&woken, async { stop.await.unwrap() }).await });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        for _ in 0..3 {
            put(&database, new("test.slow")).await;
        }
        jobs.wake();
        while began.load(Ordering::SeqCst) < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        say_stop.send(()).unwrap();
        running.await.unwrap();
        assert_eq!((began.load(Ordering::SeqCst), ended.load(Ordering::SeqCst)), (2, 2), "two at once, and both ended");
        let expected = Counts { waiting: 1, due: 1, ..Counts::default() };
        assert_eq!(database.read(|db| counts(db, START)).await.unwrap(), expected);
    });
}
