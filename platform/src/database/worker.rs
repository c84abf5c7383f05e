//! The threads that work with the database, the same for both engines.
//!
//! The writer of SQLite takes all requests that wait and commits them together; where one is refused after it changed something, each
//! has a savepoint, so that it fails alone.
//! The writers of PostgreSQL take one at a time, and run it again when it collided with another.

use super::connection::{Connection, Home, Purpose};
use super::{DatabaseError, Engine, Write, lock};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// After so many collisions with others a write is given up as "busy"; that is some five seconds.
const ATTEMPTS: u32 = 64;

/// A request as the workers see it. It may run more than once; only its last result counts, and only after it was saved.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its result. Says whether what it did is to be saved, or why all of it must be run again.
    fn run(&mut self, connection: &mut dyn Connection, counters: &Counters) -> Result<bool, DatabaseError>;
    /// Sends the result back, or why it could not be saved.
    fn answer(self: Box<Self>, outcome: Result<(), DatabaseError>);
}

struct Request<F, T, E> {
    run: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T: Send, E: From<DatabaseError> + Send> Job for Request<F, T, E>
where
    F: FnMut(&mut Write<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &mut dyn Connection, counters: &Counters) -> Result<bool, DatabaseError> {
        let mut write = Write::new(connection);
        let result = catch_unwind(AssertUnwindSafe(|| (self.run)(&mut write))).unwrap_or_else(|_| {
            Err(DatabaseError::other("the program broke off while it worked with the database").into())
        });
        let kept = self.result.insert(result);
        counters.statements.fetch_add(write.statements(), Ordering::Relaxed);
        match write.failure() {
            Some(again @ (DatabaseError::Busy(_) | DatabaseError::Unreachable(_))) => return Err(again),
            Some(ignored) if kept.is_ok() => *kept = Err(ignored.into()),
            _ => {}
        }
        Ok(kept.is_ok())
    }

    fn answer(self: Box<Self>, outcome: Result<(), DatabaseError>) {
        let result = match (outcome, self.result) {
            (Ok(()), Some(result)) | (Err(_), Some(result @ Err(_))) => result,
            (outcome, _) => Err(outcome.err().unwrap_or_else(DatabaseError::closed).into()),
        };
        // Nobody waits any more when the answer cannot be given: that is no fault.
        let _ = self.answer.send(result);
    }
}

/// Figures that the workers keep.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) busy: AtomicUsize,
    pub(super) commits: AtomicU64,
    pub(super) requests: AtomicU64,
    pub(super) retries: AtomicU64,
    pub(super) statements: AtomicU64,
}

type Open = (Sender<Box<dyn Job>>, Vec<JoinHandle<()>>);

/// Threads that share one queue.
pub(super) struct Pool {
    /// Where requests come in, and who works on them; gone when the pool is closed.
    open: Mutex<Option<Open>>,
    pub(super) queue: Receiver<Box<dyn Job>>,
    pub(super) counters: Arc<Counters>,
}

impl Pool {
    pub(super) fn start(home: &Arc<Home>, purpose: Purpose) -> Result<Self, DatabaseError> {
        let (door, queue) = bounded(home.options.queue);
        let counters = Arc::new(Counters::default());
        // On PostgreSQL a slow request in a group would hold the rows of its neighbours until others time out. SQLite has waited for
        // whoever held the file when it says that it is busy.
        let (workers, begin, batch, attempts) = match (purpose, home.engine()) {
            (Purpose::Write, Engine::Sqlite) => (1, "BEGIN IMMEDIATE", home.options.batch, 0),
            (Purpose::Write, Engine::Postgres) => (home.options.writers, "BEGIN", 1, ATTEMPTS),
            _ => (home.options.readers, "BEGIN", 1, 0),
        };
        let mut threads = Vec::new();
        for number in 0..workers.max(1) {
            let (home, queue, counters) = (Arc::clone(home), queue.clone(), Arc::clone(&counters));
            let worker = Worker { home, purpose, begin, batch, attempts, queue, counters, connection: None };
            let thread = std::thread::Builder::new().name(format!("{purpose:?}-{number}")).spawn(|| worker.work());
            threads.push(thread.map_err(|error| DatabaseError::Other(Box::new(error)))?);
        }
        Ok(Self { open: Mutex::new(Some((door, threads))), queue, counters })
    }

    /// Queues a request; its answer comes out at the other end, at once when the queue is full or closed.
    pub(super) fn submit<T: Send + 'static, E: From<DatabaseError> + Send + 'static>(
        &self,
        run: impl FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, E>> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Request { run, result: None, answer });
        match &*lock(&self.open) {
            None => job.answer(Err(DatabaseError::closed())),
            Some((door, _)) => {
                if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) = door.try_send(job) {
                    job.answer(Err(DatabaseError::Busy(None)));
                }
            }
        }
        answered
    }

    /// Lets the workers finish what was accepted, and waits for them.
    pub(super) fn finish(&self) {
        let open = lock(&self.open).take();
        // Without a door the queue ends when it is empty.
        for thread in open.into_iter().flat_map(|(_door, threads)| threads) {
            // Workers catch what their closures throw; a thread that ended otherwise has nothing left to finish.
            let _ = thread.join();
        }
    }
}

