//! `/layanan/{slug}/poster.pdf` and `/maklumat/{slug}/maklumat.pdf`: sheets of A4 to hang at the place of service, with a code that
//! leads to the page.

use super::service::strip;
use super::{DeclarationPath, DeclarationSheetPath, PosterPath, ServicePath, channel_words, hours_words};
use crate::declaration::Declaration;
use crate::promise::Fee;
use crate::service::{Service, ServiceState};
use crate::{WORDS, store};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use documents::{Poster, PosterBlock, Signature};
use organisation::{Contact, Unit};
use platform::app::App;
use platform::database::DatabaseError;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

/// A fee told in more letters than this stands below the facts, where it has room.
const SHORT: usize = 40;

/// The poster of a service. Its day is that of the last change, so that it is the same sheet whenever it is asked for.
pub(crate) async fn of_service(path: PosterPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug);
    let found = app
        .database()
        .read(move |db| {
            let Some(service) = store::service_by_slug(db, institution, &slug)? else { return Ok(None) };
            let unit = organisation::unit(db, institution, service.unit)?;
            Ok::<_, DatabaseError>(unit.map(|unit| (service, unit)))
        })
        .await?;
    let public = |(service, _): &(Service, Unit)| service.state == ServiceState::Published;
    let (service, unit) = found.filter(public).ok_or_else(Problem::not_found)?;
    let name = format!("poster-{}.pdf", service.slug);
    printed(poster_of(&visit, &service, &unit), name).await
}

/// The declaration of a unit, to be signed and hung.
pub(crate) async fn of_declaration(
    path: DeclarationSheetPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug);
    let found = app
        .database()
        .read(move |db| {
            let Some(unit) = organisation::unit_by_slug(db, institution, &slug)? else { return Ok(None) };
            let declaration = store::declarations::declaration_of(db, institution, unit.id)?;
            Ok::<_, DatabaseError>(declaration.map(|declaration| (unit, declaration)))
        })
        .await?;
    let (unit, declaration) = found.ok_or_else(Problem::not_found)?;
    let name = format!("maklumat-{}.pdf", unit.slug);
    printed(declared(&visit, &unit, &declaration), name).await
}

/// Setting type takes a while: it is done beside the threads that answer.
async fn printed(poster: Poster, name: String) -> Result<Response, Problem> {
    let bytes = tokio::task::spawn_blocking(move || documents::poster(&poster)).await.map_err(Problem::internal)?;
    let bytes = bytes.map_err(Problem::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

fn block(title: String, lines: Vec<String>, items: bool) -> PosterBlock {
    PosterBlock { title, lines, items }
}

fn poster_of(visit: &Visit, service: &Service, unit: &Unit) -> Poster {
    let (w, zone) = (visit.words(&WORDS), visit.site().zone);
    let facts = &service.facts;
    let long_fee = match &facts.fee {
        Some(Fee::Varies { note }) if note.chars().count() > SHORT => Some(note.clone()),
        _ => None,
    };
    let mut told = strip(facts, w);
    if long_fee.is_some() {
        told.retain(|fact| fact.label != w.text("service.fee"));
    }
    let hours = hours_words(w, &facts.hours, zone).into_iter().map(|(days, times)| format!("{days} {times}"));
    let channels: Vec<String> = facts.channels.iter().map(|channel| channel_words(w, *channel)).collect();
    let place = [unit.facts.contact.address.clone(), channels.join(", ")];
    let blocks = [
        block(String::new(), vec![facts.summary.clone()], false),
        block(w.text("service.fee"), long_fee.into_iter().collect(), false),
        block(w.text("service.bring"), facts.requirements.clone(), true),
        block(w.text("service.where"), place.into_iter().chain(hours).filter(|line| !line.is_empty()).collect(), false),
    ];
    let blocks = blocks.into_iter().filter(|block| block.lines.iter().any(|line| !line.is_empty()));
    Poster {
        title: facts.name.clone(),
        facts: told.into_iter().map(|fact| (fact.label, fact.value)).collect(),
        blocks: blocks.collect(),
        address: address(visit, &ServicePath { slug: service.slug.clone() }),
        invitation: w.text("poster.scan-service"),
        contact: vec![w.text("service.rights"), complaint(visit, &unit.facts.contact, w)],
        produced_on: zone.date(service.changed_at).to_string(),
        ..sheet(visit, unit)
    }
}

fn declared(visit: &Visit, unit: &Unit, declaration: &Declaration) -> Poster {
    let w = visit.words(&WORDS);
    let on = declaration.signed_on.unwrap_or_else(|| visit.site().zone.date(declaration.changed_at));
    Poster {
        title: w.text("declaration.title"),
        blocks: vec![block(String::new(), super::declaration::lines(declaration), false)],
        signature: Some(Signature {
            place_date: day(on, w.language),
            role: declaration.signed_by.clone(),
            ..Signature::default()
        }),
        address: address(visit, &DeclarationPath { slug: unit.slug.clone() }),
        invitation: w.text("poster.scan-declaration"),
        contact: vec![complaint(visit, &unit.facts.contact, w)],
        produced_on: on.to_string(),
        ..sheet(visit, unit)
    }
}

fn sheet(visit: &Visit, unit: &Unit) -> Poster {
    let (language, agency) = (visit.language(), visit.site().name.clone());
    Poster { language, agency, unit: unit.facts.name.clone(), ..Poster::default() }
}

fn address(visit: &Visit, path: &impl ToString) -> String {
    format!("{}{}", visit.facts().origin, path.to_string())
}

/// "Pengaduan, saran, dan masukan: 0711-350000 · disdukcapil@contoh.go.id".
fn complaint(visit: &Visit, contact: &Contact, w: Words) -> String {
    let own: Vec<&str> =
        [&contact.phone, &contact.email].into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let to = if own.is_empty() { visit.site().help.clone() } else { own.join(" · ") };
    if to.is_empty() { String::new() } else { w.fill("poster.complaint", [("to", &to)]) }
}
