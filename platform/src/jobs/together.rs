//! Many jobs inside the database in one transaction: what each of them costs alone is mostly the commit.
//!
//! When one of them fails nothing of the transaction was done, and each is tried alone. A worker that has just begun works alone for
//! a while: a job that brings the whole program down is counted there, and nowhere else.

use super::handler::{Act, JobError};
use super::{store, worker::Worker};
use crate::database::DatabaseError;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So many jobs are done alone before several are done together.
const ALONE: usize = 32;
const FEWEST: u32 = 8;
const MOST: u32 = 512;
/// Other writers wait while a pack is done: one that took longer than this is followed by a smaller one.
const SHORT: Duration = Duration::from_millis(25);

/// How many jobs are done together next.
#[derive(Debug, Default)]
pub(super) struct Pack {
    alone: usize,
    size: u32,
}

impl Pack {
    /// So many jobs were begun alone.
    pub(super) fn worked_alone(&mut self, jobs: usize) {
        self.alone += jobs;
        if self.size == 0 && self.alone >= ALONE {
            self.size = FEWEST;
        }
    }

    /// A pack took so long.
    fn took(&mut self, time: Duration) {
        let size = if time > SHORT { self.size / 2 } else { self.size * 2 };
        self.size = size.clamp(FEWEST, MOST);
    }

    /// One of a pack failed: alone again.
    fn failed(&mut self) {
        *self = Self::default();
    }
}

impl Worker {
    /// Does due jobs inside the database in one transaction, as many as the pack holds, and says how many.
    pub(super) async fn do_together(&self, pack: &mut Pack) -> Result<usize, DatabaseError> {
        if pack.size == 0 {
            return Ok(0);
        }
        let (handlers, now, most) = (Arc::clone(self.handlers()), self.app().now(), pack.size);
        let kinds = handlers.names_inside();
        let write = self.app().database().write(move |db| {
            let began = Instant::now();
            let jobs = store::take(db, &kinds, now, most)?;
            for job in &jobs {
                if let Some(Act::Inside(act)) = handlers.act(&job.kind) {
                    act(db, job, now)?;
                }
            }
            Ok::<_, JobError>((jobs.len(), began.elapsed()))
        });
        match write.await {
            Ok((done, time)) => {
                if done > 0 {
                    pack.took(time);
                }
                Ok(done)
            }
            Err(error) => {
                tracing::debug!(code = error.code(), "of several jobs one failed: each is tried alone");
                pack.failed();
                Ok(0)
            }
        }
    }
}
