//! The cheapest path of a whole city under a shared effort.

use super::PathError;
use super::frontier::{Chain, Frontier, MOST_EFFORT, MOST_RISES, Part, Point};
use super::goal::Goal;
use super::lane::Scale;
use super::plan::{Plan, Total};
use super::unit::{CurvePoint, Start, UnitPath, curve};
use crate::aggregation::AggregationRule;
use crate::instrument::Header;
use crate::outcome::Outcome;
use crate::quantity::{Decimal, Ratio, power_of_ten, ratio, whole};
use crate::service_index::ServiceIndex;
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

/// The least effort for a goal, of a city: plans of its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CityPlan {
    /// Plans of the units that have an index, in the order given; those without rises stay as they are.
    pub units: Vec<Plan>,
    /// What they take together; units work at the same time.
    pub total: Total,
    /// The city's official result now.
    pub before: Outcome,
    /// The city's official result after all rises.
    pub after: Outcome,
}

/// All that a city can reach, ready to be asked.
#[derive(Debug)]
pub struct CityPath<'a> {
    header: &'a Header,
    index: &'a ServiceIndex,
    units: Vec<UnitPath<'a>>,
    /// Results of units that have no index; the city's mean leaves them out and says so.
    left_out: Vec<(String, Outcome)>,
    /// Sum of what the units bring into the mean now.
    base: Ratio,
    /// Denominator of the gains of the chain.
    scale: BigInt,
    days: BigInt,
    chain: Chain,
}

impl<'a> CityPath<'a> {
    /// Computes what the city can reach. All units are assessed by the same instrument.
    ///
    /// # Errors
    /// When no unit has an index, or as [`UnitPath::new`].
    pub fn new(starts: Vec<Start<'a>>) -> Result<Self, PathError> {
        let scale = Scale::of(starts.iter().map(|start| (&start.assessment, start.efforts)));
        let mut units = Vec::new();
        let mut left_out = Vec::new();
        let first = starts.first().map(|start| (start.assessment.header, start.assessment.index));
        let (header, index) = first.ok_or(PathError::NoIndex { unit: String::new() })?;
        for start in starts {
            match start.assessment.outcome() {
                outcome if outcome.exact.is_none() => left_out.push((start.name, outcome)),
                _ => units.push(UnitPath::with_scale(start, scale.clone())?),
            }
        }
        if units.is_empty() {
            return Err(PathError::NoIndex { unit: String::new() });
        }
        check_size(&units)?;
        let published = index.aggregation.rule == AggregationRule::MeanOfPublished;
        let own: Vec<Frontier> =
            units.iter().map(|unit| if published { by_published(unit) } else { unit.points().to_vec() }).collect();
        let part = |(unit, whole): (&'_ UnitPath<'a>, &'_ Frontier)| -> Vec<Frontier> {
            let groups = unit.groups.iter().map(|group| group.frontier().to_vec());
            if published { vec![whole.clone()] } else { groups.collect() }
        };
        let pieces: Vec<Vec<Frontier>> = units.iter().zip(&own).map(part).collect();
        let parts = own
            .iter()
            .zip(&pieces)
            .map(|(whole, pieces)| Part { whole, pieces: pieces.iter().map(Vec::as_slice).collect() });
        let chain = Chain::new(&parts.collect::<Vec<_>>())?;
        let base = units.iter().map(|unit| brought(index, &unit.before)).sum();
        let gain = if published { power_of_ten(index.rounding.decimals) } else { scale.gain };
        Ok(Self { header, index, units, left_out, base, scale: gain, days: scale.days, chain })
    }

    /// The city's official result as it stands.
    #[must_use]
    pub fn before(&self) -> Outcome {
        self.outcome(self.units.iter().map(|unit| (unit.start.name.clone(), unit.before.clone())))
    }

    /// The plan with the least effort that brings the city's published value to the goal.
    ///
    /// # Errors
    /// When all rises together do not.
    pub fn reach(&self, goal: &Goal) -> Result<CityPlan, PathError> {
        let points = self.chain.total();
        let first = points.partition_point(|point| !goal.is_met(&self.value(*point)));
        let best = || PathError::Unreachable { best: self.value(*points.last().unwrap_or(&Point::ZERO)) };
        let point = points.get(first).ok_or_else(best)?;
        Ok(self.plan(*point, goal))
    }

