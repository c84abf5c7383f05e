//! Messages: what is said to people, by mail today and by other ways later.
//!
//! An action calls [`send`] in its own transaction: a row and a job follow, so a message exists exactly when what it tells of does.
//! The job looks up who receives it and how they want it ([`Preferences`]), writes it in their language from the words of its
//! [`MessageKind`], and hands it to the mail server ([`Mail`]). What a message says is sealed with the installation's key, and
//! erased when the message is over; the row that stays says what kind of message went when, and no more.
//!
//! Inwardly each step may be done again. The person gets one message: `docs/decisions/0011-one-message-to-the-person.md`, and
//! `docs/states/message.md` for the states. Without mail nothing is lost: messages wait until it is set up, or their time passes.

mod archive;
mod deliver;
mod desk;
mod digest;
mod fault;
mod kind;
mod letter;
mod mime;
mod preference;
mod settings;
mod smtp;
mod state;
mod steps;
mod stop;
mod store;
mod tend;
#[cfg(test)]
mod tests;
mod trouble;

pub use archive::Archive;
pub use desk::{Decision, MessageCounts, OpenMessage, counts, decide, last_trouble, masked, open_messages};
pub use digest::DIGEST;
pub use kind::{Category, Facts, MessageKind};
pub use letter::{City, Frame, Letter, write};
pub use preference::{DIGEST_AT, Delivery, DigestDays, Preferences, Quiet};
pub use settings::{Encryption, MailServer, MailSettings, MailWords, WrongMailSetting};
pub use smtp::Mail;
pub use state::MessageState;
pub use stop::{Stopping, stop_address, stopping};
pub use tend::handlers;
pub use trouble::MailTrouble;

use crate::database::{DatabaseError, Read, Sql, Write};
use crate::identity::{AccountId, InstitutionId};
use crate::jobs::{self, NewJob};
use crate::personal::EmailAddress;
use crate::secret::Secrets;
use crate::secret::rotation::Resealed;
use rules::phrase::Language;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

/// What messages say stays sealed until they are over: see [`crate::secret::rotation`].
pub const RESEALED: &[Resealed] = &[Resealed {
    name: "message.content",
    next: store::NEXT_CONTENT,
    save: store::SAVE_CONTENT,
    held: store::HELD_CONTENT,
    context: |_, id| store::sealed_for(id.into()),
    indexed: None,
}];

/// Every statement of messages.
pub const STATEMENTS: &[Sql] = store::STATEMENTS;

crate::id! {
    /// One message.
    pub struct MessageId;
}

/// Whoever has an account, as messages need to know them. Given by the slice that keeps accounts.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
}

/// A name and an address are nothing for a log.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// Finds who receives what is sent to an account; nothing when the account is closed or kept out.
pub type FindContact = fn(&mut Read<'_>, InstitutionId, AccountId) -> Result<Option<Contact>, DatabaseError>;
/// Finds what messages say of the city they come from.
pub type FindCity = fn(&mut Read<'_>, InstitutionId) -> Result<Option<City>, DatabaseError>;

/// Who receives a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Whoever has this account: the address is looked up when the message goes out.
    Account(AccountId),
    /// An address that was given for this message. It is sealed with what the message says.
    Address {
        /// The name; empty when it is not known.
        name: String,
        /// The address.
        address: String,
    },
}

impl Recipient {
    /// Whoever gave this address of their own: nobody sees it on its way.
    #[must_use]
    pub fn person(address: &EmailAddress) -> Self {
        Self::Address { name: String::new(), address: address.for_envelope().to_owned() }
    }
}

/// An address is never written into a log.
impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(account) => write!(f, "Account({account})"),
            Self::Address { .. } => f.write_str("Address(…)"),
        }
    }
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The city it comes from.
    pub institution: InstitutionId,
    /// Who receives it.
    pub to: Recipient,
    /// Its kind.
    pub kind: &'static MessageKind,
    /// What fills its words.
    pub facts: Facts,
    /// `https://host` of the city, for links below the message. Never what a stranger's request says of itself.
    pub origin: String,
    /// The language of the occasion; the person's own choice comes first.
    pub language: Option<Language>,
    /// After this moment it says nothing true any more and is not sent.
    pub until: Option<OffsetDateTime>,
}

/// What is sealed of a message.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    /// Name and address, when they were given for this message.
    to: Option<(String, String)>,
    facts: Facts,
    /// In a summary: the messages in it, each with the name of its kind.
    items: Vec<(String, Facts)>,
}

/// A message as it is stored.
#[derive(Clone)]
pub(crate) struct Message {
    id: MessageId,
    institution: InstitutionId,
    account: Option<AccountId>,
    kind: String,
    category: Category,
    language: Option<Language>,
    origin: String,
    content: Option<Vec<u8>>,
    state: MessageState,
    turn: i64,
    tries: u32,
    trouble: Option<String>,
    created_at: OffsetDateTime,
    handed_at: Option<OffsetDateTime>,
    valid_until: Option<OffsetDateTime>,
}

/// Stores a message and its job in the transaction of what it tells of.
///
/// After the transaction [`jobs::Jobs::wake`] spares the worker of this process the wait for its next look.
///
/// # Errors
/// When the database fails.
pub fn send(
    db: &mut Write<'_>,
    secrets: &Secrets,
    new: &NewMessage,
    now: OffsetDateTime,
) -> Result<MessageId, DatabaseError> {
    let (account, to) = match &new.to {
        Recipient::Account(account) => (Some(*account), None),
        Recipient::Address { name, address } => (None, Some((name.clone(), address.clone()))),
    };
    let content = Content { to, facts: new.facts.clone(), items: Vec::new() };
    let message = Message {
        id: MessageId::new(now),
        institution: new.institution,
        account,
        kind: new.kind.name.to_owned(),
        category: new.kind.category,
        language: new.language,
        origin: new.origin.clone(),
        content: None,
        state: MessageState::Waiting,
        turn: 0,
        tries: 0,
        trouble: None,
        created_at: now,
        handed_at: None,
        valid_until: new.until,
    };
    add(db, secrets, &message, &content)?;
    Ok(message.id)
}

fn add(db: &mut Write<'_>, secrets: &Secrets, message: &Message, content: &Content) -> Result<(), DatabaseError> {
    let sealed = store::seal(secrets, message.id, content)?;
    store::add(db, &store::NewRow { message, sealed })?;
    enqueue(db, message, message.turn, message.created_at)
}

/// The job that looks at a message.
const SEND: &str = "message.send";

/// The job of a message as it will be after a change: never two for the same turn.
fn enqueue(db: &mut Write<'_>, message: &Message, turn: i64, due: OffsetDateTime) -> Result<(), DatabaseError> {
    let job = NewJob {
        kind: SEND,
        institution: Some(message.institution),
        payload: json!({ "message": message.id.to_string() }),
        run_at: due,
        key: Some(format!("{}:{turn}", message.id)),
    };
    jobs::enqueue(db, &job).map(drop)
}

/// How somebody wants their messages.
///
/// # Errors
/// When the database fails.
pub fn preferences(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
) -> Result<Preferences, DatabaseError> {
    store::preferences(db, institution, account)
}

/// Keeps how somebody wants their messages. The caller records it.
///
/// # Errors
/// When the database fails.
pub fn set_preferences(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    preferences: &Preferences,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    store::set_preferences(db, institution, account, preferences, now)
}
