//! Signing in: first the password, then, where there is one, the second factor. What is guessed is counted before it is judged,
//! so that a thousand guesses at once are a thousand guesses.

use super::{Act, Refused};
use crate::account::{Account, AccountState};
use crate::known_browser::Marks;
use crate::one_time_code::{Secret, plain_recovery_code};
use crate::sessions::{self, NewSession};
use crate::slowdown::{self, Kind, REMEMBERED};
use crate::store;
use platform::database::{DatabaseError, Write};
use platform::identity::{AccountId, InstitutionId, SessionId};
use platform::secret::Secrets;
use platform::session::Token;
use serde_json::json;
use time::OffsetDateTime;

/// A failed attempt's counters, each for its reason.
pub(crate) type Counters = Vec<(Kind, [u8; 32])>;

/// An attempt to sign in.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) institution: InstitutionId,
    pub(crate) email_key: String,
    pub(crate) network: String,
    pub(crate) marks: Marks,
    pub(crate) now: OffsetDateTime,
}

/// What an attempt may do.
#[derive(Debug, Clone)]
pub(crate) enum Begun {
    /// Nothing before this moment.
    Wait(OffsetDateTime),
    /// Its password may be judged.
    Judge(Box<Judged>),
}

/// An attempt whose password may be judged.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// Nothing when nobody has that address.
    pub(crate) account: Option<Account>,
    /// What it was counted for.
    pub(crate) counters: Counters,
    /// Whether, when it fails, the next one has to wait for the first time.
    pub(crate) slows: bool,
}

/// The waits of an attempt, or its counting.
fn count(
    db: &mut Write<'_>,
    institution: InstitutionId,
    counters: &Counters,
    now: OffsetDateTime,
) -> Result<Result<bool, OffsetDateTime>, DatabaseError> {
    let mut until = None;
    for (kind, counter) in counters {
        let failures = store::failures(db, institution, counter)?;
        until = until.max(slowdown::wait_until(*kind, failures, now));
    }
    if let Some(until) = until {
        return Ok(Err(until));
    }
    let mut slows = false;
    for (kind, counter) in counters {
        let failures = store::count_failure(db, institution, counter, now, now - REMEMBERED)?;
        slows |= slowdown::begins_to_wait(*kind, failures);
    }
    Ok(Ok(slows))
}

/// An attempt that was counted was none after all.
fn uncount(db: &mut Write<'_>, institution: InstitutionId, counters: &Counters) -> Result<(), DatabaseError> {
    for (kind, counter) in counters {
        match kind {
            // Others use these counters too: only this attempt is taken back.
            Kind::Network | Kind::Account => store::forgive(db, institution, counter)?,
            _ => store::forget_failures(db, institution, counter)?,
        }
    }
    Ok(())
}

/// Counts an attempt to sign in, unless it has to wait.
///
/// # Errors
/// When the database fails.
pub(crate) fn begin_sign_in(db: &mut Write<'_>, secrets: &Secrets, attempt: &Attempt) -> Result<Begun, DatabaseError> {
    let account = store::account_by_email(db, attempt.institution, &attempt.email_key)?;
    let mark = account.as_ref().and_then(|account| attempt.marks.of(account.id));
    let (email, network) = (attempt.email_key.as_str(), attempt.network.as_str());
    let counters: Counters = match mark {
        Some(mark) => vec![(Kind::KnownBrowser, slowdown::counter(secrets, Kind::KnownBrowser, &[email, mark]))],
        None => vec![
            (Kind::Guesser, slowdown::counter(secrets, Kind::Guesser, &[email, network])),
            (Kind::Network, slowdown::counter(secrets, Kind::Network, &[network])),
            (Kind::Account, slowdown::counter(secrets, Kind::Account, &[email])),
        ],
    };
    Ok(match count(db, attempt.institution, &counters, attempt.now)? {
        Err(until) => Begun::Wait(until),
        Ok(slows) => Begun::Judge(Box::new(Judged { account, counters, slows })),
    })
}

