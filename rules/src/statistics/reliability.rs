//! Do the items measure one thing? Cronbach's alpha and the validity of each item.
//!
//! Alpha: k/(k−1) × (1 − Σ item variances / variance of totals) (Cronbach, "Coefficient alpha and the internal structure of tests",
//! 1951). Item validity: the correlation of an item with the total of the *other* items (corrected item–total correlation; Nunnally and
//! Bernstein, "Psychometric Theory", 1994), compared with the critical correlation of a two-sided test at 5 %.

use super::{student_quantile, z_95};
use crate::quantity::{Ratio, ratio, square_root, whole};
use crate::tally::Tally;
use num_traits::{Signed, Zero};

/// Reliability of the whole and validity of each item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reliability {
    /// Cronbach's alpha.
    pub alpha: Ratio,
    /// Correlation that an item must reach ("r tabel") with this many respondents, two-sided 5 %.
    pub critical: Ratio,
    /// Per item, in the order of the tally.
    pub items: Vec<ItemValidity>,
}

/// Validity of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemValidity {
    /// Correlation with the total of the other items, six decimals; nothing when the item or the rest never varies.
    pub correlation: Option<Ratio>,
    /// Whether the correlation reaches the critical value.
    pub valid: bool,
    /// Sample variance of the item.
    pub variance: Ratio,
}

/// Alpha and item validity of a group with detailed counts of answers from `lowest` upwards. Nothing for fewer than ten respondents,
/// fewer than two items, or totals without spread.
#[must_use]
pub fn reliability(tally: &Tally, lowest: u8) -> Option<Reliability> {
    let detail = tally.detail.as_ref()?;
    let (n, k) = (tally.respondents, tally.sums.len());
    if n < 10 || k < 2 {
        return None;
    }
    let total_sum = whole(tally.grand_total());
    let spread = |squares: Ratio, sum: &Ratio| squares - sum * sum / whole(n);
    let total_spread = spread(whole(tally.total_squares), &total_sum);
    if !total_spread.is_positive() {
        return None;
    }
    let mut item_spreads = Ratio::zero();
    let mut items = Vec::with_capacity(k);
    let t = student_quantile(&z_95(), n - 2);
    let critical = square_root(&(&t * &t / (whole(n - 2) + &t * &t)), 6);
    for (item, counts) in detail.counts.iter().enumerate() {
        let sum = whole(tally.sums[item]);
        let square = |(step, count): (usize, &u64)| {
            let answer = step as u128 + u128::from(lowest);
            answer * answer * u128::from(*count)
        };
        let own = spread(whole(counts.iter().enumerate().map(square).sum::<u128>()), &sum);
        let with_total = whole(detail.cross[item]) - &sum * &total_sum / whole(n);
        let with_rest = &with_total - &own;
        let rest = &total_spread - whole(2) * with_total + &own;
        let correlation = correlation(&with_rest, &own, &rest);
        let valid = correlation.as_ref().is_some_and(|correlation| correlation >= &critical);
        items.push(ItemValidity { correlation, valid, variance: &own / whole(n - 1) });
        item_spreads += own;
    }
    let alpha = ratio(k, k - 1) * (whole(1) - item_spreads / total_spread);
    Some(Reliability { alpha, critical, items })
}

fn correlation(covariance: &Ratio, own: &Ratio, other: &Ratio) -> Option<Ratio> {
    let product = own * other;
    if !product.is_positive() {
        return None;
    }
    let size = square_root(&(covariance * covariance / product), 6);
    Some(if covariance.is_negative() { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Decimal;

    /// Twelve respondents, three items. By hand: Σ item spreads = 14.25 + 10.9167 + 12.9167, total spread = 96.9167;
    /// alpha = 3/2 × (1 − 38.0833/96.9167) = 0.911.
    #[test]
    fn alpha_follows_cronbachs_formula() {
        let rows: Vec<Vec<u8>> = [
            [4, 4, 4],
            [4, 3, 4],
            [3, 3, 3],
            [3, 3, 2],
            [2, 2, 2],
            [1, 2, 1],
            [1, 1, 2],
            [2, 1, 1],
            [4, 4, 3],
            [3, 2, 3],
            [2, 3, 2],
            [4, 3, 4],
        ]
        .iter()
        .map(|row| row.to_vec())
        .collect();
        let result = reliability(&Tally::of(&rows, 1, 4), 1).unwrap();
        assert_eq!(Decimal::half_up(&result.alpha, 3).to_string(), "0.911");
        let correlations: Vec<String> = result
            .items
            .iter()
            .map(|item| Decimal::half_up(item.correlation.as_ref().unwrap(), 4).to_string())
            .collect();
        assert_eq!(correlations, ["0.9043", "0.7512", "0.8188"]);
        assert!(result.items.iter().all(|item| item.valid));
        // r table for 12 respondents (10 degrees of freedom): 0.576.
        assert_eq!(Decimal::half_up(&result.critical, 3).to_string(), "0.576");
    }

    #[test]
    fn identical_items_are_perfectly_reliable() {
        let rows: Vec<Vec<u8>> = (0..12).map(|row| vec![1 + (row % 4) as u8; 3]).collect();
        let result = reliability(&Tally::of(&rows, 1, 4), 1).unwrap();
        assert_eq!(result.alpha, whole(1));
        assert_eq!(result.items[0].correlation, Some(whole(1)));
    }

    #[test]
    fn without_spread_or_with_few_respondents_nothing_is_claimed() {
        assert!(reliability(&Tally::of(&vec![vec![4, 4, 4]; 20], 1, 4), 1).is_none());
        assert!(reliability(&Tally::of(&vec![vec![4, 3, 4]; 9], 1, 4), 1).is_none());
    }

    #[test]
    fn an_item_that_never_varies_is_not_valid() {
        let rows: Vec<Vec<u8>> = (0..12).map(|row| vec![1 + (row % 4) as u8, 3, 1 + (row % 3) as u8]).collect();
        let result = reliability(&Tally::of(&rows, 1, 4), 1).unwrap();
        assert_eq!((result.items[1].correlation.clone(), result.items[1].valid), (None, false));
    }
}
