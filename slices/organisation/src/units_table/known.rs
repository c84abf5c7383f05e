//! Which of the units there are a row of a table is.

use crate::names::plain;
use crate::unit::Unit;
use platform::identity::UnitId;
use rules::phrase::Phrase;
use std::collections::{HashMap, HashSet};

/// The units there are, under the names they will have: a row can rename a unit by its code.
pub(super) struct Known<'u> {
    units: HashMap<UnitId, &'u Unit>,
    by_code: HashMap<&'u str, &'u Unit>,
    by_name: HashMap<String, Vec<&'u Unit>>,
    /// Plain names.
    names: HashMap<UnitId, String>,
    /// Codes that only rows have, with the unit that gets it where there is one already.
    new_codes: HashMap<&'u str, Option<UnitId>>,
}

/// What a row turns out to be.
pub(super) enum Found<'u> {
    /// None of the units there are.
    New,
    /// This unit.
    Is(&'u Unit),
    /// Nothing that can be decided: the field and why.
    Refused(&'static str, Phrase),
}

impl<'u> Known<'u> {
    /// `rows` gives the code and the name of each row.
    pub(super) fn new(units: &'u [Unit], rows: impl Iterator<Item = (&'u str, &'u str)>) -> Self {
        let by_code: HashMap<&str, &Unit> =
            units.iter().filter_map(|unit| Some((unit.facts.code.as_deref()?, unit))).collect();
        let mut names: HashMap<UnitId, String> = units.iter().map(|unit| (unit.id, plain(&unit.facts.name))).collect();
        let (mut new_codes, mut renamed) = (HashMap::new(), HashSet::new());
        for (code, name) in rows.filter(|(code, _)| !code.is_empty()) {
            match by_code.get(code) {
                // Of several rows with one code the first counts; the others are refused.
                Some(unit) if !plain(name).is_empty() && renamed.insert(unit.id) => {
                    names.insert(unit.id, plain(name));
                }
                Some(_) => {}
                None => {
                    new_codes.insert(code, None);
                }
            }
        }
        let mut by_name: HashMap<String, Vec<&Unit>> = HashMap::new();
        for unit in units.iter().filter(|unit| unit.state.is_active()) {
            by_name.entry(names[&unit.id].clone()).or_default().push(unit);
        }
        Self { units: units.iter().map(|unit| (unit.id, unit)).collect(), by_code, by_name, names, new_codes }
    }

    /// The unit that a row is, by its code, or else by its name below the same parent.
    pub(super) fn find(&self, plain_name: &str, code: &str, parent: &str) -> Found<'u> {
        if let Some(unit) = self.by_code.get(code) {
            let ended = || Phrase::new("import.ended").with("name", unit.facts.name.as_str());
            return if unit.state.is_active() { Found::Is(unit) } else { Found::Refused("code", ended()) };
        }
        let named = self.by_name.get(plain_name).map(Vec::as_slice).unwrap_or_default();
        let mut fitting: Vec<&Unit> = named.iter().filter(|unit| self.is_below(unit, parent)).copied().collect();
        if fitting.len() > 1 && parent.is_empty() && fitting.iter().any(|unit| unit.facts.parent.is_none()) {
            fitting.retain(|unit| unit.facts.parent.is_none());
        }
        match fitting.as_slice() {
            [] => Found::New,
            [unit] => match unit.facts.code.as_deref() {
                Some(own) if !code.is_empty() => {
                    Found::Refused("code", Phrase::new("import.other-code").with("code", own))
                }
                _ => Found::Is(unit),
            },
            _ => Found::Refused("name", Phrase::new("import.several")),
        }
    }

    /// Whether the cell of a parent, if there is one, names the unit above.
    fn is_below(&self, unit: &Unit, typed: &str) -> bool {
        if typed.is_empty() {
            return true;
        }
        let parent = unit.facts.parent.and_then(|parent| self.units.get(&parent));
        parent.is_some_and(|parent| self.is_called(parent, typed))
    }

    /// Whether a cell names this unit: by code, or, where it is nobody's code, by name or short name.
    fn is_called(&self, unit: &Unit, typed: &str) -> bool {
        if let Some(holder) = self.by_code.get(typed) {
            return holder.id == unit.id;
        }
        if let Some(holder) = self.new_codes.get(typed) {
            return *holder == Some(unit.id);
        }
        let plain_typed = plain(typed);
        let short_name = plain(&unit.facts.short_name);
        self.names[&unit.id] == plain_typed || (!short_name.is_empty() && short_name == plain_typed)
    }

    /// Notes that a row gives a unit its code.
    pub(super) fn give_code(&mut self, code: &str, unit: UnitId) {
        if let Some(holder) = self.new_codes.get_mut(code) {
            holder.get_or_insert(unit);
        }
    }

    /// Forgets a code that only a refused row has; says whether there was one.
    pub(super) fn release(&mut self, code: &str) -> bool {
        self.new_codes.remove(code).is_some()
    }

    /// Whether a unit of this name stands in this place and could be taken for the new one: not when both have codes.
    pub(super) fn has(&self, plain_name: &str, parent: Option<UnitId>, has_code: bool) -> bool {
        let named = self.by_name.get(plain_name).map(Vec::as_slice).unwrap_or_default();
        named.iter().any(|unit| unit.facts.parent == parent && !(has_code && unit.facts.code.is_some()))
    }

    /// The codes that units have or get.
    pub(super) fn codes(&self) -> HashMap<&'u str, UnitId> {
        let own = self.by_code.iter().map(|(code, unit)| (*code, unit.id));
        own.chain(self.new_codes.iter().filter_map(|(code, unit)| Some((*code, (*unit)?)))).collect()
    }

    /// The units that serve.
    pub(super) fn active(&self) -> impl Iterator<Item = &'u Unit> {
        self.units.values().copied().filter(|unit| unit.state.is_active())
    }

    /// The plain name that a unit will have.
    pub(super) fn name(&self, unit: &Unit) -> &str {
        &self.names[&unit.id]
    }

    /// The name of a unit as it is.
    pub(super) fn name_of(&self, id: Option<UnitId>) -> String {
        id.and_then(|id| self.units.get(&id)).map(|unit| unit.facts.name.clone()).unwrap_or_default()
    }
}
