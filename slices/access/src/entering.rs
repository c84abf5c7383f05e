//! How other slices let people in: the first admin of a city, the people of the demonstration, the browser of whoever set it up.

use crate::account::{Account, AccountState, Email};
use crate::actions::{Act, Invited, NewGrant, Refused, create_account, give_as_program, open_session_with};
use crate::browser;
use crate::granting::Post;
use crate::{WORDS, password, store};
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{AccountId, InstitutionId, Role, UnitId};
use platform::problem::Problem;
use platform::session::Token;
use platform::words::Words;
use rules::phrase::Language;
use time::OffsetDateTime;

/// The first admin of a city, checked and ready to be entered.
#[derive(Debug, Clone)]
pub struct NewAdmin {
    pub(crate) name: String,
    pub(crate) email: Email,
    pub(crate) hashed: String,
}

impl NewAdmin {
    /// The admin in the fields `admin_name`, `email` and `password` of a form. Faults are noted in it, and what is right is kept;
    /// the password is hashed beside the server's work.
    ///
    /// # Errors
    /// When the program is ending.
    pub async fn read(form: &mut Form, language: Language) -> Result<Option<Self>, Problem> {
        let w = Words::new(&WORDS, language);
        let name = form.required("admin_name", 120, w.text("fault.name-empty"), w.text("fault.name-long"));
        let email = form.read("email", Email::read, w.text("fault.email"));
        if let Some(weakness) = password::weakness(form.exact("password"), &name, form.value("email")) {
            form.fault("password", w.text(weakness.key()));
        }
        let faulty = ["admin_name", "email", "password"].into_iter().any(|field| !form.error(field).is_empty());
        let Some(email) = email.filter(|_| !faulty) else { return Ok(None) };
        let hashed = password::hash(form.exact("password").to_owned()).await?;
        Ok(Some(Self { name, email, hashed }))
    }

    /// The admin of these values, with the password hashed on this thread; for the command line.
    ///
    /// # Errors
    /// What is wrong with the password.
    pub fn now(name: &str, email: Email, password: &str) -> Result<Self, password::Weakness> {
        match password::weakness(password, name, email.typed()) {
            Some(weakness) => Err(weakness),
            None => Ok(Self { name: name.to_owned(), email, hashed: password::hash_now(password) }),
        }
    }
}

/// Enters the first admin of a city.
///
/// # Errors
/// When the database refuses, or somebody has that address already.
pub fn enter_admin(
    db: &mut Write<'_>,
    institution: InstitutionId,
    admin: &NewAdmin,
    roles: &[Role],
    now: OffsetDateTime,
) -> Result<AccountId, DatabaseError> {
    let grant = |role: &Role| NewGrant::now(Post { role: *role, unit: None });
    let new =
        Invited { email: admin.email.clone(), name: admin.name.clone(), grants: roles.iter().map(grant).collect() };
    let act = Act::of_program(institution, now, "set-up");
    create_account(db, &act, &new, &admin.hashed).map_err(into_database)
}

fn into_database(refused: Refused) -> DatabaseError {
    match refused {
        Refused::Database(error) => error,
        other => DatabaseError::Other(Box::new(other)),
    }
}

/// Somebody of the demonstration city, with a ready password hash and a fixed identifier when the demonstration names one.
#[derive(Debug, Clone)]
pub struct DemonstrationPerson {
    /// A fixed identifier, so that pages of one person have an address that exists.
    pub id: Option<AccountId>,
    /// The address.
    pub email: Email,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The unit, for a role of a unit.
    pub unit: Option<UnitId>,
    /// The password as argon2id hashed it.
    pub password_hash: String,
}

/// Enters somebody of the demonstration city.
///
/// # Errors
/// When the database refuses.
pub fn enter_demonstration_person(
    db: &mut Write<'_>,
    institution: InstitutionId,
    person: &DemonstrationPerson,
    now: OffsetDateTime,
) -> Result<AccountId, DatabaseError> {
    let account = Account {
        id: person.id.unwrap_or_else(|| AccountId::new(now)),
        email: person.email.typed().to_owned(),
        name: person.name.clone(),
        state: AccountState::Active,
        password: Some(person.password_hash.clone()),
        totp: None,
        totp_step: 0,
        suspended_by: None,
        created_at: now,
    };
    store::add_account(db, institution, &account, person.email.key())?;
    let act = Act::of_program(institution, now, "demonstration");
    let grant = NewGrant::now(Post { role: person.role, unit: person.unit });
    give_as_program(db, &act, account.id, &grant).map_err(into_database)?;
    Ok(account.id)
}

/// The browser of somebody who is let in at the end of another form: take it from the visit, begin a session in the transaction
/// of that form, and set its cookies with the answer.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub(crate) token: Token,
    browser: String,
}

impl SignedIn {
    /// For a browser that says of itself what stands in the header `User-Agent`.
    #[must_use]
    pub fn new(user_agent: &str) -> Self {
        Self { token: Token::new(), browser: browser::family(user_agent) }
    }

    /// Begins the session.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin(
        &self,
        db: &mut Write<'_>,
        institution: InstitutionId,
        account: AccountId,
        now: OffsetDateTime,
    ) -> Result<(), DatabaseError> {
        let act = Act::of_owner(institution, now, account);
        open_session_with(db, &act, (account, &self.token), &self.browser, false).map_err(into_database)
    }
}

/// Whether two secrets are the same, in a time that does not depend on where they differ.
#[must_use]
pub fn same_secret(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_the_same_when_every_byte_is() {
        assert!(same_secret(b"kode", b"kode"));
        assert!(!same_secret(b"kode", b"kodf") && !same_secret(b"kode", b"kod") && !same_secret(b"", b"k"));
    }
}
