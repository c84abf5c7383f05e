//! Who may come in, and what they may do: accounts, signing in, second factors, sessions, invitations, roles, the audit log's pages.
//!
//! - **People**: everybody who works here has an account of one institution; system admins, coordinators and admins of units invite
//!   them and give them roles; auditors read what everybody did.
//! - **Law**: UU 27/2022 on personal data (names and addresses never stand in logs, addresses of pages or the audit log);
//!   Perpres 95/2018 (SPBE) asks for a record of who did what.
//! - **States** of an account: `docs/states/account.md`. Guessing: `docs/decisions/0008-lockout.md`.
//!
//! | page | for whom |
//! |---|---|
//! | `/masuk`, `/masuk/langkah-kedua`, `/masuk/lupa`, `/keluar` | everybody |
//! | `/undangan/{token}`, `/surel/berhenti/{token}` | whoever holds the link |
//! | `/akun`, `…/kata-sandi`, `…/sesi`, `…/dua-langkah`, `…/pemberitahuan`, `/masuk/ulang` | whoever is signed in |
//! | `/kelola/orang`, `…/undang`, `…/{id}` | admins; auditors read |
//! | `/kelola/impor/orang` and its steps | coordinator, system admin |
//! | `/kelola/pesan` | system admin |
//! | `/audit` | auditor, system admin |

mod account;
mod actions;
mod browser;
mod command;
mod entering;
mod granting;
mod import;
mod known_browser;
mod link;
mod matrix;
mod notices;
mod one_time_code;
mod pages;
pub mod password;
mod people;
mod personal;
mod sessions;
mod slowdown;
mod store;
#[cfg(test)]
mod tests;

pub use account::{Account, AccountState, Email};
pub use actions::{
    Act, By, Granted, Invited, NewGrant, Refused, close, correct, create_account, grant, help_in, invite, resume,
    revoke, sign_out_everywhere, suspend,
};
pub use command::{
    Listed, account_of, create_admin, end_sessions_of, invite_person, link_address, link_for, list_people,
};
pub use entering::{DemonstrationPerson, NewAdmin, SignedIn, enter_admin, enter_demonstration_person, same_secret};
pub use granting::{
    ACTIONS, IMPORT_PEOPLE, MANAGE_MESSAGES, MANAGE_PEOPLE, Post, READ_AUDIT, READ_PEOPLE, RESET_SECOND_FACTOR,
    go_together, granting,
};
pub use import::{InvitedByTable, MOST_ROWS, NotStored, import_people, preview_people};
pub use link::Purpose;
pub use matrix::matrix;
pub use notices::{MESSAGES, city_of, contact_of};
pub use pages::{AUDIT_MENU, MESSAGES_MENU, PEOPLE_MENU, prove_first, routes};
pub use people::GrantId;
pub use personal::{HOLDINGS, RESEALED};
pub use sessions::{find_person, note_seen};
pub use store::mail::holders;

use platform::database::Sql;
use rules::phrase::Catalogue;
use std::sync::LazyLock;

/// Every statement of this slice.
pub const STATEMENTS: &[&[Sql]] = &[store::STATEMENTS, store::holding::STATEMENTS, store::mail::STATEMENTS];

/// The words of this slice.
static WORDS: LazyLock<Catalogue> = LazyLock::new(|| {
    platform::words::catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml"))
});

/// The name of an account's holder, for pages of other slices that show who did something.
///
/// # Errors
/// When the database cannot be read.
pub fn name_of(
    db: &mut platform::database::Read<'_>,
    institution: platform::identity::InstitutionId,
    account: platform::identity::AccountId,
) -> Result<Option<String>, platform::database::DatabaseError> {
    store::name(db, institution, account)
}

/// The words of this slice in a language, for the command line.
#[must_use]
pub fn words(language: rules::phrase::Language) -> platform::words::Words {
    platform::words::Words::new(&WORDS, language)
}

/// The account whose page the checks of every page visit; the demonstration gives it to one of its people.
#[must_use]
pub fn sample_person() -> platform::identity::AccountId {
    platform::database::Uuid::from_u128(SAMPLE_PERSON).into()
}

/// 00000000-0000-7000-8000-000000000001.
const SAMPLE_PERSON: u128 = 0x7000_8000_0000_0000_0001;
