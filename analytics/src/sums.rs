//! The sums of each group, added a batch of rows at a time.
//!
//! Adding nine answers to nine counters per row would be nine reads and writes of scattered memory. Instead three answers share
//! a 64-bit word (21 bits each), and the number of rows shares one with the square of the row's total, so a row costs four
//! additions. Before any of these small fields could overflow they are emptied into full counters.

use rules::tally::{Detail, Tally};

const FIELD: u32 = 21;
const FIELD_MASK: u64 = (1 << FIELD) - 1;
/// In the last word: squares below, rows above.
const SQUARES: u32 = 42;
const SQUARES_MASK: u64 = (1 << SQUARES) - 1;
const ROWS_LIMIT: u64 = 1 << (64 - SQUARES);

/// Counted answers per group.
#[derive(Debug)]
pub(crate) struct Sums {
    items: usize,
    /// Words per group: one per three items, and the last one.
    words: usize,
    packed: Vec<u64>,
    /// Rows added since the packed fields were emptied, and how many they can hold.
    pending: u64,
    capacity: u64,
    tallies: Vec<Totals>,
    sums: Vec<u64>,
    rows: Vec<u64>,
    totals: Vec<u64>,
    details: Option<Details>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    respondents: u64,
    squares: u128,
}

impl Sums {
    pub(crate) fn new(items: usize, lowest: u8, highest: u8, detail: bool) -> Self {
        let highest_total = (items as u64 * u64::from(highest)).max(1);
        let capacity = (FIELD_MASK / u64::from(highest).max(1))
            .min(SQUARES_MASK / highest_total.saturating_mul(highest_total))
            .min(ROWS_LIMIT - 1);
        Self {
            items,
            words: items.div_ceil(3) + 1,
            packed: Vec::new(),
            pending: 0,
            capacity,
            tallies: Vec::new(),
            sums: Vec::new(),
            rows: Vec::new(),
            totals: Vec::new(),
            details: detail.then(|| Details::new(items, lowest, highest)),
        }
    }

    /// 64-bit counters one group takes, for the limit on memory.
    pub(crate) fn counters_per_group(&self) -> usize {
        self.words + self.items + 3 + self.details.as_ref().map_or(0, |details| details.counters)
    }

    /// The most rows of one batch.
    pub(crate) fn most_rows(&self) -> usize {
        usize::try_from(self.capacity).unwrap_or(usize::MAX)
    }

    /// Adds `rows` rows: the group of each, and one column of answers per item. `known` groups exist so far.
    pub(crate) fn add(&mut self, groups: &[u32], answers: &[Vec<u8>], known: usize) {
        let rows = groups.len() as u64;
        if self.pending + rows > self.capacity {
            self.empty_fields();
        }
        self.pending += rows;
        self.packed.resize(known * self.words, 0);
        self.pack(answers, groups.len());
        match self.words {
            2 => scatter::<2>(&mut self.packed, &self.rows, groups),
            3 => scatter::<3>(&mut self.packed, &self.rows, groups),
            4 => scatter::<4>(&mut self.packed, &self.rows, groups),
            5 => scatter::<5>(&mut self.packed, &self.rows, groups),
            words => scatter_any(&mut self.packed, &self.rows, groups, words),
        }
        if let Some(details) = &mut self.details {
            details.add(groups, answers, &self.totals, known);
        }
    }

    /// Fills `rows` with the packed words of each row, word by word, and `totals` with its total answer.
    fn pack(&mut self, answers: &[Vec<u8>], rows: usize) {
        self.rows.clear();
        self.rows.resize(rows * self.words, 0);
        self.totals.clear();
        self.totals.resize(rows, 0);
        let mut words = self.rows.chunks_exact_mut(rows.max(1));
        for (items, word) in answers.chunks(3).zip(&mut words) {
            for (position, item) in items.iter().enumerate() {
                let shift = FIELD * u32::try_from(position).unwrap_or(0);
                for ((word, total), answer) in word.iter_mut().zip(&mut self.totals).zip(&item[..rows]) {
                    *word |= u64::from(*answer) << shift;
                    *total = total.wrapping_add(u64::from(*answer));
                }
            }
        }
        for (word, total) in words.flatten().zip(&self.totals) {
            *word = total.wrapping_mul(*total) | 1 << SQUARES;
        }
    }

    fn empty_fields(&mut self) {
        self.pending = 0;
        let groups = self.packed.len() / self.words;
        self.tallies.resize(groups, Totals::default());
        self.sums.resize(groups * self.items, 0);
        for (group, packed) in self.packed.chunks_exact_mut(self.words).enumerate() {
            let Some((last, fields)) = packed.split_last_mut() else { continue };
            let totals = &mut self.tallies[group];
            totals.respondents += *last >> SQUARES;
            totals.squares += u128::from(*last & SQUARES_MASK);
            let sums = &mut self.sums[group * self.items..][..self.items];
            for (sums, field) in sums.chunks_mut(3).zip(fields) {
                for (position, sum) in (0..).zip(sums) {
                    *sum += (*field >> (FIELD * position)) & FIELD_MASK;
                }
            }
            packed.fill(0);
        }
    }

