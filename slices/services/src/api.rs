//! `/api/v1/services`: the services people find, for programs.

use crate::kinds;
use crate::pages::{PublicVersionPath, ServicePath, list::within};
use crate::promise::{Duration, Fee};
use crate::search::{Found, Listed, Shelf, Wanted};
use crate::service::{Channel, Service, ServiceState};
use crate::standard::{Standard, rule};
use crate::store;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use organisation::{Unit, UnitPath};
use platform::api::{Part, Slice, answer, asked, nothing_asked};
use platform::app::App;
use platform::identity::UnitId;
use platform::problem::Problem;
use platform::visit::Visit;
use rules::phrase::Language;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What the slice describes of the public API.
pub const API: Part = Part {
    document: Document::openapi,
    words: |key, language| crate::words(language).text(&format!("operation.{key}")),
    shapes: Vec::new,
};

#[derive(OpenApi)]
#[openapi(paths(list, show))]
struct Document;

/// The services that fit.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/services")]
pub(crate) struct ListPath;

/// One service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/api/v1/services/{slug}")]
pub(crate) struct ShowPath {
    slug: String,
}

/// What is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[param(max_length = 80)]
    q: Option<String>,
    unit: Option<String>,
    category: Option<String>,
    event: Option<String>,
    channel: Option<Way>,
    page: Option<u64>,
    size: Option<u64>,
}

/// How a service can be used.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ServiceChannel)]
enum Way {
    Counter,
    Online,
    DriveThru,
    Kiosk,
    Mobile,
}

impl Way {
    const ALL: [(Self, Channel); 5] = [
        (Self::Counter, Channel::Counter),
        (Self::Online, Channel::Online),
        (Self::DriveThru, Channel::DriveThru),
        (Self::Kiosk, Channel::Kiosk),
        (Self::Mobile, Channel::Mobile),
    ];

    fn channel(self) -> Option<Channel> {
        Self::ALL.into_iter().find(|(way, _)| *way as u8 == self as u8).map(|(_, channel)| channel)
    }

    fn of(channel: Channel) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == channel).map(|(way, _)| way)
    }
}

/// One page of the services that fit.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceList {
    /// How many fit.
    total: u64,
    /// Which page this is, from 1.
    page: u64,
    /// How many stand on a page.
    size: u64,
    /// Those of this page, the best fit first.
    services: Vec<ServiceSummary>,
    /// The nearest ones, where none fits.
    nearest: Vec<ServiceSummary>,
}

/// A service in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceSummary {
    /// Its identifier, for ever.
    id: String,
    /// Its part of addresses, for ever.
    slug: String,
    /// Its page.
    url: String,
    /// Its name.
    name: String,
    /// What it is for, in plain words.
    summary: String,
    /// The unit that gives it.
    unit: Option<UnitName>,
    /// The longest time it takes, where known.
    duration: Option<LongestTime>,
    /// What it costs, where known.
    fee: Option<Cost>,
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceUnit)]
struct UnitName {
    /// Its part of addresses.
    slug: String,
    /// Its name.
    name: String,
    /// Its code, where it has one.
    code: Option<String>,
    /// Its page.
    url: String,
}

/// The longest time a service takes.
#[derive(Debug, Serialize, ToSchema)]
struct LongestTime {
    /// So many, from 1.
    amount: u16,
    /// Of `minutes`, `hours`, `working-days`, `days` or `months`.
    unit: &'static str,
}

/// What a service costs.
#[derive(Debug, Serialize, ToSchema)]
struct Cost {
    /// `free`, `fixed` or `varies`.
    kind: &'static str,
    /// In whole rupiah, where it is fixed.
    rupiah: Option<u64>,
    /// On what it depends, where it varies.
    note: Option<String>,
}

/// A service with its standard.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceWhole {
    #[serde(flatten)]
    #[schema(inline)]
    short: ServiceSummary,
    /// Who it is for.
    audience: String,
    /// Key and name of its category.
    category: Named,
    /// Events in people's lives it belongs to.
    events: Vec<Named>,
    /// How it can be used.
    channels: Vec<Way>,
    /// When its counters are open: the day of the week from 1, Monday, and its hours.
    hours: Vec<Hours>,
    /// Whether the counters are closed on national holidays.
    closed_on_holidays: bool,
    /// What to bring, one item each.
    requirements: Vec<String>,
    /// Where it is used online; empty where it is not.
    online: String,
    /// Forms to fill in.
    forms: Vec<Form>,
    /// A video in sign language; empty where there is none.
    sign_language_video: String,
    /// The same in easy words, one sentence a line; empty where there are none.
    easy: String,
    /// Its standard in force ("Standar Pelayanan").
    standard: Option<StandardInForce>,
}

