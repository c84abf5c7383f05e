//! Codes for visits, made by another queue system with its key.

use crate::actions::{self, Asking, Desk, NewBatch, Refused};
use crate::answer::Channel;
use crate::key::ProgramKey;
use crate::pages::SurveyPath;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use platform::api::nothing_asked;
use platform::app::App;
use platform::audit::Actor;
use platform::problem::Problem;
use platform::visit::Visit;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;
use utoipa::{OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(paths(issue))]
pub(super) struct Document;

/// Codes are made.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/survey/codes")]
pub(crate) struct IssuePath;

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CodesWanted)]
struct Wanted {
    /// The address of the service they are for; of the key's unit. Without: any.
    service: Option<String>,
    /// Where they are to be used.
    channel: Way,
    /// How many.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 100)]
    count: i64,
    /// Where they are given out, as it is printed on cards.
    #[serde(default)]
    #[schema(max_length = 60)]
    place: String,
}

/// A whole number as JSON Schema has it: `16.0` is sixteen.
fn whole<'a, D: Deserializer<'a>>(source: D) -> Result<i64, D::Error> {
    let number = Number::deserialize(source)?;
    let text = number.to_string();
    text.strip_suffix(".0").unwrap_or(&text).parse().map_err(D::Error::custom)
}

/// Where codes are used.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = CodesChannel)]
enum Way {
    /// On one's own telephone or computer.
    Web,
    /// On a tablet of the office.
    Kiosk,
}

/// Codes that were made, each good for one answer.
#[derive(Debug, Serialize, ToSchema)]
struct CodesIssued {
    /// The period they belong to.
    period: String,
    /// They are told whenever the same is asked under the same `Idempotency-Key`, and kept nowhere.
    codes: Vec<CodeIssued>,
}

/// A code.
#[derive(Debug, Serialize, ToSchema)]
struct CodeIssued {
    /// As it is printed and typed.
    code: String,
    /// The survey of the code, as for a square code.
    url: String,
}

/// Who names an asking, and how.
const NAME: &str = "idempotency-key";

/// Makes codes.
#[utoipa::path(post, path = IssuePath::PATH, operation_id = "issue-survey-codes", security(("program-key" = [])),
    params(("Idempotency-Key" = String, Header, pattern = "^[A-Za-z0-9-]{8,64}$")),
    request_body = Wanted,
    responses((status = 201, body = CodesIssued), (status = 401), (status = 404), (status = 409), (status = 413), (status = 415)))]
pub(crate) async fn issue(
    _: IssuePath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let Some(key) = presented(&headers) else { return Ok(no_key()) };
    nothing_asked(&visit)?;
    let asking = asking(&headers, &body)?;
    let (institution, zone) = (visit.institution()?, visit.site().zone);
    let (desk, secrets) = (Desk::new(&app, institution, zone, Actor::Program("program-key")), app.secrets().clone());
    let issued = app.database().write(move |db| actions::issue_with_key(db, &desk, &secrets, (&key, &asking))).await;
    let (period, codes) = match issued {
        Ok(issued) => issued,
        Err(Refused::NoKey) => return Ok(no_key()),
        Err(Refused::Faults(_)) => return Err(Problem::bad_parameter()),
        Err(refused) => return Err(refused.into()),
    };
    let origin = &visit.facts().origin;
    let code = |code: &crate::token::Code| CodeIssued {
        code: code.printed(),
        url: format!("{origin}{}", SurveyPath { code: code.printed() }),
    };
    let issued = CodesIssued { period: period.to_string(), codes: codes.iter().map(code).collect() };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(issued)).into_response())
}

/// The key of `Authorization: Bearer …`.
fn presented(headers: &HeaderMap) -> Option<ProgramKey> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| ProgramKey::presented(key))
}

fn no_key() -> Response {
    let mut answer = Problem::no_key().into_response();
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Prima\""));
    answer
}

/// What is asked for, with the name it is given.
fn asking(headers: &HeaderMap, body: &[u8]) -> Result<Asking, Problem> {
    let name = headers.get(NAME).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let fits = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'-';
    if !(8..=64).contains(&name.len()) || !name.bytes().all(fits) {
        return Err(Problem::bad_parameter());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
        return Err(Problem::not_json());
    }
    let wanted: Wanted = serde_json::from_slice(body).map_err(|_| Problem::bad_parameter())?;
    // Signs that nobody sees are left out, as in forms.
    let place: String = wanted.place.chars().filter(|sign| !sign.is_control()).collect();
    let channel = match wanted.channel {
        Way::Web => Channel::Web,
        Way::Kiosk => Channel::Kiosk,
    };
    let batch = NewBatch { service: None, place: place.trim().to_owned(), channel, count: wanted.count };
    let service = wanted.service.map(|slug| slug.replace('\0', ""));
    Ok(Asking { name: name.to_owned(), service, batch })
}
