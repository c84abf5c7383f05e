//! Which elements to improve first: importance against performance.
//!
//! Martilla and James, "Importance-Performance Analysis", 1977, with importance derived from the answers themselves: the correlation of
//! an element with the total of the others ([`Reliability`](super::Reliability)). Nobody is asked what is important to them, so it is the
//! importance that their answers show, and no cause is proven by it. The lines between high and low are the means over the elements.

use crate::quantity::{Ratio, sum, whole};

/// Below so many respondents the correlation of a single element says too little; our choice, as for the warning of a small survey.
pub const FEWEST_FOR_PRIORITIES: u64 = 30;

/// Where an element lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Important and weak: improve it first.
    First,
    /// Important and strong: keep it.
    Keep,
    /// Less important and weak: improve it next.
    Next,
    /// Less important and strong: it is enough.
    Enough,
}

/// Elements by importance and performance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priorities {
    /// Mean of the correlations: from here on an element is important.
    pub importance: Ratio,
    /// Mean of the elements' means: from here on an element is strong.
    pub performance: Ratio,
    /// Where each element lies, in their order; nothing for one without a correlation.
    pub items: Vec<Option<Priority>>,
}

/// Places elements, each given by its mean and its correlation with the others. Nothing when fewer than three have a correlation, or when
/// all are equally important or equally strong: then no line divides them.
#[must_use]
pub fn priorities(elements: &[(Ratio, Option<Ratio>)]) -> Option<Priorities> {
    let known: Vec<(&Ratio, &Ratio)> =
        elements.iter().filter_map(|(mean, correlation)| Some((mean, correlation.as_ref()?))).collect();
    if known.len() < 3 {
        return None;
    }
    let (first_mean, first_correlation) = *known.first()?;
    let same_means = known.iter().all(|(mean, _)| *mean == first_mean);
    if same_means || known.iter().all(|(_, correlation)| *correlation == first_correlation) {
        return None;
    }
    let count = whole(known.len());
    let performance = sum(known.iter().map(|(mean, _)| *mean)) / &count;
    let importance = sum(known.iter().map(|(_, correlation)| *correlation)) / count;
    let place = |(mean, correlation): &(Ratio, Option<Ratio>)| {
        let important = correlation.as_ref()? >= &importance;
        Some(match (important, mean >= &performance) {
            (true, false) => Priority::First,
            (true, true) => Priority::Keep,
            (false, false) => Priority::Next,
            (false, true) => Priority::Enough,
        })
    };
    let items = elements.iter().map(place).collect();
    Some(Priorities { importance, performance, items })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::ratio;
    use crate::statistics::reliability;
    use crate::tally::Tally;
    use proptest::prelude::*;

    fn element(mean: i64, correlation: i64) -> (Ratio, Option<Ratio>) {
        (ratio(mean, 100), Some(ratio(correlation, 100)))
    }

    /// Means 2.80, 3.60, 2.90, 3.50 (middle 3.20) and correlations 0.70, 0.60, 0.20, 0.10 (middle 0.40).
    #[test]
    fn each_corner_has_its_own_advice() {
        let found = priorities(&[element(280, 70), element(360, 60), element(290, 20), element(350, 10)]).unwrap();
        assert_eq!((found.importance, found.performance), (ratio(2, 5), ratio(16, 5)));
        let corners = [Priority::First, Priority::Keep, Priority::Next, Priority::Enough].map(Some);
        assert_eq!(found.items, corners);
    }

    #[test]
    fn an_element_that_never_varies_has_no_place_and_moves_no_line() {
        let three = [element(280, 70), element(360, 60), element(290, 20)];
        let mut four = three.to_vec();
        four.push((ratio(4, 1), None));
        let (of_three, of_four) = (priorities(&three).unwrap(), priorities(&four).unwrap());
        assert_eq!((of_three.importance, of_three.performance), (of_four.importance, of_four.performance));
        assert_eq!(of_four.items[3], None);
    }

    #[test]
    fn without_difference_nothing_is_advised() {
        assert_eq!(priorities(&[element(300, 50), element(300, 60), element(300, 70)]), None);
        assert_eq!(priorities(&[element(300, 50), element(310, 50), element(320, 50)]), None);
        assert_eq!(priorities(&[element(300, 50), element(310, 60)]), None);
    }

    /// Everybody answers the first three elements alike, from 1 to 3, and the fourth and fifth as it comes, higher.
    #[test]
    fn what_goes_with_the_whole_and_is_low_comes_first() {
        let rows: Vec<Vec<u8>> = (0..36_u8)
            .map(|row| {
                let mood = 1 + row % 3;
                vec![mood, mood, mood, 3 + (row / 3) % 2, 3 + (row / 6) % 2]
            })
            .collect();
        let tally = Tally::of(&rows, 1, 4);
        let measured = reliability(&tally, 1).unwrap();
        let elements: Vec<_> =
            (0..5).map(|item| (tally.mean(item).unwrap(), measured.items[item].correlation.clone())).collect();
        let found = priorities(&elements).unwrap();
        let expected =
            [Priority::First, Priority::First, Priority::First, Priority::Enough, Priority::Enough].map(Some);
        assert_eq!(found.items, expected);
    }

    proptest! {
        #[test]
        fn the_most_important_of_the_weakest_comes_first_and_the_order_of_elements_does_not_matter(
            values in proptest::collection::vec((100_i64..=400, -100_i64..=100), 3..10)
        ) {
            let elements: Vec<_> = values.iter().map(|(mean, correlation)| element(*mean, *correlation)).collect();
            let Some(found) = priorities(&elements) else { return Ok(()) };
            for (place, item) in found.items.iter().enumerate() {
                let weak = values.iter().all(|(mean, _)| values[place].0 <= *mean);
                let important = values.iter().all(|(_, correlation)| values[place].1 >= *correlation);
                prop_assert!(!(weak && important) || *item == Some(Priority::First));
                prop_assert!(!(weak && matches!(item, Some(Priority::Keep | Priority::Enough))));
            }
            let turned: Vec<_> = elements.iter().rev().cloned().collect();
            let mut again = priorities(&turned).unwrap().items;
            again.reverse();
            prop_assert_eq!(again, found.items);
        }
    }
}
