//! HSDS 3.0, the "Human Services Data Specification" of Open Referral, as JSON: one page with all services.

use super::Published;
use crate::WORDS;
use crate::pages::{channel_words, duration_words, fee_words};
use crate::promise::{Fee, Opening, Week};
use crate::service::Service;
use organisation::Unit;
use platform::database::Uuid;
use platform::site::Zone;
use platform::words::Words;
use rules::phrase::Language;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::format_description::well_known::Rfc3339;

/// The whole catalogue, as the list of services of the specification's interface.
pub(crate) fn hsds(published: &Published, origin: &str) -> Value {
    let contents: Vec<Value> = published.services.iter().map(|service| one(published, service, origin)).collect();
    let count = contents.len();
    json!({
        "total_items": count,
        "total_pages": 1,
        "page_number": 1,
        "size": count,
        "first_page": true,
        "last_page": true,
        "empty": count == 0,
        "contents": contents
    })
}

fn one(published: &Published, service: &Service, origin: &str) -> Value {
    let w = Words::new(&WORDS, Language::Indonesian);
    let (facts, zone) = (&service.facts, published.institution.settings.zone);
    let unit = published.units.get(&service.unit);
    let id = service.id.to_string();
    let channels: Vec<String> = facts.channels.iter().map(|channel| channel_words(w, *channel)).collect();
    let known = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let part = |kind: &str, number: usize| part_id(&id, kind, number);
    let mut node = json!({
        "id": id,
        "name": facts.name,
        "status": "active",
        "description": known(&facts.summary),
        "url": format!("{origin}/layanan/{}", service.slug),
        "email": known(unit.map_or("", |unit| &unit.facts.contact.email)),
        "application_process": known([channels.join(", "), facts.online.clone()].join(" ").trim()),
        "wait_time": facts.duration.map(|duration| duration_words(w, duration)),
        "fees_description": facts.fee.as_ref().map(|fee| fee_words(w, fee)),
        "eligibility_description": known(&facts.audience),
        "last_modified": service.changed_at.format(&Rfc3339).ok(),
        "organization": unit.map(|unit| organisation(published, unit, origin)),
    });
    let phones = unit.map(|unit| &unit.facts.contact.phone).filter(|phone| !phone.is_empty());
    node["phones"] =
        phones.map(|phone| json!({ "id": part("phone", 0), "service_id": id, "number": phone })).into_iter().collect();
    node["schedules"] = (0..)
        .zip(weekly(&facts.hours))
        .map(|(number, (days, opening))| schedule(&part("schedule", number), &id, (&days, opening), zone))
        .collect();
    node["cost_options"] = facts.fee.iter().filter_map(|fee| cost(&part("cost", 0), &id, fee)).collect();
    node["required_documents"] = (0..)
        .zip(&facts.requirements)
        .map(|(number, item)| json!({ "id": part("document", number), "service_id": id, "document": item }))
        .collect();
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if let Some(node) = node.as_object_mut() {
        node.retain(|_, value| !empty(value));
    }
    node
}

fn organisation(published: &Published, unit: &Unit, origin: &str) -> Value {
    let mut node = Map::new();
    let contact = &unit.facts.contact;
    let city = &published.institution.settings.name;
    node.insert("id".into(), json!(unit.id.to_string()));
    node.insert("name".into(), json!(unit.facts.name));
    node.insert("description".into(), json!(format!("{}, {city}", unit.facts.name)));
    node.insert("uri".into(), json!(format!("{origin}/unit/{}", unit.slug)));
    if !contact.email.is_empty() {
        node.insert("email".into(), json!(contact.email));
    }
    if !contact.web.is_empty() {
        node.insert("website".into(), json!(contact.web));
    }
    Value::Object(node)
}

/// Days that are open at the same times, together.
fn weekly(week: &Week) -> Vec<(String, Opening)> {
    const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let mut groups: Vec<(String, Opening)> = Vec::new();
    for (day, opening) in DAYS.into_iter().zip(week.0) {
        let Some(opening) = opening else { continue };
        match groups.iter_mut().find(|(_, known)| *known == opening) {
            Some((days, _)) => {
                days.push(',');
                days.push_str(day);
            }
            None => groups.push((day.to_owned(), opening)),
        }
    }
    groups
}

fn schedule(id: &str, service: &str, (days, opening): (&str, Opening), zone: Zone) -> Value {
    let offset = match zone {
        Zone::Wib => "+07:00",
        Zone::Wita => "+08:00",
        Zone::Wit => "+09:00",
    };
    let at = |minutes: u16| format!("{:02}:{:02}{offset}", minutes / 60, minutes % 60);
    json!({
        "id": id,
        "service_id": service,
        "freq": "WEEKLY",
        "wkst": "MO",
        "byday": days,
        "opens_at": at(opening.from),
        "closes_at": at(opening.until)
    })
}

fn cost(id: &str, service: &str, fee: &Fee) -> Option<Value> {
    let amount = match fee {
        Fee::Free => 0,
        Fee::Fixed { rupiah } => *rupiah,
        Fee::Varies { .. } => return None,
    };
    Some(json!({ "id": id, "service_id": service, "currency": "IDR", "amount": amount }))
}

/// The identifier of a part of a service: the same in each export, as the specification asks for one (RFC 9562, version 8).
fn part_id(service: &str, kind: &str, number: usize) -> String {
    let digest = Sha256::digest(format!("{service} {kind} {number}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes).to_string()
}
