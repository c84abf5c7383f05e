//! CPSV-AP, the "Core Public Service Vocabulary Application Profile" of the European Union, as JSON-LD.
//!
//! Texts are in Indonesian and say so. A time in working days is told in words: the vocabulary has durations of the calendar only.

use super::Published;
use crate::WORDS;
use crate::kinds;
use crate::pages::{channel_words, duration_words, fee_words, hours_words};
use crate::promise::{Fee, TimeUnit};
use crate::service::Service;
use organisation::Unit;
use platform::words::Words;
use rules::phrase::Language;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The whole catalogue as one graph.
pub(crate) fn cpsv(published: &Published, origin: &str) -> Value {
    let w = Words::new(&WORDS, Language::Indonesian);
    let from = From { published, origin, w };
    let mut graph: Vec<Value> = published.services.iter().map(|service| from.service(service)).collect();
    let units: BTreeSet<_> = published.services.iter().map(|service| service.unit).collect();
    graph.extend(units.iter().filter_map(|unit| published.units.get(unit)).map(|unit| from.organisation(unit)));
    let kinds: BTreeSet<&str> = published.services.iter().map(|service| service.facts.category.as_str()).collect();
    graph.extend(kinds.into_iter().filter_map(kinds::category).map(|kind| from.concept(kind)));
    let events: BTreeSet<&str> =
        published.services.iter().flat_map(|service| &service.facts.events).map(String::as_str).collect();
    graph.extend(events.into_iter().filter_map(kinds::life_event).map(|kind| from.event(kind)));
    json!({ "@context": context(), "@graph": graph })
}

fn context() -> Value {
    json!({
        "cpsv": "http://purl.org/vocab/cpsv#",
        "cv": "http://data.europa.eu/m8g/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "time": "http://www.w3.org/2006/time#",
        "xsd": "http://www.w3.org/2001/XMLSchema#"
    })
}

/// A text in Indonesian.
fn text(words: &str) -> Value {
    json!({ "@value": words, "@language": "id" })
}

struct From<'p> {
    published: &'p Published,
    origin: &'p str,
    w: Words,
}

