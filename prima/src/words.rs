//! The sentences of the command line, in two languages.

use rules::phrase::{Catalogue, Language, Phrase};
use std::sync::OnceLock;

/// The sentences of this crate.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::read(include_str!("../locales/id.toml"), include_str!("../locales/en.toml"))
            .expect("the embedded tables are read by a test")
    })
}

/// The sentence of a phrase of this crate.
pub(crate) fn say(phrase: &Phrase, language: Language) -> String {
    catalogue().say(phrase, language)
}

/// The sentence of a key without arguments.
pub(crate) fn word(key: &'static str, language: Language) -> String {
    catalogue().find(key, language).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_hold_the_same_keys_and_placeholders() {
        assert_eq!(catalogue().unequal_keys(), Vec::<&str>::new());
    }
}
