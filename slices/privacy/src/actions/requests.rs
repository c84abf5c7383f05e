//! A request comes in, is looked at, decided and closed.

use super::{Desk, Refused, year};
use crate::holdings::{EMAIL, NIK, Opened, PHONE};
use crate::notify::Notice;
use crate::request::{Asked, Decision, Indexes, Request, RequestId, RequestState, Told, VerifiedBy, place, receipt};
use crate::rules;
use crate::store::requests::{self as store, Left};
use platform::audit::Subject;
use platform::database::{DatabaseError, Uuid, Write};
use platform::personal::{BlindIndex, PersonText, Personal, Reason, Revealed, Sealed, reveal};
use platform::session::{Token, TokenHash};
use serde_json::json;
use time::OffsetDateTime;

/// What whoever asked is handed: shown once.
#[derive(Debug)]
pub struct Receipt {
    /// "DP-2026-000123".
    pub number: String,
    /// The secret of the link.
    pub token: Token,
    /// By when it is done.
    pub due_at: OffsetDateTime,
}

fn subject(id: RequestId) -> Subject {
    Subject::new("data-request", id)
}

/// Takes in a request. Whoever is signed in is known already.
///
/// # Errors
/// When the database fails.
pub fn ask(db: &mut Write<'_>, desk: &Desk, asked: &Asked) -> Result<Receipt, DatabaseError> {
    ask_as(db, desk, asked, (RequestId::new(desk.now), Token::new()))
}

/// Takes in a request by a form that may arrive twice: a page loaded again, a button pressed again. `once` is what the form was
/// given when it was shown. The same form with the same content is handed the same receipt.
///
/// # Errors
/// When the database fails.
pub fn ask_once(db: &mut Write<'_>, desk: &Desk, asked: &Asked, once: &Token) -> Result<Receipt, DatabaseError> {
    let (id, token) = made_of(desk, asked, once);
    match store::request(db, desk.institution, id)? {
        Some(taken) => Ok(Receipt { number: taken.receipt(), token, due_at: taken.due_at }),
        None => ask_as(db, desk, asked, (id, token)),
    }
}

/// Identifier and link of what a form asked. Both are keyed: who knows an identifier cannot make the link.
fn made_of(desk: &Desk, asked: &Asked, once: &Token) -> (RequestId, Token) {
    let parts = [
        once.reveal().to_owned(),
        asked.kind.name().to_owned(),
        asked.account.map(|account| account.to_string()).unwrap_or_default(),
        asked.name.compared(),
        asked.email.as_ref().map(Personal::compared).unwrap_or_default(),
        asked.phone.as_ref().map(Personal::compared).unwrap_or_default(),
        asked.nik.as_ref().map(Personal::compared).unwrap_or_default(),
        asked.about.compared(),
    ];
    let asked = format!("{}\0{}", desk.institution, parts.join("\0"));
    let fingerprint = desk.secrets.fingerprint("privacy.request", &asked);
    let id = fingerprint.iter().take(16).fold(0, |number: u128, byte| (number << 8) | u128::from(*byte));
    let token = Token::of_fingerprint(desk.secrets.fingerprint("privacy.request-link", &asked));
    (RequestId::from(Uuid::from_u128(id)), token)
}

/// The same with an identifier and a link of one's own, for the demonstration.
pub(crate) fn ask_as(
    db: &mut Write<'_>,
    desk: &Desk,
    asked: &Asked,
    (id, token): (RequestId, Token),
) -> Result<Receipt, DatabaseError> {
    fn seal<T: Personal>(desk: &Desk, column: &'static str, id: RequestId, value: Option<&T>) -> Option<Sealed<T>> {
        value.map(|value| Sealed::new(&desk.secrets, &place(desk.institution, column, id), value))
    }
    fn index<T: Personal>(desk: &Desk, field: &'static str, value: Option<&T>) -> Option<BlindIndex> {
        value.map(|value| BlindIndex::new(&desk.secrets, desk.institution, field, value))
    }
    let year = year(desk.now);
    let state = if asked.account.is_some() { RequestState::Verified } else { RequestState::Received };
    let request = Request {
        id,
        year,
        number: store::next_number(db, desk.institution, year)?,
        kind: asked.kind,
        state,
        version: 1,
        account: asked.account,
        told: Told {
            name: seal(desk, "data_request.name", id, Some(&asked.name)),
            email: seal(desk, EMAIL, id, asked.email.as_ref()),
            phone: seal(desk, PHONE, id, asked.phone.as_ref()),
            nik: seal(desk, NIK, id, asked.nik.as_ref()),
            about: seal(desk, "data_request.about", id, Some(&asked.about)),
            answer: None,
        },
        verified_by: asked.account.map(|_| VerifiedBy::Account),
        refusal: None,
        restricted: false,
        received_at: desk.now,
        due_at: desk.now + rules::right(asked.kind).time(),
        decided_at: None,
        closed_at: None,
    };
    let indexes = Indexes {
        email: index(desk, EMAIL, asked.email.as_ref()),
        phone: index(desk, PHONE, asked.phone.as_ref()),
        nik: index(desk, NIK, asked.nik.as_ref()),
    };
    store::add(db, desk.institution, &request, &indexes, &token.hash())?;
    store::add_step(db, desk.institution, id, RequestState::Received, desk.now)?;
    if state == RequestState::Verified {
        store::add_step(db, desk.institution, id, state, desk.now)?;
    }
    desk.record(db, "privacy.request-received", subject(id), json!({ "kind": asked.kind.name() }))?;
    desk.notify(db, Notice::RequestReceived(id))?;
    Ok(Receipt { number: receipt(year, request.number), token, due_at: request.due_at })
}

