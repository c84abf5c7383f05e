//! Other programs that are told when something happens: who is told of what, and how a message is signed (Standard Webhooks 1.0).
//!
//! A message names a unit and a period, never an answer and never a person.

use crate::fault::Fault;
use crate::period::{Period, WrongState, names};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use organisation::Unit;
use platform::identity::{InstitutionId, UnitId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, OffsetDateTime};

platform::id! {
    /// Where another program is told of events.
    pub struct WebhookId;
}

platform::id! {
    /// One message to one receiver.
    pub struct DeliveryId;
}

/// What receivers are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// People can answer.
    Opened,
    /// The result is fixed.
    Closed,
    /// Everybody sees the result.
    Published,
    /// A published result was corrected.
    Corrected,
    /// Somebody asked for a try.
    Tried,
}

names! {
    Event: Opened = "survey.period.opened", Closed = "survey.period.closed", Published = "survey.period.published",
    Corrected = "survey.result.corrected", Tried = "survey.webhook.tried",
}

impl Event {
    /// Those that one can ask for.
    pub const CHOICES: [Self; 4] = [Self::Opened, Self::Closed, Self::Published, Self::Corrected];
}

/// Whether a receiver is told: `docs/states/webhook.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// "Aktif".
    Active,
    /// "Dihentikan": it is told nothing more.
    Stopped,
}

names! { WebhookState: Active = "active", Stopped = "stopped" }

impl WebhookState {
    /// It is told nothing more.
    ///
    /// # Errors
    /// When it was stopped before.
    pub const fn stop(self) -> Result<Self, WrongState> {
        match self {
            Self::Active => Ok(Self::Stopped),
            Self::Stopped => Err(WrongState),
        }
    }
}

/// Where a message stands: `docs/states/webhook-delivery.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// "Menunggu": it is tried, or tried again.
    Waiting,
    /// "Diterima": the receiver said so.
    Delivered,
    /// "Gagal": it was tried too often; a person may send it again.
    Dead,
}

names! { DeliveryState: Waiting = "waiting", Delivered = "delivered", Dead = "dead" }

impl DeliveryState {
    /// The receiver has it.
    ///
    /// # Errors
    /// When it does not wait.
    pub const fn deliver(self) -> Result<Self, WrongState> {
        match self {
            Self::Waiting => Ok(Self::Delivered),
            Self::Delivered | Self::Dead => Err(WrongState),
        }
    }

    /// It was tried too often.
    ///
    /// # Errors
    /// When it does not wait.
    pub const fn give_up(self) -> Result<Self, WrongState> {
        match self {
            Self::Waiting => Ok(Self::Dead),
            Self::Delivered | Self::Dead => Err(WrongState),
        }
    }

    /// A person has it sent again.
    ///
    /// # Errors
    /// When it was not given up.
    pub const fn again(self) -> Result<Self, WrongState> {
        match self {
            Self::Dead => Ok(Self::Waiting),
            Self::Waiting | Self::Delivered => Err(WrongState),
        }
    }
}

/// A receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its identifier.
    pub id: WebhookId,
    /// The unit whose events it is told; nothing for all units.
    pub unit: Option<UnitId>,
    /// Where messages go, by https.
    pub url: String,
    /// What it is told of.
    pub events: Vec<Event>,
    /// The keys that sign, sealed.
    pub sealed: Vec<u8>,
    /// Whether it is told.
    pub state: WebhookState,
    /// Grows with each change.
    pub version: i64,
    /// The day it was made.
    pub made_on: Date,
}

