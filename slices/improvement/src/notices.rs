//! Who is told of measures: their owner when one is planned, before its deadline and when it comes back; those who answer for the unit
//! when one is done, or its deadline has passed.

use crate::WORDS;
use crate::finding::Finding;
use crate::measure::{Measure, Owner, Told};
use crate::store;
use organisation::{Desk, Reach};
use platform::app::App;
use platform::audit::Actor;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{AccountId, InstitutionId, Role, UnitId};
use platform::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use platform::messages::{self, Category, Facts, MessageKind, NewMessage, Recipient};
use platform::secret::Secrets;
use platform::site::{Zone, day};
use rules::phrase::{Language, Text};
use std::collections::BTreeSet;
use time::macros::time;
use time::{Date, Duration};

const REMIND: &str = "improvement.remind";
/// The owner is told so many days before the deadline: three working days lie in them, whatever the week.
const BEFORE: Duration = Duration::days(5);
/// So many measures are told of in one transaction.
const AT_ONCE: u32 = 100;

/// Every kind of message of this slice.
pub const MESSAGES: &[&MessageKind] = &[&PLANNED, &SOON, &OVERDUE, &DONE, &SENT_BACK];

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident = $kind:literal, $subject:literal, $text:literal, $what:literal, $why:literal) => {
        $(#[$doc])* static $name: MessageKind = MessageKind {
            name: $kind,
            category: Category::Work,
            may_wait: true,
            catalogue: &WORDS,
            subject: $subject,
            paragraphs: &[$text, $what],
            button: Some("mail.button"),
            why: $why,
            sample,
        };
    };
}

kind! {
    /// Somebody was made the owner.
    PLANNED = "improvement.planned", "mail.planned-subject", "mail.planned", "mail.planned-what", "mail.why-owner"
}
kind! {
    /// The deadline comes near.
    SOON = "improvement.soon", "mail.soon-subject", "mail.soon", "mail.soon-what", "mail.why-owner"
}
kind! {
    /// The deadline has passed.
    OVERDUE = "improvement.overdue", "mail.overdue-subject", "mail.overdue", "mail.overdue-what", "mail.why-head"
}
kind! {
    /// It is done, and another person is to look at it.
    DONE = "improvement.done", "mail.done-subject", "mail.done", "mail.done-what", "mail.why-head"
}
kind! {
    /// It was not found done.
    SENT_BACK = "improvement.sent-back", "mail.back-subject", "mail.back", "mail.back-what", "mail.why-owner"
}

fn sample() -> Facts {
    let on = Text { id: "30 November 2026".into(), en: "30 November 2026".into() };
    let link = "https://layanan.contoh.go.id/kelola/tindakan/0198c1a0-0000-7000-8000-000000000001";
    Facts::new().with("title", "Waktu pelayanan").with("unit", "Dinas Sosial").with_text("on", on).with_link(link)
}

/// What happened to a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    Planned,
    Soon,
    Overdue,
    Done,
    SentBack,
}

impl Occasion {
    const fn kind(self) -> &'static MessageKind {
        match self {
            Self::Planned => &PLANNED,
            Self::Soon => &SOON,
            Self::Overdue => &OVERDUE,
            Self::Done => &DONE,
            Self::SentBack => &SENT_BACK,
        }
    }

    const fn is_for_owner(self) -> bool {
        matches!(self, Self::Planned | Self::Soon | Self::SentBack)
    }
}

/// How messages go out.
#[derive(Debug, Clone)]
pub struct Way {
    /// The installation's keys.
    pub secrets: Secrets,
    /// How it is reached.
    pub reach: Reach,
}

impl Way {
    /// Of a running program.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self { secrets: app.secrets().clone(), reach: Reach::of(app) }
    }
}

/// Who can be the owner of a measure of a unit: people with a role in it or in a unit above it, each with that role, once.
pub(crate) fn owners(db: &mut Read<'_>, desk: &Desk, unit: UnitId) -> Result<Vec<(AccountId, Role)>, DatabaseError> {
    let roles = [Role::UnitAdmin, Role::HeadOfUnit, Role::CounterOfficer];
    let (mut owners, mut at): (Vec<(AccountId, Role)>, _) = (Vec::new(), Some(unit));
    while let Some(unit) = at {
        for role in roles {
            for account in access::holders(db, desk.institution, (role, Some(unit)), desk.now)? {
                if !owners.iter().any(|(known, _)| *known == account) {
                    owners.push((account, role));
                }
            }
        }
        at = organisation::unit(db, desk.institution, unit)?.and_then(|unit| unit.facts.parent);
    }
    Ok(owners)
}

