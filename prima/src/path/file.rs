//! A path as JSON.

use super::Found;
use calculation::WarningResult;
use rules::cheapest_path::{CurvePoint, Plan, Rise, Total};
use rules::outcome::Outcome;
use rules::phrase::Language;
use rules::quantity::exact_text;
use schemars::JsonSchema;
use serde::Serialize;

/// The cheapest path of a unit, or of several units as a city.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PathFile {
    /// Instrument.
    pub(crate) instrument: String,
    /// The published value that was to be reached, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    /// The result now.
    pub(crate) before: ValueResult,
    /// The result after all rises; absent for a curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<ValueResult>,
    /// What all rises take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<TotalResult>,
    /// One plan for each unit.
    pub(crate) units: Vec<UnitResult>,
    /// The least effort for each value; only when the curve was asked for.
    pub(crate) curve: Vec<CurveResult>,
    /// How the estimates of effort are known; absent when a table replaced all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) estimates: Option<String>,
    /// What a careful reader must know.
    pub(crate) warnings: Vec<WarningResult>,
}

/// A value and its category.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ValueResult {
    /// The published value; empty without one.
    pub(crate) value: String,
    /// Category code.
    pub(crate) category: String,
}

/// What rises take.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TotalResult {
    /// Person-days.
    pub(crate) days: String,
    /// Rupiah.
    pub(crate) cost: String,
    /// Working days until everything is done.
    pub(crate) lead: u64,
}

/// The plan of one unit.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UnitResult {
    /// Name.
    pub(crate) unit: String,
    /// Its result now.
    pub(crate) before: ValueResult,
    /// Its result after its rises.
    pub(crate) after: ValueResult,
    /// What its rises take.
    pub(crate) total: TotalResult,
    /// Its rises, in an order in which they can be done.
    pub(crate) rises: Vec<RiseResult>,
}

/// One rise by one level.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RiseResult {
    /// Number on the form.
    pub(crate) number: usize,
    /// Key of the indicator.
    pub(crate) indicator: String,
    /// Name of the indicator.
    pub(crate) name: String,
    /// Level before.
    pub(crate) from: String,
    /// Level after.
    pub(crate) to: String,
    /// Weight in F-02.
    pub(crate) weight: String,
    /// What it adds to F-02.
    pub(crate) adds_to_f02: String,
    /// What it adds to the index.
    pub(crate) adds: String,
    /// Person-days.
    pub(crate) days: String,
    /// Rupiah.
    pub(crate) cost: u64,
    /// Working days.
    pub(crate) lead: u32,
    /// Person-days of the unit's rises so far.
    pub(crate) days_so_far: String,
    /// The unit's value so far.
    pub(crate) value_so_far: String,
    /// When this rise alone fails.
    pub(crate) slip: SlipResult,
}

/// The plan without one rise and what rests on it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SlipResult {
    /// The value then: the city's, or the unit's where there is no city.
    pub(crate) value: String,
    /// Its category.
    pub(crate) category: String,
    /// Whether the target is still met.
    pub(crate) is_met: bool,
    /// Places of the unit's rises that fall with it, from one.
    pub(crate) falls_with: Vec<usize>,
}

/// One point of the curve.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CurveResult {
    /// Person-days.
    pub(crate) days: String,
    /// Rises.
    pub(crate) rises: u64,
    /// Published value.
    pub(crate) value: String,
    /// Category code.
    pub(crate) category: String,
}

impl PathFile {
    pub(super) fn of(found: &Found<'_>, instrument: &str, language: Language) -> Self {
        let last = found.after.as_ref().map_or(&found.before, |(after, _)| after);
        Self {
            instrument: instrument.to_owned(),
            target: found.goal.as_ref().map(|goal| exact_text(goal.least())),
            before: value(&found.before),
            after: found.after.as_ref().map(|(after, _)| value(after)),
            total: found.after.as_ref().map(|(_, total)| total_of(total)),
            units: found.units.iter().map(|plan| unit(plan, language)).collect(),
            curve: found.curve.iter().map(curve_point).collect(),
            estimates: found.estimates.as_ref().map(|estimates| estimates.status.as_str().to_owned()),
            warnings: last.warnings.iter().map(|warning| WarningResult::new(warning, language)).collect(),
        }
    }
}

fn value(outcome: &Outcome) -> ValueResult {
    let value = outcome.value.as_ref().map(ToString::to_string).unwrap_or_default();
    ValueResult { value, category: outcome.category().to_owned() }
}

fn total_of(total: &Total) -> TotalResult {
    TotalResult { days: exact_text(&total.days), cost: total.cost.to_string(), lead: total.lead }
}

fn unit(plan: &Plan, language: Language) -> UnitResult {
    UnitResult {
        unit: plan.unit.clone(),
        before: value(&plan.before),
        after: value(&plan.after),
        total: total_of(&plan.total),
        rises: plan.rises.iter().map(|rise| rise_of(rise, language)).collect(),
    }
}

fn rise_of(rise: &Rise, language: Language) -> RiseResult {
    RiseResult {
        number: rise.number,
        indicator: rise.key.clone(),
        name: rise.name.in_language(language).to_owned(),
        from: exact_text(&rise.from),
        to: exact_text(&rise.to),
        weight: exact_text(&rise.weight),
        adds_to_f02: exact_text(&rise.adds_to_f02),
        adds: exact_text(&rise.adds),
        days: exact_text(&rise.effort.days),
        cost: rise.effort.cost,
        lead: rise.effort.lead,
        days_so_far: exact_text(&rise.days_so_far),
        value_so_far: rise.value_so_far.to_string(),
        slip: SlipResult {
            value: rise.slip.city.as_ref().unwrap_or(&rise.slip.value).to_string(),
            category: rise.slip.category.clone(),
            is_met: rise.slip.is_met,
            falls_with: rise.slip.falls_with.iter().map(|place| place + 1).collect(),
        },
    }
}

fn curve_point(point: &CurvePoint<'_>) -> CurveResult {
    CurveResult {
        days: exact_text(&point.days),
        rises: point.rises,
        value: point.value.to_string(),
        category: point.band.category.clone(),
    }
}
