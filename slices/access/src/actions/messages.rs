//! What people decide about messages: how they want their own, and what becomes of those that did not go out.

use super::{Act, Refused};
use crate::granting::MANAGE_MESSAGES;
use platform::audit::{self, Actor, Entry, Subject};
use platform::database::Write;
use platform::identity::Person;
use platform::messages::{self, Decision, Delivery, MessageId, Preferences, Stopping};
use serde_json::json;
use time::OffsetDateTime;

use super::By;

/// Keeps how somebody wants their messages.
///
/// # Errors
/// When the session ended, or the database fails.
pub(crate) fn choose_notices(
    db: &mut Write<'_>,
    act: &Act,
    person: &Person,
    chosen: &Preferences,
) -> Result<(), Refused> {
    act.still_in(db)?;
    messages::set_preferences(db, act.institution, person.account, chosen, act.now)?;
    let detail = json!({ "work": chosen.work.name(), "summary": chosen.summary.name() });
    act.record(db, "access.notices-chosen", person.account, detail)
}

/// Stops messages of a category for whoever holds the link below one. Twice is once.
///
/// # Errors
/// When the database fails.
pub(crate) fn stop_notices(db: &mut Write<'_>, stopping: &Stopping, now: OffsetDateTime) -> Result<(), Refused> {
    let Stopping { institution, account, category } = *stopping;
    let present = messages::preferences(db, institution, account)?;
    if present.of(category) == Delivery::Never {
        return Ok(());
    }
    messages::set_preferences(db, institution, account, &present.with(category, Delivery::Never), now)?;
    let act = Act::of_owner(institution, now, account);
    act.record(db, "access.notices-stopped", account, json!({ "category": category.name() }))
}

/// Does what somebody decided about a message that was refused or is in doubt.
///
/// # Errors
/// When it is not theirs to decide, or the message waits for no such decision.
pub(crate) fn decide_message(
    db: &mut Write<'_>,
    act: &Act,
    id: MessageId,
    (decision, name): (Decision, &'static str),
) -> Result<(), Refused> {
    let act = &act.renewed(db)?;
    act.allows(|person| person.may(&MANAGE_MESSAGES, None))?;
    let kind = messages::decide(db, act.institution, id, decision, act.now)?.ok_or(Refused::NotFound)?;
    let By::Person(person) = &act.by else { return Err(Refused::NotYours) };
    let entry = Entry {
        institution: Some(act.institution),
        at: act.now,
        actor: Actor::Person(person.account),
        act: "access.message-decided",
        subject: Subject::new("message", id),
        detail: json!({ "kind": kind, "decision": name }),
    };
    Ok(audit::record(db, &entry)?)
}
