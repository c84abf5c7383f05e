//! What the command line does with people, for whoever runs the installation. It waits on its thread.

use crate::account::{Account, Email};
use crate::actions::{Act, Invited, NewGrant, Refused, create_account, help_in, invite, sign_out_everywhere};
use crate::entering::NewAdmin;
use crate::granting::Post;
use crate::link::Purpose;
use crate::store;
use platform::database::Database;
use platform::identity::{AccountId, InstitutionId, Role};
use platform::session::Token;
use time::OffsetDateTime;

/// As the audit log names it.
const NAME: &str = "command-line";

/// The address of a link, to be handed over. `origin` is `https://host`.
#[must_use]
pub fn link_address(origin: &str, token: &Token) -> String {
    format!("{origin}/undangan/{}", token.reveal())
}

/// Makes a system admin who can sign in at once.
///
/// # Errors
/// When the address is taken or the database refuses.
pub fn create_admin(
    database: &Database,
    institution: InstitutionId,
    admin: NewAdmin,
    now: OffsetDateTime,
) -> Result<AccountId, Refused> {
    let act = Act::of_program(institution, now, NAME);
    database.write_now(move |db| {
        let grants = vec![NewGrant::now(Post { role: Role::SystemAdmin, unit: None })];
        let new = Invited { email: admin.email.clone(), name: admin.name.clone(), grants };
        create_account(db, &act, &new, &admin.hashed)
    })
}

/// Invites somebody and gives the link's token.
///
/// # Errors
/// When the address is taken, the role does not belong there, or the database refuses.
pub fn invite_person(
    database: &Database,
    institution: InstitutionId,
    (name, email): (&str, &Email),
    post: Post,
    now: OffsetDateTime,
) -> Result<(AccountId, Token), Refused> {
    let act = Act::of_program(institution, now, NAME);
    let invited = Invited { email: email.clone(), name: name.to_owned(), grants: vec![NewGrant::now(post)] };
    database.write_now(move |db| invite(db, &act, &invited))
}

/// The account of an address.
///
/// # Errors
/// When nobody has it or the database cannot be read.
pub fn account_of(database: &Database, institution: InstitutionId, email: &str) -> Result<Account, Refused> {
    let key = Email::key_of(email);
    let found = database.read_now(move |db| store::account_by_email(db, institution, &key))?;
    found.ok_or(Refused::NotFound)
}

/// Makes a link for somebody who lost a password or second factor, or whose invitation is too old.
///
/// # Errors
/// When nobody has that address, the account is not in a state for it, or the database refuses.
pub fn link_for(
    database: &Database,
    institution: InstitutionId,
    email: &str,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Token, Refused> {
    let account = account_of(database, institution, email)?.id;
    let act = Act::of_program(institution, now, NAME);
    database.write_now(move |db| help_in(db, &act, account, purpose))
}

/// Ends all sessions of somebody, and says how many there were.
///
/// # Errors
/// When nobody has that address or the database refuses.
pub fn end_sessions_of(
    database: &Database,
    institution: InstitutionId,
    email: &str,
    now: OffsetDateTime,
) -> Result<u64, Refused> {
    let account = account_of(database, institution, email)?.id;
    let act = Act::of_program(institution, now, NAME);
    database.write_now(move |db| sign_out_everywhere(db, &act, account))
}

/// An account in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// The roles held now, with the name of the unit.
    pub roles: Vec<(Role, Option<String>)>,
}

/// All accounts of an institution, by name.
///
/// # Errors
/// When the database cannot be read.
pub fn list_people(
    database: &Database,
    institution: InstitutionId,
    now: OffsetDateTime,
) -> Result<Vec<Listed>, Refused> {
    database.read_now(move |db| {
        let accounts = store::accounts(db, institution)?;
        let mut listed = Vec::with_capacity(accounts.len());
        for account in accounts {
            let held = store::held(db, institution, account.id)?;
            let roles = held.into_iter().filter(|held| held.holds(now)).map(|held| (held.post.role, held.unit_name));
            listed.push(Listed { account, roles: roles.collect() });
        }
        Ok(listed)
    })
}
