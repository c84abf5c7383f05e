//! Instruments as dated data: every official way of measuring is a TOML file with its citation, dates and parameters.
//!
//! The files of `rules/parameters/` are part of the program; a city may load its own ([`read`]). A broken file is refused with the
//! line and the reason.

mod band;
pub(crate) mod check;
mod library;

pub use band::{Band, Rounding, classify, on_scale};
pub(crate) use band::{check as check_bands, check_scale};
#[cfg(test)]
pub(crate) use library::known;
pub use library::{embedded, in_force_on, load, named, shared};

use crate::calendar::CalendarFile;
use crate::citation::{Citation, Status};
use crate::complaint_deadline::ComplaintRules;
use crate::compliance_zone::ComplianceAssessment;
use crate::innovation_score::InnovationCompetition;
use crate::phrase::{Language, Phrase, Text};
use crate::satisfaction_index::SatisfactionSurvey;
use crate::service_index::ServiceIndex;
use crate::service_standard::ServiceStandard;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// The family an instrument belongs to: which function of the law reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// SKM, the public satisfaction survey.
    Satisfaction,
    /// IPP, the ministry's service index.
    ServiceIndex,
    /// The Ombudsman's assessment.
    Compliance,
    /// Complaint kinds, stages and deadlines.
    Complaints,
    /// National holidays and joint leave.
    Calendar,
    /// Components and principles of the Standar Pelayanan.
    ServiceStandard,
    /// Innovation competition.
    Innovation,
}

/// From when until when an instrument applies; a year stands for the whole year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// First year (`2017`) or day (`2017-05-12`).
    pub from: String,
    /// Last year or day; absent while in force.
    pub until: Option<String>,
    /// First year or day on which it is not sure that the instrument still applied: a successor's first day is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertain_from: Option<String>,
}

impl InForce {
    /// Whether the instrument applies on a day or in a year given as `2021` or `2021-03-31`.
    #[must_use]
    pub fn covers(&self, date: &str) -> bool {
        let begun = compare(date, &self.from).is_ge();
        let ended = self.until.as_deref().is_some_and(|until| compare(date, until).is_gt());
        begun && !ended
    }

    /// Whether the instrument applies on a day or in a year beyond doubt.
    #[must_use]
    pub fn surely_covers(&self, date: &str) -> bool {
        let doubtful = self.uncertain_from.as_deref().is_some_and(|from| compare(date, from).is_ge());
        self.covers(date) && !doubtful
    }
}

/// Compares a day or year with a bound, both cut to the shorter of the two.
fn compare(date: &str, bound: &str) -> Ordering {
    let length = bound.len().min(date.len());
    date.as_bytes()[..length].cmp(&bound.as_bytes()[..length])
}

/// Something a file leaves open or does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Stable code.
    pub code: String,
    /// The note.
    pub text: Text,
}

/// What every instrument file begins with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Header {
    /// Stable identifier: `skm-2017`.
    pub id: String,
    /// Other names of the same rules in published tables and other programs.
    #[serde(default)]
    pub other_ids: Vec<String>,
    /// Family.
    pub family: Family,
    /// Title.
    pub title: Text,
    /// Dates in force.
    pub in_force: InForce,
    /// Day on which somebody last compared the file with its sources.
    pub last_checked_on: String,
    /// Legal basis; the first entry is the main one.
    pub basis: Vec<Citation>,
    /// What is open or unverified.
    #[serde(default)]
    pub notes: Vec<Note>,
}

impl Header {
    /// The main legal basis as one line.
    #[must_use]
    pub fn citation(&self) -> String {
        self.basis.first().map(ToString::to_string).unwrap_or_default()
    }
}

/// A checked instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Identity, dates and sources.
    pub header: Header,
    /// What the file says beyond its header.
    pub body: Body,
}

/// The family-specific part of an instrument.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// SKM.
    Satisfaction(SatisfactionSurvey),
    /// IPP.
    ServiceIndex(Box<ServiceIndex>),
    /// Ombudsman.
    Compliance(ComplianceAssessment),
    /// Complaints.
    Complaints(ComplaintRules),
    /// Holidays.
    Calendar(CalendarFile),
    /// Standar Pelayanan.
    ServiceStandard(ServiceStandard),
    /// Innovation.
    Innovation(InnovationCompetition),
}

impl Instrument {
    /// The bands into which a value is classified; empty for families without an index.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        match &self.body {
            Body::Satisfaction(survey) => &survey.bands,
            Body::ServiceIndex(index) => &index.bands,
            Body::Compliance(assessment) => &assessment.bands,
            _ => &[],
        }
    }

    /// How results of this instrument are rounded; nothing for families without an index.
    #[must_use]
    pub fn rounding(&self) -> Option<Rounding> {
        match &self.body {
            Body::Satisfaction(survey) => Some(survey.rounding),
            Body::ServiceIndex(index) => Some(index.rounding),
            Body::Compliance(assessment) => Some(assessment.rounding),
            _ => None,
        }
    }

    /// Whether any part of the file is marked unverified.
    #[must_use]
    pub fn has_unverified_parts(&self) -> bool {
        !self.header.notes.is_empty() || self.header.basis.iter().any(|basis| basis.status != Status::Verified)
    }
}

/// Where in a file a fault lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The file as a whole.
    Top,
    /// A table `[name]`.
    Table(&'static str),
    /// The nth entry of `[[name]]`, from zero.
    Entry(&'static str, usize),
}

/// A fault found by the checks of one family.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    place: Place,
    reason: Phrase,
}

impl Fault {
    pub(crate) fn new(place: Place, reason: Phrase) -> Self {
        Self { place, reason }
    }
}

/// Why an instrument file was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentError {
    /// The file, as its owner named it.
    pub file: String,
    /// Line in the file, from one.
    pub line: usize,
    /// The reason.
    pub reason: Phrase,
}

impl InstrumentError {
    /// The sentence a person reads: file, line and reason.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let frame = Phrase::new("instrument.refused").with("file", self.file.as_str());
        frame.with("line", self.line.to_string()).with("reason", self.reason.clone()).in_language(language)
    }
}

impl fmt::Display for InstrumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for InstrumentError {}

/// Reads and checks an instrument file. `file` is the name shown in errors.
///
/// # Errors
/// With the line and the reason when the text is not TOML, lacks a part, has an unknown key, a weight that does not add up to one, a
/// gap between bands, a key used twice, or anything else that would let a wrong number out.
pub fn read(file: &str, text: &str) -> Result<Instrument, InstrumentError> {
    check::read(file, text)
}

/// Exact rationals written as text: `"1/9"`, `"0.111"`.
pub(crate) mod exact {
    use crate::quantity::{Ratio, exact_text, parse_ratio};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ratio, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_ratio(&text).map_err(|error| D::Error::custom(format!("{error}; write a fraction such as \"1/9\"")))
    }

    pub(crate) fn serialize<S: Serializer>(value: &Ratio, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&exact_text(value))
    }
}

#[cfg(test)]
mod tests;
