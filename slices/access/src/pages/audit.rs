//! The audit log: what was done, by whom; whether it is whole; and files of it for auditors.

use super::page;
use crate::{WORDS, store};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::audit::{self, Actor, Author, Entry, Filter, Head, Recorded, Subject, Unreadable, Verdict};
use platform::database::{DatabaseError, Read};
use platform::form::Form;
use platform::identity::{AccountId, InstitutionId, Role};
use platform::page::{self, Page};
use platform::parts::Moment;
use platform::problem::Problem;
use platform::site::Zone;
use platform::visit::{Visit, query};
use platform::words::Words;
use rules::phrase::Language;
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom};
use time::{Date, OffsetDateTime};

#[derive(TypedPath, Deserialize)]
#[typed_path("/audit")]
pub(crate) struct AuditPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/audit/periksa")]
pub(crate) struct CheckPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/audit/ekspor/{format}")]
pub(crate) struct ExportPath {
    format: String,
}

/// So many people at most can be chosen from a list. With more, those on the page are offered, and the page of each person leads
/// to their entries.
const CHOICES: u32 = 300;

/// So many entries stand on a page.
const A_PAGE: u32 = 50;

/// How entries are told: zone, language and words of a visit.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    zone: Zone,
    language: Language,
    w: Words,
}

/// The words of a key; what nobody wrote words for is shown by its name.
fn known_words(key: &str, name: &str, w: Words) -> String {
    let words = w.text(key);
    if words == key { name.to_owned() } else { words }
}

/// The sentence of an act.
pub(super) fn act_words(act: &str, w: Words) -> String {
    known_words(&format!("act.{act}"), act, w)
}

impl Moments {
    pub(super) fn of(visit: &Visit) -> Self {
        Self { zone: visit.site().zone, language: visit.language(), w: visit.words(&WORDS) }
    }

    fn author(self, names: &HashMap<AccountId, String>, author: &Author) -> String {
        match author {
            Author::Person(account) => names.get(account).cloned().unwrap_or_else(|| account.to_string()),
            Author::Program(name) => {
                self.w.fill("audit.program", [("name", &known_words(&format!("program.{name}"), name, self.w))])
            }
        }
    }

    /// Entries as a timeline, with names.
    pub(super) fn tell(
        self,
        db: &mut Read<'_>,
        institution: InstitutionId,
        entries: Vec<Recorded>,
    ) -> Result<Vec<Moment>, DatabaseError> {
        let names = names(db, institution, &entries)?;
        let moment = |entry: Recorded| Moment {
            when: self.zone.moment(entry.at, self.language),
            title: act_words(&entry.act, self.w),
            text: self.author(&names, &entry.author()),
            current: false,
        };
        Ok(entries.into_iter().map(moment).collect())
    }
}

/// The names of the people in some entries: those who did something, and those it was done to.
fn names(
    db: &mut Read<'_>,
    institution: InstitutionId,
    entries: &[Recorded],
) -> Result<HashMap<AccountId, String>, DatabaseError> {
    let mut names = HashMap::new();
    for entry in entries {
        let author = match entry.author() {
            Author::Person(account) => Some(account),
            Author::Program(_) => None,
        };
        let subject = (entry.subject_kind == "account").then(|| entry.subject_id.parse().ok()).flatten();
        for account in [author, subject].into_iter().flatten() {
            if !names.contains_key(&account)
                && let Some(name) = store::name(db, institution, account)?
            {
                names.insert(account, name);
            }
        }
    }
    Ok(names)
}

/// An entry in words.
struct Line {
    number: String,
    at: String,
    author: String,
    act: String,
    subject: String,
    detail: Vec<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "pages/audit.html")]
struct AuditPage {
    page: Page,
    w: Words,
    form: Form,
    lines: Vec<Line>,
    older: Option<String>,
    searched: bool,
    acts: Vec<(String, String)>,
    people: Vec<(String, String)>,
    head: Option<String>,
    verdict: Option<Told>,
}

/// What a verification found, in words.
struct Told {
    whole: bool,
    text: String,
}

const FIELDS: [&str; 6] = ["dari", "sampai", "perbuatan", "orang", "jenis", "pengenal"];

/// The fields of a search as they stand in the address.
struct Asked {
    form: Form,
    filter: Filter,
}

