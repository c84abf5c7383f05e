//! What is offered when nothing fits: the services with most of the words.
//!
//! Only a few are compared. Places stand from the best name to the worst, so the first ones of a set are its best; and whoever has most
//! of the words stands among the first of the words without one, or of a pair of them, or of a single one.

use super::index::{Index, Listed, Sets};
use super::words::Word;
use roaring::RoaringBitmap;

/// So many alternatives are offered.
const NEAREST: usize = 3;
/// So many of each set are compared.
const FIRST: usize = 8;

impl Index {
    /// The three services that have most of the words, in their name if possible.
    pub(super) fn nearest(&self, words: &[Word], among: Option<&RoaringBitmap>) -> Vec<Listed> {
        let known: Vec<Sets<'_>> = words.iter().filter(|word| !word.weak).map(|word| self.roughly(word)).collect();
        let known: Vec<&Sets<'_>> = known.iter().filter(|sets| !sets.anywhere.is_empty()).collect();
        let mut candidates = RoaringBitmap::new();
        let mut take = |set: &RoaringBitmap| match among {
            None => candidates.extend(set.iter().take(FIRST)),
            Some(among) => candidates.extend((set & among).iter().take(FIRST)),
        };
        for set in without_one(&known.iter().map(|sets| &*sets.anywhere).collect::<Vec<_>>()) {
            take(&set);
        }
        for (place, one) in known.iter().enumerate() {
            for other in &known[place + 1..] {
                take(&(&*one.anywhere & &*other.anywhere));
                take(&(&*one.named & &*other.named));
            }
            take(&one.named);
            take(&one.anywhere);
        }
        let points = |place: u32| {
            let of =
                |sets: &&Sets<'_>| u32::from(sets.anywhere.contains(place)) + 2 * u32::from(sets.named.contains(place));
            known.iter().map(of).sum::<u32>()
        };
        let mut places: Vec<_> =
            candidates.iter().filter_map(|place| Some((u32::MAX - points(place), self.order(place)?))).collect();
        places.sort_unstable();
        places.iter().take(NEAREST).filter_map(|(_, (_, _, place))| self.listed(*place)).collect()
    }

    /// The services of a word, or else of words two slips away.
    fn roughly(&self, word: &Word) -> Sets<'_> {
        let sets = self.sets(word);
        if sets.anywhere.is_empty() { self.union(self.slips.far(&word.written)) } else { sets }
    }
}

/// The intersection of all sets but one, for each of them: only where there are three or more, since of two that is each alone.
fn without_one(sets: &[&RoaringBitmap]) -> Vec<RoaringBitmap> {
    if sets.len() < 3 {
        return Vec::new();
    }
    let others = |left_out: usize| {
        let mut others: Vec<&RoaringBitmap> =
            sets.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, set)| *set).collect();
        others.sort_by_key(|set| set.len());
        let (first, rest) = others.split_first()?;
        Some(rest.iter().fold((*first).clone(), |left, right| left & *right))
    };
    (0..sets.len()).filter_map(others).collect()
}
