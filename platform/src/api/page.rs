//! `/api`: what programs can ask for, in words, from the same document.

use super::{ApiPath, DocumentPath, document};
use crate::app::App;
use crate::page::{Page, show};
use crate::problem::Problem;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    page: Page,
    w: Words,
    document: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    /// Where it can be tried with a click: it reads, and its path has no holes.
    try_it: String,
    needs_key: bool,
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: String,
    what: String,
    required: bool,
    values: String,
}

/// Shows every operation.
pub(crate) async fn show_api(_: ApiPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let w = Words::shared(visit.language());
    let whole = document(app.wiring().api, visit.language(), &visit.facts().origin);
    let items = whole["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| shown(path, method, operation))
    });
    let template = ApiPage {
        page: visit.page(w.text("api.title")),
        document: DocumentPath.to_string(),
        operations: operations.collect(),
        w,
    };
    std::future::ready(show(&template)).await
}

fn shown(path: &str, method: &str, operation: &Value) -> Operation {
    let text = |key: &str| operation[key].as_str().unwrap_or_default().to_owned();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let reads = method == "get" && !path.contains('{');
    Operation {
        id: text("operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text("summary"),
        description: text("description"),
        try_it: if reads { path.to_owned() } else { String::new() },
        needs_key: operation.get("security").is_some(),
        // The language is told once, above.
        parameters: parameters.filter(|one| one["name"] != "lang").map(parameter).collect(),
    }
}

fn parameter(parameter: &Value) -> Parameter {
    let text = |key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
    let schema = &parameter["schema"];
    let choices: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let range = schema["minimum"].as_u64().zip(schema["maximum"].as_u64());
    Parameter {
        name: text("name"),
        what: text("description"),
        required: parameter["required"] == true,
        values: match range {
            // As a program writes them: a year has no point in it.
            Some((least, most)) => format!("{least} – {most}"),
            None => choices.join(", "),
        },
    }
}
