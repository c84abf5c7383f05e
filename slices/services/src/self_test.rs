//! "Uji diri": once a week the program tries what units publish, and tells the admins of a unit when something is dead: once, until it
//! works again.

use crate::WORDS;
use crate::actions::contacts::note_looks;
use crate::contact::{ContactCheck, ContactKind, Look};
use crate::probe::{Prober, ProberShelf};
use crate::reviews::{Way, origin_of, people};
use organisation::{Desk, Unit};
use platform::app::App;
use platform::audit::Actor;
use platform::database::{DatabaseError, Write};
use platform::identity::{InstitutionId, Role, UnitId};
use platform::jobs::{self, Handlers, Job, JobError, NewJob, Recurring, Schedule};
use platform::messages::{self, Category, Facts, MessageKind, NewMessage, Recipient};
use platform::site::Zone;
use platform::words::Words;
use rules::phrase::{Language, Text};
use serde_json::json;
use std::sync::Arc;
use time::Weekday;
use time::macros::time;

/// Makes jobs of the units of those cities where the week begins.
const SELF_TEST: &str = "services.self-test";
/// Tries the addresses of one unit.
const PROBE: &str = "services.probe";

/// Something a unit publishes does not work.
pub(crate) static CONTACT_DEAD: MessageKind = MessageKind {
    name: "services.contact-dead",
    category: Category::Work,
    may_wait: true,
    catalogue: &WORDS,
    subject: "mail-contact.subject",
    paragraphs: &["mail-contact.text", "mail-contact.what"],
    button: Some("mail-contact.button"),
    why: "mail-review.why",
    sample,
};

fn sample() -> Facts {
    let dead = Text { id: "halaman web, surel".into(), en: "website, mail address".into() };
    let link = "https://layanan.contoh.go.id/kelola/kontak/dinas-sosial";
    Facts::new().with("unit", "Dinas Sosial").with_text("dead", dead).with_link(link)
}

/// Adds the jobs of the self-test.
pub(crate) fn handlers(handlers: Handlers) -> Handlers {
    // A day begins first in the east; each city waits for its own Monday.
    let schedule = Schedule::Daily { at: time!(03:00), zone: Zone::Wib };
    handlers.outside(SELF_TEST, 3, begin).outside(PROBE, 2, probe).recurring(Recurring {
        name: SELF_TEST,
        kind: SELF_TEST,
        schedule,
    })
}

async fn begin(app: App, _: Job) -> Result<(), JobError> {
    for institution in app.database().read(organisation::institutions).await? {
        let (id, now) = (institution.id, app.now());
        if institution.settings.zone.date(now).weekday() == Weekday::Monday {
            app.database().write(move |db| enqueue_all(db, id, now)).await?;
        }
    }
    app.jobs().wake();
    Ok(())
}

/// One job for each unit that serves and publishes something.
pub(crate) fn enqueue_all(
    db: &mut Write<'_>,
    institution: InstitutionId,
    now: time::OffsetDateTime,
) -> Result<usize, DatabaseError> {
    let units = organisation::units(db, institution)?;
    let publishing = |unit: &&Unit| {
        unit.state.is_active() && ContactKind::ALL.iter().any(|kind| !kind.of(&unit.facts.contact).is_empty())
    };
    let mut enqueued = 0;
    for unit in units.iter().filter(publishing) {
        let job = NewJob {
            kind: PROBE,
            institution: Some(institution),
            payload: json!({ "unit": unit.id }),
            run_at: now,
            key: Some(unit.id.to_string()),
        };
        jobs::enqueue(db, &job)?;
        enqueued += 1;
    }
    Ok(enqueued)
}

async fn probe(app: App, job: Job) -> Result<(), JobError> {
    let unreadable = || JobError::new("services.probe-unreadable", "").for_good();
    let institution = job.institution.ok_or_else(unreadable)?;
    let payload: serde_json::Value = job.payload()?;
    let unit: UnitId = payload["unit"].as_str().and_then(|text| text.parse().ok()).ok_or_else(unreadable)?;
    let actor = Actor::Program("schedule");
    test_unit(&app, institution, unit, actor).await.map_err(|error| match error {
        Untested::Machine => JobError::new("services.probe-unable", ""),
        Untested::Database(error) => error.into(),
    })
}

/// Why a unit could not be tested.
#[derive(Debug)]
pub(crate) enum Untested {
    /// This machine cannot try anything; the log says why.
    Machine,
    /// The database failed.
    Database(DatabaseError),
}

impl From<DatabaseError> for Untested {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// Tries everything a unit publishes, keeps what was found, and tells its admins what is newly dead.
pub(crate) async fn test_unit(
    app: &App,
    institution: InstitutionId,
    unit: UnitId,
    actor: Actor,
) -> Result<(), Untested> {
    let found = app.database().read(move |db| organisation::unit(db, institution, unit)).await?;
    let Some(found) = found else { return Ok(()) };
    let prober = app.shelf::<ProberShelf>().get().map_err(|error| {
        tracing::warn!(%error, "nothing can be tried from this machine");
        Untested::Machine
    })?;
    let looks = looks(&prober, &found).await;
    let city = app.database().read(move |db| organisation::institution(db, institution)).await?;
    let origin = city.as_ref().and_then(|city| origin_of(app, city));
    let (way, now) = (Way { secrets: app.secrets().clone(), origin }, app.now());
    let desk = Desk { institution, actor, now };
    app.database()
        .write(move |db| {
            let dead = note_looks(db, &desk, unit, &looks)?;
            if dead.is_empty() { Ok(()) } else { tell(db, &desk, (&found, &dead), &way) }
        })
        .await?;
    app.jobs().wake();
    Ok(())
}

/// All addresses of a unit at once: the slowest says how long it takes.
async fn looks(prober: &Arc<Prober>, unit: &Unit) -> Vec<(ContactKind, String, Look)> {
    let published = ContactKind::ALL.map(|kind| (kind, kind.of(&unit.facts.contact).to_owned()));
    let running = published.into_iter().filter(|(_, target)| !target.is_empty()).map(|(kind, target)| {
        let prober = Arc::clone(prober);
        tokio::spawn(async move {
            let look = prober.look(kind, &target).await;
            (kind, target, look)
        })
    });
    let mut looks = Vec::new();
    for running in running.collect::<Vec<_>>() {
        looks.extend(running.await.ok());
    }
    looks
}

fn tell(
    db: &mut Write<'_>,
    desk: &Desk,
    (unit, dead): (&Unit, &[ContactCheck]),
    way: &Way,
) -> Result<(), DatabaseError> {
    let words = |language: Language| {
        let w = Words::new(&WORDS, language);
        let kinds: Vec<String> = dead.iter().map(|check| w.text(&format!("contact.{}", check.kind.name()))).collect();
        kinds.join(", ")
    };
    let dead = Text { id: words(Language::Indonesian), en: words(Language::English) };
    let mut facts = Facts::new().with("unit", unit.facts.name.clone()).with_text("dead", dead);
    if let Some(origin) = &way.origin {
        facts = facts.with_link(format!("{origin}/kelola/kontak/{}", unit.slug));
    }
    for account in people(db, desk, unit.id, &[Role::UnitAdmin])? {
        let new = NewMessage {
            institution: desk.institution,
            to: Recipient::Account(account),
            kind: &CONTACT_DEAD,
            facts: facts.clone(),
            origin: way.origin.clone().unwrap_or_default(),
            language: None,
            until: None,
        };
        messages::send(db, &way.secrets, &new, desk.now)?;
    }
    Ok(())
}