impl Asked {
    fn read(visit: &Visit) -> Self {
        let values: Vec<(String, String)> = query(&visit.facts().uri).collect();
        let of = |name: &str| {
            let value = values.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let zone = visit.site().zone;
        let day = |name: &str| of(name).and_then(|typed| day(&typed));
        let filter = Filter {
            from: day("dari").map(|day| beginning(zone, day)),
            until: day("sampai").and_then(Date::next_day).map(|day| beginning(zone, day)),
            act: of("perbuatan"),
            person: of("orang").and_then(|account| account.parse().ok()),
            subject_kind: of("jenis"),
            subject_id: of("pengenal"),
            before: of("sebelum").and_then(|number| number.parse().ok()),
        };
        let form = Form::filled(FIELDS.map(|field| (field, of(field).unwrap_or_default())));
        Self { form, filter }
    }

    /// The address of the entries before a number.
    fn older(&self, number: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            FIELDS.map(|field| (field, self.form.value(field))).into_iter().filter(|pair| !pair.1.is_empty()),
        );
        query.append_pair("sebelum", &number.to_string());
        format!("{}?{}", AuditPath::PATH, query.finish())
    }
}

fn day(typed: &str) -> Option<Date> {
    Date::parse(typed, time::macros::format_description!("[year]-[month]-[day]")).ok()
}

fn beginning(zone: Zone, day: Date) -> OffsetDateTime {
    let moment = day.midnight().assume_utc();
    moment - time::Duration::seconds(zone.local(moment).offset().whole_seconds().into())
}

/// What a page of the log shows.
struct Found {
    entries: Vec<Recorded>,
    names: HashMap<AccountId, String>,
    acts: Vec<String>,
    people: Vec<(String, String)>,
    units: HashMap<String, String>,
    head: Option<Head>,
}

fn find(db: &mut Read<'_>, institution: InstitutionId, filter: &Filter) -> Result<Found, DatabaseError> {
    let entries = audit::search(db, Some(institution), filter, A_PAGE + 1)?;
    let names = names(db, institution, &entries)?;
    let mut people = store::names(db, institution, CHOICES + 1)?;
    if people.len() > CHOICES as usize {
        people = names.iter().map(|(account, name)| (*account, name.clone())).collect();
        people.sort_by(|one, other| one.1.cmp(&other.1));
    }
    Ok(Found {
        names,
        acts: audit::acts(db, Some(institution))?,
        people: people.into_iter().map(|(account, name)| (account.to_string(), name)).collect(),
        units: store::units(db, institution)?.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        head: audit::head(db, Some(institution))?,
        entries,
    })
}

async fn audit_page(app: &App, visit: &Visit, verdict: Option<Told>) -> Result<AuditPage, Problem> {
    let institution = visit.institution()?;
    let asked = Asked::read(visit);
    let filter = asked.filter.clone();
    let mut found = app.database().read(move |db| find(db, institution, &filter)).await?;
    let searched = FIELDS.iter().any(|field| !asked.form.value(field).is_empty());
    let (w, moments) = (visit.words(&WORDS), Moments::of(visit));
    let more = found.entries.len() > A_PAGE as usize;
    found.entries.truncate(A_PAGE as usize);
    let older = found.entries.last().filter(|_| more).map(|last| asked.older(last.number));
    let (names, units) = (found.names, found.units);
    let line = |entry: Recorded| Line {
        number: entry.number.to_string(),
        at: moments.zone.moment(entry.at, moments.language),
        author: moments.author(&names, &entry.author()),
        act: act_words(&entry.act, w),
        subject: subject_words(&entry, &names, w),
        detail: detail_words(&entry, &units, w),
    };
    Ok(AuditPage {
        page: page(visit, "audit.title"),
        w,
        form: asked.form,
        lines: found.entries.into_iter().map(line).collect(),
        older,
        searched,
        acts: found.acts.into_iter().map(|act| (act.clone(), act_words(&act, w))).collect(),
        people: found.people,
        head: found.head.map(|head| head.to_string()),
        verdict,
    })
}

/// "Akun: Sari", or the kind and identifier of what another slice keeps.
fn subject_words(entry: &Recorded, names: &HashMap<AccountId, String>, w: Words) -> String {
    let name = entry.subject_id.parse().ok().and_then(|account| names.get(&account));
    match name.filter(|_| entry.subject_kind == "account") {
        Some(name) => w.fill("audit.account", [("name", name)]),
        None => {
            let kind = known_words(&format!("subject.{}", entry.subject_kind), &entry.subject_kind, w);
            format!("{kind} {}", entry.subject_id)
        }
    }
}

fn texts(values: &[serde_json::Value], words: impl Fn(&str) -> String) -> Vec<String> {
    values.iter().map(|value| words(value.as_str().unwrap_or_default())).collect()
}

