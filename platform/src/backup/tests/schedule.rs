//! A backup every night, whatever the clock does, and again when it failed.

use super::*;
use crate::app::{App, Means, Wiring};
use crate::jobs::{Handlers, Settings, Worker};
use crate::secret::Secrets;
use time::Duration;
use time::macros::time;

fn worker(home: &Home, plan: Plan) -> Worker {
    let means = Means::new(Secrets::new([7; 32]));
    let app = App::new(home.fresh.clone(), home.clock.clone(), Wiring::default(), means);
    Worker::new(app, scheduled(Handlers::new(), plan, time!(02:00), Zone::Wib), Settings::default())
}

/// Keeps the schedule, does what is due and waits until what it began has ended; how many runs there are then, and how many good.
async fn night(home: &Home, worker: &Worker) -> (usize, usize) {
    worker.keep_schedules().await.unwrap();
    worker.work_off().await.unwrap();
    for _ in 0..2_000 {
        let all = home.fresh.read(|db| runs(db, 100)).await.unwrap();
        if all.iter().all(|run| run.state != RunState::Running) {
            return (all.len(), all.iter().filter(|run| run.state == RunState::Done).count());
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("a backup does not end");
}

/// Waits until a thread that was just started has begun or ended its run.
async fn settled(home: &Home, worker: &Worker, wanted: (usize, usize)) {
    for _ in 0..400 {
        if night(home, worker).await == wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(night(home, worker).await, wanted);
}

/// Waits until the next try is planned, which follows the end of the one before.
async fn planned(home: &Home, wanted: bool) {
    for _ in 0..2_000 {
        let counts = home.fresh.read(|db| crate::jobs::counts(db, START)).await.unwrap();
        if !wanted || counts.waiting > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("no further try is planned");
}

/// START is two o'clock in Jakarta. A clock that is set an hour back or forward around it makes no night's backup twice, and
/// leaves none out.
#[tokio::test(flavor = "multi_thread")]
async fn every_night_has_one_backup_whatever_the_clock_does() {
    let home = Home::new(Engine::Sqlite);
    let worker = worker(&home, home.plan());
    home.clock.advance(-Duration::hours(3));
    settled(&home, &worker, (0, 0)).await;
    home.clock.advance(Duration::hours(3));
    settled(&home, &worker, (1, 1)).await;
    for step in [-Duration::HOUR, Duration::HOUR, Duration::HOUR, -Duration::hours(2), Duration::hours(3)] {
        home.clock.advance(step);
        settled(&home, &worker, (1, 1)).await;
    }
    // The next night comes an hour early, since the clock was set forward, and is not repeated when it is set right.
    home.clock.advance(Duration::hours(22));
    settled(&home, &worker, (2, 2)).await;
    home.clock.advance(-Duration::HOUR);
    settled(&home, &worker, (2, 2)).await;
    home.clock.advance(Duration::hours(25));
    settled(&home, &worker, (3, 3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_failed_is_tried_again_three_times_that_night() {
    let home = Home::new(Engine::Sqlite);
    // A file stands where the folder would be.
    std::fs::write(home.path("tidak-bisa"), "").unwrap();
    let plan = Plan { work: home.path("tidak-bisa").join("kerja"), ..home.plan() };
    let worker = worker(&home, plan);
    home.clock.advance(-Duration::HOUR);
    settled(&home, &worker, (0, 0)).await;
    home.clock.advance(Duration::HOUR);
    for tries in 1..=4 {
        settled(&home, &worker, (tries, 0)).await;
        planned(&home, tries < 4).await;
        home.clock.advance(Duration::minutes(16));
    }
    settled(&home, &worker, (4, 0)).await;
    let last = home.fresh.read(|db| runs(db, 1)).await.unwrap().remove(0);
    assert_eq!((last.state, last.error.as_deref()), (RunState::Failed, Some("backup.place")));
}
