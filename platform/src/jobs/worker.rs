//! Claims what is due and does it.

use super::handler::{Act, Handlers, JobError};
use super::together::Pack;
use super::{Fence, Job, backoff, leader, schedule, store};
use crate::app::App;
use crate::clock;
use crate::database::{DatabaseError, new_uuid};
use std::pin::pin;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// The name that the node holds which makes jobs of schedules.
const SCHEDULES: &str = "schedules";
/// Between two looks when others took what was due, or the database could not be asked.
const SOON: Duration = Duration::milliseconds(500);

/// Wakes the worker of this process: said after a transaction that enqueued something. A copy wakes the same worker.
#[derive(Debug, Clone, Default)]
pub struct Jobs(Arc<Notify>);

impl Jobs {
    /// Nobody listens yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// There may be something to do.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// How a worker goes about it. `Settings::default()` fits a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// So many jobs run at once.
    pub concurrency: usize,
    /// How long a job belongs to whoever claimed it. An effect outside the database is stopped after three quarters of it.
    pub lease: Duration,
    /// The longest time between two looks: jobs of other processes are found this late.
    pub look: Duration,
    /// How long the lead of schedules is held without a sign of life.
    pub lead: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { concurrency: 4, lease: Duration::minutes(5), look: Duration::seconds(3), lead: Duration::seconds(30) }
    }
}

/// What became of a job that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It failed and waits for its next attempt.
    Again,
    /// It failed for good.
    Dead,
    /// Its lease ended and another worker has it: nothing was written.
    Lost,
}

/// Why a job was not completed.
enum Unfinished {
    Lost,
    Failed(JobError),
}

impl From<DatabaseError> for Unfinished {
    fn from(error: DatabaseError) -> Self {
        Self::Failed(error.into())
    }
}

/// Does jobs. A copy is the same worker.
#[derive(Clone)]
pub struct Worker {
    app: App,
    handlers: Arc<Handlers>,
    settings: Settings,
    /// By what name it leads.
    holder: Arc<str>,
}

impl Worker {
    /// A worker for the kinds that have a handler.
    #[must_use]
    pub fn new(app: App, handlers: Handlers, settings: Settings) -> Self {
        let holder = new_uuid(app.now()).to_string().into();
        Self { app, handlers: Arc::new(handlers), settings, holder }
    }

    pub(super) const fn app(&self) -> &App {
        &self.app
    }

    pub(super) const fn handlers(&self) -> &Arc<Handlers> {
        &self.handlers
    }

