//! The pages, and what they share: addresses, forms that show faults, words of figures.

pub(crate) mod contacts;
pub(crate) mod declaration;
pub(crate) mod edit;
pub(crate) mod files;
pub(crate) mod import_services;
pub(crate) mod keep;
pub(crate) mod list;
pub(crate) mod poster;
pub(crate) mod satisfaction;
pub(crate) mod schedule;
pub(crate) mod service;
pub(crate) mod standard;
pub(crate) mod standard_form;
pub(crate) mod starter;
pub(crate) mod version;

use crate::WORDS;
use crate::actions::Refused;
use crate::promise::{Duration, Fee, TimeUnit, Week};
use crate::service::{Channel, Service, ServiceState};
use crate::store;
use crate::typed::{DAYS, TypedService};
use axum::response::Redirect;
use axum_extra::routing::TypedPath;
use organisation::{Checks, Desk, Fault};
use platform::app::App;
use platform::audit::Actor;
use platform::form::Form;
use platform::identity::Action;
use platform::problem::Problem;
use platform::site::Zone;
use platform::visit::{Visit, query};
use platform::words::Words;
use rules::phrase::{Language, Phrase};
use serde::Deserialize;
use time::Date;

/// Every service, to be searched.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan")]
pub struct ServicesPath;

/// The public page of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}")]
pub struct ServicePath {
    /// Its part of the address.
    pub slug: String,
}

/// Whether people reach the units.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak")]
pub(crate) struct ContactsPath;

/// Whether people reach a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak/{slug}")]
pub(crate) struct ContactPath {
    pub(crate) slug: String,
}

/// The button that tries everything a unit publishes.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak/{slug}/uji")]
pub(crate) struct TestContactPath {
    pub(crate) slug: String,
}

/// The button of whoever tried it.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak/{slug}/konfirmasi")]
pub(crate) struct ConfirmContactPath {
    pub(crate) slug: String,
}

/// The sheet of a service to hang.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/poster.pdf")]
pub(crate) struct PosterPath {
    pub(crate) slug: String,
}

/// The sheet of a declaration to sign and hang.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/maklumat/{slug}/maklumat.pdf")]
pub(crate) struct DeclarationSheetPath {
    pub(crate) slug: String,
}

/// What people said of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/kepuasan")]
pub(crate) struct SatisfactionPath {
    pub(crate) slug: String,
}

/// On which days a service is open.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/jadwal")]
pub(crate) struct SchedulePath {
    pub(crate) slug: String,
}

/// The services as a table, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.csv")]
pub(crate) struct ServicesCsvPath;

/// The services as JSON, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.json")]
pub(crate) struct ServicesJsonPath;

/// The services as linked data of CPSV-AP, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.jsonld")]
pub(crate) struct LinkedDataPath;

/// The services as HSDS writes them, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.hsds.json")]
pub(crate) struct HumanServicesPath;

/// The services as staff see them.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan")]
pub(crate) struct KeepPath;

/// The form of a new service.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/baru")]
pub(crate) struct NewServicePath;

/// The form of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}")]
pub(crate) struct EditPath {
    pub(crate) slug: String,
}

/// The button that publishes a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/terbitkan")]
pub(crate) struct PublishPath {
    pub(crate) slug: String,
}

/// The question whether a service is to be withdrawn.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/tarik")]
pub(crate) struct WithdrawPath {
    pub(crate) slug: String,
}

/// Examples to begin from.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/contoh")]
pub(crate) struct ExamplesPath;

/// The declaration of a unit, for anybody.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/maklumat/{slug}")]
pub struct DeclarationPath {
    /// The unit's part of the address.
    pub slug: String,
}

/// The declaration of a unit, for staff.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/maklumat/{slug}")]
pub(crate) struct KeepDeclarationPath {
    pub(crate) slug: String,
}

/// The form that publishes a declaration.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/maklumat/{slug}/terbitkan")]
pub(crate) struct PublishDeclarationPath {
    pub(crate) slug: String,
}

/// Where a table of services is sent.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan")]
pub(crate) struct ImportPath;

/// What a table of services would do.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan/periksa")]
pub(crate) struct ImportReviewPath;

/// The rows of a table that cannot be taken.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan/keliru.csv")]
pub(crate) struct WrongRowsPath;

/// The template of a table of services.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan/contoh.xlsx")]
pub(crate) struct TemplatePath;

/// The standard of a service: how far it has come, and what is next.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar")]
pub(crate) struct StandardPath {
    pub(crate) slug: String,
}

/// The form of a draft.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/isi")]
pub(crate) struct StandardFormPath {
    pub(crate) slug: String,
}

