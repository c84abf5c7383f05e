//! Every statement of accounts, roles, sessions, links and failed attempts.

use crate::account::{Account, AccountState};
use crate::granting::Post;
use crate::link::{Link, LinkId, Purpose};
use crate::people::{GrantId, Held, PersonLine, Search, ShownSession};
use crate::slowdown::Failures;
use platform::database::{DatabaseError, FromRow, Read, Row, Uuid, Write};
use platform::identity::{AccountId, Grant, InstitutionId, Role, SessionId, UnitId};
use platform::session::TokenHash;
use platform::{params, statements};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The columns of an account, in the order of its `FromRow`.
macro_rules! account {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, name, state, password, totp_secret, totp_step, suspended_by, created_at FROM account ",
            $rest
        )
    };
}

/// People of an institution that fit a search. `$2` is a viewer who is bound to units by the role `$3`, or nobody.
macro_rules! people {
    ($what:literal, $rest:literal) => {
        concat!(
            "WITH RECURSIVE scope (unit_id) AS (
                SELECT unit_id FROM role_grant WHERE institution_id = $1 AND account_id = $2 AND role = $3
                    AND unit_id IS NOT NULL AND from_at <= $4 AND (until_at IS NULL OR until_at > $4)
                UNION SELECT unit.id FROM unit JOIN scope
                    ON unit.institution_id = $1 AND unit.parent_id = scope.unit_id),
            chosen (unit_id) AS (
                SELECT id FROM unit WHERE institution_id = $1 AND id = $7
                UNION SELECT unit.id FROM unit JOIN chosen
                    ON unit.institution_id = $1 AND unit.parent_id = chosen.unit_id),
            fitting (account_id) AS (
                SELECT account_id FROM role_grant WHERE institution_id = $1 AND (until_at IS NULL OR until_at > $4)
                    AND (role = $6 OR $6 IS NULL) AND (unit_id IN (SELECT unit_id FROM chosen) OR $7 IS NULL)),
            visible (account_id) AS (
                SELECT account_id FROM role_grant WHERE institution_id = $1 AND (until_at IS NULL OR until_at > $4)
                    AND unit_id IN (SELECT unit_id FROM scope))
            SELECT ",
            $what,
            " FROM account WHERE institution_id = $1 AND (LOWER(name) LIKE $5 ESCAPE '!' OR email_key LIKE $5 ESCAPE '!')
            AND (id IN (SELECT account_id FROM fitting) OR $8)
            AND (id IN (SELECT account_id FROM visible) OR $2 IS NULL) ",
            $rest
        )
    };
}

