//! `/layanan/{slug}`: one service: how long, how much, what to bring; then everything else that is promised of it.

use super::satisfaction::{Satisfaction, figures};
use super::version::{Shown, components};
use super::{
    DeclarationPath, PosterPath, PublicVersionPath, SchedulePath, ServicePath, ServicesPath, channel_words,
    duration_words, fee_words, hours_words,
};
use crate::contact::{ContactCheck, ContactKind};
use crate::service::{BlankForm, Service, ServiceState};
use crate::standard::{Review, Standard};
use crate::{WORDS, kinds, store};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use organisation::{Contact, Unit, UnitPath};
use platform::app::App;
use platform::page::{Page, show_with};
use platform::parts::Fact;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use publication::ServiceFigure;
use rules::service_standard::ComponentPart;

#[derive(Template)]
#[template(path = "pages/service.html")]
struct ServicePage {
    page: Page,
    w: Words,
    withdrawn: bool,
    facts: Vec<Fact>,
    summary: String,
    audience: String,
    online: String,
    requirements: Vec<String>,
    hours: Vec<(String, String)>,
    schedule: String,
    closed_on_holidays: bool,
    channels: String,
    forms: Vec<BlankForm>,
    sign_language: String,
    easy: Vec<String>,
    unit: String,
    unit_href: String,
    contact: Contact,
    events: Vec<(String, String)>,
    standard: Option<InForce>,
    declaration: Option<String>,
    satisfaction: Option<Satisfaction>,
    poster: String,
    phone_dead: bool,
    mail_dead: bool,
}

/// What the page says of the standard in force.
struct InForce {
    delivery: Vec<Shown>,
    management: Vec<Shown>,
    /// "Ditetapkan dengan … pada …, berlaku sejak …".
    decree: String,
    href: String,
    overdue: bool,
}

impl InForce {
    fn of(standard: &Standard, slug: &str, w: Words) -> Self {
        let on = |date| day(date, w.language);
        let decree = standard.decree.as_ref().map(|decree| {
            let values =
                [("number", decree.number.as_str()), ("on", &on(decree.on)), ("since", &on(decree.effective_on))];
            w.fill("service.decree", values)
        });
        // Requirements stand above, where people look for them first; time and fee without a text stand at the very top.
        let mut delivery = components(&standard.content, ComponentPart::Penyampaian, w);
        delivery.retain(|shown| !shown.items && !shown.lines.is_empty());
        Self {
            delivery,
            management: components(&standard.content, ComponentPart::Pengelolaan, w),
            decree: decree.unwrap_or_default(),
            href: PublicVersionPath { slug: slug.to_owned(), number: standard.number }.to_string(),
            overdue: standard.review == Review::Overdue,
        }
    }
}

/// What is promised of a service, and what people said of it.
struct Said {
    standard: Option<Standard>,
    declared: bool,
    contacts: Vec<ContactCheck>,
    figure: Option<ServiceFigure>,
}

/// Shows a service that people find, or tells that it is not given any more.
pub(crate) async fn show_service(path: ServicePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug.clone());
    let found = app
        .database()
        .read(move |db| {
            let Some(service) = store::service_by_slug(db, institution, &slug)? else { return Ok(None) };
            let unit = organisation::unit(db, institution, service.unit)?;
            let standard = store::standards::in_force(db, institution, service.id)?;
            let declared = store::declarations::declaration_of(db, institution, service.unit)?.is_some();
            let figure = figures(db, institution, &service, 1)?.pop();
            let contacts = store::contact_checks::checks_of_unit(db, institution, service.unit)?;
            Ok::<_, Problem>(unit.map(|unit| (service, unit, Said { standard, declared, contacts, figure })))
        })
        .await?;
    let (service, unit, said) = found.ok_or_else(Problem::not_found)?;
    let status = match service.state {
        ServiceState::Draft => return Err(Problem::not_found()),
        ServiceState::Published => StatusCode::OK,
        ServiceState::Withdrawn => StatusCode::GONE,
    };
    show_with(status, &page(&visit, service, unit, said)?)
}

fn page(visit: &Visit, service: Service, unit: Unit, said: Said) -> Result<ServicePage, Problem> {
    let (w, zone) = (visit.words(&WORDS), visit.site().zone);
    let facts = service.facts;
    let mut page = visit.page(facts.name.clone()).crumb(w.text("list.title"), ServicesPath);
    if let Some(category) = kinds::category(&facts.category) {
        page = page.crumb(category.name(w.language), format!("{ServicesPath}?kategori={}", category.key));
    }
    let channels: Vec<String> = facts.channels.iter().map(|channel| channel_words(w, *channel)).collect();
    let event =
        |kind: &kinds::Kind| (kind.name(w.language).to_owned(), format!("{ServicesPath}?peristiwa={}", kind.key));
    let figure = said.figure.as_ref();
    let contact = unit.facts.contact.clone();
    let dead = |kind| said.contacts.iter().any(|check| check.is_dead(kind, &contact));
    Ok(ServicePage {
        satisfaction: figure.map(|figure| Satisfaction::of(figure, &service.slug, w)).transpose()?,
        standard: said.standard.map(|standard| InForce::of(&standard, &service.slug, w)),
        declaration: said.declared.then(|| DeclarationPath { slug: unit.slug.clone() }.to_string()),
        poster: PosterPath { slug: service.slug.clone() }.to_string(),
        page,
        withdrawn: service.state == ServiceState::Withdrawn,
        facts: strip(&facts, w),
        summary: facts.summary,
        audience: facts.audience,
        online: facts.online,
        requirements: facts.requirements,
        schedule: SchedulePath { slug: service.slug.clone() }.to_string(),
        hours: hours_words(w, &facts.hours, zone),
        closed_on_holidays: facts.closed_on_holidays,
        channels: channels.join(", "),
        forms: facts.forms,
        sign_language: facts.sign_language,
        easy: facts.easy.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        unit: unit.facts.name.clone(),
        unit_href: UnitPath { slug: unit.slug }.to_string(),
        phone_dead: dead(ContactKind::Phone),
        mail_dead: dead(ContactKind::Mail),
        contact,
        events: facts.events.iter().filter_map(|key| kinds::life_event(key)).map(event).collect(),
        w,
    })
}

/// "Selesai dalam", "Biaya", "Syarat": what people came for.
pub(super) fn strip(facts: &crate::ServiceFacts, w: Words) -> Vec<Fact> {
    let unknown = || w.text("service.unknown");
    let duration = facts.duration.map_or_else(unknown, |duration| duration_words(w, duration));
    let fee = facts.fee.as_ref().map_or_else(unknown, |fee| fee_words(w, fee));
    let requirements = match facts.requirements.len() {
        0 => Fact::new(w.text("service.requirements"), w.text("service.no-requirements")),
        1 => Fact::new(w.text("service.requirements"), w.text("service.one-item")).leading_to("#syarat"),
        count => {
            let items = w.fill("service.items", [("count", &w.count(count as u64))]);
            Fact::new(w.text("service.requirements"), items).leading_to("#syarat")
        }
    };
    vec![Fact::new(w.text("service.done-in"), duration), Fact::new(w.text("service.fee"), fee), requirements]
}
