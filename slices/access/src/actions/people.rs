//! What is done to other people's accounts: inviting, giving and taking roles, keeping out, letting in again.

use super::{Act, By, Refused};
use crate::account::{Account, AccountState, Email};
use crate::granting::{self, MANAGE_PEOPLE, Post, go_together, may_grant, may_manage, may_undo_suspension};
use crate::link::Purpose;
use crate::people::{GrantId, Held, open_posts};
use crate::store;
use platform::database::Write;
use platform::identity::{AccountId, Action, Role};
use platform::session::Token;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A role to be given, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The role in its place.
    pub post: Post,
    /// From when; nothing for at once.
    pub from: Option<OffsetDateTime>,
    /// Until when; nothing while no end is known.
    pub until: Option<OffsetDateTime>,
}

impl NewGrant {
    /// A role from now on.
    #[must_use]
    pub const fn now(post: Post) -> Self {
        Self { post, from: None, until: None }
    }

    fn held(&self, now: OffsetDateTime) -> Result<Held, Refused> {
        let from = self.from.unwrap_or(now);
        if self.until.is_some_and(|until| until <= from || until <= now) {
            return Err(Refused::NoTime);
        }
        Ok(Held { id: GrantId::new(now), post: self.post, unit_name: None, from, until: self.until })
    }
}

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The address.
    pub email: Email,
    /// The name.
    pub name: String,
    /// The roles.
    pub grants: Vec<NewGrant>,
}

/// An account of another person, with the roles that hold or will hold.
struct Other {
    account: Account,
    posts: Vec<Post>,
}

fn load(db: &mut Write<'_>, act: &Act, id: AccountId, action: &'static Action) -> Result<Other, Refused> {
    let account = store::account(db, act.institution, id)?.ok_or(Refused::NotFound)?;
    let posts = open_posts(&store::held(db, act.institution, id)?, act.now);
    let known = match &act.by {
        By::Person(person) => granting::sees(person, &posts),
        By::Owner(_) | By::Program(_) => true,
    };
    // Whoever may not see somebody does not learn that they exist.
    if !known {
        return Err(Refused::NotFound);
    }
    act.allows(|person| may_manage(person, action, id, &posts))?;
    Ok(Other { account, posts })
}

fn keep_a_system_admin(db: &mut Write<'_>, act: &Act, other: AccountId, losing: &[Post]) -> Result<(), Refused> {
    let loses = losing.iter().any(|post| post.role == Role::SystemAdmin);
    if loses && store::lasting_holders(db, act.institution, Role::SystemAdmin, other, act.now)? == 0 {
        return Err(Refused::LastSystemAdmin);
    }
    Ok(())
}

fn give(
    db: &mut Write<'_>,
    act: &Act,
    account: AccountId,
    posts: &mut Vec<Post>,
    grant: &NewGrant,
) -> Result<(), Refused> {
    let post = Post::new(grant.post.role, grant.post.unit).ok_or(Refused::WrongPlace)?;
    act.allows(|person| may_grant(person, post))?;
    let known_unit = match post.unit {
        Some(unit) => store::units(db, act.institution)?.iter().any(|(id, _)| *id == unit),
        None => true,
    };
    if !known_unit {
        return Err(Refused::NotFound);
    }
    if posts.contains(&post) {
        return Err(Refused::HeldAlready);
    }
    if !posts.iter().all(|held| go_together(held.role, post.role)) {
        return Err(Refused::NotTogether);
    }
    store::add_grant(db, act.institution, account, &grant.held(act.now)?, act.now)?;
    posts.push(post);
    let detail = json!({
        "role": post.role.name(),
        "unit": post.unit.map(|unit| unit.to_string()),
        "until": grant.until.and_then(|until| until.format(&Rfc3339).ok()),
    });
    act.record(db, "access.role-given", account, detail)
}

/// Gives a role to an account that was entered outside of [`invite`] and [`create_account`].
///
/// # Errors
/// As [`grant`].
pub(crate) fn give_as_program(
    db: &mut Write<'_>,
    act: &Act,
    account: AccountId,
    new: &NewGrant,
) -> Result<(), Refused> {
    give(db, act, account, &mut Vec::new(), new)
}

/// Makes an account for somebody, with roles and a link. The token of the link is told once.
///
/// # Errors
/// When the address is taken, or a role is not to be given so.
pub fn invite(db: &mut Write<'_>, act: &Act, invited: &Invited) -> Result<(AccountId, Token), Refused> {
    let act = &act.renewed(db)?;
    let id = enter_invited(db, act, invited)?;
    Ok((id, super::make_link(db, act, id, Purpose::Invitation)?))
}

