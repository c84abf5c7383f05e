//! What all operations share, over a small API of its own.

use super::{Part, Slice, asked, document, is_of_api};
use crate::app::{App, Means, Wiring};
use crate::clock::Clock;
use crate::problem::Problem;
use crate::route::Routes;
use crate::secret::Secrets;
use crate::testing::{Browser, migrated_sqlite};
use crate::visit::Visit;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use rules::phrase::Language;
use serde::{Deserialize, Serialize};
use time::macros::datetime;
use utoipa::{IntoParams, OpenApi, ToSchema};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/things")]
struct ThingsPath;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    colour: Option<String>,
    page: Option<u64>,
    size: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Things {
    /// What was asked for.
    colour: String,
}

#[derive(OpenApi)]
#[openapi(paths(things))]
struct Document;

#[utoipa::path(get, path = ThingsPath::PATH, operation_id = "list-things", params(Asked),
    responses((status = 200, body = Things)))]
async fn things(_: ThingsPath, visit: Visit) -> Result<Response, Problem> {
    let asked: Asked = asked(&visit)?;
    Slice::of(asked.page, asked.size)?;
    std::future::ready(Ok(super::answer(&Things { colour: asked.colour.unwrap_or_default() }))).await
}

const PARTS: &[Part] = &[Part {
    document: Document::openapi,
    words: |key, _| match key {
        "list-things.summary" => "Things".into(),
        "parameter.colour" => "Of this colour.".into(),
        other => other.to_owned(),
    },
    shapes: || vec![("Other".into(), serde_json::json!({ "type": "null" }))],
}];

fn browser() -> (Browser, crate::testing::Fresh) {
    let fresh = migrated_sqlite();
    let wiring = Wiring {
        site: |_, _| {
            let institution = Some(crate::identity::InstitutionId::from(uuid::Uuid::from_u128(7)));
            Ok(Some(crate::site::Site { institution, ..crate::site::Site::unclaimed() }))
        },
        api: PARTS,
        ..Wiring::default()
    };
    let clock = Clock::standing(datetime!(2026-11-21 01:00 UTC));
    let app = App::new(fresh.clone(), clock, wiring, Means::new(Secrets::new([7; 32])));
    let routes = super::routes().get(things).file().public();
    (Browser::new(crate::server::router(&app, routes)), fresh)
}

#[test]
fn the_document_words_operations_and_holds_what_all_share() {
    let whole = document(PARTS, Language::English, "https://contoh.go.id");
    assert_eq!((&whole["openapi"], &whole["servers"][0]["url"]), (&"3.1.0".into(), &"https://contoh.go.id".into()));
    let operation = &whole["paths"]["/api/v1/things"]["get"];
    assert_eq!(operation["summary"], "Things");
    let names: Vec<&str> =
        operation["parameters"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["colour", "page", "size", "lang"]);
    assert_eq!(operation["parameters"][0]["description"], "Of this colour.");
    assert_eq!(operation["parameters"][2]["schema"]["maximum"], 100);
    for status in ["200", "400", "405", "429", "503"] {
        assert!(operation["responses"][status]["description"].is_string(), "{status}");
    }
    assert!(operation["responses"].get("404").is_none(), "a path without holes is always there");
    assert!(whole["components"]["schemas"]["Problem"]["required"].is_array());
    assert_eq!(whole["components"]["schemas"]["Other"]["type"], "null");
}

#[tokio::test]
async fn a_page_of_any_site_may_read_answers_and_problems() {
    let (browser, _fresh) = browser();
    for (path, status) in [("/api/v1/things", 200), ("/api/v1/things?page=0", 400), ("/api/v1/nothing", 404)] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "{path}");
        assert_eq!(answer.headers["cross-origin-resource-policy"], "cross-origin", "{path}");
    }
    let page = browser.get("/api").await;
    assert!(!page.headers.contains_key("access-control-allow-origin"), "a page for people is of this site alone");
}

#[tokio::test]
async fn a_problem_is_json_whatever_was_asked_for() {
    let (browser, _fresh) = browser();
    let answer = browser.get_with("/api/v1/things?color=red", "accept", "text/html").await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["content-type"]),
        (400, &"application/problem+json".parse().unwrap())
    );
    assert!(answer.says("\"code\":\"bad-parameter\""), "{}", answer.text());
}

#[tokio::test]
async fn a_name_or_value_that_nobody_knows_is_refused() {
    let (browser, _fresh) = browser();
    for query in ["color=red", "page=x", "page=-1", "size=0", "size=101", "page=1000001", "lang=fr", "page=1&page=2"] {
        assert_eq!(browser.get(&format!("/api/v1/things?{query}")).await.status, 400, "{query}");
    }
    for query in ["", "colour=", "colour=%00merah&lang=en", "page=1&size=100"] {
        assert_eq!(browser.get(&format!("/api/v1/things?{query}")).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn an_answer_is_tagged_and_not_sent_twice() {
    let (browser, _fresh) = browser();
    let first = browser.get("/api/v1/things").await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let again = browser.get_with("/api/v1/things", "if-none-match", &tag).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
}

#[tokio::test]
async fn an_address_says_which_methods_it_takes() {
    let (browser, _fresh) = browser();
    let answer = browser.post("/api/v1/things", &[]).await;
    assert_eq!((answer.status.as_u16(), &answer.headers["allow"]), (405, &"GET,HEAD".parse().unwrap()));
}

#[tokio::test]
async fn the_page_lists_every_operation_in_both_languages() {
    let (browser, _fresh) = browser();
    for (language, heading) in [("id", "API: data untuk program"), ("en", "API: data for programs")] {
        let page = browser.get(&format!("/api?lang={language}")).await;
        assert!(
            page.says(heading) && page.says("GET /api/v1/things") && page.says("Of this colour."),
            "{}",
            page.text()
        );
    }
}

#[test]
fn what_is_of_the_api_is_told_by_its_path() {
    assert!(is_of_api("/api/v1") && is_of_api("/api/v1/services"));
    assert!(!is_of_api("/api") && !is_of_api("/api/v12") && !is_of_api("/kinerja"));
}