impl Webhook {
    /// Whether it is told of an event of a unit.
    #[must_use]
    pub fn hears(&self, event: Event, unit: UnitId) -> bool {
        self.state == WebhookState::Active && self.unit.is_none_or(|own| own == unit) && self.events.contains(&event)
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its identifier, the same at every attempt.
    pub id: DeliveryId,
    /// Its receiver.
    pub webhook: WebhookId,
    /// What it tells of.
    pub event: Event,
    /// What is sent, byte for byte.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was made.
    pub made_at: OffsetDateTime,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was tried last.
    pub tried_at: Option<OffsetDateTime>,
    /// The status of the last answer, or why there was none.
    pub answer: String,
}

/// What a message tells of a period.
#[must_use]
pub(crate) fn body(event: Event, now: OffsetDateTime, told: Option<(&Period, &Unit)>) -> String {
    let at = now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default();
    let data = told.map_or_else(|| json!({}), |(period, unit)| data(event, period, unit));
    json!({ "type": event.name(), "timestamp": at, "data": data }).to_string()
}

fn data(event: Event, period: &Period, unit: &Unit) -> Value {
    let id = period.id.to_string();
    let mut data = json!({
        "period": { "id": id, "label": period.plan.label(), "starts_on": period.plan.starts_on.to_string(),
            "ends_on": period.plan.ends_on.to_string(), "instrument": period.instrument },
        "unit": { "slug": unit.slug, "name": unit.facts.name },
    });
    if matches!(event, Event::Published | Event::Corrected) {
        data["api"] = format!("/api/v1/survey/periods/{id}").into();
        data["page"] = format!("/survei/{id}").into();
    }
    data
}

/// How a key begins that a receiver is given.
const BEGINNING: &str = "whsec_";
/// How long the former key signs, too, after a new one was made.
const OVERLAP: Duration = Duration::days(7);

/// The keys that sign for one receiver, as they stand inside the seal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// The key, as text in base64.
    now: String,
    /// The former one, and until when it signs, too (seconds of Unix time).
    former: Option<(String, i64)>,
}

/// A key is never written into a log.
impl std::fmt::Debug for Signing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Signing(…)")
    }
}

impl Signing {
    /// With a new key.
    #[must_use]
    pub fn new() -> Self {
        Self { now: STANDARD.encode(platform::clock::random::<32>()), former: None }
    }

    /// With another new key; the one so far signs, too, for a week.
    #[must_use]
    pub fn rotated(self, now: OffsetDateTime) -> Self {
        Self { former: Some((self.now, (now + OVERLAP).unix_timestamp())), ..Self::new() }
    }

    /// The key as the receiver is told it, once.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{BEGINNING}{}", self.now)
    }

    /// Sealed for a receiver.
    #[must_use]
    pub fn sealed(&self, secrets: &platform::secret::Secrets, institution: InstitutionId, id: WebhookId) -> Vec<u8> {
        secrets.seal(&sealed_for(institution, id), &serde_json::to_vec(self).unwrap_or_default())
    }

    /// From under the seal; nothing when no key of the installation opens it.
    #[must_use]
    pub fn opened(secrets: &platform::secret::Secrets, institution: InstitutionId, webhook: &Webhook) -> Option<Self> {
        let plain = secrets.open(&sealed_for(institution, webhook.id), &webhook.sealed)?;
        serde_json::from_slice(&plain).ok()
    }

    /// The signatures of a message: one, or two while the former key counts.
    #[must_use]
    pub fn signatures(&self, id: &str, at: OffsetDateTime, body: &str) -> String {
        let seconds = at.unix_timestamp();
        let former = self.former.iter().filter(|(_, until)| seconds < *until).map(|(key, _)| key);
        let signed: Vec<String> =
            std::iter::once(&self.now).chain(former).map(|key| signature(key, id, seconds, body)).collect();
        signed.join(" ")
    }
}

impl Default for Signing {
    fn default() -> Self {
        Self::new()
    }
}

/// What a receiver's keys are sealed for.
pub(crate) fn sealed_for(institution: InstitutionId, id: WebhookId) -> String {
    format!("survey webhook {institution} {id}")
}