/// One version, and what it changes of the one before.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/versi/{number}")]
pub(crate) struct StandardVersionPath {
    pub(crate) slug: String,
    pub(crate) number: i64,
}

/// The button that begins a version.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/mulai")]
pub(crate) struct BeginPath {
    pub(crate) slug: String,
}

/// The form that notes a discussion.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/bahas")]
pub(crate) struct DiscussPath {
    pub(crate) slug: String,
}

/// The form that notes a decree.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/tetapkan")]
pub(crate) struct DeterminePath {
    pub(crate) slug: String,
}

/// The button that gives a version back.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/kembalikan")]
pub(crate) struct ReopenPath {
    pub(crate) slug: String,
}

/// The button that publishes a version.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/terbitkan")]
pub(crate) struct PublishStandardPath {
    pub(crate) slug: String,
}

/// The form that notes a review.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/tinjau")]
pub(crate) struct ReviewPath {
    pub(crate) slug: String,
}

/// The form that notes a publication elsewhere.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/bukti")]
pub(crate) struct ProofPath {
    pub(crate) slug: String,
}

/// A published version, for anybody.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/standar/{number}")]
pub(crate) struct PublicVersionPath {
    pub(crate) slug: String,
    pub(crate) number: i64,
}

/// The bytes of a published version, of which the fingerprint is.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/standar/{number}/isi.json")]
pub(crate) struct PublicBytesPath {
    pub(crate) slug: String,
    pub(crate) number: i64,
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

/// The service of an address, whatever its state.
pub(crate) async fn load_service(app: &App, visit: &Visit, slug: &str) -> Result<Service, Problem> {
    let (institution, slug) = (visit.institution()?, slug.to_owned());
    let service = app.database().read(move |db| store::service_by_slug(db, institution, &slug)).await?;
    service.ok_or_else(Problem::not_found)
}

/// The service of an address, for somebody who may do `action` in its unit.
pub(crate) async fn load_for(app: &App, visit: &Visit, slug: &str, action: &Action) -> Result<Service, Problem> {
    let service = load_service(app, visit, slug).await?;
    if visit.signed_in()?.may(action, Some(service.unit)) { Ok(service) } else { Err(Problem::forbidden()) }
}

const DONE: &str = "selesai";

/// The sentence of the notice after something was done, by the word in the query: never text of the address.
pub(crate) fn done(visit: &Visit) -> Option<String> {
    let words = visit.words(&WORDS);
    let key = match asked(visit, DONE).as_str() {
        "baru" => "done.entered",
        "disimpan" => "done.saved",
        "terbit" => "done.published",
        "ditarik" => "done.withdrawn",
        "disalin" => "done.copied",
        "diimpor" => "done.imported",
        "maklumat" => "done.declared",
        "dimulai" => "done.begun",
        "ditulis" => "done.written",
        "dibahas" => "done.discussed",
        "ditetapkan" => "done.determined",
        "dikembalikan" => "done.reopened",
        "standar" => "done.standard-published",
        "ditinjau" => "done.reviewed",
        "bukti" => "done.noted",
        "diuji" => "done.tested",
        "dicoba" => "done.confirmed",
        _ => return None,
    };
    Some(words.text(key))
}

/// On to a page that says what was done.
pub(crate) fn go_on(to: &impl ToString, done: &str) -> Redirect {
    Redirect::to(&format!("{}?{DONE}={done}", to.to_string()))
}

/// A day of a form; today's century when nothing was typed, beside the fault.
pub(crate) fn asked_day(checks: &mut Checks, field: &'static str, form: &Form) -> Date {
    let day = checks.choice(field, form.value(field), |text| rules::calendar::parse_date(text).ok(), "fault.day");
    checks.require(!form.value(field).is_empty(), field, "fault.day");
    day.unwrap_or(Date::MIN)
}

/// Puts faults beside their fields.
pub(crate) fn show_faults(form: &mut Form, faults: &[Fault], words: Words) {
    for fault in faults {
        form.fault(fault.field, words.say(&fault.phrase));
    }
}

/// What a refusal means for a form: its faults, or the problem that ends the request.
pub(crate) fn faults_of(refused: Refused) -> Result<Vec<Fault>, Problem> {
    match refused {
        Refused::Faults(faults) => Ok(faults),
        Refused::Stale => Ok(vec![Fault::new("", "fault.stale")]),
        Refused::WrongState => Ok(vec![Fault::new("", "fault.state")]),
        Refused::NotFound => Err(Problem::not_found()),
        Refused::Database(error) => Err(error.into()),
    }
}

/// A service as it was typed into a form.
pub(crate) fn typed_service(form: &Form) -> TypedService {
    let of = |field: &str| form.value(field).to_owned();
    let several = |field: &str| form.values(field).map(str::to_owned).collect();
    TypedService {
        name: of("name"),
        category: of("category"),
        summary: of("summary"),
        audience: of("audience"),
        keywords: of("keywords"),
        events: several("events"),
        channels: several("channels"),
        hours: DAYS.map(of),
        closed_on_holidays: form.has("closed_on_holidays", "yes"),
        amount: of("amount"),
        time_unit: of("time_unit"),
        fee: of("fee"),
        fee_text: of("fee_text"),
        requirements: of("requirements"),
        online: of("online"),
        forms: of("forms"),
        sign_language: of("sign_language"),
        easy: of("easy"),
    }
}

/// A form that holds a service.
pub(crate) fn filled(service: &TypedService) -> Form {
    let holidays = if service.closed_on_holidays { "yes" } else { "" };
    let single = [
        ("name", &service.name),
        ("category", &service.category),
        ("summary", &service.summary),
        ("audience", &service.audience),
        ("keywords", &service.keywords),
        ("amount", &service.amount),
        ("time_unit", &service.time_unit),
        ("fee", &service.fee),
        ("fee_text", &service.fee_text),
        ("requirements", &service.requirements),
        ("online", &service.online),
        ("forms", &service.forms),
        ("sign_language", &service.sign_language),
        ("easy", &service.easy),
    ];
    let events = service.events.iter().map(|key| ("events", key));
    let channels = service.channels.iter().map(|name| ("channels", name));
    let days = DAYS.into_iter().zip(&service.hours);
    let all = single.into_iter().chain(events).chain(channels).chain(days).map(|(field, value)| (field, value.clone()));
    Form::filled(all.chain([("closed_on_holidays", holidays.to_owned())]))
}

/// "1 hari kerja".
pub(crate) fn duration_words(words: Words, duration: Duration) -> String {
    let many = if duration.amount == 1 { "one" } else { "many" };
    let key: &'static str = match (duration.unit, many) {
        (TimeUnit::Minutes, _) => "duration.minutes",
        (TimeUnit::Hours, "one") => "duration.hour",
        (TimeUnit::Hours, _) => "duration.hours",
        (TimeUnit::WorkingDays, "one") => "duration.working-day",
        (TimeUnit::WorkingDays, _) => "duration.working-days",
        (TimeUnit::Days, "one") => "duration.day",
        (TimeUnit::Days, _) => "duration.days",
        (TimeUnit::Months, "one") => "duration.month",
        (TimeUnit::Months, _) => "duration.months",
    };
    words.fill(key, [("count", &words.count(duration.amount.into()))])
}

