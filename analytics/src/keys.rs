//! Group keys as small numbers: every text gets a code per column, every combination of codes gets a group number.

use crate::text::decoded;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Combinations looked up in a plain table up to this many slots (16 MiB); beyond, by hashing.
const TABLE_SLOTS: usize = 1 << 22;
const NOBODY: u32 = u32::MAX;

/// Numbers by bytes. Up to fifteen bytes are kept as one number, which is compared without looking elsewhere in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByteMap {
    short: HashMap<u128, u32, RandomState>,
    long: HashMap<Box<[u8]>, u32, RandomState>,
}

impl ByteMap {
    #[inline]
    pub(crate) fn get(&self, bytes: &[u8]) -> Option<u32> {
        match short(bytes) {
            Some(short) => self.short.get(&short).copied(),
            None => self.long.get(bytes).copied(),
        }
    }

    pub(crate) fn insert(&mut self, bytes: &[u8], number: u32) {
        match short(bytes) {
            Some(short) => self.short.insert(short, number),
            None => self.long.insert(bytes.into(), number),
        };
    }

    fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

#[inline]
fn short(bytes: &[u8]) -> Option<u128> {
    let mut padded = [0; 16];
    padded.get_mut(..bytes.len())?.copy_from_slice(bytes);
    padded[15] = match bytes.len() {
        16 => return None,
        length => length.to_le_bytes()[0],
    };
    Some(u128::from_le_bytes(padded))
}

/// The texts of one group column and their codes, 0 upward in order of appearance.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    codes: ByteMap,
    texts: Vec<String>,
}

impl Dictionary {
    /// The code of a cell as written; blanks around it do not matter.
    #[inline]
    pub(crate) fn code(&mut self, written: &[u8]) -> u32 {
        let written = written.trim_ascii();
        match self.codes.get(written) {
            Some(code) => code,
            None => self.learn(written),
        }
    }

    #[cold]
    fn learn(&mut self, written: &[u8]) -> u32 {
        let text = decoded(written);
        let text = text.trim();
        let known = self.codes.get(text.as_bytes());
        let code = known.unwrap_or_else(|| {
            let code = u32::try_from(self.texts.len()).expect("groups are limited far below");
            self.texts.push(text.to_owned());
            self.codes.insert(text.as_bytes(), code);
            code
        });
        if text.as_bytes() != written {
            self.codes.insert(written, code);
        }
        code
    }

    /// The text of a code.
    pub(crate) fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// How many different texts, for the memory they take.
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }
}

/// Numbers for pairs of numbers, 0 upward in order of appearance.
#[derive(Debug, Default)]
struct Pairing {
    pairs: Vec<(u32, u32)>,
    /// `table[left * width + right]`, while it stays small.
    table: Vec<u32>,
    width: usize,
    hashed: HashMap<(u32, u32), u32, RandomState>,
    too_wide: bool,
}

impl Pairing {
    /// Replaces each number in `left` (all below `lefts`) by the number of its pair with `right` (all below `rights`).
    fn combine(&mut self, left: &mut [u32], right: &[u32], lefts: usize, rights: usize) {
        self.make_room(lefts, rights);
        if self.too_wide {
            for (left, right) in left.iter_mut().zip(right) {
                let next = number(self.pairs.len());
                let pair = (*left, *right);
                *left = *self.hashed.entry(pair).or_insert(next);
                if *left == next {
                    self.pairs.push(pair);
                }
            }
            return;
        }
        for (left, right) in left.iter_mut().zip(right) {
            let slot = &mut self.table[*left as usize * self.width + *right as usize];
            if *slot == NOBODY {
                *slot = number(self.pairs.len());
                self.pairs.push((*left, *right));
            }
            *left = *slot;
        }
    }

    fn make_room(&mut self, lefts: usize, rights: usize) {
        let width = if rights > self.width { rights.next_power_of_two() } else { self.width };
        if self.too_wide || (width == self.width && self.table.len() >= lefts * width) {
            return;
        }
        if lefts.next_power_of_two().saturating_mul(width) > TABLE_SLOTS {
            self.too_wide = true;
            self.table = Vec::new();
            self.hashed = (0..).zip(&self.pairs).map(|(number, pair)| (*pair, number)).collect();
            return;
        }
        self.width = width;
        self.table = vec![NOBODY; lefts.next_power_of_two() * width];
        for (number, (left, right)) in (0..).zip(&self.pairs) {
            self.table[*left as usize * width + *right as usize] = number;
        }
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).expect("groups are limited far below")
}

