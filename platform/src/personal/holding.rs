//! What a slice keeps of people: the lines of the register of processing (UU 27/2022 Pasal 31), and how rights are carried out.

use super::{EmailAddress, Nik, PersonName, Phone};
use crate::audit::{self, Actor, Entry, Subject};
use crate::database::{DatabaseError, Read, Uuid, Write};
use crate::identity::{AccountId, InstitutionId};
use crate::secret::Secrets;
use rules::phrase::Language;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// Of whom data is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// Whoever works here and has an account.
    Staff,
    /// Whoever asks something of the city.
    Citizens,
}

impl People {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Citizens => "citizens",
        }
    }
}

/// The legal basis: the letters of UU 27/2022 Pasal 20 (2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// a: explicit consent.
    Consent,
    /// b: a contract with the person.
    Contract,
    /// c: a duty by law of whoever processes.
    LegalDuty,
    /// d: vital interests of the person.
    VitalInterest,
    /// e: a public task or the exercise of authority.
    PublicTask,
    /// f: another legitimate interest, weighed against the person's.
    LegitimateInterest,
}

impl Basis {
    /// All of them, in the order of the law.
    pub const ALL: [Self; 6] = [
        Self::Consent,
        Self::Contract,
        Self::LegalDuty,
        Self::VitalInterest,
        Self::PublicTask,
        Self::LegitimateInterest,
    ];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegalDuty => "legal-duty",
            Self::VitalInterest => "vital-interest",
            Self::PublicTask => "public-task",
            Self::LegitimateInterest => "legitimate-interest",
        }
    }

    /// The basis of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.name() == name)
    }

    /// The letter of Pasal 20 (2).
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Consent => 'a',
            Self::Contract => 'b',
            Self::LegalDuty => 'c',
            Self::VitalInterest => 'd',
            Self::PublicTask => 'e',
            Self::LegitimateInterest => 'f',
        }
    }
}

/// How long data is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// So long after the event that the holding's words name; the job deletes it then.
    For(Duration),
    /// As long as a law asks; nothing deletes it by itself.
    ByLaw,
}

/// Whether the person can have data erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is erased when they ask.
    Erasable,
    /// A law keeps some or all of it: the law, as it is cited.
    By(&'static str),
}

/// By what data of somebody is looked for.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// Their e-mail address.
    pub email: Option<EmailAddress>,
    /// Their telephone number.
    pub phone: Option<Phone>,
    /// Their population number.
    pub nik: Option<Nik>,
    /// Their account, when they asked as somebody who is signed in.
    pub account: Option<AccountId>,
}

/// A row of a holding that is somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(pub Uuid);

/// What is to be put right.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The right name.
    pub name: Option<PersonName>,
    /// The right address.
    pub email: Option<EmailAddress>,
    /// The right number.
    pub phone: Option<Phone>,
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing to do here.
    Nothing,
    /// A law does not let it be done, cited.
    Refused(&'static str),
}

/// What became of the wish to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Nothing of it is left.
    Erased,
    /// What may go is gone; the rest stays by a law, cited.
    Kept(&'static str),
}

/// Where, when and by whom rights are carried out.
#[derive(Debug, Clone, Copy)]
pub struct Task<'s> {
    /// The installation's keys.
    pub secrets: &'s Secrets,
    /// The institution.
    pub institution: InstitutionId,
    /// Who does it.
    pub actor: Actor,
    /// When.
    pub now: OffsetDateTime,
}

/// What a slice does with its rows of somebody.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Finds them.
    pub find: fn(&mut Read<'_>, &Task<'_>, &Identity) -> Result<Vec<Row>, DatabaseError>,
    /// Everything that is kept in one, for the person themselves; that it was shown is recorded.
    pub export: fn(&mut Write<'_>, &Task<'_>, Row) -> Result<Value, DatabaseError>,
    /// Puts it right.
    pub correct: fn(&mut Write<'_>, &Task<'_>, Row, &Correction) -> Result<Outcome, DatabaseError>,
    /// Keeps it from being used for more than keeping.
    pub restrict: fn(&mut Write<'_>, &Task<'_>, Row) -> Result<Outcome, DatabaseError>,
    /// Erases it, or what may go of it.
    pub erase: fn(&mut Write<'_>, &Task<'_>, Row) -> Result<Erasure, DatabaseError>,
}

/// Data of people that a slice keeps: one line of the register.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// Stable name, the slice first: `access.account`.
    pub name: &'static str,
    /// The tables it stands in.
    pub tables: &'static [&'static str],
    /// Of whom.
    pub people: People,
    /// Why it may be kept.
    pub basis: Basis,
    /// How long: a period that stands in a file of dated rules is read from there.
    pub keeping: fn() -> Keeping,
    /// Whether it can be erased.
    pub kept: Kept,
    /// Its words, of the slice's own catalogue: `what`, `purpose`, `recipients`, `retention`, `protection`.
    pub words: fn(part: &str, Language) -> String,
    /// What is done for the person; nothing when the rows are found with those of another holding.
    pub work: Option<Work>,
    /// How many rows are past a moment, and the deletion of some of them; nothing when a law keeps all.
    pub end: Option<End>,
}

/// The end of what is past its time.
#[derive(Debug, Clone, Copy)]
pub struct End {
    /// How many rows ended before a moment.
    pub due: fn(&mut Read<'_>, InstitutionId, OffsetDateTime) -> Result<u64, DatabaseError>,
    /// Deletes, or takes the people out of, at most so many of them, and says how many.
    pub expire: fn(&mut Write<'_>, InstitutionId, OffsetDateTime, u32) -> Result<u64, DatabaseError>,
}

/// How many rows of a holding will be past their time at a moment.
///
/// # Errors
/// When the database fails.
pub fn due(
    db: &mut Read<'_>,
    holding: &Holding,
    institution: InstitutionId,
    at: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    match ((holding.keeping)(), holding.end) {
        (Keeping::For(time), Some(end)) => (end.due)(db, institution, at.saturating_sub(time)),
        _ => Ok(0),
    }
}

/// Ends a batch of what is past its time and records how many rows it was: counts alone, never whose.
///
/// # Errors
/// When the database fails.
pub fn expire(
    db: &mut Write<'_>,
    holding: &Holding,
    institution: InstitutionId,
    now: OffsetDateTime,
    most: u32,
) -> Result<u64, DatabaseError> {
    let (Keeping::For(time), Some(end)) = ((holding.keeping)(), holding.end) else { return Ok(0) };
    let rows = (end.expire)(db, institution, now.saturating_sub(time), most)?;
    if rows > 0 {
        let entry = Entry {
            institution: Some(institution),
            at: now,
            actor: Actor::Program("schedule"),
            act: "personal.expired",
            subject: Subject::new("holding", holding.name),
            detail: json!({ "rows": rows }),
        };
        audit::record(db, &entry)?;
    }
    Ok(rows)
}
