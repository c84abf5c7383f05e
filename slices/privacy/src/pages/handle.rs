//! `/kelola/data-pribadi/permintaan/{id}`: one request, masked, with the steps that can be taken; opening it whole asks a reason.

use super::ask::{optional, required};
use super::follow::{moments, outcome_words, state_words};
use super::requests::RequestsPath;
use super::{clock, desk, done, moment, never_kept, staff_page};
use crate::actions::{self, Desk, Refused};
use crate::holdings::Opened;
use crate::request::{Decision, Refusal, Request, RequestId, RequestKind, RequestState, VerifiedBy};
use crate::store::requests as store;
use crate::{WORDS, rules};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::page::{Page, show as render, show_again};
use platform::parts::Moment;
use platform::personal::{Correction, Holding, PersonText, Reason, Revealed};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/permintaan/{id}")]
pub(crate) struct RequestPath {
    pub(super) id: String,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/permintaan/{id}/langkah")]
pub(crate) struct StepPath {
    id: String,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/data-pribadi/permintaan/{id}/buka")]
pub(crate) struct LookPath {
    id: String,
}

#[derive(Template)]
#[template(path = "pages/request.html")]
struct RequestPage {
    page: Page,
    w: Words,
    form: Form,
    rows: Vec<(String, String)>,
    about: String,
    answer: String,
    clock: super::Clock,
    moments: Vec<Moment>,
    outcomes: Vec<(String, String)>,
    may: May,
    shown: bool,
    version: i64,
    step: String,
    look: String,
    reasons: Vec<(&'static str, String)>,
    verified: Vec<(&'static str, String)>,
    decisions: Vec<(&'static str, String)>,
    refusals: Vec<(&'static str, String)>,
}

/// The steps that can be taken from a state.
#[derive(Debug, Clone, Copy)]
struct May {
    ask_identity: bool,
    verify: bool,
    decide: bool,
    carry_out: bool,
    correct: bool,
    close: bool,
}

impl May {
    fn of(request: &Request) -> Self {
        let next = |state| request.state.may_become(state);
        Self {
            ask_identity: next(RequestState::IdentityAsked),
            verify: next(RequestState::Verified),
            decide: next(RequestState::Refused),
            carry_out: next(RequestState::CarriedOut),
            correct: request.kind == RequestKind::Correction,
            close: next(RequestState::Closed),
        }
    }
}

fn id_of(text: &str) -> Result<RequestId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn request_page(
    app: &App,
    visit: &Visit,
    id: RequestId,
    form: Form,
    receipt: Option<&Revealed>,
) -> Result<RequestPage, Problem> {
    let (institution, now) = (visit.institution()?, app.now());
    let found = app
        .database()
        .read(move |db| {
            let Some(request) = store::request(db, institution, id)? else { return Ok(None) };
            let steps = store::steps(db, institution, id)?;
            Ok::<_, DatabaseError>(Some((request, steps, store::outcomes(db, institution, id)?)))
        })
        .await?;
    let (request, steps, outcomes) = found.ok_or_else(Problem::not_found)?;
    let w = visit.words(&WORDS);
    let opened = Opened::of(app.secrets(), institution, &request);
    let named = |family: &str, name: &'static str| (name, w.text(&format!("{family}.{name}")));
    let text = |text: &Option<PersonText>| text.as_ref().map(PersonText::text).unwrap_or_default().to_owned();
    let page = staff_page(visit, request.receipt()).crumb(w.text("requests.title"), RequestsPath);
    Ok(RequestPage {
        page: page.with_errors(!form.is_fine()),
        w,
        rows: rows(visit, &request, &opened, receipt),
        // What somebody wrote tells who they are: it is read whole or not at all.
        about: if receipt.is_some() { text(&opened.about) } else { String::new() },
        answer: text(&opened.answer),
        clock: clock(w, request.left(now)),
        moments: moments(visit, &steps),
        outcomes: outcome_words(app, w, &outcomes),
        may: May::of(&request),
        shown: receipt.is_some(),
        version: request.version,
        step: StepPath { id: id.to_string() }.to_string(),
        look: LookPath { id: id.to_string() }.to_string(),
        reasons: Reason::ALL
            .into_iter()
            .map(|reason| (reason.name(), w.text(&format!("reason.{}", reason.name()))))
            .collect(),
        verified: VerifiedBy::ALL.into_iter().skip(1).map(|by| named("verified", by.name())).collect(),
        decisions: decisions(w, &request),
        refusals: Refusal::ALL.into_iter().map(|refusal| named("refusal", refusal.name())).collect(),
        form,
    })
}

fn decisions(w: Words, request: &Request) -> Vec<(&'static str, String)> {
    let states = [RequestState::Granted, RequestState::PartlyGranted, RequestState::Refused];
    let open = states.into_iter().filter(|state| request.state.may_become(*state));
    open.map(|state| (state.name(), w.text(&format!("decision.{}", state.name())))).collect()
}

/// The article of a right, and whether it was read in the text.
fn article(w: Words, kind: RequestKind) -> String {
    let right = rules::right(kind);
    let sure = if right.is_sure() { "request.sure" } else { "request.unsure" };
    format!("{} ({})", right.article, w.text(sure))
}

/// The facts of a request; what the person told is masked, or whole with a receipt.
fn rows(visit: &Visit, request: &Request, opened: &Opened, receipt: Option<&Revealed>) -> Vec<(String, String)> {
    let w = visit.words(&WORDS);
    let mut rows = vec![
        (w.text("field.kind"), w.text(&format!("kind.{}", request.kind.name()))),
        (w.text("field.state"), state_words(w, request.state)),
        (w.text("field.received"), moment(visit, request.received_at)),
        (w.text("field.due"), moment(visit, request.due_at)),
        (w.text("field.article"), article(w, request.kind)),
    ];
    let mut told = |field: &str, masked: Option<String>, whole: Option<&str>| {
        let value = whole.map(str::to_owned).or(masked);
        rows.extend(value.map(|value| (w.text(&format!("field.{field}")), value)));
    };
    macro_rules! tell {
        ($field:literal, $value:expr) => {
            let value = $value.as_ref();
            let whole = receipt.and_then(|receipt| value.map(|value| value.reveal(receipt)));
            told($field, value.map(ToString::to_string), whole);
        };
    }
    tell!("name", opened.name);
    tell!("email", opened.email);
    tell!("phone", opened.phone);
    tell!("nik", opened.nik);
    if let Some(by) = request.verified_by {
        rows.push((w.text("field.verified"), w.text(&format!("verified.{}", by.name()))));
    }
    if let Some(refusal) = request.refusal {
        rows.push((w.text("field.refusal"), w.text(&format!("refusal.{}", refusal.name()))));
    }
    if request.restricted {
        rows.push((w.text("field.restricted"), w.text("request.restricted")));
    }
    rows
}

pub(crate) async fn show(path: RequestPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let id = id_of(&path.id)?;
    render(&request_page(&app, &visit, id, Form::new(), None).await?).map(never_kept)
}

/// Opens what the person told. The page is the answer itself, so that it stands in no history as an address.
pub(crate) async fn post_look(
    path: LookPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&path.id)?;
    let Some(reason) = form.read("reason", Reason::named, visit.words(&WORDS).text("fault.reason")) else {
        return show_again(&request_page(&app, &visit, id, form, None).await?).map(never_kept);
    };
    let desk = desk(&app, &visit)?;
    let (_, receipt) = app.database().write(move |db| actions::look(db, &desk, id, reason)).await?;
    render(&request_page(&app, &visit, id, Form::new(), Some(&receipt)).await?).map(never_kept)
}

/// A step as it was chosen, with all it needs.
enum Step {
    AskIdentity,
    Verify(VerifiedBy),
    Decide(Decision, PersonText),
    CarryOut(Correction),
    Close,
}

fn read_step(visit: &Visit, form: &mut Form) -> Option<Step> {
    let w = visit.words(&WORDS);
    match form.value("step") {
        "ask-identity" => Some(Step::AskIdentity),
        "verify" => form.read("verified_by", VerifiedBy::named, w.text("fault.verified")).map(Step::Verify),
        "decide" => {
            let chosen = form.value("decision").to_owned();
            let decision = match chosen.as_str() {
                "granted" => Some(Decision::Granted),
                "partly-granted" => Some(Decision::PartlyGranted),
                "refused" => form.read("refusal", Refusal::named, w.text("fault.refusal")).map(Decision::Refused),
                _ => {
                    form.fault("decision", w.text("fault.decision"));
                    None
                }
            };
            let answer = required::<PersonText>(visit, form, "answer", "fault.answer");
            Some(Step::Decide(decision?, answer?))
        }
        "carry-out" => {
            let correction = Correction {
                name: optional(visit, form, "name"),
                email: optional(visit, form, "email"),
                phone: optional(visit, form, "phone"),
            };
            form.is_fine().then_some(Step::CarryOut(correction))
        }
        "close" => Some(Step::Close),
        _ => None,
    }
}

pub(crate) async fn post_step(
    path: StepPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&path.id)?;
    let version = form.value("version").parse().unwrap_or(0);
    let Some(step) = read_step(&visit, &mut form) else {
        return show_again(&request_page(&app, &visit, id, form, None).await?).map(never_kept);
    };
    let (desk, holdings) = (desk(&app, &visit)?, app.wiring().holdings);
    app.database().write(move |db| take(db, &desk, (id, version), &step, holdings)).await?;
    app.jobs().wake();
    Ok(done(&RequestPath { id: path.id }, "langkah"))
}

fn take(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (RequestId, i64),
    step: &Step,
    holdings: &[&'static [Holding]],
) -> Result<(), Refused> {
    match step {
        Step::AskIdentity => actions::ask_identity(db, desk, id, version),
        Step::Verify(by) => actions::verify(db, desk, id, version, *by),
        Step::Decide(decision, answer) => actions::decide(db, desk, (id, version), *decision, answer),
        Step::CarryOut(correction) => actions::carry_out(db, desk, (id, version), holdings, correction),
        Step::Close => actions::close(db, desk, id, version),
    }
}
