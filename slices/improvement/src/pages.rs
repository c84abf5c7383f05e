//! The pages, and what they share: addresses, words of states and figures, what was just done.

pub(crate) mod finding;
pub(crate) mod list;
pub(crate) mod measure;
pub(crate) mod new;
pub(crate) mod plan;
pub(crate) mod public;
pub(crate) mod publish;

use crate::WORDS;
use crate::actions::Refused;
use crate::finding::{Finding, FindingId, Source, SourceKind};
use crate::measure::{Measure, Owner};
use crate::permissions::READ_FINDINGS;
use crate::state::{FindingState, MeasureState};
use crate::store;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use organisation::{Desk, Fault, Unit};
use platform::app::App;
use platform::audit::Actor;
use platform::database::{DatabaseError, Read};
use platform::form::Form;
use platform::identity::{AccountId, Action, InstitutionId};
use platform::page::Page;
use platform::problem::Problem;
use platform::visit::{Visit, query};
use platform::words::Words;
use rules::phrase::Phrase;
use serde::Deserialize;
use std::collections::HashMap;

/// "Anda bilang, kami lakukan", for everybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/anda-bilang")]
pub struct PublicPath;

/// The same of one unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/anda-bilang/{slug}")]
pub struct PublicUnitPath {
    /// The unit's part of the address.
    pub slug: String,
}

/// Findings as staff see them.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan")]
pub(crate) struct ListPath;

/// The same as a table.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan.csv")]
pub(crate) struct CsvPath;

/// The form of a new finding.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan/baru")]
pub(crate) struct NewPath;

/// One finding.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan/{id}")]
pub struct FindingPath {
    /// Which one.
    pub id: String,
}

/// A step of a finding.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan/{id}/langkah")]
pub(crate) struct FindingStepPath {
    pub(crate) id: String,
}

/// The form of a new measure.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan/{id}/tindakan")]
pub(crate) struct PlanPath {
    pub(crate) id: String,
}

/// What everybody is to read of a finding.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/perbaikan/{id}/tayang")]
pub(crate) struct PublishPath {
    pub(crate) id: String,
}

/// One measure.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/tindakan/{id}")]
pub(crate) struct MeasurePath {
    pub(crate) id: String,
}

/// A step of a measure.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/tindakan/{id}/langkah")]
pub(crate) struct MeasureStepPath {
    pub(crate) id: String,
}

/// A measure is done.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/tindakan/{id}/selesai")]
pub(crate) struct DonePath {
    pub(crate) id: String,
}

/// At work as whoever is signed in.
pub(crate) fn desk(app: &App, visit: &Visit) -> Result<Desk, Problem> {
    let actor = Actor::Person(visit.signed_in()?.account);
    Ok(Desk { institution: visit.institution()?, actor, now: app.now() })
}

/// What a page may say was just done: nothing of an address is ever shown.
const SAID: [&str; 11] = [
    "dicatat",
    "direncanakan",
    "dimulai",
    "selesai",
    "diverifikasi",
    "dikembalikan",
    "dibatalkan",
    "dihentikan",
    "dilanjutkan",
    "tayang",
    "diturunkan",
];

/// A staff page of this slice, with what was just done.
pub(crate) fn staff_page(visit: &Visit, title: impl Into<String>) -> Page {
    let (said, w) = (asked(visit, "selesai"), visit.words(&WORDS));
    let known = SAID.iter().find(|known| said == **known);
    let page = visit.page(title).done(known.map(|known| w.text(&format!("done.{known}"))));
    page.crumb(w.text("menu.keep"), ListPath)
}

/// To a page that says what was done.
pub(crate) fn go_on(to: &impl ToString, said: &str) -> Response {
    debug_assert!(SAID.contains(&said), "{said} is said on no page");
    Redirect::to(&format!("{}?selesai={said}", to.to_string())).into_response()
}

/// A value of the query; empty when it is not there.
pub(crate) fn asked(visit: &Visit, name: &str) -> String {
    let found = query(&visit.facts().uri).find(|(known, _)| known == name);
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// A finding with its unit.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) finding: Finding,
    pub(crate) unit: Unit,
}

/// Reads a finding with its unit.
pub(crate) fn whole(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: FindingId,
) -> Result<Option<Whole>, DatabaseError> {
    let Some(finding) = store::finding(db, institution, id)? else { return Ok(None) };
    let unit = organisation::unit(db, institution, finding.facts.unit)?;
    Ok(unit.map(|unit| Whole { finding, unit }))
}

/// Loads a finding for whoever may do `action` in its unit.
pub(crate) async fn load(app: &App, visit: &Visit, id: &str, action: &Action) -> Result<Whole, Problem> {
    let (institution, id) = (visit.institution()?, id.parse().map_err(|_| Problem::not_found())?);
    let found = app.database().read(move |db| whole(db, institution, id)).await?.ok_or_else(Problem::not_found)?;
    let person = visit.signed_in()?;
    let may = |action| person.may(action, Some(found.unit.id));
    if may(action) && may(&READ_FINDINGS) { Ok(found) } else { Err(Problem::forbidden()) }
}

