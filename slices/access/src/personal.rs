//! What this slice keeps of people, for the register of personal data, and what is sealed here.

use crate::account::Email;
use crate::actions::sealed_for;
use crate::store::{self, holding};
use crate::words;
use platform::audit::{self, Entry, Subject};
use platform::database::{DatabaseError, Read, Write};
use platform::identity::AccountId;
use platform::personal::{
    Basis, Correction, End, Erasure, Holding, Identity, Keeping, Kept, Outcome, People, Personal as _, Row, Task, Work,
};
use platform::secret::rotation::Resealed;
use rules::phrase::Language;
use serde_json::{Value, json};
use time::Duration;

/// The sealed columns of this slice.
pub const RESEALED: &[Resealed] = &[Resealed {
    name: "account.totp_secret",
    next: holding::NEXT_TOTP,
    save: holding::SAVE_TOTP,
    held: holding::HELD_TOTP,
    context: |_, account| sealed_for(AccountId::from(account)),
    indexed: None,
}];

/// Records of what officials did are archives of the state.
const ARCHIVES: &str = "UU 43/2009 (kearsipan)";

/// What this slice keeps of people.
pub const HOLDINGS: &[Holding] = &[
    Holding {
        name: "access.account",
        tables: &["account", "role_grant", "recovery_code", "access_link", "import_draft"],
        people: People::Staff,
        basis: Basis::PublicTask,
        keeping: || Keeping::ByLaw,
        kept: Kept::By(ARCHIVES),
        words: |part, language| say(&format!("holding.account.{part}"), language),
        work: Some(Work { find, export, correct, restrict, erase }),
        end: None,
    },
    Holding {
        name: "access.session",
        tables: &["session"],
        people: People::Staff,
        basis: Basis::PublicTask,
        keeping: || Keeping::For(Duration::ZERO),
        kept: Kept::Erasable,
        words: |part, language| say(&format!("holding.session.{part}"), language),
        work: None,
        end: Some(End { due: holding::ended_sessions, expire: holding::drop_ended_sessions }),
    },
    Holding {
        name: "access.message",
        tables: &["message", "message_preference"],
        people: People::Staff,
        basis: Basis::PublicTask,
        keeping: || Keeping::For(Duration::days(365)),
        kept: Kept::Erasable,
        words: |part, language| say(&format!("holding.message.{part}"), language),
        work: None,
        end: None,
    },
    Holding {
        name: "access.attempt",
        tables: &["attempt"],
        people: People::Staff,
        basis: Basis::PublicTask,
        keeping: || Keeping::For(Duration::DAY),
        kept: Kept::Erasable,
        words: |part, language| say(&format!("holding.attempt.{part}"), language),
        work: None,
        end: Some(End { due: holding::old_attempts, expire: holding::drop_some_attempts }),
    },
];

fn say(key: &str, language: Language) -> String {
    words(language).text(key)
}

fn find(db: &mut Read<'_>, task: &Task<'_>, identity: &Identity) -> Result<Vec<Row>, DatabaseError> {
    let key = identity.email.as_ref().and_then(|email| Email::read(&email.compared()));
    let key = key.as_ref().map(Email::key);
    let found = holding::account_of(db, task.institution, identity.account, key)?;
    Ok(found.into_iter().map(Row).collect())
}

fn export(db: &mut Write<'_>, task: &Task<'_>, Row(account): Row) -> Result<Value, DatabaseError> {
    let Some((email, name, state, second_factor, made, changed)) = holding::facts(db, task.institution, account)?
    else {
        return Ok(Value::Null);
    };
    let roles: Vec<Value> = holding::roles(db, task.institution, account)?
        .into_iter()
        .map(|(role, from, until)| {
            json!({ "role": role, "from": from.to_string(), "until": until.map(|until| until.to_string()) })
        })
        .collect();
    let browsers: Vec<Value> = holding::browsers(db, task.institution, account)?
        .into_iter()
        .map(|(browser, since, seen)| {
            json!({ "browser": browser, "since": since.to_string(), "seen": seen.to_string() })
        })
        .collect();
    Ok(json!({
        "name": name, "email": email, "state": state, "second_factor": second_factor,
        "made": made.to_string(), "changed": changed.to_string(), "roles": roles, "browsers": browsers,
    }))
}

fn correct(
    db: &mut Write<'_>,
    task: &Task<'_>,
    Row(account): Row,
    correction: &Correction,
) -> Result<Outcome, DatabaseError> {
    // The address is what somebody signs in with: their admin changes it, who knows that it is theirs.
    let Some(name) = &correction.name else { return Ok(Outcome::Nothing) };
    let account = AccountId::from(account);
    let receipt = platform::personal::reveal(
        db,
        (task.institution, task.actor, task.now),
        platform::personal::Reason::CarryOut,
        Subject::new("account", account),
    )?;
    store::set_name(db, task.institution, account, name.reveal(&receipt), task.now)?;
    record(db, task, "access.account-corrected", account, json!({ "changed": ["name"] }))?;
    Ok(Outcome::Done)
}

/// Whoever holds a public office cannot have the record of it set aside.
fn restrict(_: &mut Write<'_>, _: &Task<'_>, _: Row) -> Result<Outcome, DatabaseError> {
    Ok(Outcome::Refused(ARCHIVES))
}

/// A closed account keeps its acts, not its person. One that is still used is kept whole.
fn erase(db: &mut Write<'_>, task: &Task<'_>, Row(row): Row) -> Result<Erasure, DatabaseError> {
    let nobody = words(Language::Indonesian).text("holding.account.nobody");
    if holding::forget_person(db, task.institution, row, &nobody, task.now)? {
        record(db, task, "access.account-forgotten", AccountId::from(row), json!({}))?;
    }
    Ok(Erasure::Kept(ARCHIVES))
}

fn record(
    db: &mut Write<'_>,
    task: &Task<'_>,
    act: &'static str,
    account: AccountId,
    detail: Value,
) -> Result<(), DatabaseError> {
    let subject = Subject::new("account", account);
    let (institution, at, actor) = (Some(task.institution), task.now, task.actor);
    audit::record(db, &Entry { institution, at, actor, act, subject, detail })
}
