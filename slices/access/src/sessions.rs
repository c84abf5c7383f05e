//! Signed-in browsers: who a token belongs to, and how long.

use crate::store;
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::identity::{AccountId, InstitutionId, Person, SessionId};
use platform::session::TokenHash;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// A session ends after this time, whatever is done in it: a working day.
pub(crate) const LASTS: Duration = Duration::hours(12);
/// It ends when nothing was done in it for so long.
pub(crate) const IDLE: Duration = Duration::hours(2);
/// That something was done is noted no oftener than this.
const NOTED: Duration = Duration::minutes(5);
/// So long after proving who they are, people may change roles, passwords and second factors.
pub(crate) const PROVED: Duration = Duration::minutes(15);

/// A session to be stored.
#[derive(Debug, Clone)]
pub(crate) struct NewSession {
    pub(crate) id: SessionId,
    pub(crate) account: AccountId,
    pub(crate) token: TokenHash,
    pub(crate) browser: String,
    pub(crate) second_factor: bool,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) expires_at: OffsetDateTime,
}

/// Who holds a session token in an institution at a moment, with what they may do there: for the server's wiring.
///
/// # Errors
/// When the database cannot be read.
pub fn find_person(
    db: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    now: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let found = store::session(db, institution, token, now, now - IDLE)?;
    let Some((session, account, name, second_factor, proved_at, _)) = found else { return Ok(None) };
    let grants = store::grants(db, institution, account, now)?;
    Ok(Some(Person { account, session, institution, name, grants, second_factor, proved_at }))
}

/// Somebody who was found at the beginning of a request, as they are now; nothing when their session ended since.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn as_now(db: &mut Read<'_>, person: &Person, now: OffsetDateTime) -> Result<Option<Person>, DatabaseError> {
    let session = (person.account, person.session);
    let found = store::still_in(db, person.institution, session, now)?;
    let Some((second_factor, proved_at)) = found else { return Ok(None) };
    let grants = store::grants(db, person.institution, person.account, now)?;
    Ok(Some(Person { grants, second_factor, proved_at, ..person.clone() }))
}

/// When each session was last noted as seen by this process.
static SEEN: LazyLock<Mutex<HashMap<SessionId, OffsetDateTime>>> = LazyLock::new(Mutex::default);

/// Notes, at most every five minutes and beside the request, that somebody is at work: for the server, once for each request of
/// a person. When it fails nothing is lost but a little of the time until the session ends.
pub fn note_seen(app: &App, person: &Person) {
    let (now, institution, session) = (app.now(), person.institution, person.session);
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.get(&session).is_some_and(|noted| now - *noted < NOTED) {
        return;
    }
    seen.retain(|_, noted| now - *noted < IDLE);
    seen.insert(session, now);
    drop(seen);
    let database = app.database().clone();
    tokio::spawn(async move {
        let noted: Result<(), DatabaseError> =
            database.write(move |db| store::seen(db, institution, session, now)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a session could not be noted as seen");
        }
    });
}

/// Whether somebody has to prove again who they are before they change roles, passwords or second factors.
#[must_use]
pub(crate) fn must_prove_again(person: &Person, now: OffsetDateTime) -> bool {
    now - person.proved_at >= PROVED
}
