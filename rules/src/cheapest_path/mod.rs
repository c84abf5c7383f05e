//! The cheapest path ("Jalan termurah"): from the levels an IPP assessment has now to a chosen value, with the least effort, exactly.
//!
//! An index is a weighted sum of levels, so each rise of an indicator by one level adds a fixed, exact amount. What remains is to choose:
//! a knapsack in which each indicator offers its levels, some levels need others, and what counts is the *published* value, rounded a half
//! up. Efforts and gains are multiplied by their common denominators to become whole numbers; then, for one indicator after another, the
//! list of all combinations is kept that no other beats ([`frontier`]). Indicators that depend on each other are solved together before
//! ([`group`]). For a city, the list of each unit is cut to what counts there, its published value where the instrument says so, and the
//! lists of the units are merged in the same way. Nothing is estimated and nothing is rounded on the way.
//!
//! Of several ways with the same effort, the one with the fewest rises is taken, then the one with the highest value, then the one that
//! raises the earlier indicators (in a city: units) more.

mod city;
mod effort;
mod frontier;
mod goal;
mod group;
mod lane;
mod plan;
mod unit;

pub use city::{CityPath, CityPlan};
pub use effort::{DefaultEfforts, Dependency, Effort, Efforts};
pub use goal::Goal;
pub use plan::{Plan, Rise, Slip, Total};
pub use unit::{CurvePoint, Start, UnitPath};

use crate::phrase::{Argument, Language, Phrase};
use crate::quantity::Decimal;
use std::fmt;

/// Why there is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// A unit has no index: a level or the mean of form F-03 is missing. Of a city: no unit has one.
    NoIndex {
        /// Name of the unit; empty for a city.
        unit: String,
    },
    /// Not even all rises together reach the goal.
    Unreachable {
        /// The best value that can be reached.
        best: Decimal,
    },
    /// Neither a category of the instrument nor a number on its scale.
    UnknownGoal {
        /// What was asked for.
        text: String,
    },
    /// So many indicators depend on each other that no exact answer comes in reasonable time.
    TooEntangled {
        /// How many hang together.
        indicators: u64,
    },
    /// Efforts or levels are stated so finely that their common denominator is beyond counting, or a number is out of all proportion.
    TooFine,
    /// There are more ways that none beats than fit into memory.
    TooMany,
}

impl PathError {
    /// The sentence about it.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NoIndex { unit } if unit.is_empty() => Phrase::new("path.no-unit"),
            Self::NoIndex { unit } => Phrase::new("path.no-index").with("unit", unit.as_str()),
            Self::Unreachable { best } => Phrase::new("path.unreachable").with("best", best),
            Self::UnknownGoal { text } => Phrase::new("path.unknown-goal").with("text", text.as_str()),
            Self::TooEntangled { indicators } => {
                Phrase::new("path.too-entangled").with("indicators", Argument::Count(*indicators))
            }
            Self::TooFine => Phrase::new("path.too-fine"),
            Self::TooMany => Phrase::new("path.too-many"),
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.phrase().in_language(Language::English))
    }
}

impl std::error::Error for PathError {}

#[cfg(test)]
mod tests;
