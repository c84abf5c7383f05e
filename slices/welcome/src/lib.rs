//! The first page, the introduction, the first run of an installation, and the demonstration city.
//!
//! - **People**: whoever comes by; the person who sets up an installation, by the code that was printed where it was started.
//! - **Pages**: `/`, `/tentang`, `/aksesibilitas`, `/mulai`.
//!
//! It owns no table. What it founds and enters goes through the actions of the slices below, as if somebody had typed it.

pub mod demonstration;
mod pages;

use platform::route::{Pace, Routes};
use platform::words::catalogue;
use rules::phrase::Catalogue;
use std::sync::LazyLock;
use std::time::Duration;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    use pages::{about, first_page, first_run};
    Routes::new()
        .get(first_page::show)
        .public_and_kept()
        .get(about::about)
        .public_and_kept()
        .get(about::accessibility)
        .public_and_kept()
        .get(first_run::show)
        .public()
        .post(first_run::post)
        .upload(64 * 1024, Duration::from_secs(30))
        .pace(Pace::Guessing)
        .public()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_word_is_used_and_none_is_missing() {
        platform::testing::words(&super::WORDS, env!("CARGO_MANIFEST_DIR"), &[]);
    }
}