/// Notes that somebody who guesses the password of an account now has to wait.
///
/// # Errors
/// When the database fails.
pub(crate) fn note_guessing(db: &mut Write<'_>, act: &Act, account: AccountId) -> Result<(), Refused> {
    act.record(db, "access.guessing-slowed", account, json!({}))
}

/// How somebody who gave the right password goes on.
#[derive(Debug, Clone)]
pub(crate) enum Passed {
    /// They are signed in.
    In(Token),
    /// They have to give a code.
    SecondStep,
}

/// The password was right.
#[derive(Debug, Clone)]
pub(crate) struct RightPassword {
    pub(crate) account: AccountId,
    pub(crate) counters: Counters,
    pub(crate) browser: String,
    /// The same password hashed with today's parameters, when the stored hash is older.
    pub(crate) rehashed: Option<String>,
    pub(crate) known: bool,
}

/// Signs in whoever gave the right password, or asks for the second step.
///
/// # Errors
/// When the account is not in use any more.
pub(crate) fn pass_password(db: &mut Write<'_>, act: &Act, right: &RightPassword) -> Result<Passed, Refused> {
    let account = in_use(db, act.institution, right.account)?;
    uncount(db, act.institution, &right.counters)?;
    if let Some(hashed) = &right.rehashed {
        store::set_password(db, act.institution, account.id, hashed, act.now)?;
    }
    store::drop_old_attempts(db, act.institution, act.now - REMEMBERED)?;
    store::drop_old_sessions(db, act.institution, act.now, act.now - sessions::IDLE)?;
    if account.has_second_factor() {
        return Ok(Passed::SecondStep);
    }
    let token = open_session(db, act, account.id, &right.browser, false)?;
    let detail = json!({ "browser": right.browser, "second_factor": false, "known_browser": right.known });
    act.record(db, "access.signed-in", account.id, detail)?;
    Ok(Passed::In(token))
}

fn in_use(db: &mut Write<'_>, institution: InstitutionId, account: AccountId) -> Result<Account, Refused> {
    let account = store::account(db, institution, account)?.ok_or(Refused::NotFound)?;
    if account.state == AccountState::Active { Ok(account) } else { Err(Refused::WrongState) }
}

/// What became of a code.
#[derive(Debug, Clone)]
pub(crate) enum CodeGiven {
    /// It was right; so many codes on paper are left when it was one of them.
    In(Token, Option<i64>),
    /// It was wrong, or taken before.
    Wrong,
    /// It was not looked at: the next one may be given at this moment.
    Wait(OffsetDateTime),
}

/// A code given in the second step.
#[derive(Debug, Clone)]
pub(crate) struct SecondStep {
    pub(crate) account: AccountId,
    pub(crate) typed: String,
    pub(crate) marks: Marks,
    pub(crate) browser: String,
}

/// What the secret of an account's second factor is sealed for: nobody can move it to another account.
pub(crate) fn sealed_for(account: AccountId) -> String {
    format!("second-factor:{account}")
}

/// What is stored of a code on paper.
pub(crate) fn recovery_hash(secrets: &Secrets, account: AccountId, plain: &str) -> [u8; 32] {
    secrets.fingerprint("recovery-code", &format!("{account}\n{plain}"))
}