statements! {
    PERSON = "SELECT session.id, account.id, account.name, session.second_factor, session.proved_at, session.seen_at
        FROM session JOIN account
        ON account.institution_id = session.institution_id AND account.id = session.account_id
        WHERE session.institution_id = $1 AND session.token_hash = $2 AND session.expires_at > $3
        AND session.seen_at > $4 AND account.state = 'active'";
    STILL_IN = "SELECT session.second_factor, session.proved_at FROM session JOIN account
        ON account.institution_id = session.institution_id AND account.id = session.account_id
        WHERE session.institution_id = $1 AND session.account_id = $2 AND session.id = $3 AND session.expires_at > $4
        AND account.state = 'active'";
    GRANTS_WITH_UNITS = "WITH RECURSIVE held AS (
            SELECT id, role, unit_id FROM role_grant WHERE institution_id = $1 AND account_id = $2
                AND from_at <= $3 AND (until_at IS NULL OR until_at > $3)),
        reach (grant_id, unit_id) AS (
            SELECT id, unit_id FROM held WHERE unit_id IS NOT NULL
            UNION SELECT reach.grant_id, unit.id FROM reach
                JOIN unit ON unit.institution_id = $1 AND unit.parent_id = reach.unit_id)
        SELECT held.id, held.role, reach.unit_id FROM held LEFT JOIN reach ON reach.grant_id = held.id
        ORDER BY held.id, reach.unit_id";
    ACCOUNT = account!("WHERE institution_id = $1 AND id = $2");
    ACCOUNT_BY_EMAIL = account!("WHERE institution_id = $1 AND email_key = $2");
    ACCOUNTS = account!("WHERE institution_id = $1 ORDER BY name, id");
    ADD_ACCOUNT = "INSERT INTO account
        (id, institution_id, email, email_key, name, state, password, totp_step, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8)";
    SET_STATE = "UPDATE account SET state = $3, suspended_by = $4, changed_at = $5 WHERE institution_id = $1 AND id = $2";
    SET_NAME = "UPDATE account SET name = $3, changed_at = $4 WHERE institution_id = $1 AND id = $2";
    SET_EMAIL = "UPDATE account SET email = $3, email_key = $4, changed_at = $5 WHERE institution_id = $1 AND id = $2";
    FREE_EMAIL = "UPDATE account SET email_key = $3 WHERE institution_id = $1 AND id = $2";
    SET_PASSWORD = "UPDATE account SET password = $3, changed_at = $4 WHERE institution_id = $1 AND id = $2";
    SET_SECOND_FACTOR = "UPDATE account SET totp_secret = $3, totp_step = $4, changed_at = $5
        WHERE institution_id = $1 AND id = $2";
    TAKE_STEP = "UPDATE account SET totp_step = $3 WHERE institution_id = $1 AND id = $2 AND totp_step < $3";
    DROP_RECOVERY_CODES = "DELETE FROM recovery_code WHERE institution_id = $1 AND account_id = $2";
    ADD_RECOVERY_CODE = "INSERT INTO recovery_code (institution_id, account_id, code_hash) VALUES ($1, $2, $3)";
    USE_RECOVERY_CODE = "UPDATE recovery_code SET used_at = $4
        WHERE institution_id = $1 AND account_id = $2 AND code_hash = $3 AND used_at IS NULL";
    RECOVERY_CODES_LEFT = "SELECT COUNT(*) FROM recovery_code
        WHERE institution_id = $1 AND account_id = $2 AND used_at IS NULL";
    ADD_GRANT = "INSERT INTO role_grant (id, institution_id, account_id, role, unit_id, from_at, until_at, granted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    END_GRANT = "UPDATE role_grant SET until_at = $4
        WHERE institution_id = $1 AND account_id = $2 AND id = $3 AND (until_at IS NULL OR until_at > $4)";
    END_GRANTS = "UPDATE role_grant SET until_at = $3
        WHERE institution_id = $1 AND account_id = $2 AND (until_at IS NULL OR until_at > $3)";
    HELD = "SELECT role_grant.id, role_grant.role, role_grant.unit_id, unit.name, role_grant.from_at, role_grant.until_at
        FROM role_grant LEFT JOIN unit
        ON unit.institution_id = role_grant.institution_id AND unit.id = role_grant.unit_id
        WHERE role_grant.institution_id = $1 AND role_grant.account_id = $2
        ORDER BY role_grant.from_at, role_grant.id";
    LASTING_HOLDERS = "SELECT COUNT(DISTINCT account.id) FROM role_grant JOIN account
        ON account.institution_id = role_grant.institution_id AND account.id = role_grant.account_id
        WHERE role_grant.institution_id = $1 AND role_grant.role = $2 AND role_grant.account_id <> $3
        AND role_grant.from_at <= $4 AND role_grant.until_at IS NULL AND account.state = 'active'";
    PEOPLE = people!("id, name, email, state", "ORDER BY LOWER(name), id LIMIT $9 OFFSET $10");
    PEOPLE_COUNT = people!("COUNT(*)", "");
    UNITS = "SELECT id, name FROM unit WHERE institution_id = $1 AND state = 'active' ORDER BY plain_name, id";
    NAMES = "SELECT id, name FROM account WHERE institution_id = $1 ORDER BY LOWER(name), id LIMIT $2";
    NAME = "SELECT name FROM account WHERE institution_id = $1 AND id = $2";
    ADD_SESSION = "INSERT INTO session (id, institution_id, account_id, token_hash, browser, second_factor, proved_at,
        created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)";
    ROTATE_SESSION = "UPDATE session SET token_hash = $4, second_factor = $5, proved_at = $6, seen_at = $6
        WHERE institution_id = $1 AND account_id = $2 AND id = $3";
    SEEN = "UPDATE session SET seen_at = $3 WHERE institution_id = $1 AND id = $2 AND seen_at < $3";
    END_SESSION = "DELETE FROM session WHERE institution_id = $1 AND account_id = $2 AND id = $3";
    END_OTHER_SESSIONS = "DELETE FROM session WHERE institution_id = $1 AND account_id = $2 AND id <> $3";
    END_SESSIONS = "DELETE FROM session WHERE institution_id = $1 AND account_id = $2";
    DROP_OLD_SESSIONS = "DELETE FROM session WHERE institution_id = $1 AND (expires_at <= $2 OR seen_at <= $3)";
    SESSIONS = "SELECT id, browser, second_factor, created_at, seen_at FROM session
        WHERE institution_id = $1 AND account_id = $2 AND expires_at > $3 AND seen_at > $4 ORDER BY seen_at DESC, id";
    ADD_LINK = "INSERT INTO access_link (id, institution_id, account_id, purpose, token_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OPEN_LINK = "SELECT id, account_id, purpose, expires_at FROM access_link WHERE institution_id = $1
        AND token_hash = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3";
    OPEN_LINKS_OF = "SELECT id, account_id, purpose, expires_at FROM access_link WHERE institution_id = $1
        AND account_id = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3 ORDER BY created_at, id";
    USE_LINK = "UPDATE access_link SET used_at = $3
        WHERE institution_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL";
    REVOKE_LINKS = "UPDATE access_link SET revoked_at = $3
        WHERE institution_id = $1 AND account_id = $2 AND used_at IS NULL AND revoked_at IS NULL";
    FAILURES = "SELECT failures, last_at FROM attempt WHERE institution_id = $1 AND counted = $2";
    COUNT_FAILURE = "INSERT INTO attempt (institution_id, counted, failures, last_at) VALUES ($1, $2, 1, $3)
        ON CONFLICT (institution_id, counted) DO UPDATE SET last_at = $3,
        failures = CASE WHEN attempt.last_at <= $4 THEN 1 ELSE attempt.failures + 1 END
        RETURNING failures";
    FORGIVE = "UPDATE attempt SET failures = failures - 1 WHERE institution_id = $1 AND counted = $2 AND failures > 0";
    FORGET_FAILURES = "DELETE FROM attempt WHERE institution_id = $1 AND counted = $2";
    DROP_OLD_ATTEMPTS = "DELETE FROM attempt WHERE institution_id = $1 AND last_at <= $2";
}