/// Makes an account for somebody, with roles; its link is still to be made. Part of an act that was renewed.
///
/// # Errors
/// As [`invite`].
pub(crate) fn enter_invited(db: &mut Write<'_>, act: &Act, invited: &Invited) -> Result<AccountId, Refused> {
    let by_unit = |grant: &NewGrant| act.allows(|person| person.may(&MANAGE_PEOPLE, grant.post.unit));
    match invited.grants.as_slice() {
        [] => act.allows(|person| person.may(&MANAGE_PEOPLE, None))?,
        grants => grants.iter().try_for_each(by_unit)?,
    }
    add(db, act, invited, AccountState::Invited, None)
}

/// Makes an account that can be used at once: for the first admin of a city, and for the command line.
///
/// # Errors
/// As [`invite`].
pub fn create_account(db: &mut Write<'_>, act: &Act, new: &Invited, password: &str) -> Result<AccountId, Refused> {
    let act = &act.renewed(db)?;
    act.allows(|person| person.may(&MANAGE_PEOPLE, None))?;
    add(db, act, new, AccountState::Active, Some(password.to_owned()))
}

fn add(
    db: &mut Write<'_>,
    act: &Act,
    new: &Invited,
    state: AccountState,
    password: Option<String>,
) -> Result<AccountId, Refused> {
    if store::account_by_email(db, act.institution, new.email.key())?.is_some() {
        return Err(Refused::EmailTaken);
    }
    let account = Account {
        id: AccountId::new(act.now),
        email: new.email.typed().to_owned(),
        name: new.name.clone(),
        state,
        password,
        totp: None,
        totp_step: 0,
        suspended_by: None,
        created_at: act.now,
    };
    store::add_account(db, act.institution, &account, new.email.key())?;
    let made = if state == AccountState::Invited { "access.invited" } else { "access.account-made" };
    act.record(db, made, account.id, json!({}))?;
    let mut posts = Vec::new();
    for grant in &new.grants {
        give(db, act, account.id, &mut posts, grant)?;
    }
    Ok(account.id)
}

/// What else a new role brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granted {
    /// Nothing.
    Alone,
    /// A link that somebody may still have held ended: whoever needs one has to be given a new one.
    LinkEnded,
}

/// Gives somebody one more role. Links that let into the account end: whoever made one may have kept it, and could become a
/// person to whom they may not give this role.
///
/// # Errors
/// When it is not theirs to give, is held already, or does not go together with another.
pub fn grant(db: &mut Write<'_>, act: &Act, other: AccountId, new: &NewGrant) -> Result<Granted, Refused> {
    let act = &act.renewed(db)?;
    grant_within(db, act, other, new)
}

/// The same as part of an act that was renewed.
///
/// # Errors
/// As [`grant`].
pub(crate) fn grant_within(
    db: &mut Write<'_>,
    act: &Act,
    other: AccountId,
    new: &NewGrant,
) -> Result<Granted, Refused> {
    let Other { account, mut posts } = load(db, act, other, &MANAGE_PEOPLE)?;
    if account.state == AccountState::Closed {
        return Err(Refused::WrongState);
    }
    give(db, act, other, &mut posts, new)?;
    end_links(db, act, other)
}

/// Ends the links that let into an account. One for a lost second factor stays: it asks for the password, and only system admins,
/// who give every role, make it.
fn end_links(db: &mut Write<'_>, act: &Act, other: AccountId) -> Result<Granted, Refused> {
    let open = store::open_links_of(db, act.institution, other, act.now)?;
    if !open.iter().any(|link| link.purpose.lets_in()) {
        return Ok(Granted::Alone);
    }
    store::revoke_links(db, act.institution, other, act.now)?;
    act.record(db, "access.link-ended", other, json!({}))?;
    Ok(Granted::LinkEnded)
}

/// Takes a role away, at once.
///
/// # Errors
/// When it is not theirs to take, or nobody would be left to run the system.
pub fn revoke(db: &mut Write<'_>, act: &Act, other: AccountId, grant: GrantId) -> Result<(), Refused> {
    let act = &act.renewed(db)?;
    load(db, act, other, &MANAGE_PEOPLE)?;
    let held = store::held(db, act.institution, other)?;
    let held = held.into_iter().find(|held| held.id == grant && held.is_open(act.now)).ok_or(Refused::NotFound)?;
    keep_a_system_admin(db, act, other, &[held.post])?;
    store::end_grant(db, act.institution, other, grant, act.now)?;
    let unit = held.post.unit.map(|unit| unit.to_string());
    act.record(db, "access.role-taken", other, json!({ "role": held.post.role.name(), "unit": unit }))
}

/// Keeps somebody out for a while: every session ends at once.
///
/// # Errors
/// When they are not theirs to keep out, or the last system admin.
pub fn suspend(db: &mut Write<'_>, act: &Act, other: AccountId) -> Result<(), Refused> {
    let act = &act.renewed(db)?;
    let found = load(db, act, other, &MANAGE_PEOPLE)?;
    found.account.state.suspend()?;
    keep_a_system_admin(db, act, other, &found.posts)?;
    store::suspend(db, act.institution, other, act.account(), act.now)?;
    let ended = store::end_sessions(db, act.institution, other)?;
    store::revoke_links(db, act.institution, other, act.now)?;
    act.record(db, "access.suspended", other, json!({ "sessions": ended }))
}

