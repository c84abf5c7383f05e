//! The threads that work with the database, the same for both engines.
//!
//! The writer of SQLite takes all requests that wait, each in a savepoint, and commits them together; so one bad request fails alone.
//! The writers of PostgreSQL take one at a time, and run it again when it collided with another.

use super::link::{Connection, Home, Link, Purpose, Setback};
use super::{DatabaseError, Engine, Write};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// After so many collisions with others a write is given up as "busy"; that is some five seconds.
const ATTEMPTS: u32 = 64;

/// A request as the workers see it. It may run more than once; only its last result counts, and only after it was saved.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its result. Says whether what it did is to be saved.
    fn run(&mut self, connection: &mut dyn Connection) -> bool;
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
    fn run(&mut self, connection: &mut dyn Connection) -> bool {
        let mut write = Write::new(connection);
        let result = match catch_unwind(AssertUnwindSafe(|| (self.run)(&mut write))) {
            Ok(result) => result.and_then(|value| write.sound().map(|()| value).map_err(E::from)),
            Err(_) => Err(DatabaseError::other("the program broke off while it worked with the database").into()),
        };
        self.result.insert(result).is_ok()
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
}

type Open = (Sender<Box<dyn Job>>, Vec<JoinHandle<()>>);

/// Threads that share one queue.
pub(super) struct Pool {
    /// Where requests come in, and who works on them; gone when the pool is closed.
    open: Mutex<Option<Open>>,
    queue: Receiver<Box<dyn Job>>,
    pub(super) counters: Arc<Counters>,
}

impl Pool {
    pub(super) fn start(home: &Arc<Home>, purpose: Purpose) -> Result<Self, DatabaseError> {
        let (door, queue) = bounded(home.options.queue);
        let counters = Arc::new(Counters::default());
        // On PostgreSQL a slow request in a group would hold the rows of its neighbours until others time out.
        let (workers, batch) = match (purpose, home.engine()) {
            (Purpose::Write, Engine::Sqlite) => (1, home.options.batch),
            (Purpose::Write, Engine::Postgres) => (home.options.writers, 1),
            _ => (home.options.readers, 1),
        };
        let mut threads = Vec::new();
        for number in 0..workers.max(1) {
            let link = Link { home: Arc::clone(home), purpose, connection: None };
            let worker = Worker { link, queue: queue.clone(), counters: Arc::clone(&counters), batch };
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
        match &*self.open.lock().unwrap_or_else(PoisonError::into_inner) {
            None => job.answer(Err(DatabaseError::closed())),
            Some((door, _)) => {
                if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) = door.try_send(job) {
                    job.answer(Err(DatabaseError::Busy(None)));
                }
            }
        }
        answered
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Lets the workers finish what was accepted, and waits for them.
    pub(super) fn finish(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Without a door the queue ends when it is empty.
        for thread in open.into_iter().flat_map(|(_door, threads)| threads) {
            // Workers catch what their closures throw; a thread that ended otherwise has nothing left to finish.
            let _ = thread.join();
        }
    }
}

/// One thread with its connection.
struct Worker {
    link: Link,
    queue: Receiver<Box<dyn Job>>,
    counters: Arc<Counters>,
    batch: usize,
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
        let (purpose, mut attempt) = (self.link.purpose, 0);
        while !group.is_empty() {
            let error = match self.link.begin().map(|connection| run(connection, purpose, &mut group)) {
                Ok(Ok(requests)) => {
                    self.counters.commits.fetch_add(1, Ordering::Relaxed);
                    self.counters.requests.fetch_add(requests, Ordering::Relaxed);
                    return group.into_iter().for_each(|job| job.answer(Ok(())));
                }
                Ok(Err(error)) if !matches!(error, DatabaseError::OutcomeUnknown(_)) => error,
                Ok(Err(error)) | Err(error) => return refuse(group, error),
            };
            match self.link.end() {
                Some(Setback::Collided) if attempt < ATTEMPTS => wait(attempt),
                // What breaks a connection twice may be the write itself.
                Some(Setback::Lost) if attempt == 0 => {}
                _ if group.len() == 1 => return refuse(group, error),
                _ => group.drain(..).for_each(|job| self.save(vec![job])),
            }
            attempt += 1;
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Runs a group and says how many of its requests were saved. In a group each has a savepoint; one alone is the transaction.
fn run(connection: &mut dyn Connection, purpose: Purpose, group: &mut [Box<dyn Job>]) -> Result<u64, DatabaseError> {
    let (mut saved, alone) = (0, group.len() == 1);
    for (index, job) in group.iter_mut().enumerate() {
        match (alone, index) {
            (true, _) => {}
            (false, 0) => connection.control(&["SAVEPOINT request"])?,
            (false, _) => connection.control(&["RELEASE request", "SAVEPOINT request"])?,
        }
        let keep = job.run(connection);
        saved += u64::from(keep);
        if connection.setback().is_some() {
            return Err(DatabaseError::Busy(None));
        } else if !keep && !alone {
            connection.control(&["ROLLBACK TO request"])?;
        }
    }
    // Where all was refused there is nothing to wait for the disk for.
    connection.control(&[if saved == 0 { "ROLLBACK" } else { "COMMIT" }]).map(|()| saved).map_err(|error| {
        match (purpose, connection.setback()) {
            (Purpose::Write, Some(Setback::Lost)) => DatabaseError::OutcomeUnknown(error.into()),
            _ => error,
        }
    })
}

fn refuse(mut group: Vec<Box<dyn Job>>, error: DatabaseError) {
    group.drain(1..).for_each(|job| job.answer(Err(error.copy())));
    group.remove(0).answer(Err(error));
}

/// Waits longer with each attempt, and never as long as another that collided with this one.
fn wait(attempt: u32) {
    let [chance] = crate::clock::random::<1>();
    std::thread::sleep(Duration::from_micros(u64::from(chance) << attempt.min(9)));
}
