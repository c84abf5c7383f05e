//! An account: who it is for, and the states it passes through (`docs/states/account.md`).

use platform::identity::AccountId;
use std::fmt;
use time::OffsetDateTime;

/// What may be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// "Diundang": made for somebody who has not chosen a password yet.
    Invited,
    /// "Aktif".
    Active,
    /// "Ditangguhkan": kept out for a while.
    Suspended,
    /// "Ditutup": for good. What the person did stays in the audit log.
    Closed,
}

/// The account is in a state from which this cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState;

impl AccountState {
    /// All states, in the order of screens.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Suspended, Self::Closed];

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The person chose a password.
    ///
    /// # Errors
    /// When the account was not invited.
    pub fn accept(self) -> Result<Self, WrongState> {
        if self == Self::Invited { Ok(Self::Active) } else { Err(WrongState) }
    }

    /// The person is kept out for a while.
    ///
    /// # Errors
    /// When the account is not in use.
    pub fn suspend(self) -> Result<Self, WrongState> {
        if self == Self::Active { Ok(Self::Suspended) } else { Err(WrongState) }
    }

    /// The person may come in again.
    ///
    /// # Errors
    /// When they were not kept out.
    pub fn resume(self) -> Result<Self, WrongState> {
        if self == Self::Suspended { Ok(Self::Active) } else { Err(WrongState) }
    }

    /// The account ends.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn close(self) -> Result<Self, WrongState> {
        if self == Self::Closed { Err(WrongState) } else { Ok(Self::Closed) }
    }
}

/// An e-mail address ("surel"): as it was typed, and as it is compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    key: String,
}

impl Email {
    /// The address in a text, when it can be one: something, an @, a domain with a dot.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let typed = text.trim();
        let (local, domain) = typed.rsplit_once('@')?;
        let plain = typed.chars().all(|sign| !sign.is_whitespace() && !sign.is_control() && !"<>,;\"".contains(sign));
        let dotted = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
        let fits = !local.is_empty() && !local.contains('@') && typed.len() <= 254;
        (plain && dotted && fits).then(|| Self { typed: typed.to_owned(), key: Self::key_of(typed) })
    }

    /// The text by which any typed address is compared, whether it can be one or not.
    #[must_use]
    pub fn key_of(typed: &str) -> String {
        typed.trim().to_lowercase()
    }

    /// As it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// As it is compared: capitals do not matter.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// An address is never written into a log.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// An account as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// The address, as it was typed.
    pub email: String,
    /// The name, as its holder wants to be addressed.
    pub name: String,
    /// What may be done with it.
    pub state: AccountState,
    /// The hashed password; none until the invitation is accepted.
    pub(crate) password: Option<String>,
    /// The sealed secret of the second factor.
    pub(crate) totp: Option<Vec<u8>>,
    /// The last step of the clock whose code was taken.
    pub(crate) totp_step: i64,
    /// Who suspended it, while it is suspended; nothing when the program did.
    pub(crate) suspended_by: Option<AccountId>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Account {
    /// Whether a second factor is set up.
    #[must_use]
    pub const fn has_second_factor(&self) -> bool {
        self.totp.is_some()
    }
}

/// Neither secrets nor personal data are written into a log.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invited_account_becomes_active_once() {
        let active = AccountState::Invited.accept().unwrap();
        assert_eq!(active, AccountState::Active);
        assert_eq!(active.accept(), Err(WrongState));
    }

    #[test]
    fn a_suspended_account_comes_back_and_a_closed_one_never() {
        let suspended = AccountState::Active.suspend().unwrap();
        assert_eq!(suspended.resume(), Ok(AccountState::Active));
        let closed = suspended.close().unwrap();
        for outcome in [closed.accept(), closed.suspend(), closed.resume(), closed.close()] {
            assert_eq!(outcome, Err(WrongState));
        }
    }

    #[test]
    fn an_invitation_is_withdrawn_by_closing_and_cannot_be_suspended() {
        assert_eq!(AccountState::Invited.close(), Ok(AccountState::Closed));
        assert_eq!(AccountState::Invited.suspend(), Err(WrongState));
    }

    #[test]
    fn a_state_is_found_by_its_name() {
        for state in AccountState::ALL {
            assert_eq!(AccountState::named(state.name()), Some(state));
        }
    }

    #[test]
    fn addresses_differ_by_more_than_capitals() {
        let email = Email::read("  Sari@Contoh.go.id ").unwrap();
        assert_eq!((email.typed(), email.key()), ("Sari@Contoh.go.id", "sari@contoh.go.id"));
        for wrong in
            ["", "sari", "sari@", "@contoh.go.id", "sari@contoh", "a b@contoh.id", "a@b@c.id", "sari@contoh..id"]
        {
            assert_eq!(Email::read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_diagram_names_the_same_states() {
        let page = include_str!("../../../docs/states/account.md");
        for state in AccountState::ALL {
            assert!(page.contains(&format!("{state:?}")), "{state:?} is missing in the diagram");
        }
    }
}
