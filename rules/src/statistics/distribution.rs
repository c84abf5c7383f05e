//! The normal, Student and chi-square distributions in fixed-point arithmetic with forty decimals.

use crate::quantity::{Decimal, Ratio, power_of_ten, ratio, whole};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

/// Decimals carried inside: a `Fixed` is an integer in units of 10⁻⁴⁰.
const PLACES: usize = 40;

/// A fixed-point number; quicker than fractions, whose numerators and denominators would grow with every step.
#[derive(Clone, PartialEq, PartialOrd)]
struct Fixed(BigInt);

impl Fixed {
    fn of(value: &Ratio) -> Self {
        Self((value * Ratio::from_integer(power_of_ten(PLACES))).to_integer())
    }

    fn whole(value: u32) -> Self {
        Self(BigInt::from(value) * power_of_ten(PLACES))
    }

    /// 2π to forty decimals.
    fn two_pi() -> Self {
        Self("62831853071795864769252867665590057683943".parse().unwrap_or_default())
    }

    fn ratio(&self) -> Ratio {
        Ratio::new(self.0.clone(), power_of_ten(PLACES))
    }

    fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0 / power_of_ten(PLACES))
    }

    fn over(&self, other: &Self) -> Self {
        Self(&self.0 * power_of_ten(PLACES) / &other.0)
    }

    fn over_whole(&self, divisor: u32) -> Self {
        Self(&self.0 / divisor)
    }

    fn root(&self) -> Self {
        Self((&self.0 * power_of_ten(PLACES)).sqrt())
    }
}

/// `e^(-x)` for `x ≥ 0`: the series at `x / 2⁸`, squared back eight times.
fn exp_negative(x: &Fixed) -> Fixed {
    if *x > Fixed::whole(90) {
        return Fixed(BigInt::zero());
    }
    let small = x.over_whole(256);
    let mut term = Fixed::whole(1);
    let mut total = Fixed::whole(1);
    for n in 1..60 {
        term = Fixed(-term.times(&small).over_whole(n).0);
        if term.0.is_zero() {
            break;
        }
        total.0 += &term.0;
    }
    (0..8).fold(total, |value, _| value.times(&value))
}

/// `P(X > x)` for a chi-square variable with `degrees` degrees of freedom: the upper tail as a finite sum
/// (Abramowitz and Stegun 26.4.4 for odd, 26.4.5 for even degrees).
#[must_use]
pub fn chi_square_tail(x: &Ratio, degrees: u32) -> Ratio {
    if !x.is_positive() || degrees == 0 {
        return Ratio::one();
    }
    let x = Fixed::of(x);
    let exponential = exp_negative(&x.over_whole(2));
    // The sum starts with e^(-x/2) and divides by 2, 4, 6, … for even degrees; with 2 Z(√x) / √x and 1, 3, 5, … for odd ones.
    let even = degrees.is_multiple_of(2);
    let (mut total, mut term) = if even {
        (exponential.clone(), exponential)
    } else {
        let root = x.root();
        let density = exponential.over(&Fixed::two_pi().root());
        (Fixed(normal_tail(&root).0 * 2), Fixed(density.over(&root).0 * 2))
    };
    for step in 1..=(degrees - 1) / 2 {
        let divisor = if even { 2 * step } else { 2 * step - 1 };
        term = term.times(&x).over_whole(divisor);
        total.0 += &term.0;
    }
    total.ratio().min(Ratio::one())
}

/// `P(Z > z)` of the standard normal for `z ≥ 0`: ½ − Z(z) Σ z^(2n+1) / (1·3·5…(2n+1)) (Abramowitz and Stegun 26.2.11).
fn normal_tail(z: &Fixed) -> Fixed {
    let square = z.times(z);
    if square > Fixed::whole(160) {
        return Fixed(BigInt::zero());
    }
    let density = exp_negative(&square.over_whole(2)).over(&Fixed::two_pi().root());
    let mut term = z.clone();
    let mut total = z.clone();
    for n in 1..2_000 {
        term = term.times(&square).over_whole(2 * n + 1);
        if term.0.is_zero() {
            break;
        }
        total.0 += &term.0;
    }
    let tail = Fixed::whole(1).over_whole(2).0 - density.times(&total).0;
    Fixed(tail.max(BigInt::zero()))
}

