//! What people do here. Each function is one transaction: load, decide, save, record.

mod enter;
mod forgotten;
mod links;
mod messages;
mod own;
mod people;

pub(crate) use enter::*;
pub(crate) use forgotten::*;
pub(crate) use links::*;
pub(crate) use messages::*;
pub(crate) use own::*;
pub use people::{
    Granted, Invited, NewGrant, close, correct, create_account, grant, help_in, invite, resume, revoke,
    sign_out_everywhere, suspend,
};
pub(crate) use people::{enter_invited, give_as_program, grant_within};

use crate::sessions;
use platform::audit::{self, Actor, Entry, Subject};
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{AccountId, InstitutionId, Person};
use serde_json::Value;
use time::OffsetDateTime;

/// Where, when and by whom something is done.
#[derive(Debug, Clone)]
pub struct Act {
    /// The institution.
    pub institution: InstitutionId,
    /// When.
    pub now: OffsetDateTime,
    /// Who; the program itself may do what any role may.
    pub by: By,
}

/// Who does something.
#[derive(Debug, Clone)]
pub enum By {
    /// Somebody who is signed in, with their roles.
    Person(Person),
    /// Somebody who is not signed in (yet), by the account they act on.
    Owner(AccountId),
    /// Whoever runs the program: the command line, the first set-up.
    Program(&'static str),
}

impl Act {
    /// Somebody who is signed in does something.
    #[must_use]
    pub fn of(person: &Person, now: OffsetDateTime) -> Self {
        Self { institution: person.institution, now, by: By::Person(person.clone()) }
    }

    /// The program does something, named as the audit log shall name it: `command-line`.
    #[must_use]
    pub const fn of_program(institution: InstitutionId, now: OffsetDateTime, name: &'static str) -> Self {
        Self { institution, now, by: By::Program(name) }
    }

    pub(crate) const fn of_owner(institution: InstitutionId, now: OffsetDateTime, account: AccountId) -> Self {
        Self { institution, now, by: By::Owner(account) }
    }

    /// The same by somebody whose session is still there, with the roles they hold in this transaction. A request may wait for its
    /// body or its turn while its sender is suspended or loses a role. Every act on others begins with this.
    pub(crate) fn renewed(&self, db: &mut Read<'_>) -> Result<Self, Refused> {
        let By::Person(person) = &self.by else { return Ok(self.clone()) };
        let person = sessions::as_now(db, person, self.now)?.ok_or(Refused::NotYours)?;
        // A role that was given meanwhile may need a second factor that nobody asked of this session yet.
        if person.owes_second_factor() {
            return Err(Refused::NotYours);
        }
        Ok(Self { by: By::Person(person), ..self.clone() })
    }

    /// Refuses when the session ended while the request waited. What people do with their own account begins with this.
    pub(crate) fn still_in(&self, db: &mut Read<'_>) -> Result<(), Refused> {
        match &self.by {
            By::Person(person) => sessions::as_now(db, person, self.now)?.map(drop).ok_or(Refused::NotYours),
            By::Owner(_) | By::Program(_) => Ok(()),
        }
    }

    /// The account of whoever is signed in.
    const fn account(&self) -> Option<AccountId> {
        match &self.by {
            By::Person(person) => Some(person.account),
            By::Owner(_) | By::Program(_) => None,
        }
    }

    /// The roles are asked by `rule`; the program itself may do everything.
    fn allows(&self, rule: impl FnOnce(&Person) -> bool) -> Result<(), Refused> {
        let allowed = match &self.by {
            By::Person(person) => rule(person),
            By::Owner(_) => false,
            By::Program(_) => true,
        };
        if allowed { Ok(()) } else { Err(Refused::NotYours) }
    }

    pub(crate) fn record(
        &self,
        db: &mut Write<'_>,
        act: &'static str,
        account: AccountId,
        detail: Value,
    ) -> Result<(), Refused> {
        let actor = match &self.by {
            By::Person(person) => Actor::Person(person.account),
            By::Owner(account) => Actor::Person(*account),
            By::Program(name) => Actor::Program(name),
        };
        let subject = Subject::new("account", account);
        let entry = Entry { institution: Some(self.institution), at: self.now, actor, act, subject, detail };
        Ok(audit::record(db, &entry)?)
    }
}

/// Why something was not done.
#[derive(Debug)]
pub enum Refused {
    /// The database.
    Database(DatabaseError),
    /// There is no such account, role or link in this institution.
    NotFound,
    /// The roles of whoever asked do not allow it.
    NotYours,
    /// Somebody in this institution has that e-mail address already.
    EmailTaken,
    /// The role belongs to a unit and none was named, or the other way round.
    WrongPlace,
    /// The person holds that role there already.
    HeldAlready,
    /// The role does not go together with another one the person holds.
    NotTogether,
    /// A role would end before it begins.
    NoTime,
    /// Nobody would be left to run the system.
    LastSystemAdmin,
    /// The account is in a state in which this cannot be done.
    WrongState,
    /// Somebody else suspended the account, and whoever asked is not above them for certain.
    SuspendedByAnother,
    /// The link was used, withdrawn, or is too old.
    LinkSpent,
    /// A role the person holds needs a second factor.
    NeedsSecondFactor,
}

impl Refused {
    /// The key of its sentence; nothing for what is no matter of words.
    #[must_use]
    pub const fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Database(_) | Self::NotFound | Self::NotYours => return None,
            Self::EmailTaken => "refused.email-taken",
            Self::WrongPlace => "refused.wrong-place",
            Self::HeldAlready => "refused.held-already",
            Self::NotTogether => "refused.not-together",
            Self::NoTime => "refused.no-time",
            Self::LastSystemAdmin => "refused.last-system-admin",
            Self::WrongState => "refused.wrong-state",
            Self::SuspendedByAnother => "refused.suspended-by-another",
            Self::LinkSpent => "refused.link-spent",
            Self::NeedsSecondFactor => "refused.needs-second-factor",
        })
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database(error) => error.fmt(f),
            other => write!(f, "{other:?}"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<crate::account::WrongState> for Refused {
    fn from(_: crate::account::WrongState) -> Self {
        Self::WrongState
    }
}
