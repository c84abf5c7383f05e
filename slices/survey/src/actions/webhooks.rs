//! Receivers are subscribed, given new keys, tried and stopped; events are told to them.

use super::{Desk, Refused};
use crate::period::Period;
use crate::store::webhooks as store;
use crate::webhook::{self, Delivery, DeliveryId, DeliveryState, Event, Signing, Webhook, WebhookId, WebhookState};
use organisation::Unit;
use platform::audit::Subject;
use platform::database::{DatabaseError, Write};
use platform::identity::UnitId;
use platform::jobs::{self, NewJob};
use platform::secret::Secrets;
use serde_json::json;
use time::Duration;

/// The job that carries a message.
pub(crate) const DELIVER: &str = "survey.webhook";
/// So long a message that is over can be looked up.
const KEPT: Duration = Duration::days(30);

fn subject(id: WebhookId) -> Subject {
    Subject::new("survey-webhook", id)
}

/// What somebody wants to be told of, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// The unit whose events; nothing for all units.
    pub unit: Option<UnitId>,
    /// Where, by https; it was looked at by [`platform::outward`].
    pub url: String,
    /// Of what.
    pub events: Vec<Event>,
}

/// Subscribes a receiver. Its key is told this once.
///
/// # Errors
/// When the database fails.
pub fn subscribe(
    db: &mut Write<'_>,
    desk: &Desk,
    secrets: &Secrets,
    wanted: &NewWebhook,
) -> Result<(WebhookId, Signing), Refused> {
    let id = WebhookId::new(desk.now);
    Ok((id, subscribe_as(db, desk, secrets, wanted, id)?))
}

/// The same with an identifier of one's own, for the demonstration.
pub(crate) fn subscribe_as(
    db: &mut Write<'_>,
    desk: &Desk,
    secrets: &Secrets,
    wanted: &NewWebhook,
    id: WebhookId,
) -> Result<Signing, Refused> {
    let signing = Signing::new();
    let NewWebhook { unit, url, events } = wanted.clone();
    let sealed = signing.sealed(secrets, desk.institution, id);
    let made_on = desk.today();
    let webhook = Webhook { id, unit, url, events, sealed, state: WebhookState::Active, version: 1, made_on };
    store::add(db, desk.institution, &webhook)?;
    desk.record(db, "survey.webhook-subscribed", subject(id), detail(&webhook))?;
    Ok(signing)
}

/// What the audit log says of a receiver: its host, for a path may hold a secret of its own.
fn detail(webhook: &Webhook) -> serde_json::Value {
    let host = webhook.url.split('/').nth(2).unwrap_or_default();
    json!({ "unit": webhook.unit.map(|unit| unit.to_string()), "host": host })
}

