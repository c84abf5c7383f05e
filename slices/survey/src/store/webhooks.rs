//! Receivers of events, and the messages to them.

use super::unknown;
use crate::webhook::{Delivery, DeliveryId, DeliveryState, Event, Webhook, WebhookId, WebhookState};
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::secret::rotation::Resealed;
use platform::{params, statements};
use time::OffsetDateTime;

/// The columns of a receiver, in the order of its `FromRow`.
macro_rules! webhook {
    ($rest:literal) => {
        concat!("SELECT id, unit_id, url, events, sealed, state, version, made_on FROM survey_webhook ", $rest)
    };
}

/// The columns of a message, in the order of its `FromRow`.
macro_rules! delivery {
    ($rest:literal) => {
        concat!(
            "SELECT id, webhook_id, event, body, state, made_at, attempts, tried_at, answer FROM survey_delivery ",
            $rest
        )
    };
}

statements! {
    ADD_WEBHOOK = "INSERT INTO survey_webhook (institution_id, id, unit_id, url, events, sealed, state, version, made_on)
        VALUES ($1, $2, $3, $4, $5, $6, 'active', 1, $7)";
    WEBHOOKS = webhook!("WHERE institution_id = $1 ORDER BY made_on DESC, id DESC LIMIT 1000");
    ACTIVE_WEBHOOKS = webhook!("WHERE institution_id = $1 AND state = 'active' ORDER BY id");
    WEBHOOK = webhook!("WHERE institution_id = $1 AND id = $2");
    STOP_WEBHOOK = "UPDATE survey_webhook SET state = 'stopped', version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    SET_SEALED = "UPDATE survey_webhook SET sealed = $4, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    ADD_DELIVERY = "INSERT INTO survey_delivery (institution_id, id, webhook_id, event, body, state, made_at, attempts, answer)
        VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, '')";
    DELIVERY = delivery!("WHERE institution_id = $1 AND id = $2");
    DELIVERIES = delivery!("WHERE institution_id = $1 AND webhook_id = $2 ORDER BY made_at DESC, id DESC LIMIT 50");
    SET_DELIVERY = "UPDATE survey_delivery SET state = $3, attempts = $4, tried_at = $5, answer = $6
        WHERE institution_id = $1 AND id = $2";
    /// Messages that are over are looked up for a month.
    SWEEP_DELIVERIES = "DELETE FROM survey_delivery WHERE institution_id = $1 AND webhook_id = $2 AND made_at < $3
        AND state <> 'waiting'";
    HELD_WEBHOOK = "SELECT COUNT(*) FROM survey_webhook WHERE SUBSTR(sealed, 1, CAST($2 AS INTEGER)) = $1";
    NEXT_WEBHOOK = "SELECT institution_id, id, sealed FROM survey_webhook WHERE (id > $1 OR $1 IS NULL) ORDER BY id LIMIT $2";
    SAVE_WEBHOOK = "UPDATE survey_webhook SET sealed = $4 WHERE institution_id = $1 AND id = $2 AND sealed = $3";
}

/// The sealed columns of the slice.
pub const RESEALED: &[Resealed] = &[Resealed {
    name: "survey_webhook.sealed",
    next: NEXT_WEBHOOK,
    save: SAVE_WEBHOOK,
    held: HELD_WEBHOOK,
    context: |institution, id| crate::webhook::sealed_for(institution, WebhookId::from(id)),
    indexed: None,
}];

type Stored<T> = Result<T, DatabaseError>;

impl FromRow for Webhook {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (id, unit, url, events) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        let (sealed, state) = (row.next()?, row.next::<String>()?);
        Ok(Self {
            id,
            unit,
            url,
            events: events.split(' ').filter_map(Event::named).collect(),
            sealed,
            state: WebhookState::named(&state).ok_or_else(|| unknown("state of a webhook"))?,
            version: row.next()?,
            made_on: row.next()?,
        })
    }
}