/// "Gratis", "Rp25.000", or the note.
pub(crate) fn fee_words(words: Words, fee: &Fee) -> String {
    match fee {
        Fee::Free => words.text("fee.free"),
        Fee::Fixed { rupiah } => format!("Rp{}", words.count(*rupiah)),
        Fee::Varies { note } => note.clone(),
    }
}

/// "Senin–Kamis 08.00–15.00", one line for days that are alike.
pub(crate) fn hours_words(words: Words, week: &Week, zone: Zone) -> Vec<(String, String)> {
    let mark = if words.language == Language::Indonesian { '.' } else { ':' };
    let day = |place: usize| words.text(&format!("day.{}", DAYS[place]));
    let days =
        |first: usize, last: usize| if first == last { day(first) } else { format!("{}–{}", day(first), day(last)) };
    let line = |(first, last, opening): (usize, usize, crate::Opening)| {
        (days(first, last), format!("{} {}", opening.written(mark), zone.name()))
    };
    week.runs().into_iter().map(line).collect()
}

/// The words of a channel.
pub(crate) fn channel_words(words: Words, channel: Channel) -> String {
    words.text(&format!("channel.{}", channel.name()))
}

/// The words of a state.
pub(crate) fn state_words(words: Words, state: ServiceState) -> String {
    words.text(&format!("state.{}", state.name()))
}

/// How a state is marked on screens.
pub(crate) const fn state_mark(state: ServiceState) -> &'static str {
    match state {
        ServiceState::Draft => "",
        ServiceState::Published => "active",
        ServiceState::Withdrawn => "problem",
    }
}

/// The words of a field of a service.
pub(crate) fn field_words(words: Words, field: &str) -> String {
    words.text(&format!("field.{}", field.replace('_', "-")))
}

/// "373 layanan", in the number of the language.
pub(crate) fn count_words(words: Words, count: u64) -> String {
    let key = if count == 1 { "list.total-one" } else { "list.total" };
    words.say(&Phrase::new(key).with("count", words.count(count)))
}
