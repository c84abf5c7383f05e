//! `/s/openrosa`: tablets with ODK Collect or KoboCollect load the questionnaires of a unit and send what people answered.
//!
//! A tablet shows the key of a program as its password. What it sends uses up the code of a visit, as every answer does; of the tablet
//! itself nothing is read.

use super::{FormListPath, FormPath, SubmissionPath};
use crate::actions::{self, Delivered, Desk, Refused, Sending};
use crate::answer::Typed as _;
use crate::key::{Key, ProgramKey};
use crate::period::{Period, PeriodState};
use crate::questionnaire::{CODE, Questionnaire, period_of};
use crate::token::Code;
use crate::xform::{self, Submission};
use crate::{WORDS, store};
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use organisation::Unit;
use platform::app::App;
use platform::audit::Actor;
use platform::problem::Problem;
use platform::visit::Visit;
use quick_xml::escape::escape;
use std::fmt::Write as _;

/// What a server of OpenRosa says with every answer.
const VERSION: (&str, &str) = ("x-openrosa-version", "1.0");
/// The largest sending, in bytes: a form is small and has no pictures.
const LARGEST: (&str, &str) = ("x-openrosa-accept-content-length", "65536");

/// The key that a tablet shows: the password of `Authorization: Basic …`, under whatever name.
fn presented(headers: &HeaderMap) -> Option<ProgramKey> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, pair) = given.split_once(' ')?;
    let pair = String::from_utf8(STANDARD.decode(pair.trim()).ok()?).ok()?;
    let (_, password) = pair.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| ProgramKey::presented(password))
}

/// What is said to a tablet, in its own form.
fn said(status: StatusCode, nature: &str, words: &str) -> Response {
    let body = format!(
        "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"{nature}\">{}</message></OpenRosaResponse>",
        escape(words)
    );
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], [VERSION, LARGEST], body).into_response()
}

fn refused(visit: &Visit, status: StatusCode, key: &str) -> Response {
    said(status, "submit_error", &visit.words(&WORDS).text(key))
}

fn no_key(visit: &Visit) -> Response {
    let mut answer = refused(visit, StatusCode::UNAUTHORIZED, "tablet.no-key");
    let way = HeaderValue::from_static("Basic realm=\"Prima\", charset=\"UTF-8\"");
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, way);
    answer
}

fn desk(app: &App, visit: &Visit) -> Result<Desk, Problem> {
    Ok(Desk::new(app, visit.institution()?, visit.site().zone, Actor::Program("program-key")))
}

/// The key, noted as used today; nothing when it opens nothing.
async fn known(app: &App, visit: &Visit, headers: &HeaderMap) -> Result<Option<Key>, Problem> {
    let Some(presented) = presented(headers) else { return Ok(None) };
    let desk = desk(app, visit)?;
    match app.database().write(move |db| actions::present_key(db, &desk, &presented)).await {
        Ok(key) => Ok(Some(key)),
        Err(Refused::NoKey) => Ok(None),
        Err(refused) => Err(refused.into()),
    }
}

/// The open periods of the key's unit with their questionnaires.
async fn forms(app: &App, visit: &Visit, key: &Key) -> Result<Vec<Questionnaire>, Problem> {
    let (institution, unit) = (visit.institution()?, key.unit);
    let found: (Option<Unit>, Vec<(Period, Vec<String>)>) = app
        .database()
        .read(move |db| {
            let mut open = Vec::new();
            for period in store::periods::of_unit(db, institution, unit)? {
                if period.state == PeriodState::Open {
                    let own = store::periods::questions(db, institution, period.id)?;
                    open.push((period, own));
                }
            }
            Ok::<_, platform::database::DatabaseError>((organisation::unit(db, institution, unit)?, open))
        })
        .await?;
    let unit = found.0.ok_or_else(Problem::not_found)?;
    let form = |(period, own): &(Period, Vec<String>)| Questionnaire::of(period, &unit, own);
    let all: Result<Vec<_>, _> = found.1.iter().map(form).collect();
    all.map_err(|problem| Problem::internal(problem.message(visit.language())))
}

