//! The pages, and what they share: addresses, words of states, what was just done.

pub(crate) mod cards;
pub(crate) mod city;
pub(crate) mod closing;
pub(crate) mod elements;
pub(crate) mod enter;
pub(crate) mod files;
pub(crate) mod follow;
pub(crate) mod import;
pub(crate) mod import_decision;
pub(crate) mod judge;
pub(crate) mod keep;
pub(crate) mod keys;
pub(crate) mod offline;
pub(crate) mod open;
pub(crate) mod openrosa;
pub(crate) mod outcome;
pub(crate) mod paper;
pub(crate) mod period;
pub(crate) mod plan;
pub(crate) mod public;
pub(crate) mod question;
pub(crate) mod receipt;
pub(crate) mod screen;
pub(crate) mod webhook;
pub(crate) mod webhooks;
pub(crate) mod xlsform;

use crate::WORDS;
use crate::actions::{Desk, Refused};
use crate::fault::Fault;
use crate::period::{Period, PeriodId, PeriodState};
use crate::permissions::{ENTER_SHEETS, ISSUE_CODES, READ_PERIODS};
use crate::store;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use organisation::{Institution, Unit};
use platform::app::App;
use platform::audit::Actor;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::{Action, Person, UnitId};
use platform::page::Page;
use platform::problem::Problem;
use platform::visit::{Visit, query};
use platform::words::Words;
use rules::instrument::{Instrument, shared};
use rules::phrase::Phrase;
use serde::Deserialize;
use std::collections::HashMap;

/// The periods as staff see them.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/survei")]
pub(crate) struct KeepPath;

/// The form of a new period.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/baru")]
pub(crate) struct NewPath;

/// Keys of programs.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/kunci")]
pub(crate) struct KeysPath;

/// A key is revoked.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/kunci/cabut")]
pub(crate) struct RevokePath;

/// Programs that are told of events.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/webhook")]
pub(crate) struct WebhooksPath;

/// One of them.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/webhook/{id}")]
pub(crate) struct WebhookPath {
    pub(crate) id: String,
}

/// A step of one of them.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/webhook/{id}/langkah")]
pub(crate) struct WebhookStepPath {
    pub(crate) id: String,
}

/// One period.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}")]
pub(crate) struct PeriodPath {
    pub(crate) id: String,
}

/// A step of a period.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/langkah")]
pub(crate) struct StepPath {
    pub(crate) id: String,
}

/// A period is closed.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/tutup")]
pub(crate) struct ClosePath {
    pub(crate) id: String,
}

/// The plan of a period that was not opened yet, its quotas and its own questions.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/rencana")]
pub(crate) struct PlanPath {
    pub(crate) id: String,
}

/// The questionnaire as a workbook.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/xlsform.xlsx")]
pub(crate) struct XlsFormPath {
    pub(crate) id: String,
}

/// The unit's own questions out of a workbook.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/rencana/xlsform")]
pub(crate) struct PlanFormPath {
    pub(crate) id: String,
}

/// Questionnaires for tablets.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/s/openrosa/formList")]
pub(crate) struct FormListPath;

/// One of them.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/s/openrosa/forms/{form}")]
pub(crate) struct FormPath {
    pub(crate) form: String,
}

/// Where tablets send answers.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/s/openrosa/submission")]
pub(crate) struct SubmissionPath;

/// Codes for visits.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/kode")]
pub(crate) struct CodesPath {
    pub(crate) id: String,
}

/// The result of a closed period.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/hasil")]
pub(crate) struct OutcomePath {
    pub(crate) id: String,
}

/// The result as a file.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/hasil/{file}")]
pub(crate) struct OutcomeFilePath {
    pub(crate) id: String,
    pub(crate) file: String,
}

/// An element of a result becomes a finding.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/tindak-lanjut")]
pub(crate) struct FollowPath {
    pub(crate) id: String,
}

/// A table of answers is sent and looked through.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/impor")]
pub(crate) struct ImportPath {
    pub(crate) id: String,
}

/// A table of answers is taken over.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/impor/simpan")]
pub(crate) struct StorePath {
    pub(crate) id: String,
}

/// The rows of a table that cannot be kept, as a file.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/impor/baris-keliru.csv")]
pub(crate) struct WrongRowsPath {
    pub(crate) id: String,
}

