//! One look at a message: it goes out, waits on, or is over. `docs/states/message.md` shows the ways.

use super::kind::MessageKind;
use super::letter::{self, City, Frame};
use super::mime::{self, Outgoing, To};
use super::smtp::Handed;
use super::steps::{Step, passing};
use super::stop::{Stopping, stop_address};
use super::store::{self, Change};
use super::{Contact, Content, DIGEST, Delivery, MailTrouble, Message, MessageId, MessageState, Preferences, enqueue};
use crate::app::App;
use crate::clock;
use crate::database::{DatabaseError, Read};
use crate::identity::InstitutionId;
use crate::jobs::{Job, JobError, backoff};
use rules::phrase::Language;
use serde::Deserialize;
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, OffsetDateTime};

/// A kind that this version does not know is for one that does.
const FOR_ANOTHER_VERSION: Duration = Duration::minutes(10);

#[derive(Deserialize)]
struct Payload {
    message: String,
}

/// What is known of a message when it is looked at.
struct Known {
    message: Message,
    contact: Option<Contact>,
    preferences: Preferences,
    city: Option<City>,
}

/// The handler of the job that looks at a message.
pub(super) async fn send(app: App, job: Job) -> Result<(), JobError> {
    let payload: Payload = job.payload()?;
    let id: MessageId = payload.message.parse().map_err(|_| JobError::new("job.payload", "message").for_good())?;
    let institution = job.institution.ok_or_else(|| JobError::new("job.payload", "institution").for_good())?;
    passing(Step::Claimed);
    let look = Look { app };
    let Some(known) = look.load(institution, id).await? else { return Ok(()) };
    match known.message.state {
        MessageState::Waiting => look.at_waiting(known).await?,
        MessageState::HandingOver => look.at_handing_over(&known.message).await?,
        _ => {}
    }
    Ok(())
}

/// A message ready for the server, or what became of it instead.
enum Ready {
    Now(Box<Outgoing>),
    Instead(Change),
}

struct Look {
    app: App,
}

