//! A plan in the terms of the formula: each rise, what it adds and takes, and what happens when it slips.

use super::effort::Effort;
use super::goal::Goal;
use super::lane::{allowed, weight_in_f02};
use super::unit::UnitPath;
use crate::instrument::{Band, classify};
use crate::outcome::Outcome;
use crate::phrase::Text;
use crate::quantity::{Decimal, Ratio};
use crate::service_index::Assessment;
use num_traits::{ToPrimitive, Zero};

/// What a plan takes as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Total {
    /// Person-days.
    pub days: Ratio,
    /// Cost in rupiah.
    pub cost: u128,
    /// Working days until everything is done, when all that can be done at the same time is.
    pub lead: u64,
}

/// The least effort for a goal, of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Name of the unit.
    pub unit: String,
    /// The rises in an order in which they can be done: what others need first, then what adds most for a day.
    pub rises: Vec<Rise>,
    /// What they take together.
    pub total: Total,
    /// The official result now.
    pub before: Outcome,
    /// The official result after all rises, computed as every other result.
    pub after: Outcome,
    /// The levels after all rises, by position.
    pub levels: Vec<Option<Ratio>>,
}

/// One rise of one indicator by one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rise {
    /// Position of the indicator in the instrument.
    pub indicator: usize,
    /// Its number on the form.
    pub number: usize,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// Level before.
    pub from: Ratio,
    /// Level after.
    pub to: Ratio,
    /// Weight of the indicator in F-02: aspect × indicator.
    pub weight: Ratio,
    /// What the rise adds to F-02: weight × (to − from).
    pub adds_to_f02: Ratio,
    /// What the rise adds to the index: share of F-02 × weight × (to − from).
    pub adds: Ratio,
    /// What it takes.
    pub effort: Effort,
    /// Person-days of the plan up to and with this rise.
    pub days_so_far: Ratio,
    /// The exact index with the rises up to and with this one.
    pub exact_so_far: Ratio,
    /// The same as it would be published.
    pub value_so_far: Decimal,
    /// What happens when this rise alone fails.
    pub slip: Slip,
}

/// The plan without one rise, and without what rests on it: later rises of the same indicator, and rises that need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Rises that fall with it, as places in the plan, itself not counted.
    pub falls_with: Vec<usize>,
    /// The unit's exact index then.
    pub exact: Ratio,
    /// The unit's published value then.
    pub value: Decimal,
    /// The city's published value then, when the plan is part of a city's.
    pub city: Option<Decimal>,
    /// The category of the city's value then, or of the unit's where there is no city.
    pub category: String,
    /// Whether the goal is still met.
    pub is_met: bool,
}

impl Slip {
    /// The same slip as a city sees it.
    pub(super) fn seen_by_city(&mut self, city: Decimal, bands: &[Band], goal: &Goal) {
        self.is_met = goal.is_met(&city);
        self.category = classify(bands, &city).category.clone();
        self.city = Some(city);
    }
}

/// A rise by the lane it is of and the option it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Move {
    lane: usize,
    option: usize,
}

impl Plan {
    /// The plan that leads to the chosen option of each lane.
    pub(super) fn of(unit: &UnitPath<'_>, chosen: &[usize], goal: &Goal) -> Self {
        let moves = in_order(unit, chosen);
        let mut total = Total::default();
        let mut gain = 0;
        let mut finished: Vec<u64> = Vec::new();
        let mut rises = Vec::new();
        for (place, step) in moves.iter().enumerate() {
            gain += gain_of(unit, *step);
            let exact = unit.exact(gain);
            let Some(effort) = effort_of(unit, *step) else { continue };
            total.days += &effort.days;
            total.cost += u128::from(effort.cost);
            finished.push(begin(unit, &moves[..place], &finished, *step) + u64::from(effort.lead));
            let slip = slip(unit, chosen, &moves, place, goal);
            rises.push(rise(unit, *step, effort, total.days.clone(), exact, slip));
        }
        total.lead = finished.into_iter().max().unwrap_or(0);
        let mut levels = unit.start.assessment.levels.clone();
        for (lane, option) in unit.lanes.iter().zip(chosen) {
            levels[lane.position] = Some(lane.levels[*option].clone());
        }
        let after = Assessment { levels: levels.clone(), ..unit.start.assessment.clone() }.outcome();
        Self { unit: unit.start.name.clone(), rises, total, before: unit.before.clone(), after, levels }
    }
}

fn rise(unit: &UnitPath<'_>, step: Move, effort: &Effort, days: Ratio, exact: Ratio, slip: Slip) -> Rise {
    let (lane, index) = (&unit.lanes[step.lane], unit.start.assessment.index);
    let indicator = &index.indicators[lane.position];
    let weight = weight_in_f02(index, lane.position);
    let (from, to) = (&lane.levels[step.option - 1], &lane.levels[step.option]);
    let adds_to_f02 = (to - from) * &weight;
    Rise {
        indicator: lane.position,
        number: indicator.number,
        key: indicator.key.clone(),
        name: indicator.name.clone(),
        from: from.clone(),
        to: to.clone(),
        adds: &index.components.f02 * &adds_to_f02,
        adds_to_f02,
        weight,
        effort: effort.clone(),
        days_so_far: days,
        value_so_far: index.rounding.round(&exact),
        exact_so_far: exact,
        slip,
    }
}

