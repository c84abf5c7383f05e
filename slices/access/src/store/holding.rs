//! What the register of personal data asks of accounts and sessions.

use super::Answer;
use platform::database::{Read, Uuid, Write};
use platform::identity::{AccountId, InstitutionId};
use platform::{params, statements};
use time::OffsetDateTime;

statements! {
    pub(crate) NEXT_TOTP = "SELECT institution_id, id, totp_secret FROM account
        WHERE totp_secret IS NOT NULL AND (id > $1 OR $1 IS NULL) ORDER BY id LIMIT $2";
    pub(crate) SAVE_TOTP = "UPDATE account SET totp_secret = $4 WHERE institution_id = $1 AND id = $2 AND totp_secret = $3";
    pub(crate) HELD_TOTP = "SELECT COUNT(*) FROM account WHERE SUBSTR(totp_secret, 1, CAST($2 AS INTEGER)) = $1";
    ACCOUNT_OF_PERSON = "SELECT id FROM account WHERE institution_id = $1 AND (id = $2 OR email_key = $3)";
    ACCOUNT_FACTS = "SELECT email, name, state, totp_secret IS NOT NULL, created_at, changed_at FROM account
        WHERE institution_id = $1 AND id = $2";
    ROLES_OF_PERSON = "SELECT role, from_at, until_at FROM role_grant
        WHERE institution_id = $1 AND account_id = $2 ORDER BY from_at, id";
    BROWSERS_OF_PERSON = "SELECT browser, created_at, seen_at FROM session
        WHERE institution_id = $1 AND account_id = $2 ORDER BY created_at, id";
    ENDED_SESSIONS = "SELECT COUNT(*) FROM session WHERE institution_id = $1 AND expires_at <= $2";
    DROP_ENDED_SESSIONS = "DELETE FROM session WHERE institution_id = $1 AND id IN (
        SELECT id FROM session WHERE institution_id = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3)";
    OLD_ATTEMPTS = "SELECT COUNT(*) FROM attempt WHERE institution_id = $1 AND last_at <= $2";
    DROP_SOME_ATTEMPTS = "DELETE FROM attempt WHERE institution_id = $1 AND counted IN (
        SELECT counted FROM attempt WHERE institution_id = $1 AND last_at <= $2 ORDER BY last_at LIMIT $3)";
    FORGET_PERSON = "UPDATE account SET name = $3, email = $4, email_key = $4, password = NULL, totp_secret = NULL, changed_at = $5
        WHERE institution_id = $1 AND id = $2 AND state = 'closed'";
    DROP_CODES_OF_PERSON = "DELETE FROM recovery_code WHERE institution_id = $1 AND account_id = $2";
}

/// The account of somebody: the one they are signed in with, or the one of their address.
pub(crate) fn account_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: Option<AccountId>,
    email_key: Option<&str>,
) -> Answer<Vec<Uuid>> {
    let found: Vec<(Uuid,)> = db.all(ACCOUNT_OF_PERSON, params![institution, account, email_key])?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// E-mail, name, state, whether there is a second factor, made and changed.
pub(crate) type Facts = (String, String, String, bool, OffsetDateTime, OffsetDateTime);
/// A role from a moment until another.
pub(crate) type Role = (String, OffsetDateTime, Option<OffsetDateTime>);
/// A browser, signed in and last seen.
pub(crate) type Browser = (String, OffsetDateTime, OffsetDateTime);

pub(crate) fn facts(db: &mut Read<'_>, institution: InstitutionId, account: Uuid) -> Answer<Option<Facts>> {
    db.one(ACCOUNT_FACTS, params![institution, account])
}

pub(crate) fn roles(db: &mut Read<'_>, institution: InstitutionId, account: Uuid) -> Answer<Vec<Role>> {
    db.all(ROLES_OF_PERSON, params![institution, account])
}

pub(crate) fn browsers(db: &mut Read<'_>, institution: InstitutionId, account: Uuid) -> Answer<Vec<Browser>> {
    db.all(BROWSERS_OF_PERSON, params![institution, account])
}

pub(crate) fn ended_sessions(db: &mut Read<'_>, institution: InstitutionId, before: OffsetDateTime) -> Answer<u64> {
    count(db.one(ENDED_SESSIONS, params![institution, before])?)
}

pub(crate) fn drop_ended_sessions(
    db: &mut Write<'_>,
    institution: InstitutionId,
    before: OffsetDateTime,
    most: u32,
) -> Answer<u64> {
    db.execute(DROP_ENDED_SESSIONS, params![institution, before, most])
}

pub(crate) fn old_attempts(db: &mut Read<'_>, institution: InstitutionId, before: OffsetDateTime) -> Answer<u64> {
    count(db.one(OLD_ATTEMPTS, params![institution, before])?)
}

pub(crate) fn drop_some_attempts(
    db: &mut Write<'_>,
    institution: InstitutionId,
    before: OffsetDateTime,
    most: u32,
) -> Answer<u64> {
    db.execute(DROP_SOME_ATTEMPTS, params![institution, before, most])
}

#[expect(clippy::unnecessary_wraps, reason = "it ends functions that may fail")]
fn count(found: Option<(i64,)>) -> Answer<u64> {
    Ok(found.map_or(0, |(rows,)| u64::try_from(rows).unwrap_or(0)))
}

/// Takes the person out of a closed account; false when it is still open.
pub(crate) fn forget_person(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: Uuid,
    name: &str,
    now: OffsetDateTime,
) -> Answer<bool> {
    db.execute(DROP_CODES_OF_PERSON, params![institution, account])?;
    let email = format!("closed:{account}");
    Ok(db.execute(FORGET_PERSON, params![institution, account, name, email, now])? == 1)
}
