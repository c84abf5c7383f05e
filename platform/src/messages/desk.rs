//! What a person looks at and decides: messages that were refused, and those that may have gone out.

use super::store::{self, Change};
use super::{MailTrouble, MessageId, MessageState, enqueue};
use crate::database::{DatabaseError, Read, Write};
use crate::identity::{AccountId, InstitutionId};
use crate::secret::Secrets;
use time::OffsetDateTime;

/// How many messages of an institution stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MessageCounts {
    /// To be sent.
    pub waiting: u64,
    /// For a daily summary.
    pub collected: u64,
    /// Sent or not: a person decides.
    pub in_doubt: u64,
    /// Refused for good: a person decides.
    pub refused: u64,
    /// Sent, as long as their rows are kept.
    pub sent: u64,
    /// Not sent before their time passed.
    pub expired: u64,
}

/// A message that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenMessage {
    /// Its identifier.
    pub id: MessageId,
    /// The name of its kind.
    pub kind: String,
    /// Refused or in doubt.
    pub state: MessageState,
    /// Why.
    pub trouble: Option<MailTrouble>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it was handed over last.
    pub handed_at: Option<OffsetDateTime>,
    /// Whose account it goes to.
    pub account: Option<AccountId>,
    /// The address that was given for it, masked.
    pub address: Option<String>,
}

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is sent once more.
    Again,
    /// It arrived.
    Arrived,
    /// It is not sent.
    Drop,
}

/// An address of which enough is shown to be known again by whoever knows it: `s•••@contoh.go.id`.
#[must_use]
pub fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    if domain.is_empty() { format!("{first}•••") } else { format!("{first}•••@{domain}") }
}

/// How many messages of an institution stand where.
///
/// # Errors
/// When the database fails.
pub fn counts(db: &mut Read<'_>, institution: InstitutionId) -> Result<MessageCounts, DatabaseError> {
    store::counts(db, institution)
}

/// What kept the message from going out that waits longest for its next look; nothing when none met trouble.
///
/// # Errors
/// When the database fails.
pub fn last_trouble(db: &mut Read<'_>, institution: InstitutionId) -> Result<Option<MailTrouble>, DatabaseError> {
    Ok(store::last_trouble(db, institution)?.and_then(|stored| MailTrouble::read(&stored)))
}

/// The messages of an institution that wait for a decision, the youngest first.
///
/// # Errors
/// When the database fails.
pub fn open_messages(
    db: &mut Read<'_>,
    secrets: &Secrets,
    institution: InstitutionId,
    most: u32,
) -> Result<Vec<OpenMessage>, DatabaseError> {
    let shown = |message: super::Message| OpenMessage {
        address: store::opened(secrets, &message).and_then(|content| content.to).map(|(_, address)| masked(&address)),
        id: message.id,
        state: message.state,
        trouble: message.trouble.as_deref().and_then(MailTrouble::read),
        created_at: message.created_at,
        handed_at: message.handed_at,
        account: message.account,
        kind: message.kind,
    };
    Ok(store::open(db, institution, most)?.into_iter().map(shown).collect())
}

/// Does what a person decided; nothing when the message does not wait for that decision any more, else the name of its kind. The
/// caller records it.
///
/// # Errors
/// When the database fails.
pub fn decide(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: MessageId,
    decision: Decision,
    now: OffsetDateTime,
) -> Result<Option<String>, DatabaseError> {
    let Some(message) = store::message(db, institution, id)? else { return Ok(None) };
    let to = match decision {
        Decision::Again => MessageState::Waiting,
        Decision::Arrived => MessageState::Sent,
        Decision::Drop => MessageState::Dropped,
    };
    // What waits by itself needs nobody's decision.
    if message.state.is_open() || !message.state.may_become(to) {
        return Ok(None);
    }
    if !store::change(db, &message, &Change::to(to, now))? {
        return Ok(None);
    }
    if to == MessageState::Waiting {
        enqueue(db, &message, message.turn + 1, now)?;
    }
    Ok(Some(message.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_to_whoever_knows_it() {
        assert_eq!(masked("sari@contoh.go.id"), "s•••@contoh.go.id");
        assert_eq!(masked("x"), "x•••");
        assert_eq!(masked(""), "•••");
    }
}
