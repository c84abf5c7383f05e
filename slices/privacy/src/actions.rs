//! What people do here. Each function is part of one transaction: load, decide, save, record.

mod breaches;
mod carrying;
mod register;
mod requests;

pub(crate) use breaches::record_as;
pub use breaches::{change, close as close_breach, dismiss, finish, record as record_breach};
pub use carrying::carry_out;
pub use register::{add_activity, end_activity, set_officer};
pub(crate) use requests::ask_as;
pub use requests::{Receipt, ask, ask_identity, ask_once, close, decide, fetch_copy, look, verify};

use crate::notify::{self, Notice, Sender};
use crate::request::WrongState;
use organisation::Reach;
use platform::app::App;
use platform::audit::{self, Actor, Entry, Subject};
use platform::database::{DatabaseError, Write};
use platform::identity::InstitutionId;
use platform::personal::Task;
use platform::secret::Secrets;
use serde_json::Value;
use time::OffsetDateTime;

/// Where, when, by whom and with which keys something is done.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The installation's keys.
    pub secrets: Secrets,
    /// The institution.
    pub institution: InstitutionId,
    /// Who does it.
    pub actor: Actor,
    /// When.
    pub now: OffsetDateTime,
    /// How the installation is reached, for what is sent to people.
    pub reach: Reach,
}

/// Why something was not done.
#[derive(Debug)]
pub enum Refused {
    /// There is nothing of that name here.
    NotFound,
    /// Somebody took a step meanwhile.
    Stale,
    /// Not from the state it is in.
    WrongState,
    /// The database failed.
    Database(DatabaseError),
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<WrongState> for Refused {
    fn from(_: WrongState) -> Self {
        Self::WrongState
    }
}

impl Desk {
    /// At work in a running program.
    #[must_use]
    pub fn new(app: &App, institution: InstitutionId, actor: Actor) -> Self {
        Self { secrets: app.secrets().clone(), institution, actor, now: app.now(), reach: Reach::of(app) }
    }

    /// The same for what slices do with their rows.
    #[must_use]
    pub const fn task(&self) -> Task<'_> {
        Task { secrets: &self.secrets, institution: self.institution, actor: self.actor, now: self.now }
    }

    fn notify(&self, db: &mut Write<'_>, notice: Notice) -> Result<(), DatabaseError> {
        notify::notify(db, &self.sender(), self.institution, notice)
    }

    /// What messages go out with.
    pub(crate) const fn sender(&self) -> Sender<'_> {
        Sender { secrets: &self.secrets, reach: &self.reach, now: self.now }
    }

    fn record(
        &self,
        db: &mut Write<'_>,
        act: &'static str,
        subject: Subject,
        detail: Value,
    ) -> Result<(), DatabaseError> {
        let (institution, at, actor) = (Some(self.institution), self.now, self.actor);
        audit::record(db, &Entry { institution, at, actor, act, subject, detail })
    }
}

/// The year of a number: that of the moment in UTC, the same for every zone of the country.
fn year(now: OffsetDateTime) -> i64 {
    i64::from(now.year())
}
