//! Durable confirmed writes, one by one as requests bring them, against a bare loop that inserts the same rows in batches of 200.
//!
//! `writes FOLDER [ROWS] [AT ONCE]` prints both rates and their ratio. Both files lie in FOLDER, so that both wait for the same disk.

use platform::database::{Database, DatabaseError, Migration, Options};
use platform::{params, statements};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

statements! {
    /// One answer, as a survey brings it.
    pub(crate) INSERT = "INSERT INTO answer (number, words) VALUES ($1, $2)";
    /// How many there are.
    pub(crate) COUNT = "SELECT COUNT(*) FROM answer";
}

const TABLE: &str = "CREATE TABLE answer (number INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;";
const WORDS: &str = "pelayanan cepat dan petugas ramah";

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let rows: i64 = arguments.next().map_or(Ok(200_000), |text| text.parse())?;
    let at_once: usize = arguments.next().map_or(Ok(512), |text| text.parse())?;
    let mut ratios = Vec::new();
    for round in 0..5 {
        let bare = bare_loop(&Path::new(&folder).join(format!("bare-{round}.db")), rows)?;
        let ours = layer(&Path::new(&folder).join(format!("layer-{round}.db")), rows, at_once)?;
        let rate = |took: Duration| f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) / took.as_secs_f64();
        ratios.push(rate(ours) / rate(bare));
        println!(
            "bare loop of 200: {:.0}/s · layer, {at_once} at once: {:.0}/s · ratio {:.2}",
            rate(bare),
            rate(ours),
            ratios[round]
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2}", ratios[2]);
    Ok(())
}

fn bare_loop(file: &Path, rows: i64) -> rusqlite::Result<Duration> {
    let mut connection = rusqlite::Connection::open(file)?;
    connection.execute_batch(&format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLE}"))?;
    let began = Instant::now();
    for first in (0..rows).step_by(200) {
        let batch = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut insert = batch.prepare_cached("INSERT INTO answer (number, words) VALUES (?1, ?2)")?;
            for number in first..(first + 200).min(rows) {
                insert.execute((number, WORDS))?;
            }
        }
        batch.commit()?;
    }
    Ok(began.elapsed())
}

fn layer(file: &Path, rows: i64, at_once: usize) -> Result<Duration, Box<dyn std::error::Error>> {
    let database = Database::open(&format!("sqlite:{}", file.display()), &Options::default())?;
    database.migrate_with(&[Migration { number: 1, name: "answer", sql: TABLE }])?;
    let runtime = tokio::runtime::Runtime::new()?;
    let next = Arc::new(AtomicI64::new(0));
    let began = Instant::now();
    runtime.block_on(async {
        let senders: Vec<_> =
            (0..at_once).map(|_| tokio::spawn(send(database.clone(), Arc::clone(&next), rows))).collect();
        for sender in senders {
            sender.await??;
        }
        Ok::<(), Box<dyn std::error::Error>>(())
    })?;
    let took = began.elapsed();
    let stored: Option<(i64,)> = database.read_now(|db| db.one(COUNT, params![]))?;
    assert_eq!(stored, Some((rows,)), "every confirmed row is stored");
    Ok(took)
}

/// One of those who send: the next row only when the last one was confirmed.
async fn send(database: Database, next: Arc<AtomicI64>, rows: i64) -> Result<(), DatabaseError> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= rows {
            return Ok(());
        }
        database.write(move |db| db.execute(INSERT, params![number, WORDS]).map(drop)).await?;
    }
}