impl From<'_> {
    fn service(&self, service: &Service) -> Value {
        let facts = &service.facts;
        let here = format!("{}/layanan/{}", self.origin, service.slug);
        let mut node = Map::new();
        let mut set = |key: &str, value: Value| node.insert(key.to_owned(), value);
        set("@id", json!(here));
        set("@type", json!("cpsv:PublicService"));
        set("dct:identifier", json!(service.id.to_string()));
        set("dct:title", text(&facts.name));
        set("dct:description", text(&self.description(service)));
        if let Some(unit) = self.published.units.get(&service.unit) {
            set("cv:hasCompetentAuthority", json!({ "@id": self.unit_id(unit) }));
            if let Some(contact) = self.contact(unit) {
                set("cv:contactPoint", contact);
            }
        }
        if let Some(duration) = facts.duration.and_then(duration_of) {
            set("cv:processingTime", json!({ "@value": duration, "@type": "xsd:duration" }));
        }
        if let Some(kind) = kinds::category(&facts.category) {
            set("cv:thematicArea", json!({ "@id": self.concept_id(kind) }));
        }
        let events = facts.events.iter().filter_map(|key| kinds::life_event(key));
        set("cv:isGroupedBy", events.map(|kind| json!({ "@id": self.event_id(kind) })).collect());
        set("cv:hasChannel", facts.channels.iter().map(|channel| self.channel(service, &here, *channel)).collect());
        if let Some(fee) = &facts.fee {
            set("cv:hasCost", self.cost(fee, &here));
        }
        let requirements = (1..).zip(&facts.requirements).map(|(number, requirement)| {
            let at = format!("{here}#syarat-{number}");
            json!({ "@id": at, "@type": "cv:Requirement", "dct:identifier": at, "dct:title": text(requirement) })
        });
        set("cv:holdsRequirement", requirements.collect());
        node.retain(|_, value| value.as_array().is_none_or(|values| !values.is_empty()));
        Value::Object(node)
    }

    fn description(&self, service: &Service) -> String {
        let facts = &service.facts;
        let in_words = facts.duration.filter(|duration| duration_of(*duration).is_none());
        let sentence = |duration| format!("{}: {}.", self.w.text("service.done-in"), duration_words(self.w, duration));
        let told = [facts.summary.clone(), in_words.map(sentence).unwrap_or_default()];
        let told: Vec<&str> = told.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if told.is_empty() { facts.name.clone() } else { told.join(" ") }
    }

    fn unit_id(&self, unit: &Unit) -> String {
        format!("{}/unit/{}", self.origin, unit.slug)
    }

    fn organisation(&self, unit: &Unit) -> Value {
        json!({
            "@id": self.unit_id(unit),
            "@type": "cv:PublicOrganisation",
            "dct:identifier": unit.id.to_string(),
            "skos:prefLabel": text(&unit.facts.name),
            "dct:isPartOf": { "@id": self.origin },
            "dct:spatial": {
                "@id": "http://publications.europa.eu/resource/authority/country/IDN",
                "@type": "dct:Location"
            }
        })
    }

    fn contact(&self, unit: &Unit) -> Option<Value> {
        let contact = &unit.facts.contact;
        let mut node = Map::new();
        if !contact.phone.is_empty() {
            node.insert("cv:telephone".into(), json!(contact.phone));
        }
        if !contact.email.is_empty() {
            node.insert("cv:email".into(), json!(contact.email));
        }
        if !contact.web.is_empty() {
            node.insert("cv:contactPage".into(), json!({ "@id": contact.web, "@type": "foaf:Document" }));
        }
        if node.is_empty() {
            return None;
        }
        node.insert("@id".into(), json!(format!("{}#kontak", self.unit_id(unit))));
        node.insert("@type".into(), json!("cv:ContactPoint"));
        Some(Value::Object(node))
    }

    fn channel(&self, service: &Service, here: &str, channel: crate::Channel) -> Value {
        let facts = &service.facts;
        let at = format!("{here}#kanal-{}", channel.name());
        let mut node = json!({
            "@id": at,
            "@type": "cv:Channel",
            "dct:identifier": at,
            "dct:description": text(&channel_words(self.w, channel))
        });
        if channel == crate::Channel::Online && !facts.online.is_empty() {
            node["foaf:page"] = json!({ "@id": facts.online, "@type": "foaf:Document" });
        }
        if channel == crate::Channel::Counter && !facts.hours.is_empty() {
            let zone = self.published.institution.settings.zone;
            let hours: Vec<String> = hours_words(self.w, &facts.hours, zone)
                .into_iter()
                .map(|(days, times)| format!("{days} {times}"))
                .collect();
            let open = json!({ "@id": format!("{at}-buka"), "@type": "time:TemporalEntity", "dct:description": text(&hours.join("; ")) });
            node["cv:openingHours"] = open;
        }
        node
    }

    fn cost(&self, fee: &Fee, here: &str) -> Value {
        let at = format!("{here}#biaya");
        let mut node = json!({
            "@id": at,
            "@type": "cv:Cost",
            "dct:identifier": at,
            "dct:description": text(&fee_words(self.w, fee))
        });
        let rupiah = match fee {
            Fee::Free => Some(0),
            Fee::Fixed { rupiah } => Some(*rupiah),
            Fee::Varies { .. } => None,
        };
        if let Some(rupiah) = rupiah {
            node["cv:hasValue"] = json!({ "@value": rupiah.to_string(), "@type": "xsd:double" });
            node["cv:currency"] = json!({
                "@id": "http://publications.europa.eu/resource/authority/currency/IDR",
                "@type": "skos:Concept"
            });
        }
        node
    }

    fn concept_id(&self, kind: &kinds::Kind) -> String {
        format!("{}/layanan?kategori={}", self.origin, kind.key)
    }

    fn concept(&self, kind: &kinds::Kind) -> Value {
        json!({
            "@id": self.concept_id(kind),
            "@type": "skos:Concept",
            "skos:prefLabel": text(kind.name(Language::Indonesian))
        })
    }

    fn event_id(&self, kind: &kinds::Kind) -> String {
        format!("{}/layanan?peristiwa={}", self.origin, kind.key)
    }

    fn event(&self, kind: &kinds::Kind) -> Value {
        json!({
            "@id": self.event_id(kind),
            "@type": ["cv:Event", "cv:LifeEvent"],
            "dct:identifier": kind.key,
            "dct:title": text(kind.name(Language::Indonesian))
        })
    }
}

/// The duration in the notation of ISO 8601; nothing for working days, which it does not know.
fn duration_of(duration: crate::Duration) -> Option<String> {
    let amount = duration.amount;
    match duration.unit {
        TimeUnit::Minutes => Some(format!("PT{amount}M")),
        TimeUnit::Hours => Some(format!("PT{amount}H")),
        TimeUnit::Days => Some(format!("P{amount}D")),
        TimeUnit::Months => Some(format!("P{amount}M")),
        TimeUnit::WorkingDays => None,
    }
}