impl FromRow for Delivery {
    fn from_row(row: &Row<'_>) -> Stored<Self> {
        let (id, webhook, event, body) = (row.next()?, row.next()?, row.next::<String>()?, row.next()?);
        let state = row.next::<String>()?;
        Ok(Self {
            id,
            webhook,
            event: Event::named(&event).ok_or_else(|| unknown("event of a webhook"))?,
            body,
            state: DeliveryState::named(&state).ok_or_else(|| unknown("state of a delivery"))?,
            made_at: row.next()?,
            attempts: row.next()?,
            tried_at: row.next()?,
            answer: row.next()?,
        })
    }
}

/// Keeps a receiver.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, webhook: &Webhook) -> Stored<()> {
    let Webhook { id, unit, url, events, sealed, made_on, .. } = webhook;
    let events: Vec<&str> = events.iter().map(|event| event.name()).collect();
    db.execute(ADD_WEBHOOK, params![institution, *id, *unit, url, events.join(" "), sealed.clone(), *made_on]).map(drop)
}

/// All receivers, the newest first, stopped ones too.
pub(crate) fn webhooks(db: &mut Read<'_>, institution: InstitutionId) -> Stored<Vec<Webhook>> {
    db.all(WEBHOOKS, params![institution])
}

/// The receivers that are told.
pub(crate) fn active(db: &mut Read<'_>, institution: InstitutionId) -> Stored<Vec<Webhook>> {
    db.all(ACTIVE_WEBHOOKS, params![institution])
}

/// A receiver.
pub(crate) fn webhook(db: &mut Read<'_>, institution: InstitutionId, id: WebhookId) -> Stored<Option<Webhook>> {
    db.one(WEBHOOK, params![institution, id])
}

/// Stops a receiver that still has its version; says whether it had.
pub(crate) fn stop(db: &mut Write<'_>, institution: InstitutionId, id: WebhookId, version: i64) -> Stored<bool> {
    Ok(db.execute(STOP_WEBHOOK, params![institution, id, version])? == 1)
}

/// Gives a receiver that still has its version other keys; says whether it had.
pub(crate) fn set_sealed(
    db: &mut Write<'_>,
    institution: InstitutionId,
    (id, version): (WebhookId, i64),
    sealed: Vec<u8>,
) -> Stored<bool> {
    Ok(db.execute(SET_SEALED, params![institution, id, version, sealed])? == 1)
}

/// Keeps a message that waits.
pub(crate) fn add_delivery(db: &mut Write<'_>, institution: InstitutionId, delivery: &Delivery) -> Stored<()> {
    let Delivery { id, webhook, event, body, made_at, .. } = delivery;
    db.execute(ADD_DELIVERY, params![institution, *id, *webhook, event.name(), body, *made_at]).map(drop)
}

/// A message.
pub(crate) fn delivery(db: &mut Read<'_>, institution: InstitutionId, id: DeliveryId) -> Stored<Option<Delivery>> {
    db.one(DELIVERY, params![institution, id])
}

/// The last messages to a receiver, the newest first.
pub(crate) fn deliveries(db: &mut Read<'_>, institution: InstitutionId, webhook: WebhookId) -> Stored<Vec<Delivery>> {
    db.all(DELIVERIES, params![institution, webhook])
}

/// Notes where a message stands.
pub(crate) fn set_delivery(db: &mut Write<'_>, institution: InstitutionId, delivery: &Delivery) -> Stored<()> {
    let Delivery { id, state, attempts, tried_at, answer, .. } = delivery;
    db.execute(SET_DELIVERY, params![institution, *id, state.name(), *attempts, *tried_at, answer]).map(drop)
}

/// Forgets messages to a receiver that are over and older than a moment.
pub(crate) fn sweep(
    db: &mut Write<'_>,
    institution: InstitutionId,
    webhook: WebhookId,
    before: OffsetDateTime,
) -> Stored<()> {
    db.execute(SWEEP_DELIVERIES, params![institution, webhook, before]).map(drop)
}
