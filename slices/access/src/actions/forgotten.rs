//! "Lupa kata sandi": a link for another password, to the address of the account and nowhere else.

use super::{Act, Refused};
use crate::account::AccountState;
use crate::link::{Link, LinkId, Purpose};
use crate::notices::{FORGOTTEN, Sender};
use crate::store;
use platform::database::Write;
use platform::identity::InstitutionId;
use platform::session::Token;
use serde_json::json;
use time::{Duration, OffsetDateTime};

/// How long the link can be used.
pub(crate) const FORGOTTEN_LASTS: Duration = Duration::minutes(60);
/// Between two such mails to one person.
const PAUSE: Duration = Duration::minutes(10);
/// So many links for a password in a day: whoever needs more asks an admin.
const A_DAY: i64 = 6;

/// Whoever asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) institution: InstitutionId,
    /// The address as it is compared.
    pub(crate) email_key: String,
    pub(crate) now: OffsetDateTime,
}

/// Sends a link to an address that somebody typed, when an active account has it and none was sent a moment ago. Whether it was
/// sent is for tests and the log of acts; whoever asked hears the same either way.
///
/// # Errors
/// When the database fails.
pub(crate) fn send_forgotten(db: &mut Write<'_>, sender: &Sender, asked: &Asked) -> Result<bool, Refused> {
    let Asked { institution, now, .. } = *asked;
    let Some(account) = store::account_by_email(db, institution, &asked.email_key)? else { return Ok(false) };
    let Some(origin) = sender.trusted_origin(db, institution)? else { return Ok(false) };
    let (made, last) = store::mail::password_links_since(db, institution, account.id, now - Duration::DAY)?;
    let too_soon = last.is_some_and(|last| now - last < PAUSE);
    if account.state != AccountState::Active || too_soon || made >= A_DAY {
        return Ok(false);
    }
    store::mail::revoke_password_links(db, institution, account.id, now)?;
    let token = Token::new();
    let expires_at = now + FORGOTTEN_LASTS;
    let link = Link { id: LinkId::new(now), account: account.id, purpose: Purpose::Password, expires_at };
    store::add_link(db, institution, &link, &token.hash(), now)?;
    let act = Act::of_program(institution, now, "sign-in");
    act.record(db, "access.link-made", account.id, json!({ "purpose": Purpose::Password.name() }))?;
    sender.send_link(db, (institution, account.id), &FORGOTTEN, (&origin, &token, expires_at), now)?;
    Ok(true)
}
