//! Jobs from their enqueueing, each confirmed on its own as requests bring them, until they are done, against a bare loop that inserts
//! the same rows into the same table in batches of 200.
//!
//! `queue FOLDER [JOBS] [AT ONCE]` prints the rates and their ratios. All files lie in FOLDER, so that all wait for the same disk.

use platform::app::{App, Means, Wiring};
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Options};
use platform::jobs::{self, Handlers, NewJob, Settings, Worker};
use platform::secret::Secrets;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

const KIND: &str = "bench.note";
const ROUNDS: usize = 5;

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let jobs: i64 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let at_once: usize = arguments.next().map_or(Ok(512), |text| text.parse())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let (mut enqueued, mut done) = (Vec::new(), Vec::new());
    let rate = |took: Duration| f64::from(u32::try_from(jobs).unwrap_or(u32::MAX)) / took.as_secs_f64();
    for round in 0..ROUNDS {
        let bare = rate(bare_loop(&Path::new(&folder).join(format!("bare-{round}.db")), jobs)?);
        let file = Path::new(&folder).join(format!("queue-{round}.db"));
        let (in_queue, all_done) = runtime.block_on(queue(&file, jobs, at_once))?;
        let (in_queue, all_done) = (rate(in_queue), rate(all_done));
        println!(
            "bare loop of 200: {bare:.0}/s · enqueued, {at_once} at once: {in_queue:.0}/s, {:.2} · enqueued and done: {all_done:.0}/s, {:.2}",
            in_queue / bare,
            all_done / bare
        );
        enqueued.push(in_queue / bare);
        done.push(all_done / bare);
    }
    enqueued.sort_by(f64::total_cmp);
    done.sort_by(f64::total_cmp);
    println!("median ratios: enqueued {:.2}, enqueued and done {:.2}", enqueued[ROUNDS / 2], done[ROUNDS / 2]);
    Ok(())
}

/// An empty database with the tables of the program.
fn migrated(file: &Path) -> Result<Database, DatabaseError> {
    let database = Database::open(&format!("sqlite:{}", file.display()), &Options::default())?;
    database.migrate()?;
    Ok(database)
}

fn bare_loop(file: &Path, rows: i64) -> Result<Duration, Box<dyn Error>> {
    migrated(file)?.close();
    let mut connection = rusqlite::Connection::open(file)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    let (clock, began) = (Clock::machine(), Instant::now());
    for first in (0..rows).step_by(200) {
        let batch = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut insert = batch.prepare_cached(
                "INSERT INTO job (id, institution_id, kind, payload, state, attempt, fence, due_at)
                VALUES (?1, zeroblob(16), ?2, ?3, 'waiting', 0, 0, '2026-11-22T01:00:00.000000Z')",
            )?;
            for number in first..(first + 200).min(rows) {
                let id = jobs::JobId::new(clock.now()).uuid();
                insert.execute((id.as_bytes().as_slice(), KIND, payload(number).to_string()))?;
            }
        }
        batch.commit()?;
    }
    Ok(began.elapsed())
}

fn payload(number: i64) -> serde_json::Value {
    serde_json::json!({ "number": number })
}

/// How long it took until all were in the queue, and until all were done.
async fn queue(file: &Path, jobs: i64, at_once: usize) -> Result<(Duration, Duration), Box<dyn Error>> {
    let database = migrated(file)?;
    let app = App::new(database.clone(), Clock::machine(), Wiring::default(), Means::new(Secrets::new([7; 32])));
    let done = Arc::new(AtomicI64::new(0));
    let noted = Arc::clone(&done);
    let handlers = Handlers::new().inside(KIND, 3, move |_, _, _| {
        noted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let worker = Worker::new(app.clone(), handlers, Settings::default());
    let (stop, told) = oneshot::channel::<()>();
    let its_jobs = app.jobs().clone();
    let next = Arc::new(AtomicI64::new(0));
    let began = Instant::now();
    let works = tokio::spawn(async move { worker.run(&its_jobs, async { drop(told.await) }).await });
    let senders: Vec<_> = (0..at_once).map(|_| tokio::spawn(send(app.clone(), Arc::clone(&next), jobs))).collect();
    for sender in senders {
        sender.await??;
    }
    let in_queue = began.elapsed();
    // The last transaction may still be on its way to the disk, or have been run again: then the database is asked.
    while done.load(Ordering::Relaxed) < jobs || left(&app).await? > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let all_done = began.elapsed();
    drop(stop);
    works.await?;
    database.close();
    Ok((in_queue, all_done))
}

async fn left(app: &App) -> Result<u64, DatabaseError> {
    let now = app.now();
    let counts = app.database().read(move |db| jobs::counts(db, now)).await?;
    Ok(counts.waiting + counts.running)
}

/// One of those who send: the next job only when the last one was confirmed.
async fn send(app: App, next: Arc<AtomicI64>, jobs: i64) -> Result<(), DatabaseError> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= jobs {
            return Ok(());
        }
        let job = NewJob { kind: KIND, institution: None, payload: payload(number), run_at: app.now(), key: None };
        app.database().write(move |db| jobs::enqueue(db, &job).map(drop)).await?;
        app.jobs().wake();
    }
}
