//! What is to be reached.

use super::PathError;
use crate::instrument::Band;
use crate::quantity::{Decimal, Ratio, parse_decimal};

/// A value that the published, rounded index must reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    least: Ratio,
    category: Option<String>,
}

impl Goal {
    /// A number: the published value must be as high, or higher.
    #[must_use]
    pub fn at_least(least: Ratio) -> Self {
        Self { least, category: None }
    }

    /// A category such as `A-` (or a better one), or a number such as `4.2`.
    ///
    /// # Errors
    /// When there is no such category and the text is no number on the instrument's scale.
    pub fn named(bands: &[Band], text: &str) -> Result<Self, PathError> {
        let name = text.trim();
        if let Some(band) = bands.iter().find(|band| band.category.eq_ignore_ascii_case(name)) {
            return Ok(Self { least: band.min.clone(), category: Some(band.category.clone()) });
        }
        let unknown = || PathError::UnknownGoal { text: name.to_owned() };
        let least = parse_decimal(name).map_err(|_| unknown())?;
        let top = bands.first().map(|band| &band.max);
        if top.is_none_or(|top| &least > top) { Err(unknown()) } else { Ok(Self::at_least(least)) }
    }

    /// The lowest published value that meets it.
    #[must_use]
    pub fn least(&self) -> &Ratio {
        &self.least
    }

    /// The category it names, where it names one.
    #[must_use]
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// Whether a published value meets it.
    #[must_use]
    pub fn is_met(&self, value: &Decimal) -> bool {
        value.at_least(&self.least)
    }
}
