//! The Ombudsman's assessment: zones (Per ORI 17/2015, 22/2016), categories and opinions (2022–2024), opinion with suffix
//! (Per ORI 61/2025).

mod calculation;

pub use calculation::{UnitScore, institution, opinion_of, unit};

use crate::citation::Status;
use crate::instrument::check::{FileBody, adds_to_one, distinct};
use crate::instrument::{Band, Fault, Place, Rounding, check_bands, check_scale, exact};
use crate::phrase::{Phrase, Text};
use crate::quantity::Ratio;
use serde::Deserialize;

/// The parameters of one Ombudsman instrument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ComplianceAssessment {
    /// Rounding of scores.
    pub rounding: Rounding,
    /// Lowest and highest score.
    pub scale: ScoreScale,
    /// From units to the institution.
    pub institution: InstitutionRule,
    /// Parts of a unit's score; empty where only scores are known.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Dimensions of the parts.
    #[serde(default)]
    pub dimensions: Vec<Dimension>,
    /// Categories, highest first.
    pub bands: Vec<Band>,
    /// Levels of compliance with the Ombudsman's products, which decide the opinion's suffix.
    #[serde(default)]
    pub compliance_levels: Vec<ComplianceLevel>,
}

/// Lowest and highest score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreScale {
    /// Lowest score.
    #[serde(with = "exact")]
    pub lowest: Ratio,
    /// Highest score.
    #[serde(with = "exact")]
    pub highest: Ratio,
}

/// How units make the institution's score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionRule {
    /// The rule.
    pub rule: UnitsRule,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// Rules from units to the institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitsRule {
    /// Simple mean of the unit scores.
    MeanOfUnits,
}

/// A part of the score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Weight in the score.
    #[serde(with = "exact")]
    pub weight: Ratio,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// A dimension of a part.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Stable key, also the column name of an input file.
    pub key: String,
    /// Other words for the dimension in circulation.
    #[serde(default)]
    pub other_keys: Vec<String>,
    /// Key of its part.
    pub part: String,
    /// Name.
    pub name: Text,
    /// Weight inside the part.
    #[serde(with = "exact")]
    pub weight: Ratio,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// A level of compliance with the Ombudsman's products.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplianceLevel {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
    /// What it adds to the opinion.
    pub suffix: Option<String>,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

impl ComplianceAssessment {
    /// The position of the dimension a column means: its key, its name or another word for it, with or without "dimensi".
    #[must_use]
    pub fn dimension(&self, column: &str) -> Option<usize> {
        let plain = |name: &str| name.trim().to_lowercase().replace([' ', '_'], "-");
        let name = plain(column);
        let short = name.strip_prefix("dimensi-").unwrap_or(&name);
        self.dimensions.iter().position(|dimension| {
            let names = [&dimension.key, &dimension.name.id, &dimension.name.en];
            names.into_iter().chain(&dimension.other_keys).any(|known| plain(known) == short)
        })
    }

    /// The level of compliance with the Ombudsman's products that a word names.
    #[must_use]
    pub fn compliance_level(&self, word: &str) -> Option<&ComplianceLevel> {
        let plain = |name: &str| name.trim().to_lowercase().replace([' ', '_'], "-");
        let word = plain(word);
        self.compliance_levels.iter().find(|level| level.key == word || plain(&level.name.id) == word)
    }
}

impl FileBody for ComplianceAssessment {
    const KEYS: &'static [&'static str] =
        &["rounding", "scale", "institution", "parts", "dimensions", "bands", "compliance_levels"];

    fn check(&self) -> Result<(), Fault> {
        distinct("parts", self.parts.iter().map(|part| part.key.as_str()))?;
        distinct("dimensions", self.dimensions.iter().map(|dimension| dimension.key.as_str()))?;
        distinct("compliance_levels", self.compliance_levels.iter().map(|level| level.key.as_str()))?;
        if !self.parts.is_empty() {
            adds_to_one(Place::Entry("parts", 0), self.parts.iter().map(|part| &part.weight))?;
        }
        for (index, part) in self.parts.iter().enumerate() {
            let inside = self.dimensions.iter().filter(|dimension| dimension.part == part.key);
            adds_to_one(Place::Entry("parts", index), inside.map(|dimension| &dimension.weight))?;
        }
        let stray =
            self.dimensions.iter().position(|dimension| !self.parts.iter().any(|part| part.key == dimension.part));
        if let Some(index) = stray {
            let reason = Phrase::new("instrument.unknown-part").with("key", &*self.dimensions[index].part);
            return Err(Fault::new(Place::Entry("dimensions", index), reason));
        }
        check_bands(&self.bands, self.rounding)?;
        let ends = (&self.scale.lowest, &self.scale.highest);
        check_scale(&self.bands, self.rounding, Place::Table("scale"), ends)
    }
}

#[cfg(test)]
mod tests;
