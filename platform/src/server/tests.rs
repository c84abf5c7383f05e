//! The layers, tried from outside with a small set of routes.

use super::router;
use crate::app::{App, Means, Surroundings, Wiring};
use crate::clock::Clock;
use crate::database::{DatabaseError, Read};
use crate::form::Form;
use crate::identity::{AccountId, Action, Grant, InstitutionId, Person, Role, SessionId};
use crate::problem::Problem;
use crate::route::{Pace, Routes};
use crate::secret::Secrets;
use crate::session::{COOKIE, Token, TokenHash};
use crate::site::Site;
use crate::testing::{Answer, Browser, Fresh, migrated_sqlite};
use crate::upload::Upload;
use crate::visit::Visit;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Html;
use axum_extra::routing::TypedPath;
use rules::phrase::Language;
use serde::Deserialize;
use std::time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
const EDIT: Action = Action { name: "test.edit", roles: &[Role::Coordinator] };

macro_rules! paths {
    ($($name:ident = $path:literal),+) => { $(#[derive(TypedPath, Deserialize)] #[typed_path($path)] struct $name;)+ };
}
paths!(
    Open = "/terbuka",
    Mine = "/saya",
    Edit = "/ubah",
    Broken = "/rusak",
    Slow = "/lambat",
    Posted = "/kirim",
    Filed = "/berkas",
    Guess = "/tebak"
);

fn routes() -> Routes {
    Routes::new()
        .get(|_: Open, visit: Visit| async move { Html(format!("{:?} {}", visit.language(), visit.site().name)) })
        .public()
        .get(|_: Mine, visit: Visit| async move { Ok::<_, Problem>(visit.signed_in()?.name.clone()) })
        .signed_in()
        .get(|_: Edit| async { "boleh" })
        .may(&EDIT)
        .get(break_down)
        .public()
        .get(|_: Slow| async { tokio::time::sleep(Duration::from_secs(5)).await })
        .upload(0, Duration::from_millis(20))
        .public()
        .post(|_: Posted, form: Form| async move { form.value("isi").to_owned() })
        .public()
        .post(|_: Filed, upload: Upload| async move { upload.files.len().to_string() })
        .upload(64 * 1024 * 1024, Duration::from_secs(30))
        .public()
        .post(|_: Guess| async { "salah" })
        .pace(Pace::Guessing)
        .public()
}

async fn break_down(_: Broken) -> &'static str {
    std::future::ready(()).await;
    panic!("sesuatu yang tak terduga")
}

fn find_site(_: &mut Read<'_>, host: &str) -> Result<Option<Site>, DatabaseError> {
    let name = format!("Pemerintah {host}");
    Ok((host != "kosong").then(|| Site { institution: Some(InstitutionId::new(NOW)), name, ..Site::unclaimed() }))
}

/// The token "koordinator" belongs to a coordinator with a second factor, "setengah" to one without, "petugas" to a clerk.
fn find_person(
    _: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let of = |name: &str| *token == Token::presented(name).hash();
    let role = if of("petugas") { Role::CitizenDesk } else { Role::Coordinator };
    let known = of("petugas") || of("koordinator") || of("setengah");
    Ok(known.then(|| Person {
        account: AccountId::new(NOW),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role, units: None }],
        second_factor: !of("setengah"),
        proved_at: NOW,
    }))
}

fn browser(surroundings: Surroundings) -> (Browser, Fresh) {
    let fresh = migrated_sqlite();
    let wiring = Wiring { site: find_site, person: find_person, ..Wiring::default() };
    let app = App::new(
        fresh.clone(),
        Clock::standing(NOW),
        wiring,
        Means { surroundings, ..Means::new(Secrets::new([7; 32])) },
    );
    (Browser::new(router(&app, routes())), fresh)
}

async fn open(path: &str) -> Answer {
    let (browser, _fresh) = browser(Surroundings::default());
    browser.get(path).await
}

#[tokio::test]
async fn a_public_page_is_for_anybody() {
    let answer = open("/terbuka").await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "Indonesian Pemerintah contoh.go.id"));
}

