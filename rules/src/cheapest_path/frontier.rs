//! What can be gained at what cost: lists of points none of which is beaten by another, and their merging.
//!
//! A point is a cost and a gain in whole numbers. The cost holds the effort and, in its low bits, the number of rises, so that comparing
//! two costs compares the effort first and the number of rises next, and adding costs adds both.

use super::PathError;

/// Bits of a cost that hold the number of rises.
const RISES_BITS: u32 = 20;

/// Most rises that all units together may have, so that their number fits its bits.
pub(super) const MOST_RISES: u64 = 1 << RISES_BITS;

/// Most scaled effort of all rises together: with the rises, no sum reaches [`ABSENT`].
pub(super) const MOST_EFFORT: u64 = 1 << 42;

/// Most points kept for one list; more would take gigabytes.
const MOST_POINTS: usize = 4_000_000;

/// The cost of a gain that nothing gives; twice of it still fits.
const ABSENT: u64 = u64::MAX / 2;

/// Widest range of gains for which a table with one place for each gain is made.
const WIDEST_TABLE: u64 = 1 << 24;

/// One way to spend: what it costs and what it gains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) cost: u64,
    pub(super) gain: u64,
}

impl Point {
    pub(super) const ZERO: Self = Self { cost: 0, gain: 0 };

    pub(super) fn new(effort: u64, rises: u64, gain: u64) -> Self {
        Self { cost: (effort << RISES_BITS) | rises, gain }
    }

    pub(super) fn effort(self) -> u64 {
        self.cost >> RISES_BITS
    }

    pub(super) fn rises(self) -> u64 {
        self.cost & (MOST_RISES - 1)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { cost: self.cost + other.cost, gain: self.gain + other.gain }
    }

    /// What is left of this point when `part` is taken out of it.
    fn minus(self, part: Self) -> Option<Self> {
        Some(Self { cost: self.cost.checked_sub(part.cost)?, gain: self.gain.checked_sub(part.gain)? })
    }
}

/// Points in rising order of cost and of gain: none is beaten by another.
pub(super) type Frontier = Vec<Point>;

/// Whether a frontier holds exactly this point.
pub(super) fn holds(frontier: &[Point], point: Point) -> bool {
    frontier.binary_search_by_key(&point.cost, |known| known.cost).is_ok_and(|place| frontier[place] == point)
}

/// All points of a frontier with one more thing done.
pub(super) fn shifted(frontier: &[Point], by: Point) -> Frontier {
    frontier.iter().map(|point| point.plus(by)).collect()
}

/// The best of two ways to spend the same: the points of both that the other does not beat.
pub(super) fn either(one: &[Point], other: &[Point]) -> Frontier {
    let mut kept: Frontier = Vec::with_capacity(one.len() + other.len());
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let from_left = match (left.peek(), right.peek()) {
            (None, None) => return kept,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            // Of two equal costs the greater gain comes first, and the other is then beaten.
            (Some(a), Some(b)) => (a.cost, u64::MAX - a.gain) <= (b.cost, u64::MAX - b.gain),
        };
        let next = if from_left { left.next() } else { right.next() };
        if let Some(point) = next.filter(|point| kept.last().is_none_or(|last| point.gain > last.gain)) {
            kept.push(*point);
        }
    }
}

/// The frontier of two independent parts together: every point of one with every point of the other, without those that are beaten.
pub(super) fn merged(one: &[Point], other: &[Point]) -> Result<Frontier, PathError> {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    let (Some(most), Some(more)) = (long.last(), short.last()) else { return Ok(Vec::new()) };
    let range = most.gain + more.gain + 1;
    let crowded = range / 8 <= long.len() as u64;
    let points = match usize::try_from(range) {
        Ok(places) if crowded && range <= WIDEST_TABLE => merged_by_table(long, short, places),
        _ => merged_by_lists(long, short)?,
    };
    if points.len() > MOST_POINTS { Err(PathError::TooMany) } else { Ok(points) }
}

/// With a place for each gain, where most gains occur: a simple loop over neighbouring places.
fn merged_by_table(long: &[Point], short: &[Point], places: usize) -> Frontier {
    let place = |gain: u64| usize::try_from(gain).expect("a gain is below the number of places");
    let mut costs = vec![ABSENT; long.last().map_or(0, |last| place(last.gain) + 1)];
    for point in long {
        costs[place(point.gain)] = point.cost;
    }
    let mut best = vec![ABSENT; places];
    for point in short {
        for (slot, cost) in best[place(point.gain)..].iter_mut().zip(&costs) {
            // Cannot overflow: no cost is above ABSENT, which is half of the largest number.
            *slot = (*slot).min(cost.wrapping_add(point.cost));
        }
    }
    let mut lowest = ABSENT;
    let mut kept: Frontier = Vec::new();
    for (place, cost) in best.into_iter().enumerate().rev() {
        if cost < lowest {
            lowest = cost;
            kept.push(Point { cost, gain: place as u64 });
        }
    }
    kept.reverse();
    kept
}

/// With sorted lists, where few of the possible gains occur.
fn merged_by_lists(long: &[Point], short: &[Point]) -> Result<Frontier, PathError> {
    if let [only] = short {
        return Ok(shifted(long, *only));
    }
    let (front, back) = short.split_at(short.len() / 2);
    let points = either(&merged_by_lists(long, front)?, &merged_by_lists(long, back)?);
    if points.len() > MOST_POINTS { Err(PathError::TooMany) } else { Ok(points) }
}

/// One of several independent parts, given whole and in the pieces it was merged from.
pub(super) struct Part<'a> {
    pub(super) whole: &'a [Point],
    pub(super) pieces: Vec<&'a [Point]>,
}

/// Independent parts in their order, and what those from each one on give together.
#[derive(Debug)]
pub(super) struct Chain {
    parts: Vec<Frontier>,
    /// The frontier of the parts from a place on; one more than parts, the last of nothing.
    from: Vec<Frontier>,
}

impl Chain {
    pub(super) fn new(parts: &[Part<'_>]) -> Result<Self, PathError> {
        let mut from = vec![vec![Point::ZERO]];
        for part in parts.iter().rev() {
            let mut total = from.last().cloned().unwrap_or_default();
            for piece in &part.pieces {
                total = merged(&total, piece)?;
            }
            from.push(total);
        }
        from.reverse();
        Ok(Self { parts: parts.iter().map(|part| part.whole.to_vec()).collect(), from })
    }

    /// The frontier of all parts together.
    pub(super) fn total(&self) -> &[Point] {
        &self.from[0]
    }

    /// Which point of each part makes up `point` of the whole. Of several ways the one in which the first part gains most, then the second,
    /// and so on.
    ///
    /// Every part of a point that nothing beats is itself beaten by nothing, so each is found in its own frontier.
    pub(super) fn split(&self, point: Point) -> Vec<Point> {
        let mut rest = point;
        let mut chosen = Vec::with_capacity(self.parts.len());
        for (part, behind) in self.parts.iter().zip(&self.from[1..]) {
            let fitting = |own: &&Point| rest.minus(**own).is_some_and(|left| holds(behind, left));
            let own = *part.iter().rev().find(fitting).expect("a frontier is made of points of its parts");
            rest = rest.minus(own).unwrap_or(Point::ZERO);
            chosen.push(own);
        }
        chosen
    }
}