/// Signs in whoever gives a right code after the right password.
///
/// # Errors
/// When the account is not in use any more, or has no second factor any more.
pub(crate) fn give_code(
    db: &mut Write<'_>,
    secrets: &Secrets,
    act: &Act,
    given: &SecondStep,
) -> Result<CodeGiven, Refused> {
    let account = in_use(db, act.institution, given.account)?;
    let (kind, mark) = match given.marks.of(account.id) {
        Some(mark) => (Kind::KnownBrowserCode, mark),
        None => (Kind::Code, ""),
    };
    let counter = slowdown::counter(secrets, kind, &[&account.id.to_string(), mark]);
    let counters = vec![(kind, counter)];
    let slows = match count(db, act.institution, &counters, act.now)? {
        Ok(slows) => slows,
        Err(until) => return Ok(CodeGiven::Wait(until)),
    };
    let (right, left) = take_code(db, secrets, act, &account, &given.typed)?;
    if !right {
        if slows {
            note_guessing(db, act, account.id)?;
        }
        return Ok(CodeGiven::Wrong);
    }
    uncount(db, act.institution, &counters)?;
    let token = open_session(db, act, account.id, &given.browser, true)?;
    let detail = json!({
        "browser": given.browser,
        "second_factor": true,
        "known_browser": kind == Kind::KnownBrowserCode,
        "recovery_code": left.is_some(),
    });
    act.record(db, "access.signed-in", account.id, detail)?;
    Ok(CodeGiven::In(token, left))
}

/// Takes a code of the telephone, or one from paper: whether it is right, and how many are left on paper if it was one of those.
fn take_code(
    db: &mut Write<'_>,
    secrets: &Secrets,
    act: &Act,
    account: &Account,
    typed: &str,
) -> Result<(bool, Option<i64>), Refused> {
    if let Some(plain) = plain_recovery_code(typed) {
        let hash = recovery_hash(secrets, account.id, &plain);
        let right = store::use_recovery_code(db, act.institution, account.id, &hash, act.now)?;
        let left = store::recovery_codes_left(db, act.institution, account.id)?;
        return Ok((right, Some(left)));
    }
    let sealed = account.totp.as_deref().ok_or(Refused::WrongState)?;
    let opened = secrets.open(&sealed_for(account.id), sealed);
    let Some(secret) = opened.map(Secret::of_bytes) else { return Ok((false, None)) };
    let step = secret.step_of(typed, act.now, account.totp_step);
    let right = match step {
        Some(step) => store::take_step(db, act.institution, account.id, step)?,
        None => false,
    };
    Ok((right, None))
}

/// Opens a session; its token is told once.
pub(super) fn open_session(
    db: &mut Write<'_>,
    act: &Act,
    account: AccountId,
    browser: &str,
    second_factor: bool,
) -> Result<Token, Refused> {
    let token = Token::new();
    open_session_with(db, act, (account, &token), browser, second_factor)?;
    Ok(token)
}

/// Opens a session with a token that the caller tells.
///
/// # Errors
/// When the database fails.
pub(crate) fn open_session_with(
    db: &mut Write<'_>,
    act: &Act,
    (account, token): (AccountId, &Token),
    browser: &str,
    second_factor: bool,
) -> Result<(), Refused> {
    let session = NewSession {
        id: SessionId::new(act.now),
        account,
        token: token.hash(),
        browser: browser.to_owned(),
        second_factor,
        created_at: act.now,
        expires_at: act.now + sessions::LASTS,
    };
    Ok(store::add_session(db, act.institution, &session)?)
}

/// A password asked again: of a session, or of a link.
#[derive(Debug, Clone)]
pub(crate) struct Again {
    pub(crate) institution: InstitutionId,
    /// What it is asked for; each has its own count.
    pub(crate) of: String,
    pub(crate) now: OffsetDateTime,
}

/// Counts a password that is asked again, unless it has to wait.
///
/// # Errors
/// When the database fails.
pub(crate) fn begin_again(
    db: &mut Write<'_>,
    secrets: &Secrets,
    again: &Again,
) -> Result<Result<Counters, OffsetDateTime>, DatabaseError> {
    let counters = vec![(Kind::Again, slowdown::counter(secrets, Kind::Again, &[&again.of]))];
    Ok(count(db, again.institution, &counters, again.now)?.map(|_| counters))
}

/// The password asked again was right.
///
/// # Errors
/// When the database fails.
pub(crate) fn end_again(
    db: &mut Write<'_>,
    institution: InstitutionId,
    counters: &Counters,
) -> Result<(), DatabaseError> {
    uncount(db, institution, counters)
}
