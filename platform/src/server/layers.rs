//! The layers of every request. [`super::router`] lists them in order, each with its reason.

use super::kept::has_already;
use crate::api::is_of_api;
use crate::app::{App, Surroundings};
use crate::clock;
use crate::cross_site;
use crate::identity::{InstitutionId, Person};
use crate::problem::Problem;
use crate::session::{self, LANGUAGE_COOKIE, Token};
use crate::site::Site;
use crate::visit::{Facts, Visit, query};
use crate::words::tag;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http_body_util::BodyExt as _;
use rules::phrase::Language;
use sha2::{Digest as _, Sha256};
use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Once};
use std::time::Instant;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tracing::Instrument as _;

/// The number of a request.
#[derive(Debug, Clone)]
struct RequestNumber(String);

const REQUEST_NUMBER: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers a request, logs its answer with the path of its route (never the path as typed) and counts it.
pub(super) async fn log_and_count(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = matched.unwrap_or_else(|| "-".to_owned());
    let number = uuid::Uuid::from_bytes(clock::random()).simple().to_string();
    request.extensions_mut().insert(RequestNumber(number.clone()));
    let span = tracing::info_span!("request", otel.name = %format!("{method} {route}"), request = %number);
    app.metrics().began();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    app.metrics().answered(method.as_str(), &route, status, took);
    span.in_scope(|| {
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(method = %method, route = %route, status, milliseconds, "answered");
    });
    if let Ok(value) = HeaderValue::from_str(&number) {
        response.headers_mut().insert(REQUEST_NUMBER, value);
    }
    response
}

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a browser must not do with our answers.
pub(super) async fn security_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let of_api = is_of_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if of_api {
        // What everybody may read, pages of every site may read. They send no cookie with it.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(RESOURCE_POLICY, "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if app.surroundings().https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Which answers travel compressed: all but those that say that they must stay as they are.
pub(super) fn may_be_compressed() -> impl Predicate {
    let as_it_is = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        let control = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
        control.is_none_or(|control| !control.contains("no-transform"))
    };
    DefaultPredicate::new().and(as_it_is)
}

/// Pages up to this size get a tag; larger answers are files that are made once.
const TAGGED_BYTES: u64 = 1024 * 1024;

/// Gives pages an entity tag of their content, and answers 304 to whoever has that content already.
pub(super) async fn tag_pages(request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = request.headers().clone();
    let response = next.run(request).await;
    let size = response.body().size_hint_exact();
    let tagged = response.headers().contains_key(header::ETAG);
    if !reading || tagged || response.status() != StatusCode::OK || size.is_none_or(|bytes| bytes > TAGGED_BYTES) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        return Problem::internal("a page could not be collected").into_response();
    };
    let bytes = collected.to_bytes();
    let digest = Sha256::digest(&bytes);
    let short: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    // Weak: the same page may travel compressed in several ways.
    let tag = format!("W/\"{short}\"");
    let Ok(tag) = HeaderValue::from_str(&tag) else { return Response::from_parts(parts, Body::from(bytes)) };
    let unchanged = has_already(&asked, &tag);
    parts.headers.insert(header::ETAG, tag);
    if unchanged {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

trait ExactSize {
    fn size_hint_exact(&self) -> Option<u64>;
}

impl ExactSize for Body {
    fn size_hint_exact(&self) -> Option<u64> {
        use axum::body::HttpBody as _;
        self.size_hint().exact()
    }
}

/// Where people set up an installation that has no city yet.
const FIRST_RUN: &str = "/mulai";

/// Finds the city, the language and the person of a request, once, for everything inside.
pub(super) async fn visit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let number = request.extensions().get::<RequestNumber>().map_or_else(String::new, |number| number.0.clone());
    let origin = Origin::of(&request, app.surroundings());
    let chosen = query(request.uri()).find(|(key, _)| key == "lang").and_then(|(_, value)| language(&value));
    let kept = session::cookie(request.headers(), LANGUAGE_COOKIE, app.surroundings()).and_then(language);
    let now_in = chosen.or(kept).unwrap_or_default();
    let token = session::cookie(request.headers(), session::COOKIE, app.surroundings()).map(Token::presented);
    let found = find(&app, &origin.host, token).await;
    // No engine keeps it in a text, and no address of ours has one.
    let has_nul = request.uri().path().contains("%00");
    let trouble = found.as_ref().err().cloned().or_else(|| has_nul.then(Problem::not_found));
    let (site, person) = found.unwrap_or_else(|_| (Arc::new(Site::unclaimed()), None));
    let unclaimed = trouble.is_none() && site.institution.is_none() && !request.uri().path().starts_with(FIRST_RUN);
    let facts = Facts {
        site,
        language: now_in,
        person,
        uri: request.uri().clone(),
        origin: format!("{}://{}", origin.scheme, origin.host),
        address: origin.address,
        request: number,
        app: app.clone(),
    };
    let is_page = !is_of_api(request.uri().path());
    let visit = Visit::new(facts);
    let headers = request.headers().clone();
    request.extensions_mut().insert(visit.clone());
    let mut response = match trouble {
        Some(problem) => {
            log(&problem);
            problem.answer(&visit, &headers)
        }
        None if unclaimed => Redirect::to(FIRST_RUN).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag(now_in)));
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
    if is_page && chosen.is_some() && chosen != kept {
        let (name, value) = session::set_cookie(LANGUAGE_COOKIE, tag(now_in), Some(31_536_000), app.surroundings());
        headers.append(name, value);
    }
    response
}

