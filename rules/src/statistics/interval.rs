//! Confidence interval of an index, from the spread of the respondents' own indices.
//!
//! The index is the mean of y = scale × (the respondent's total answer), so its standard error is s/√n with the sample standard
//! deviation s. From thirty respondents the normal quantile 1.96 is used, from six to twenty-nine Student's; below six no interval is
//! given. With a known population the error is multiplied by √((N−n)/(N−1)) (Cochran, "Sampling Techniques", 1977, §2.8).

use super::{normal_quantile, student_quantile};
use crate::instrument::Rounding;
use crate::outcome::Interval;
use crate::quantity::{Decimal, Ratio, ratio, scaled_root, square_root, whole};
use crate::tally::Tally;
use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use std::sync::OnceLock;

/// From this number on the normal quantile is used.
const NORMAL_FROM: usize = 30;
/// Below this number no interval is given.
const SMALLEST_GROUP: u64 = 6;

/// The 95 % interval of an index `exact` = `scale` × mean total, cut at the ends of the scale. Nothing for fewer than six respondents.
#[must_use]
pub fn interval_of_index(
    tally: &Tally,
    scale: &Ratio,
    exact: &Ratio,
    ends: (&Ratio, &Ratio),
    population: Option<u64>,
    rounding: Rounding,
) -> Option<Interval> {
    let n = tally.respondents;
    if n < SMALLEST_GROUP {
        return None;
    }
    let corrected = population.filter(|population| *population > 1);
    let (quantile, method) = quantile(n);
    let units = margin_units(tally, &(quantile * scale), corrected);
    // Over the common denominator, not reduced: these fractions live only until they are rounded.
    let denominator = exact.denom() * margin_scale();
    let (centre, reach) = (exact.numer() * margin_scale(), &units * exact.denom());
    let end = |numerator: BigInt| Ratio::new_raw(numerator, denominator.clone());
    let inside = |value: Ratio| {
        let below = value.numer() * ends.0.denom() < ends.0.numer() * value.denom();
        let above = value.numer() * ends.1.denom() > ends.1.numer() * value.denom();
        rounding.round(if below {
            ends.0
        } else if above {
            ends.1
        } else {
            &value
        })
    };
    Some(Interval {
        confidence: "0.95".to_owned(),
        low: inside(end(&centre - &reach)),
        high: inside(end(centre + reach)),
        margin: rounding.round(&Ratio::new_raw(units, margin_scale())),
        method: if corrected.is_some() { format!("{method}+fpc") } else { method.to_owned() },
    })
}

/// A margin is computed in units of 10⁻⁸ before it is rounded as the value is.
fn margin_scale() -> BigInt {
    BigInt::from(100_000_000)
}

/// `factor` × s/√n × the finite-population correction, in units of 10⁻⁸, where s² = (n Σt² − (Σt)²) / (n (n−1)). Computed on integers
/// under one root, for reducing fractions on the way would cost more than everything else.
fn margin_units(tally: &Tally, factor: &Ratio, population: Option<u64>) -> BigInt {
    let n = BigInt::from(tally.respondents);
    let total = BigInt::from(tally.grand_total());
    let spread = &n * BigInt::from(tally.total_squares) - &total * &total;
    let mut numerator = factor.numer() * factor.numer() * spread;
    let mut denominator = factor.denom() * factor.denom() * &n * &n * (&n - 1_u8);
    if let Some(population) = population {
        numerator *= population.saturating_sub(tally.respondents);
        denominator *= population - 1;
    }
    scaled_root(&numerator, &denominator, &margin_scale())
}

/// The quantile for a number of respondents, and its name. Student's are computed once, to six decimals.
fn quantile(respondents: u64) -> (Ratio, &'static str) {
    static STUDENT: [OnceLock<Ratio>; NORMAL_FROM] = [const { OnceLock::new() }; NORMAL_FROM];
    let z = || ratio(196, 100);
    match usize::try_from(respondents).ok().and_then(|respondents| STUDENT.get(respondents)) {
        None => (z(), "normal"),
        Some(known) => {
            let student = || Decimal::half_up(&student_quantile(&z(), respondents - 1), 6).value();
            (known.get_or_init(student).clone(), "student-t")
        }
    }
}

