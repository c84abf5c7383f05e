//! The words of pages: a catalogue of sentences in the reader's language. A template holds none of its own.

use rules::phrase::{Catalogue, Language, Phrase, Text};
use std::sync::LazyLock;

/// A slice's sentences in one language, as templates use them: `{{ w.text("unit.title") }}`.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    catalogue: &'static Catalogue,
    /// The reader's language.
    pub language: Language,
}

impl Words {
    /// The sentences of `catalogue` in `language`.
    #[must_use]
    pub const fn new(catalogue: &'static Catalogue, language: Language) -> Self {
        Self { catalogue, language }
    }

    /// The sentences of the platform itself: what every page shares.
    #[must_use]
    pub fn shared(language: Language) -> Self {
        Self::new(&SHARED, language)
    }

    /// The sentence of a key; a key nobody wrote is shown as itself, so that nothing is silently empty.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.catalogue.find(key, self.language).unwrap_or(key).to_owned()
    }

    /// The sentence of a key with its placeholders filled; values are written as given.
    #[must_use]
    pub fn fill<const N: usize>(&self, key: &'static str, values: [(&'static str, &str); N]) -> String {
        self.say(&values.into_iter().fold(Phrase::new(key), |phrase, (name, value)| phrase.with(name, value)))
    }

    /// The sentence of a phrase.
    #[must_use]
    pub fn say(&self, phrase: &Phrase) -> String {
        self.catalogue.say(phrase, self.language)
    }

    /// A phrase in both languages, for problems that are worded where they happen and read elsewhere.
    #[must_use]
    pub fn both(catalogue: &'static Catalogue, phrase: &Phrase) -> Text {
        Text { id: catalogue.say(phrase, Language::Indonesian), en: catalogue.say(phrase, Language::English) }
    }

    /// A count as the language writes it: `1.250`.
    #[must_use]
    pub fn count(&self, count: u64) -> String {
        self.language.count(count)
    }

    /// A decimal number as the language writes it: `73,14`.
    #[must_use]
    pub fn number(&self, canonical: &str) -> String {
        self.language.number(canonical)
    }
}

/// The tag of a language in HTML, headers and addresses: `id`, `en`.
#[must_use]
pub const fn tag(language: Language) -> &'static str {
    match language {
        Language::Indonesian => "id",
        Language::English => "en",
    }
}

/// The catalogue of a crate from its two embedded tables; a test of the crate shows that they can be read.
///
/// # Panics
/// When an embedded table is not TOML, which `testing::words` finds.
#[must_use]
pub fn catalogue(indonesian: &str, english: &str) -> Catalogue {
    Catalogue::read(indonesian, english).expect("the embedded tables are read by a test")
}

/// The sentences of the platform.
pub static SHARED: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_platform_are_complete_and_all_used() {
        crate::testing::words(&SHARED, env!("CARGO_MANIFEST_DIR"), &[]);
    }
}
