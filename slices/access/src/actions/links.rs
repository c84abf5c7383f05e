//! What the holder of a link does with it. A link is used once, by whoever is first.

use super::{Act, Refused, open_session};
use crate::account::{Account, AccountState};
use crate::link::{LASTS, Link, LinkId, Purpose};
use crate::store;
use platform::database::{Read, Write};
use platform::identity::{AccountId, InstitutionId};
use platform::session::{Token, TokenHash};
use serde_json::json;
use time::OffsetDateTime;

/// Makes a link; those made before for the same account end.
pub(crate) fn make_link(db: &mut Write<'_>, act: &Act, account: AccountId, purpose: Purpose) -> Result<Token, Refused> {
    store::revoke_links(db, act.institution, account, act.now)?;
    let token = Token::new();
    let link = Link { id: LinkId::new(act.now), account, purpose, expires_at: act.now + LASTS };
    store::add_link(db, act.institution, &link, &token.hash(), act.now)?;
    act.record(db, "access.link-made", account, json!({ "purpose": purpose.name() }))?;
    Ok(token)
}

/// A link that can be used, with the account it is for.
///
/// # Errors
/// When there is none, or the account cannot be let in by it.
pub(crate) fn opened(
    db: &mut Read<'_>,
    institution: InstitutionId,
    token: &TokenHash,
    now: OffsetDateTime,
) -> Result<(Link, Account), Refused> {
    let link = store::open_link(db, institution, token, now)?.ok_or(Refused::LinkSpent)?;
    let account = store::account(db, institution, link.account)?.ok_or(Refused::LinkSpent)?;
    let awaited = match link.purpose {
        Purpose::Invitation => AccountState::Invited,
        Purpose::Password | Purpose::SecondFactor => AccountState::Active,
    };
    if account.state == awaited { Ok((link, account)) } else { Err(Refused::LinkSpent) }
}

/// How a link is used, and from which browser.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub(crate) institution: InstitutionId,
    pub(crate) token: TokenHash,
    pub(crate) browser: String,
    pub(crate) now: OffsetDateTime,
}

fn take(db: &mut Write<'_>, usage: &Use, purpose: Purpose) -> Result<(Act, Account), Refused> {
    let (link, account) = opened(db, usage.institution, &usage.token, usage.now)?;
    if link.purpose != purpose || !store::use_link(db, usage.institution, link.id, usage.now)? {
        return Err(Refused::LinkSpent);
    }
    let act = Act::of_owner(usage.institution, usage.now, account.id);
    store::revoke_links(db, usage.institution, account.id, usage.now)?;
    act.record(db, "access.link-used", account.id, json!({ "purpose": purpose.name() }))?;
    Ok((act, account))
}

/// Somebody who was invited chose a name and a password, and is signed in.
///
/// # Errors
/// When the link is spent.
pub(crate) fn accept_invitation(
    db: &mut Write<'_>,
    usage: &Use,
    name: &str,
    password: &str,
) -> Result<(AccountId, Token), Refused> {
    let (act, account) = take(db, usage, Purpose::Invitation)?;
    let state = account.state.accept()?;
    store::set_name(db, act.institution, account.id, name, act.now)?;
    // The password first: an active account has one.
    store::set_password(db, act.institution, account.id, password, act.now)?;
    store::set_state(db, act.institution, account.id, state, act.now)?;
    act.record(db, "access.invitation-accepted", account.id, json!({}))?;
    let token = open_session(db, &act, account.id, &usage.browser, false)?;
    Ok((account.id, token))
}

/// Somebody chose another password. All their sessions end; a second factor stays as it was.
///
/// # Errors
/// When the link is spent.
pub(crate) fn accept_password(db: &mut Write<'_>, usage: &Use, password: &str) -> Result<(), Refused> {
    let (act, account) = take(db, usage, Purpose::Password)?;
    store::set_password(db, act.institution, account.id, password, act.now)?;
    let ended = store::end_sessions(db, act.institution, account.id)?;
    act.record(db, "access.password-changed", account.id, json!({ "by": "link", "sessions": ended }))
}

/// Somebody who gave the right password puts away a lost second factor, and is signed in to set up another.
///
/// # Errors
/// When the link is spent.
pub(crate) fn put_away_second_factor(db: &mut Write<'_>, usage: &Use) -> Result<(AccountId, Token), Refused> {
    let (act, account) = take(db, usage, Purpose::SecondFactor)?;
    store::set_second_factor(db, act.institution, account.id, None, act.now)?;
    store::replace_recovery_codes(db, act.institution, account.id, &[])?;
    let ended = store::end_sessions(db, act.institution, account.id)?;
    act.record(db, "access.second-factor-removed", account.id, json!({ "by": "link", "sessions": ended }))?;
    let token = open_session(db, &act, account.id, &usage.browser, false)?;
    Ok((account.id, token))
}
