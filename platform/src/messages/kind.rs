//! What can be said to people: each kind of message with its words, and what a single message fills them with.

use rules::phrase::{Catalogue, Language, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// What a message is about, for the choices of whoever receives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// The safety of an account: sent at once, at any hour, and never turned off.
    Security,
    /// Work that waits for somebody, or was done for them.
    Work,
    /// What happened over a while.
    Summary,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Security, Self::Work, Self::Summary];

    /// The stable name in the database and in links.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Work => "work",
            Self::Summary => "summary",
        }
    }

    /// The category of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }

    /// Whether a person may turn it off.
    #[must_use]
    pub const fn may_be_stopped(self) -> bool {
        !matches!(self, Self::Security)
    }
}

/// A kind of message: where its words stand and how it is treated. Each is listed in the program that names all slices.
#[derive(Debug)]
pub struct MessageKind {
    /// Its stable name, the slice first: `access.invited`.
    pub name: &'static str,
    /// What it is about.
    pub category: Category,
    /// Whether it may wait: for the end of quiet hours, and for the daily summary.
    pub may_wait: bool,
    /// The words of the slice that has it.
    pub catalogue: &'static LazyLock<Catalogue>,
    /// The key of the subject: one line.
    pub subject: &'static str,
    /// The keys of the paragraphs, in order.
    pub paragraphs: &'static [&'static str],
    /// The key of the words on the link, when there is one.
    pub button: Option<&'static str>,
    /// The key of the sentence that says why somebody gets it.
    pub why: &'static str,
    /// Facts as they might be, for the test that reads every kind.
    pub sample: fn() -> Facts,
}

/// What fills the words of one message. It is sealed where it is stored, and erased when the message is over.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    values: BTreeMap<String, Text>,
    link: Option<String>,
}

impl Facts {
    /// Nothing to fill.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With `{name}` filled the same in both languages.
    #[must_use]
    pub fn with(self, name: &str, value: impl Into<String>) -> Self {
        self.with_text(name, Text::same(value))
    }

    /// With `{name}` filled in each language.
    #[must_use]
    pub fn with_text(mut self, name: &str, value: Text) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// With a link: the whole address.
    #[must_use]
    pub fn with_link(mut self, address: impl Into<String>) -> Self {
        self.link = Some(address.into());
        self
    }

    pub(crate) fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// A sentence with its places filled, each once: what a value says is never read as a place.
    pub(super) fn fill(&self, sentence: &str, language: Language) -> String {
        let (mut filled, mut rest) = (String::with_capacity(sentence.len() + 40), sentence);
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            match self.values.get(name) {
                Some(value) => filled.push_str(&one_line(value.in_language(language))),
                // Shown as it stands, so that the test of all kinds finds it.
                None => filled.push_str(&format!("{{{name}}}")),
            }
            rest = behind;
        }
        filled + rest
    }
}

/// What a message says is nothing for a log.
impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Facts(…)")
    }
}

/// A value without line breaks and without signs that nobody sees: it stays one line, in a header as in a paragraph.
pub(super) fn one_line(text: &str) -> String {
    let spaced = text.replace(|sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}'), " ");
    crate::form::visible(&spaced).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_read_as_a_place() {
        let facts = Facts::new().with("name", "{secret}").with("secret", "x");
        assert_eq!(facts.fill("Untuk {name}.", Language::Indonesian), "Untuk {secret}.");
        assert_eq!(facts.fill("{unknown} {", Language::English), "{unknown} {");
    }

    #[test]
    fn a_value_stays_one_line() {
        assert_eq!(one_line("Sari\r\nBcc: x@y.z\u{2028}\u{202e}a\tb"), "Sari Bcc: x@y.z a b");
    }
}
