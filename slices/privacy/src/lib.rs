//! "Data pribadi": the rights of people over their data, the register of processing, retention, and the clock of a breach.
//!
//! - **People**: everybody asks about their own data, without an account; the data protection officer ("Pejabat PDP") answers,
//!   keeps the register and tells of breaches; system admins record breaches too; auditors read the register.
//! - **Law**: UU 27/2022 on personal data; articles and periods stand in `parameters/uu-27-2022.toml`, and in
//!   `docs/law/uu-27-2022.md` what is done and what is not.
//! - **States**: `docs/states/data-request.md`, `docs/states/breach.md`.
//!
//! What slices keep of people they declare as [`platform::personal::Holding`]s; this slice shows them, finds people in them, and
//! ends what is past its time. Everything that people told of themselves is sealed, shown masked, and opened with a reason.
//!
//! | page | for whom |
//! |---|---|
//! | `/data-pribadi`, `…/permintaan` | everybody |
//! | `/data-pribadi/permintaan/{token}`, `…/salinan` | whoever holds the link |
//! | `/akun/data-pribadi` | whoever is signed in |
//! | `/kelola/data-pribadi`, `…/kegiatan`, `…/penghapusan` | officer, auditor, system admin |
//! | `/kelola/data-pribadi/permintaan`, `…/{id}` | officer |
//! | `/kelola/data-pribadi/kebocoran`, `…/{id}`, `…/{id}/surat` | officer, system admin |

mod actions;
mod breach;
mod copy;
mod demonstration;
mod holdings;
mod jobs;
mod notify;
mod pages;
mod permissions;
mod register;
mod request;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{
    Desk, Receipt, Refused, add_activity, ask, ask_identity, ask_once, carry_out, change, close, close_breach, decide,
    dismiss, end_activity, fetch_copy, finish, look, record_breach, set_officer, verify,
};
pub use breach::{Breach, BreachId, BreachState, BreachTask, Report};
pub use demonstration::fill;
pub use holdings::HOLDINGS;
pub use jobs::handlers;
pub use notify::{MESSAGES, Notice};
pub use pages::{MENU, routes};
pub use permissions::ACTIONS;
pub use register::{Activity, ActivityId, Officer};
pub use request::{Asked, Decision, Refusal, Request, RequestId, RequestKind, RequestState, VerifiedBy};
pub use store::sealed::RESEALED;

use ::rules::phrase::{Catalogue, Language};
use platform::database::Sql;
use platform::words::{Words, catalogue};
use std::sync::LazyLock;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// Every statement of the slice.
pub const STATEMENTS: &[&[Sql]] = store::STATEMENTS;

/// The words of the slice in a language.
#[must_use]
pub fn words(language: Language) -> Words {
    Words::new(&WORDS, language)
}
