//! Places whose codes are used otherwise than chance explains: nearly all of them at one counter, hardly any at another.
//!
//! Answers are not tied to places, so nothing can be said of what was answered there, and nothing is left out of an index for it. How
//! many codes of a place were used is known, and is compared with the other places of the same service. It is a sign for people who can
//! go and look, not a proof.

use crate::store::codes::Batch;
use std::collections::BTreeMap;

/// Fewer codes than this tell nothing.
const LEAST: u64 = 20;
/// More codes than any period has; what is beyond is not compared, so that nothing overflows.
const MOST: u64 = 1_000_000;
/// Chi-square with one degree of freedom is beyond this in one of a thousand comparisons, in thousandths.
const BEYOND: u128 = 10_828;

/// A place whose codes are used otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusual {
    /// "Loket 3"; may be empty.
    pub(crate) place: String,
    /// Codes used there, of a hundred.
    pub(crate) here: u64,
    /// Codes used at the other places of the service, of a hundred.
    pub(crate) elsewhere: u64,
}

/// Codes that were used, and all that were given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Codes {
    used: u64,
    given: u64,
}

impl Codes {
    fn and(self, other: Self) -> Self {
        Self { used: self.used + other.used, given: self.given + other.given }
    }

    fn without(self, other: Self) -> Self {
        Self { used: self.used - other.used, given: self.given - other.given }
    }

    fn percent(self) -> u64 {
        (self.used * 100).checked_div(self.given).unwrap_or(0)
    }
}

/// The places that stand out, by name.
pub(crate) fn unusual(batches: &[Batch]) -> Vec<Unusual> {
    let mut places: BTreeMap<(Option<_>, &str), Codes> = BTreeMap::new();
    let mut services: BTreeMap<Option<_>, Codes> = BTreeMap::new();
    for batch in batches {
        let (given, unused) = (batch.issued.unsigned_abs(), batch.unused.unsigned_abs());
        let codes = Codes { used: given.saturating_sub(unused), given };
        let service = batch.service.map(|service| service.uuid());
        let place = places.entry((service, batch.place.as_str())).or_default();
        *place = place.and(codes);
        let all = services.entry(service).or_default();
        *all = all.and(codes);
    }
    let found = places.into_iter().filter_map(|((service, place), here)| {
        let elsewhere = services.get(&service)?.without(here);
        differs(here, elsewhere).then(|| Unusual {
            place: place.to_owned(),
            here: here.percent(),
            elsewhere: elsewhere.percent(),
        })
    });
    found.collect()
}

/// Whether two shares differ beyond chance: Pearson's chi-square of the four counts with Yates's correction, in whole numbers.
fn differs(here: Codes, elsewhere: Codes) -> bool {
    if here.given < LEAST || elsewhere.given < LEAST || here.given + elsewhere.given > MOST {
        return false;
    }
    let [a, b, c, d] =
        [here.used, here.given - here.used, elsewhere.used, elsewhere.given - elsewhere.used].map(u128::from);
    let all = a + b + c + d;
    let apart = (a * d).abs_diff(b * c);
    // N (|ad − bc| − N/2)² / ((a+b)(c+d)(a+c)(b+d)), both sides four thousand times.
    let corrected = (2 * apart).saturating_sub(all);
    all * corrected * corrected * 1_000 > BEYOND * 4 * (a + b) * (c + d) * (a + c) * (b + d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Channel;
    use crate::store::codes::BatchId;
    use platform::database::Uuid;
    use proptest::prelude::*;
    use time::macros::date;

    fn batch(place: &str, issued: i64, used: i64) -> Batch {
        Batch {
            id: BatchId::from(Uuid::nil()),
            service: None,
            place: place.into(),
            channel: Channel::Web,
            issued,
            issued_on: date!(2026 - 11 - 20),
            unused: issued - used,
        }
    }

    fn found(batches: &[Batch]) -> Vec<(String, u64, u64)> {
        unusual(batches).into_iter().map(|one| (one.place, one.here, one.elsewhere)).collect()
    }

    #[test]
    fn a_counter_where_every_code_is_used_stands_out() {
        let batches = [batch("Loket 1", 200, 80), batch("Loket 2", 25, 25), batch("Loket 3", 200, 76)];
        assert_eq!(found(&batches), [("Loket 2".to_owned(), 100, 39)]);
    }

    #[test]
    fn the_days_of_a_counter_are_taken_together() {
        let days = [batch("Loket 1", 15, 15), batch("Loket 1", 15, 15), batch("Loket 2", 100, 30)];
        assert_eq!(found(&days), [("Loket 1".to_owned(), 100, 30), ("Loket 2".to_owned(), 30, 100)]);
    }

    #[test]
    fn a_few_codes_and_a_single_place_tell_nothing() {
        assert_eq!(found(&[batch("Loket 1", 19, 19), batch("Loket 2", 100, 10)]), []);
        assert_eq!(found(&[batch("Loket 1", 500, 499)]), []);
        assert_eq!(found(&[batch("Loket 1", 100, 100), batch("Loket 2", 100, 100)]), [], "after the end all are gone");
    }

    /// 30 of 60 against 45 of 60: chi-square with Yates's correction is 6.97, p = 0.008.
    #[test]
    fn what_happens_by_chance_once_in_a_hundred_does_not_stand_out() {
        assert_eq!(found(&[batch("Loket 1", 60, 30), batch("Loket 2", 60, 45)]), []);
        // 25 of 60 against 45 of 60: 12.38.
        assert_eq!(found(&[batch("Loket 1", 60, 25), batch("Loket 2", 60, 45)]).len(), 2);
    }

    proptest! {
        #[test]
        fn equal_shares_never_stand_out_and_order_does_not_count(share in 0_i64..=10, sizes in prop::collection::vec(2_i64..200, 2..6)) {
            let batches: Vec<Batch> =
                sizes.iter().enumerate().map(|(at, size)| batch(&format!("Loket {at}"), size * 10, size * share)).collect();
            prop_assert_eq!(found(&batches), []);
        }

        #[test]
        fn two_places_stand_out_together_or_not_at_all(one in (20_i64..500, 0_i64..=100), other in (20_i64..500, 0_i64..=100)) {
            let made = |place: &str, (issued, percent): (i64, i64)| batch(place, issued, issued * percent / 100);
            let (first, second) = (made("a", one), made("b", other));
            let there = found(&[first.clone(), second.clone()]);
            prop_assert!(there.is_empty() || there.len() == 2);
            let turned = found(&[second, first]);
            prop_assert_eq!(there, turned);
        }
    }
}
