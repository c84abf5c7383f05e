//! Exact numbers: rationals inside, decimals with a stated number of places at the edge.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use std::fmt;

/// An exact fraction. All official arithmetic is done on this type.
pub type Ratio = num_rational::BigRational;

/// Longest decimal that is read; more digits than any office prints, few enough that arithmetic stays quick.
const LONGEST_NUMBER: usize = 40;

/// A number that text did not hold: the text itself, for the sentence shown to the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotANumber(pub String);

impl fmt::Display for NotANumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a number", self.0)
    }
}

impl std::error::Error for NotANumber {}

/// The fraction `numerator / denominator`.
///
/// # Panics
/// When `denominator` is zero; callers pass counts they have checked or constants.
#[must_use]
pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Ratio {
    Ratio::new(numerator.into(), denominator.into())
}

/// The whole number `value` as a fraction.
#[must_use]
pub fn whole(value: impl Into<BigInt>) -> Ratio {
    Ratio::from_integer(value.into())
}

/// Reads a decimal as offices write it: `3.62`, `3,62`, `-1`, `4`. One separator at most, no grouping.
///
/// # Errors
/// When the text is empty, longer than forty characters or holds anything but digits, one sign and one separator.
pub fn parse_decimal(text: &str) -> Result<Ratio, NotANumber> {
    let fail = || NotANumber(text.chars().take(LONGEST_NUMBER).collect());
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.len() > LONGEST_NUMBER {
        return Err(fail());
    }
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let (whole_part, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole_part.is_empty() && fraction.is_empty() || !all_digits(whole_part) || !all_digits(fraction) {
        return Err(fail());
    }
    let units: BigInt = format!("0{whole_part}{fraction}").parse().map_err(|_| fail())?;
    let value = Ratio::new(units, power_of_ten(fraction.len()));
    Ok(if negative { -value } else { value })
}

/// Reads an exact fraction as instrument files write it: `1/9`, `24/100`, `0.111`, `25`.
///
/// # Errors
/// When a part is not a number or the denominator is zero.
pub fn parse_ratio(text: &str) -> Result<Ratio, NotANumber> {
    match text.split_once('/') {
        None => parse_decimal(text),
        Some((numerator, denominator)) => {
            let denominator = parse_decimal(denominator)?;
            if denominator.is_zero() {
                return Err(NotANumber(text.to_owned()));
            }
            Ok(parse_decimal(numerator)? / denominator)
        }
    }
}

/// A number with a fixed count of decimal places, as it is printed on an official result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    units: BigInt,
    places: usize,
}

impl Decimal {
    /// The nearest decimal with `places` digits after the point; a half goes up (away from zero).
    #[must_use]
    pub fn half_up(value: &Ratio, places: usize) -> Self {
        // On integers: reducing fractions on the way would cost more than the rounding itself.
        let doubled: BigInt = value.numer().abs() * power_of_ten(places) * 2 + value.denom();
        let units = doubled.div_floor(&(value.denom() * 2));
        Self { units: if value.is_negative() { -units } else { units }, places }
    }

    /// Whether the printed number is at least `bound`.
    #[must_use]
    pub fn at_least(&self, bound: &Ratio) -> bool {
        &self.units * bound.denom() >= bound.numer() * power_of_ten(self.places)
    }

    /// The exact value of the printed number.
    #[must_use]
    pub fn value(&self) -> Ratio {
        Ratio::new(self.units.clone(), power_of_ten(self.places))
    }

    /// The printed number in the Indonesian way, with a decimal comma.
    #[must_use]
    pub fn with_comma(&self) -> String {
        self.to_string().replace('.', ",")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.units.abs().to_string(), width = self.places + 1);
        let (whole_part, fraction) = digits.split_at(digits.len() - self.places);
        let sign = if self.units.is_negative() { "-" } else { "" };
        let point = if self.places == 0 { "" } else { "." };
        formatter.pad(&format!("{sign}{whole_part}{point}{fraction}"))
    }
}

/// `10^exponent`.
#[must_use]
pub fn power_of_ten(exponent: usize) -> BigInt {
    num_traits::pow(BigInt::from(10), exponent)
}

/// A fraction for people who recompute: the exact decimal when it is short, else `numerator/denominator`.
#[must_use]
pub fn exact_text(value: &Ratio) -> String {
    (0..=6)
        .map(|places| Decimal::half_up(value, places))
        .find(|decimal| &decimal.value() == value)
        .map_or_else(|| format!("{}/{}", value.numer(), value.denom()), |decimal| decimal.to_string())
}

/// The square root of a non-negative fraction, cut after `places` decimals (never above the true root).
#[must_use]
pub fn square_root(value: &Ratio, places: usize) -> Ratio {
    let scale = power_of_ten(places);
    Ratio::new(scaled_root(value.numer(), value.denom(), &scale), scale)
}

/// `⌊√(numerator / denominator) × scale⌋`; zero for a negative fraction.
pub(crate) fn scaled_root(numerator: &BigInt, denominator: &BigInt, scale: &BigInt) -> BigInt {
    let inside = (numerator * scale * scale).div_floor(denominator);
    if inside.is_negative() { BigInt::zero() } else { inside.sqrt() }
}

/// The sum of fractions.
#[must_use]
pub fn sum<'a>(values: impl IntoIterator<Item = &'a Ratio>) -> Ratio {
    values.into_iter().fold(Ratio::zero(), |total, value| total + value)
}

/// The fraction one.
#[must_use]
pub fn one() -> Ratio {
    Ratio::one()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_half_goes_up() {
        assert_eq!(Decimal::half_up(&parse_decimal("88.305").unwrap(), 2).to_string(), "88.31");
        assert_eq!(Decimal::half_up(&parse_decimal("88.3049999").unwrap(), 2).to_string(), "88.30");
        assert_eq!(Decimal::half_up(&ratio(1, 9), 3).to_string(), "0.111");
        assert_eq!(Decimal::half_up(&ratio(-1, 200), 2).to_string(), "-0.01");
    }

    #[test]
    fn decimals_are_read_with_point_or_comma() {
        assert_eq!(parse_decimal("3,62").unwrap(), parse_decimal(" 3.62 ").unwrap());
        assert_eq!(parse_ratio("1/9").unwrap(), ratio(1, 9));
        for broken in ["", "-", ".", "1.2.3", "1e5", "4 4", "٤", "1/0", "NaN"] {
            assert!(parse_ratio(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn short_decimals_are_shown_exactly_and_others_as_fractions() {
        assert_eq!(exact_text(&ratio(7, 4)), "1.75");
        assert_eq!(exact_text(&ratio(1, 9)), "1/9");
    }

    proptest! {
        #[test]
        fn rounding_moves_a_value_by_half_a_unit_at_most(numerator in -1_000_000_i64..1_000_000, denominator in 1_i64..9_999) {
            let value = ratio(numerator, denominator);
            let distance = (Decimal::half_up(&value, 2).value() - &value).abs();
            prop_assert!(distance <= ratio(1, 200));
        }

        #[test]
        fn the_root_squares_back(numerator in 0_i64..1_000_000, denominator in 1_i64..9_999) {
            let value = ratio(numerator, denominator);
            let root = square_root(&value, 8);
            let next = &root + ratio(1, 100_000_000);
            prop_assert!(&root * &root <= value && &next * &next > value);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = parse_ratio(&text);
        }
    }
}