type Answer<T> = Result<T, DatabaseError>;

fn unknown(what: &str, found: &str) -> DatabaseError {
    DatabaseError::Other(format!("{what} {found} is unknown").into())
}

/// `search` as a pattern of LIKE that means itself.
fn pattern(search: &str) -> String {
    let plain = search.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{plain}%")
}

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, email, name, state) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        Ok(Self {
            id,
            email,
            name,
            state: AccountState::named(&state).ok_or_else(|| unknown("state", &state))?,
            password: row.next()?,
            totp: row.next()?,
            totp_step: row.next()?,
            suspended_by: row.next()?,
            created_at: row.next()?,
        })
    }
}

impl FromRow for Held {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, role) = (row.next()?, row.next::<String>()?);
        let role = Role::named(&role).ok_or_else(|| unknown("role", &role))?;
        let (unit, unit_name) = (row.next()?, row.next()?);
        Ok(Self { id, post: Post { role, unit }, unit_name, from: row.next()?, until: row.next()? })
    }
}

impl FromRow for Link {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, account, purpose) = (row.next()?, row.next()?, row.next::<String>()?);
        let purpose = Purpose::named(&purpose).ok_or_else(|| unknown("purpose", &purpose))?;
        Ok(Self { id, account, purpose, expires_at: row.next()? })
    }
}

impl FromRow for ShownSession {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, browser, second_factor) = (row.next()?, row.next()?, row.next()?);
        Ok(Self { id, browser, second_factor, created_at: row.next()?, seen_at: row.next()? })
    }
}

impl FromRow for PersonLine {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, name, email, state) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        let state = AccountState::named(&state).ok_or_else(|| unknown("state", &state))?;
        Ok(Self { id, name, email, state })
    }
}

