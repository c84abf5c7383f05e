//! The daily summary: messages that may wait, together in one.

use super::kind::{Category, Facts, MessageKind};
use super::store::{self, Change};
use super::{Content, Delivery, Message, MessageId, MessageState};
use crate::database::{DatabaseError, Write};
use crate::identity::{AccountId, InstitutionId};
use crate::secret::Secrets;
use crate::words::SHARED;
use rules::phrase::Text;
use time::OffsetDateTime;

/// The summary itself is a message.
pub static DIGEST: MessageKind = MessageKind {
    name: "platform.digest",
    category: Category::Summary,
    may_wait: true,
    catalogue: &SHARED,
    subject: "mail.digest.subject",
    paragraphs: &["mail.digest.text"],
    button: None,
    why: "mail.digest.why",
    sample: || of(3),
};

/// A summary of so many messages.
fn of(count: usize) -> Facts {
    Facts::new().with_text("count", Text::same(count.to_string()))
}

/// More than these wait for the next round, which follows at once.
const IN_ONE: u32 = 100;

/// Makes one summary of what was collected for somebody. In the same transaction each of the messages is over, so it stands in
/// this summary and in no other; without any, there is none.
pub(super) fn make(
    db: &mut Write<'_>,
    secrets: &Secrets,
    (institution, account): (InstitutionId, AccountId),
    now: OffsetDateTime,
) -> Result<Option<MessageId>, DatabaseError> {
    let id = MessageId::new(now);
    let (mut items, mut first) = (Vec::new(), None);
    let wishes = store::preferences(db, institution, account)?;
    for message in store::collected(db, institution, account, IN_ONE)? {
        // Somebody may have turned them off meanwhile.
        if wishes.of(message.category) == Delivery::Never {
            store::change(db, &message, &Change::to(MessageState::Declined, now))?;
            continue;
        }
        let Some(content) = store::opened(secrets, &message) else {
            store::change(db, &message, &Change::to(MessageState::Dropped, now))?;
            continue;
        };
        let digested = Change { digest: Some(id), ..Change::to(MessageState::Digested, now) };
        if store::change(db, &message, &digested)? {
            items.push((message.kind.clone(), content.facts));
            first.get_or_insert(message);
        }
    }
    let Some(first) = first else { return Ok(None) };
    let content = Content { to: None, facts: of(items.len()), items };
    let summary = Message {
        id,
        kind: DIGEST.name.to_owned(),
        content: None,
        state: MessageState::Waiting,
        turn: 0,
        tries: 0,
        created_at: now,
        valid_until: None,
        ..first
    };
    super::add(db, secrets, &summary, &content)?;
    Ok(Some(id))
}
