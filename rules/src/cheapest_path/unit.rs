//! The cheapest path of one unit.

use super::PathError;
use super::effort::Efforts;
use super::frontier::{Chain, MOST_EFFORT, MOST_RISES, Part, Point};
use super::goal::Goal;
use super::group::{Group, groups};
use super::lane::{Lane, Scale, lanes};
use super::plan::Plan;
use crate::instrument::{Band, classify};
use crate::outcome::Outcome;
use crate::quantity::{Decimal, Ratio, ratio};
use crate::service_index::Assessment;
use num_bigint::BigInt;

/// Where a unit stands.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    /// Its name.
    pub name: String,
    /// Its levels now, and its users' form, which stays as it is.
    pub assessment: Assessment<'a>,
    /// What its rises take.
    pub efforts: &'a Efforts,
}

/// One point of the curve of effort and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurvePoint<'a> {
    /// Person-days.
    pub days: Ratio,
    /// Rises of one level.
    pub rises: u64,
    /// The published value.
    pub value: Decimal,
    /// Its category.
    pub band: &'a Band,
}

/// All that a unit can reach, ready to be asked.
#[derive(Debug)]
pub struct UnitPath<'a> {
    pub(super) start: Start<'a>,
    pub(super) before: Outcome,
    pub(super) base: Ratio,
    pub(super) scale: Scale,
    pub(super) lanes: Vec<Lane>,
    pub(super) groups: Vec<Group>,
    chain: Chain,
}

impl<'a> UnitPath<'a> {
    /// Computes what the unit can reach.
    ///
    /// # Errors
    /// When the unit has no index, its numbers are too fine, or too many of its indicators depend on each other.
    pub fn new(start: Start<'a>) -> Result<Self, PathError> {
        let scale = Scale::of(std::iter::once((&start.assessment, start.efforts)));
        Self::with_scale(start, scale)
    }

    pub(super) fn with_scale(start: Start<'a>, scale: Scale) -> Result<Self, PathError> {
        let before = start.assessment.outcome();
        let Some(base) = before.exact.clone() else { return Err(PathError::NoIndex { unit: start.name }) };
        let lanes = lanes(&start.assessment, start.efforts, &scale)?;
        check_size(&lanes)?;
        let groups = groups(&lanes, &start.efforts.dependencies)?;
        let parts: Vec<Part<'_>> =
            groups.iter().map(|group| Part { whole: group.frontier(), pieces: vec![group.frontier()] }).collect();
        let chain = Chain::new(&parts)?;
        Ok(Self { start, before, base, scale, lanes, groups, chain })
    }

    /// The official result as it stands.
    #[must_use]
    pub fn before(&self) -> &Outcome {
        &self.before
    }

    /// The plan with the least effort that reaches the goal.
    ///
    /// # Errors
    /// When all rises together do not reach it.
    pub fn reach(&self, goal: &Goal) -> Result<Plan, PathError> {
        let points = self.points();
        let first = points.partition_point(|point| !goal.is_met(&self.value(*point)));
        let best = || PathError::Unreachable { best: self.value(*points.last().unwrap_or(&Point::ZERO)) };
        let point = points.get(first).ok_or_else(best)?;
        Ok(self.plan(*point, goal))
    }

    /// The plan with the highest published value that takes no more than these person-days, and of those the one with the least effort.
    #[must_use]
    pub fn within(&self, days: &Ratio) -> Plan {
        let (points, budget) = (self.points(), days * &self.scale.days);
        let affordable = points.partition_point(|point| Ratio::from_integer(point.effort().into()) <= budget);
        let best = self.value(points[affordable.saturating_sub(1)]);
        let first = points.partition_point(|point| self.value(*point) < best);
        self.plan(points[first], &Goal::at_least(best.value()))
    }

    /// The least effort for each published value that can be reached, from now on upwards.
    #[must_use]
    pub fn curve(&self) -> Vec<CurvePoint<'a>> {
        let index = self.start.assessment.index;
        let points = self.points().iter().map(|point| (*point, self.value(*point)));
        curve(points, &self.scale.days, &index.bands)
    }

    /// The points of the unit that none beats, gains scaled.
    pub(super) fn points(&self) -> &[Point] {
        self.chain.total()
    }

    /// The exact index with a scaled gain.
    pub(super) fn exact(&self, gain: u64) -> Ratio {
        &self.base + Ratio::new(BigInt::from(gain), self.scale.gain.clone())
    }

    /// The published value of a point.
    pub(super) fn value(&self, point: Point) -> Decimal {
        self.start.assessment.index.rounding.round(&self.exact(point.gain))
    }

    /// The plan of a point.
    pub(super) fn plan(&self, point: Point, goal: &Goal) -> Plan {
        let mut chosen = vec![0; self.lanes.len()];
        for (group, own) in self.groups.iter().zip(self.chain.split(point)) {
            group.choose(own, &self.lanes, &self.start.efforts.dependencies, &mut chosen);
        }
        Plan::of(self, &chosen, goal)
    }
}

/// Refuses numbers whose sums would not fit.
fn check_size(lanes: &[Lane]) -> Result<(), PathError> {
    let most = lanes.iter().filter_map(|lane| lane.options.last());
    let (effort, gain) = most.fold((0, 0), |(effort, gain), point| (effort + point.effort(), gain + point.gain));
    let rises: usize = lanes.iter().map(|lane| lane.options.len()).sum();
    if effort < MOST_EFFORT && gain < MOST_EFFORT && (rises as u64) < MOST_RISES {
        Ok(())
    } else {
        Err(PathError::TooFine)
    }
}

/// From points in rising order to a curve: of the points with one published value the cheapest, of those with one effort the best.
pub(super) fn curve<'a>(
    points: impl Iterator<Item = (Point, Decimal)>,
    days: &BigInt,
    bands: &'a [Band],
) -> Vec<CurvePoint<'a>> {
    let mut curve: Vec<CurvePoint<'a>> = Vec::new();
    for (point, value) in points {
        if curve.last().is_some_and(|last| last.value == value) {
            continue;
        }
        let days = ratio(point.effort(), days.clone());
        if curve.last().is_some_and(|last| last.days == days) {
            curve.pop();
        }
        let band = classify(bands, &value);
        curve.push(CurvePoint { days, rises: point.rises(), value, band });
    }
    curve
}
