//! The sentences of calculating, in two languages.

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

    /// All Rust sources of this crate in one text.
    fn sources(folder: &std::path::Path) -> String {
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let text = |path: std::path::PathBuf| {
            if path.is_dir() { sources(&path) } else { std::fs::read_to_string(path).unwrap() }
        };
        paths.map(text).collect()
    }

    fn own_sources() -> String {
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
    }

    #[test]
    fn no_sentence_is_unused() {
        let sources = own_sources();
        let unused: Vec<&str> = catalogue().keys().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
        assert_eq!(unused, Vec::<&str>::new());
    }

    /// Words between quotation marks that begin like a key of this crate, or of the names of parts in `rules`.
    #[test]
    fn no_sentence_is_missing() {
        let sources = own_sources();
        let tables: std::collections::BTreeSet<&str> =
            catalogue().keys().filter_map(|key| Some(key.split_once('.')?.0)).collect();
        let known = |key: &str| {
            let own = catalogue().find(key, Language::Indonesian);
            own.or_else(|| rules::phrase::catalogue().find(key, Language::Indonesian)).is_some()
        };
        let like_a_key = |text: &&str| {
            let letters = text.chars().all(|letter| letter.is_ascii_lowercase() || matches!(letter, '.' | '-'));
            letters && text.split_once('.').is_some_and(|(table, _)| tables.contains(table) || table == "part")
        };
        let missing: Vec<&str> =
            sources.split('"').filter(like_a_key).filter(|key| !key.ends_with('.') && !known(key)).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
