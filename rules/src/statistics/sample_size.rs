//! How many respondents are enough: Krejcie and Morgan, "Determining sample size for research activities", 1970.
//!
//! S = χ² N P(1−P) / (d²(N−1) + χ² P(1−P)) with P = ½ and χ² of one degree of freedom, rounded to three decimals as the authors print
//! it (3.841 at 95 %); a half goes up.

use super::normal_quantile;
use crate::quantity::{Decimal, Ratio, parse_decimal, ratio, whole};
use crate::warning::{Code, Warning};
use num_traits::{One, Signed, ToPrimitive, Zero};

/// A sample size with what it was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleSize {
    /// People served.
    pub population: u64,
    /// Respondents needed.
    pub size: u64,
    /// The value before rounding.
    pub exact: Ratio,
    /// χ² with one degree of freedom at this confidence, three decimals.
    pub chi_square: Decimal,
    /// What a careful reader must know.
    pub warnings: Vec<Warning>,
}

/// The sample needed from a population at a confidence (0.95) and margin (0.05). Nothing unless both lie strictly between 0 and 1.
#[must_use]
pub fn sample_size(population: u64, confidence: &Ratio, margin: &Ratio) -> Option<SampleSize> {
    let inside = |value: &Ratio| value.is_positive() && value < &Ratio::one();
    if !inside(confidence) || !inside(margin) {
        return None;
    }
    let z = normal_quantile(confidence);
    let chi_square = Decimal::half_up(&(&z * &z), 3);
    let (exact, size) = krejcie_morgan(population, &chi_square.value(), margin);
    let classic = *confidence == ratio(95, 100) && *margin == ratio(5, 100);
    // The table in circulation prints 384 for 100,000; the formula gives 382.63. The row probably stood for 1,000,000.
    let warnings = (classic && population == 100_000)
        .then(|| Warning::new(Code::SampleTableDiffers).with("table", 384_u64).with("formula", size));
    Some(SampleSize { population, size, exact, chi_square, warnings: warnings.into_iter().collect() })
}

/// The sample needed at 95 % confidence and a margin of 5 %: the table that SKM practice uses.
#[must_use]
pub fn sample_size_95(population: u64) -> u64 {
    let chi_square = parse_decimal("3.841").unwrap_or_else(|_| whole(0));
    krejcie_morgan(population, &chi_square, &ratio(5, 100)).1
}

fn krejcie_morgan(population: u64, chi_square: &Ratio, margin: &Ratio) -> (Ratio, u64) {
    if population == 0 {
        return (Ratio::zero(), 0);
    }
    let spread = chi_square / whole(4);
    let exact = &spread * whole(population) / (margin * margin * whole(population - 1) + &spread);
    let rounded = Decimal::half_up(&exact, 0).value().to_integer().to_u64().unwrap_or(population);
    (exact, rounded.clamp(1, population))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn size(population: u64, confidence: &str, margin: &str) -> u64 {
        sample_size(population, &parse_decimal(confidence).unwrap(), &parse_decimal(margin).unwrap()).unwrap().size
    }

    /// Krejcie and Morgan's table: N = 100 needs 80, N = 1,000 needs 278, N = 10,000 needs 370.
    #[test]
    fn sizes_of_the_printed_table_come_out() {
        assert_eq!(
            (size(100, "0.95", "0.05"), size(1_000, "0.95", "0.05"), size(10_000, "0.95", "0.05")),
            (80, 278, 370)
        );
        assert_eq!((size(0, "0.95", "0.05"), size(1, "0.95", "0.05"), size(10, "0.95", "0.05")), (0, 1, 10));
    }

    /// At 99 % and 3 % a population of 1,000 needs 648 (χ² = 6.635: 1658.75 ÷ 2.55785 = 648.49).
    #[test]
    fn other_confidences_use_their_own_chi_square() {
        assert_eq!(size(1_000, "0.99", "0.03"), 648);
        assert_eq!(size(1_000, "0.90", "0.05"), 213);
    }

    #[test]
    fn a_confidence_or_margin_outside_zero_and_one_is_refused() {
        assert!(sample_size(10, &whole(1), &ratio(1, 20)).is_none());
        assert!(sample_size(10, &ratio(19, 20), &whole(0)).is_none());
    }

    proptest! {
        #[test]
        fn a_larger_population_never_needs_fewer_and_never_more_than_itself(population in 1_u64..2_000_000) {
            let here = sample_size_95(population);
            prop_assert!(here <= population && here <= sample_size_95(population + 1));
        }
    }
}