fn load(db: &mut Write<'_>, desk: &Desk, (id, version): (WebhookId, i64)) -> Result<Webhook, Refused> {
    let webhook = store::webhook(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if webhook.version == version { Ok(webhook) } else { Err(Refused::Stale) }
}

/// Tells a receiver nothing more.
///
/// # Errors
/// When it was stopped before, or somebody changed it meanwhile.
pub fn stop_webhook(db: &mut Write<'_>, desk: &Desk, at: (WebhookId, i64)) -> Result<(), Refused> {
    let webhook = load(db, desk, at)?;
    webhook.state.stop()?;
    if !store::stop(db, desk.institution, at.0, at.1)? {
        return Err(Refused::Stale);
    }
    Ok(desk.record(db, "survey.webhook-stopped", subject(at.0), detail(&webhook))?)
}

/// Gives a receiver a new key; for a week the former signs, too.
///
/// # Errors
/// When it was stopped, its keys cannot be opened, or somebody changed it meanwhile.
pub fn rotate_webhook(
    db: &mut Write<'_>,
    desk: &Desk,
    secrets: &Secrets,
    at: (WebhookId, i64),
) -> Result<Signing, Refused> {
    let webhook = load(db, desk, at)?;
    if webhook.state != WebhookState::Active {
        return Err(Refused::WrongState);
    }
    let signing = Signing::opened(secrets, desk.institution, &webhook).unwrap_or_default().rotated(desk.now);
    if !store::set_sealed(db, desk.institution, at, signing.sealed(secrets, desk.institution, at.0))? {
        return Err(Refused::Stale);
    }
    desk.record(db, "survey.webhook-key-changed", subject(at.0), detail(&webhook))?;
    Ok(signing)
}

/// Sends a receiver a message that tells of nothing, to see whether it arrives.
///
/// # Errors
/// When it was stopped.
pub fn try_webhook(db: &mut Write<'_>, desk: &Desk, id: WebhookId) -> Result<(), Refused> {
    let webhook = store::webhook(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if webhook.state != WebhookState::Active {
        return Err(Refused::WrongState);
    }
    send(db, desk, id, Event::Tried, webhook::body(Event::Tried, desk.now, None))?;
    Ok(desk.record(db, "survey.webhook-tried", subject(id), detail(&webhook))?)
}

/// Sends a message again that was given up.
///
/// # Errors
/// When it was not given up, or its receiver was stopped.
pub fn send_again(db: &mut Write<'_>, desk: &Desk, at: (WebhookId, DeliveryId)) -> Result<(), Refused> {
    let webhook = store::webhook(db, desk.institution, at.0)?.ok_or(Refused::NotFound)?;
    let delivery = store::delivery(db, desk.institution, at.1)?.filter(|delivery| delivery.webhook == at.0);
    let delivery = delivery.ok_or(Refused::NotFound)?;
    if webhook.state != WebhookState::Active {
        return Err(Refused::WrongState);
    }
    let again = Delivery { state: delivery.state.again()?, ..delivery };
    store::set_delivery(db, desk.institution, &again)?;
    enqueue(db, desk, again.id)?;
    Ok(desk.record(db, "survey.webhook-sent-again", subject(at.0), detail(&webhook))?)
}

/// Tells all who asked for it what happened to a period, in the transaction in which it happens.
pub(super) fn announce(
    db: &mut Write<'_>,
    desk: &Desk,
    event: Event,
    (period, unit): (&Period, &Unit),
) -> Result<(), DatabaseError> {
    for webhook in store::active(db, desk.institution)? {
        if webhook.hears(event, unit.id) {
            send(db, desk, webhook.id, event, webhook::body(event, desk.now, Some((period, unit))))?;
        }
    }
    Ok(())
}

/// The same, where the unit is not at hand.
pub(super) fn announce_of(db: &mut Write<'_>, desk: &Desk, event: Event, period: &Period) -> Result<(), DatabaseError> {
    match organisation::unit(db, desk.institution, period.unit)? {
        Some(unit) => announce(db, desk, event, (period, &unit)),
        None => Ok(()),
    }
}

fn send(db: &mut Write<'_>, desk: &Desk, webhook: WebhookId, event: Event, body: String) -> Result<(), DatabaseError> {
    let delivery = Delivery {
        id: DeliveryId::new(desk.now),
        webhook,
        event,
        body,
        state: DeliveryState::Waiting,
        made_at: desk.now,
        attempts: 0,
        tried_at: None,
        answer: String::new(),
    };
    store::sweep(db, desk.institution, webhook, desk.now - KEPT)?;
    store::add_delivery(db, desk.institution, &delivery)?;
    enqueue(db, desk, delivery.id)
}

fn enqueue(db: &mut Write<'_>, desk: &Desk, id: DeliveryId) -> Result<(), DatabaseError> {
    let payload = json!({ "delivery": id });
    let job = NewJob { kind: DELIVER, institution: Some(desk.institution), payload, run_at: desk.now, key: None };
    jobs::enqueue(db, &job).map(drop)
}
