//! What people do with their own account, as long as the session they do it in has not ended.

use super::{Act, Counters, Refused, end_again, recovery_hash, sealed_for};
use crate::one_time_code::{self, Secret, plain_recovery_code};
use crate::people::open_posts;
use crate::store;
use platform::database::Write;
use platform::identity::{AccountId, Person, SessionId};
use platform::secret::Secrets;
use platform::session::Token;
use serde_json::json;

/// Somebody proved again who they are: the session goes on with another token.
///
/// # Errors
/// When the database fails.
pub(crate) fn prove_again(
    db: &mut Write<'_>,
    act: &Act,
    person: &Person,
    counters: &Counters,
) -> Result<Token, Refused> {
    act.still_in(db)?;
    end_again(db, act.institution, counters)?;
    rotate(db, act, person, person.second_factor)
}

fn rotate(db: &mut Write<'_>, act: &Act, person: &Person, second_factor: bool) -> Result<Token, Refused> {
    let token = Token::new();
    let session = (person.account, person.session);
    store::rotate_session(db, act.institution, session, &token.hash(), second_factor, act.now)?;
    Ok(token)
}

/// Changes one's name.
///
/// # Errors
/// When the database fails.
pub(crate) fn rename(db: &mut Write<'_>, act: &Act, person: &Person, name: &str) -> Result<(), Refused> {
    act.still_in(db)?;
    store::set_name(db, act.institution, person.account, name, act.now)?;
    act.record(db, "access.account-corrected", person.account, json!({ "changed": ["name"] }))
}

/// Changes one's password: every other session ends, this one goes on with another token.
///
/// # Errors
/// When the database fails.
pub(crate) fn change_password(
    db: &mut Write<'_>,
    act: &Act,
    person: &Person,
    counters: &Counters,
    hashed: &str,
) -> Result<Token, Refused> {
    act.still_in(db)?;
    store::set_password(db, act.institution, person.account, hashed, act.now)?;
    let ended = store::end_other_sessions(db, act.institution, person.account, person.session)?;
    store::revoke_links(db, act.institution, person.account, act.now)?;
    act.record(db, "access.password-changed", person.account, json!({ "by": "owner", "sessions": ended }))?;
    prove_again(db, act, person, counters)
}

/// Codes on paper, and what is stored of them.
fn new_codes(secrets: &Secrets, account: AccountId) -> (Vec<String>, Vec<[u8; 32]>) {
    let codes = one_time_code::recovery_codes();
    let plain = codes.iter().filter_map(|code| plain_recovery_code(code));
    let hashes = plain.map(|plain| recovery_hash(secrets, account, &plain)).collect();
    (codes, hashes)
}

/// What somebody has after setting up a second factor.
#[derive(Debug, Clone)]
pub(crate) struct SecondFactorSet {
    pub(crate) token: Token,
    pub(crate) codes: Vec<String>,
}

/// Sets up a second factor, of which the code of `step` was given. Other sessions end: they did not give it.
///
/// # Errors
/// When there is one already.
pub(crate) fn set_up_second_factor(
    db: &mut Write<'_>,
    secrets: &Secrets,
    act: &Act,
    person: &Person,
    (secret, step): (&Secret, i64),
) -> Result<SecondFactorSet, Refused> {
    act.still_in(db)?;
    let account = store::account(db, act.institution, person.account)?.ok_or(Refused::NotFound)?;
    if account.has_second_factor() {
        return Err(Refused::WrongState);
    }
    let sealed = secrets.seal(&sealed_for(account.id), secret.bytes());
    store::set_second_factor(db, act.institution, account.id, Some((sealed, step)), act.now)?;
    let (codes, hashes) = new_codes(secrets, account.id);
    store::replace_recovery_codes(db, act.institution, account.id, &hashes)?;
    let ended = store::end_other_sessions(db, act.institution, account.id, person.session)?;
    act.record(db, "access.second-factor-set", account.id, json!({ "sessions": ended }))?;
    let token = rotate(db, act, person, true)?;
    Ok(SecondFactorSet { token, codes })
}

/// Replaces the codes on paper.
///
/// # Errors
/// When there is no second factor.
pub(crate) fn renew_codes(
    db: &mut Write<'_>,
    secrets: &Secrets,
    act: &Act,
    person: &Person,
) -> Result<Vec<String>, Refused> {
    act.still_in(db)?;
    let account = store::account(db, act.institution, person.account)?.ok_or(Refused::NotFound)?;
    if !account.has_second_factor() {
        return Err(Refused::WrongState);
    }
    let (codes, hashes) = new_codes(secrets, account.id);
    store::replace_recovery_codes(db, act.institution, account.id, &hashes)?;
    act.record(db, "access.recovery-codes-renewed", account.id, json!({}))?;
    Ok(codes)
}

/// Gives up the second factor.
///
/// # Errors
/// When a role that holds, or will hold, needs it.
pub(crate) fn give_up_second_factor(
    db: &mut Write<'_>,
    act: &Act,
    person: &Person,
    counters: &Counters,
) -> Result<Token, Refused> {
    act.still_in(db)?;
    let posts = open_posts(&store::held(db, act.institution, person.account)?, act.now);
    if posts.iter().any(|post| post.role.needs_second_factor()) {
        return Err(Refused::NeedsSecondFactor);
    }
    store::set_second_factor(db, act.institution, person.account, None, act.now)?;
    store::replace_recovery_codes(db, act.institution, person.account, &[])?;
    act.record(db, "access.second-factor-removed", person.account, json!({ "by": "owner" }))?;
    end_again(db, act.institution, counters)?;
    rotate(db, act, person, false)
}

/// Ends one's session in this browser.
///
/// # Errors
/// When the database fails.
pub(crate) fn sign_out(db: &mut Write<'_>, act: &Act, person: &Person) -> Result<(), Refused> {
    store::end_session(db, act.institution, person.account, person.session)?;
    act.record(db, "access.signed-out", person.account, json!({}))
}

/// Ends one of one's own sessions.
///
/// # Errors
/// When it is not one's own, or has ended.
pub(crate) fn end_session(db: &mut Write<'_>, act: &Act, person: &Person, session: SessionId) -> Result<(), Refused> {
    act.still_in(db)?;
    if !store::end_session(db, act.institution, person.account, session)? {
        return Err(Refused::NotFound);
    }
    act.record(db, "access.session-ended", person.account, json!({ "sessions": 1 }))
}

/// Ends all one's sessions but this one.
///
/// # Errors
/// When the database fails.
pub(crate) fn end_other_sessions(db: &mut Write<'_>, act: &Act, person: &Person) -> Result<u64, Refused> {
    act.still_in(db)?;
    let ended = store::end_other_sessions(db, act.institution, person.account, person.session)?;
    act.record(db, "access.session-ended", person.account, json!({ "sessions": ended }))?;
    Ok(ended)
}
