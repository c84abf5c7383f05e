//! Bands: which category a rounded value falls in.

use super::check::distinct;
use super::{Fault, Place, exact};
use crate::citation::Status;
use crate::phrase::{Argument, Phrase, Text};
use crate::quantity::{Decimal, Ratio, exact_text, ratio};
use serde::{Deserialize, Serialize};

/// One band of an instrument: a category and the rounded values it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Category code: `A`, `B-`, `Sangat Baik`.
    pub category: String,
    /// Name of the category ("mutu pelayanan", "predikat").
    pub label: Text,
    /// Lowest rounded value of the band.
    #[serde(with = "exact")]
    pub min: Ratio,
    /// Highest rounded value of the band.
    #[serde(with = "exact")]
    pub max: Ratio,
    /// Zone colour word ("hijau", "kuning", "merah"), where the instrument has zones.
    pub zone: Option<String>,
    /// Opinion word of the institution, where the instrument gives one.
    pub opinion: Option<String>,
    /// Other names of this category in circulation.
    #[serde(default)]
    pub other_labels: Vec<String>,
    /// How the band and its name are known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// How many decimals a result has; a half goes up, and only the rounded value is classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Digits after the decimal point.
    pub decimals: usize,
}

impl Rounding {
    /// The official decimal of an exact value.
    #[must_use]
    pub fn round(self, value: &Ratio) -> Decimal {
        Decimal::half_up(value, self.decimals)
    }
}

/// The band of a rounded value. Values outside the scale (possible when weights were rounded) take the nearest band.
///
/// # Panics
/// When `bands` is empty, which no checked instrument file has.
#[must_use]
pub fn classify<'a>(bands: &'a [Band], value: &Decimal) -> &'a Band {
    bands
        .iter()
        .find(|band| value.at_least(&band.min))
        .unwrap_or_else(|| bands.last().expect("a checked file has bands"))
}

/// Whether a value lies on the scale that the bands cover.
#[must_use]
pub fn on_scale(bands: &[Band], value: &Ratio) -> bool {
    bands.first().is_some_and(|top| value <= &top.max) && bands.last().is_some_and(|low| value >= &low.min)
}

/// Checks that the bands run from highest to lowest without a gap or overlap at the rounding step.
pub(crate) fn check(bands: &[Band], rounding: Rounding) -> Result<(), Fault> {
    let place = |index| Place::Entry("bands", index);
    if bands.is_empty() {
        return Err(Fault::new(Place::Top, Phrase::new("instrument.no-bands")));
    }
    if rounding.decimals > 6 {
        return Err(Fault::new(Place::Table("rounding"), Phrase::new("instrument.rounding-too-fine")));
    }
    distinct("bands", bands.iter().map(|band| band.category.as_str()))?;
    let step = ratio(1, crate::quantity::power_of_ten(rounding.decimals));
    for (index, band) in bands.iter().enumerate() {
        if band.min > band.max {
            return Err(Fault::new(
                place(index),
                Phrase::new("instrument.band-upside-down").with("band", &*band.category),
            ));
        }
        let Some(next) = bands.get(index + 1) else { continue };
        if &next.max + &step != band.min {
            let reason = Phrase::new("instrument.band-gap")
                .with("upper", &*band.category)
                .with("lower", &*next.category)
                .with("min", Argument::Number(exact_text(&band.min)))
                .with("max", Argument::Number(exact_text(&next.max)));
            return Err(Fault::new(place(index + 1), reason));
        }
    }
    Ok(())
}

/// Checks that a scale rises and that the bands cover it from end to end, so that no value is shown outside every band. `place` is where
/// the file states the scale.
pub(crate) fn check_scale(
    bands: &[Band],
    rounding: Rounding,
    place: Place,
    (lowest, highest): (&Ratio, &Ratio),
) -> Result<(), Fault> {
    if lowest >= highest {
        return Err(Fault::new(place, Phrase::new("instrument.scale-not-rising")));
    }
    let Some((low, high)) = bands.last().zip(bands.first()) else { return Ok(()) };
    for (index, band, bound, end) in [(bands.len() - 1, low, &low.min, lowest), (0, high, &high.max, highest)] {
        if rounding.round(end).value() != *bound {
            let reason = Phrase::new("instrument.band-end")
                .with("band", &*band.category)
                .with("bound", Argument::Number(exact_text(bound)))
                .with("end", Argument::Number(exact_text(end)));
            return Err(Fault::new(Place::Entry("bands", index), reason));
        }
    }
    Ok(())
}