/// Somebody decides about a table that waits.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/impor/putusan")]
pub(crate) struct DecisionPath {
    pub(crate) id: String,
}

/// Answers on paper.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/kertas")]
pub(crate) struct PaperPath {
    pub(crate) id: String,
}

/// Answers that look made up.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/survei/{id}/periksa")]
pub(crate) struct JudgePath {
    pub(crate) id: String,
}

/// Where a code is typed.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/s")]
pub(crate) struct EnterPath;

/// The survey of a code.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/s/{code}")]
pub(crate) struct SurveyPath {
    pub(crate) code: String,
}

/// The survey of a code, one question at a time.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/s/{code}/layar")]
pub(crate) struct ScreenPath {
    pub(crate) code: String,
}

/// The receipt of an answer.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/s/terima-kasih")]
pub(crate) struct ReceiptPath;

/// The script that keeps answers until the line is back.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/s/luring.js")]
pub(crate) struct OfflinePath;

/// Published results of the city's own surveys.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/survei")]
pub(crate) struct PublicPath;

/// The index of the whole city for one period.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/survei/kota/{round}")]
pub(crate) struct CityPath {
    pub(crate) round: String,
}

/// The same as a file.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/survei/kota/{round}/hasil.json")]
pub(crate) struct CityFilePath {
    pub(crate) round: String,
}

/// A published result with its parts.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/survei/{id}")]
pub(crate) struct PublicPeriodPath {
    pub(crate) id: String,
}

/// A published result as a file.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/survei/{id}/{file}")]
pub(crate) struct PublicFilePath {
    pub(crate) id: String,
    pub(crate) file: String,
}

/// At work as whoever is signed in.
pub(crate) fn desk(app: &App, visit: &Visit) -> Result<Desk, Problem> {
    let person = visit.signed_in()?;
    Ok(Desk::new(app, person.institution, visit.site().zone, Actor::Person(person.account)))
}

/// What a page may say was just done: nothing of an address is ever shown.
const DONE: [&str; 13] = [
    "direncanakan",
    "diubah",
    "dibuka",
    "ditutup",
    "terbit",
    "dikirim",
    "dikonfirmasi",
    "ditolak",
    "diputuskan",
    "kunci-dicabut",
    "dicoba",
    "dihentikan",
    "dikirim-lagi",
];

/// A staff page of this slice, with what was just done.
pub(crate) fn staff_page(visit: &Visit, title: impl Into<String>) -> Page {
    let done = asked(visit, "selesai");
    let w = visit.words(&WORDS);
    let known = DONE.iter().find(|known| done == **known);
    let page = visit.page(title).done(known.map(|known| w.text(&format!("done.{known}"))));
    page.crumb(w.text("menu.keep"), KeepPath)
}

/// To a page that says what was done.
pub(crate) fn done(to: &impl ToString, what: &str) -> Response {
    debug_assert!(DONE.contains(&what), "{what} is said on no page");
    Redirect::to(&format!("{}?selesai={what}", to.to_string())).into_response()
}

/// A value of the query; empty when it is not there.
pub(crate) fn asked(visit: &Visit, name: &str) -> String {
    let found = query(&visit.facts().uri).find(|(known, _)| known == name);
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// What a page of a list shows: how many are passed over, and how many are shown at most.
pub(crate) fn span(number: u64, on_a_page: u64) -> (i64, i64) {
    let after = number.saturating_sub(1).saturating_mul(on_a_page);
    (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(on_a_page).unwrap_or(i64::MAX))
}

/// The period of an address.
pub(crate) fn id_of(text: &str) -> Result<PeriodId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// A period with its unit and its city.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) period: Period,
    pub(crate) unit: Unit,
    pub(crate) institution: Institution,
    /// Whether whoever asks serves at a unit below, and may do here what is done at counters.
    pub(crate) at_counter: bool,
}

impl Whole {
    /// Whether somebody may do `action` in this period.
    pub(crate) fn lets(&self, person: &Person, action: &Action) -> bool {
        person.may(action, Some(self.unit.id))
            || self.at_counter && is_at_counters(action) && person.may_somewhere(action)
    }
}

/// What is done where people are served: a unit asks them at all its service points, which are units below it.
fn is_at_counters(action: &Action) -> bool {
    [&READ_PERIODS, &ISSUE_CODES, &ENTER_SHEETS].iter().any(|own| own.name == action.name)
}

