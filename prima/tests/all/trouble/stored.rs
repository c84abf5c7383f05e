//! What is in the database after the trouble, compared with what people were told.

use super::load::Held;
use super::served::Served;
use platform::database::{Database, DatabaseError, Options};
use platform::statements;
use std::collections::BTreeSet;

statements! {
    REQUESTS = "SELECT COUNT(*), CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM data_request";
    STEPS = "SELECT COUNT(*) FROM data_request_step";
    OPEN_JOBS = "SELECT COUNT(*), COUNT(DISTINCT key) FROM job WHERE key IS NOT NULL AND state IN ('waiting', 'running')";
}

/// Founds the demonstration city in an empty database, and ends. It has requests of its own: so many.
pub(crate) fn city(database: &str) -> i64 {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_prima"));
    command.arg("demo");
    let served = Served::of(command, database, &[]);
    served.wait_for("/", std::time::Duration::from_secs(30));
    served.stop();
    count(database).0
}

/// Every confirmation still leads to its own request, and there is none that nobody sent.
///
/// `unanswered` requests may be there or not: their senders were told nothing.
pub(crate) fn nothing_is_lost_or_doubled(served: &Served, database: (&str, i64), held: &Held, unanswered: usize) {
    let (database, before) = database;
    let mut numbers = BTreeSet::new();
    for link in held.keys() {
        let page = served.get(link).unwrap();
        assert_eq!(page.status, 200, "{link} was confirmed");
        let number = page.text.split("DP-").nth(1).expect("a request has a number");
        assert!(numbers.insert(number[..11].to_owned()), "DP-{} was given to two people", &number[..11]);
    }
    let (requests, highest, steps) = count(database);
    let requests_now = requests - before;
    let (held, unanswered) = (i64::try_from(held.len()).unwrap(), i64::try_from(unanswered).unwrap());
    assert!(
        requests_now >= held && requests_now <= held + unanswered,
        "{requests_now} requests: {held} confirmed, {unanswered} unanswered"
    );
    assert_eq!(requests, highest, "numbers follow one another without gaps");
    assert!(steps >= requests, "each with the steps it has taken");
}

fn count(database: &str) -> (i64, i64, i64) {
    let database = Database::open(database, &Options { readers: 1, writers: 1, ..Options::default() }).unwrap();
    let counted = database.read_now(|db| {
        let (requests, highest): (i64, i64) = db.one(REQUESTS, &[])?.unwrap_or_default();
        let (steps,): (i64,) = db.one(STEPS, &[])?.unwrap_or_default();
        let (open, keys): (i64, i64) = db.one(OPEN_JOBS, &[])?.unwrap_or_default();
        assert_eq!(open, keys, "no work waits twice");
        Ok::<_, DatabaseError>((requests, highest, steps))
    });
    database.close();
    counted.unwrap()
}
