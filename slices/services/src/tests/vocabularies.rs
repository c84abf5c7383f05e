//! Both exports are held to what their vocabularies ask for, by readers that are not ours where there are any.

use super::world::{HERE, World};
use oxjsonld::JsonLdParser;
use oxrdf::{NamedOrBlankNode, Quad, Term};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ASKED: &str = include_str!("../../data/vocabularies.toml");

#[derive(Deserialize)]
struct Asked {
    cpsv: Vec<Shape>,
    hsds: BTreeMap<String, Form>,
}

#[derive(Deserialize)]
struct Shape {
    class: String,
    must: Vec<String>,
    once: Vec<String>,
    texts: Vec<String>,
    links: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    must: Vec<String>,
    texts: Vec<String>,
    numbers: Vec<String>,
    addresses: Vec<String>,
    mails: Vec<String>,
    moments: Vec<String>,
    ids: Vec<String>,
    choices: BTreeMap<String, Vec<String>>,
    parts: BTreeMap<String, String>,
    part: BTreeMap<String, String>,
}

fn asked() -> Asked {
    toml::from_str(ASKED).expect("the list can be read")
}

/// A city with a service that has everything, one that takes days of the calendar, and one whose fee varies.
async fn exported(path: &str) -> Value {
    let world = World::new().await;
    let city = world.here.clone();
    let entered = world.database.write(move |db| {
        let desk = city.desk();
        let contact = organisation::Contact {
            phone: "0711-350000".into(),
            email: "dukcapil@contoh.go.id".into(),
            web: "https://dukcapil.contoh.go.id".into(),
            ..organisation::Contact::default()
        };
        let unit = organisation::unit(db, city.id, city.office.id)?.ok_or(crate::Refused::NotFound)?;
        organisation::change_contact(db, &desk, city.office.id, unit.version, &contact)
            .map_err(|refused| platform::database::DatabaseError::Other(format!("{refused:?}").into()))?;
        for (name, unit, fee, fee_text) in [
            ("Akta kelahiran", "working-days", "free", ""),
            ("Izin usaha", "days", "fixed", "25000"),
            ("Uji kendaraan", "minutes", "varies", "menurut jenis kendaraan"),
        ] {
            let mut typed = super::world::typed(name);
            typed.time_unit = unit.into();
            typed.fee = fee.into();
            typed.fee_text = fee_text.into();
            typed.events = vec!["lahir".into()];
            typed.channels = vec!["counter".into(), "online".into()];
            typed.online = "https://layanan.contoh.go.id/daring".into();
            typed.hours =
                ["08.00-15.00", "08.00-15.00", "08.00-15.00", "08.00-15.00", "08.00-11.00", "", ""].map(str::to_owned);
            typed.audience = "Warga kota".into();
            let facts = typed.check().map_err(crate::Refused::Faults)?;
            let service = crate::enter_service(db, &desk, city.office.id, &facts, false)?;
            crate::publish_service(db, &desk, service.id, 1)?;
        }
        Ok::<_, crate::Refused>(())
    });
    entered.await.expect("entered");
    let answer = world.browser.at(HERE).get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_str(&answer.text()).expect("it is JSON")
}

/// The whole name of a short one: `dct:title`.
fn whole(short: &str) -> String {
    let (prefix, rest) = short.split_once(':').expect("a short name");
    let space = match prefix {
        "cpsv" => "http://purl.org/vocab/cpsv#",
        "cv" => "http://data.europa.eu/m8g/",
        "dct" => "http://purl.org/dc/terms/",
        "foaf" => "http://xmlns.com/foaf/0.1/",
        "skos" => "http://www.w3.org/2004/02/skos/core#",
        "time" => "http://www.w3.org/2006/time#",
        other => panic!("{other} is unknown"),
    };
    format!("{space}{rest}")
}

struct Graph(Vec<Quad>);