fn effort_of<'a>(unit: &'a UnitPath<'_>, step: Move) -> Option<&'a Effort> {
    let lane = &unit.lanes[step.lane];
    let from = lane.levels[step.option - 1].to_integer().to_u8()?;
    unit.start.efforts.of(lane.position, from)
}

fn gain_of(unit: &UnitPath<'_>, step: Move) -> u64 {
    let options = &unit.lanes[step.lane].options;
    options[step.option].gain - options[step.option - 1].gain
}

/// The rises one by one: of those that can be done next, the one that adds most for a day, then the earlier indicator. Rises that need each
/// other in a circle are done together, in the same order.
fn in_order(unit: &UnitPath<'_>, chosen: &[usize]) -> Vec<Move> {
    let everyone: Vec<usize> = (0..unit.lanes.len()).collect();
    let mut now = vec![0; unit.lanes.len()];
    let mut moves = Vec::new();
    loop {
        let next = everyone.iter().filter(|lane| now[**lane] < chosen[**lane]);
        let next: Vec<Move> = next.map(|lane| Move { lane: *lane, option: now[*lane] + 1 }).collect();
        let ready = |step: &&Move| {
            let mut then = now.clone();
            then[step.lane] = step.option;
            allowed(&unit.start.efforts.dependencies, &unit.lanes, &everyone, &then)
        };
        let best = best_value(unit, next.iter().filter(ready)).or_else(|| best_value(unit, next.iter()));
        let Some(step) = best else { return moves };
        now[step.lane] = step.option;
        moves.push(step);
    }
}

/// The rise that adds most for a day; of equal ones the first.
fn best_value<'m>(unit: &UnitPath<'_>, moves: impl Iterator<Item = &'m Move>) -> Option<Move> {
    let days = |step: Move| effort_of(unit, step).map_or_else(Ratio::zero, |effort| effort.days.clone());
    let of = |step: Move| (step, Ratio::from_integer(gain_of(unit, step).into()), days(step));
    let better = |best: (Move, Ratio, Ratio), other: (Move, Ratio, Ratio)| {
        if &other.1 * &best.2 > &best.1 * &other.2 { other } else { best }
    };
    moves.map(|step| of(*step)).reduce(better).map(|(step, ..)| step)
}

/// The working day on which a rise can begin: when the rises before it of its indicator are done, and all that it needs.
fn begin(unit: &UnitPath<'_>, before: &[Move], finished: &[u64], step: Move) -> u64 {
    let lane = &unit.lanes[step.lane];
    let level = lane.reached[step.option];
    let dependencies = &unit.start.efforts.dependencies;
    let mine = |other: &Move| other.lane == step.lane;
    let needed = |other: &Move| {
        let (position, options) = (unit.lanes[other.lane].position, &unit.lanes[other.lane].reached);
        dependencies.iter().any(|dependency| {
            let asks = dependency.indicator == lane.position && dependency.at <= level;
            // What lies above the level that is needed need not be waited for.
            asks && dependency.needs == position && options[other.option - 1] < dependency.level
        })
    };
    let waits = before.iter().zip(finished).filter(|(other, _)| mine(other) || needed(other));
    waits.map(|(_, day)| *day).max().unwrap_or(0)
}

/// The plan without one of its rises and all that rests on it.
fn slip(unit: &UnitPath<'_>, chosen: &[usize], moves: &[Move], place: usize, goal: &Goal) -> Slip {
    let everyone: Vec<usize> = (0..unit.lanes.len()).collect();
    let dependencies = &unit.start.efforts.dependencies;
    let mut left = chosen.to_vec();
    left[moves[place].lane] = moves[place].option - 1;
    let mut changed = true;
    while changed {
        changed = false;
        for lane in 0..left.len() {
            let position = unit.lanes[lane].position;
            let own: Vec<_> =
                dependencies.iter().filter(|dependency| dependency.indicator == position).cloned().collect();
            while left[lane] > 0 && !allowed(&own, &unit.lanes, &everyone, &left) {
                left[lane] -= 1;
                changed = true;
            }
        }
    }
    let falls = |(other, step): (usize, &Move)| (other != place && step.option > left[step.lane]).then_some(other);
    let gain = unit.lanes.iter().zip(&left).map(|(lane, option)| lane.options[*option].gain).sum();
    let exact = unit.exact(gain);
    let index = unit.start.assessment.index;
    let value = index.rounding.round(&exact);
    Slip {
        falls_with: moves.iter().enumerate().filter_map(falls).collect(),
        category: classify(&index.bands, &value).category.clone(),
        is_met: goal.is_met(&value),
        city: None,
        exact,
        value,
    }
}
