//! Answers counted: the integer sums from which every index, interval and test statistic is computed.
//!
//! A respondent answers `k` items with whole numbers (SKM 1–4, F-03 0–5). Only complete respondents are counted, so all items
//! share one count and the respondent's total carries the spread.

use crate::quantity::{Ratio, ratio};

/// Integer sums over the complete respondents of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Respondents counted.
    pub respondents: u64,
    /// Sum of the answers per item, in the order of the instrument's items.
    pub sums: Vec<u64>,
    /// Sum over respondents of the square of their total answer.
    pub total_squares: u128,
    /// The finer counts that reliability and differences need; absent in quick runs over very large files.
    pub detail: Option<Detail>,
}

/// Finer counts of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail {
    /// `counts[item][answer - lowest]`: respondents who gave that answer.
    pub counts: Vec<Vec<u64>>,
    /// `totals[total - items × lowest]`: respondents with that total over all items.
    pub totals: Vec<u64>,
    /// Per item, the sum over respondents of answer × total.
    pub cross: Vec<u64>,
}

impl Tally {
    /// The tally of answers given row by row; each row holds one answer per item within `lowest..=highest`.
    #[must_use]
    pub fn of(rows: &[Vec<u8>], lowest: u8, highest: u8) -> Self {
        let items = rows.first().map_or(0, Vec::len);
        let span = usize::from(highest - lowest);
        let mut detail =
            Detail { counts: vec![vec![0; span + 1]; items], totals: vec![0; items * span + 1], cross: vec![0; items] };
        let mut tally = Self { sums: vec![0; items], ..Self::default() };
        for row in rows {
            let total: u64 = row.iter().map(|answer| u64::from(*answer)).sum();
            tally.respondents += 1;
            tally.total_squares += u128::from(total) * u128::from(total);
            let mut above = 0;
            for (item, answer) in row.iter().enumerate() {
                let step = usize::from(answer - lowest);
                tally.sums[item] += u64::from(*answer);
                detail.counts[item][step] += 1;
                detail.cross[item] += u64::from(*answer) * total;
                above += step;
            }
            detail.totals[above] += 1;
        }
        tally.detail = Some(detail);
        tally
    }

    /// Adds another group's counts to this one.
    pub fn merge(&mut self, other: &Self) {
        if self.respondents == 0 {
            self.clone_from(other);
            return;
        }
        self.respondents += other.respondents;
        self.total_squares += other.total_squares;
        add(&mut self.sums, &other.sums);
        self.detail = match (self.detail.take(), &other.detail) {
            (Some(mut mine), Some(theirs)) => {
                mine.counts.iter_mut().zip(&theirs.counts).for_each(|(mine, theirs)| add(mine, theirs));
                add(&mut mine.totals, &theirs.totals);
                add(&mut mine.cross, &theirs.cross);
                Some(mine)
            }
            _ => None,
        };
    }

    /// The mean answer of item `item` (SKM: NRR, "nilai rata-rata per unsur"), or nothing without respondents.
    #[must_use]
    pub fn mean(&self, item: usize) -> Option<Ratio> {
        let sum = self.sums.get(item)?;
        (self.respondents > 0).then(|| ratio(*sum, self.respondents))
    }

    /// The sum of all answers of all respondents.
    #[must_use]
    pub fn grand_total(&self) -> u128 {
        self.sums.iter().map(|sum| u128::from(*sum)).sum()
    }
}

fn add(into: &mut [u64], from: &[u64]) {
    into.iter_mut().zip(from).for_each(|(into, from)| *into += from);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_respondents_are_counted_item_by_item() {
        let tally = Tally::of(&[vec![4, 3], vec![2, 3]], 1, 4);
        assert_eq!((tally.respondents, tally.sums.clone(), tally.total_squares), (2, vec![6, 6], 49 + 25));
        let detail = tally.detail.as_ref().unwrap();
        assert_eq!(detail.counts, vec![vec![0, 1, 0, 1], vec![0, 0, 2, 0]]);
        assert_eq!(detail.totals, vec![0, 0, 0, 1, 0, 1, 0]);
        assert_eq!(detail.cross, vec![28 + 10, 21 + 15]);
        assert_eq!(tally.mean(0), Some(ratio(3, 1)));
    }

    #[test]
    fn the_grand_total_of_the_largest_sums_is_no_overflow() {
        let tally = Tally { respondents: 1, sums: vec![u64::MAX; 9], ..Tally::default() };
        assert_eq!(tally.grand_total(), 9 * u128::from(u64::MAX));
    }

    #[test]
    fn merging_two_groups_equals_counting_them_together() {
        let rows = [vec![4, 3, 1], vec![2, 3, 4], vec![1, 1, 2], vec![4, 4, 4]];
        let mut merged = Tally::of(&rows[..1], 1, 4);
        merged.merge(&Tally::of(&rows[1..], 1, 4));
        assert_eq!(merged, Tally::of(&rows, 1, 4));
        let mut empty = Tally::default();
        empty.merge(&merged);
        assert_eq!(empty, merged);
    }
}
