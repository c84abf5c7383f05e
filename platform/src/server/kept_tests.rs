//! Kept pages, tried from outside: each rendering of the page says another number.

use super::router;
use crate::app::{App, Means, Surroundings, Wiring};
use crate::clock::{self, Clock};
use crate::database::{DatabaseError, Read};
use crate::identity::{AccountId, InstitutionId, Person, SessionId};
use crate::route::Routes;
use crate::secret::Secrets;
use crate::session::{COOKIE, LANGUAGE_COOKIE, TokenHash};
use crate::site::Site;
use crate::testing::{Browser, Fresh, migrated_sqlite};
use crate::visit::Visit;
use axum::http::{StatusCode, header};
use axum::response::Html;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

#[derive(TypedPath, Deserialize)]
#[typed_path("/tetap/{name}")]
struct Kept {
    name: String,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/segar")]
struct Anew;

async fn show(path: Kept, visit: Visit) -> Html<String> {
    let number = u64::from_le_bytes(clock::random());
    std::future::ready(Html(format!("{} {:?} {number}", path.name, visit.language()))).await
}

async fn show_anew(_: Anew) -> Html<String> {
    std::future::ready(Html(u64::from_le_bytes(clock::random()).to_string())).await
}

fn find_site(_: &mut Read<'_>, host: &str) -> Result<Option<Site>, DatabaseError> {
    Ok(Some(Site { institution: Some(InstitutionId::new(NOW)), name: host.to_owned(), ..Site::unclaimed() }))
}

fn find_person(
    _: &mut Read<'_>,
    _: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    Ok(Some(Person {
        account: AccountId::new(NOW),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: Vec::new(),
        second_factor: false,
        proved_at: NOW,
    }))
}

fn browser(a_minute: Option<u32>) -> (Browser, Fresh) {
    let fresh = migrated_sqlite();
    let wiring = Wiring { site: find_site, person: find_person, ..Wiring::default() };
    let surroundings = Surroundings { requests_a_minute: a_minute, ..Surroundings::default() };
    let app = App::new(
        fresh.clone(),
        Clock::standing(NOW),
        wiring,
        Means { surroundings, ..Means::new(Secrets::new([7; 32])) },
    );
    let routes = Routes::new().get(show).public_and_kept().get(show_anew).public();
    (Browser::new(router(&app, routes)), fresh)
}

#[tokio::test]
async fn a_page_is_made_once_until_something_is_committed() {
    let (browser, fresh) = browser(None);
    let first = browser.get("/tetap/a").await.text();
    assert_eq!(browser.get("/tetap/a").await.text(), first);
    fresh.run_script("CREATE TABLE change (number INTEGER)").unwrap();
    let second = browser.get("/tetap/a").await.text();
    assert_ne!(second, first);
    assert_eq!(browser.get("/tetap/a").await.text(), second);
}

#[tokio::test]
async fn a_route_that_did_not_say_so_is_made_anew() {
    let (browser, _fresh) = browser(None);
    assert_ne!(browser.get("/segar").await.text(), browser.get("/segar").await.text());
}

#[tokio::test]
async fn address_query_language_and_host_have_pages_of_their_own() {
    let (browser, _fresh) = browser(None);
    let mut seen = Vec::new();
    for path in ["/tetap/a", "/tetap/b", "/tetap/a?halaman=2"] {
        seen.push(browser.get(path).await.text());
    }
    seen.push(browser.at("kota-lain.go.id").get("/tetap/a").await.text());
    let english = browser.get("/tetap/a?lang=en").await;
    assert_eq!(browser.cookie(LANGUAGE_COOKIE).as_deref(), Some("en"));
    seen.push(english.text());
    seen.push(browser.get("/tetap/a").await.text());
    assert!(seen[5].starts_with("a English"), "{}", seen[5]);
    let different: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(different.len(), seen.len(), "{seen:?}");
}

#[tokio::test]
async fn who_is_signed_in_never_gets_a_kept_page_and_leaves_none() {
    let (browser, _fresh) = browser(None);
    let signed_in = browser.at("contoh.go.id");
    signed_in.keep(COOKIE, "rahasia");
    let own = signed_in.get("/tetap/a").await.text();
    let public = browser.get("/tetap/a").await.text();
    assert_ne!(public, own);
    assert_ne!(signed_in.get("/tetap/a").await.text(), public);
    assert_eq!(browser.get("/tetap/a").await.text(), public);
}

#[tokio::test]
async fn a_kept_page_travels_compressed_and_only_when_it_changed() {
    let (browser, _fresh) = browser(None);
    let first = browser.get_with("/tetap/a", "accept-encoding", "br").await;
    let again = browser.get_with("/tetap/a", "accept-encoding", "br").await;
    assert_eq!(first.bytes, again.bytes);
    for name in [header::CONTENT_TYPE, header::ETAG, header::VARY, header::CONTENT_LANGUAGE] {
        let both = [&first, &again].map(|answer| answer.headers.get_all(&name).iter().collect::<Vec<_>>());
        assert_eq!(both[0], both[1], "{name}");
    }
    let plain = browser.get("/tetap/a").await;
    let tag = plain.headers[header::ETAG].to_str().unwrap();
    let unchanged = browser.get_with("/tetap/a", "if-none-match", tag).await;
    assert_eq!((unchanged.status, unchanged.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn kept_pages_count_for_the_pace_of_an_address() {
    let (browser, _fresh) = browser(Some(3));
    let mut last = StatusCode::OK;
    for _ in 0..5 {
        let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 1], 9)));
        let request = browser.request("GET", "/tetap/a").extension(peer);
        last = browser.send(request, axum::body::Body::empty()).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