/// Session, account, name, whether a second factor was given, last proof, last seen.
pub(crate) type Found = (SessionId, AccountId, String, bool, OffsetDateTime, OffsetDateTime);

/// The session of a token that has neither ended nor been idle since `idle_since`.
pub(crate) fn session(
    db: &mut Read<'_>,
    institution: InstitutionId,
    token: &TokenHash,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Answer<Option<Found>> {
    db.one(PERSON, params![institution, token.0.as_slice(), now, idle_since])
}

/// Whether a session is still there and its account in use: whether a second factor was given in it, and the last proof.
pub(crate) fn still_in(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (account, session): (AccountId, SessionId),
    now: OffsetDateTime,
) -> Answer<Option<(bool, OffsetDateTime)>> {
    db.one(STILL_IN, params![institution, account, session, now])
}

/// The roles an account holds now, each with its unit and all below. A role that this program does not know grants nothing.
pub(crate) fn grants(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
    now: OffsetDateTime,
) -> Answer<Vec<Grant>> {
    let rows: Vec<(Uuid, String, Option<UnitId>)> = db.all(GRANTS_WITH_UNITS, params![institution, account, now])?;
    let mut grants: BTreeMap<Uuid, Grant> = BTreeMap::new();
    for (id, role, unit) in rows {
        let Some(role) = Role::named(&role) else { continue };
        let units = role.is_of_a_unit().then(Vec::new);
        let grant = grants.entry(id).or_insert(Grant { role, units });
        if let (Some(units), Some(unit)) = (&mut grant.units, unit) {
            units.push(unit);
        }
    }
    Ok(grants.into_values().collect())
}

pub(crate) fn account(db: &mut Read<'_>, institution: InstitutionId, id: AccountId) -> Answer<Option<Account>> {
    db.one(ACCOUNT, params![institution, id])
}

pub(crate) fn account_by_email(db: &mut Read<'_>, institution: InstitutionId, key: &str) -> Answer<Option<Account>> {
    db.one(ACCOUNT_BY_EMAIL, params![institution, key])
}

pub(crate) fn accounts(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Account>> {
    db.all(ACCOUNTS, params![institution])
}

pub(crate) fn add_account(db: &mut Write<'_>, institution: InstitutionId, account: &Account, key: &str) -> Answer<()> {
    let values = params![
        account.id,
        institution,
        &account.email,
        key,
        &account.name,
        account.state.name(),
        account.password.as_deref(),
        account.created_at,
    ];
    db.execute(ADD_ACCOUNT, values).map(drop)
}

pub(crate) fn set_state(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    state: AccountState,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(SET_STATE, params![institution, account, state.name(), None::<AccountId>, now]).map(drop)
}

/// Keeps an account out, and who did it; nothing when the program did.
pub(crate) fn suspend(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    by: Option<AccountId>,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(SET_STATE, params![institution, account, AccountState::Suspended.name(), by, now]).map(drop)
}

pub(crate) fn set_name(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    name: &str,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(SET_NAME, params![institution, account, name, now]).map(drop)
}

pub(crate) fn set_email(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    (typed, key): (&str, &str),
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(SET_EMAIL, params![institution, account, typed, key, now]).map(drop)
}

/// Lets the address of a closed account be used by another one.
pub(crate) fn free_email(db: &mut Write<'_>, institution: InstitutionId, account: AccountId) -> Answer<()> {
    db.execute(FREE_EMAIL, params![institution, account, format!("closed:{account}")]).map(drop)
}

pub(crate) fn set_password(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    hashed: &str,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(SET_PASSWORD, params![institution, account, hashed, now]).map(drop)
}

/// Gives an account a sealed secret, of which the code of `step` was taken; or takes it away.
pub(crate) fn set_second_factor(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    secret: Option<(Vec<u8>, i64)>,
    now: OffsetDateTime,
) -> Answer<()> {
    let (sealed, step) = secret.map_or((None, 0), |(sealed, step)| (Some(sealed), step));
    db.execute(SET_SECOND_FACTOR, params![institution, account, sealed, step, now]).map(drop)
}

/// Takes the code of a step; false when it, or a later one, was taken before.
pub(crate) fn take_step(db: &mut Write<'_>, institution: InstitutionId, account: AccountId, step: i64) -> Answer<bool> {
    Ok(db.execute(TAKE_STEP, params![institution, account, step])? > 0)
}

pub(crate) fn replace_recovery_codes(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    hashes: &[[u8; 32]],
) -> Answer<()> {
    db.execute(DROP_RECOVERY_CODES, params![institution, account])?;
    for hash in hashes {
        db.execute(ADD_RECOVERY_CODE, params![institution, account, hash.as_slice()])?;
    }
    Ok(())
}

/// Uses up a code from paper; false when it is none, or was used before.
pub(crate) fn use_recovery_code(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    hash: &[u8; 32],
    now: OffsetDateTime,
) -> Answer<bool> {
    Ok(db.execute(USE_RECOVERY_CODE, params![institution, account, hash.as_slice(), now])? > 0)
}

pub(crate) fn recovery_codes_left(db: &mut Read<'_>, institution: InstitutionId, account: AccountId) -> Answer<i64> {
    Ok(db.one::<(i64,)>(RECOVERY_CODES_LEFT, params![institution, account])?.map_or(0, |(count,)| count))
}

pub(crate) fn add_grant(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    held: &Held,
    now: OffsetDateTime,
) -> Answer<()> {
    let Post { role, unit } = held.post;
    let values = params![held.id, institution, account, role.name(), unit, held.from, held.until, now];
    db.execute(ADD_GRANT, values).map(drop)
}

pub(crate) fn end_grant(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    grant: GrantId,
    now: OffsetDateTime,
) -> Answer<bool> {
    Ok(db.execute(END_GRANT, params![institution, account, grant, now])? > 0)
}

pub(crate) fn end_grants(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(END_GRANTS, params![institution, account, now]).map(drop)
}

/// Every role an account held, holds or will hold.
pub(crate) fn held(db: &mut Read<'_>, institution: InstitutionId, account: AccountId) -> Answer<Vec<Held>> {
    db.all(HELD, params![institution, account])
}

/// How many active accounts other than one hold a role now, without an end.
pub(crate) fn lasting_holders(
    db: &mut Read<'_>,
    institution: InstitutionId,
    role: Role,
    but: AccountId,
    now: OffsetDateTime,
) -> Answer<i64> {
    let found: Option<(i64,)> = db.one(LASTING_HOLDERS, params![institution, role.name(), but, now])?;
    Ok(found.map_or(0, |(count,)| count))
}

/// One page of people, the last one when there are fewer, and how many there are on all.
pub(crate) fn people(
    db: &mut Read<'_>,
    institution: InstitutionId,
    search: &Search,
    now: OffsetDateTime,
) -> Answer<(Vec<PersonLine>, i64)> {
    let anybody = search.role.is_none() && search.unit.is_none();
    let mut values = Vec::from(params![
        institution,
        search.viewer_in_units,
        Role::UnitAdmin.name(),
        now,
        pattern(&search.words),
        search.role.map(Role::name),
        search.unit,
        anybody,
    ]);
    let count = db.one::<(i64,)>(PEOPLE_COUNT, &values)?.map_or(0, |(count,)| count);
    let most = i64::from(search.most.max(1));
    let last = (count - 1).max(0) / most * most;
    values.extend_from_slice(params![most, i64::from(search.after).min(last)]);
    Ok((db.all(PEOPLE, &values)?, count))
}

/// The units somebody can be given a role in.
pub(crate) fn units(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<(UnitId, String)>> {
    db.all(UNITS, params![institution])
}

/// The first names of an institution.
pub(crate) fn names(db: &mut Read<'_>, institution: InstitutionId, most: u32) -> Answer<Vec<(AccountId, String)>> {
    db.all(NAMES, params![institution, most])
}

pub(crate) fn name(db: &mut Read<'_>, institution: InstitutionId, account: AccountId) -> Answer<Option<String>> {
    Ok(db.one::<(String,)>(NAME, params![institution, account])?.map(|(name,)| name))
}

pub(crate) mod holding;
pub(crate) mod mail;
mod sessions;
pub(crate) use sessions::*;
