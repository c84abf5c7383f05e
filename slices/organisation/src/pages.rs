//! The pages, and what they share: addresses, forms that show faults, words of kinds and fields.

pub(crate) mod city;
pub(crate) mod edit;
pub(crate) mod end;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod import_units;
pub(crate) mod institutions;
pub(crate) mod keep;
pub(crate) mod unit;
pub(crate) mod unit_files;
pub(crate) mod units;

use crate::WORDS;
use crate::actions::{Desk, Refused};
use crate::fault::Fault;
use crate::store;
use crate::unit::{ServiceClass, TypedUnit, Unit, UnitKind, UnitState};
use axum::response::Redirect;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::audit::Actor;
use platform::form::Form;
use platform::problem::Problem;
use platform::visit::{Visit, query};
use platform::words::Words;
use rules::phrase::Phrase;
use serde::Deserialize;

/// The public list of units.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unit")]
pub struct UnitsPath;

/// The public page of a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/unit/{slug}")]
pub struct UnitPath {
    /// Its part of the address.
    pub slug: String,
}

/// The units as a table, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unit.csv")]
pub(crate) struct UnitsFilePath;

/// The units as staff see them.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/unit")]
pub(crate) struct KeepPath;

/// The form of a new unit.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/baru")]
pub(crate) struct NewUnitPath;

/// The form of a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/{slug}")]
pub(crate) struct EditPath {
    pub(crate) slug: String,
}

/// The form that ends a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/{slug}/akhiri")]
pub(crate) struct EndPath {
    pub(crate) slug: String,
}

/// The button that takes an end back.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/{slug}/lanjutkan")]
pub(crate) struct ResumePath {
    pub(crate) slug: String,
}

/// Documents and photographs of a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/{slug}/berkas")]
pub(crate) struct UnitFilesPath {
    pub(crate) slug: String,
}

/// The question whether a file is to be removed.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/{slug}/berkas/hapus")]
pub(crate) struct RemoveFilePath {
    pub(crate) slug: String,
}

/// What was changed of a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/unit/{slug}/riwayat")]
pub(crate) struct HistoryPath {
    pub(crate) slug: String,
}

/// Where a table of units is sent.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/unit")]
pub(crate) struct ImportPath;

/// What a table of units would do.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/unit/periksa")]
pub(crate) struct ReviewPath;

/// The rows of a table that cannot be taken.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/unit/keliru.csv")]
pub(crate) struct WrongRowsPath;

/// The template of a table of units.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/unit/contoh.csv")]
pub(crate) struct SampleCsvPath;

/// The template as a workbook.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/unit/contoh.xlsx")]
pub(crate) struct SampleXlsxPath;

/// The settings of the institution.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/pengaturan/kota")]
pub(crate) struct CityPath;

/// The colours that somebody is trying.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/pengaturan/kota/warna.css")]
pub(crate) struct TrialPath;

/// The institutions of the installation.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/pengaturan/institusi")]
pub(crate) struct InstitutionsPath;

/// The form of a further institution.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/pengaturan/institusi/baru")]
pub(crate) struct NewInstitutionPath;

/// The host of an institution.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/pengaturan/institusi/{slug}/alamat")]
pub(crate) struct HostPath {
    /// The institution.
    pub(crate) slug: String,
}

/// A logo or a stylesheet of colours.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/aset-kota/{file}")]
pub(crate) struct FilePath {
    pub(crate) file: String,
}