/// The normal quantile of a two-sided 95 % statement, six decimals.
#[must_use]
pub fn z_95() -> Ratio {
    ratio(1_959_964, 1_000_000)
}

/// The `z` with `P(|Z| ≤ z) = confidence`, to six decimals, by halving. `confidence` lies strictly between 0 and 1.
#[must_use]
pub fn normal_quantile(confidence: &Ratio) -> Ratio {
    let tail = Fixed::of(&((Ratio::one() - confidence) / whole(2)));
    let (mut low, mut high) = (Fixed::whole(0), Fixed::whole(12));
    for _ in 0..26 {
        let middle = Fixed((&low.0 + &high.0) / 2);
        if normal_tail(&middle) > tail { low = middle } else { high = middle }
    }
    Decimal::half_up(&Fixed((low.0 + high.0) / 2).ratio(), 6).value()
}

/// The Student quantile from the normal one (Abramowitz and Stegun 26.7.5, four terms); within 0.001 from six degrees of freedom.
#[must_use]
pub fn student_quantile(z: &Ratio, degrees: u64) -> Ratio {
    let powers: Vec<Ratio> =
        std::iter::successors(Some(z.clone()), |power| Some(power * z)).step_by(2).take(5).collect();
    let polynomial = |weights: &[i64], divisor: i64| {
        let terms = weights.iter().zip(&powers).map(|(weight, power)| power * whole(*weight));
        terms.fold(Ratio::zero(), |total, term| total + term) / whole(divisor)
    };
    let n = whole(degrees);
    let corrections = [
        polynomial(&[1, 1], 4),
        polynomial(&[3, 16, 5], 96),
        polynomial(&[-15, 17, 19, 3], 384),
        polynomial(&[-945, -1920, 1482, 776, 79], 92_160),
    ];
    let mut divisor = Ratio::one();
    corrections.iter().fold(z.clone(), |total, correction| {
        divisor = &divisor * &n;
        total + correction / &divisor
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::parse_decimal;

    fn shown(value: &Ratio, places: usize) -> String {
        Decimal::half_up(value, places).to_string()
    }

    /// Printed tables of every textbook: 1.645, 1.960, 2.576.
    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        let z = |confidence: &str| shown(&normal_quantile(&parse_decimal(confidence).unwrap()), 6);
        assert_eq!(normal_quantile(&ratio(95, 100)), z_95());
        assert_eq!((z("0.90"), z("0.95"), z("0.99")), ("1.644854".into(), "1.959964".into(), "2.575829".into()));
    }

    /// Critical values of the chi-square table at 5 %: 3.841, 5.991, 7.815, 18.307 for 1, 2, 3 and 10 degrees of freedom.
    #[test]
    fn the_chi_square_tail_at_the_printed_critical_values_is_five_percent() {
        for (x, degrees) in [("3.841459", 1), ("5.991465", 2), ("7.814728", 3), ("18.307038", 10), ("24.995790", 15)] {
            assert_eq!(shown(&chi_square_tail(&parse_decimal(x).unwrap(), degrees), 6), "0.050000", "{degrees}");
        }
        assert_eq!(shown(&chi_square_tail(&whole(0), 3), 4), "1.0000");
        assert_eq!(shown(&chi_square_tail(&whole(500), 3), 4), "0.0000");
    }

    /// Student table, two-sided 5 %: 2.447 (6), 2.228 (10), 2.045 (29), 1.980 (120).
    #[test]
    fn student_quantiles_are_those_of_the_tables_from_six_degrees_of_freedom() {
        let z = normal_quantile(&parse_decimal("0.95").unwrap());
        for (degrees, printed) in [(6, "2.447"), (10, "2.228"), (29, "2.045"), (120, "1.980")] {
            assert_eq!(shown(&student_quantile(&z, degrees), 3), printed, "{degrees}");
        }
    }
}