/// A key with its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceKind)]
struct Named {
    /// Stable key.
    key: String,
    /// Name.
    name: String,
}

/// Hours of a day.
#[derive(Debug, Serialize, ToSchema)]
struct Hours {
    /// The day of the week from 1, Monday.
    day: u8,
    /// "08.00–15.00".
    hours: String,
}

/// A form to fill in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceForm)]
struct Form {
    /// Its title.
    title: String,
    /// Its address.
    url: String,
}

/// The standard in force.
#[derive(Debug, Serialize, ToSchema)]
struct StandardInForce {
    /// Which version, from 1.
    number: i64,
    /// Its page.
    url: String,
    /// Number of the decree.
    decree: Option<String>,
    /// The day from which it counts.
    #[schema(format = Date)]
    effective_on: Option<String>,
    /// The last day it was found right.
    #[schema(format = Date)]
    reviewed_on: Option<String>,
    /// SHA-256 of its content.
    fingerprint: Option<String>,
    /// Its components in the order of the law.
    components: Vec<Component>,
}

/// A component of a standard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandardComponent)]
struct Component {
    /// Stable key.
    key: String,
    /// Its name in the law.
    name: String,
    /// What it says, one line each.
    lines: Vec<String>,
}

impl UnitName {
    fn of(unit: &Unit, origin: &str) -> Self {
        Self {
            slug: unit.slug.clone(),
            name: unit.facts.name.clone(),
            code: unit.facts.code.clone(),
            url: format!("{origin}{}", UnitPath { slug: unit.slug.clone() }),
        }
    }
}

impl From<Duration> for LongestTime {
    fn from(duration: Duration) -> Self {
        Self { amount: duration.amount, unit: duration.unit.name() }
    }
}

impl From<&Fee> for Cost {
    fn from(fee: &Fee) -> Self {
        let (rupiah, note) = match fee {
            Fee::Free => (None, None),
            Fee::Fixed { rupiah } => (Some(*rupiah), None),
            Fee::Varies { note } => (None, Some(note.clone())),
        };
        Self { kind: fee.kind(), rupiah, note }
    }
}

/// The services that fit.
#[utoipa::path(get, path = ListPath::PATH, operation_id = "list-services", params(Asked),
    responses((status = 200, body = ServiceList)))]
pub(crate) async fn list(_: ListPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let asked: Asked = asked(&visit)?;
    let slice = Slice::of(asked.page, asked.size)?;
    let institution = visit.institution()?;
    let catalogue = Shelf::of(&app, institution).await?;
    let units = app.database().read(move |db| organisation::units(db, institution)).await?;
    let found = match wanted(&asked, &units)? {
        Some(wanted) => catalogue.find(&wanted, slice.skipped(), slice.most()),
        None => Found { total: 0, page: Vec::new(), near: Vec::new() },
    };
    let units: HashMap<UnitId, &Unit> = units.iter().map(|unit| (unit.id, unit)).collect();
    let origin = visit.facts().origin.as_str();
    let short = |listed: &Listed| ServiceSummary {
        id: listed.id.to_string(),
        slug: listed.slug.clone(),
        url: format!("{origin}{}", ServicePath { slug: listed.slug.clone() }),
        name: listed.name.clone(),
        summary: listed.summary.clone(),
        unit: units.get(&listed.unit).map(|unit| UnitName::of(unit, origin)),
        duration: listed.duration.map(Into::into),
        fee: listed.fee.as_ref().map(Into::into),
    };
    Ok(answer(&ServiceList {
        total: found.total,
        page: slice.page,
        size: slice.size,
        services: found.page.iter().map(short).collect(),
        nearest: found.near.iter().map(short).collect(),
    }))
}

/// More signs are not looked for.
const MOST_SIGNS: usize = 80;

