//! Messages to receivers are carried: signed at each attempt, sent outside of any transaction, and noted.

use crate::actions::DELIVER;
use crate::store::webhooks as store;
use crate::webhook::{Delivery, DeliveryId, Signing, Webhook, WebhookState, message_id};
use platform::app::App;
use platform::identity::InstitutionId;
use platform::jobs::{Handlers, Job, JobError};
use platform::outward;
use serde::Deserialize;

/// A message is tried so often, over some days: `platform::jobs::backoff`.
pub(crate) const ATTEMPTS: u32 = 12;

#[derive(Deserialize)]
struct Payload {
    delivery: DeliveryId,
}

/// Adds the job.
pub(crate) fn handlers(handlers: Handlers) -> Handlers {
    handlers.outside(DELIVER, ATTEMPTS, deliver)
}

/// Sends one message, once.
async fn deliver(app: App, job: Job) -> Result<(), JobError> {
    let institution = job.institution.ok_or_else(|| JobError::new("job.payload", "no institution").for_good())?;
    let id = job.payload::<Payload>()?.delivery;
    let found = app.database().read(move |db| {
        let Some(delivery) = store::delivery(db, institution, id)? else { return Ok(None) };
        let webhook = store::webhook(db, institution, delivery.webhook)?;
        Ok::<_, platform::database::DatabaseError>(webhook.map(|webhook| (webhook, delivery)))
    });
    // A message that was swept, or is over, needs nothing more.
    let Some((webhook, delivery)) = found.await? else { return Ok(()) };
    if delivery.state.deliver().is_err() {
        return Ok(());
    }
    let answer = match webhook.state {
        WebhookState::Active => send(&app, institution, &webhook, &delivery).await,
        WebhookState::Stopped => Err("stopped".to_owned()),
    };
    let last = job.attempt >= ATTEMPTS || webhook.state == WebhookState::Stopped;
    let (noted, failed) = note(delivery, &answer, last, app.now());
    app.database().write(move |db| store::set_delivery(db, institution, &noted)).await?;
    match failed {
        None => Ok(()),
        Some(_) if webhook.state == WebhookState::Stopped => Ok(()),
        Some(said) => Err(JobError::new("survey.webhook-refused", said)),
    }
}

/// The message as it stands after an attempt, and what went wrong.
fn note(
    delivery: Delivery,
    answer: &Result<u16, String>,
    last: bool,
    now: time::OffsetDateTime,
) -> (Delivery, Option<String>) {
    let (state, failed) = match answer {
        Ok(status) if (200..300).contains(status) => (delivery.state.deliver(), None),
        Ok(status) => (if last { delivery.state.give_up() } else { Ok(delivery.state) }, Some(status.to_string())),
        Err(said) => (if last { delivery.state.give_up() } else { Ok(delivery.state) }, Some(said.clone())),
    };
    let told = answer.as_ref().map_or_else(Clone::clone, ToString::to_string);
    let noted = Delivery {
        state: state.unwrap_or(delivery.state),
        attempts: delivery.attempts + 1,
        tried_at: Some(now),
        answer: told,
        ..delivery
    };
    (noted, failed)
}

/// The status of the answer, or why there was none.
async fn send(app: &App, institution: InstitutionId, webhook: &Webhook, delivery: &Delivery) -> Result<u16, String> {
    let signing = Signing::opened(app.secrets(), institution, webhook).ok_or("no-key")?;
    let (id, now) = (message_id(delivery.id), app.now());
    let signed = signing.signatures(&id, now, &delivery.body);
    let seconds = now.unix_timestamp().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", seconds.as_str()),
        ("webhook-signature", signed.as_str()),
    ];
    let sent = outward::post(app, &webhook.url, &headers, delivery.body.clone().into_bytes()).await;
    sent.map_err(|trouble| trouble.name().to_owned())
}