/// One thread with its connection, which is made when it is first needed, and anew when it broke.
struct Worker {
    home: Arc<Home>,
    purpose: Purpose,
    begin: &'static str,
    batch: usize,
    /// So often it runs again what collided with another.
    attempts: u32,
    queue: Receiver<Box<dyn Job>>,
    counters: Arc<Counters>,
    connection: Option<Box<dyn Connection>>,
}

impl Worker {
    fn work(mut self) {
        while let Ok(job) = self.queue.recv() {
            self.counters.busy.fetch_add(1, Ordering::Relaxed);
            let mut group = vec![job];
            group.extend(self.queue.try_iter().take(self.batch.saturating_sub(1)));
            self.save(group);
            self.counters.busy.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Saves a group with one commit; when that is refused, each alone, so that only the one to blame is told.
    fn save(&mut self, mut group: Vec<Box<dyn Job>>) {
        for attempt in 0.. {
            match self.attempt(&mut group) {
                Ok(requests) => {
                    self.counters.commits.fetch_add(1, Ordering::Relaxed);
                    self.counters.requests.fetch_add(requests, Ordering::Relaxed);
                    return group.into_iter().for_each(|job| job.answer(Ok(())));
                }
                Err(DatabaseError::Busy(_)) if attempt < self.attempts => wait(attempt),
                // What breaks a connection twice may be the write itself.
                Err(DatabaseError::Unreachable(_)) if attempt == 0 => {}
                Err(error) if group.len() == 1 => return group.remove(0).answer(Err(error)),
                Err(DatabaseError::Busy(_)) => {
                    return group.into_iter().for_each(|job| job.answer(Err(DatabaseError::Busy(None))));
                }
                Err(_) => {
                    self.counters.retries.fetch_add(1, Ordering::Relaxed);
                    return group.into_iter().for_each(|job| self.save(vec![job]));
                }
            }
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Runs a group in one transaction and says how many of its requests were saved.
    fn attempt(&mut self, group: &mut [Box<dyn Job>]) -> Result<u64, DatabaseError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.home.connect(self.purpose)?,
        };
        let outcome = self.transact(&mut *connection, group);
        let sound = match &outcome {
            Ok(_) => true,
            Err(DatabaseError::Unreachable(_) | DatabaseError::OutcomeUnknown(_)) => false,
            Err(_) => connection.rollback().is_ok(),
        };
        self.connection = sound.then_some(connection);
        outcome
    }

    /// A savepoint costs as much as a small change, and hardly any request is refused after it changed something. So a group runs
    /// without them; only when a request of it was refused so, all begins again, each with a savepoint.
    fn transact(&self, connection: &mut dyn Connection, group: &mut [Box<dyn Job>]) -> Result<u64, DatabaseError> {
        connection.control(self.begin)?;
        let saved = match self.run_each(connection, group, false)? {
            Some(saved) => saved,
            None => {
                connection.rollback()?;
                connection.control(self.begin)?;
                self.run_each(connection, group, true)?.unwrap_or_default()
            }
        };
        match saved {
            // Where all was refused there is nothing to wait for the disk for.
            0 => connection.rollback(),
            _ => connection.control("COMMIT").map_err(|error| match error {
                DatabaseError::Unreachable(Some(cause)) if self.purpose == Purpose::Write => {
                    DatabaseError::OutcomeUnknown(cause)
                }
                error => error,
            }),
        }
        .map(|()| saved)
    }

    /// Says how many requests are to be saved; nothing when one that is not left changes behind, which savepoints prevent.
    fn run_each(
        &self,
        connection: &mut dyn Connection,
        group: &mut [Box<dyn Job>],
        savepoints: bool,
    ) -> Result<Option<u64>, DatabaseError> {
        // One alone is the transaction.
        let (mut saved, alone) = (0, group.len() == 1);
        for job in group {
            let before = connection.changes();
            if savepoints {
                connection.control("SAVEPOINT request")?;
            }
            let keep = job.run(connection, &self.counters)?;
            saved += u64::from(keep);
            match (keep, savepoints) {
                (false, true) => connection.batch("ROLLBACK TO request; RELEASE request")?,
                (true, true) => connection.control("RELEASE request")?,
                (false, false) if !alone && connection.changes() != before => return Ok(None),
                _ => {}
            }
        }
        Ok(Some(saved))
    }
}

/// Waits longer with each attempt, and never as long as another that collided with this one.
fn wait(attempt: u32) {
    let [chance] = crate::clock::random::<1>();
    std::thread::sleep(Duration::from_micros(u64::from(chance) << attempt.min(9)));
}