/// Those who hold a role in a unit, or in a unit above it where nobody does.
fn nearest(db: &mut Read<'_>, desk: &Desk, role: Role, unit: UnitId) -> Result<Vec<AccountId>, DatabaseError> {
    let mut at = Some(unit);
    while let Some(unit) = at {
        let holders = access::holders(db, desk.institution, (role, Some(unit)), desk.now)?;
        if !holders.is_empty() {
            return Ok(holders);
        }
        at = organisation::unit(db, desk.institution, unit)?.and_then(|unit| unit.facts.parent);
    }
    Ok(Vec::new())
}

/// Tells whom an occasion concerns; whoever brought it about is not told.
pub(crate) fn tell(
    db: &mut Write<'_>,
    desk: &Desk,
    way: Option<&Way>,
    (occasion, finding, measure): (Occasion, &Finding, &Measure),
) -> Result<(), DatabaseError> {
    let Some(way) = way else { return Ok(()) };
    let unit = finding.facts.unit;
    let to = match (occasion.is_for_owner(), measure.plan.owner) {
        (true, Owner::Account(account)) => vec![account],
        (true, Owner::Role(role)) => nearest(db, desk, role, unit)?,
        (false, _) => {
            let mut heads = nearest(db, desk, Role::HeadOfUnit, unit)?;
            heads.extend(access::holders(db, desk.institution, (Role::Coordinator, None), desk.now)?);
            heads
        }
    };
    let to: BTreeSet<AccountId> = to.into_iter().filter(|account| desk.account() != Some(*account)).collect();
    let city = organisation::institution(db, desk.institution)?;
    let origin = city.and_then(|city| way.reach.origin(&city.settings));
    let named = organisation::unit(db, desk.institution, unit)?.map(|unit| unit.facts.name).unwrap_or_default();
    let mut facts = Facts::new().with("title", finding.facts.title.clone()).with("unit", named);
    facts = facts.with_text("on", both(measure.due_on));
    if let Some(origin) = &origin {
        facts = facts.with_link(format!("{origin}/kelola/tindakan/{}", measure.id));
    }
    for account in to {
        let new = NewMessage {
            institution: desk.institution,
            to: Recipient::Account(account),
            kind: occasion.kind(),
            facts: facts.clone(),
            origin: origin.clone().unwrap_or_default(),
            language: None,
            until: None,
        };
        messages::send(db, &way.secrets, &new, desk.now)?;
    }
    Ok(())
}

fn both(on: Date) -> Text {
    Text { id: day(on, Language::Indonesian), en: day(on, Language::English) }
}

/// Adds the jobs of this slice.
#[must_use]
pub fn handlers(handlers: Handlers) -> Handlers {
    let schedule = Schedule::WorkingDays { at: time!(06:00), zone: Zone::Wib };
    handlers.outside(REMIND, 5, remind).recurring(Recurring { name: REMIND, kind: REMIND, schedule })
}

/// Tells of the deadlines of every city. What was told is noted in the transaction that tells it, so nobody is told twice.
async fn remind(app: App, _: Job) -> Result<(), JobError> {
    let institutions = app.database().read(organisation::institutions).await?;
    for id in institutions.into_iter().map(|institution| institution.id) {
        loop {
            let (now, way) = (app.now(), Way::of(&app));
            let told = app.database().write(move |db| remind_some(db, id, now, &way));
            if told.await? < AT_ONCE as usize {
                break;
            }
        }
    }
    app.jobs().wake();
    Ok(())
}

/// Tells of at most so many deadlines of a city, and says of how many.
pub(crate) fn remind_some(
    db: &mut Write<'_>,
    institution: InstitutionId,
    now: time::OffsetDateTime,
    way: &Way,
) -> Result<usize, DatabaseError> {
    let desk = Desk { institution, actor: Actor::Program("schedule"), now };
    let today = crate::actions::today(db, &desk)?;
    let yesterday = today.saturating_sub(Duration::DAY);
    let mut told = 0;
    let rounds = [
        (Told::Owner, yesterday, Occasion::Overdue, Told::Heads),
        (Told::Nobody, yesterday, Occasion::Overdue, Told::Heads),
        (Told::Nobody, today.saturating_add(BEFORE), Occasion::Soon, Told::Owner),
    ];
    for (before, until, occasion, after) in rounds {
        for measure in store::measures::to_tell(db, institution, (before, until), AT_ONCE)? {
            let Some(finding) = store::finding(db, institution, measure.finding)? else { continue };
            tell(db, &desk, Some(way), (occasion, &finding, &measure))?;
            let noted = Measure { told: after, ..measure };
            told += usize::from(store::measures::save(db, institution, &noted)?);
        }
    }
    Ok(told)
}