/// Names and values of a detail; what other slices recorded is shown as it was.
fn detail_words(entry: &Recorded, units: &HashMap<String, String>, w: Words) -> Vec<(String, String)> {
    let serde_json::Value::Object(fields) = entry.detail() else { return Vec::new() };
    let shared = Words::shared(w.language);
    let name = |field: &str| known_words(&format!("detail.{field}"), field, w);
    let value = |field: &str, value: serde_json::Value| match (field, value) {
        (_, serde_json::Value::Bool(yes)) => w.text(if yes { "audit.yes" } else { "audit.no" }),
        ("role", serde_json::Value::String(name)) => Role::named(&name).map_or(name, |role| role.label(shared)),
        ("unit", serde_json::Value::String(id)) => units.get(&id).cloned().unwrap_or(id),
        ("by" | "purpose" | "state", serde_json::Value::String(text)) => {
            known_words(&format!("value.{text}"), &text, w)
        }
        (_, serde_json::Value::String(text)) => text,
        // What it was and what it became, or which fields changed.
        ("name", serde_json::Value::Array(both)) => texts(&both, str::to_owned).join(" → "),
        ("parent", serde_json::Value::Array(both)) => {
            texts(&both, |id| units.get(id).cloned().unwrap_or_else(|| "–".to_owned())).join(" → ")
        }
        (_, serde_json::Value::Array(fields)) => texts(&fields, name).join(", "),
        (_, other) => other.to_string(),
    };
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(field, found)| (name(&field), value(&field, found))).collect()
}

pub(crate) async fn show(_: AuditPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    page::show(&audit_page(&app, &visit, None).await?)
}

pub(crate) async fn check(_: CheckPath, State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let w = visit.words(&WORDS);
    let typed = form.value("pangkal").to_owned();
    let expected = if typed.is_empty() { None } else { Some(typed.parse::<Head>()) };
    if let Some(Err(())) = expected {
        let told = Told { whole: false, text: w.text("audit.wrong-head") };
        return page::show_again(&audit_page(&app, &visit, Some(told)).await?);
    }
    let expected = expected.and_then(Result::ok);
    let verdict = app.database().read(move |db| audit::verify(db, Some(institution), expected)).await?;
    let entry = Entry {
        institution: Some(institution),
        at: app.now(),
        actor: Actor::Person(visit.signed_in()?.account),
        act: "access.audit-verified",
        subject: Subject::new("audit", institution),
        detail: serde_json::json!({ "entries": verdict.entries, "fault": verdict.fault.map(|fault| fault.name()) }),
    };
    app.database().write(move |db| audit::record(db, &entry)).await?;
    page::show(&audit_page(&app, &visit, Some(tell(&verdict, w))).await?)
}

fn tell(verdict: &Verdict, w: Words) -> Told {
    let entries = w.count(verdict.entries);
    let Some(fault) = verdict.fault else {
        return Told { whole: true, text: w.fill("audit.whole", [("entries", &entries)]) };
    };
    let number = fault.number().to_string();
    let phrase = rules::phrase::Phrase::new(match fault.name() {
        "altered" => "audit.altered",
        "missing" => "audit.missing",
        "inserted" => "audit.inserted",
        "out-of-order" => "audit.out-of-order",
        "cut-off" => "audit.cut-off",
        "foreign" => "audit.foreign",
        _ => "audit.rewritten",
    });
    Told { whole: false, text: w.say(&phrase.with("number", number)) }
}

pub(crate) async fn export(path: ExportPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let table = match path.format.as_str() {
        "jsonl" => false,
        "csv" => true,
        _ => return Err(Problem::not_found()),
    };
    let entry = Entry {
        institution: Some(institution),
        at: app.now(),
        actor: Actor::Person(visit.signed_in()?.account),
        act: "access.audit-exported",
        subject: Subject::new("audit", institution),
        detail: serde_json::json!({ "format": path.format }),
    };
    app.database().write(move |db| audit::record(db, &entry)).await?;
    let file = app
        .database()
        .read(move |db| {
            let mut out = BufWriter::new(tempfile::tempfile()?);
            if table {
                audit::csv(db, Some(institution), &mut out)?;
            } else {
                audit::export(db, Some(institution), &mut out)?;
            }
            let mut file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.seek(SeekFrom::Start(0))?;
            Ok::<_, Unreadable>(file)
        })
        .await
        .map_err(Problem::internal)?;
    let kind = if table { "text/csv; charset=utf-8" } else { "application/jsonl; charset=utf-8" };
    let name = format!("attachment; filename=\"audit-{}.{}\"", visit.site().zone.date(app.now()), path.format);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".into()),
    ];
    Ok((headers, body_of(file)).into_response())
}

/// A file as a body, read piece by piece beside the server's work.
fn body_of(file: std::fs::File) -> Body {
    let pieces = futures_util::stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; 64 * 1024];
            let bytes = file.read(&mut piece)?;
            piece.truncate(bytes);
            Ok::<_, std::io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    });
    Body::from_stream(pieces)
}
