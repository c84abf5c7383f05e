//! `/kelola/survei/{id}/kode`: codes for visits, as cards to print. They are shown once.

use super::plan::services_of;
use super::{CodesPath, PeriodPath, SurveyPath, Whole, desk, load, not_kept, show_faults, staff_page};
use crate::actions::{self, NewBatch, Refused};
use crate::answer::Channel;
use crate::period::{PeriodState, whole};
use crate::permissions::ISSUE_CODES;
use crate::store::codes::Batch;
use crate::token::Code;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::parts::SafeHtml;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use qrcode::QrCode;
use qrcode::types::Color;
use std::fmt::Write as _;

#[derive(Template)]
#[template(path = "pages/codes.html")]
struct CodesPage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    services: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    batches: Vec<Row>,
}

struct Row {
    day: String,
    what: String,
    issued: String,
    used: String,
}

#[derive(Template)]
#[template(path = "pages/cards.html")]
struct CardsPage {
    page: Page,
    w: Words,
    about: String,
    place: String,
    host: String,
    cards: Vec<Card>,
}

struct Card {
    code: String,
    square: SafeHtml,
}

async fn page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<CodesPage, Problem> {
    let (institution, id) = (visit.institution()?, whole.period.id);
    let services = services_of(app, visit, whole).await?;
    let batches: Vec<Batch> = app.database().read(move |db| store::codes::batches(db, institution, id)).await?;
    let w = visit.words(&WORDS);
    let count = |number: i64| w.count(u64::try_from(number).unwrap_or(0));
    let row = |batch: &Batch| {
        let service = services.iter().find(|(known, _)| Some(*known) == batch.service).map(|(_, name)| name.as_str());
        let parts = [service.unwrap_or_default(), batch.place.as_str()];
        let what: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Row {
            day: day(batch.issued_on, w.language),
            what: format!("{} · {}", w.text(&format!("channel.{}", batch.channel.name())), what.join(" · ")),
            issued: count(batch.issued),
            used: count(batch.issued - batch.unused),
        }
    };
    let here = PeriodPath { id: whole.period.id.to_string() };
    let page = staff_page(visit, w.text("codes.title"));
    let channels = [Channel::Web, Channel::Kiosk];
    Ok(CodesPage {
        page: page.crumb(whole.unit.facts.name.clone(), here).with_errors(!form.is_fine()),
        version: whole.period.version,
        batches: batches.iter().map(row).collect(),
        services: services.iter().map(|(service, name)| (service.to_string(), name.clone())).collect(),
        channels: channels
            .map(|channel| (channel.name().to_owned(), w.text(&format!("channel.{}", channel.name()))))
            .to_vec(),
        form,
        w,
    })
}

/// The form, with what was made before.
pub(crate) async fn show_codes(path: CodesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &ISSUE_CODES).await?;
    if whole.period.state != PeriodState::Open {
        return Err(Refused::WrongState.into());
    }
    let form = Form::filled([("count", "24".to_owned()), ("channel", Channel::Web.name().to_owned())]);
    show(&page(&app, &visit, &whole, form).await?)
}

/// Makes codes and shows them as cards: this once.
pub(crate) async fn post_codes(
    path: CodesPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole_period = load(&app, &visit, &path.id, &ISSUE_CODES).await?;
    let (desk, version) = (desk(&app, &visit)?, form.value("version").parse().unwrap_or(0));
    let wanted = NewBatch {
        service: form.value("service").parse().ok(),
        place: form.value("place").to_owned(),
        channel: Channel::named(form.value("channel"))
            .filter(|channel| *channel == Channel::Kiosk)
            .unwrap_or(Channel::Web),
        count: whole(form.value("count")).unwrap_or(0),
    };
    let (id, asked) = (whole_period.period.id, wanted.clone());
    match app.database().write(move |db| actions::issue(db, &desk, (id, version), &asked)).await {
        Ok(codes) => cards(&app, &visit, &whole_period, &wanted, &codes).await,
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&page(&app, &visit, &whole_period, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}

async fn cards(
    app: &App,
    visit: &Visit,
    whole: &Whole,
    wanted: &NewBatch,
    codes: &[Code],
) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    let services = services_of(app, visit, whole).await?;
    let service = services.into_iter().find(|(known, _)| Some(*known) == wanted.service).map(|(_, name)| name);
    let origin = &visit.facts().origin;
    let card = |code: &Code| Card {
        code: code.printed(),
        square: square(&format!("{origin}{}", SurveyPath { code: code.printed() })),
    };
    let here = CodesPath { id: whole.period.id.to_string() };
    let unit = &whole.unit.facts.name;
    let answer = show(&CardsPage {
        page: staff_page(visit, w.text("cards.title")).crumb(w.text("codes.title"), here),
        about: service.map_or_else(|| unit.clone(), |service| format!("{unit} · {service}")),
        place: wanted.place.clone(),
        host: format!("{}/s", origin.trim_start_matches("https://").trim_start_matches("http://")),
        cards: codes.iter().map(card).collect(),
        w,
    })?;
    Ok(not_kept(answer))
}

/// The square code of a text, with the quiet edge that readers need. It is dark on white in every scheme of colours.
fn square(text: &str) -> SafeHtml {
    const EDGE: usize = 4;
    let Ok(code) = QrCode::new(text) else { return askama::filters::Safe(String::new()) };
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (at, color) in colors.into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + EDGE, at / width + EDGE);
        }
    }
    let side = width + 2 * EDGE;
    askama::filters::Safe(format!(
        "<svg width=\"200\" height=\"200\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\" \
         focusable=\"false\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}
