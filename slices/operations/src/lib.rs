//! What keeps an installation running, for the people who look after it: work that waits for their decision.
//!
//! - **People**: the system admin of each institution; that of the institution that keeps the installation also decides about work of
//!   the installation itself.
//! - **States** of a job: `docs/states/job.md`.
//!
//! | page | for whom |
//! |---|---|
//! | `/kelola/pekerjaan` and its two buttons | system admin |
//! | `/kelola/sistem` and its buttons | system admin of the institution that keeps the installation |
//!
//! It owns no table: jobs are the platform's.

mod actions;
mod pages;
#[cfg(test)]
mod tests;

pub use actions::{Decided, Decision, Desk, decide, record_look};

use pages::{checkup, jobs};
use platform::app::{MenuEntry, Shown};
use platform::identity::{Action, Role};
use platform::route::Routes;
use platform::words::{Words, catalogue};
use rules::phrase::{Catalogue, Language};
use std::sync::LazyLock;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// Decide about work that failed too often.
pub const DECIDE_JOBS: Action = Action { name: "operations.decide-jobs", roles: &[Role::SystemAdmin] };

/// See how the system is, and look again.
pub const CHECK_SYSTEM: Action = Action { name: "operations.check-system", roles: &[Role::SystemAdmin] };

/// Every action of the slice.
pub const ACTIONS: &[&Action] = &[&DECIDE_JOBS, &CHECK_SYSTEM];

/// "Pekerjaan".
pub const JOBS_MENU: MenuEntry = MenuEntry {
    href: "/kelola/pekerjaan",
    label: |language| words(language).text("menu.jobs"),
    shown: Shown::ToWhoMay(&DECIDE_JOBS),
};

/// "Sistem".
pub const CHECKUP_MENU: MenuEntry = MenuEntry {
    href: "/kelola/sistem",
    label: |language| words(language).text("menu.system"),
    shown: Shown::ToKeeper(&CHECK_SYSTEM),
};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get(jobs::list)
        .may(&DECIDE_JOBS)
        .post(jobs::post_retry)
        .may(&DECIDE_JOBS)
        .post(jobs::post_discard)
        .may(&DECIDE_JOBS)
        .get(checkup::list)
        .may(&CHECK_SYSTEM)
        .post(checkup::post_look)
        .may(&CHECK_SYSTEM)
}

/// The words of the slice in a language.
#[must_use]
pub fn words(language: Language) -> Words {
    Words::new(&WORDS, language)
}

/// Whether people are told in words what a kind of job does.
#[must_use]
pub fn names_work(kind: &str) -> bool {
    WORDS.find(&format!("work.{kind}"), Language::Indonesian).is_some()
}
