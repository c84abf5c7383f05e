//! The tree of units: who stands below whom, in which order, and where a unit may be put.

use crate::fault::Fault;
use crate::unit::{DEEPEST, Unit};
use platform::identity::UnitId;
use rules::phrase::Phrase;
use std::collections::{HashMap, HashSet};

/// Units in the order of a list: each below the one it belongs to, with its level from 0. Units of one level keep their order.
#[must_use]
pub(crate) fn in_order(units: &[Unit]) -> Vec<(usize, &Unit)> {
    let known: HashSet<UnitId> = units.iter().map(|unit| unit.id).collect();
    let mut below: HashMap<Option<UnitId>, Vec<&Unit>> = HashMap::new();
    for unit in units {
        below.entry(unit.facts.parent.filter(|parent| known.contains(parent))).or_default().push(unit);
    }
    let mut ordered = Vec::with_capacity(units.len());
    let mut waiting: Vec<(usize, &Unit)> = Vec::new();
    let mut add = |waiting: &mut Vec<_>, parent, level| {
        waiting.extend(below.remove(&parent).unwrap_or_default().into_iter().rev().map(|unit| (level, unit)));
    };
    add(&mut waiting, None, 0);
    while let Some((level, unit)) = waiting.pop() {
        ordered.push((level, unit));
        add(&mut waiting, Some(unit.id), level + 1);
    }
    ordered
}

/// Where units stand: each with the one above it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(HashMap<UnitId, Option<UnitId>>);

impl Places {
    /// The places of these units.
    pub(crate) fn new(parents: impl IntoIterator<Item = (UnitId, Option<UnitId>)>) -> Self {
        Self(parents.into_iter().collect())
    }

    /// Puts a unit at a place, whether or not it may stand there.
    pub(crate) fn put(&mut self, unit: UnitId, parent: Option<UnitId>) {
        self.0.insert(unit, parent);
    }

    /// The units above one, nearest first; it ends where a circle would close.
    pub(crate) fn above(&self, unit: UnitId) -> Vec<UnitId> {
        let mut above = Vec::new();
        let mut at = unit;
        while let Some(parent) = self.0.get(&at).copied().flatten() {
            if parent == unit || above.contains(&parent) {
                break;
            }
            above.push(parent);
            at = parent;
        }
        above
    }

    /// A unit and everything below it.
    pub(crate) fn within(&self, unit: UnitId) -> HashSet<UnitId> {
        let mut within = HashSet::from([unit]);
        within.extend(self.0.keys().filter(|other| self.above(**other).contains(&unit)));
        within
    }

    /// What speaks against putting `unit` (nothing: a new one) below `parent`.
    pub(crate) fn refusal(&self, unit: Option<UnitId>, parent: UnitId) -> Option<Fault> {
        if !self.0.contains_key(&parent) {
            return Some(Fault::new("parent", "fault.parent-unknown"));
        }
        let mut above_parent = self.above(parent);
        above_parent.insert(0, parent);
        if unit.is_some_and(|unit| above_parent.contains(&unit)) {
            return Some(Fault::new("parent", "fault.parent-below"));
        }
        let height = unit.map_or(1, |unit| self.height(unit));
        let too_deep = above_parent.len() + height > DEEPEST;
        too_deep.then(|| Fault { field: "parent", phrase: Phrase::new("fault.too-deep").with("most", DEEPEST as u64) })
    }

    /// The units that stand in a circle or too deep.
    pub(crate) fn misplaced(&self) -> Vec<UnitId> {
        let stands = |unit: &UnitId| {
            let above = self.above(*unit);
            let top = above.last().unwrap_or(unit);
            above.len() < DEEPEST && self.0.get(top).is_some_and(Option::is_none)
        };
        self.0.keys().filter(|unit| !stands(unit)).copied().collect()
    }

    /// The levels from a unit down to the lowest one below it.
    fn height(&self, unit: UnitId) -> usize {
        let levels = self.0.keys().filter_map(|other| self.above(*other).iter().position(|above| *above == unit));
        levels.map(|between| between + 2).max().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    fn ids(count: usize) -> Vec<UnitId> {
        (0..count).map(|_| UnitId::new(datetime!(2026-11-21 01:00 UTC))).collect()
    }

    /// A chain: each unit below the one before.
    fn chain(ids: &[UnitId]) -> Places {
        let above = std::iter::once(None).chain(ids.iter().copied().map(Some));
        Places::new(ids.iter().copied().zip(above))
    }

    fn key(fault: Option<Fault>) -> Option<&'static str> {
        fault.map(|fault| fault.phrase.key)
    }

    #[test]
    fn a_unit_is_not_put_below_itself_or_below_its_own() {
        let ids = ids(3);
        let places = chain(&ids);
        assert_eq!(key(places.refusal(Some(ids[0]), ids[2])), Some("fault.parent-below"));
        assert_eq!(key(places.refusal(Some(ids[1]), ids[1])), Some("fault.parent-below"));
        assert_eq!(places.refusal(Some(ids[2]), ids[0]), None);
    }

    #[test]
    fn the_tree_has_at_most_five_levels_counting_what_a_unit_brings_along() {
        let ids = ids(5);
        let places = chain(&ids);
        assert_eq!(places.refusal(None, ids[3]), None);
        assert_eq!(key(places.refusal(None, ids[4])), Some("fault.too-deep"));
        let mut two = chain(&ids[..3]);
        two.put(ids[3], None);
        two.put(ids[4], Some(ids[3]));
        assert_eq!(two.refusal(Some(ids[3]), ids[2]), None);
        let mut three = chain(&ids[..3]);
        three.put(ids[3], None);
        three.put(ids[4], Some(ids[3]));
        three.put(UnitId::new(datetime!(2026-11-21 02:00 UTC)), Some(ids[4]));
        assert_eq!(key(three.refusal(Some(ids[3]), ids[2])), Some("fault.too-deep"));
    }

    #[test]
    fn units_in_a_circle_or_too_deep_are_misplaced() {
        let ids = ids(7);
        let mut places = chain(&ids[..6]);
        assert_eq!(places.misplaced(), [ids[5]]);
        places.put(ids[0], Some(ids[1]));
        places.put(ids[6], None);
        let misplaced = places.misplaced();
        assert!(ids[..6].iter().all(|id| misplaced.contains(id)) && !misplaced.contains(&ids[6]));
    }

    #[test]
    fn a_parent_of_another_institution_is_unknown() {
        let ids = ids(2);
        assert_eq!(key(chain(&ids[..1]).refusal(None, ids[1])), Some("fault.parent-unknown"));
    }

    proptest! {
        #[test]
        fn no_order_of_moves_closes_a_circle(moves in proptest::collection::vec((0_usize..7, 0_usize..7), 0..40)) {
            let ids = ids(7);
            let mut places = Places::new(ids.iter().map(|id| (*id, None)));
            for (unit, parent) in moves {
                if places.refusal(Some(ids[unit]), ids[parent]).is_none() {
                    places.put(ids[unit], Some(ids[parent]));
                }
            }
            prop_assert!(places.misplaced().is_empty());
            for id in &ids {
                let above = places.above(*id);
                prop_assert!(above.len() < DEEPEST && !above.contains(id));
                prop_assert!(above.last().is_none_or(|top| places.0[top].is_none()), "the way up ends at the top");
            }
        }
    }
}
