//! Who is told of what, in the transaction it follows from.
//!
//! The data protection officer hears of requests and deadlines; of a breach and its hours the system admins hear too, since
//! they must act. Whoever asked hears of every step, at the address they gave for it or by their account. No message holds what
//! somebody told, nor the link of a request: it names the number, and the link stays with whoever was handed it.

use crate::breach::BreachId;
use crate::holdings::Opened;
use crate::request::{Request, RequestId};
use crate::{WORDS, store, words};
use ::rules::phrase::Text;
use organisation::{Reach, Settings};
use platform::database::{DatabaseError, Write};
use platform::identity::{AccountId, InstitutionId, Role};
use platform::messages::{self, Category, Facts, MessageKind, NewMessage, Recipient};
use platform::secret::Secrets;
use time::{Duration, OffsetDateTime};

/// What somebody is to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A request came in: the officer.
    RequestReceived(RequestId),
    /// A request took a step: the person who asked.
    RequestMoved(RequestId),
    /// A deadline is near or over: the officer.
    RequestDue(RequestId),
    /// A breach was recorded: the officer and the system admins.
    BreachRecorded(BreachId),
    /// So many hours of a breach have passed: the officer and the system admins.
    BreachRuns(BreachId, i64),
}

/// Every kind of message of this slice.
pub const MESSAGES: &[&MessageKind] =
    &[&REQUEST_RECEIVED, &REQUEST_MOVED, &REQUEST_DUE, &BREACH_RECORDED, &BREACH_RUNS];

static REQUEST_RECEIVED: MessageKind = MessageKind {
    name: "privacy.request-received",
    category: Category::Work,
    may_wait: true,
    catalogue: &WORDS,
    subject: "mail-request.received",
    paragraphs: &["mail-request.received-text", "mail-request.due"],
    button: Some("mail-request.button"),
    why: "mail-officer.why",
    sample,
};

static REQUEST_MOVED: MessageKind = MessageKind {
    name: "privacy.request-moved",
    category: Category::Work,
    may_wait: false,
    catalogue: &WORDS,
    subject: "mail-request.moved",
    paragraphs: &["mail-request.moved-text", "mail-request.your-link"],
    button: None,
    why: "mail-request.why",
    sample: sample_of_a_step,
};

static REQUEST_DUE: MessageKind = MessageKind {
    name: "privacy.request-due",
    category: Category::Work,
    may_wait: false,
    catalogue: &WORDS,
    subject: "mail-request.near",
    paragraphs: &["mail-request.near-text", "mail-request.due"],
    button: Some("mail-request.button"),
    why: "mail-officer.why",
    sample,
};

static BREACH_RECORDED: MessageKind = MessageKind {
    name: "privacy.breach-recorded",
    category: Category::Security,
    may_wait: false,
    catalogue: &WORDS,
    subject: "mail-breach.recorded",
    paragraphs: &["mail-breach.recorded-text", "mail-breach.due"],
    button: Some("mail-breach.button"),
    why: "mail-officer.why",
    sample,
};

static BREACH_RUNS: MessageKind = MessageKind {
    name: "privacy.breach-runs",
    category: Category::Security,
    may_wait: false,
    catalogue: &WORDS,
    subject: "mail-breach.runs",
    paragraphs: &["mail-breach.runs-text", "mail-breach.due"],
    button: Some("mail-breach.button"),
    why: "mail-officer.why",
    sample,
};

fn sample() -> Facts {
    sample_of_a_step().with_link("https://layanan.contoh.go.id/kelola/data-pribadi")
}

/// Without a link: that of a request stays with whoever was handed it.
fn sample_of_a_step() -> Facts {
    let due = Text { id: "24 November 2026, 08.00 WIB".into(), en: "24 November 2026, 08:00 WIB".into() };
    Facts::new()
        .with("city", "Kota Contoh")
        .with("number", "DP-2026-000123")
        .with_text("due", due)
        .with_text("state", Text { id: "Diterima".into(), en: "Received".into() })
        .with("hours", "24")
}

/// A message that could not be sent for so long tells nothing new any more.
const LAST: Duration = Duration::days(14);

/// What messages go out with.
pub(crate) struct Sender<'s> {
    /// The installation's keys.
    pub(crate) secrets: &'s Secrets,
    /// How it is reached.
    pub(crate) reach: &'s Reach,
    /// When.
    pub(crate) now: OffsetDateTime,
}

