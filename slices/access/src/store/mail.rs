//! What messages need of accounts and links.

use super::Answer;
use platform::database::{Read, Write};
use platform::identity::{AccountId, InstitutionId, Role, UnitId};
use platform::messages::Contact;
use platform::{params, statements};
use time::OffsetDateTime;

statements! {
    CONTACT = "SELECT name, email FROM account WHERE institution_id = $1 AND id = $2 AND state IN ('invited', 'active')";
    PASSWORD_LINKS_SINCE = "SELECT COUNT(*), MAX(created_at) FROM access_link
        WHERE institution_id = $1 AND account_id = $2 AND purpose = 'password' AND created_at > $3";
    REVOKE_PASSWORD_LINKS = "UPDATE access_link SET revoked_at = $3 WHERE institution_id = $1 AND account_id = $2
        AND purpose = 'password' AND used_at IS NULL AND revoked_at IS NULL";
    HOLDERS = "SELECT DISTINCT account.id FROM role_grant JOIN account
        ON account.institution_id = role_grant.institution_id AND account.id = role_grant.account_id
        WHERE role_grant.institution_id = $1 AND role_grant.role = $2 AND (role_grant.unit_id = $3 OR $3 IS NULL)
        AND role_grant.from_at <= $4 AND (role_grant.until_at IS NULL OR role_grant.until_at > $4)
        AND account.state = 'active' ORDER BY account.id";
}

/// Whoever holds a role now and is at work, for what is sent to them; of one very unit, or of any.
///
/// # Errors
/// When the database cannot be read.
pub fn holders(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (role, unit): (Role, Option<UnitId>),
    now: OffsetDateTime,
) -> Answer<Vec<AccountId>> {
    let rows: Vec<(AccountId,)> = db.all(HOLDERS, params![institution, role.name(), unit, now])?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}

/// Who receives what is sent to an account that is invited or in use.
pub(crate) fn contact(db: &mut Read<'_>, institution: InstitutionId, account: AccountId) -> Answer<Option<Contact>> {
    let found: Option<(String, String)> = db.one(CONTACT, params![institution, account])?;
    Ok(found.map(|(name, address)| Contact { name, address }))
}

/// How many links for another password were made for an account since a moment, and when the last one was.
pub(crate) fn password_links_since(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
    since: OffsetDateTime,
) -> Answer<(i64, Option<OffsetDateTime>)> {
    Ok(db.one(PASSWORD_LINKS_SINCE, params![institution, account, since])?.unwrap_or((0, None)))
}

/// Ends the links for another password; others stay, since whoever asks here is not known.
pub(crate) fn revoke_password_links(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(REVOKE_PASSWORD_LINKS, params![institution, account, now]).map(drop)
}
