//! The parts of all slices as one document.

use super::{FURTHEST, MOST, Part, ROOT, USUAL};
use crate::words::{Words, tag};
use rules::phrase::Language;
use serde_json::{Map, Value, json};
use utoipa::openapi::{Info, OpenApi, Paths};

const METHODS: [&str; 2] = ["get", "post"];
/// Problems that any operation may answer with.
const SHARED: [(&str, &str); 4] =
    [("400", "bad-parameter"), ("405", "wrong-method"), ("429", "too-many-requests"), ("503", "database")];

/// The description of the whole API in a language, for an installation that is reached at `origin`.
///
/// # Panics
/// Never: a description is JSON.
#[must_use]
pub fn document(parts: &[Part], language: Language, origin: &str) -> Value {
    let w = Words::shared(language);
    let whole = OpenApi::new(Info::new(w.text("api.name"), env!("CARGO_PKG_VERSION").to_owned()), Paths::new());
    let whole = parts.iter().fold(whole, |whole, part| whole.merge_from((part.document)()));
    let mut whole = serde_json::to_value(whole).expect("a description is JSON");
    whole["info"]["description"] = w.text("api.lead").into();
    whole["info"]["license"] = json!({ "name": "EUPL-1.2", "identifier": "EUPL-1.2" });
    whole["servers"] = json!([{ "url": origin }]);
    let schemas = shapes(parts, w);
    let known = whole["components"]["schemas"].as_object_mut();
    match known {
        Some(known) => known.extend(schemas),
        None => whole["components"]["schemas"] = Value::Object(schemas),
    }
    let operations = whole["paths"].as_object_mut().into_iter().flat_map(|paths| paths.iter_mut());
    for (path, item) in operations {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                complete(operation, path.contains('{'), parts, w);
            }
        }
    }
    whole["components"]["securitySchemes"] = json!({
        "program-key": { "type": "http", "scheme": "bearer", "description": w.text("api.needs-key") },
    });
    whole["paths"][format!("{ROOT}/openapi.json")] = own(w);
    whole
}

/// The document describes itself.
fn own(w: Words) -> Value {
    let parts = [Part {
        document: || OpenApi::new(Info::default(), Paths::new()),
        words: |key, language| Words::shared(language).text(&format!("api.{key}")),
        shapes: Vec::new,
    }];
    let answer = json!({ "description": w.text("api.answer.200"), "content": { "application/json": { "schema": { "type": "object" } } } });
    let mut operation = Map::new();
    operation.insert("operationId".into(), "describe".into());
    operation.insert("responses".into(), json!({ "200": answer }));
    complete(&mut operation, false, &parts, w);
    json!({ "get": operation })
}

fn shapes(parts: &[Part], w: Words) -> Map<String, Value> {
    let text = |description: &str| json!({ "type": "string", "description": w.text(description) });
    let problem = json!({
        "type": "object",
        "description": w.text("api.problem.whole"),
        "required": ["type", "title", "status", "detail", "code", "request"],
        "properties": {
            "type": text("api.problem.type"),
            "title": text("api.problem.title"),
            "status": { "type": "integer", "description": w.text("api.problem.status") },
            "detail": text("api.problem.detail"),
            "code": text("api.problem.code"),
            "request": text("api.problem.request"),
        },
    });
    let mut shapes: Map<String, Value> = parts.iter().flat_map(|part| (part.shapes)()).collect();
    shapes.insert("Problem".into(), problem);
    shapes
}

/// Puts into an operation what all share: words, the language, problems.
fn complete(operation: &mut Map<String, Value>, has_holes: bool, parts: &[Part], w: Words) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    // A key nobody wrote is given back as itself: then another part words it.
    let said = |key: &str| {
        let found = parts.iter().map(|part| (part.words)(key, w.language)).find(|words| !words.ends_with(key));
        found.unwrap_or_default()
    };
    operation.insert("summary".into(), said(&format!("{id}.summary")).into());
    operation.insert("description".into(), said(&format!("{id}.description")).into());
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        for parameter in parameters.iter_mut() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let shared = w.text(&format!("api.parameter.{name}"));
            let own = said(&format!("parameter.{name}"));
            parameter["description"] = if own.is_empty() { shared } else { own }.into();
            limit(&name, &mut parameter["schema"]);
        }
        parameters.push(json!({
            "name": "lang",
            "in": "query",
            "required": false,
            "description": w.text("api.parameter.lang"),
            "schema": { "type": "string", "enum": ["id", "en"], "default": tag(w.language) },
        }));
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut() {
        let words = w.text(&format!("api.answer.{status}"));
        if status.as_str() < "400" {
            response["description"] = words.into();
        } else {
            *response = problem(&words);
        }
    }
    let missing = has_holes.then_some(("404", "not-found"));
    for (status, code) in SHARED.into_iter().chain(missing) {
        responses.entry(status).or_insert_with(|| problem(&w.text(&format!("problem.{code}.title"))));
    }
}

/// An answer that is a problem.
fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

/// The limits that lists have.
fn limit(name: &str, schema: &mut Value) {
    let (most, usual) = match name {
        "page" => (FURTHEST, 1),
        "size" => (MOST, USUAL),
        _ => return,
    };
    *schema = json!({ "type": "integer", "minimum": 1, "maximum": most, "default": usual });
}
