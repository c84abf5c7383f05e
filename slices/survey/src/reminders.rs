//! Nothing closes a period by itself: each morning whoever keeps a period that is over hears of it, once a week, until it is closed.

use crate::WORDS;
use crate::period::Period;
use crate::store::periods as store;
use organisation::Institution;
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::identity::{AccountId, InstitutionId, Role, UnitId};
use platform::jobs::{Handlers, Job, JobError, Recurring, Schedule};
use platform::messages::{self, Category, Facts, MessageKind, NewMessage, Recipient};
use platform::secret::Secrets;
use platform::site::{Zone, day};
use rules::phrase::{Language, Text};
use std::collections::BTreeSet;
use time::macros::time;
use time::{Duration, OffsetDateTime};

const REMIND: &str = "survey.remind";
/// So many periods are told of in one transaction.
pub(crate) const AT_ONCE: i64 = 100;
/// So many days pass before somebody is told again.
pub(crate) const AGAIN: Duration = Duration::days(7);

/// Every kind of message of this slice.
pub const MESSAGES: &[&MessageKind] = &[&OVER];

/// A period is over and still open.
static OVER: MessageKind = MessageKind {
    name: "survey.period-over",
    category: Category::Work,
    may_wait: true,
    catalogue: &WORDS,
    subject: "mail-over.subject",
    paragraphs: &["mail-over.text", "mail-over.what"],
    button: Some("mail-over.button"),
    why: "mail-over.why",
    sample,
};

fn sample() -> Facts {
    let on = Text { id: "3 Januari 2027".into(), en: "3 January 2027".into() };
    let link = "https://layanan.contoh.go.id/kelola/survei/00000000-0000-7000-8000-000000000101";
    Facts::new().with("unit", "Dinas Sosial").with("period", "2026 TW IV").with_text("on", on).with_link(link)
}

/// Adds the job of reminders.
pub(crate) fn handlers(handlers: Handlers) -> Handlers {
    let schedule = Schedule::Daily { at: time!(05:30), zone: Zone::Wib };
    handlers.outside(REMIND, 5, remind).recurring(Recurring { name: REMIND, kind: REMIND, schedule })
}

async fn remind(app: App, _: Job) -> Result<(), JobError> {
    remind_all(&app).await
}

/// The same without a job.
pub(crate) async fn remind_all(app: &App) -> Result<(), JobError> {
    for institution in app.database().read(organisation::institutions).await? {
        loop {
            let (city, now) = (institution.clone(), app.now());
            let (secrets, origin) = (app.secrets().clone(), origin_of(app, &institution));
            let told = app.database().write(move |db| tell(db, &city, (&secrets, origin.as_deref()), now));
            if told.await? < AT_ONCE {
                break;
            }
        }
    }
    app.jobs().wake();
    Ok(())
}

/// By what people reach a city, as its admins have said, and never as a request says.
fn origin_of(app: &App, institution: &Institution) -> Option<String> {
    let Some(host) = &institution.settings.host else { return app.origin().map(str::to_owned) };
    let scheme = if app.surroundings().https { "https" } else { "http" };
    Some(format!("{scheme}://{host}"))
}

/// Tells of the periods that are over, and says how many there were.
fn tell(
    db: &mut Write<'_>,
    city: &Institution,
    (secrets, origin): (&Secrets, Option<&str>),
    now: OffsetDateTime,
) -> Result<i64, DatabaseError> {
    let today = city.settings.zone.date(now);
    let over = store::over(db, city.id, today, AT_ONCE)?;
    for period in &over {
        store::remind(db, city.id, period.id, today)?;
        let Some(unit) = organisation::unit(db, city.id, period.unit)? else { continue };
        for account in people(db, (city.id, period.unit), now)? {
            let new = NewMessage {
                institution: city.id,
                to: Recipient::Account(account),
                kind: &OVER,
                facts: facts(period, &unit.facts.name, origin),
                origin: origin.unwrap_or_default().to_owned(),
                language: None,
                until: None,
            };
            messages::send(db, secrets, &new, now)?;
        }
    }
    Ok(i64::try_from(over.len()).unwrap_or(i64::MAX))
}

fn facts(period: &Period, unit: &str, origin: Option<&str>) -> Facts {
    let last = period.plan.last_arrival();
    let on = Text { id: day(last, Language::Indonesian), en: day(last, Language::English) };
    let facts = Facts::new().with("unit", unit).with("period", period.plan.label()).with_text("on", on);
    match origin {
        Some(origin) => facts.with_link(format!("{origin}/kelola/survei/{}", period.id)),
        None => facts,
    }
}

/// Who keeps the periods of a unit: by a role in it or in a unit above it.
fn people(
    db: &mut Write<'_>,
    (institution, unit): (InstitutionId, UnitId),
    now: OffsetDateTime,
) -> Result<BTreeSet<AccountId>, DatabaseError> {
    let (mut people, mut at) = (BTreeSet::new(), Some(unit));
    while let Some(unit) = at {
        people.extend(access::holders(db, institution, (Role::UnitAdmin, Some(unit)), now)?);
        at = organisation::unit(db, institution, unit)?.and_then(|unit| unit.facts.parent);
    }
    Ok(people)
}
