//! What services are about, and the events in people's lives that need them: data of `data/kinds.toml`.

use rules::phrase::{Language, Text};
use serde::Deserialize;
use std::sync::LazyLock;

static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| toml::from_str(include_str!("../data/kinds.toml")).expect("the embedded file is read by a test"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    category: Vec<Kind>,
    event: Vec<Kind>,
}

/// A category of services, or an event in people's lives.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The stable key, in the database and in addresses.
    pub key: String,
    name: Text,
    /// What the search finds it by, beside its name.
    #[serde(default)]
    pub(crate) words: String,
}

impl Kind {
    /// Its name in a language.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        self.name.in_language(language)
    }
}

/// The categories, in the order of screens.
#[must_use]
pub fn categories() -> &'static [Kind] {
    &KINDS.category
}

/// The events in people's lives ("peristiwa hidup"), in the order of screens.
#[must_use]
pub fn life_events() -> &'static [Kind] {
    &KINDS.event
}

/// The category of a key.
#[must_use]
pub fn category(key: &str) -> Option<&'static Kind> {
    KINDS.category.iter().find(|kind| kind.key == key)
}

/// The event of a key.
#[must_use]
pub fn life_event(key: &str) -> Option<&'static Kind> {
    KINDS.event.iter().find(|kind| kind.key == key)
}

/// The category that somebody wrote in a table: its key or its name.
#[must_use]
pub fn category_named(text: &str) -> Option<&'static Kind> {
    named(&KINDS.category, text)
}

/// The event that somebody wrote in a table: its key or its name.
#[must_use]
pub fn life_event_named(text: &str) -> Option<&'static Kind> {
    named(&KINDS.event, text)
}

fn named(kinds: &'static [Kind], text: &str) -> Option<&'static Kind> {
    let wanted = organisation::plain(text);
    let is = |kind: &&Kind| {
        let names = [kind.key.as_str(), kind.name(Language::Indonesian), kind.name(Language::English)];
        names.into_iter().any(|name| organisation::plain(name) == wanted)
    };
    kinds.iter().find(is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_key_of_its_own_that_fits_an_address() {
        for kinds in [categories(), life_events()] {
            let keys: BTreeSet<&str> = kinds.iter().map(|kind| kind.key.as_str()).collect();
            assert_eq!(keys.len(), kinds.len());
            assert!(keys.iter().all(|key| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        }
        // Each event is one bit of what the search keeps of a service.
        assert!(life_events().len() <= 32 && categories().len() <= 255);
    }

    #[test]
    fn a_kind_is_known_by_its_key_and_by_its_name() {
        assert_eq!(category_named("Pajak dan Retribusi").map(|kind| kind.key.as_str()), Some("pajak"));
        assert_eq!(life_event_named("menikah"), life_event("menikah"));
        assert_eq!(category_named("pohon"), None);
    }
}