/// A value of the query.
pub(crate) fn asked(visit: &Visit, name: &str) -> String {
    query(&visit.facts().uri).find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// Who does something on this page, for an action.
pub(crate) fn desk(app: &App, visit: &Visit) -> Result<Desk, Problem> {
    let actor = Actor::Person(visit.signed_in()?.account);
    Ok(Desk { institution: visit.institution()?, actor, now: app.now() })
}

/// The unit of an address.
pub(crate) async fn load_unit(app: &App, visit: &Visit, slug: &str) -> Result<Unit, Problem> {
    let (institution, slug) = (visit.institution()?, slug.to_owned());
    let unit = app.database().read(move |db| store::unit_by_slug(db, institution, &slug)).await?;
    unit.ok_or_else(Problem::not_found)
}

/// The sentence of the notice after something was done, by the word in the query: never text of the address.
pub(crate) fn done(visit: &Visit) -> Option<String> {
    let words = visit.words(&WORDS);
    let key = match asked(visit, DONE).as_str() {
        "baru" => "done.entered",
        "disimpan" => "done.saved",
        "berakhir" => "done.ended",
        "dilanjutkan" => "done.resumed",
        "diimpor" => "done.imported",
        "didirikan" => "done.founded",
        "berkas" => "done.file-added",
        "berkas-hapus" => "done.file-removed",
        _ => return None,
    };
    Some(words.text(key))
}

const DONE: &str = "selesai";

/// On to a page that says what was done.
pub(crate) fn go_on(to: &impl ToString, done: &str) -> Redirect {
    Redirect::to(&format!("{}?{DONE}={done}", to.to_string()))
}

/// Puts faults beside their fields.
pub(crate) fn show_faults(form: &mut Form, faults: &[Fault], words: Words) {
    for fault in faults {
        form.fault(fault.field, words.say(&fault.phrase));
    }
}

/// What a refusal means for a form: its faults, or the problem that ends the request. A stale form is a fault of the whole.
pub(crate) fn faults_of(refused: Refused) -> Result<Vec<Fault>, Problem> {
    match refused {
        Refused::Faults(faults) => Ok(faults),
        Refused::Stale => Ok(vec![Fault::new("", "fault.stale")]),
        Refused::NotFound => Err(Problem::not_found()),
        Refused::Database(error) => Err(error.into()),
    }
}

/// A unit as it was typed into a form.
pub(crate) fn typed_unit(form: &Form) -> TypedUnit {
    let of = |field: &str| form.value(field).to_owned();
    TypedUnit {
        kind: of("kind"),
        code: of("code"),
        name: of("name"),
        short_name: of("short_name"),
        class: of("class"),
        address: of("address"),
        phone: of("phone"),
        email: of("email"),
        web: of("web"),
    }
}

/// A form that holds a unit.
pub(crate) fn filled(unit: &TypedUnit) -> Form {
    Form::filled([
        ("kind", unit.kind.clone()),
        ("code", unit.code.clone()),
        ("name", unit.name.clone()),
        ("short_name", unit.short_name.clone()),
        ("class", unit.class.clone()),
        ("address", unit.address.clone()),
        ("phone", unit.phone.clone()),
        ("email", unit.email.clone()),
        ("web", unit.web.clone()),
    ])
}

/// The words of a field of a unit.
pub(crate) fn field_words(words: Words, field: &str) -> String {
    words.text(&format!("field.{}", field.replace('_', "-")))
}

/// The words of a kind of unit.
pub(crate) fn kind_words(words: Words, kind: UnitKind) -> String {
    words.text(&format!("kind.{}", kind.name()))
}

/// The words of a class of service.
pub(crate) fn class_words(words: Words, class: ServiceClass) -> String {
    words.text(&format!("class.{}", class.name()))
}

/// The kinds of units, for a choice.
pub(crate) fn kinds(words: Words) -> Vec<(&'static str, String)> {
    UnitKind::ALL.into_iter().map(|kind| (kind.name(), kind_words(words, kind))).collect()
}

/// The words of a state.
pub(crate) fn state_words(words: Words, state: UnitState) -> String {
    let key = match state {
        UnitState::Active => return words.text("state.active"),
        UnitState::Merged { .. } => "state.merged",
        UnitState::Retired { .. } => "state.retired",
    };
    let day = state.ended_on().map(|on| platform::site::day(on, words.language)).unwrap_or_default();
    words.say(&Phrase::new(key).with("day", day))
}
