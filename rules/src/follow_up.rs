//! What a result asks to be followed up: its weakest elements, and how much of what was planned was done.
//!
//! Permenpan RB 14/2017 asks for a plan of follow-up ("rencana tindak lanjut") with priority, time and who is responsible, and leaves
//! open which elements it is made of. **Our choice**, as published reports do it: the three with the lowest means, and whoever is equal
//! to the third. The share that was done is what PEKPPP judges (Pedoman Menteri 5/2023, F-02): below 30, to 80, above 80, all of it.

use crate::quantity::{Ratio, ratio};

/// So many elements are followed up at least.
pub const FEWEST: usize = 3;

/// The places of the lowest of these means, the lowest first: [`FEWEST`], and all that are equal to the last of them. Equals keep
/// their order. Elements that nobody can improve, since they reach `full` already, are left out.
#[must_use]
pub fn weakest(means: &[Ratio], full: &Ratio) -> Vec<usize> {
    let mut places: Vec<usize> = (0..means.len()).filter(|place| means[*place] < *full).collect();
    places.sort_by(|one, other| means[*one].cmp(&means[*other]));
    let last = places.get(FEWEST.saturating_sub(1)).map(|place| means[*place].clone());
    places.retain(|place| last.as_ref().is_none_or(|last| means[*place] <= *last));
    places
}

/// The share of what was planned that was done, exactly; nothing while nothing was planned. More than all is all.
#[must_use]
pub fn share_done(done: u64, planned: u64) -> Option<Ratio> {
    (planned > 0).then(|| ratio(done.min(planned), planned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::whole;
    use proptest::prelude::*;

    fn means(values: &[u32]) -> Vec<Ratio> {
        values.iter().map(|value| ratio(*value, 100)).collect()
    }

    /// 2.87, 3.01 and 3.02 of nine elements.
    #[test]
    fn the_three_lowest_are_followed_up() {
        let nine = means(&[320, 301, 287, 340, 310, 330, 350, 302, 315]);
        assert_eq!(weakest(&nine, &whole(4)), [2, 1, 7]);
    }

    #[test]
    fn whoever_equals_the_third_is_followed_up_too() {
        let nine = means(&[320, 301, 287, 302, 310, 330, 350, 302, 315]);
        assert_eq!(weakest(&nine, &whole(4)), [2, 1, 3, 7]);
    }

    #[test]
    fn what_is_perfect_is_not_followed_up() {
        assert_eq!(weakest(&means(&[400, 399, 400]), &whole(4)), [1]);
        assert_eq!(weakest(&means(&[400; 9]), &whole(4)), Vec::<usize>::new());
    }

    #[test]
    fn the_share_is_exact_and_never_above_all() {
        assert_eq!(share_done(2, 3), Some(ratio(2, 3)));
        assert_eq!(share_done(0, 0), None);
        assert_eq!(share_done(4, 3), Some(whole(1)));
    }

    proptest! {
        #[test]
        fn nobody_outside_is_weaker_than_somebody_inside(values in proptest::collection::vec(100_u32..=400, 0..12)) {
            let means = means(&values);
            let chosen = weakest(&means, &whole(4));
            let improvable = values.iter().filter(|value| **value < 400).count();
            prop_assert!(chosen.len() >= improvable.min(FEWEST));
            for outside in (0..means.len()).filter(|place| !chosen.contains(place) && values[*place] < 400) {
                prop_assert!(chosen.iter().all(|inside| means[*inside] < means[outside]));
            }
            prop_assert!(chosen.windows(2).all(|pair| means[pair[0]] <= means[pair[1]]));
        }

        #[test]
        fn the_share_lies_between_nothing_and_all(done in 0_u64..100, planned in 1_u64..100) {
            let share = share_done(done, planned).unwrap();
            prop_assert!(share >= whole(0) && share <= whole(1));
            prop_assert_eq!(share == whole(1), done >= planned);
        }
    }
}
