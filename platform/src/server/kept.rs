//! Public pages kept as they were sent: compressed, tagged, and good for as long as nothing was committed since they were made.
//!
//! A page of a route that is [`public_and_kept`](crate::route::Undeclared::public_and_kept) is a function of its address, the
//! language, the city and the database. So the database is asked for its [`Stamp`] with each request; while that is the same,
//! the answer is the same, and it need not be rendered and compressed again. It is never older than what was committed when its reader asked.

use crate::app::App;
use crate::assets::accepts;
use crate::database::Stamp;
use crate::problem::Problem;
use crate::route::{Pace, Routes};
use crate::site::Site;
use crate::visit::Visit;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rules::phrase::Language;
use std::sync::Arc;

/// Memory for all kept pages together, in bytes.
const ALL_PAGES: u64 = 16 * 1024 * 1024;
/// A page beyond this size is made anew each time.
const ONE_PAGE: usize = 256 * 1024;
/// What an entry takes beside its page, about.
const ENTRY: usize = 1024;

/// What a page is a function of, beside the database and the city.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    origin: String,
    address: String,
    language: Language,
    encoding: Encoding,
}

/// How a page travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The smallest that a browser takes.
    fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match () {
            () if accepts(accepted, "br") => Self::Brotli,
            () if accepts(accepted, "gzip") => Self::Gzip,
            () => Self::Plain,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Plain => "identity",
        }
    }
}

#[derive(Debug)]
struct Page {
    stamp: Stamp,
    site: Arc<Site>,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<Key, Arc<Page>> for Weight {
    fn weight(&self, key: &Key, page: &Arc<Page>) -> u64 {
        (ENTRY + key.origin.len() + key.address.len() + page.body.len()) as u64
    }
}

/// The pages of one server.
#[derive(Debug, Clone)]
pub(super) struct Pages {
    app: App,
    routes: Arc<[&'static str]>,
    pages: Arc<Cache<Key, Arc<Page>, Weight>>,
}

impl Pages {
    /// No page is kept yet.
    pub(super) fn new(app: &App, routes: &Routes) -> Self {
        let kept = routes.declarations().filter(|route| route.kept).map(|route| route.path);
        let pages = Cache::with_weighter(1_000, ALL_PAGES, Weight);
        Self { app: app.clone(), routes: kept.collect(), pages: Arc::new(pages) }
    }

    /// What the answer to a request is kept under; nothing when it is not to be kept.
    fn key(&self, request: &Request, visit: &Visit) -> Option<Key> {
        let path = request.extensions().get::<MatchedPath>()?.as_str();
        let is_kept = *request.method() == Method::GET && visit.person().is_none() && self.routes.contains(&path);
        is_kept.then(|| Key {
            origin: visit.facts().origin.clone(),
            address: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
            language: visit.language(),
            encoding: Encoding::of(request.headers()),
        })
    }
}

/// Answers with a kept page, or keeps the page that is made.
pub(super) async fn keep(State(kept): State<Pages>, visit: Visit, mut request: Request, next: Next) -> Response {
    let Some(key) = kept.key(&request, &visit) else { return next.run(request).await };
    // Asked before the page is made: what is committed meanwhile makes it old at once. A database that cannot say keeps nothing.
    let Ok(stamp) = kept.app.database().stamp().await else { return next.run(request).await };
    let site = &visit.facts().site;
    if let Some(page) = kept.pages.get(&key)
        && page.stamp == stamp
        && Arc::ptr_eq(&page.site, site)
    {
        if let Err(wait) = kept.app.paces().ask(Pace::Reading, &visit) {
            return Problem::too_many_requests(wait).answer(&visit, request.headers());
        }
        return page.answer(request.headers());
    }
    let known = request.headers().clone();
    // The page is made exactly as it is kept.
    request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static(key.encoding.name()));
    let (mut parts, body) = next.run(request).await.into_parts();
    let is_page = parts.status == StatusCode::OK && !parts.headers.contains_key(header::SET_COOKIE);
    if !is_page {
        return Response::from_parts(parts, body);
    }
    let Ok(collected) = body.collect().await else {
        return Problem::internal("a page could not be collected").answer(&visit, &known);
    };
    let body = collected.to_bytes();
    parts.headers.remove(header::CONTENT_LENGTH);
    if body.len() <= ONE_PAGE {
        let page = Page { stamp, site: Arc::clone(site), headers: parts.headers.clone(), body: body.clone() };
        kept.pages.insert(key, Arc::new(page));
    }
    Response::from_parts(parts, Body::from(body))
}

impl Page {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let tag = self.headers.get(header::ETAG);
        let unchanged = tag.is_some_and(|tag| has_already(asked, tag));
        let (status, body) = match unchanged {
            true => (StatusCode::NOT_MODIFIED, Body::empty()),
            false => (StatusCode::OK, Body::from(self.body.clone())),
        };
        let mut response = (status, body).into_response();
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// Whether a browser says that it has the content of this weak tag.
pub(super) fn has_already(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let hash = tag.to_str().ok().and_then(|tag| tag.strip_prefix("W/"));
    known.zip(hash).is_some_and(|(known, hash)| known.contains(hash))
}
