//! A sentence that can be kept in the database and said later, to each reader in their language.

use crate::site::Zone;
use crate::words::SHARED;
use rules::phrase::Language;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// A name or the words of another program.
    Text(String),
    /// A count.
    Count(u64),
    /// A number of bytes.
    Bytes(u64),
    /// A moment, in seconds since 1970.
    Moment(i64),
}

impl Value {
    /// A moment.
    #[must_use]
    pub const fn moment(moment: OffsetDateTime) -> Self {
        Self::Moment(moment.unix_timestamp())
    }

    fn say(&self, language: Language, zone: Zone) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => language.count(*count),
            Self::Bytes(bytes) => size(*bytes, language),
            Self::Moment(seconds) => {
                OffsetDateTime::from_unix_timestamp(*seconds).map(|at| zone.moment(at, language)).unwrap_or_default()
            }
        }
    }
}

/// A sentence: its key and what its placeholders stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// The key of the platform's words.
    pub key: String,
    /// Names of placeholders and what they stand for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, Value)>,
}

impl Saying {
    /// The sentence of a key.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), values: Vec::new() }
    }

    /// The same with a placeholder filled.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.values.push((name.to_owned(), value));
        self
    }

    /// The sentence, with moments as clocks of `zone` show them.
    #[must_use]
    pub fn say(&self, language: Language, zone: Zone) -> String {
        let sentence = SHARED.find(&self.key, language).unwrap_or(&self.key).to_owned();
        let fill = |sentence: String, (name, value): &(String, Value)| {
            sentence.replace(&format!("{{{name}}}"), &value.say(language, zone))
        };
        self.values.iter().fold(sentence, fill)
    }
}

/// `1,2 GB`: with one decimal where that tells more.
fn size(bytes: u64, language: Language) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 10_000 && unit + 1 < units.len() {
        (tenths, unit) = (tenths.saturating_add(500) / 1_000, unit + 1);
    }
    let number = if unit == 0 || tenths >= 1_000 {
        (tenths / 10).to_string()
    } else {
        language.number(&format!("{}.{}", tenths / 10, tenths % 10))
    };
    format!("{number} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_read_them() {
        let said = |bytes| size(bytes, Language::Indonesian);
        assert_eq!(said(0), "0 B");
        assert_eq!(said(999), "999 B");
        assert_eq!(said(1_200), "1,2 kB");
        assert_eq!(said(27_000_000_000), "27,0 GB");
        assert_eq!(said(270_000_000_000), "270 GB");
        assert_eq!(size(1_200_000, Language::English), "1.2 MB");
        assert!(said(u64::MAX).ends_with(" TB"));
    }

    #[test]
    fn a_sentence_survives_being_kept() {
        let saying =
            Saying::new("check.disk-room").with("free", Value::Bytes(5)).with("place", Value::Text("/".into()));
        let kept = serde_json::to_string(&saying).unwrap();
        assert_eq!(serde_json::from_str::<Saying>(&kept).unwrap(), saying);
        assert!(!saying.say(Language::English, Zone::Wib).contains('{'));
    }
}
