//! One indicator of one unit with the levels it can rise to, in whole numbers.

use super::PathError;
use super::effort::{Dependency, Efforts};
use super::frontier::{MOST_EFFORT, Point};
use crate::quantity::{Ratio, one, whole};
use crate::service_index::{Assessment, ServiceIndex};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

/// By what exact numbers are multiplied to become whole numbers; the same for all units of a city.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    /// Common denominator of all efforts in days.
    pub(super) days: BigInt,
    /// Common denominator of all gains of the index.
    pub(super) gain: BigInt,
}

/// One indicator: staying where it is, and each level above with what it costs and gains.
#[derive(Debug)]
pub(super) struct Lane {
    /// Position in the instrument.
    pub(super) position: usize,
    /// The level after each option; the first is the present one.
    pub(super) levels: Vec<Ratio>,
    /// The whole level that each option has at least reached, by which dependencies are judged.
    pub(super) reached: Vec<u8>,
    /// Cost and gain of each option from the present level.
    pub(super) options: Vec<Point>,
}

/// One rise of one level as the exact numbers say it.
struct Rung {
    to: Ratio,
    days: Ratio,
    gain: Ratio,
}

/// The share of one level of an indicator in the index: share of F-02 × weight of the aspect × weight in the aspect.
pub(super) fn gain_of_level(index: &ServiceIndex, position: usize) -> Ratio {
    &index.components.f02 * weight_in_f02(index, position)
}

/// The share of one level of an indicator in F-02.
pub(super) fn weight_in_f02(index: &ServiceIndex, position: usize) -> Ratio {
    let indicator = &index.indicators[position];
    if !indicator.scored {
        return Ratio::zero();
    }
    let aspect = index.aspects.iter().find(|aspect| aspect.key == indicator.aspect);
    aspect.map(|aspect| &aspect.weight * &indicator.weight).unwrap_or_default()
}

/// The rises that are open to an indicator. A level between two whole ones (a mean of evaluators) rises to the next whole one, for the
/// whole effort of that rise.
fn rungs(assessment: &Assessment<'_>, efforts: &Efforts, position: usize) -> Vec<Rung> {
    let Some(Some(level)) = assessment.levels.get(position) else { return Vec::new() };
    let weight = gain_of_level(assessment.index, position);
    let mut rungs = Vec::new();
    let mut at = level.clone();
    let top = whole(assessment.index.levels.highest);
    while at < top {
        let from = at.floor();
        let to = &from + one();
        let Some(effort) = from.to_integer().to_u8().and_then(|from| efforts.of(position, from)) else { break };
        rungs.push(Rung { days: effort.days.clone(), gain: (&to - &at) * &weight, to: to.clone() });
        at = to;
    }
    rungs
}

impl Lane {
    fn reach(&mut self, level: Ratio) {
        self.reached.push(level.to_integer().to_u8().unwrap_or(0));
        self.levels.push(level);
    }
}

impl Scale {
    /// The scale that makes every effort and gain of these units whole.
    pub(super) fn of<'a>(units: impl Iterator<Item = (&'a Assessment<'a>, &'a Efforts)>) -> Self {
        let mut scale = Self { days: BigInt::one(), gain: BigInt::one() };
        for (assessment, efforts) in units {
            for rung in (0..assessment.index.indicators.len()).flat_map(|at| rungs(assessment, efforts, at)) {
                scale.days = scale.days.lcm(rung.days.denom());
                scale.gain = scale.gain.lcm(rung.gain.denom());
            }
        }
        scale
    }

    fn point(&self, days: &Ratio, rises: u64, gain: &Ratio) -> Result<Point, PathError> {
        let fit =
            |value: &Ratio, by: &BigInt| (value * by).to_integer().to_u64().filter(|number| *number < MOST_EFFORT);
        let (effort, gain) = fit(days, &self.days).zip(fit(gain, &self.gain)).ok_or(PathError::TooFine)?;
        Ok(Point::new(effort, rises, gain))
    }
}

/// The lanes of a unit: every indicator with a level.
pub(super) fn lanes(assessment: &Assessment<'_>, efforts: &Efforts, scale: &Scale) -> Result<Vec<Lane>, PathError> {
    let mut lanes = Vec::new();
    for position in 0..assessment.index.indicators.len() {
        let Some(Some(level)) = assessment.levels.get(position) else { continue };
        let mut lane = Lane { position, levels: Vec::new(), reached: Vec::new(), options: vec![Point::ZERO] };
        lane.reach(level.clone());
        let (mut days, mut gain) = (Ratio::zero(), Ratio::zero());
        for (rises, rung) in (1_u64..).zip(rungs(assessment, efforts, position)) {
            days += &rung.days;
            gain += &rung.gain;
            lane.options.push(scale.point(&days, rises, &gain)?);
            lane.reach(rung.to);
        }
        lanes.push(lane);
    }
    Ok(lanes)
}

/// Whether the options chosen for some lanes keep the dependencies among them. What stays where it is asks for nothing: a level that was
/// given stands, whatever it would need.
pub(super) fn allowed(dependencies: &[Dependency], lanes: &[Lane], known: &[usize], chosen: &[usize]) -> bool {
    let lane_of = |position: usize| known.iter().copied().find(|lane| lanes[*lane].position == position);
    dependencies.iter().all(|dependency| {
        let Some(lane) = lane_of(dependency.indicator) else { return true };
        let option = chosen[lane];
        if option == 0 || lanes[lane].reached[option] < dependency.at {
            return true;
        }
        match lane_of(dependency.needs) {
            Some(needed) => lanes[needed].reached[chosen[needed]] >= dependency.level,
            // Without any level it can never be met; with one, it is asked when both are known.
            None => lanes.iter().any(|lane| lane.position == dependency.needs),
        }
    })
}
