//! The checks of the system: what an operator wants to know before somebody calls, each with what to do.
//!
//! A [`Check`] is looked at by [`look`], with or without a database; what it saw is a [`Finding`]: how it stands, one sentence that
//! says what was seen, one that says what to do. [`note`] keeps the last one of each for the page, [`last`] gives them back.
//! While the server runs, [`watched`] looks at all of them every ten minutes.

mod backup;
mod certificate;
mod clock;
mod data;
mod disk;
mod files;
mod queue;
mod saying;
mod store;
#[cfg(test)]
mod tests;

pub use clock::Watch;
pub use saying::{Saying, Value};

use crate::app::App;
use crate::backup::{Origin, Place};
use crate::clock::Clock;
use crate::database::{Database, DatabaseError, Read, Sql, Write};
use crate::jobs::{self, Handlers, Job, JobError, NewJob, Recurring, Schedule};
use crate::messages::MailTrouble;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// Every statement of checks.
pub const STATEMENTS: &[Sql] = store::STATEMENTS;

/// The job that looks at everything, and its schedule.
const KIND: &str = "checkups.look";

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Room on the disks of database, files and backups, and for how many days.
    Disk,
    /// The last backup, and when it was last proved that one can be brought back.
    Backup,
    /// Whether the clock runs evenly and shows the right time.
    Clock,
    /// Whether the mail server takes mail.
    Mail,
    /// Work that waits too long, and work that was given up.
    Queue,
    /// Whether the database answers, is whole and of this program's version.
    Database,
    /// How long the certificate is valid, and whether its chain fits together.
    Certificate,
    /// Whether the place of uploaded files can be written.
    Files,
    /// Whether the installation's key is there and nobody else may read it.
    Key,
}

impl Check {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Database,
        Self::Disk,
        Self::Backup,
        Self::Queue,
        Self::Mail,
        Self::Files,
        Self::Key,
        Self::Certificate,
        Self::Clock,
    ];

    /// The stable name: in addresses, in the database, and the end of the key of its words (`check.name.…`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Backup => "backup",
            Self::Clock => "clock",
            Self::Mail => "mail",
            Self::Queue => "queue",
            Self::Database => "database",
            Self::Certificate => "certificate",
            Self::Files => "files",
            Self::Key => "key",
        }
    }

    /// The check of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Disk => "check.name.disk",
            Self::Backup => "check.name.backup",
            Self::Clock => "check.name.clock",
            Self::Mail => "check.name.mail",
            Self::Queue => "check.name.queue",
            Self::Database => "check.name.database",
            Self::Certificate => "check.name.certificate",
            Self::Files => "check.name.files",
            Self::Key => "check.name.key",
        }
    }
}

/// How something stands; a later one is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// As it should be.
    Good,
    /// Nobody set it up.
    NotSet,
    /// It works, and should be looked after.
    Attention,
    /// It does not work, or soon will not.
    Bad,
}

impl Health {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Good, Self::NotSet, Self::Attention, Self::Bad];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NotSet => "not-set",
            Self::Attention => "attention",
            Self::Bad => "bad",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.name() == name)
    }

    /// Its word for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Good => "check.health.good",
            Self::NotSet => "check.health.not-set",
            Self::Attention => "check.health.attention",
            Self::Bad => "check.health.bad",
        }
    }
}

/// What a look at something saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How it stands.
    pub health: Health,
    /// What was seen.
    pub seen: Saying,
    /// What to do.
    pub advice: Saying,
    /// When it was looked at.
    pub looked_at: OffsetDateTime,
}

/// What a look saw, before it is said of what and when.
pub(crate) struct Seen {
    health: Health,
    seen: Saying,
    advice: Saying,
}

impl Seen {
    fn good(seen: Saying) -> Self {
        Self { health: Health::Good, seen, advice: Saying::new("check.nothing-to-do") }
    }

    fn of(health: Health, seen: Saying, advice: Saying) -> Self {
        Self { health, seen, advice }
    }
}

/// Asks the mail server whether it takes mail: [`crate::messages::Mail::probe`].
pub type Probe = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), MailTrouble>> + Send>> + Send + Sync>;

/// What there is to look at. What is nothing here is reported as not set up. Cheap to clone.
#[derive(Clone, Default)]
pub struct Equipment {
    /// Where the database is.
    pub origin: Option<Origin>,
    /// The folder of uploaded files.
    pub files: Option<PathBuf>,
    /// Where backups are kept.
    pub backups: Option<Arc<dyn Place>>,
    /// The file of the installation's key.
    pub key: Option<PathBuf>,
    /// The certificate's file; nothing when a proxy has it.
    pub certificate: Option<PathBuf>,
    /// A time server, as `host` or `host:port`.
    pub time_server: Option<String>,
    /// Asks the mail server.
    pub mail: Option<Probe>,
    /// Compares the clock with one that cannot be set.
    pub watch: Watch,
}

