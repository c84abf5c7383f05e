//! Worker threads behind a queue, the same for both engines.

use super::DatabaseError;
use super::job::Job;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// What one worker thread does with a request; it may take more from the queue.
pub(super) trait Work: Send + 'static {
    fn work(&mut self, job: Box<dyn Job>, queue: &Queue, counters: &Counters);
}

/// A request, or the word to stop. What stands before the word is still done.
type Message = Option<Box<dyn Job>>;

/// The worker's end of the queue.
pub(super) struct Queue {
    receiver: Receiver<Message>,
    stopping: Cell<bool>,
}

impl Queue {
    /// A request that waits already, if there is one.
    pub(super) fn waiting(&self) -> Option<Box<dyn Job>> {
        if self.stopping.get() { None } else { self.receiver.try_recv().ok().and_then(|message| self.opened(message)) }
    }

    fn next(&self) -> Option<Box<dyn Job>> {
        if self.stopping.get() { None } else { self.receiver.recv().ok().and_then(|message| self.opened(message)) }
    }

    fn opened(&self, message: Message) -> Option<Box<dyn Job>> {
        self.stopping.set(message.is_none());
        message
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

impl Counters {
    pub(super) fn committed(&self, requests: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.requests.fetch_add(requests as u64, Ordering::Relaxed);
    }

    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }
}

/// Threads that share one queue.
pub(super) struct Pool {
    sender: Sender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    pub(super) counters: Arc<Counters>,
}

impl Pool {
    pub(super) fn start<W: Work>(name: &str, workers: Vec<W>, queue: usize) -> Result<Self, DatabaseError> {
        let (sender, receiver) = bounded(queue);
        let counters = Arc::new(Counters::default());
        let mut threads = Vec::new();
        for (number, mut worker) in workers.into_iter().enumerate() {
            let queue = Queue { receiver: receiver.clone(), stopping: Cell::new(false) };
            let counters = Arc::clone(&counters);
            let thread = std::thread::Builder::new().name(format!("{name}-{number}")).spawn(move || {
                while let Some(job) = queue.next() {
                    counters.busy.fetch_add(1, Ordering::Relaxed);
                    worker.work(job, &queue, &counters);
                    counters.busy.fetch_sub(1, Ordering::Relaxed);
                }
            });
            threads.push(thread.map_err(|error| DatabaseError::Other(Box::new(error)))?);
        }
        Ok(Self { sender, threads: Mutex::new(threads), counters })
    }

    /// Queues a request, or gives it its answer when the queue is full or closed.
    pub(super) fn submit(&self, job: Box<dyn Job>) {
        use crossbeam_channel::TrySendError::{Disconnected, Full};
        match self.sender.try_send(Some(job)) {
            Ok(()) | Err(Full(None) | Disconnected(None)) => {}
            Err(Full(Some(job))) => job.answer(Err(DatabaseError::Busy(None))),
            Err(Disconnected(Some(job))) => job.answer(Err(DatabaseError::closed())),
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.sender.len()
    }

    /// Lets the workers finish what was accepted, and waits for them.
    pub(super) fn finish(&self) {
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for _ in &threads {
            // The word cannot be delivered when all workers have ended already.
            let _ = self.sender.send(None);
        }
        for thread in threads {
            // Workers catch what their closures throw; a thread that ended otherwise has nothing left to finish.
            let _ = thread.join();
        }
    }
}