impl Look {
    async fn load(&self, institution: InstitutionId, id: MessageId) -> Result<Option<Known>, DatabaseError> {
        let (find_contact, find_city) = (self.app.wiring().contact, self.app.wiring().city);
        let load = move |db: &mut Read<'_>| {
            let Some(message) = store::message(db, institution, id)? else { return Ok(None) };
            let (contact, preferences) = match message.account {
                Some(account) => {
                    (find_contact(db, institution, account)?, store::preferences(db, institution, account)?)
                }
                None => (None, Preferences { quiet: None, ..Preferences::default() }),
            };
            Ok::<_, DatabaseError>(Some(Known { message, contact, preferences, city: find_city(db, institution)? }))
        };
        self.app.database().read(load).await
    }

    fn now(&self) -> OffsetDateTime {
        self.app.now()
    }

    /// Writes down what became of a message, with the job of what comes next; `false` when somebody else was faster.
    async fn write(&self, message: &Message, change: Change, follow: bool) -> Result<bool, DatabaseError> {
        let message = message.clone();
        let write = self.app.database().write(move |db| {
            let done = store::change(db, &message, &change)?;
            if done && follow && change.to.is_open() && change.to != MessageState::Collected {
                enqueue(db, &message, message.turn + 1, change.due)?;
            }
            Ok::<_, DatabaseError>(done)
        });
        write.await
    }

    async fn at_waiting(&self, known: Known) -> Result<(), DatabaseError> {
        let outgoing = match self.ready(&known) {
            Ready::Now(outgoing) => outgoing,
            Ready::Instead(change) => {
                // Without mail there is no use in looking often: tending looks when there is mail again.
                let follow = change.to == MessageState::Waiting && self.app.mail().is_set();
                return self.write(&known.message, change, follow).await.map(drop);
            }
        };
        let marked = known.message.clone();
        let begun = AtomicI64::new(0);
        let mark = || async {
            let now = self.now();
            begun.store(1, Ordering::Relaxed);
            let change =
                Change { handed: Some(now), due: self.settled(now), ..Change::to(MessageState::HandingOver, now) };
            self.write(&marked, change, true).await
        };
        let handed = self.app.mail().hand_over(&outgoing, mark).await?;
        let message = match begun.load(Ordering::Relaxed) {
            0 => known.message,
            _ => Message { state: MessageState::HandingOver, turn: known.message.turn + 1, ..known.message },
        };
        self.after(&message, handed).await
    }

    /// When a message that may have been accepted is looked at again.
    fn settled(&self, handed: OffsetDateTime) -> OffsetDateTime {
        handed.saturating_add(self.app.mail().settings().map_or(Duration::ZERO, |settings| settings.settling))
    }

    async fn after(&self, message: &Message, handed: Handed) -> Result<(), DatabaseError> {
        let now = self.now();
        match handed {
            Handed::Over => {
                self.write(message, Change::to(MessageState::Sent, now), false).await?;
                passing(Step::Written);
            }
            Handed::NotOurs => {}
            Handed::Not(trouble) => {
                note(message, trouble, "a message did not go out and waits");
                let due = now.saturating_add(backoff(message.tries + 1, u32::from_le_bytes(clock::random())));
                let trouble = Some(trouble.stored());
                let change = Change { due, trouble, failed: true, ..Change::to(MessageState::Waiting, now) };
                self.write(message, change, true).await?;
            }
            Handed::Refused(trouble) => {
                note(message, trouble, "a message was refused");
                let change = Change { trouble: Some(trouble.stored()), ..Change::to(MessageState::Refused, now) };
                self.write(message, change, false).await?;
            }
            // It stays marked; the job that the mark brought looks when everything has settled.
            Handed::Unknown(trouble) => {
                note(message, trouble, "a message may have gone out");
            }
        }
        Ok(())
    }

    /// The message as it goes out now, or why it does not.
    fn ready(&self, known: &Known) -> Ready {
        let (now, message) = (self.now(), &known.message);
        let instead = |to: MessageState, trouble: Option<MailTrouble>| {
            Ready::Instead(Change { trouble: trouble.map(MailTrouble::stored), ..Change::to(to, now) })
        };
        if message.valid_until.is_some_and(|until| until <= now) {
            return instead(MessageState::Expired, None);
        }
        let Some(kind) = kind_of(&self.app, &message.kind) else {
            let trouble = Some(MailTrouble::UnknownKind.stored());
            let due = now.saturating_add(FOR_ANOTHER_VERSION);
            return Ready::Instead(Change { due, trouble, ..Change::to(MessageState::Waiting, now) });
        };
        let Some(content) = store::opened(self.app.secrets(), message) else {
            return instead(MessageState::Dropped, Some(MailTrouble::Unreadable));
        };
        let receiver = receiver(&content, known.contact.as_ref());
        let (Some(receiver), Some(city)) = (receiver, &known.city) else {
            return instead(MessageState::Dropped, Some(MailTrouble::NobodyThere));
        };
        if let Some(change) = waits(known, kind, city, now) {
            return Ready::Instead(change);
        }
        if !self.app.mail().is_set() {
            return instead(MessageState::Waiting, Some(MailTrouble::NotSet));
        }
        match self.outgoing(known, kind, &content, (&receiver, city)) {
            Ok(outgoing) => Ready::Now(Box::new(outgoing)),
            Err(trouble) => instead(MessageState::Refused, Some(trouble)),
        }
    }

    fn outgoing(
        &self,
        known: &Known,
        kind: &MessageKind,
        content: &Content,
        (receiver, city): (&Contact, &City),
    ) -> Result<Outgoing, MailTrouble> {
        let message = &known.message;
        let stopping = message.account.filter(|_| kind.category.may_be_stopped()).map(|account| Stopping {
            institution: message.institution,
            account,
            category: message.category,
        });
        let stop = stopping.map(|stopping| stop_address(self.app.secrets(), &message.origin, &stopping));
        let language = known.preferences.language.or(message.language).unwrap_or(Language::Indonesian);
        let items: Vec<_> =
            content.items.iter().filter_map(|(name, facts)| Some((kind_of(&self.app, name)?, facts.clone()))).collect();
        let frame = Frame { city, language, stop: stop.as_deref() };
        let letter = letter::write(kind, &content.facts, &items, frame).map_err(|_| MailTrouble::Unreadable)?;
        let settings = self.app.mail().settings().ok_or(MailTrouble::NotSet)?;
        let to = To { name: &receiver.name, address: &receiver.address };
        mime::build(settings, (message.id, message.created_at), &to, &letter, stop.as_deref())
    }

    /// A message that was being handed over when the program ended, or when the server did not answer: the archive knows, else
    /// what is safe to do twice is done again, and the rest is for a person.
    async fn at_handing_over(&self, message: &Message) -> Result<(), DatabaseError> {
        let now = self.now();
        let settled = self.settled(message.handed_at.unwrap_or(now));
        let on = |due: OffsetDateTime, trouble: Option<MailTrouble>| Change {
            due,
            trouble: trouble.map(MailTrouble::stored),
            ..Change::to(MessageState::HandingOver, now)
        };
        if now < settled {
            return self.write(message, on(settled, None), true).await.map(drop);
        }
        let later = now.saturating_add(backoff(message.tries + 1, u32::from_le_bytes(clock::random())));
        let mail = self.app.mail();
        let Some(settings) = mail.settings() else {
            return self.write(message, on(later, Some(MailTrouble::NotSet)), false).await.map(drop);
        };
        let again = Change::to(MessageState::Waiting, now);
        let change = match mail.archive() {
            None if message.category.may_be_stopped() => Change::to(MessageState::InDoubt, now),
            // The same Message-ID once more: mail programs show one. A link that is not there helps nobody.
            None => again,
            Some(archive) => {
                let id = mime::message_id(settings, message.id);
                // What the server has accepted comes into the archive while it runs: it is asked for first.
                let alive = mail.probe().await;
                let archive = archive.clone();
                let found = tokio::task::spawn_blocking(move || archive.holds(&id)).await;
                match (found, alive) {
                    (Ok(Ok(true)), _) => Change::to(MessageState::Sent, now),
                    (Ok(Ok(false)), Ok(())) => again,
                    (Ok(Ok(false)), Err(trouble)) => {
                        let (handed, failed) = (Some(now), true);
                        Change { handed, failed, ..on(later.max(self.settled(now)), Some(trouble)) }
                    }
                    _ => Change { failed: true, ..on(later, Some(MailTrouble::Archive)) },
                }
            }
        };
        self.write(message, change, true).await.map(drop)
    }
}