/// Tells somebody of something, in the caller's transaction.
///
/// # Errors
/// When the database fails.
pub(crate) fn notify(
    db: &mut Write<'_>,
    sender: &Sender<'_>,
    institution: InstitutionId,
    notice: Notice,
) -> Result<(), DatabaseError> {
    let Some(city) = organisation::institution(db, institution)?.map(|found| found.settings) else { return Ok(()) };
    let letter = Letter { sender, institution, city };
    match notice {
        Notice::RequestReceived(id) => letter.request(db, id, &REQUEST_RECEIVED),
        Notice::RequestDue(id) => letter.request(db, id, &REQUEST_DUE),
        Notice::RequestMoved(id) => letter.step(db, id),
        Notice::BreachRecorded(id) => letter.breach(db, id, &BREACH_RECORDED, 0),
        Notice::BreachRuns(id, hours) => letter.breach(db, id, &BREACH_RUNS, hours),
    }
}

struct Letter<'s> {
    sender: &'s Sender<'s>,
    institution: InstitutionId,
    city: Settings,
}

impl Letter<'_> {
    /// To the officers, of a request.
    fn request(&self, db: &mut Write<'_>, id: RequestId, kind: &'static MessageKind) -> Result<(), DatabaseError> {
        let Some(request) = store::requests::request(db, self.institution, id)? else { return Ok(()) };
        let facts = self.facts(request.receipt(), request.due_at);
        let path = format!("/kelola/data-pribadi/permintaan/{id}");
        self.to_holders(db, &[Role::DataProtectionOfficer], kind, (facts, &path))
    }

    /// To whoever asked, of a step. Somebody who gave a telephone only is called.
    fn step(&self, db: &mut Write<'_>, id: RequestId) -> Result<(), DatabaseError> {
        let Some(request) = store::requests::request(db, self.institution, id)? else { return Ok(()) };
        let Some(to) = self.asker(&request) else { return Ok(()) };
        let state = format!("state.{}", request.state.name());
        let facts = self
            .facts(request.receipt(), request.due_at)
            .with_text("state", Text::of(|language| words(language).text(&state)));
        self.send(db, to, &REQUEST_MOVED, facts)
    }

    fn asker(&self, request: &Request) -> Option<Recipient> {
        let opened = Opened::of(self.sender.secrets, self.institution, request);
        let address = opened.email.as_ref().map(Recipient::person);
        request.account.map(Recipient::Account).or(address)
    }

    /// To the officers and the system admins, of a breach.
    fn breach(
        &self,
        db: &mut Write<'_>,
        id: BreachId,
        kind: &'static MessageKind,
        hours: i64,
    ) -> Result<(), DatabaseError> {
        let Some(breach) = store::breaches::breach(db, self.institution, id)? else { return Ok(()) };
        let facts = self.facts(breach.receipt(), breach.due_at).with("hours", hours.to_string());
        let path = format!("/kelola/data-pribadi/kebocoran/{id}");
        self.to_holders(db, &[Role::DataProtectionOfficer, Role::SystemAdmin], kind, (facts, &path))
    }

    fn facts(&self, number: String, due: OffsetDateTime) -> Facts {
        let zone = self.city.zone;
        let due = Text::of(|language| zone.moment(due, language));
        Facts::new().with("city", self.city.short_name.clone()).with("number", number).with_text("due", due)
    }

    fn to_holders(
        &self,
        db: &mut Write<'_>,
        roles: &[Role],
        kind: &'static MessageKind,
        (facts, path): (Facts, &str),
    ) -> Result<(), DatabaseError> {
        let link = self.sender.reach.origin(&self.city).map(|origin| format!("{origin}{path}"));
        let facts = link.into_iter().fold(facts, Facts::with_link);
        let mut holders: Vec<AccountId> = Vec::new();
        for role in roles {
            holders.extend(access::holders(db, self.institution, (*role, None), self.sender.now)?);
        }
        // Whoever holds both roles is told once.
        holders.sort_unstable();
        holders.dedup();
        holders.into_iter().try_for_each(|holder| self.send(db, Recipient::Account(holder), kind, facts.clone()))
    }

    fn send(
        &self,
        db: &mut Write<'_>,
        to: Recipient,
        kind: &'static MessageKind,
        facts: Facts,
    ) -> Result<(), DatabaseError> {
        let Sender { secrets, reach, now } = *self.sender;
        let origin = reach.origin(&self.city).unwrap_or_default();
        let new = NewMessage {
            institution: self.institution,
            to,
            kind,
            facts,
            origin,
            language: None,
            until: Some(now + LAST),
        };
        messages::send(db, secrets, &new, now).map(drop)
    }
}