/// Units with all those above them: the units whose surveys are held where these serve.
pub(crate) fn with_those_above(units: &[Unit], own: &[UnitId]) -> Vec<UnitId> {
    let parents: HashMap<UnitId, Option<UnitId>> = units.iter().map(|unit| (unit.id, unit.facts.parent)).collect();
    let mut all = own.to_vec();
    let mut at = 0;
    while let Some(unit) = all.get(at).copied() {
        let above = parents.get(&unit).copied().flatten();
        all.extend(above.filter(|above| !all.contains(above)));
        at += 1;
    }
    all
}

/// Loads a period for whoever may do `action` in its unit; another's period is one that is not there.
pub(crate) async fn load(app: &App, visit: &Visit, id: &str, action: &Action) -> Result<Whole, Problem> {
    let mut whole = find(app, visit, id).await?;
    let person = visit.signed_in()?;
    if person.may(action, Some(whole.unit.id)) {
        return Ok(whole);
    }
    if let Some(own) = person.units_for(action).filter(|own| !own.is_empty() && is_at_counters(action)) {
        let institution = visit.institution()?;
        let units = app.database().read(move |db| organisation::units(db, institution)).await?;
        whole.at_counter = with_those_above(&units, &own).contains(&whole.unit.id);
    }
    if whole.at_counter { Ok(whole) } else { Err(Problem::forbidden()) }
}

/// Loads a period for whoever may see it.
pub(crate) async fn load_seen(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    load(app, visit, id, &READ_PERIODS).await
}

/// Loads a period that everybody may see.
pub(crate) async fn load_published(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let whole = find(app, visit, id).await?;
    if whole.period.state == PeriodState::Published { Ok(whole) } else { Err(Problem::not_found()) }
}

async fn find(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let (institution, id) = (visit.institution()?, id_of(id)?);
    let found = app
        .database()
        .read(move |db| {
            let Some(period) = store::periods::period(db, institution, id)? else { return Ok(None) };
            let unit = organisation::unit(db, institution, period.unit)?;
            let institution = organisation::institution(db, institution)?;
            Ok::<_, DatabaseError>(unit.zip(institution).map(|(unit, institution)| (period, unit, institution)))
        })
        .await?;
    let (period, unit, institution) = found.ok_or_else(Problem::not_found)?;
    Ok(Whole { period, unit, institution, at_counter: false })
}

/// The words of a state, and how it is shown.
pub(crate) fn state_words(w: Words, state: PeriodState) -> (String, &'static str) {
    let kind = match state {
        PeriodState::Planned => "",
        PeriodState::Open => "active",
        PeriodState::Closed | PeriodState::Published => "done",
    };
    (w.text(&format!("state.{}", state.name())), kind)
}

/// Puts faults beside their fields.
pub(crate) fn show_faults(form: &mut Form, faults: &[Fault], w: Words) {
    for fault in faults {
        form.fault(&fault.field, w.say(&fault.phrase));
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let key = match refused {
            Refused::Database(error) => return error.into(),
            Refused::NotFound => return Self::not_found(),
            Refused::Problem(problem) => return Self::internal(problem.message(rules::phrase::Language::English)),
            Refused::Stale | Refused::Faults(_) => "refused.stale",
            Refused::WrongState => "refused.wrong-state",
            Refused::Used => "refused.used",
            Refused::TooFew => "refused.too-few",
            Refused::AlreadyDecided => "refused.already-decided",
            Refused::SamePerson => "refused.same-person",
            Refused::TableWaits => "refused.table-waits",
            Refused::OutOfDays => "refused.out-of-days",
            Refused::AlreadyOpen => "refused.already-open",
            Refused::NoKey => return Self::no_key(),
            Refused::NotAsking => "refused.not-asking",
            Refused::OtherAsking => "refused.other-asking",
        };
        let title = Words::both(&WORDS, &Phrase::new("refused.title"));
        Self::worded(StatusCode::CONFLICT, "refused", title, Words::both(&WORDS, &Phrase::new(key)))
    }
}

/// An answer that no browser keeps: whoever comes to the same tablet or computer next must not find it there.
pub(crate) fn not_kept(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The instrument of a period as the program has it.
pub(crate) fn known_instrument(id: &str) -> Result<&'static Instrument, Problem> {
    shared(id).ok_or_else(|| Problem::internal("the instrument of a period is unknown"))
}