/// What is looked for; nothing where a unit, a category or an event is none of this city.
fn wanted(asked: &Asked, units: &[Unit]) -> Result<Option<Wanted>, Problem> {
    let typed = asked.q.clone().unwrap_or_default();
    if typed.chars().count() > MOST_SIGNS {
        return Err(Problem::bad_parameter());
    }
    let mut wanted = Wanted { typed, channel: asked.channel.and_then(Way::channel), ..Wanted::default() };
    if let Some(slug) = &asked.unit {
        let Some(unit) = units.iter().find(|unit| unit.slug == *slug) else { return Ok(None) };
        wanted.units = Some(within(units, unit.id));
    }
    if let Some(key) = &asked.category {
        let Some(kind) = kinds::category(key) else { return Ok(None) };
        wanted.category = Some(kind.key.as_str());
    }
    if let Some(key) = &asked.event {
        let Some(kind) = kinds::life_event(key) else { return Ok(None) };
        wanted.event = Some(kind.key.as_str());
    }
    Ok(Some(wanted))
}

/// One service with its standard.
#[utoipa::path(get, path = ShowPath::PATH, operation_id = "show-service", params(("slug" = String, Path)),
    responses((status = 200, body = ServiceWhole)))]
pub(crate) async fn show(path: ShowPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug.clone());
    nothing_asked(&visit)?;
    let found = app
        .database()
        .read(move |db| {
            let Some(service) = store::service_by_slug(db, institution, &slug)? else { return Ok(None) };
            let unit = organisation::unit(db, institution, service.unit)?;
            let standard = store::standards::in_force(db, institution, service.id)?;
            Ok::<_, Problem>(Some((service, unit, standard)))
        })
        .await?;
    let found = found.filter(|(service, _, _)| service.state == ServiceState::Published);
    let (service, unit, standard) = found.ok_or_else(Problem::not_found)?;
    Ok(answer(&whole(service, unit.as_ref(), standard.as_ref(), &visit)))
}

fn whole(service: Service, unit: Option<&Unit>, standard: Option<&Standard>, visit: &Visit) -> ServiceWhole {
    let (origin, language) = (visit.facts().origin.as_str(), visit.language());
    let facts = service.facts;
    let named = |kind: &kinds::Kind| Named { key: kind.key.clone(), name: kind.name(language).to_owned() };
    let category = kinds::category(&facts.category).map(named);
    let hours = (1..).zip(facts.hours.0).filter_map(|(day, opening)| Some(Hours { day, hours: opening?.to_string() }));
    ServiceWhole {
        short: ServiceSummary {
            id: service.id.to_string(),
            url: format!("{origin}{}", ServicePath { slug: service.slug.clone() }),
            name: facts.name,
            summary: facts.summary,
            unit: unit.map(|unit| UnitName::of(unit, origin)),
            duration: facts.duration.map(Into::into),
            fee: facts.fee.as_ref().map(Into::into),
            slug: service.slug.clone(),
        },
        audience: facts.audience,
        category: category.unwrap_or(Named { key: facts.category, name: String::new() }),
        events: facts.events.iter().filter_map(|key| kinds::life_event(key)).map(named).collect(),
        channels: facts.channels.iter().filter_map(|channel| Way::of(*channel)).collect(),
        hours: hours.collect(),
        closed_on_holidays: facts.closed_on_holidays,
        requirements: facts.requirements,
        online: facts.online,
        forms: facts.forms.into_iter().map(|form| Form { title: form.title, url: form.url }).collect(),
        sign_language_video: facts.sign_language,
        easy: facts.easy,
        standard: standard.map(|standard| in_force(standard, &service.slug, origin, language)),
    }
}

fn in_force(standard: &Standard, slug: &str, origin: &str, language: Language) -> StandardInForce {
    let components = rule().components.iter().map(|component| Component {
        key: component.key.clone(),
        name: component.name.in_language(language).to_owned(),
        lines: standard.content.text(&component.key).lines().map(str::to_owned).collect(),
    });
    let path = PublicVersionPath { slug: slug.to_owned(), number: standard.number };
    StandardInForce {
        number: standard.number,
        url: format!("{origin}{path}"),
        decree: standard.decree.as_ref().map(|decree| decree.number.clone()),
        effective_on: standard.decree.as_ref().map(|decree| decree.effective_on.to_string()),
        reviewed_on: standard.reviewed_on.map(|day| day.to_string()),
        fingerprint: standard.hash.clone(),
        components: components.filter(|component| !component.lines.is_empty()).collect(),
    }
}
