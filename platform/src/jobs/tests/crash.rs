//! A program is killed amid its jobs: another does the rest, and none is done twice.

use super::*;
use crate::database::{Engine, Options};
use crate::testing::Fresh;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Command, Stdio};

const ROUNDS: usize = 5;
const JOBS: usize = 100;
const ADDRESS: &str = "PRIMA_TEST_JOBS_ADDRESS";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The program that is killed: it does jobs with four workers and prints a line for each that is done.
fn work_until_killed(address: &str) {
    let database = Database::open(address, &Options { readers: 1, ..Options::default() }).unwrap();
    let runtime = runtime();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let worker = worker(&database, &Clock::standing(START), noting());
            runtime.spawn(async move {
                // Jobs are held while others run, so that a kill meets some that were claimed and not begun.
                while let Ok(claimed) = worker.claim(3).await {
                    for job in claimed {
                        assert_eq!(worker.perform(&job).await.unwrap(), Outcome::Done);
                        std::io::stdout().write_all(format!("done {}.\n", job.id).as_bytes()).unwrap();
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        runtime.block_on(worker).unwrap();
    }
}

/// Starts this test once more as that program and kills it after some jobs; gives those it said were done.
fn killed_after(some: usize, test: &str, address: &str) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(ADDRESS, address);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (mut done, mut line) = (Vec::new(), String::new());
    while lines.read_line(&mut line).unwrap_or(0) > 0 {
        let id = line.split_once("done ").and_then(|(_, rest)| rest.strip_suffix(".\n"));
        done.extend(id.map(str::to_owned));
        line.clear();
        if done.len() == some {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(done.len() >= some, "the program ended by itself");
    done
}

async fn database_is_idle(database: &Database) -> bool {
    let counts = database.read(|db| counts(db, START)).await.unwrap();
    counts.waiting + counts.running == 0
}

fn rounds(engine: Engine, test: &str) {
    if let Ok(address) = std::env::var(ADDRESS) {
        return work_until_killed(&address);
    }
    let (mut left, mut begun) = (0, 0);
    for round in 1..=ROUNDS {
        let fresh = Fresh::migrated(engine);
        prepared(&fresh);
        let enqueued: Vec<JobId> = fresh
            .write_now(|db| (0..JOBS).map(|_| enqueue(db, &new("test.note"))).collect::<Result<_, DatabaseError>>())
            .unwrap();
        let said = killed_after(round * 7, test, fresh.url());
        let before = fresh.read_now(|db| counts(db, START)).unwrap();
        left += before.waiting;
        begun += before.running;
        runtime().block_on(async {
            let clock = Clock::standing(START + Settings::default().lease);
            let worker = worker(&fresh, &clock, noting());
            // A server needs a moment to see that its client died, and holds what it had locked until then.
            for _ in 0..500 {
                worker.work_off().await.unwrap();
                if database_is_idle(&fresh).await {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            panic!("jobs are left");
        });
        let noted: Vec<(String, i64)> = fresh.read_now(|db| db.all(NOTES, &[])).unwrap();
        let mut noted: Vec<String> = noted.into_iter().map(|(id, _)| id).collect();
        assert!(said.iter().all(|id| noted.contains(id)), "what was said to be done is done");
        let mut expected: Vec<String> = enqueued.iter().map(ToString::to_string).collect();
        noted.sort();
        expected.sort();
        assert_eq!(noted, expected, "each job was done, and once");
    }
    println!("{engine:?}: {ROUNDS} kills, {begun} jobs taken over from the dead, {left} not begun: each done once");
}

#[test]
fn jobs_of_a_killed_program_are_done_once_in_sqlite() {
    rounds(Engine::Sqlite, "jobs::tests::crash::jobs_of_a_killed_program_are_done_once_in_sqlite");
}

#[test]
fn jobs_of_a_killed_program_are_done_once_in_postgres() {
    rounds(Engine::Postgres, "jobs::tests::crash::jobs_of_a_killed_program_are_done_once_in_postgres");
}