    /// The tally of every group, by group number.
    pub(crate) fn finish(mut self) -> Vec<Tally> {
        self.empty_fields();
        let Self { items, tallies, sums, details, .. } = self;
        let one = |(group, totals): (usize, &Totals)| Tally {
            respondents: totals.respondents,
            sums: sums[group * items..][..items].to_vec(),
            total_squares: totals.squares,
            detail: details.as_ref().map(|details| details.of(group)),
        };
        tallies.iter().enumerate().map(one).collect()
    }
}

fn scatter<const WORDS: usize>(packed: &mut [u64], rows: &[u64], groups: &[u32]) {
    let (packed, _) = packed.as_chunks_mut::<WORDS>();
    let columns: [&[u64]; WORDS] = std::array::from_fn(|word| &rows[word * groups.len()..][..groups.len()]);
    for (row, group) in groups.iter().enumerate() {
        let sums = &mut packed[*group as usize];
        for (sum, column) in sums.iter_mut().zip(&columns) {
            *sum = sum.wrapping_add(column[row]);
        }
    }
}

fn scatter_any(packed: &mut [u64], rows: &[u64], groups: &[u32], words: usize) {
    for (row, group) in groups.iter().enumerate() {
        let sums = &mut packed[*group as usize * words..][..words];
        for (word, sum) in sums.iter_mut().enumerate() {
            *sum = sum.wrapping_add(rows[word * groups.len() + row]);
        }
    }
}

/// The finer counts per group: for each item its answers, then the totals, then answer × total per item.
#[derive(Debug)]
struct Details {
    items: usize,
    lowest: u8,
    steps: usize,
    counters: usize,
    cells: Vec<u64>,
    rows: Vec<u8>,
}

impl Details {
    fn new(items: usize, lowest: u8, highest: u8) -> Self {
        let span = usize::from(highest.saturating_sub(lowest));
        let steps = span + 1;
        Self {
            items,
            lowest,
            steps,
            counters: items * steps + (items * span + 1) + items,
            cells: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn add(&mut self, groups: &[u32], answers: &[Vec<u8>], totals: &[u64], known: usize) {
        self.cells.resize(known * self.counters, 0);
        self.turn(groups.len(), answers);
        let floor = self.items as u64 * u64::from(self.lowest);
        for ((group, total), answers) in groups.iter().zip(totals).zip(self.rows.chunks_exact(self.items)) {
            let cells = &mut self.cells[*group as usize * self.counters..][..self.counters];
            let (counts, rest) = cells.split_at_mut(self.items * self.steps);
            let (totals, cross) = rest.split_at_mut(rest.len() - self.items);
            for ((counts, cross), answer) in counts.chunks_exact_mut(self.steps).zip(cross).zip(answers) {
                let count = &mut counts[usize::from(answer.wrapping_sub(self.lowest))];
                *count = count.wrapping_add(1);
                *cross = cross.wrapping_add(u64::from(*answer).wrapping_mul(*total));
            }
            if let Some(count) = usize::try_from(total.wrapping_sub(floor)).ok().and_then(|above| totals.get_mut(above))
            {
                *count = count.wrapping_add(1);
            }
        }
    }

    /// Turns columns of answers into rows, so that a row's answers lie side by side.
    fn turn(&mut self, rows: usize, answers: &[Vec<u8>]) {
        self.rows.resize(rows * self.items, 0);
        for (item, answers) in answers.iter().enumerate() {
            for (row, answer) in self.rows.chunks_exact_mut(self.items).zip(answers) {
                row[item] = *answer;
            }
        }
    }

    fn of(&self, group: usize) -> Detail {
        let cells = &self.cells[group * self.counters..][..self.counters];
        let (counts, rest) = cells.split_at(self.items * self.steps);
        let (totals, cross) = rest.split_at(rest.len() - self.items);
        let counts = counts.chunks(self.steps).map(<[u64]>::to_vec).collect();
        Detail { counts, totals: totals.to_vec(), cross: cross.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The rows of one group, counted through `Sums` in batches.
    fn counted(rows: &[Vec<u8>], lowest: u8, highest: u8, batch: usize) -> Tally {
        let items = rows[0].len();
        let mut sums = Sums::new(items, lowest, highest, true);
        for batch in rows.chunks(batch.min(sums.most_rows())) {
            let columns: Vec<Vec<u8>> = (0..items).map(|item| batch.iter().map(|row| row[item]).collect()).collect();
            sums.add(&vec![0; batch.len()], &columns, 1);
        }
        sums.finish().remove(0)
    }

    #[test]
    fn the_widest_scale_does_not_overflow_the_small_fields() {
        let rows = vec![vec![255; 40]; 20_000];
        assert_eq!(counted(&rows, 0, 255, 4096), Tally::of(&rows, 0, 255));
    }

    proptest! {
        #[test]
        fn sums_equal_the_row_by_row_tally(items in 1_usize..14, seed in proptest::collection::vec(1_u8..=4, 14..200)) {
            let rows: Vec<Vec<u8>> = seed.windows(items).map(<[u8]>::to_vec).collect();
            prop_assert_eq!(counted(&rows, 1, 4, 16), Tally::of(&rows, 1, 4));
        }
    }
}
