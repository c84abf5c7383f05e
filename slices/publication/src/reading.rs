//! What a value means under its instrument: its place among the categories, and what is missing to a better one. The limits come
//! from the instrument files of `rules`.

use crate::result::{Published, instrument};
use rules::citation::Status;
use rules::instrument::{Band, Instrument};
use rules::phrase::{Language, Phrase};
use rules::quantity::Decimal;
use rules::step::Step;

/// What is missing to a better category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    /// The difference, with the decimals of the value.
    pub(crate) missing: String,
    /// The lowest value of the better category.
    pub(crate) limit: String,
    /// The zone to be reached, where the instrument has zones; else the category.
    pub(crate) goal: String,
    /// Whether the goal is a zone.
    pub(crate) is_zone: bool,
    /// The rule that sets the limit.
    pub(crate) citation: String,
    /// Whether the limit is verified.
    pub(crate) sure: bool,
}

/// What a value lacks to the green zone, or to the next category where there are no zones; nothing at the top.
pub(crate) fn gap(result: &Published) -> Option<Gap> {
    let instrument = instrument(&result.instrument)?;
    let value = result.decimal()?;
    let own = result.band()?;
    let goal = match own.zone.as_deref() {
        Some("hijau") => return None,
        Some(_) => instrument.bands().iter().rev().find(|band| band.zone.as_deref() == Some("hijau"))?,
        None => instrument.bands().iter().rev().find(|band| band.min > own.min)?,
    };
    let rounding = instrument.rounding()?;
    let label = goal.label.id.as_str();
    let named = if goal.category == label { label.to_owned() } else { format!("{} ({label})", goal.category) };
    Some(Gap {
        missing: rounding.round(&(&goal.min - value.value())).to_string(),
        limit: rounding.round(&goal.min).to_string(),
        goal: goal.zone.clone().unwrap_or(named),
        is_zone: goal.zone.is_some(),
        citation: instrument.header.citation(),
        sure: goal.status == Status::Verified,
    })
}

/// A category with its limits, as a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) band: &'static Band,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The categories of an instrument, highest first.
pub(crate) fn limits(instrument: &'static Instrument) -> Vec<Limits> {
    let places = instrument.rounding().map_or(2, |rounding| rounding.decimals);
    let shown = |value: &rules::quantity::Ratio| Decimal::half_up(value, places).to_string();
    let row = |band: &'static Band| Limits { band, from: shown(&band.min), to: shown(&band.max) };
    instrument.bands().iter().map(row).collect()
}

/// The one step that can be followed where only the final value was printed: which category it falls in.
pub(crate) fn classification(result: &Published) -> Option<Step> {
    let instrument = instrument(&result.instrument)?;
    let value = result.decimal()?;
    let row = limits(instrument).into_iter().find(|row| row.band.category == result.category)?;
    let what = Phrase::new("step.classify").with("label", &row.band.label);
    let formula = format!("{} ≤ {value} ≤ {}", row.from, row.to);
    Some(Step::words(what, formula, row.band.category.clone(), &instrument.header.citation()))
}

/// The place of a category among all: first is best.
pub(crate) fn place_of(result: &Published) -> Option<(usize, usize, Limits)> {
    let rows = limits(instrument(&result.instrument)?);
    let at = rows.iter().position(|row| row.band.category == result.category)?;
    let all = rows.len();
    Some((at + 1, all, rows.into_iter().nth(at)?))
}

/// The name of an instrument.
pub(crate) fn title(id: &str, language: Language) -> String {
    instrument(id).map_or_else(|| id.to_owned(), |known| known.header.title.in_language(language).to_owned())
}

/// The years an instrument was in force: `2015–2021`, `2025–`.
pub(crate) fn years(id: &str) -> String {
    let Some(known) = instrument(id) else { return id.to_owned() };
    let in_force = &known.header.in_force;
    format!("{}–{}", in_force.from, in_force.until.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::known;

    #[test]
    fn a_yellow_score_lacks_what_the_green_zone_of_its_year_begins_with() {
        // Pangkalpinang 2021: 73.14, and green begins at 81.00 under the rule of 2015.
        let gap = gap(&known("omb-001")).unwrap();
        assert_eq!((gap.missing.as_str(), gap.limit.as_str(), gap.goal.as_str()), ("7.86", "81.00", "hijau"));
        assert!(gap.is_zone && gap.citation.contains("22/2016") | gap.citation.contains("17/2015"), "{}", gap.citation);
    }

    #[test]
    fn without_zones_the_next_category_is_the_goal() {
        // Palembang 2021: 4.28 is A-; A begins at 4.51.
        let gap = gap(&known("ipp-001")).unwrap();
        assert_eq!((gap.missing.as_str(), gap.goal.as_str(), gap.is_zone), ("0.23", "A (Pelayanan Prima)", false));
    }

    #[test]
    fn a_limit_that_was_inferred_says_so() {
        assert!(!gap(&known("omb-090")).unwrap().sure);
    }

    #[test]
    fn at_the_top_nothing_is_missing() {
        assert_eq!(gap(&known("omb-002")), None);
        assert_eq!(gap(&known("ipp-002")), None);
    }

    #[test]
    fn a_final_value_alone_is_still_classified() {
        let step = classification(&known("ipp-005")).unwrap();
        assert_eq!((step.formula.as_str(), step.output.as_str()), ("4.01 ≤ 4.27 ≤ 4.50", "A-"));
    }
}