    /// Claims jobs that are due: at most so many.
    ///
    /// A job that was begun as often as its kind allows and never ended, since whoever had it died, is dead now: it may be the one
    /// that brings them down.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self, most: u32) -> Result<Vec<Job>, DatabaseError> {
        let (handlers, now) = (Arc::clone(&self.handlers), self.app.now());
        let (kinds, until) = (handlers.names(), now.saturating_add(self.settings.lease));
        let write = self.app.database().write(move |db| {
            let mut claimed = Vec::new();
            for job in store::claim(db, &kinds, now, until, most)? {
                if job.attempt <= handlers.attempts(&job.kind) {
                    claimed.push(job);
                } else {
                    store::bury(db, &job, now, &JobError::new("job.never-ended", "").text())?;
                }
            }
            Ok::<_, DatabaseError>(claimed)
        });
        write.await
    }

    /// Does a job and writes down what became of it.
    ///
    /// # Errors
    /// When what became of it could not be written: the job runs again when its lease ends.
    pub async fn perform(&self, job: &Job) -> Result<Outcome, DatabaseError> {
        let ended = match self.handlers.act(&job.kind) {
            Some(Act::Inside(act)) => {
                let (job, now) = (job.clone(), self.app.now());
                let write = self.app.database().write(move |db| {
                    // First, so that a worker that comes late does nothing at all.
                    if !store::complete(db, &job, now)? {
                        return Err(Unfinished::Lost);
                    }
                    act(db, &job, now).map_err(Unfinished::Failed)
                });
                write.await
            }
            Some(Act::Outside(act)) => match self.affect(act(self.app.clone(), job.clone())).await {
                Ok(()) => self.complete(job).await,
                Err(error) => Err(Unfinished::Failed(error)),
            },
            None => Err(Unfinished::Failed(JobError::new("job.unknown-kind", ""))),
        };
        match ended {
            Ok(()) => Ok(Outcome::Done),
            Err(Unfinished::Lost) => Ok(Outcome::Lost),
            Err(Unfinished::Failed(error)) => self.fail(job, &error).await,
        }
    }

    /// On a task of its own, so that a panic ends nothing else, and not beyond the time it has.
    async fn affect<F>(&self, effect: F) -> Result<(), JobError>
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let limit = (self.settings.lease / 4_i32).unsigned_abs() * 3;
        // A set ends its tasks when it is dropped.
        let mut task = JoinSet::new();
        task.spawn(effect);
        match tokio::time::timeout(limit, task.join_next()).await {
            Ok(Some(Ok(ended))) => ended,
            Ok(_) => Err(JobError::new("job.broke-off", "")),
            Err(_) => Err(JobError::new("job.too-slow", "")),
        }
    }

    async fn complete(&self, job: &Job) -> Result<(), Unfinished> {
        let (job, now) = (job.clone(), self.app.now());
        let write = self.app.database().write(move |db| match store::complete(db, &job, now)? {
            true => Ok(()),
            false => Err(Unfinished::Lost),
        });
        write.await
    }

    async fn fail(&self, job: &Job, error: &JobError) -> Result<Outcome, DatabaseError> {
        // What follows the first line of PostgreSQL's words shows values of the row.
        let cause = error.cause().and_then(|cause| cause.to_string().lines().next().map(str::to_owned));
        tracing::warn!(kind = job.kind, job = %job.id, attempt = job.attempt, code = error.code(), cause, "a job failed");
        let dead = error.is_lasting() || job.attempt >= self.handlers.attempts(&job.kind);
        let (job, text, now) = (job.clone(), error.text(), self.app.now());
        let due = now.saturating_add(backoff(job.attempt, u32::from_le_bytes(clock::random())));
        let write = self.app.database().write(move |db| {
            let (written, outcome) = match dead {
                true => (store::bury(db, &job, now, &text)?, Outcome::Dead),
                false => (store::try_again(db, &job, due, &text)?, Outcome::Again),
            };
            Ok::<_, DatabaseError>(if written { outcome } else { Outcome::Lost })
        });
        write.await
    }

    /// Makes jobs of what schedules have brought, when this node leads: how many, or nothing when another leads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_schedules(&self) -> Result<Option<usize>, DatabaseError> {
        let (handlers, holder, now) = (Arc::clone(&self.handlers), Arc::clone(&self.holder), self.app.now());
        let lease = self.settings.lead;
        let write = self.app.database().write(move |db| {
            let leads: Option<Fence> = leader::lead(db, SCHEDULES, &holder, now, lease)?;
            if leads.is_none() {
                return Ok(None);
            }
            let mut made = 0;
            for recurring in handlers.schedules() {
                made += usize::from(schedule::enqueue_due(db, recurring, now)?.is_some());
            }
            Ok::<_, DatabaseError>(Some(made))
        });
        write.await
    }

    /// Does everything that is due now, one after another, and says what became of each: for the command line and for tests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work_off(&self) -> Result<Vec<Outcome>, DatabaseError> {
        let mut outcomes = Vec::new();
        loop {
            let claimed = self.claim(1).await?;
            let Some(job) = claimed.first() else { return Ok(outcomes) };
            outcomes.push(self.perform(job).await?);
        }
    }

    /// Does jobs until `stop` comes, then finishes what it began and gives up the lead.
    pub async fn run(&self, jobs: &Jobs, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let (mut busy, mut looked, mut pack) = (JoinSet::new(), None, Pack::default());
        loop {
            let pause = self.turn(&mut busy, &mut looked, &mut pack).await.unwrap_or_else(|error| {
                complain(&error, "jobs cannot be looked for");
                self.settings.look
            });
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(_) = busy.join_next() => {}
                () = jobs.0.notified() => {}
                () = tokio::time::sleep(pause.unsigned_abs()) => {}
            }
        }
        while busy.join_next().await.is_some() {}
        let (holder, now) = (Arc::clone(&self.holder), self.app.now());
        let resigned = self.app.database().write(move |db| leader::resign(db, SCHEDULES, &holder, now)).await;
        if let Err(error) = resigned {
            complain(&error, "the lead was not given up: another takes over when it ends");
        }
    }

    /// Does or begins what is due, as far as there is room, and says when to look again.
    async fn turn(
        &self,
        busy: &mut JoinSet<()>,
        looked: &mut Option<OffsetDateTime>,
        pack: &mut Pack,
    ) -> Result<Duration, DatabaseError> {
        let look = self.settings.look;
        // Both ways: a clock may be set back.
        if !self.handlers.schedules().is_empty() && looked.is_none_or(|at| (self.app.now() - at).abs() >= look) {
            *looked = Some(self.app.now());
            if let Err(error) = self.keep_schedules().await {
                complain(&error, "schedules cannot be kept");
            }
        }
        while busy.try_join_next().is_some() {}
        let kinds = self.handlers.names();
        let next = self.app.database().read(move |db| store::next_due(db, &kinds)).await?;
        let wait = next.map_or(look, |due| due - self.app.now());
        if wait.is_positive() {
            return Ok(wait.min(look));
        }
        let done = self.do_together(pack).await?;
        let room = u32::try_from(self.settings.concurrency.saturating_sub(busy.len())).unwrap_or(u32::MAX);
        let claimed = if room > 0 { self.claim(room).await? } else { Vec::new() };
        if done == 0 && claimed.is_empty() {
            return Ok(if room > 0 { SOON.min(look) } else { look });
        }
        pack.worked_alone(claimed.len());
        for job in claimed {
            let worker = self.clone();
            busy.spawn(async move { worker.attend(&job).await });
        }
        Ok(Duration::ZERO)
    }

    async fn attend(&self, job: &Job) {
        let trouble = match self.perform(job).await {
            Ok(Outcome::Lost) => "it took longer than its lease, and another worker has it".to_owned(),
            Ok(_) => return,
            Err(error) => format!("the database did not take it: {error}"),
        };
        tracing::warn!(kind = job.kind, job = %job.id, trouble, "what became of a job was not written");
    }
}

fn complain(error: &DatabaseError, what: &str) {
    tracing::warn!(%error, "{what}");
}

/// Does the program's jobs until `stop` comes, with the usual settings: see [`Worker::run`].
pub async fn run(app: App, handlers: Handlers, jobs: &Jobs, stop: impl Future<Output = ()> + Send) {
    Worker::new(app, handlers, Settings::default()).run(jobs, stop).await;
}