/// Loads a request for a step from the version its page was made of.
pub(super) fn load(db: &mut Write<'_>, desk: &Desk, id: RequestId, version: i64) -> Result<Request, Refused> {
    let request = store::request(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if request.version == version { Ok(request) } else { Err(Refused::Stale) }
}

pub(super) fn step(
    db: &mut Write<'_>,
    desk: &Desk,
    request: &Request,
    state: RequestState,
    left: &Left<'_>,
) -> Result<(), Refused> {
    if !store::set_step(db, desk.institution, request, state, left)? {
        return Err(Refused::Stale);
    }
    store::add_step(db, desk.institution, request.id, state, desk.now)?;
    desk.notify(db, Notice::RequestMoved(request.id))?;
    Ok(())
}

/// Asks the person to show who they are.
///
/// # Errors
/// When it is known, or somebody took a step meanwhile.
pub fn ask_identity(db: &mut Write<'_>, desk: &Desk, id: RequestId, version: i64) -> Result<(), Refused> {
    let request = load(db, desk, id, version)?;
    let state = request.state.ask_identity()?;
    step(db, desk, &request, state, &Left::default())?;
    Ok(desk.record(db, "privacy.request-identity-asked", subject(id), json!({}))?)
}

/// Notes how it was seen who asks.
///
/// # Errors
/// As [`ask_identity`].
pub fn verify(db: &mut Write<'_>, desk: &Desk, id: RequestId, version: i64, by: VerifiedBy) -> Result<(), Refused> {
    let request = load(db, desk, id, version)?;
    let state = request.state.verify()?;
    step(db, desk, &request, state, &Left { verified_by: Some(by), ..Left::default() })?;
    Ok(desk.record(db, "privacy.request-verified", subject(id), json!({ "by": by.name() }))?)
}

/// Decides, with an answer for the person.
///
/// # Errors
/// When it is not known who asks, it was decided before, or somebody took a step meanwhile.
pub fn decide(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (RequestId, i64),
    decision: Decision,
    answer: &PersonText,
) -> Result<(), Refused> {
    let request = load(db, desk, id, version)?;
    let state = request.state.decide(decision)?;
    let refusal = match decision {
        Decision::Refused(refusal) => Some(refusal),
        Decision::Granted | Decision::PartlyGranted => None,
    };
    let sealed = Sealed::new(&desk.secrets, &place(desk.institution, "data_request.answer", id), answer);
    let left = Left { refusal, answer: Some(&sealed), decided_at: Some(desk.now), ..Left::default() };
    step(db, desk, &request, state, &left)?;
    let detail = json!({ "decision": state.name(), "article": refusal.map(rules::refusal_article) });
    Ok(desk.record(db, "privacy.request-decided", subject(id), detail)?)
}

/// Closes what is done or refused.
///
/// # Errors
/// When something is left to do, or somebody took a step meanwhile.
pub fn close(db: &mut Write<'_>, desk: &Desk, id: RequestId, version: i64) -> Result<(), Refused> {
    let request = load(db, desk, id, version)?;
    let state = request.state.close()?;
    step(db, desk, &request, state, &Left { closed_at: Some(desk.now), ..Left::default() })?;
    Ok(desk.record(db, "privacy.request-closed", subject(id), json!({}))?)
}

/// Shows what a person told, whole: the reason is recorded.
///
/// # Errors
/// When there is no such request, or it is restricted and the reason is none that may still use it.
pub fn look(db: &mut Write<'_>, desk: &Desk, id: RequestId, reason: Reason) -> Result<(Request, Revealed), Refused> {
    let request = store::request(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    // What is restricted is kept and not used: a law may still ask for it, and what was decided is still done.
    if request.restricted && !matches!(reason, Reason::Law | Reason::CarryOut) {
        return Err(Refused::WrongState);
    }
    let receipt = reveal(db, (desk.institution, desk.actor, desk.now), reason, subject(id))?;
    Ok((request, receipt))
}

/// The copy of somebody's data, for whoever holds the link; that it was fetched is recorded.
///
/// # Errors
/// When there is none, or its time is over.
pub fn fetch_copy(db: &mut Write<'_>, desk: &Desk, token: &TokenHash) -> Result<(String, Vec<u8>), Refused> {
    let request = store::of_token(db, desk.institution, token)?.ok_or(Refused::NotFound)?;
    let sealed = store::copy(db, desk.institution, request.id, desk.now)?.ok_or(Refused::NotFound)?;
    let context = place(desk.institution, "data_export.content", request.id).context();
    let content = desk.secrets.open(&context, &sealed).ok_or(Refused::NotFound)?;
    store::fetched(db, desk.institution, request.id, desk.now)?;
    desk.record(db, "privacy.copy-fetched", subject(request.id), json!({}))?;
    Ok((request.receipt(), content))
}

/// What is looked for when a request is carried out.
pub(super) fn identity(desk: &Desk, request: &Request) -> platform::personal::Identity {
    let Opened { email, phone, nik, .. } = Opened::of(&desk.secrets, desk.institution, request);
    platform::personal::Identity { email, phone, nik, account: request.account }
}
