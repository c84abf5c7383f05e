//! Sentences in two languages: Bahasa Indonesia first, English second, same keys.
//!
//! A [`Phrase`] is a key with its arguments; a [`Catalogue`] turns it into a sentence. Numbers are passed as they are computed
//! (`73.14`) and written as each language writes them (`73,14`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A language of screens, print-outs and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Bahasa Indonesia, the language of every official result.
    #[default]
    #[serde(rename = "id")]
    Indonesian,
    /// English, for readers abroad.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The number as this language writes it: `73,14` or `73.14`.
    #[must_use]
    pub fn number(self, canonical: &str) -> String {
        match self {
            Self::Indonesian => canonical.replace('.', ","),
            Self::English => canonical.to_owned(),
        }
    }

    /// A count with its thousands grouped: `1.250` or `1,250`.
    #[must_use]
    pub fn count(self, value: u64) -> String {
        let digits = value.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                grouped.push(if self == Self::Indonesian { '.' } else { ',' });
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// A name or short text that an instrument file gives in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Bahasa Indonesia.
    pub id: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Indonesian => &self.id,
            Language::English => &self.en,
        }
    }

    /// The same words in both languages: a proper name, a file name.
    #[must_use]
    pub fn same(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { id: words.clone(), en: words }
    }

    /// What `words` gives in each language.
    #[must_use]
    pub fn of(words: impl Fn(Language) -> String) -> Self {
        Self { id: words(Language::Indonesian), en: words(Language::English) }
    }
}

/// A name without case, marks and joining words, for comparing: "Sistem, Mekanisme, dan Prosedur" → `sistemmekanismeprosedur`.
#[must_use]
pub fn plain_words(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !matches!(*word, "dan" | "and")).collect()
}

/// One argument of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A number in canonical form (`73.14`), written with each language's decimal mark.
    Number(String),
    /// A count, written with each language's thousands mark.
    Count(u64),
    /// A text given in both languages.
    Text(Text),
    /// A sentence inside the sentence.
    Phrase(Box<Phrase>),
}

impl From<&str> for Argument {
    fn from(words: &str) -> Self {
        Self::Text(Text::same(words))
    }
}

impl From<String> for Argument {
    fn from(words: String) -> Self {
        Self::Text(Text::same(words))
    }
}

impl From<&Text> for Argument {
    fn from(text: &Text) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&crate::quantity::Decimal> for Argument {
    fn from(number: &crate::quantity::Decimal) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<u64> for Argument {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<Phrase> for Argument {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(Box::new(phrase))
    }
}

/// A sentence to be said in the reader's language: a stable key and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Stable key in the catalogue.
    pub key: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

impl Phrase {
    /// The phrase `key` without arguments.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    /// The same phrase with `{name}` filled.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// The sentence of a phrase of this crate.
    #[must_use]
    pub fn in_language(&self, language: Language) -> String {
        catalogue().say(self, language)
    }
}

/// All sentences of one crate in both languages, read from two TOML tables with equal keys.
#[derive(Debug)]
pub struct Catalogue {
    indonesian: BTreeMap<String, String>,
    english: BTreeMap<String, String>,
}

impl Catalogue {
    /// Reads the two tables; nested tables become dotted keys.
    ///
    /// # Errors
    /// When a table is not TOML. (That both hold the same keys is shown by [`Catalogue::unequal_keys`] in each crate's tests.)
    pub fn read(indonesian: &str, english: &str) -> Result<Self, toml::de::Error> {
        Ok(Self { indonesian: flatten(indonesian)?, english: flatten(english)? })
    }

    /// The sentence of `phrase`; an unknown key is shown as itself, so that nothing is silently empty.
    #[must_use]
    pub fn say(&self, phrase: &Phrase, language: Language) -> String {
        let mut rest = self.find(phrase.key, language).unwrap_or(phrase.key);
        let mut sentence = String::with_capacity(rest.len() + 40);
        while let Some((before, after)) = rest.split_once('{') {
            sentence.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            match phrase.arguments.iter().find(|(known, _)| *known == name) {
                Some((_, argument)) => sentence.push_str(&self.words(argument, language)),
                None => sentence.push_str(name),
            }
            rest = behind;
        }
        sentence.push_str(rest);
        sentence
    }

    fn words(&self, argument: &Argument, language: Language) -> String {
        match argument {
            Argument::Number(number) => language.number(number),
            Argument::Count(count) => language.count(*count),
            Argument::Text(text) => text.in_language(language).to_owned(),
            Argument::Phrase(inner) if self.find(inner.key, language).is_some() => self.say(inner, language),
            Argument::Phrase(inner) => inner.in_language(language),
        }
    }

    /// The sentence of a key without arguments, or nothing when the key is unknown.
    #[must_use]
    pub fn find(&self, key: &str, language: Language) -> Option<&str> {
        let table = match language {
            Language::Indonesian => &self.indonesian,
            Language::English => &self.english,
        };
        table.get(key).map(String::as_str)
    }

    /// Keys in alphabetical order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.indonesian.keys().map(String::as_str)
    }

    /// Keys that one language has and the other lacks, or whose placeholders differ. Empty in a healthy catalogue.
    #[must_use]
    pub fn unequal_keys(&self) -> Vec<&str> {
        let keys = self.indonesian.keys().chain(self.english.keys());
        let mut unequal: Vec<&str> = keys
            .filter(|key| {
                let holes = |table: &BTreeMap<String, String>| table.get(*key).map(|sentence| placeholders(sentence));
                holes(&self.indonesian) != holes(&self.english)
            })
            .map(String::as_str)
            .collect();
        unequal.dedup();
        unequal
    }
}

fn placeholders(sentence: &str) -> Vec<String> {
    let mut names: Vec<String> =
        sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

fn flatten(toml_text: &str) -> Result<BTreeMap<String, String>, toml::de::Error> {
    fn walk(prefix: &str, table: toml::Table, into: &mut BTreeMap<String, String>) {
        for (key, value) in table {
            let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            match value {
                toml::Value::Table(inner) => walk(&path, inner, into),
                toml::Value::String(words) => drop(into.insert(path, words)),
                other => drop(into.insert(path, other.to_string())),
            }
        }
    }
    let mut flat = BTreeMap::new();
    walk("", toml::from_str(toml_text)?, &mut flat);
    Ok(flat)
}

/// The sentences of this crate.
///
/// # Panics
/// Never in a tested build: the tables are part of the program and a test reads them.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::read(include_str!("../locales/id.toml"), include_str!("../locales/en.toml"))
            .expect("the embedded tables are read by a test")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_hold_the_same_keys_and_placeholders() {
        assert_eq!(catalogue().unequal_keys(), Vec::<&str>::new());
    }

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        let catalogue = Catalogue::read("a = \"nilai {n} dari {c}\"", "a = \"{n} of {c}\"").unwrap();
        let phrase = Phrase::new("a").with("n", Argument::Number("73.14".into())).with("c", 1250_u64);
        assert_eq!(catalogue.say(&phrase, Language::Indonesian), "nilai 73,14 dari 1.250");
        assert_eq!(catalogue.say(&phrase, Language::English), "73.14 of 1,250");
    }

    #[test]
    fn a_key_that_one_language_lacks_is_found() {
        let catalogue = Catalogue::read("a = \"x {n}\"\nb = \"y\"", "a = \"x\"\nb = \"z\"").unwrap();
        assert_eq!(catalogue.unequal_keys(), vec!["a"]);
    }
}
