//! What people do here. Each function is part of one transaction: load, decide, save, record.
//!
//! Giving an answer is no act of anybody: it is not recorded in the audit log, which tells who did what and when.

mod answers;
mod codes;
pub(crate) mod following;
mod importing;
mod judging;
mod keys;
mod periods;
mod publishing;
mod taking;
mod webhooks;

pub use answers::{Delivered, Sending, answer};
pub(crate) use codes::issue_as;
pub use codes::{MOST_CODES, NewBatch, issue};
pub use following::follow_up;
pub use importing::{decide_table, send_table};
pub use judging::judge;
pub(crate) use keys::make_key_as;
pub use keys::{Asking, MOST_CODES_AT_ONCE, issue_with_key, make_key, present_key, revoke_key};
pub use periods::{Changes, change, close, estimate, open, plan};
pub(crate) use periods::{opened, plan_as};
pub use publishing::publish;
pub use taking::{Difference, Entered, Sheet, enter_sheet};
pub(crate) use webhooks::{DELIVER, subscribe_as};
pub use webhooks::{NewWebhook, rotate_webhook, send_again, stop_webhook, subscribe, try_webhook};

use crate::fault::Fault;
use crate::period::WrongState;
use platform::app::App;
use platform::audit::{self, Actor, Entry, Subject};
use platform::database::{DatabaseError, Write};
use platform::identity::InstitutionId;
use platform::site::Zone;
use serde_json::Value;
use time::{Date, OffsetDateTime};

/// The shortest and the longest reason, in letters.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// Where, when and by whom something is done.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The institution.
    pub institution: InstitutionId,
    /// Who does it.
    pub actor: Actor,
    /// When.
    pub now: OffsetDateTime,
    /// The city's time zone, for its days.
    pub zone: Zone,
}

/// Why something was not done. Nothing was saved.
#[derive(Debug)]
pub enum Refused {
    /// What was typed cannot be taken.
    Faults(Vec<Fault>),
    /// There is nothing of that name here.
    NotFound,
    /// Somebody took a step meanwhile.
    Stale,
    /// Not from the state it is in.
    WrongState,
    /// The code was used before, or its period is over.
    Used,
    /// Fewer than five people answered: a result would tell of them.
    TooFew,
    /// This very thing was decided before.
    AlreadyDecided,
    /// Another person must decide than the one who asks.
    SamePerson,
    /// A table of answers waits for a decision.
    TableWaits,
    /// Not on a day of the period.
    OutOfDays,
    /// A unit has an open period already.
    AlreadyOpen,
    /// The unit has no open period.
    NotAsking,
    /// What a program presents opens nothing.
    NoKey,
    /// A program used the name of its asking for another one before.
    OtherAsking,
    /// The result cannot be computed or published; the sentence says why.
    Problem(calculation::Problem),
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

impl From<calculation::Problem> for Refused {
    fn from(problem: calculation::Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Vec<Fault>> for Refused {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl Desk {
    /// At work in a running program.
    #[must_use]
    pub fn new(app: &App, institution: InstitutionId, zone: Zone, actor: Actor) -> Self {
        Self { institution, actor, now: app.now(), zone }
    }

    /// The city's day.
    #[must_use]
    pub fn today(&self) -> Date {
        self.zone.date(self.now)
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
