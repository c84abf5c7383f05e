//! The pages, and what they share: addresses, forms that show faults, words of figures.

pub(crate) mod contacts;
pub(crate) mod declaration;
pub(crate) mod edit;
pub(crate) mod files;
pub(crate) mod import_services;
pub(crate) mod keep;
pub(crate) mod list;
mod paths;
pub(crate) mod poster;
pub(crate) mod satisfaction;
pub(crate) mod schedule;
pub(crate) mod service;
pub(crate) mod service_files;
pub(crate) mod standard;
pub(crate) mod standard_form;
pub(crate) mod starter;
pub(crate) mod version;

pub(crate) use paths::*;
pub use paths::{DeclarationPath, ServicePath, ServicesPath};

use crate::WORDS;
use crate::actions::Refused;
use crate::promise::{Duration, Fee, TimeUnit, Week};
use crate::service::{Channel, Service, ServiceState};
use crate::store;
use crate::typed::{DAYS, TypedService};
use axum::response::Redirect;
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
use time::Date;

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
        "berkas" => "done.file-added",
        "berkas-hapus" => "done.file-removed",
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
