//! Do groups of respondents answer differently? A rank test for ordinal answers.
//!
//! Kruskal and Wallis, "Use of ranks in one-criterion variance analysis", 1952, with the correction for ties; for two groups it is the
//! Mann–Whitney test in its normal form. The effect size is ε² = H / (N − 1). Groups under five respondents are not compared: their
//! numbers are protected and the chi-square approximation fails.

use super::chi_square_tail;
use crate::quantity::{Ratio, ratio, whole};
use num_traits::{ToPrimitive, Zero};

/// Smallest group compared and shown.
pub(super) const SMALLEST_GROUP: u64 = 5;

/// One group: how many respondents have each total, from the lowest total upwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name of the group.
    pub name: String,
    /// Respondents per total.
    pub totals: Vec<u64>,
}

/// The result of comparing groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Names of the groups compared, in order, with their respondents and mean rank.
    pub groups: Vec<(String, u64, Ratio)>,
    /// Names of the groups left out because they are too small.
    pub left_out: Vec<String>,
    /// H, corrected for ties.
    pub statistic: Ratio,
    /// Degrees of freedom.
    pub degrees: u32,
    /// Probability of an H this large when all groups answer alike.
    pub probability: Ratio,
    /// ε², the share of rank variance between groups.
    pub effect: Ratio,
}

impl Comparison {
    /// Whether the groups differ at the 5 % level.
    #[must_use]
    pub fn significant(&self) -> bool {
        self.probability < ratio(5, 100)
    }
}

/// Compares groups by their totals. Nothing when fewer than two groups are large enough or all respondents have the same total.
#[must_use]
pub fn compare(groups: &[Group]) -> Option<Comparison> {
    let size = |group: &Group| group.totals.iter().sum::<u64>();
    let (large, small): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(|group| size(group) >= SMALLEST_GROUP);
    let n: u64 = large.iter().map(|group| size(group)).sum();
    if large.len() < 2 {
        return None;
    }
    let (ranks, ties) = mid_ranks(&large);
    let all = whole(n);
    let correction = whole(1) - ties / (&all * &all * &all - &all);
    if correction.is_zero() {
        return None;
    }
    let rank_sum = |group: &Group| {
        let parts = group.totals.iter().zip(&ranks).map(|(count, rank)| rank * whole(*count));
        parts.fold(Ratio::zero(), |total, part| total + part)
    };
    let between = large.iter().map(|group| {
        let sum = rank_sum(group);
        &sum * &sum / whole(size(group))
    });
    let between = between.fold(Ratio::zero(), |total, part| total + part);
    let plain = ratio(12, 1) / (&all * (&all + whole(1))) * between - whole(3) * (&all + whole(1));
    let statistic = (plain / correction).max(Ratio::zero());
    let degrees = (large.len() - 1).to_u32()?;
    Some(Comparison {
        probability: chi_square_tail(&statistic, degrees),
        effect: &statistic / (all - whole(1)),
        statistic,
        degrees,
        groups: large
            .iter()
            .map(|group| (group.name.clone(), size(group), rank_sum(group) / whole(size(group))))
            .collect(),
        left_out: small.iter().map(|group| group.name.clone()).collect(),
    })
}

/// The mid-rank of each total over all groups, and Σ (t³ − t) over the ties.
fn mid_ranks(groups: &[&Group]) -> (Vec<Ratio>, Ratio) {
    let length = groups.iter().map(|group| group.totals.len()).max().unwrap_or(0);
    let mut below = 0_u64;
    let mut ties = Ratio::zero();
    let mut ranks = Vec::with_capacity(length);
    for total in 0..length {
        let tied: u64 = groups.iter().map(|group| group.totals.get(total).copied().unwrap_or(0)).sum();
        ranks.push(whole(below) + (whole(tied) + whole(1)) / whole(2));
        let t = whole(tied);
        ties += &t * &t * &t - t;
        below += tied;
    }
    (ranks, ties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Decimal;

    fn group(name: &str, totals: &[u64]) -> Group {
        Group { name: name.into(), totals: totals.to_vec() }
    }

    /// Ranks 1–5 against 6–10 without ties: H = 12/(10·11) × (15²/5 + 40²/5) − 33 = 6.8182, p = 0.0090 with one degree of freedom.
    #[test]
    fn two_separated_groups_differ() {
        let low = group("L", &[1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
        let high = group("P", &[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        let result = compare(&[low, high]).unwrap();
        assert_eq!(Decimal::half_up(&result.statistic, 4).to_string(), "6.8182");
        assert_eq!(Decimal::half_up(&result.probability, 4).to_string(), "0.0090");
        assert!(result.significant());
    }

    /// With ties: totals 0,0,0,1,1 against 0,1,1,2,2 give H = 2.45 after the correction and p = 0.1175.
    #[test]
    fn ties_are_corrected() {
        let result = compare(&[group("a", &[3, 2, 0]), group("b", &[1, 2, 2])]).unwrap();
        assert_eq!(result.statistic, ratio(245, 100));
        assert_eq!(Decimal::half_up(&result.probability, 4).to_string(), "0.1175");
        assert!(!result.significant());
    }

    #[test]
    fn equal_groups_do_not_differ_and_small_groups_are_protected() {
        let result = compare(&[group("a", &[2, 2, 2]), group("b", &[2, 2, 2]), group("c", &[1, 1, 1])]).unwrap();
        assert!(result.statistic.is_zero() && !result.significant());
        assert_eq!(result.left_out, vec!["c"]);
        assert!(compare(&[group("a", &[2, 2, 2]), group("c", &[1, 1, 1])]).is_none());
        assert!(compare(&[group("a", &[6]), group("b", &[7])]).is_none());
    }
}
