//! Indicators that depend on each other, solved together: an exact walk over them that remembers only the levels still asked about.
//!
//! The indicators are taken one after another. Between two of them, only the chosen levels of those already taken matter on which one not
//! yet taken depends, or that depend on it: they are *open*. For each choice of the open ones, one frontier is kept.

use super::PathError;
use super::effort::Dependency;
use super::frontier::{Frontier, Point, either, holds, shifted};
use super::lane::{Lane, allowed};

/// Most choices of open levels, all places of the walk together.
const MOST_STATES: usize = 20_000;

/// Most points kept for one group.
const MOST_POINTS: usize = 20_000_000;

/// Indicators that hang together, in the order of the walk.
#[derive(Debug)]
pub(super) struct Group {
    /// Lanes in the order in which they are taken.
    lanes: Vec<usize>,
    /// Lanes open before each place, and after the last.
    open: Vec<Vec<usize>>,
    /// For each place and each choice of its open lanes, what those not yet taken give.
    frontiers: Vec<Vec<Frontier>>,
}

impl Group {
    /// What the group gives as a whole.
    pub(super) fn frontier(&self) -> &[Point] {
        &self.frontiers[0][0]
    }

    /// The option of each lane that together make up `point`: at each lane the highest that is possible.
    pub(super) fn choose(&self, point: Point, lanes: &[Lane], dependencies: &[Dependency], chosen: &mut [usize]) {
        let mut rest = point;
        for (place, lane) in self.lanes.iter().enumerate() {
            let options = lanes[*lane].options.iter().enumerate().rev();
            for (option, own) in options {
                chosen[*lane] = option;
                let left = Point { cost: rest.cost.wrapping_sub(own.cost), gain: rest.gain.wrapping_sub(own.gain) };
                let enough = own.cost <= rest.cost && own.gain <= rest.gain;
                let state = state_of(&self.open[place + 1], lanes, chosen);
                let known = [self.open[place].as_slice(), &[*lane]].concat();
                if enough
                    && allowed(dependencies, lanes, &known, chosen)
                    && holds(&self.frontiers[place + 1][state], left)
                {
                    rest = left;
                    break;
                }
            }
        }
    }
}

/// All groups of a unit, in the order of their first indicators.
pub(super) fn groups(lanes: &[Lane], dependencies: &[Dependency]) -> Result<Vec<Group>, PathError> {
    let neighbours = neighbours(lanes, dependencies);
    let mut seen = vec![false; lanes.len()];
    let mut groups = Vec::new();
    for first in 0..lanes.len() {
        if seen[first] {
            continue;
        }
        let mut members = vec![first];
        seen[first] = true;
        let mut next = 0;
        while let Some(lane) = members.get(next).copied() {
            for other in &neighbours[lane] {
                if !std::mem::replace(&mut seen[*other], true) {
                    members.push(*other);
                }
            }
            next += 1;
        }
        members.sort_unstable();
        groups.push(group(&members, lanes, dependencies, &neighbours)?);
    }
    Ok(groups)
}

/// For each lane, those that depend on it or that it depends on.
fn neighbours(lanes: &[Lane], dependencies: &[Dependency]) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); lanes.len()];
    let lane_of = |position: usize| lanes.iter().position(|lane| lane.position == position);
    for dependency in dependencies {
        let (Some(one), Some(other)) = (lane_of(dependency.indicator), lane_of(dependency.needs)) else { continue };
        if one != other {
            neighbours[one].push(other);
            neighbours[other].push(one);
        }
    }
    neighbours
}

fn group(
    members: &[usize],
    lanes: &[Lane],
    dependencies: &[Dependency],
    neighbours: &[Vec<usize>],
) -> Result<Group, PathError> {
    let count = members.len();
    let few = |order: &[usize]| {
        let open = open_lanes(order, neighbours);
        let states = open.iter().try_fold(0_usize, |total, open| total.checked_add(states(open, lanes)?));
        states.is_some_and(|states| states <= MOST_STATES).then_some(open)
    };
    let natural = few(members).map(|open| (members.to_vec(), open));
    let by_greed = || {
        let order = greedy_order(members, lanes, neighbours);
        few(&order).map(|open| (order, open))
    };
    let (order, open) = natural.or_else(by_greed).ok_or(PathError::TooEntangled { indicators: count as u64 })?;
    solve(order, open, lanes, dependencies)
}