/// The keys seen so far and their group numbers.
#[derive(Debug)]
pub(crate) struct Keys {
    /// One dictionary per group column.
    pub(crate) columns: Vec<Dictionary>,
    pairings: Vec<Pairing>,
}

impl Keys {
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            columns: (0..columns).map(|_| Dictionary::default()).collect(),
            pairings: (1..columns).map(|_| Pairing::default()).collect(),
        }
    }

    /// How many different groups.
    pub(crate) fn len(&self) -> usize {
        match self.pairings.last() {
            Some(pairing) => pairing.pairs.len(),
            None => self.columns.first().map_or(1, |column| column.texts.len()),
        }
    }

    /// How many texts are remembered in the fullest column.
    pub(crate) fn texts(&self) -> usize {
        self.columns.iter().map(Dictionary::len).max().unwrap_or(0)
    }

    /// Writes the group number of each of `rows` rows, given one column of codes per group column.
    pub(crate) fn groups(&mut self, codes: &[Vec<u32>], rows: usize, groups: &mut Vec<u32>) {
        groups.clear();
        let Some(first) = codes.first() else {
            groups.resize(rows, 0);
            return;
        };
        groups.extend_from_slice(&first[..rows]);
        let mut lefts = self.columns[0].texts.len();
        for (position, pairing) in self.pairings.iter_mut().enumerate() {
            let rights = self.columns[position + 1].texts.len();
            pairing.combine(groups, &codes[position + 1][..rows], lefts, rights);
            lefts = pairing.pairs.len();
        }
    }

    /// The texts of a group, one per column.
    pub(crate) fn key(&self, group: u32) -> Vec<String> {
        let mut key = Vec::with_capacity(self.columns.len());
        let mut left = group;
        for (pairing, column) in self.pairings.iter().zip(self.columns.iter().skip(1)).rev() {
            let (next, code) = pairing.pairs[left as usize];
            key.push(column.text(code).to_owned());
            left = next;
        }
        key.extend(self.columns.first().map(|column| column.text(left).to_owned()));
        key.reverse();
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blanks_around_a_text_do_not_matter() {
        let mut dictionary = Dictionary::default();
        let codes: Vec<u32> = ["A", " A", "B", "A\u{a0}"].iter().map(|text| dictionary.code(text.as_bytes())).collect();
        assert_eq!(codes, [0, 0, 1, 0]);
        assert_eq!(dictionary.texts, ["A", "B"]);
    }

    #[test]
    fn without_group_columns_all_rows_are_one_group() {
        let mut keys = Keys::new(0);
        let mut groups = Vec::new();
        keys.groups(&[], 3, &mut groups);
        assert_eq!((groups, keys.len(), keys.key(0)), (vec![0, 0, 0], 1, vec![]));
    }

    #[test]
    fn very_many_combinations_are_still_told_apart() {
        let mut keys = Keys::new(2);
        let names: Vec<String> = (0..3000).map(|number| number.to_string()).collect();
        let codes: Vec<u32> = names.iter().map(|name| keys.columns[0].code(name.as_bytes())).collect();
        for name in &names {
            keys.columns[1].code(name.as_bytes());
        }
        let mut groups = Vec::new();
        keys.groups(&[codes.clone(), codes], 3000, &mut groups);
        assert_eq!(keys.key(groups[2999]), ["2999", "2999"]);
        assert_eq!(keys.len(), 3000);
    }

    proptest! {
        #[test]
        fn each_group_is_named_by_its_own_texts(rows in proptest::collection::vec(("[a-c]", "[a-z]{1,2}", "[a-d]"), 1..60)) {
            let mut keys = Keys::new(3);
            for batch in rows.chunks(7) {
                let mut codes = vec![Vec::new(); 3];
                for (one, two, three) in batch {
                    codes[0].push(keys.columns[0].code(one.as_bytes()));
                    codes[1].push(keys.columns[1].code(two.as_bytes()));
                    codes[2].push(keys.columns[2].code(three.as_bytes()));
                }
                let mut groups = Vec::new();
                keys.groups(&codes, batch.len(), &mut groups);
                for (group, (one, two, three)) in groups.iter().zip(batch) {
                    prop_assert_eq!(&keys.key(*group), &vec![one.clone(), two.clone(), three.clone()]);
                }
            }
        }
    }
}