impl fmt::Debug for Equipment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, files, backups, certificate, time_server, .. } = self;
        let shown = (origin, files, backups, certificate, time_server);
        write!(out, "Equipment{shown:?}")
    }
}

/// Looks at something now. `thoroughly` also reads the whole database, which takes its time.
pub async fn look(
    check: Check,
    equipment: &Equipment,
    database: Option<&Database>,
    clock: &Clock,
    thoroughly: bool,
) -> Finding {
    let now = clock.now();
    let (own, store) = (equipment.clone(), database.cloned());
    let seen = match check {
        Check::Mail => mail(equipment).await,
        Check::Clock => {
            let at = clock.clone();
            blocking(move || clock::look(&own, store.as_ref(), &at)).await
        }
        Check::Disk => blocking(move || disk::look(&own, store.as_ref(), now)).await,
        Check::Backup => blocking(move || backup::look(&own, store.as_ref(), now)).await,
        Check::Queue => blocking(move || queue::look(store.as_ref(), now)).await,
        Check::Database => blocking(move || data::look(&own, store.as_ref(), thoroughly)).await,
        Check::Certificate => blocking(move || certificate::look(own.certificate.as_deref(), now)).await,
        Check::Files => blocking(move || files::place(own.files.as_deref())).await,
        Check::Key => blocking(move || files::key(own.key.as_deref())).await,
    };
    Finding { check, health: seen.health, seen: seen.seen, advice: seen.advice, looked_at: now }
}

/// Off the threads that serve pages. A look that broke off is bad news of its own.
async fn blocking(look: impl FnOnce() -> Seen + Send + 'static) -> Seen {
    tokio::task::spawn_blocking(look)
        .await
        .unwrap_or_else(|_| Seen::of(Health::Bad, Saying::new("check.broke-off"), Saying::new("check.tell-the-makers")))
}

async fn mail(equipment: &Equipment) -> Seen {
    let Some(probe) = &equipment.mail else {
        return Seen::of(Health::NotSet, Saying::new("check.mail-not-set"), Saying::new("check.set-mail"));
    };
    match tokio::time::timeout(std::time::Duration::from_secs(20), probe()).await {
        Ok(Ok(())) => Seen::good(Saying::new("check.mail-works")),
        Ok(Err(trouble)) => {
            let seen = trouble
                .code()
                .into_iter()
                .fold(Saying::new(&trouble.key()), |seen, code| seen.with("code", Value::Count(code.into())));
            Seen::of(Health::Bad, seen, Saying::new("check.check-mail"))
        }
        Err(_) => Seen::of(Health::Bad, Saying::new("check.mail-silent"), Saying::new("check.check-mail")),
    }
}

/// Keeps what a look saw, in place of what the one before it saw.
///
/// # Errors
/// When the database fails.
pub fn note(db: &mut Write<'_>, finding: &Finding) -> Result<(), DatabaseError> {
    store::note(db, finding)
}

/// What the last look at each check saw, in the order in which they are shown; those that nobody looked at are missing.
///
/// # Errors
/// When the database fails.
pub fn last(db: &mut Read<'_>) -> Result<Vec<Finding>, DatabaseError> {
    let mut findings = store::last(db)?;
    findings.sort_by_key(|finding| Check::ALL.iter().position(|check| *check == finding.check));
    Ok(findings)
}

/// Has everything looked at now when nobody ever looked, so that a new installation does not wait for the first ten minutes.
pub async fn begin(app: App) {
    let now = app.now();
    if let Err(error) = app.database().write(move |db| first_look(db, now)).await {
        tracing::warn!(%error, "the first look at the system waits for its hour");
    }
    app.jobs().wake();
}

fn first_look(db: &mut Write<'_>, now: OffsetDateTime) -> Result<(), DatabaseError> {
    if store::last(db)?.is_empty() {
        let key = Some(format!("{KIND}@first"));
        jobs::enqueue(db, &NewJob { kind: KIND, institution: None, payload: serde_json::json!({}), run_at: now, key })?;
    }
    Ok(())
}

/// Looks at everything every ten minutes, keeps what was seen, and remembers how full the disks are.
#[must_use]
pub fn watched(handlers: Handlers, equipment: Equipment) -> Handlers {
    let look_at_all = move |app: App, _: Job| {
        let equipment = equipment.clone();
        async move {
            for check in Check::ALL {
                let finding = look(check, &equipment, Some(app.database()), app.clock(), false).await;
                app.database().write(move |db| note(db, &finding)).await.map_err(JobError::from)?;
            }
            let (samples, now) = (disk::samples(&equipment), app.now());
            let noted = app.database().write(move |db| store::sample(db, &samples, now)).await;
            noted.map_err(JobError::from)
        }
    };
    let often = Recurring { name: KIND, kind: KIND, schedule: Schedule::Every(Duration::minutes(10)) };
    handlers.outside(KIND, 2, look_at_all).recurring(often)
}