#[tokio::test]
async fn every_answer_carries_its_number_and_forbids_foreign_content() {
    for path in ["/terbuka", "/tidak-ada", "/healthz", "/aset/tidak-ada"] {
        let answer = open(path).await;
        assert_eq!(answer.headers["x-request-id"].len(), 32, "{path}");
        assert!(
            answer.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"),
            "{path}"
        );
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_it_and_back() {
    let answer = open("/ubah?unit=7").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/masuk?lanjut=%2Fubah%3Funit%3D7"));
}

#[tokio::test]
async fn a_role_that_may_not_is_refused_and_one_that_may_is_let_in() {
    let (browser, _fresh) = browser(Surroundings::default());
    browser.keep(COOKIE, "petugas");
    assert_eq!(browser.get("/ubah").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/saya").await.text(), "Sari");
    browser.keep(COOKIE, "koordinator");
    assert_eq!(browser.get("/ubah").await.text(), "boleh");
}

#[tokio::test]
async fn a_password_alone_does_not_open_what_needs_a_second_factor() {
    let (browser, _fresh) = browser(Surroundings::default());
    browser.keep(COOKIE, "setengah");
    assert_eq!(browser.get("/ubah").await.location(), "/akun/dua-langkah?lanjut=%2Fubah");
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let (browser, _fresh) = browser(Surroundings::default());
    assert_eq!(browser.post("/kirim", &[("isi", "halo")]).await.text(), "halo");
    let foreign = browser.request("POST", "/kirim").header("sec-fetch-site", "cross-site");
    let answer = browser.send(foreign, Body::from("isi=halo")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.says("dikirim dari situs lain"));
}

#[tokio::test]
async fn the_language_is_chosen_once_and_remembered() {
    let (browser, _fresh) = browser(Surroundings::default());
    assert!(browser.get("/terbuka?lang=en").await.says("English"));
    let again = browser.get("/terbuka").await;
    assert!(again.says("English"));
    assert_eq!(again.headers[header::CONTENT_LANGUAGE], "en");
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let (browser, _fresh) = browser(Surroundings::default());
    let first = browser.get("/terbuka").await;
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    let again = browser.get_with("/terbuka", "if-none-match", &tag).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    let other = browser.get_with("/terbuka?lang=en", "if-none-match", &tag).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn a_missing_page_is_a_page_with_a_way_on() {
    let answer = open("/tidak-ada").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.says("Halaman tidak ditemukan") && answer.says("href=\"/\""));
}

#[tokio::test]
async fn a_program_gets_problem_json() {
    let (browser, _fresh) = browser(Surroundings::default());
    let answer = browser.get_with("/tidak-ada", "accept", "application/json").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(404), Some("not-found")));
}

#[tokio::test]
async fn a_panic_is_a_problem_of_that_request_only() {
    let (browser, _fresh) = browser(Surroundings::default());
    let answer = browser.get("/rusak").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.says("tak terduga"), "the cause is for the log");
    assert_eq!(browser.get("/terbuka").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_given_up() {
    let answer = open("/lambat").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers[header::RETRY_AFTER], "30");
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let (browser, _fresh) = browser(Surroundings::default());
    let answer = browser.post("/kirim", &[("isi", &"x".repeat(70_000))]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_wrong_method_is_told_so() {
    let answer = open("/kirim").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.says("<h1"));
}

#[tokio::test]
async fn secrets_cannot_be_guessed_quickly_from_one_address() {
    let surroundings = Surroundings {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        requests_a_minute: Some(1_000),
        ..Surroundings::default()
    };
    let (browser, _fresh) = browser(surroundings);
    let guess = |from: &'static str| {
        let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 9)));
        let request = browser.request("POST", "/tebak").header("x-forwarded-for", from).extension(peer);
        browser.send(request, Body::empty())
    };
    let mut refused = 0;
    for _ in 0..65 {
        refused += u32::from(guess("192.0.2.1").await.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 5, "sixty are let through");
    assert_eq!(guess("192.0.2.2").await.status, StatusCode::OK, "another address is not slowed");
}