/// (N−n)/(N−1), zero when everybody answered.
fn finite_population(population: u64, respondents: u64) -> Ratio {
    if respondents >= population {
        return Ratio::zero();
    }
    ratio(population - respondents, population - 1)
}

/// The margin of error of a share near one half, in the worst case: z √(¼/n) √((N−n)/(N−1)), four decimals. Nothing without
/// respondents or for a confidence outside 0 and 1.
#[must_use]
pub fn margin_of_error(respondents: u64, population: Option<u64>, confidence: &Ratio) -> Option<Decimal> {
    if respondents == 0 || !confidence.is_positive() || *confidence >= whole(1) {
        return None;
    }
    let z = if *confidence == ratio(95, 100) { ratio(196, 100) } else { normal_quantile(confidence) };
    let known = population.filter(|population| *population > 1);
    let factor = known.map_or_else(|| whole(1), |population| finite_population(population, respondents));
    Some(Decimal::half_up(&(z * square_root(&(ratio(1, 4 * u128::from(respondents)) * factor), 10)), 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index_interval(rows: &[Vec<u8>], population: Option<u64>) -> Option<Interval> {
        let tally = Tally::of(rows, 1, 4);
        let scale = ratio(25, 9);
        let exact = &scale * ratio(tally.grand_total(), tally.respondents);
        interval_of_index(&tally, &scale, &exact, (&whole(25), &whole(100)), population, Rounding { decimals: 2 })
    }

    /// Fifty respondents give all 4, fifty give all 3: the index is 87.5, s = 12.5 × √(100/99) = 12.563, margin 1.96 × 12.563 / 10 = 2.46.
    #[test]
    fn the_margin_is_1_96_standard_errors() {
        let rows: Vec<Vec<u8>> = (0..100).map(|row| vec![if row % 2 == 0 { 4 } else { 3 }; 9]).collect();
        let interval = index_interval(&rows, None).unwrap();
        assert_eq!(interval.margin.to_string(), "2.46");
        assert_eq!((interval.low.to_string(), interval.high.to_string()), ("85.04".into(), "89.96".into()));
        assert_eq!(interval.method, "normal");
    }

    /// The same hundred out of a population of 101: √(1/100) of the margin remains. Everybody asked: none.
    #[test]
    fn a_known_population_narrows_the_interval() {
        let rows: Vec<Vec<u8>> = (0..100).map(|row| vec![if row % 2 == 0 { 4 } else { 3 }; 9]).collect();
        assert_eq!(index_interval(&rows, Some(101)).unwrap().margin.to_string(), "0.25");
        assert_eq!(index_interval(&rows, Some(100)).unwrap().margin.to_string(), "0.00");
        assert_eq!(index_interval(&rows, Some(101)).unwrap().method, "normal+fpc");
    }

    #[test]
    fn small_groups_use_student_and_very_small_ones_get_no_interval() {
        let rows: Vec<Vec<u8>> = (0..10).map(|row| vec![if row % 2 == 0 { 4 } else { 3 }; 9]).collect();
        assert_eq!(index_interval(&rows, None).unwrap().method, "student-t");
        assert!(index_interval(&rows[..5], None).is_none());
    }

    /// Textbook: 384 respondents of a large population give ±5.0 %.
    #[test]
    fn the_margin_of_a_share_is_five_percent_for_384() {
        assert_eq!(margin_of_error(384, None, &ratio(95, 100)).unwrap().to_string(), "0.0500");
        assert_eq!(margin_of_error(278, Some(1_000), &ratio(95, 100)).unwrap().to_string(), "0.0500");
        assert!(margin_of_error(0, None, &ratio(95, 100)).is_none());
    }
}
