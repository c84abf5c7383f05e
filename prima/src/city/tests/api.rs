//! The description of the public API, of all slices together, and what it describes.

use super::super::slices::{API, routes};
use platform::api::{document, is_of_api};
use rules::phrase::Language;
use serde_json::Value;
use std::collections::BTreeSet;

fn whole(language: Language) -> Value {
    document(API, language, "https://contoh.go.id")
}

/// Method and path of every operation.
fn operations(whole: &Value) -> BTreeSet<(String, String)> {
    let paths = whole["paths"].as_object().expect("there are paths");
    let methods = |(path, item): (&String, &Value)| {
        let methods: Vec<String> =
            item.as_object().into_iter().flatten().map(|(method, _)| method.to_uppercase()).collect();
        methods.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}

/// Calls `see` with every value of the document and its place.
fn each(value: &Value, place: &str, see: &mut impl FnMut(&str, &Value)) {
    see(place, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| each(inner, &format!("{place}/{name}"), see)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, inner)| each(inner, &format!("{place}/{at}"), see))
        }
        _ => {}
    }
}

#[test]
fn every_route_for_programs_is_described_and_nothing_else() {
    let declared: BTreeSet<(String, String)> = routes()
        .declarations()
        .filter(|route| is_of_api(route.path))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(operations(&whole(Language::Indonesian)), declared);
    assert!(declared.len() > 6, "{declared:?}");
}

#[test]
fn every_reference_leads_to_a_shape() {
    let whole = whole(Language::English);
    let mut dangling = Vec::new();
    let mut seen = 0;
    each(&whole, "", &mut |place, value| {
        if let (true, Some(to)) = (place.ends_with("/$ref"), value.as_str()) {
            seen += 1;
            if whole.pointer(to.trim_start_matches('#')).is_none() {
                dangling.push(to.to_owned());
            }
        }
    });
    assert!(seen > 20 && dangling.is_empty(), "{seen} references, of which lead nowhere: {dangling:?}");
}

#[test]
fn everything_is_worded_in_both_languages() {
    let [id, en] = [Language::Indonesian, Language::English].map(whole);
    let wanting = |whole: &Value| {
        let mut wanting = Vec::new();
        for (method, path) in operations(whole) {
            let operation = &whole["paths"][&path][method.to_lowercase()];
            let mut texts = vec![
                ("summary".to_owned(), &operation["summary"]),
                ("description".to_owned(), &operation["description"]),
            ];
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            texts.extend(parameters.map(|one| (one["name"].to_string(), &one["description"])));
            let responses = operation["responses"].as_object().into_iter().flatten();
            texts.extend(responses.map(|(status, answer)| (status.clone(), &answer["description"])));
            let bare = |text: &Value| !text.as_str().is_some_and(|words| words.contains(' ') || words.ends_with('.'));
            wanting.extend(
                texts.into_iter().filter(|(_, text)| bare(text)).map(|(what, text)| format!("{path} {what}: {text}")),
            );
        }
        wanting
    };
    assert_eq!(wanting(&id), Vec::<String>::new());
    assert_eq!(wanting(&en), Vec::<String>::new());
    let list = "/paths/~1api~1v1~1services/get/summary";
    assert_ne!(id.pointer(list), en.pointer(list));
}