/// The lanes open before each place of an order, and after its last.
fn open_lanes(order: &[usize], neighbours: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let is_open = |lane: &usize, ahead: &[usize]| neighbours[*lane].iter().any(|other| ahead.contains(other));
    let at = |place: usize| {
        let (taken, ahead) = order.split_at(place);
        taken.iter().copied().filter(|lane| is_open(lane, ahead)).collect()
    };
    (0..=order.len()).map(at).collect()
}

/// How many choices of levels there are for some lanes; nothing when they are beyond counting.
fn states(open: &[usize], lanes: &[Lane]) -> Option<usize> {
    open.iter().try_fold(1_usize, |total, lane| total.checked_mul(lanes[*lane].options.len()))
}

/// An order in which few lanes are open: always the lane next that leaves the fewest choices.
fn greedy_order(members: &[usize], lanes: &[Lane], neighbours: &[Vec<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut ahead = members.to_vec();
    while !ahead.is_empty() {
        let choices = |lane: usize| {
            let rest: Vec<usize> = ahead.iter().copied().filter(|other| *other != lane).collect();
            let open = order.iter().chain([&lane]).copied();
            let open: Vec<usize> =
                open.filter(|taken| neighbours[*taken].iter().any(|other| rest.contains(other))).collect();
            states(&open, lanes).unwrap_or(usize::MAX)
        };
        let place = (0..ahead.len()).min_by_key(|place| choices(ahead[*place])).unwrap_or(0);
        order.push(ahead.remove(place));
    }
    order
}

/// The number of a choice of open lanes: a numeral with one digit for each lane.
fn state_of(open: &[usize], lanes: &[Lane], chosen: &[usize]) -> usize {
    open.iter().fold(0, |state, lane| state * lanes[*lane].options.len() + chosen[*lane])
}

/// The choice that a number stands for.
fn take_state(open: &[usize], lanes: &[Lane], mut state: usize, chosen: &mut [usize]) {
    for lane in open.iter().rev() {
        let options = lanes[*lane].options.len();
        chosen[*lane] = state % options;
        state /= options;
    }
}

/// From the last lane back to the first.
fn solve(
    order: Vec<usize>,
    open: Vec<Vec<usize>>,
    lanes: &[Lane],
    dependencies: &[Dependency],
) -> Result<Group, PathError> {
    let own: Vec<Dependency> = dependencies
        .iter()
        .filter(|dependency| order.iter().any(|lane| lanes[*lane].position == dependency.indicator))
        .cloned()
        .collect();
    let mut chosen = vec![0; lanes.len()];
    let mut frontiers = vec![vec![vec![Point::ZERO]]];
    let mut points = 0_usize;
    for (place, lane) in order.iter().enumerate().rev() {
        let known = [open[place].as_slice(), &[*lane]].concat();
        let behind = frontiers.last().expect("begins with one");
        let mut here = Vec::new();
        for state in 0..states(&open[place], lanes).unwrap_or(0) {
            take_state(&open[place], lanes, state, &mut chosen);
            let mut best = Vec::new();
            for (option, own_point) in lanes[*lane].options.iter().enumerate() {
                chosen[*lane] = option;
                if allowed(&own, lanes, &known, &chosen) {
                    let next = state_of(&open[place + 1], lanes, &chosen);
                    best = either(&best, &shifted(&behind[next], *own_point));
                }
            }
            points += best.len();
            here.push(best);
        }
        if points > MOST_POINTS {
            return Err(PathError::TooMany);
        }
        frontiers.push(here);
    }
    frontiers.reverse();
    Ok(Group { lanes: order, open, frontiers })
}
