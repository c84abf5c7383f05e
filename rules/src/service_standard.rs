//! Standar Pelayanan: the fourteen components and twelve principles (UU 25/2009 Pasal 4 and 21, Permenpan RB 15/2014).

use crate::citation::Status;
use crate::instrument::check::{FileBody, distinct};
use crate::instrument::{Fault, Place};
use crate::phrase::{Phrase, Text};
use serde::Deserialize;

/// The parameters of a service standard.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ServiceStandard {
    /// The components ("komponen"), in their official order.
    pub components: Vec<StandardComponent>,
    /// The principles ("asas").
    pub principles: Vec<Principle>,
    /// How often a standard is reviewed.
    pub review: Review,
}

/// Who a component is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentPart {
    /// "Komponen penyampaian pelayanan" (service delivery): must be published to citizens.
    Penyampaian,
    /// "Komponen pengelolaan pelayanan" (manufacturing): kept by the provider.
    Pengelolaan,
}

/// One of the fourteen components.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardComponent {
    /// Stable key.
    pub key: String,
    /// Official number.
    pub number: usize,
    /// Part it belongs to.
    pub part: ComponentPart,
    /// Name.
    pub name: Text,
    /// What must be stated, in plain words.
    pub meaning: Text,
}

/// One of the twelve principles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principle {
    /// Stable key.
    pub key: String,
    /// Official number.
    pub number: usize,
    /// Name.
    pub name: Text,
    /// What it means, in plain words.
    pub meaning: Text,
}

/// How often a standard is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Years between two reviews at most.
    pub at_least_every_years: u32,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
    /// How often a good provider reviews it.
    pub target: ReviewTarget,
}

/// How often a standard is reviewed by those who want the best score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewTarget {
    /// Years between two reviews.
    pub every_years: u32,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

impl ServiceStandard {
    /// The components that a standard with the given filled components lacks, in official order.
    #[must_use]
    pub fn missing<'a>(&'a self, filled: &[&str]) -> Vec<&'a StandardComponent> {
        self.components.iter().filter(|component| !filled.contains(&component.key.as_str())).collect()
    }

    /// The components that must be published.
    pub fn published(&self) -> impl Iterator<Item = &StandardComponent> {
        self.components.iter().filter(|component| component.part == ComponentPart::Penyampaian)
    }
}

impl FileBody for ServiceStandard {
    const KEYS: &'static [&'static str] = &["components", "principles", "review"];

    fn check(&self) -> Result<(), Fault> {
        distinct("components", self.components.iter().map(|component| component.key.as_str()))?;
        distinct("principles", self.principles.iter().map(|principle| principle.key.as_str()))?;
        if self.components.is_empty() {
            return Err(Fault::new(Place::Top, Phrase::new("instrument.nothing-listed")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::{Body, load};

    fn standard() -> ServiceStandard {
        match load("standar-pelayanan-2014").unwrap().unwrap().body {
            Body::ServiceStandard(standard) => standard,
            other => panic!("not a service standard: {other:?}"),
        }
    }

    /// UU 25/2009 Pasal 21 lists fourteen components; Permenpan RB 15/2014 has six of them published to citizens.
    #[test]
    fn a_standard_has_fourteen_components_of_which_six_are_published() {
        let standard = standard();
        assert_eq!((standard.components.len(), standard.published().count(), standard.principles.len()), (14, 6, 12));
    }

    /// PP 96/2012 Pasal 33: at least every three years; the IPP assessment scores a yearly review highest.
    #[test]
    fn a_standard_is_reviewed_every_three_years_at_least_and_better_every_year() {
        let review = standard().review;
        assert_eq!((review.at_least_every_years, review.target.every_years), (3, 1));
    }

    /// A unit that has stated everything but the fee and the complaint channel lacks exactly those two.
    #[test]
    fn the_missing_components_are_named_in_official_order() {
        let standard = standard();
        let keys: Vec<&str> = standard.components.iter().map(|component| component.key.as_str()).collect();
        let filled: Vec<&str> = keys.iter().copied().filter(|key| *key != keys[3] && *key != keys[5]).collect();
        let missing: Vec<&str> = standard.missing(&filled).iter().map(|component| component.key.as_str()).collect();
        assert_eq!(missing, vec![keys[3], keys[5]]);
    }
}
