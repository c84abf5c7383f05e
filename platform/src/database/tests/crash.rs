//! What a confirmed write is worth: programs are killed in the midst of writing.
//!
//! A round starts this test program once more as a writer, which prints each number when its write is confirmed. It is killed
//! without warning at a moment of its own, the database is opened again, and three things must hold: every confirmed number is
//! there, none is there twice, and what is there was asked for.
//!
//! This shows that a program that dies loses nothing it confirmed. It does not show what a machine without power does: the files
//! are in the operating system's hands by then, and only `synchronous=FULL` and PostgreSQL's `fsync` speak for the disk. Rounds that
//! stop the server at once (`pg_ctl stop --mode immediate`) show that PostgreSQL recovers what it confirmed from its log.

use super::super::{Database, Engine, Options};
use super::{ADD_TICKET, prepared, tickets};
use crate::params;
use crate::testing::Fresh;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: i64 = 50;
/// So many writes a round confirms at least before the kill, 1,000 and more in the later rounds.
const CONFIRMED: [i64; 5] = [1_000, 400, 1_200, 700, 1_000];
const ADDRESS: &str = "PRIMA_TEST_CRASH_ADDRESS";
const FIRST: &str = "PRIMA_TEST_CRASH_FIRST";

/// The writer: eight threads, each taking the next number, until somebody kills the program.
fn write_until_killed(address: &str, first: i64) {
    let database = Database::open(address, &Options { readers: 1, ..Options::default() }).unwrap();
    let next = Arc::new(AtomicI64::new(first));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let writers: Vec<_> = (0..64)
        .map(|_| {
            let (database, next) = (database.clone(), Arc::clone(&next));
            runtime.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    match database.write(move |db| db.execute(ADD_TICKET, params![number, "a"])).await {
                        // One line, one call: a line that is cut short is no confirmation.
                        Ok(_) => std::io::stdout().write_all(format!("confirmed {number}.\n").as_bytes()).unwrap(),
                        Err(_) => return,
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        runtime.block_on(writer).unwrap();
    }
}

fn start(test: &str, address: &str, first: i64) -> Child {
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", test, "--nocapture", "--test-threads=1"];
    let mut command = Command::new(program);
    command.args(arguments).env(ADDRESS, address).env(FIRST, first.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Reads confirmations until there are `enough`, lets `kill` end the writer, and reads what it still had confirmed.
fn confirmed(child: &mut Child, enough: i64, kill: impl FnOnce(&mut Child)) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut kill = Some(kill);
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap_or(0) > 0 {
        let number = line.split_once("confirmed ").and_then(|(_, rest)| rest.strip_suffix(".\n"));
        numbers.extend(number.and_then(|number| number.parse::<i64>().ok()));
        line.clear();
        if i64::try_from(numbers.len()).unwrap() >= enough
            && let Some(kill) = kill.take()
        {
            kill(child);
        }
    }
    numbers
}

fn check(round: i64, first: i64, confirmed: &[i64], stored: &[i64]) {
    let of_round: Vec<i64> = stored.iter().copied().filter(|number| *number >= first).collect();
    let known: BTreeSet<i64> = of_round.iter().copied().collect();
    assert_eq!(known.len(), of_round.len(), "round {round}: a number is there twice");
    let lost: Vec<&i64> = confirmed.iter().filter(|number| !known.contains(number)).collect();
    assert!(lost.is_empty(), "round {round}: confirmed and lost: {lost:?}");
    let unasked: Vec<&i64> = known.iter().filter(|number| **number >= first + 1_000_000).collect();
    assert!(unasked.is_empty(), "round {round}: stored and never asked for: {unasked:?}");
}

/// Plays the writer when this program was started as one.
fn is_writer() -> bool {
    let (Ok(address), Ok(first)) = (std::env::var(ADDRESS), std::env::var(FIRST)) else { return false };
    write_until_killed(&address, first.parse().unwrap());
    true
}

fn rounds(engine: Engine, test: &str) {
    let fresh = Fresh::empty(engine, &Options { readers: 1, writers: 1, ..Options::default() });
    prepared(&fresh);
    let (began, mut total) = (Instant::now(), 0);
    for round in 0..ROUNDS {
        let first = round * 1_000_000 + 1;
        let mut child = start(test, fresh.url(), first);
        let enough = CONFIRMED[usize::try_from(round).unwrap() % CONFIRMED.len()] + round;
        let confirmed = confirmed(&mut child, enough, |child| child.kill().unwrap());
        child.wait().unwrap();
        assert!(i64::try_from(confirmed.len()).unwrap() >= enough, "round {round}: the writer ended by itself");
        let again = Database::open(fresh.url(), &Options { readers: 1, writers: 1, ..Options::default() }).unwrap();
        check(round, first, &confirmed, &tickets(&again));
        again.close();
        total += confirmed.len();
    }
    println!(
        "{engine:?}: {ROUNDS} kills amid {total} confirmed writes in {:?}: none lost, none doubled",
        began.elapsed()
    );
}

#[test]
fn a_killed_program_loses_no_confirmed_write_in_sqlite() {
    if !is_writer() {
        rounds(Engine::Sqlite, "database::tests::crash::a_killed_program_loses_no_confirmed_write_in_sqlite");
    }
}

#[test]
fn a_killed_program_loses_no_confirmed_write_in_postgres() {
    if !is_writer() {
        rounds(Engine::Postgres, "database::tests::crash::a_killed_program_loses_no_confirmed_write_in_postgres");
    }
}

/// A server of its own, since it is stopped at once in each round; it waits for the disk, as one with data in it does.
struct Server {
    programs: String,
    folder: tempfile::TempDir,
}

impl Server {
    fn new() -> Self {
        let programs = std::env::var("PRIMA_TEST_POSTGRES_PROGRAMS").expect("this test needs PostgreSQL: run bin/test");
        let folder = tempfile::TempDir::with_prefix("prima-server-").unwrap();
        let server = Self { programs, folder };
        let path = server.folder.path().display();
        if server.is_root() {
            assert!(Command::new("chown").arg("postgres").arg(server.folder.path()).status().unwrap().success());
        }
        let initial = format!("initdb -D {path}/data --username prima --auth trust --no-sync");
        server.run(&initial);
        server
    }

    fn is_root(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata(self.folder.path()).unwrap().uid() == 0 || std::fs::metadata("/proc/self").unwrap().uid() == 0
    }

    fn run(&self, words: &str) {
        let words = format!("{}/{words} >/dev/null 2>&1 </dev/null", self.programs);
        let mut command = if self.is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-c", &words]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", &words]);
            command
        };
        assert!(command.current_dir(self.folder.path()).status().unwrap().success(), "{words}");
    }

    fn start(&self) {
        let path = self.folder.path().display();
        self.run(&format!(
            "pg_ctl start --wait -D {path}/data -l {path}/data/log -o \"-c listen_addresses='' -c unix_socket_directories={path}\""
        ));
    }

    fn stop(&self) {
        self.run(&format!("pg_ctl stop --mode immediate -D {}/data", self.folder.path().display()));
    }

    fn url(&self) -> String {
        let host = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://prima@{host}/postgres")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let path = self.folder.path().join("data").join("postmaster.pid");
        if path.exists() {
            self.stop();
        }
    }
}

#[test]
fn a_server_stopped_at_once_loses_no_confirmed_write() {
    if is_writer() {
        return;
    }
    let server = Server::new();
    let options = Options { readers: 1, writers: 1, ..Options::default() };
    for round in 0..5 {
        server.start();
        let database = Database::open(&server.url(), &options).unwrap();
        prepared(&database);
        let first = round * 1_000_000 + 1;
        let test = "database::tests::crash::a_server_stopped_at_once_loses_no_confirmed_write";
        let mut child = start(test, &server.url(), first);
        let confirmed = confirmed(&mut child, 300, |_| server.stop());
        // The writer ends when its server has gone; should it not, it is ended.
        std::thread::sleep(Duration::from_millis(10));
        let _ = child.kill();
        child.wait().unwrap();
        database.close();
        server.start();
        let again = Database::open(&server.url(), &options).unwrap();
        check(round, first, &confirmed, &tickets(&again));
        again.close();
        server.stop();
    }
}
