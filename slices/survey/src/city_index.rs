//! The index of a whole city: what its units published of the same days, put together by the rule that stands with the instrument.

use crate::period::{Period, PeriodId, Plan};
use crate::result::{self, Named};
use crate::store::periods;
use calculation::{Inputs, Key, Problem, Scored, instruments};
use organisation::{Institution, Unit};
use platform::database::{DatabaseError, Read};
use platform::identity::{InstitutionId, UnitId};
use std::collections::{BTreeMap, HashMap};

/// Days of which more than one unit published its result, under one instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Round {
    /// The days; nobody planned them for the whole city, so there is no population.
    pub(crate) plan: Plan,
    /// The instrument of all of them.
    pub(crate) instrument: String,
    /// How many units published.
    pub(crate) units: i64,
}

impl Round {
    /// Its part of addresses: "2026-tw-iii-skm-2017".
    pub(crate) fn slug(&self) -> String {
        organisation::slug(&format!("{} {}", self.plan.label(), self.instrument), |_| false)
    }
}

/// The result of a city, and where the result of each unit stands.
#[derive(Debug)]
pub(crate) struct CityIndex {
    /// One group whose inputs are those of the units.
    pub(crate) scored: Scored,
    /// The period of each unit by the unit's name in the result.
    pub(crate) periods: HashMap<String, PeriodId>,
}

/// The result of a city for a round.
///
/// # Errors
/// When the program no longer knows the instrument.
pub(crate) fn city_index(
    city: &Institution,
    units: &HashMap<UnitId, Unit>,
    round: &Round,
    published: &[Period],
) -> Result<CityIndex, Problem> {
    let mut members = BTreeMap::new();
    let mut periods = HashMap::new();
    for period in published {
        let Some((unit, inputs)) = units.get(&period.unit).zip(result::inputs(period)) else { continue };
        let mut name = Named::new(period, unit, city).unit;
        if members.contains_key(&name) {
            // Two units may be called alike; their addresses are not.
            name = format!("{name} ({})", unit.slug);
        }
        periods.insert(name.clone(), period.id);
        members.insert(name, inputs);
    }
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let key: Key = vec![pair("institution", result::place_name(city)), pair("period", round.plan.label())];
    let inputs = Inputs::Units { units: members, compliance: None };
    Ok(CityIndex { scored: Scored::of_inputs(instruments::find(&round.instrument)?, key, inputs), periods })
}

/// What stands in an address for the newest round.
const NEWEST: &str = "terbaru";

/// What the index of a city is made of.
pub(crate) struct Parts {
    pub(crate) city: Institution,
    pub(crate) units: HashMap<UnitId, Unit>,
    pub(crate) round: Round,
    pub(crate) published: Vec<Period>,
}

/// Reads the round at an address.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn read(db: &mut Read<'_>, institution: InstitutionId, slug: &str) -> Result<Option<Parts>, DatabaseError> {
    let round = periods::rounds(db, institution)?.into_iter().find(|round| slug == NEWEST || round.slug() == slug);
    let (Some(round), Some(city)) = (round, organisation::institution(db, institution)?) else { return Ok(None) };
    let units = organisation::units(db, institution)?.into_iter().map(|unit| (unit.id, unit)).collect();
    Ok(Some(Parts { city, units, published: periods::of_round(db, institution, &round)?, round }))
}
