//! `/kelola/survei/webhook/{id}`: one receiver: what it was sent last, a try, a new key, the end.

use super::keys::shown_once;
use super::webhooks::{SecretPage, event_words, state_words, unit_words};
use super::{WebhookPath, WebhookStepPath, WebhooksPath, desk, done, staff_page};
use crate::actions;
use crate::permissions::KEEP_WEBHOOKS;
use crate::webhook::{Delivery, DeliveryState, Webhook, WebhookId, WebhookState};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::Unit;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/webhook.html")]
struct WebhookPage {
    page: Page,
    w: Words,
    state: (String, &'static str),
    about: Vec<(String, String)>,
    active: bool,
    version: i64,
    step: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    event: String,
    state: (String, &'static str),
    made: String,
    attempts: String,
    answer: String,
    dead: bool,
}

/// Loads a receiver for whoever may keep it; another's is one that is not there.
async fn load(app: &App, visit: &Visit, id: &str) -> Result<(Webhook, Vec<Delivery>, Vec<Unit>), Problem> {
    let (institution, id) = (visit.institution()?, id.parse::<WebhookId>().map_err(|_| Problem::not_found())?);
    let found = app
        .database()
        .read(move |db| {
            let Some(webhook) = store::webhooks::webhook(db, institution, id)? else { return Ok(None) };
            let deliveries = store::webhooks::deliveries(db, institution, id)?;
            Ok::<_, DatabaseError>(Some((webhook, deliveries, organisation::units(db, institution)?)))
        })
        .await?;
    let found = found.ok_or_else(Problem::not_found)?;
    if visit.signed_in()?.may(&KEEP_WEBHOOKS, found.0.unit) { Ok(found) } else { Err(Problem::not_found()) }
}

/// Shows a receiver with its last messages.
pub(crate) async fn show_webhook(path: WebhookPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (webhook, deliveries, units) = load(&app, &visit, &path.id).await?;
    let w = visit.words(&WORDS);
    let events: Vec<String> = webhook.events.iter().map(|event| event_words(w, *event)).collect();
    show(&WebhookPage {
        page: staff_page(&visit, w.text("webhook.title")).crumb(w.text("webhooks.title"), WebhooksPath),
        state: state_words(w, webhook.state),
        about: vec![
            (w.text("webhooks.url"), webhook.url.clone()),
            (w.text("field.unit"), unit_words(w, &webhook, &units)),
            (w.text("webhooks.events"), events.join(", ")),
            (w.text("keys.made"), day(webhook.made_on, w.language)),
        ],
        active: webhook.state == WebhookState::Active,
        version: webhook.version,
        step: WebhookStepPath { id: path.id }.to_string(),
        rows: deliveries.iter().map(|delivery| row(delivery, &visit, w)).collect(),
        w,
    })
}

fn row(delivery: &Delivery, visit: &Visit, w: Words) -> Row {
    let kind = match delivery.state {
        DeliveryState::Waiting => "active",
        DeliveryState::Delivered => "done",
        DeliveryState::Dead => "problem",
    };
    let zone = visit.site().zone;
    Row {
        id: delivery.id.to_string(),
        event: event_words(w, delivery.event),
        state: (w.text(&format!("delivery-state.{}", delivery.state.name())), kind),
        made: zone.moment(delivery.made_at, w.language),
        attempts: w.count(u64::try_from(delivery.attempts).unwrap_or(0)),
        answer: answer_words(&delivery.answer, w),
        dead: delivery.state == DeliveryState::Dead,
    }
}

/// What was answered last: a status, or why there was none.
fn answer_words(answer: &str, w: Words) -> String {
    match answer {
        "" => "–".to_owned(),
        status if status.bytes().all(|sign| sign.is_ascii_digit()) => format!("HTTP {status}"),
        reason => w.text(&format!("not-sent.{reason}")),
    }
}

/// A try, a new key, the end, or a message once more.
pub(crate) async fn post_step(
    path: WebhookStepPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let (webhook, _, _) = load(&app, &visit, &path.id).await?;
    let (desk, id) = (desk(&app, &visit)?, webhook.id);
    let at = (id, form.value("version").parse().unwrap_or(0));
    let here = WebhookPath { id: path.id };
    let (said, taken) = match form.value("step") {
        "try" => ("dicoba", app.database().write(move |db| actions::try_webhook(db, &desk, id)).await),
        "stop" => ("dihentikan", app.database().write(move |db| actions::stop_webhook(db, &desk, at)).await),
        "again" => {
            let delivery = form.value("delivery").parse().map_err(|_| Problem::not_found())?;
            ("dikirim-lagi", app.database().write(move |db| actions::send_again(db, &desk, (id, delivery))).await)
        }
        "rotate" => {
            let secrets = app.secrets().clone();
            let signing = app.database().write(move |db| actions::rotate_webhook(db, &desk, &secrets, at)).await?;
            let w = visit.words(&WORDS);
            return shown_once(&SecretPage {
                page: staff_page(&visit, w.text("webhook.secret")).crumb(w.text("webhooks.title"), WebhooksPath),
                text: w.text("webhook.rotated"),
                secret: signing.shown(),
                on: here.to_string(),
                w,
            });
        }
        _ => return Err(Problem::unreadable()),
    };
    taken?;
    app.jobs().wake();
    Ok(done(&here, said))
}