/// The words of a finding's state, and how it is shown.
pub(crate) fn finding_state(w: Words, state: FindingState) -> (String, &'static str) {
    let kind = match state {
        FindingState::Open | FindingState::Dropped => "",
        FindingState::InHand => "active",
        FindingState::Settled | FindingState::Published => "done",
    };
    (w.text(&format!("finding-state.{}", state.name())), kind)
}

/// The words of a measure's state, and how it is shown.
pub(crate) fn measure_state(w: Words, state: MeasureState) -> (String, &'static str) {
    let kind = match state {
        MeasureState::Planned | MeasureState::Cancelled => "",
        MeasureState::UnderWay | MeasureState::Done => "active",
        MeasureState::Verified => "done",
    };
    (w.text(&format!("measure-state.{}", state.name())), kind)
}

/// Where a finding comes from: "Survei, 2026 TW III".
pub(crate) fn source_words(w: Words, source: &Source) -> String {
    let kind = w.text(&format!("source.{}", source.kind.name()));
    if source.words.is_empty() { kind } else { format!("{kind}, {}", source.words) }
}

/// The kinds of sources that are typed.
pub(crate) fn source_choices(w: Words) -> Vec<(&'static str, String)> {
    let typed = SourceKind::ALL.iter().filter(|kind| **kind != SourceKind::Survey);
    typed.map(|kind| (kind.name(), w.text(&format!("source.{}", kind.name())))).collect()
}

/// A figure as people read it: "2,87 dari 4".
pub(crate) fn figure_words(w: Words, value: &str, full: Option<&str>) -> String {
    let value = w.number(value);
    full.map_or_else(|| value.clone(), |full| w.fill("figure.of", [("value", &value), ("full", &w.number(full))]))
}

/// The figures of a finding, before and after, each with what it is of.
pub(crate) fn figures(w: Words, finding: &Finding) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let Some(before) = &finding.facts.before else { return rows };
    let full = before.full.as_deref();
    let of = |words: &str, figure: String| if words.is_empty() { figure } else { format!("{figure} ({words})") };
    let source = &finding.facts.source.words;
    rows.push((w.text("figure.before"), of(source, figure_words(w, &before.value, full))));
    if let Some(after) = &finding.after {
        rows.push((w.text("figure.after"), of(&after.words, figure_words(w, &after.value, full))));
    }
    rows
}

/// The names of accounts, for pages that show who did something.
pub(crate) fn names(
    db: &mut Read<'_>,
    institution: InstitutionId,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, String>, DatabaseError> {
    let mut names = HashMap::new();
    for account in accounts {
        if !names.contains_key(&account)
            && let Some(name) = access::name_of(db, institution, account)?
        {
            names.insert(account, name);
        }
    }
    Ok(names)
}

/// The accounts that own measures.
pub(crate) fn owning(measures: &[Measure]) -> Vec<AccountId> {
    let account = |measure: &Measure| match measure.plan.owner {
        Owner::Account(account) => Some(account),
        Owner::Role(_) => None,
    };
    measures.iter().filter_map(account).collect()
}

/// Who answers for a measure: a name, or a role.
pub(crate) fn owner_words(w: Words, owner: Owner, names: &HashMap<AccountId, String>) -> String {
    match owner {
        Owner::Account(account) => names.get(&account).cloned().unwrap_or_else(|| "–".to_owned()),
        Owner::Role(role) => role.label(App::words(w.language)),
    }
}

/// Puts faults beside their fields.
pub(crate) fn show_faults(form: &mut Form, faults: &[Fault], w: Words) {
    for fault in faults {
        form.fault(fault.field, w.say(&fault.phrase));
    }
}

/// What a refusal means for a form: its faults, or the problem that ends the request.
pub(crate) fn faults_of(refused: Refused) -> Result<Vec<Fault>, Problem> {
    match refused {
        Refused::Faults(faults) => Ok(faults),
        Refused::Stale => Ok(vec![Fault::new("", "refused.stale")]),
        other => Err(other.into()),
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let key = match refused {
            Refused::Database(error) => return error.into(),
            Refused::NotFound => return Self::not_found(),
            Refused::Stale | Refused::Faults(_) => "refused.stale",
            Refused::WrongState => "refused.wrong-state",
            Refused::SamePerson => "refused.same-person",
        };
        let title = Words::both(&WORDS, &Phrase::new("refused.title"));
        Self::worded(StatusCode::CONFLICT, "refused", title, Words::both(&WORDS, &Phrase::new(key)))
    }
}
