//! Words that are one slip away: a letter wrong, missing, added or swapped with its neighbour.
//!
//! Two words are one slip apart only when they, or what is left of them without one letter, are the same at some place. So every known
//! word is kept under itself and under each of its remainders, and a typed word is looked up under all of its own: a dozen looks,
//! however many words are known.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

/// Shorter words have too many neighbours that mean something else.
const SHORTEST: usize = 4;

/// A known word.
#[derive(Debug)]
struct Learned {
    word: String,
    term: u32,
    letters: usize,
    /// Which letters it has: two words that differ much in these are many slips apart.
    which: u64,
}

/// The known words by their remainders.
#[derive(Debug, Default)]
pub(super) struct Slips {
    words: Vec<Learned>,
    /// Hash of a remainder to places in `words`. Two remainders of one hash do no harm: the words themselves are compared.
    remainders: HashMap<u64, Vec<u32>>,
}

impl Slips {
    /// Learns a word and what it stands for.
    pub(super) fn learn(&mut self, word: &str, term: u32) {
        if word.chars().count() < SHORTEST {
            return;
        }
        let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(Learned { word: word.to_owned(), term, letters: word.chars().count(), which: which(word) });
        for remainder in remainders(word) {
            let places = self.remainders.entry(remainder).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }

    /// What the words one slip away stand for, each once.
    pub(super) fn near(&self, typed: &str) -> Vec<u32> {
        if typed.chars().count() < SHORTEST {
            return Vec::new();
        }
        let mut places: Vec<u32> =
            remainders(typed).iter().filter_map(|key| self.remainders.get(key)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        let known = places.iter().filter_map(|place| self.words.get(*place as usize));
        let near = known.filter(|known| strsim::osa_distance(&known.word, typed) <= 1);
        let mut terms: Vec<u32> = near.map(|known| known.term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// What the words two slips away stand for: every known word is looked at, though most only for which letters they have, so this
    /// is for when nothing else was found.
    pub(super) fn far(&self, typed: &str) -> Vec<u32> {
        let letters = typed.chars().count();
        if letters < SHORTEST + 1 {
            return Vec::new();
        }
        // A letter put in place of another changes two of the signs, so two slips change four at most.
        let wanted = which(typed);
        let may = |known: &&Learned| known.letters.abs_diff(letters) <= 2 && (known.which ^ wanted).count_ones() <= 4;
        let may = self.words.iter().filter(may);
        let mut terms: Vec<u32> =
            may.filter(|known| strsim::osa_distance(&known.word, typed) <= 2).map(|known| known.term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

/// One sign for each letter that a word has; letters may share one.
fn which(word: &str) -> u64 {
    word.chars().fold(0, |signs, letter| signs | 1 << (u32::from(letter) % 64))
}

/// Hashes of a word and of the word without each of its letters.
fn remainders(word: &str) -> Vec<u64> {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let mut left = String::with_capacity(word.len());
    let mut keys = vec![hasher.hash_one(word)];
    for (at, letter) in word.char_indices() {
        left.clear();
        left.push_str(&word[..at]);
        left.push_str(&word[at + letter.len_utf8()..]);
        keys.push(hasher.hash_one(left.as_str()));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(words: &[&str]) -> Slips {
        let mut slips = Slips::default();
        for (word, term) in words.iter().zip(0..) {
            slips.learn(word, term);
        }
        slips
    }

    #[test]
    fn each_kind_of_slip_is_forgiven_and_two_are_not() {
        let slips = known(&["keluarga", "paspor", "sim"]);
        for typed in ["keluarga", "kelarga", "keluuarga", "kelxarga", "keularga"] {
            assert_eq!(slips.near(typed), [0], "{typed}");
        }
        assert_eq!(slips.near("kelrgaa"), Vec::<u32>::new());
        assert_eq!(slips.near("sin"), Vec::<u32>::new());
        assert_eq!(slips.far("klarga"), [0]);
    }

    /// Slow and sure: every word compared.
    fn compared(words: &[String], typed: &str) -> Vec<u32> {
        let near = |word: &String| word.chars().count() >= SHORTEST && strsim::osa_distance(word, typed) <= 1;
        if typed.chars().count() < SHORTEST {
            return Vec::new();
        }
        (0..).zip(words).filter(|(_, word)| near(word)).map(|(place, _)| place).collect()
    }

    proptest! {
        #[test]
        fn the_looks_find_what_comparing_every_word_finds(
            words in proptest::collection::vec("[a-d]{1,7}", 1..40),
            typed in "[a-d]{1,7}",
        ) {
            let mut words = words;
            words.sort();
            words.dedup();
            let texts: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(known(&texts).near(&typed), compared(&words, &typed));
        }

        #[test]
        fn looking_at_letters_first_loses_no_word_two_slips_away(
            words in proptest::collection::vec("[a-hé]{3,9}", 1..40),
            typed in "[a-hé]{5,9}",
        ) {
            let mut words = words;
            words.sort();
            words.dedup();
            let texts: Vec<&str> = words.iter().map(String::as_str).collect();
            let far = |word: &String| word.chars().count() >= SHORTEST && strsim::osa_distance(word, &typed) <= 2;
            let compared: Vec<u32> = (0..).zip(&words).filter(|(_, word)| far(word)).map(|(place, _)| place).collect();
            prop_assert_eq!(known(&texts).far(&typed), compared);
        }
    }
}