fn note(message: &Message, trouble: MailTrouble, what: &'static str) {
    tracing::warn!(message = %message.id, kind = message.kind, %trouble, "{what}");
}

/// What keeps a message from going out now: the person's wishes.
fn waits(known: &Known, kind: &MessageKind, city: &City, now: OffsetDateTime) -> Option<Change> {
    let Known { message, preferences, .. } = known;
    let wish = match message.account {
        // A summary was wished for when its messages were collected.
        Some(_) if kind.name != DIGEST.name => preferences.of(kind.category),
        _ => Delivery::AtOnce,
    };
    match wish {
        Delivery::Never => return Some(Change::to(MessageState::Declined, now)),
        Delivery::Daily if kind.may_wait => {
            let due = preferences.digest_after(now, city.zone);
            return Some(Change { due, ..Change::to(MessageState::Collected, now) });
        }
        Delivery::Daily | Delivery::AtOnce => {}
    }
    let until = preferences.quiet_until(now, city.zone).filter(|_| kind.may_wait)?;
    Some(Change { due: until, ..Change::to(MessageState::Waiting, now) })
}

fn receiver(content: &Content, contact: Option<&Contact>) -> Option<Contact> {
    match &content.to {
        Some((name, address)) => Some(Contact { name: name.clone(), address: address.clone() }),
        None => contact.cloned(),
    }
}

/// The kind of a name, among those of the program.
pub(super) fn kind_of(app: &App, name: &str) -> Option<&'static MessageKind> {
    let own = [&DIGEST].into_iter();
    own.chain(app.wiring().messages.iter().copied().flatten().copied()).find(|kind| kind.name == name)
}
