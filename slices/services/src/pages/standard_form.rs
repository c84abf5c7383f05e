//! `/kelola/layanan/{slug}/standar/isi`: the fourteen components of a draft.

use super::{EditPath, KeepPath, StandardFormPath, StandardPath, desk, done, faults_of, go_on, load_for, show_faults};
use crate::WORDS;
use crate::actions::{Refused, standards as actions};
use crate::permissions::EDIT_SERVICES;
use crate::promise::{Duration, Fee, LONGEST_FEE, TimeUnit, rupiah};
use crate::service::Service;
use crate::standard::{Content, FEE, REQUIREMENTS, Standard, StandardState, TIME, rule};
use crate::store::standards as kept;
use crate::typed::{lines, paragraphs};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use organisation::Checks;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::BTreeMap;

/// The most letters of a component.
const LONGEST: usize = 4_000;

#[derive(Template)]
#[template(path = "pages/standard_form.html")]
struct FormPage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    lacking: String,
    components: Vec<Part>,
    time_units: Vec<(&'static str, String)>,
    fees: Vec<(&'static str, String)>,
}

/// A component as the form asks for it.
struct Part {
    /// The name of its field.
    field: &'static str,
    label: String,
    hint: String,
    is_time: bool,
    is_fee: bool,
}

/// The form of the draft.
pub(crate) async fn show_form(
    path: StandardFormPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let Some(draft) = draft(&app, &visit, &service).await? else {
        return Ok(Redirect::to(&StandardPath { slug: service.slug }.to_string()).into_response());
    };
    let form = filled(&draft.content);
    show(&page(&visit, &service, &draft, form))
}

/// Saves the draft.
pub(crate) async fn post_form(
    path: StandardFormPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let Some(draft) = draft(&app, &visit, &service).await? else {
        return Ok(Redirect::to(&StandardPath { slug: service.slug }.to_string()).into_response());
    };
    let (desk, id, version) = (desk(&app, &visit)?, draft.id, form.value("version").parse().unwrap_or(0));
    let outcome = match read(&form) {
        Ok(content) => {
            app.database().write(move |db| actions::write_standard(db, &desk, id, version, &content).map(drop)).await
        }
        Err(refused) => Err(refused),
    };
    match outcome {
        Ok(()) => Ok(go_on(&StandardPath { slug: service.slug }, "ditulis").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&visit, &service, &draft, form))
        }
    }
}

async fn draft(app: &App, visit: &Visit, service: &Service) -> Result<Option<Standard>, Problem> {
    let (institution, id) = (visit.institution()?, service.id);
    let standards = app.database().read(move |db| kept::standards(db, institution, id)).await?;
    Ok(standards.into_iter().find(|standard| standard.state == StandardState::Draft))
}

fn page(visit: &Visit, service: &Service, draft: &Standard, form: Form) -> FormPage {
    let w = visit.words(&WORDS);
    let part = |component: &'static rules::service_standard::StandardComponent| Part {
        field: &component.key,
        label: format!("{}. {}", component.number, component.name.in_language(w.language)),
        hint: match component.key.as_str() {
            REQUIREMENTS => {
                format!("{} {}", component.meaning.in_language(w.language), w.text("edit.requirements-hint"))
            }
            _ => component.meaning.in_language(w.language).to_owned(),
        },
        is_time: component.key == TIME,
        is_fee: component.key == FEE,
    };
    let slug = service.slug.clone();
    let page = visit.page(w.text("standard.write")).crumb(w.text("keep.title"), KeepPath);
    let page = page.crumb(service.facts.name.clone(), EditPath { slug: slug.clone() });
    let page = page.crumb(w.text("standard.title"), StandardPath { slug }).done(done(visit));
    let lacking = match draft.content.missing().len() {
        0 => String::new(),
        count => w.fill("standard.lacking", [("count", &w.count(count as u64))]),
    };
    FormPage {
        page: page.with_errors(!form.is_fine()),
        form,
        version: draft.version,
        lacking,
        components: rule().components.iter().map(part).collect(),
        time_units: TimeUnit::ALL.map(|unit| (unit.name(), w.text(&format!("time-unit.{}", unit.name())))).to_vec(),
        fees: ["free", "fixed", "varies"].map(|kind| (kind, w.text(&format!("fee-kind.{kind}")))).to_vec(),
        w,
    }
}

fn filled(content: &Content) -> Form {
    let texts = content.components.iter().map(|(key, text)| (key.as_str(), text.clone()));
    let (fee, fee_text) = match &content.fee {
        None => ("", String::new()),
        Some(fee @ Fee::Free) => (fee.kind(), String::new()),
        Some(fee @ Fee::Fixed { rupiah }) => (fee.kind(), rupiah.to_string()),
        Some(fee @ Fee::Varies { note }) => (fee.kind(), note.clone()),
    };
    let promise = [
        ("amount", content.duration.map(|duration| duration.amount.to_string()).unwrap_or_default()),
        ("time_unit", content.duration.map(|duration| duration.unit.name().to_owned()).unwrap_or_default()),
        ("fee", fee.to_owned()),
        ("fee_text", fee_text),
    ];
    Form::filled(texts.chain(promise))
}

/// What was typed, or what is wrong with it. A draft may lack what it likes.
fn read(form: &Form) -> Result<Content, Refused> {
    let mut checks = Checks::default();
    let mut components = BTreeMap::new();
    for component in &rule().components {
        let key: &'static str = &component.key;
        let text = match key {
            REQUIREMENTS => lines(&mut checks, key, form.value(key)).join("\n"),
            _ => paragraphs(&mut checks, key, form.value(key), LONGEST),
        };
        if !text.is_empty() {
            components.insert(key.to_owned(), text);
        }
    }
    let amount = form.value("amount").to_owned();
    let unit = form.value("time_unit");
    let duration = checks.choice("amount", &amount, |amount| Duration::of(amount, unit), "fault.duration");
    let fee = match form.value("fee") {
        "free" => Some(Fee::Free),
        "fixed" => {
            checks.require(!form.value("fee_text").is_empty(), "fee_text", "fault.rupiah");
            let amount = checks.choice("fee_text", form.value("fee_text"), rupiah, "fault.rupiah");
            amount.map(|rupiah| Fee::Fixed { rupiah })
        }
        "varies" => {
            let note = checks.required("fee_text", form.value("fee_text"), LONGEST_FEE, "fault.fee-note");
            Some(Fee::Varies { note })
        }
        _ => None,
    };
    checks.finish(Content { components, duration, fee }).map_err(Refused::Faults)
}
