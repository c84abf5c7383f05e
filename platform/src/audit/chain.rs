//! One entry as it is kept, and how it is chained to the one before.

use super::{Actor, Entry};
use crate::identity::{AccountId, InstitutionId};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;

/// Stands before everything that is hashed: a change of what is hashed gets another name.
const FORM: &[u8] = b"prima-audit-1";
/// What the first entry of a chain has for the hash of the one before.
pub(super) const BEGINNING: [u8; 32] = [0; 32];

/// The last entry of a chain, as `number:hash` in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub number: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, hex(&self.hash))
    }
}

impl FromStr for Head {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, hash) = text.trim().split_once(':').ok_or(())?;
        Ok(Self { number: number.parse().map_err(|_| ())?, hash: unhex(hash).ok_or(())? })
    }
}

/// Who did it, as read from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// A person, by account.
    Person(AccountId),
    /// The program.
    Program(String),
}

impl From<Actor> for Author {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Person(account) => Self::Person(account),
            Actor::Program(name) => Self::Program(name.to_owned()),
        }
    }
}

/// As it is stored and hashed: `person:<account>` or `program:<name>`.
impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(account) => write!(f, "person:{account}"),
            Self::Program(name) => write!(f, "program:{name}"),
        }
    }
}

impl Author {
    /// The author of a stored text. What cannot be a person is taken as a program's name, so that nothing becomes unreadable.
    pub(super) fn stored(text: &str) -> Self {
        match text.split_once(':') {
            Some(("person", account)) => account.parse().map_or_else(|_| Self::Program(text.to_owned()), Self::Person),
            Some(("program", name)) => Self::Program(name.to_owned()),
            _ => Self::Program(text.to_owned()),
        }
    }
}

/// One entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The institution; nothing for the installation.
    pub institution: Option<InstitutionId>,
    /// Its place in the chain, from 1.
    pub number: i64,
    /// When, to the microsecond.
    pub at: OffsetDateTime,
    /// Who, as stored; [`Recorded::author`] reads it.
    pub actor: String,
    /// What was done.
    pub act: String,
    /// The kind of thing it was done to.
    pub subject_kind: String,
    /// Its identifier.
    pub subject_id: String,
    /// What else is known: JSON exactly as written.
    pub detail: String,
    /// The hash of the entry before.
    pub previous: [u8; 32],
    /// The hash of this entry.
    pub hash: [u8; 32],
}

impl Recorded {
    /// The entry that continues a chain.
    pub(super) fn following(head: Option<Head>, entry: &Entry) -> Self {
        let (number, previous) = head.map_or((0, BEGINNING), |head| (head.number, head.hash));
        let mut recorded = Self {
            institution: entry.institution,
            number: number + 1,
            at: to_the_microsecond(entry.at),
            actor: Author::from(entry.actor).to_string(),
            act: entry.act.to_owned(),
            subject_kind: entry.subject.kind.to_owned(),
            subject_id: entry.subject.id.clone(),
            detail: entry.detail.to_string(),
            previous,
            hash: BEGINNING,
        };
        recorded.hash = recorded.seal(recorded.number);
        recorded
    }

    /// Who did it.
    #[must_use]
    pub fn author(&self) -> Author {
        Author::stored(&self.actor)
    }

    /// What else is known, as JSON; a text of its own when it is none any more.
    #[must_use]
    pub fn detail(&self) -> serde_json::Value {
        serde_json::from_str(&self.detail).unwrap_or_else(|_| self.detail.clone().into())
    }

    /// Its place and hash.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head { number: self.number, hash: self.hash }
    }

    /// The hash that this content has at a place of the chain. Every field is preceded by its length, so that no two entries
    /// have the same bytes.
    pub(super) fn seal(&self, number: i64) -> [u8; 32] {
        let institution = self.institution.map_or([0; 16], |id| id.uuid().into_bytes());
        let fields: [&[u8]; 9] = [
            &institution,
            &number.to_be_bytes(),
            &microseconds(self.at).to_be_bytes(),
            self.actor.as_bytes(),
            self.act.as_bytes(),
            self.subject_kind.as_bytes(),
            self.subject_id.as_bytes(),
            self.detail.as_bytes(),
            &self.previous,
        ];
        let mut hasher = Sha256::new();
        hasher.update(FORM);
        for field in fields {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field);
        }
        hasher.finalize().into()
    }
}

fn microseconds(at: OffsetDateTime) -> i128 {
    at.unix_timestamp_nanos() / 1_000
}

/// Databases keep microseconds: what is hashed must be what is read again.
fn to_the_microsecond(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(time::UtcOffset::UTC);
    at.replace_nanosecond(at.microsecond() * 1_000).unwrap_or(at)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
