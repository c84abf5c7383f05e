//! Sessions, links and failed attempts: what comes and goes.

use super::*;
use crate::sessions::NewSession;

pub(crate) fn add_session(db: &mut Write<'_>, institution: InstitutionId, session: &NewSession) -> Answer<()> {
    let values = params![
        session.id,
        institution,
        session.account,
        session.token.0.as_slice(),
        &session.browser,
        session.second_factor,
        session.created_at,
        session.expires_at,
    ];
    db.execute(ADD_SESSION, values).map(drop)
}

/// Gives a session another token, after something was proved in it.
pub(crate) fn rotate_session(
    db: &mut Write<'_>,
    institution: InstitutionId,
    (account, session): (AccountId, SessionId),
    token: &TokenHash,
    second_factor: bool,
    now: OffsetDateTime,
) -> Answer<()> {
    let values = params![institution, account, session, token.0.as_slice(), second_factor, now];
    db.execute(ROTATE_SESSION, values).map(drop)
}

pub(crate) fn seen(
    db: &mut Write<'_>,
    institution: InstitutionId,
    session: SessionId,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(SEEN, params![institution, session, now]).map(drop)
}

pub(crate) fn end_session(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    session: SessionId,
) -> Answer<bool> {
    Ok(db.execute(END_SESSION, params![institution, account, session])? > 0)
}

pub(crate) fn end_other_sessions(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    but: SessionId,
) -> Answer<u64> {
    db.execute(END_OTHER_SESSIONS, params![institution, account, but])
}

pub(crate) fn end_sessions(db: &mut Write<'_>, institution: InstitutionId, account: AccountId) -> Answer<u64> {
    db.execute(END_SESSIONS, params![institution, account])
}

pub(crate) fn drop_old_sessions(
    db: &mut Write<'_>,
    institution: InstitutionId,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Answer<()> {
    db.execute(DROP_OLD_SESSIONS, params![institution, now, idle_since]).map(drop)
}

pub(crate) fn sessions(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Answer<Vec<ShownSession>> {
    db.all(SESSIONS, params![institution, account, now, idle_since])
}

pub(crate) fn add_link(
    db: &mut Write<'_>,
    institution: InstitutionId,
    link: &Link,
    token: &TokenHash,
    now: OffsetDateTime,
) -> Answer<()> {
    let values =
        params![link.id, institution, link.account, link.purpose.name(), token.0.as_slice(), now, link.expires_at,];
    db.execute(ADD_LINK, values).map(drop)
}

/// The link of a token, while it can be used.
pub(crate) fn open_link(
    db: &mut Read<'_>,
    institution: InstitutionId,
    token: &TokenHash,
    now: OffsetDateTime,
) -> Answer<Option<Link>> {
    db.one(OPEN_LINK, params![institution, token.0.as_slice(), now])
}

pub(crate) fn open_links_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
    now: OffsetDateTime,
) -> Answer<Vec<Link>> {
    db.all(OPEN_LINKS_OF, params![institution, account, now])
}

/// Uses up a link; false when somebody else was first.
pub(crate) fn use_link(
    db: &mut Write<'_>,
    institution: InstitutionId,
    link: LinkId,
    now: OffsetDateTime,
) -> Answer<bool> {
    Ok(db.execute(USE_LINK, params![institution, link, now])? > 0)
}

pub(crate) fn revoke_links(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    now: OffsetDateTime,
) -> Answer<u64> {
    db.execute(REVOKE_LINKS, params![institution, account, now])
}

pub(crate) fn failures(db: &mut Read<'_>, institution: InstitutionId, counted: &[u8; 32]) -> Answer<Option<Failures>> {
    let found: Option<(i64, OffsetDateTime)> = db.one(FAILURES, params![institution, counted.as_slice()])?;
    Ok(found.map(|(count, last_at)| Failures { count, last_at }))
}

/// Counts one more failure and says how many there are. Those from before `forgotten` no longer count.
pub(crate) fn count_failure(
    db: &mut Write<'_>,
    institution: InstitutionId,
    counted: &[u8; 32],
    now: OffsetDateTime,
    forgotten: OffsetDateTime,
) -> Answer<i64> {
    let found: Option<(i64,)> = db.one(COUNT_FAILURE, params![institution, counted.as_slice(), now, forgotten])?;
    Ok(found.map_or(1, |(count,)| count))
}

/// Takes back the last failure: it was none after all.
pub(crate) fn forgive(db: &mut Write<'_>, institution: InstitutionId, counted: &[u8; 32]) -> Answer<()> {
    db.execute(FORGIVE, params![institution, counted.as_slice()]).map(drop)
}

pub(crate) fn forget_failures(db: &mut Write<'_>, institution: InstitutionId, counted: &[u8; 32]) -> Answer<()> {
    db.execute(FORGET_FAILURES, params![institution, counted.as_slice()]).map(drop)
}

pub(crate) fn drop_old_attempts(
    db: &mut Write<'_>,
    institution: InstitutionId,
    forgotten: OffsetDateTime,
) -> Answer<()> {
    db.execute(DROP_OLD_ATTEMPTS, params![institution, forgotten]).map(drop)
}
