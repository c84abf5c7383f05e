//! `/kelola/survei/webhook`: other programs that are told of events.

use super::keys::{own_units, shown_once};
use super::{WebhookPath, WebhooksPath, desk, show_faults, staff_page};
use crate::actions::{self, NewWebhook, Refused};
use crate::fault::Fault;
use crate::permissions::KEEP_WEBHOOKS;
use crate::webhook::{Event, Webhook, WebhookState, chosen};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::Unit;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::outward;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/webhooks.html")]
struct WebhooksPage {
    page: Page,
    w: Words,
    form: Form,
    units: Vec<(String, String)>,
    events: Vec<(String, String)>,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    url: String,
    unit: String,
    state: (String, &'static str),
    events: String,
}

#[derive(Template)]
#[template(path = "pages/webhook_made.html")]
pub(super) struct SecretPage {
    pub(super) page: Page,
    pub(super) w: Words,
    pub(super) text: String,
    pub(super) secret: String,
    pub(super) on: String,
}

/// The name of the choice "all units" in the form.
const ALL: &str = "semua";

/// The words of a receiver's state, and how it is shown.
pub(super) fn state_words(w: Words, state: WebhookState) -> (String, &'static str) {
    (w.text(&format!("webhook-state.{}", state.name())), if state == WebhookState::Active { "active" } else { "" })
}

/// The words of an event.
pub(super) fn event_words(w: Words, event: Event) -> String {
    w.text(&format!("event.{}", event.name()))
}

/// Of which unit the events are.
pub(super) fn unit_words(w: Words, webhook: &Webhook, units: &[Unit]) -> String {
    match webhook.unit {
        None => w.text("webhooks.all-units"),
        Some(id) => units.iter().find(|unit| unit.id == id).map(|unit| unit.facts.name.clone()).unwrap_or_default(),
    }
}

async fn page(app: &App, visit: &Visit, form: Form) -> Result<WebhooksPage, Problem> {
    let institution = visit.institution()?;
    let (webhooks, all) = app
        .database()
        .read(move |db| {
            let webhooks = store::webhooks::webhooks(db, institution)?;
            Ok::<_, DatabaseError>((webhooks, organisation::units(db, institution)?))
        })
        .await?;
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let mut units = own_units(visit, &all, &KEEP_WEBHOOKS)?;
    if person.may(&KEEP_WEBHOOKS, None) {
        units.insert(0, (ALL.to_owned(), w.text("webhooks.all-units")));
    }
    let row = |webhook: &Webhook| Row {
        href: WebhookPath { id: webhook.id.to_string() }.to_string(),
        url: webhook.url.clone(),
        unit: unit_words(w, webhook, &all),
        state: state_words(w, webhook.state),
        events: webhook.events.iter().map(|event| event_words(w, *event)).collect::<Vec<_>>().join(", "),
    };
    let seen = webhooks.iter().filter(|webhook| person.may(&KEEP_WEBHOOKS, webhook.unit));
    Ok(WebhooksPage {
        page: staff_page(visit, w.text("webhooks.title")).with_errors(!form.is_fine()),
        events: Event::CHOICES.iter().map(|event| (event.name().to_owned(), event_words(w, *event))).collect(),
        rows: seen.map(row).collect(),
        units,
        form,
        w,
    })
}

/// The receivers there are, and the form of a new one.
pub(crate) async fn show_webhooks(_: WebhooksPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    show(&page(&app, &visit, Form::new()).await?)
}

/// Subscribes a receiver and shows its key: this once.
pub(crate) async fn post_webhook(
    _: WebhooksPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (desk, person, secrets) = (desk(&app, &visit)?, visit.signed_in()?.clone(), app.secrets().clone());
    let url = form.value("url").to_owned();
    let fits = outward::is_address(&app, &url);
    let (slug, events) = (form.value("unit").to_owned(), chosen(form.values("events")));
    let made = app.database().write(move |db| {
        let mut faults = Vec::new();
        let unit = organisation::unit_by_slug(db, desk.institution, &slug)?.map(|unit| unit.id);
        let known = (slug == ALL) == unit.is_none();
        if !known || !person.may(&KEEP_WEBHOOKS, unit) {
            faults.push(Fault::new("unit", "fault.unit"));
        }
        if !fits {
            faults.push(Fault::new("url", "fault.url"));
        }
        match &events {
            Ok(events) if faults.is_empty() => {
                actions::subscribe(db, &desk, &secrets, &NewWebhook { unit, url: url.clone(), events: events.clone() })
            }
            Ok(_) => Err(Refused::Faults(faults)),
            Err(fault) => {
                faults.push(fault.clone());
                Err(Refused::Faults(faults))
            }
        }
    });
    let w = visit.words(&WORDS);
    match made.await {
        Ok((id, signing)) => shown_once(&SecretPage {
            page: staff_page(&visit, w.text("webhook.secret")).crumb(w.text("webhooks.title"), WebhooksPath),
            text: w.text("webhook.once"),
            secret: signing.shown(),
            on: WebhookPath { id: id.to_string() }.to_string(),
            w,
        }),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, w);
            show_again(&page(&app, &visit, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}
