//! What a rise of one level takes, and which rise needs which.

use crate::citation::Status;
use crate::phrase::Text;
use crate::quantity::{Ratio, whole};
use crate::service_index::ServiceIndex;
use serde::Deserialize;

/// What one rise of one level takes. Only the days are minimised; cost and lead time are added up beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// Person-days of work, not negative.
    pub days: Ratio,
    /// Cost in rupiah, beyond the work.
    pub cost: u64,
    /// Working days from beginning to end, waiting included.
    pub lead: u32,
}

/// A level of one indicator that cannot be reached without a level of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Position of the indicator that depends.
    pub indicator: usize,
    /// From this level on, a rise of it …
    pub at: u8,
    /// … needs the indicator at this position …
    pub needs: usize,
    /// … at this level or above.
    pub level: u8,
    /// Why.
    pub reason: Option<Text>,
}

/// The efforts of all rises of an instrument, and the dependencies between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Efforts {
    /// For each indicator and each level it rises from, counted from the lowest; nothing where a rise is not possible.
    rises: Vec<Vec<Option<Effort>>>,
    lowest: u8,
    /// Dependencies between indicators.
    pub dependencies: Vec<Dependency>,
}

impl Efforts {
    /// The same effort for every rise, without dependencies.
    #[must_use]
    pub fn all_equal(index: &ServiceIndex, effort: &Effort) -> Self {
        let rises = usize::from(index.levels.highest.saturating_sub(index.levels.lowest));
        let all = vec![vec![Some(effort.clone()); rises]; index.indicators.len()];
        Self { rises: all, lowest: index.levels.lowest, dependencies: Vec::new() }
    }

    /// The effort of the rise of an indicator from a whole level to the next; nothing where it is not possible.
    #[must_use]
    pub fn of(&self, indicator: usize, from: u8) -> Option<&Effort> {
        self.rises.get(indicator)?.get(usize::from(from.checked_sub(self.lowest)?))?.as_ref()
    }

    /// Replaces the effort of one rise; nothing means that it is not possible. False when there is no such rise.
    pub fn set(&mut self, indicator: usize, from: u8, effort: Option<Effort>) -> bool {
        let place = from.checked_sub(self.lowest).map(usize::from);
        let slot = self.rises.get_mut(indicator).zip(place).and_then(|(rises, place)| rises.get_mut(place));
        slot.map(|slot| *slot = effort).is_some()
    }
}

/// Our own estimates, for a start: to be replaced by what an office knows of itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultEfforts {
    /// How they are known.
    pub status: Status,
    /// Whose they are.
    pub note: Text,
    /// For indicators that are not named.
    general: Ladder,
    /// Estimates of single indicators.
    indicators: Vec<Ladder>,
    /// Which level needs which.
    dependencies: Vec<Need>,
}

/// Estimates for the rises of an indicator, from the lowest level up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ladder {
    #[serde(default)]
    indicator: String,
    days: Vec<u32>,
    cost: Vec<u64>,
    lead: Vec<u32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Need {
    indicator: String,
    at: u8,
    needs: String,
    level: u8,
    reason: Text,
}

impl Ladder {
    fn effort(&self, place: usize) -> Option<Effort> {
        let days = whole(*self.days.get(place)?);
        Some(Effort { days, cost: *self.cost.get(place)?, lead: *self.lead.get(place)? })
    }
}

impl DefaultEfforts {
    /// The estimates that are part of the program.
    ///
    /// # Panics
    /// Never in a tested build: the embedded file is read by a test.
    #[must_use]
    pub fn embedded() -> Self {
        toml::from_str(include_str!("../../efforts/ipp.toml")).expect("the embedded estimates are read by a test")
    }

    /// The estimates for an instrument: by the keys of its indicators, so that one form may leave out what another has.
    #[must_use]
    pub fn for_instrument(&self, index: &ServiceIndex) -> Efforts {
        let rises = usize::from(index.levels.highest.saturating_sub(index.levels.lowest));
        let ladder = |key: &str| self.indicators.iter().find(|ladder| ladder.indicator == key).unwrap_or(&self.general);
        let of = |key: &str| (0..rises).map(|place| ladder(key).effort(place)).collect();
        let position = |key: &str| index.indicators.iter().position(|indicator| indicator.key == key);
        let dependency = |need: &Need| {
            Some(Dependency {
                indicator: position(&need.indicator)?,
                at: need.at,
                needs: position(&need.needs)?,
                level: need.level,
                reason: Some(need.reason.clone()),
            })
        };
        Efforts {
            rises: index.indicators.iter().map(|indicator| of(&indicator.key)).collect(),
            lowest: index.levels.lowest,
            dependencies: self.dependencies.iter().filter_map(dependency).collect(),
        }
    }

    /// Keys of indicators that the estimates name, for a test that they exist.
    #[cfg(test)]
    pub(super) fn named(&self) -> Vec<&str> {
        let needs = self.dependencies.iter().flat_map(|need| [need.indicator.as_str(), need.needs.as_str()]);
        self.indicators.iter().map(|ladder| ladder.indicator.as_str()).chain(needs).collect()
    }
}