impl Graph {
    fn values<'g>(&'g self, node: &'g NamedOrBlankNode, property: &'g str) -> impl Iterator<Item = &'g Term> {
        self.0
            .iter()
            .filter(move |quad| quad.subject == *node && quad.predicate.as_str() == property)
            .map(|quad| &quad.object)
    }

    fn is(&self, term: &Term, class: &str) -> bool {
        self.0.iter().any(|quad| {
            quad.predicate.as_str() == TYPE
                && Term::from(quad.subject.clone()) == *term
                && matches!(&quad.object, Term::NamedNode(known) if known.as_str() == class)
        })
    }

    fn of_class(&self, class: &str) -> BTreeSet<String> {
        let is = |quad: &&Quad| {
            quad.predicate.as_str() == TYPE && matches!(&quad.object, Term::NamedNode(known) if known.as_str() == class)
        };
        self.0.iter().filter(is).map(|quad| quad.subject.to_string()).collect()
    }

    fn subjects(&self, names: &BTreeSet<String>) -> Vec<NamedOrBlankNode> {
        let mut found: Vec<NamedOrBlankNode> = self.0.iter().map(|quad| quad.subject.clone()).collect();
        found.sort_by_key(ToString::to_string);
        found.dedup();
        found.retain(|subject| names.contains(&subject.to_string()));
        found
    }
}

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// What a graph lacks of what the list asks for.
fn faults(graph: &Graph, shapes: &[Shape]) -> Vec<String> {
    let mut faults = Vec::new();
    for shape in shapes {
        for node in graph.subjects(&graph.of_class(&shape.class)) {
            for must in &shape.must {
                if graph.values(&node, &whole(must)).next().is_none() {
                    faults.push(format!("{node} has no {must}"));
                }
            }
            for once in &shape.once {
                if graph.values(&node, &whole(once)).count() > 1 {
                    faults.push(format!("{node} has more than one {once}"));
                }
            }
            for text in &shape.texts {
                if graph
                    .values(&node, &whole(text))
                    .any(|term| !matches!(term, Term::Literal(own) if own.language().is_some()))
                {
                    faults.push(format!("{text} of {node} is in no language"));
                }
            }
            for (link, class) in &shape.links {
                if graph.values(&node, &whole(link)).any(|term| !graph.is(term, &whole(class))) {
                    faults.push(format!("{link} of {node} leads to no {class}"));
                }
            }
        }
    }
    faults
}

fn parsed(value: &Value) -> Graph {
    let text = value.to_string();
    Graph(JsonLdParser::new().for_slice(text.as_bytes()).collect::<Result<_, _>>().expect("it is JSON-LD"))
}

#[tokio::test]
async fn the_linked_data_has_what_cpsv_ap_asks_of_each_class() {
    let (shapes, exported) = (asked().cpsv, exported("/layanan.jsonld").await);
    let graph = parsed(&exported);
    assert_eq!(faults(&graph, &shapes), Vec::<String>::new());
    let count = |class: &str| graph.of_class(&whole(class)).len();
    let found = ["cpsv:PublicService", "cv:PublicOrganisation", "cv:Channel", "cv:Cost", "cv:Requirement", "cv:Event"];
    assert_eq!(found.map(count), [3, 1, 6, 3, 6, 1]);
    let times: Vec<String> = graph
        .0
        .iter()
        .filter(|quad| quad.predicate.as_str() == whole("cv:processingTime"))
        .map(|quad| quad.object.to_string())
        .collect();
    assert_eq!(times.len(), 2, "working days are told in words: {times:?}");
    assert!(times.iter().any(|time| time.starts_with("\"P1D\"^^")), "{times:?}");
    assert!(exported.to_string().contains("Selesai dalam: 1 hari kerja."));
}

