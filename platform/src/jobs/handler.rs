//! Who does which kind of job.

use super::schedule::{Recurring, Schedule};
use super::{Job, SWEPT_AT_ONCE, sweep};
use crate::app::App;
use crate::database::{DatabaseError, Write};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// The text that is kept of an error has no more signs than this.
const LONGEST_TEXT: usize = 200;
/// The job that sweeps, and its schedule.
const SWEEP: &str = "jobs.sweep";

/// Why a job could not be done.
#[derive(Debug)]
pub struct JobError {
    code: &'static str,
    detail: String,
    lasting: bool,
    cause: Option<DatabaseError>,
}

impl JobError {
    /// A failure with a stable code, the slice first (`survey.mail-refused`), and what helps an admin: never personal data, and no
    /// words of another system that may hold some. The job is tried again.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), lasting: false, cause: None }
    }

    /// The same, and trying again would change nothing: the job is dead at once.
    #[must_use]
    pub fn for_good(self) -> Self {
        Self { lasting: true, ..self }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    pub(super) const fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// What the database said, for the log.
    pub(super) const fn cause(&self) -> Option<&DatabaseError> {
        self.cause.as_ref()
    }

    /// What is kept with the job.
    pub(super) fn text(&self) -> String {
        let whole = if self.detail.is_empty() { self.code.into() } else { format!("{}: {}", self.code, self.detail) };
        whole.chars().take(LONGEST_TEXT).collect()
    }
}

impl std::fmt::Display for JobError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text())
    }
}

impl std::error::Error for JobError {}

impl From<DatabaseError> for JobError {
    /// The key only: an engine's words may hold the values it refused.
    fn from(error: DatabaseError) -> Self {
        let code = error.phrase().key;
        Self { cause: Some(error), ..Self::new(code, "") }
    }
}

type Inside = dyn Fn(&mut Write<'_>, &Job, OffsetDateTime) -> Result<(), JobError> + Send + Sync;
type Effect = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Outside = dyn Fn(App, Job) -> Effect + Send + Sync;

/// What is done for a kind.
#[derive(Clone)]
pub(super) enum Act {
    /// In the transaction that marks the job as done.
    Inside(Arc<Inside>),
    /// Before that transaction.
    Outside(Arc<Outside>),
}

struct Kind {
    attempts: u32,
    act: Act,
}

/// The kinds of jobs that a program does, and the schedules it keeps. A node claims only kinds it has a handler for, so that during
/// an update a job of a new kind waits for the node that knows it.
#[derive(Default)]
pub struct Handlers {
    kinds: BTreeMap<&'static str, Kind>,
    recurring: Vec<Recurring>,
}

impl Handlers {
    /// No kind.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Work inside the database, done exactly once: the function runs in the transaction that marks the job as done. As all such
    /// functions it may run more than once before it counts, and does nothing but work with the database.
    #[must_use]
    pub fn inside(
        self,
        kind: &'static str,
        attempts: u32,
        act: impl Fn(&mut Write<'_>, &Job, OffsetDateTime) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> Self {
        self.with(kind, attempts, Act::Inside(Arc::new(act)))
    }

    /// Work with an effect outside the database, done at least once: whoever feels it must know [`Job::id`] again. It is stopped
    /// before its lease ends ([`Settings::lease`](super::Settings)).
    #[must_use]
    pub fn outside<F: Future<Output = Result<(), JobError>> + Send + 'static>(
        self,
        kind: &'static str,
        attempts: u32,
        act: impl Fn(App, Job) -> F + Send + Sync + 'static,
    ) -> Self {
        self.with(kind, attempts, Act::Outside(Arc::new(move |app, job| Box::pin(act(app, job)))))
    }

    fn with(mut self, kind: &'static str, attempts: u32, act: Act) -> Self {
        self.kinds.insert(kind, Kind { attempts, act });
        self
    }

    /// Makes a job of each occurrence of a schedule.
    #[must_use]
    pub fn recurring(mut self, recurring: Recurring) -> Self {
        self.recurring.push(recurring);
        self
    }

    /// Sweeps finished jobs once an hour when they are older than `retention`.
    #[must_use]
    pub fn sweeping(self, retention: Duration) -> Self {
        let swept = move |db: &mut Write<'_>, _: &Job, now| {
            // Ten rounds an hour keep up with any installation and let other writers in between.
            for _ in 0..10 {
                if sweep(db, now, retention)? < u64::from(SWEPT_AT_ONCE) {
                    break;
                }
            }
            Ok(())
        };
        let hourly = Recurring { name: SWEEP, kind: SWEEP, schedule: Schedule::Every(Duration::HOUR) };
        self.inside(SWEEP, 3, swept).recurring(hourly)
    }

    pub(super) fn act(&self, kind: &str) -> Option<Act> {
        self.kinds.get(kind).map(|kind| kind.act.clone())
    }

    /// How often a job of a kind is begun at most.
    pub(super) fn attempts(&self, kind: &str) -> u32 {
        self.kinds.get(kind).map_or(0, |kind| kind.attempts)
    }

    /// The kinds as one text, `,a,b,`: a statement has no lists.
    pub(super) fn names(&self) -> String {
        self.kinds.keys().fold(",".to_owned(), |names, kind| names + kind + ",")
    }

    /// Those that are done inside the database, as one text.
    pub(super) fn names_inside(&self) -> String {
        let inside = self.kinds.iter().filter(|(_, kind)| matches!(kind.act, Act::Inside(_)));
        inside.fold(",".to_owned(), |names, (kind, _)| names + kind + ",")
    }

    /// The kinds, in order: each has words on the page of dead jobs.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    pub(super) fn schedules(&self) -> &[Recurring] {
        &self.recurring
    }
}