async fn find(app: &App, host: &str, token: Option<Token>) -> Result<(Arc<Site>, Option<Person>), Problem> {
    let site = app.site(host).await?;
    let (Some(institution), Some(token)) = (site.institution, token) else { return Ok((site, None)) };
    let person = find_person(app, &token, institution).await?;
    if let Some(person) = &person {
        (app.wiring().seen)(app, person);
    }
    Ok((site, person))
}

async fn find_person(app: &App, token: &Token, institution: InstitutionId) -> Result<Option<Person>, Problem> {
    let (find, hash, now) = (app.wiring().person, token.hash(), app.now());
    Ok(app.database().read(move |db| find(db, &hash, institution, now)).await?)
}

fn language(tag: &str) -> Option<Language> {
    match tag {
        "id" => Some(Language::Indonesian),
        "en" => Some(Language::English),
        _ => None,
    }
}

/// Said once: whoever sends the header themselves could fill the log with it.
static UNNAMED_PROXY: Once = Once::new();

/// Where a request says it comes from, believing forwarded headers of trusted proxies only.
struct Origin {
    scheme: String,
    host: String,
    address: Option<IpAddr>,
}

impl Origin {
    fn of(request: &Request, surroundings: &Surroundings) -> Self {
        let headers = request.headers();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let trusted = |address: IpAddr| surroundings.trusted_proxies.iter().any(|network| network.contains(&address));
        let host = text(headers, header::HOST.as_str());
        let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
        let mut origin = Self {
            scheme: if surroundings.https { "https" } else { "http" }.to_owned(),
            host: host.or(authority).unwrap_or_default(),
            address: peer,
        };
        if !peer.is_some_and(trusted) {
            if headers.contains_key("x-forwarded-for") {
                UNNAMED_PROXY.call_once(|| {
                    tracing::warn!(
                        "requests come with X-Forwarded-For; a proxy that is not named makes all visitors count as one"
                    );
                });
            }
            return origin;
        }
        // From the right: the nearest address that is not one of our proxies is the visitor's. Beyond a hop that is no address
        // stands only what the visitor wrote.
        let lines = headers.get_all("x-forwarded-for").iter().rev().filter_map(|line| line.to_str().ok());
        let hops = lines.flat_map(|line| line.rsplit(',')).map_while(hop);
        origin.address = hops.into_iter().find(|hop| !trusted(*hop)).or(peer);
        origin.host = text(headers, "x-forwarded-host").unwrap_or(origin.host);
        origin.scheme = text(headers, "x-forwarded-proto").filter(|scheme| scheme == "https").unwrap_or(origin.scheme);
        origin
    }
}

/// An address, with a port or without: `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Words a problem that something inside answered with, and logs its cause once.
pub(super) async fn word_problems(visit: Visit, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    log(&problem);
    let mut worded = problem.answer(&visit, &headers);
    // Cookies that the handler set on the way stay set.
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        worded.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    // Which methods an address takes, and how a program shows its key, stays said.
    for name in [header::ALLOW, header::WWW_AUTHENTICATE] {
        if let Some(said) = response.headers().get(&name) {
            worded.headers_mut().insert(name, said.clone());
        }
    }
    worded
}

fn log(problem: &Problem) {
    if let Some(cause) = problem.cause() {
        tracing::error!(code = problem.code, cause, "problem");
    }
}

/// Refuses what another site makes a browser send.
pub(super) async fn refuse_other_sites(visit: Visit, request: Request, next: Next) -> Response {
    let host = visit.facts().origin.split_once("://").map_or("", |(_, host)| host);
    if cross_site::comes_from_here(request.method(), request.headers(), host) {
        next.run(request).await
    } else {
        Problem::from_another_site().into_response()
    }
}

/// A panic as a problem.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
pub(super) fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::internal(format!("panic: {}", said.unwrap_or("without words"))).into_response()
}
