//! What messages promise, on both engines and over a real mail server.

mod contracts;
mod crash;
mod doubt;
mod life;
mod mail;
mod outage;
mod scripted;
mod summary;
mod wishes;

use super::*;
use crate::app::{App, Means, Wiring};
use crate::clock::Clock;
use crate::database::{Database, Uuid};
use crate::jobs::{Handlers, Outcome, Settings, Worker};
use crate::site::Zone;
use rules::phrase::Catalogue;
use std::sync::LazyLock;
use time::Duration;
use time::macros::datetime;

/// Eight in the morning of a working day in the city.
const START: OffsetDateTime = datetime!(2026-11-23 01:00 UTC);
const KEPT: Duration = Duration::days(90);

static PROBE: LazyLock<Catalogue> = LazyLock::new(|| {
    let words =
        "[probe]\nsubject = \"Halo {name}\"\ntext = \"Isi untuk {name}.\"\nbutton = \"Buka\"\nwhy = \"Untuk uji.\"\n";
    Catalogue::read(words, &words.replace("Isi untuk", "Words for")).unwrap()
});

const fn kind(name: &'static str, category: Category, may_wait: bool) -> MessageKind {
    MessageKind {
        name,
        category,
        may_wait,
        catalogue: &PROBE,
        subject: "probe.subject",
        paragraphs: &["probe.text"],
        button: Some("probe.button"),
        why: "probe.why",
        sample: || Facts::new().with("name", "Sari").with_link("https://contoh.go.id/x"),
    }
}

static WORK: MessageKind = kind("test.work", Category::Work, true);
static SECURITY: MessageKind = kind("test.security", Category::Security, false);
static SUMMARY: MessageKind = kind("test.summary", Category::Summary, true);

const KINDS: &[&[&MessageKind]] = &[&[&WORK, &SECURITY, &SUMMARY]];

fn account(number: u128) -> AccountId {
    Uuid::from_u128(number).into()
}

const SARI: u128 = 1;
const BUDI: u128 = 2;
/// Whose address the server does not know.
const UNKNOWN: u128 = 3;
/// Whose address is none.
const BROKEN: u128 = 4;
/// Whose account is closed.
const GONE: u128 = 5;

fn institution() -> InstitutionId {
    Uuid::from_u128(100).into()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that the wiring asks for")]
fn contact(_: &mut Read<'_>, _: InstitutionId, who: AccountId) -> Result<Option<Contact>, DatabaseError> {
    let found = [(SARI, "Sari", "sari@contoh.go.id"), (BUDI, "Budi", "budi@contoh.go.id")]
        .into_iter()
        .chain([(UNKNOWN, "Tanpa", "tanpa@contoh.go.id"), (BROKEN, "Rusak", "rusak")])
        .find(|(number, ..)| account(*number) == who);
    Ok(found.map(|(_, name, address)| Contact { name: name.into(), address: address.into() }))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that the wiring asks for")]
fn city(_: &mut Read<'_>, _: InstitutionId) -> Result<Option<City>, DatabaseError> {
    Ok(Some(City { name: "Pemerintah Kota Contoh".into(), help: "Bagian Organisasi".into(), zone: Zone::Wib }))
}

/// A city with its worker, mail and a clock that is moved by hand.
struct World {
    app: App,
    clock: Clock,
    database: Database,
    worker: Worker,
}

impl World {
    fn new(database: &Database, mail: Mail) -> Self {
        Self::at(database, mail, START)
    }

    fn at(database: &Database, mail: Mail, now: OffsetDateTime) -> Self {
        let clock = Clock::standing(now);
        let wiring = Wiring { contact, city, messages: KINDS, ..Wiring::default() };
        let means = Means { mail, ..Means::new(Secrets::new([7; 32])) };
        let app = App::new(database.clone(), clock.clone(), wiring, means);
        let worker = Worker::new(app.clone(), handlers(Handlers::new(), KEPT), Settings::default());
        Self { app, clock, database: database.clone(), worker }
    }

    fn new_message(to: Recipient, kind: &'static MessageKind) -> NewMessage {
        let facts = Facts::new().with("name", "Sari Dewi").with_link("https://contoh.go.id/rahasia-42");
        NewMessage {
            institution: institution(),
            to,
            kind,
            facts,
            origin: "https://contoh.go.id".into(),
            language: None,
            until: None,
        }
    }

    async fn put(&self, new: NewMessage) -> MessageId {
        let (secrets, now) = (self.app.secrets().clone(), self.clock.now());
        self.database.write(move |db| send(db, &secrets, &new, now)).await.unwrap()
    }

    async fn send(&self, to: u128, kind: &'static MessageKind) -> MessageId {
        self.put(Self::new_message(Recipient::Account(account(to)), kind)).await
    }

    async fn prefer(&self, who: u128, preferences: Preferences) {
        let now = self.clock.now();
        let set = move |db: &mut Write<'_>| set_preferences(db, institution(), account(who), &preferences, now);
        self.database.write(set).await.unwrap();
    }

    /// Does everything that is due, schedules too. No job ever dies.
    async fn work(&self) {
        self.worker.keep_schedules().await.unwrap();
        let outcomes = self.worker.work_off().await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done), "{outcomes:?}");
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
        self.work().await;
    }

    async fn message(&self, id: MessageId) -> Message {
        self.database.read(move |db| store::message(db, institution(), id)).await.unwrap().unwrap()
    }

    async fn state(&self, id: MessageId) -> MessageState {
        self.message(id).await.state
    }

    async fn counts(&self) -> MessageCounts {
        self.database.read(|db| counts(db, institution())).await.unwrap()
    }

    async fn trouble(&self) -> Option<MailTrouble> {
        self.database.read(|db| last_trouble(db, institution())).await.unwrap()
    }

    async fn decide(&self, id: MessageId, decision: Decision) -> Option<String> {
        let now = self.clock.now();
        self.database.write(move |db| decide(db, institution(), id, decision, now)).await.unwrap()
    }
}

/// The value of a header, on one line.
fn header(message: &str, name: &str) -> String {
    let head = message.split("\n\n").next().unwrap().replace("\n ", " ").replace("\n\t", " ");
    let prefix = format!("{}:", name.to_lowercase());
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&prefix));
    line.map_or_else(String::new, |line| line[prefix.len()..].trim().to_owned())
}

/// Fails unless each message stands once in a mailbox, and those are all.
fn once_each(mailbox: &[String], ids: &[MessageId]) {
    let mut found: Vec<String> = mailbox.iter().map(|message| header(message, "message-id")).collect();
    let mut expected: Vec<String> = ids.iter().map(|id| format!("<{id}@contoh.go.id>")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "each message is there, and once");
}