/// Which questionnaires there are.
pub(crate) async fn list(
    _: FormListPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(key) = known(&app, &visit, &headers).await? else { return Ok(no_key(&visit)) };
    let mut xml = String::from("<?xml version=\"1.0\"?><xforms xmlns=\"http://openrosa.org/xforms/xformsList\">");
    for form in forms(&app, &visit, &key).await? {
        let hash: String =
            Md5::digest(xform::export(&form)).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
        let url = format!("{}{}", visit.facts().origin, FormPath { form: format!("{}.xml", form.id) });
        let _ = write!(
            xml,
            "<xform><formID>{}</formID><name>{}</name><version>{}</version><hash>md5:{hash}</hash><downloadUrl>{}</downloadUrl></xform>",
            escape(&form.id),
            escape(&form.title),
            escape(&form.version),
            escape(&url)
        );
    }
    xml.push_str("</xforms>");
    Ok(xml_answer(xml))
}

fn xml_answer(xml: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/xml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, [VERSION], xml).into_response()
}

/// One questionnaire.
pub(crate) async fn form(
    path: FormPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(key) = known(&app, &visit, &headers).await? else { return Ok(no_key(&visit)) };
    let wanted = path.form.trim_end_matches(".xml");
    let form = forms(&app, &visit, &key).await?.into_iter().find(|form| form.id == wanted);
    Ok(xml_answer(xform::export(&form.ok_or_else(Problem::not_found)?)))
}

/// Whether, and how much, can be sent: tablets ask before they send.
pub(crate) async fn ask(
    _: SubmissionPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if known(&app, &visit, &headers).await?.is_none() {
        return Ok(no_key(&visit));
    }
    let here = format!("{}{SubmissionPath}", visit.facts().origin);
    Ok((StatusCode::NO_CONTENT, [VERSION, LARGEST], [(header::LOCATION, here)]).into_response())
}

/// Takes an answer.
pub(crate) async fn submit(
    _: SubmissionPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    parts: Multipart,
) -> Result<Response, Problem> {
    let Some(key) = known(&app, &visit, &headers).await? else { return Ok(no_key(&visit)) };
    let Some(submission) = sent(parts).await else {
        return Ok(refused(&visit, StatusCode::BAD_REQUEST, "tablet.unreadable"));
    };
    match take(&app, &visit, &key, submission).await {
        Ok(_) => Ok(said(StatusCode::CREATED, "submit_success", &visit.words(&WORDS).text("tablet.taken"))),
        Err(Refused::NotFound) => Ok(refused(&visit, StatusCode::NOT_FOUND, "tablet.no-form")),
        Err(Refused::Used) => Ok(refused(&visit, StatusCode::CONFLICT, "tablet.used")),
        Err(Refused::Faults(_)) => Ok(refused(&visit, StatusCode::UNPROCESSABLE_ENTITY, "tablet.unanswered")),
        Err(refused) => Err(refused.into()),
    }
}

/// The form among the parts; all others are left unread.
async fn sent(mut parts: Multipart) -> Option<Submission> {
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some("xml_submission_file") {
            return xform::read(&part.text().await.ok()?).ok();
        }
    }
    None
}

async fn take(app: &App, visit: &Visit, key: &Key, submission: Submission) -> Result<Delivered, Refused> {
    let institution = visit.site().institution.ok_or(Refused::NotFound)?;
    let (id, unit) = (period_of(&submission.form).ok_or(Refused::NotFound)?, key.unit);
    let period = app.database().read(move |db| store::periods::period(db, institution, id)).await?;
    period.filter(|period| period.unit == unit).ok_or(Refused::NotFound)?;
    let sending = Sending {
        institution,
        day: visit.site().zone.date(app.now()),
        code: Code::read(submission.field(CODE)).map_err(|_| Refused::Used)?,
        delivery: format!("tablet-{}", submission.instance),
        period: Some(id),
        offline: false,
    };
    app.database().write(move |db| actions::answer(db, &sending, &submission)).await
}
