//! The pages, and what they share: addresses, tags and numbers as people read them.

pub(crate) mod calculate;
pub(crate) mod data;
pub(crate) mod home;
pub(crate) mod league;
pub(crate) mod method;
pub(crate) mod result;
pub(crate) mod subject;

use crate::WORDS;
use crate::result::{Family, Published, instrument};
use axum_extra::routing::TypedPath;
use platform::page::Page;
use platform::visit::{Visit, query};
use platform::words::Words;
use serde::Deserialize;

/// Published results: the beginning.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja")]
pub struct HomePath;

/// A place with its history.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/{subject}")]
pub(crate) struct SubjectPath {
    pub(crate) subject: String,
}

/// One result.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/{subject}/{id}")]
pub(crate) struct ResultPath {
    pub(crate) subject: String,
    pub(crate) id: String,
}

/// One result as a file.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/{subject}/{id}/{file}")]
pub(crate) struct ResultFilePath {
    pub(crate) subject: String,
    pub(crate) id: String,
    pub(crate) file: String,
}

/// A ranking.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/peringkat/{family}/{year}")]
pub(crate) struct LeaguePath {
    pub(crate) family: String,
    pub(crate) year: i64,
}

/// How things are measured.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/metode")]
pub(crate) struct MethodPath;

/// One instrument with its weights and limits.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/metode/{instrument}")]
pub(crate) struct InstrumentPath {
    pub(crate) instrument: String,
}

/// What the columns of open data mean.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/data")]
pub(crate) struct DataPath;

/// Open data as a table.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/data.csv")]
pub(crate) struct CsvPath;

/// Open data for programs.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/kinerja/data.json")]
pub(crate) struct JsonPath;

/// Calculating one's own file.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/hitung")]
pub struct CalculatePath;

/// Printing what was calculated.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/hitung/unduh")]
pub(crate) struct PrintPath;

/// An example to calculate.
#[derive(Debug, TypedPath, Deserialize)]
#[typed_path("/hitung/contoh/{name}")]
pub(crate) struct ExamplePath {
    pub(crate) name: String,
}

/// A page of this slice: with the way from its first page.
fn page(visit: &Visit, title: impl Into<String>) -> (Page, Words) {
    let words = visit.words(&WORDS);
    (visit.page(title).crumb(words.text("home.crumb"), HomePath), words)
}

/// A value of the query; empty when it is not there.
fn asked(visit: &Visit, name: &str) -> String {
    let found = query(&visit.facts().uri).find(|(known, _)| known == name);
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// A zone or category as pages show it: colour only where it is official, always a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// `hijau`, `kuning`, `merah`; empty where the instrument has no zones.
    pub(crate) zone: String,
    /// The category's letter or word.
    pub(crate) letter: String,
    /// What it means: of a category that has another name, or of the zone.
    pub(crate) words: String,
}

impl Tag {
    /// The tag of a result: the words as printed where there are any, else those of the rule.
    pub(crate) fn of(result: &Published, w: Words) -> Self {
        let printed = &result.words.category;
        let letter = if printed.is_empty() { result.category.clone() } else { printed.clone() };
        let bands = instrument(&result.instrument).map(rules::instrument::Instrument::bands).unwrap_or_default();
        let named = bands.iter().find(|band| band.category.eq_ignore_ascii_case(&letter));
        let by_table = named.map(|band| band.label.in_language(w.language).to_owned()).unwrap_or_default();
        let label = if result.words.label.is_empty() { by_table } else { result.words.label.clone() };
        Self::new(&result.zone, letter, label, w)
    }

    /// The tag of a category, with the name of its zone where there is one.
    pub(crate) fn new(zone: &str, letter: String, label: String, w: Words) -> Self {
        let words = match zone {
            "hijau" => w.text("zone.hijau"),
            "kuning" => w.text("zone.kuning"),
            "merah" => w.text("zone.merah"),
            _ if label == letter => String::new(),
            _ => label,
        };
        Self { zone: zone.to_owned(), letter, words }
    }

    /// The tag in running text: `● Hijau`, `A- Sangat Baik`.
    pub(crate) fn line(&self) -> String {
        match self.zone.as_str() {
            "" => format!("{} {}", self.letter, self.words).trim().to_owned(),
            "hijau" => format!("● {}", self.words),
            "kuning" => format!("▲ {}", self.words),
            _ => format!("■ {}", self.words),
        }
    }

    /// Whether it stands for a band nobody may be glad of: shown first in lists of units.
    pub(crate) fn is_red(&self) -> bool {
        self.zone == "merah"
    }
}

/// The name of a measurement.
pub(crate) fn family_name(family: Family, words: Words) -> String {
    words.text(match family {
        Family::ServiceIndex => "family.ipp",
        Family::Ombudsman => "family.ombudsman",
        Family::Satisfaction => "family.skm",
    })
}

/// The short name of a measurement.
pub(crate) fn family_short(family: Family, words: Words) -> String {
    words.text(match family {
        Family::ServiceIndex => "family.short-ipp",
        Family::Ombudsman => "family.short-ombudsman",
        Family::Satisfaction => "family.short-skm",
    })
}

/// The address of a result.
pub(crate) fn href(result: &Published) -> String {
    ResultPath { subject: result.place.slug.clone(), id: result.id.clone() }.to_string()
}

/// The value as the language writes it; a dash where none was printed.
pub(crate) fn value(result: &Published, words: Words) -> String {
    result.value.as_deref().map_or_else(|| "–".to_owned(), |value| words.number(value))
}