    /// The plan with the city's highest published value that takes no more than these person-days, and of those the one with the least
    /// effort.
    #[must_use]
    pub fn within(&self, days: &Ratio) -> CityPlan {
        let (points, budget) = (self.chain.total(), days * &self.days);
        let affordable = points.partition_point(|point| Ratio::from_integer(point.effort().into()) <= budget);
        let best = self.value(points[affordable.saturating_sub(1)]);
        let first = points.partition_point(|point| self.value(*point) < best);
        self.plan(points[first], &Goal::at_least(best.value()))
    }

    /// The least effort for each published value of the city that can be reached, from now on upwards.
    #[must_use]
    pub fn curve(&self) -> Vec<CurvePoint<'a>> {
        let points = self.chain.total().iter().map(|point| (*point, self.value(*point)));
        curve(points, &self.days, &self.index.bands)
    }

    /// The city's published value when its units bring `sum` into the mean.
    fn value_of(&self, sum: &Ratio) -> Decimal {
        self.index.rounding.round(&(sum / ratio(self.units.len(), 1)))
    }

    fn value(&self, point: Point) -> Decimal {
        self.value_of(&(&self.base + Ratio::new(point.gain.into(), self.scale.clone())))
    }

    fn plan(&self, point: Point, goal: &Goal) -> CityPlan {
        let published = self.index.aggregation.rule == AggregationRule::MeanOfPublished;
        let plan = |(unit, own): (&UnitPath<'a>, Point)| {
            let points = unit.points();
            // The same cost stands for one point of the unit only, whatever its gain is counted in.
            let place = points.partition_point(|known| known.cost < own.cost);
            unit.plan(points[place.min(points.len() - 1)], goal)
        };
        let mut units: Vec<Plan> = self.units.iter().zip(self.chain.split(point)).map(plan).collect();
        let sum: Ratio = units.iter().map(|plan| brought(self.index, &plan.after)).sum();
        for plan in &mut units {
            let without = &sum - brought(self.index, &plan.after);
            for slip in plan.rises.iter_mut().map(|rise| &mut rise.slip) {
                let own = if published { slip.value.value() } else { slip.exact.clone() };
                slip.seen_by_city(self.value_of(&(&without + own)), &self.index.bands, goal);
            }
        }
        let mut total = Total::default();
        for plan in &units {
            total.days += &plan.total.days;
            total.cost += plan.total.cost;
            total.lead = total.lead.max(plan.total.lead);
        }
        let before = self.before();
        let after = self.outcome(units.iter().map(|plan| (plan.unit.clone(), plan.after.clone())));
        CityPlan { units, total, before, after }
    }

    /// The city's official result from those of its units.
    fn outcome(&self, units: impl Iterator<Item = (String, Outcome)>) -> Outcome {
        let members: Vec<(String, Outcome)> = units.chain(self.left_out.iter().cloned()).collect();
        self.index.aggregation.outcome(self.header, (self.index.rounding, &self.index.bands), &members)
    }
}

/// What a unit's result brings into the mean of its city.
fn brought(index: &ServiceIndex, outcome: &Outcome) -> Ratio {
    let value = match index.aggregation.rule {
        AggregationRule::MeanOfPublished => outcome.value.as_ref().map(Decimal::value),
        AggregationRule::MeanOfExact => outcome.exact.clone(),
    };
    value.unwrap_or_else(Ratio::zero)
}

/// The points of a unit with gains counted in steps of its published value: of those with the same value only the cheapest counts.
fn by_published(unit: &UnitPath<'_>) -> Frontier {
    let steps = whole(power_of_ten(unit.start.assessment.index.rounding.decimals));
    let now = unit.value(Point::ZERO).value();
    let mut kept: Frontier = Vec::new();
    for point in unit.points() {
        let gained = (unit.value(*point).value() - &now) * &steps;
        let gain = gained.to_integer().to_u64().unwrap_or(0);
        if kept.last().is_none_or(|last| last.gain < gain) {
            kept.push(Point { cost: point.cost, gain });
        }
    }
    kept
}

/// Refuses numbers whose sums over all units would not fit.
fn check_size(units: &[UnitPath<'_>]) -> Result<(), PathError> {
    let lanes = || units.iter().flat_map(|unit| &unit.lanes);
    let most = lanes().filter_map(|lane| lane.options.last());
    let (effort, gain) = most.fold((0_u64, 0_u64), |(effort, gain), point| {
        (effort.saturating_add(point.effort()), gain.saturating_add(point.gain))
    });
    let rises: u64 = lanes().map(|lane| lane.options.len() as u64).sum();
    if effort < MOST_EFFORT && gain < MOST_EFFORT && rises < MOST_RISES { Ok(()) } else { Err(PathError::TooFine) }
}