#[tokio::test]
async fn a_graph_without_an_authority_or_with_a_text_in_no_language_is_found_out() {
    let (shapes, mut exported) = (asked().cpsv, exported("/layanan.jsonld").await);
    let services = exported["@graph"].as_array_mut().expect("a graph");
    services[0].as_object_mut().expect("a service").remove("cv:hasCompetentAuthority");
    services[1]["dct:title"] = "Izin".into();
    services[2]["cv:hasChannel"][0]["@type"] = "cv:Cost".into();
    let faults = faults(&parsed(&exported), &shapes);
    for wanted in ["has no cv:hasCompetentAuthority", "dct:title of", "cv:hasChannel of"] {
        assert!(faults.iter().any(|fault| fault.contains(wanted)), "{wanted}: {faults:?}");
    }
}

/// What an object of HSDS has that its form does not allow, or lacks.
fn faults_of(forms: &BTreeMap<String, Form>, name: &str, object: &Value) -> Vec<String> {
    let form = &forms[name];
    let mut faults: Vec<String> = form
        .must
        .iter()
        .filter(|key| object[key.as_str()].is_null())
        .map(|key| format!("{name} has no {key}"))
        .collect();
    for (key, value) in object.as_object().expect("an object") {
        let text = value.as_str().unwrap_or_default();
        let has = |keys: &[String]| keys.contains(key);
        let good = if has(&form.ids) {
            text.parse::<platform::identity::UnitId>().is_ok()
        } else if has(&form.addresses) {
            reqwest::Url::parse(text).is_ok()
        } else if has(&form.mails) {
            text.parse::<lettre::Address>().is_ok()
        } else if has(&form.moments) {
            time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_ok()
        } else if has(&form.numbers) {
            value.is_number()
        } else if let Some(choices) = form.choices.get(key) {
            choices.iter().any(|choice| choice == text)
        } else if let Some(part) = form.parts.get(key) {
            let parts = value.as_array().expect("a list");
            faults.extend(parts.iter().flat_map(|one| faults_of(forms, part, one)));
            true
        } else if let Some(part) = form.part.get(key) {
            faults.extend(faults_of(forms, part, value));
            true
        } else {
            has(&form.texts) && !text.is_empty()
        };
        if !good {
            faults.push(format!("{key} of {name}: {value}"));
        }
    }
    faults
}

#[tokio::test]
async fn the_export_has_what_hsds_asks_of_each_object_and_nothing_it_does_not_know() {
    let (forms, exported) = (asked().hsds, exported("/layanan.hsds.json").await);
    let services = exported["contents"].as_array().expect("a list");
    let faults: Vec<String> = services.iter().flat_map(|service| faults_of(&forms, "service", service)).collect();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!((services.len(), &exported["total_items"]), (3, &3.into()));
    let schedules = services[0]["schedules"].as_array().expect("a list");
    assert_eq!((&schedules[0]["byday"], &schedules[0]["opens_at"]), (&"MO,TU,WE,TH".into(), &"08:00+07:00".into()));
    assert_eq!(services[1]["cost_options"][0]["amount"], 25_000);
    let mut ids: Vec<String> = Vec::new();
    for service in services {
        let parts = ["phones", "schedules", "cost_options", "required_documents"];
        let of = parts.iter().filter_map(|key| service[*key].as_array()).flatten();
        ids.extend(of.map(|part| part["id"].to_string()));
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "no two parts share an identifier");
}

#[tokio::test]
async fn an_object_without_a_name_or_with_an_unknown_field_is_found_out() {
    let (forms, mut exported) = (asked().hsds, exported("/layanan.hsds.json").await);
    let service = exported["contents"][0].as_object_mut().expect("a service");
    service.remove("name");
    service.insert("harga".into(), "gratis".into());
    service["organization"]["uri"] = "bukan alamat".into();
    let faults = faults_of(&forms, "service", &exported["contents"][0]);
    assert_eq!(faults.len(), 3, "{faults:?}");
}

#[tokio::test]
async fn the_list_of_services_leads_to_every_export() {
    let world = World::new().await;
    world.published("Akta kelahiran").await;
    let list = world.browser.at(HERE).get("/layanan").await;
    for path in ["/layanan.csv", "/layanan.json", "/layanan.jsonld", "/layanan.hsds.json"] {
        assert!(list.says(&format!("href=\"{path}\"")), "{path}");
    }
}
