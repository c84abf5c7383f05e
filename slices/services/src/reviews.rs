//! What the slice does by itself: it notes each morning which standards are to be reviewed, and tells those who answer for them.

use crate::WORDS;
use crate::actions::standards::fall_due;
use crate::standard::{Review, Standard};
use crate::store;
use organisation::{Desk, Institution};
use platform::app::App;
use platform::audit::Actor;
use platform::database::{DatabaseError, Write};
use platform::identity::{AccountId, Role, UnitId};
use platform::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use platform::messages::{self, Category, Facts, MessageKind, NewMessage, Recipient};
use platform::secret::Secrets;
use platform::site::{Zone, day};
use rules::phrase::{Language, Text};
use std::collections::BTreeSet;
use time::Date;
use time::macros::time;

const REVIEW: &str = "services.review";
/// So many standards are noted in one transaction.
const AT_ONCE: u32 = 100;

/// Every kind of message of this slice.
pub const MESSAGES: &[&MessageKind] = &[&REVIEW_DUE, &REVIEW_OVERDUE, &crate::self_test::CONTACT_DEAD];

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident = $kind:literal, $subject:literal, $text:literal) => {
        $(#[$doc])* static $name: MessageKind = MessageKind {
            name: $kind,
            category: Category::Work,
            may_wait: true,
            catalogue: &WORDS,
            subject: $subject,
            paragraphs: &[$text, "mail-review.what"],
            button: Some("mail-review.button"),
            why: "mail-review.why",
            sample,
        };
    };
}

kind! {
    /// The yearly target has passed.
    REVIEW_DUE = "services.review-due", "mail-review.due-subject", "mail-review.due"
}
kind! {
    /// The limit of the law has passed.
    REVIEW_OVERDUE = "services.review-overdue", "mail-review.overdue-subject", "mail-review.overdue"
}

fn sample() -> Facts {
    let on = Text { id: "1 November 2025".into(), en: "1 November 2025".into() };
    let link = "https://layanan.contoh.go.id/kelola/layanan/akta-kelahiran/standar";
    Facts::new().with("service", "Akta kelahiran").with_text("on", on).with_link(link)
}

/// Adds the jobs of this slice.
#[must_use]
pub fn handlers(handlers: Handlers) -> Handlers {
    let schedule = Schedule::Daily { at: time!(05:30), zone: Zone::Wib };
    crate::self_test::handlers(handlers).outside(REVIEW, 5, review).recurring(Recurring {
        name: REVIEW,
        kind: REVIEW,
        schedule,
    })
}

async fn review(app: App, _: Job) -> Result<(), JobError> {
    let institutions = app.database().read(organisation::institutions).await?;
    for institution in institutions {
        let way = Way { secrets: app.secrets().clone(), origin: origin_of(&app, &institution) };
        loop {
            let (id, now, way) = (institution.id, app.now(), way.clone());
            let noted = app.database().write(move |db| {
                let desk = Desk { institution: id, actor: Actor::Program("schedule"), now };
                note(db, &desk, &way)
            });
            if noted.await? < AT_ONCE as usize {
                break;
            }
        }
    }
    app.jobs().wake();
    Ok(())
}

/// How messages go out.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) secrets: Secrets,
    /// `https://host` of the city, when somebody has said it.
    pub(crate) origin: Option<String>,
}

/// By what people reach a city, as its admins have said, and never as a request says.
pub(crate) fn origin_of(app: &App, institution: &Institution) -> Option<String> {
    let Some(host) = &institution.settings.host else { return app.origin().map(str::to_owned) };
    let scheme = if app.surroundings().https { "https" } else { "http" };
    Some(format!("{scheme}://{host}"))
}

/// Notes the standards whose review has fallen due, tells the people of their units, and says how many there were.
pub(crate) fn note(db: &mut Write<'_>, desk: &Desk, way: &Way) -> Result<usize, DatabaseError> {
    let due = fall_due(db, desk, AT_ONCE)?;
    for standard in &due {
        tell(db, desk, standard, way)?;
    }
    Ok(due.len())
}

fn tell(db: &mut Write<'_>, desk: &Desk, standard: &Standard, way: &Way) -> Result<(), DatabaseError> {
    let Some(service) = store::service(db, desk.institution, standard.service)? else { return Ok(()) };
    let mut facts = Facts::new().with("service", service.facts.name.clone());
    facts = facts.with_text("on", standard.reviewed_on.map_or_else(|| Text::same("–"), both));
    if let Some(origin) = &way.origin {
        facts = facts.with_link(format!("{origin}/kelola/layanan/{}/standar", service.slug));
    }
    let kind = if standard.review == Review::Overdue { &REVIEW_OVERDUE } else { &REVIEW_DUE };
    for account in people(db, desk, service.unit, &[Role::UnitAdmin, Role::HeadOfUnit])? {
        let new = NewMessage {
            institution: desk.institution,
            to: Recipient::Account(account),
            kind,
            facts: facts.clone(),
            origin: way.origin.clone().unwrap_or_default(),
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

/// Who has one of these roles in a unit, or in a unit above it.
pub(crate) fn people(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    roles: &[Role],
) -> Result<BTreeSet<AccountId>, DatabaseError> {
    let (mut people, mut at) = (BTreeSet::new(), Some(unit));
    while let Some(unit) = at {
        for role in roles {
            people.extend(access::holders(db, desk.institution, (*role, Some(unit)), desk.now)?);
        }
        at = organisation::unit(db, desk.institution, unit)?.and_then(|unit| unit.facts.parent);
    }
    Ok(people)
}