#[tokio::test]
async fn what_a_visitor_writes_before_the_proxys_own_word_is_not_believed() {
    let surroundings = Surroundings {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        requests_a_minute: Some(1_000),
        ..Surroundings::default()
    };
    // The proxy adds a line of its own, with a port, behind whatever the visitor sent.
    for forged in ["192.0.2.{}", "192.0.2.{}, unknown", "nobody"] {
        let (browser, _fresh) = browser(surroundings.clone());
        let mut refused = 0;
        for number in 0..65 {
            let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 9)));
            let request =
                browser.request("POST", "/tebak").header("x-forwarded-for", forged.replace("{}", &number.to_string()));
            let request = request.header("x-forwarded-for", "198.51.100.7:4711").extension(peer);
            refused += u32::from(browser.send(request, Body::empty()).await.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(refused, 5, "{forged}");
    }
}

#[tokio::test]
async fn text_beside_a_file_shares_one_limit_however_many_fields_it_has() {
    let (browser, _fresh) = browser(Surroundings::default());
    let file = ("berkas", "jawaban.csv", b"1" as &[u8]);
    let long = "a".repeat(500_000);
    let answer = browser.upload("/berkas", &[("a", &long), ("b", &long)], file).await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "1"));
    let answer = browser.upload("/berkas", &[("a", &long), ("b", &long), ("c", &long)], file).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many = vec![("a", ""); 10_000];
    assert_eq!(browser.upload("/berkas", &many, file).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_address_with_a_zero_byte_leads_nowhere() {
    assert_eq!(open("/terbuka%00").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_is_behind_it() {
    let surroundings = Surroundings { requests_a_minute: Some(1_000), ..Surroundings::default() };
    let (browser, _fresh) = browser(surroundings);
    let mut refused = 0;
    for number in 0..65 {
        let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([198, 51, 100, 7], 9)));
        let forged = format!("192.0.2.{number}");
        let request = browser.request("POST", "/tebak").header("x-forwarded-for", forged).extension(peer);
        refused += u32::from(browser.send(request, Body::empty()).await.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 5);
}

#[tokio::test]
async fn an_installation_without_a_city_leads_to_its_first_page() {
    let (browser, _fresh) = browser(Surroundings::default());
    assert_eq!(browser.at("kosong").get("/terbuka").await.location(), "/mulai");
}

#[tokio::test]
async fn the_counters_name_routes_and_never_what_was_typed() {
    let fresh = migrated_sqlite();
    let wiring = Wiring { site: find_site, person: find_person, ..Wiring::default() };
    let app = App::new(fresh.clone(), Clock::standing(NOW), wiring, Means::new(Secrets::new([7; 32])));
    let browser = Browser::new(router(&app, routes()));
    browser.get("/terbuka?q=nama-orang").await;
    browser.get("/rahasia/abc").await;
    let counters = app.metrics().text().unwrap();
    assert!(counters.contains(r#"prima_requests_total{method="GET",route="/terbuka",status="200"} 1"#), "{counters}");
    assert!(!counters.contains("nama-orang") && !counters.contains("abc"));
}

#[tokio::test]
async fn health_needs_no_city_and_readiness_needs_the_database() {
    let (browser, fresh) = browser(Surroundings::default());
    assert_eq!(browser.at("kosong").get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
    fresh.clone().close();
    assert_eq!(browser.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_database_a_page_says_so_in_plain_words() {
    let (browser, fresh) = browser(Surroundings::default());
    fresh.clone().close();
    let answer = browser.get("/terbuka").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.says("Data sedang tidak dapat dibaca"));
}

#[test]
fn every_declaration_says_for_whom() {
    let list: Vec<_> = routes().declarations().map(|route| (route.path, format!("{:?}", route.audience))).collect();
    assert_eq!(list[0], ("/terbuka", "Public".to_owned()));
    assert!(list[2].1.contains("test.edit"));
    assert_eq!(crate::words::tag(Language::English), "en");
}