/// Whether whoever acts may end the suspension of an account, if it is suspended.
fn may_end_suspension(act: &Act, account: &Account) -> Result<(), Refused> {
    let suspended = account.state == AccountState::Suspended;
    act.allows(|person| !suspended || may_undo_suspension(person, account.suspended_by))
        .map_err(|_| Refused::SuspendedByAnother)
}

/// Lets somebody in again.
///
/// # Errors
/// When they are not theirs to let in, were not kept out, or were kept out by somebody else above.
pub fn resume(db: &mut Write<'_>, act: &Act, other: AccountId) -> Result<(), Refused> {
    let act = &act.renewed(db)?;
    let account = load(db, act, other, &MANAGE_PEOPLE)?.account;
    let state = account.state.resume()?;
    may_end_suspension(act, &account)?;
    store::set_state(db, act.institution, other, state, act.now)?;
    act.record(db, "access.resumed", other, json!({}))
}

/// Ends an account for good, with its sessions, links and roles. The address may be invited again.
///
/// # Errors
/// When it is not theirs to end, or the last system admin's, or suspended by somebody else above: its address could be invited
/// again at once.
pub fn close(db: &mut Write<'_>, act: &Act, other: AccountId) -> Result<(), Refused> {
    let act = &act.renewed(db)?;
    let found = load(db, act, other, &MANAGE_PEOPLE)?;
    let state = found.account.state.close()?;
    may_end_suspension(act, &found.account)?;
    keep_a_system_admin(db, act, other, &found.posts)?;
    store::set_state(db, act.institution, other, state, act.now)?;
    store::free_email(db, act.institution, other)?;
    store::end_grants(db, act.institution, other, act.now)?;
    store::revoke_links(db, act.institution, other, act.now)?;
    let ended = store::end_sessions(db, act.institution, other)?;
    store::set_second_factor(db, act.institution, other, None, act.now)?;
    store::replace_recovery_codes(db, act.institution, other, &[])?;
    act.record(db, "access.closed", other, json!({ "sessions": ended }))
}

/// Ends all sessions of somebody.
///
/// # Errors
/// When they are not theirs to sign out.
pub fn sign_out_everywhere(db: &mut Write<'_>, act: &Act, other: AccountId) -> Result<u64, Refused> {
    let act = &act.renewed(db)?;
    load(db, act, other, &MANAGE_PEOPLE)?;
    let ended = store::end_sessions(db, act.institution, other)?;
    act.record(db, "access.signed-out-by-admin", other, json!({ "sessions": ended }))?;
    Ok(ended)
}

/// Corrects the name and address of somebody.
///
/// # Errors
/// When they are not theirs to correct, or the address is another one's.
pub fn correct(db: &mut Write<'_>, act: &Act, other: AccountId, name: &str, email: &Email) -> Result<(), Refused> {
    let act = &act.renewed(db)?;
    let account = load(db, act, other, &MANAGE_PEOPLE)?.account;
    if account.state == AccountState::Closed {
        return Err(Refused::WrongState);
    }
    let holder = store::account_by_email(db, act.institution, email.key())?;
    if holder.is_some_and(|holder| holder.id != other) {
        return Err(Refused::EmailTaken);
    }
    let changed: Vec<&str> = [("name", account.name != name), ("email", account.email != email.typed())]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    store::set_name(db, act.institution, other, name, act.now)?;
    store::set_email(db, act.institution, other, (email.typed(), email.key()), act.now)?;
    act.record(db, "access.account-corrected", other, json!({ "changed": changed }))
}

/// Makes a link for somebody who lost a password or a second factor, or whose invitation is too old. Links made before it end.
///
/// # Errors
/// When they are not theirs to help, or the account is not in a state for such a link.
pub fn help_in(db: &mut Write<'_>, act: &Act, other: AccountId, purpose: Purpose) -> Result<Token, Refused> {
    let act = &act.renewed(db)?;
    let action = match purpose {
        Purpose::Invitation | Purpose::Password => &MANAGE_PEOPLE,
        Purpose::SecondFactor => &granting::RESET_SECOND_FACTOR,
    };
    let account = load(db, act, other, action)?.account;
    let fits = match purpose {
        Purpose::Invitation => account.state == AccountState::Invited,
        Purpose::Password => account.state == AccountState::Active,
        Purpose::SecondFactor => account.state == AccountState::Active && account.has_second_factor(),
    };
    if !fits {
        return Err(Refused::WrongState);
    }
    super::make_link(db, act, other, purpose)
}
