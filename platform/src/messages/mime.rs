//! A message as it travels (RFC 5322): headers that nothing can be slipped into, text and HTML side by side.

use super::letter::Letter;
use super::settings::{MailSettings, address_of};
use super::{MailTrouble, MessageId};
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use std::time::SystemTime;
use time::OffsetDateTime;

/// A message that can be handed over.
pub(super) struct Outgoing {
    pub(super) from: Address,
    pub(super) to: Address,
    /// Where the copy for the archive goes.
    pub(super) copy: Option<Address>,
    pub(super) bytes: Vec<u8>,
}

/// The identifier that the message keeps, however often it is handed over.
pub(super) fn message_id(settings: &MailSettings, id: MessageId) -> String {
    format!("<{id}@{}>", settings.from.email.domain())
}

fn header(name: &'static str, value: impl Into<String>) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.into())
}

/// To whom a message goes.
pub(super) struct To<'t> {
    pub(super) name: &'t str,
    pub(super) address: &'t str,
}

/// Makes the message. `stop` is the address that stops such messages with one click (RFC 8058).
pub(super) fn build(
    settings: &MailSettings,
    (id, at): (MessageId, OffsetDateTime),
    to: &To<'_>,
    letter: &Letter,
    stop: Option<&str>,
) -> Result<Outgoing, MailTrouble> {
    let address = address_of(to.address).ok_or(MailTrouble::BadAddress)?;
    let name = Some(super::kind::one_line(to.name)).filter(|name| !name.is_empty());
    let mut builder = Message::builder()
        .message_id(Some(message_id(settings, id)))
        .date(SystemTime::from(at))
        .from(settings.from.clone())
        .to(Mailbox::new(name, address.clone()))
        .subject(letter.subject.clone())
        // Whoever is away does not answer to it.
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(stop) = stop {
        builder = builder
            .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let parts = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
    let message = builder.multipart(parts).map_err(|_| MailTrouble::BadAddress)?;
    Ok(Outgoing {
        from: settings.from.email.clone(),
        to: address,
        copy: settings.archive.as_ref().map(|archive| archive.address().clone()),
        bytes: message.formatted(),
    })
}