/// `v1,` and the HMAC-SHA256 of identifier, moment and body, in base64.
fn signature(key: &str, id: &str, seconds: i64, body: &str) -> String {
    let key = STANDARD.decode(key).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The identifier as it travels.
#[must_use]
pub(crate) fn message_id(id: DeliveryId) -> String {
    format!("msg_{}", id.uuid().simple())
}

/// The events that somebody ticked.
///
/// # Errors
/// When none was.
pub(crate) fn chosen<'t>(names: impl Iterator<Item = &'t str>) -> Result<Vec<Event>, Fault> {
    let names: Vec<&str> = names.collect();
    let events: Vec<Event> = Event::CHOICES.into_iter().filter(|event| names.contains(&event.name())).collect();
    if events.is_empty() { Err(Fault::new("events", "fault.events")) } else { Ok(events) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

    fn is_signed(
        receiver: &standardwebhooks::Webhook,
        signed: &str,
        (id, at, body): (&str, OffsetDateTime, &str),
    ) -> bool {
        let expected = receiver.sign(id, at.unix_timestamp(), body.as_bytes()).unwrap();
        signed.split(' ').any(|one| one == expected)
    }

    #[test]
    fn a_signature_is_the_one_that_another_library_makes() {
        let signing = Signing::new();
        let receiver = standardwebhooks::Webhook::new(&signing.shown()).unwrap();
        let signed = signing.signatures("msg_1", NOW, "{\"a\":1}");
        assert!(is_signed(&receiver, &signed, ("msg_1", NOW, "{\"a\":1}")));
        assert!(!is_signed(&receiver, &signed, ("msg_1", NOW, "{\"a\":2}")), "one changed byte");
        assert!(!is_signed(&receiver, &signed, ("msg_2", NOW, "{\"a\":1}")), "another message");
        assert!(!is_signed(&receiver, &signed, ("msg_1", NOW + Duration::SECOND, "{\"a\":1}")), "another moment");
    }

    #[test]
    fn for_a_week_after_a_new_key_both_sign() {
        let first = Signing::new();
        let before = standardwebhooks::Webhook::new(&first.shown()).unwrap();
        let second = first.rotated(NOW);
        let after = standardwebhooks::Webhook::new(&second.shown()).unwrap();
        for (days, former) in [(0, true), (6, true), (7, false), (8, false)] {
            let at = NOW + Duration::days(days);
            let signed = second.signatures("msg_1", at, "{}");
            assert_eq!(is_signed(&before, &signed, ("msg_1", at, "{}")), former, "the former key after {days} days");
            assert!(is_signed(&after, &signed, ("msg_1", at, "{}")));
        }
    }

    #[test]
    fn keys_are_sealed_for_their_receiver_and_stand_in_no_log() {
        use platform::database::Uuid;
        let (secrets, city) = (platform::secret::Secrets::new([7; 32]), InstitutionId::from(Uuid::from_u128(1)));
        let (id, other) = (WebhookId::from(Uuid::from_u128(2)), WebhookId::from(Uuid::from_u128(3)));
        let signing = Signing::new();
        let mut webhook = Webhook {
            id,
            unit: None,
            url: "https://penerima.contoh.go.id".into(),
            events: vec![Event::Closed],
            sealed: signing.sealed(&secrets, city, id),
            state: WebhookState::Active,
            version: 1,
            made_on: NOW.date(),
        };
        assert_eq!(Signing::opened(&secrets, city, &webhook), Some(signing.clone()));
        webhook.id = other;
        assert_eq!(Signing::opened(&secrets, city, &webhook), None, "it is of another receiver");
        assert_eq!(format!("{signing:?}"), "Signing(…)");
    }

    type Step<S> = fn(S) -> Result<S, WrongState>;

    fn compare<S: Copy + PartialEq + std::fmt::Debug>(page: &str, all: &[S], steps: &[Step<S>]) {
        for from in all {
            for to in all {
                let drawn = page.lines().any(|line| line.trim().starts_with(&format!("{from:?} --> {to:?}:")));
                let leads = steps.iter().any(|step| step(*from) == Ok(*to));
                assert_eq!(drawn, leads, "{from:?} --> {to:?}");
            }
        }
    }

    #[test]
    fn the_diagrams_show_the_arrows_of_the_code() {
        let page = include_str!("../../../docs/states/webhook.md");
        compare(page, WebhookState::ALL, &[WebhookState::stop]);
        let page = include_str!("../../../docs/states/webhook-delivery.md");
        compare(page, DeliveryState::ALL, &[DeliveryState::deliver, DeliveryState::give_up, DeliveryState::again]);
    }
}
