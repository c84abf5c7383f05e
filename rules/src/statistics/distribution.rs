//! The normal, Student and chi-square distributions in fixed-point arithmetic with forty decimals.

use crate::quantity::{Decimal, Ratio, power_of_ten, ratio, whole};
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

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
///
/// Its terms `(x/2)^(d/2) / Γ(d/2 + 1)` for `d` below `degrees` belong to a series over all `d` of the same parity, whose sum is known:
/// `e^(x/2)` for even degrees, `e^(x/2) P(|Z| ≤ √x)` for odd ones. Only their share is computed, so that no exponential is needed and
/// thousands of degrees lose nothing.
#[must_use]
pub fn chi_square_tail(x: &Ratio, degrees: u32) -> Ratio {
    if !x.is_positive() || degrees == 0 {
        return Ratio::one();
    }
    if let Some(end) = far_from_the_middle(x, degrees) {
        return end;
    }
    let below = share_below(x, degrees);
    if degrees.is_multiple_of(2) {
        return below.ratio();
    }
    let outside = Fixed(normal_tail(&Fixed::of(x).root()).0 * 2);
    let inside = Fixed(Fixed::whole(1).0 - &outside.0);
    Fixed(outside.0 + inside.times(&below).0).ratio()
}

/// Zero or one where the tail differs from it by less than 10⁻³⁹, by Chernoff's bound on the Poisson distribution with mean x/2:
/// `exp(-(x - n)² / (4 max(x, n)))` for `n` degrees of freedom.
fn far_from_the_middle(x: &Ratio, degrees: u32) -> Option<Ratio> {
    let nearest = if *x > whole(degrees) { whole(degrees) + Ratio::one() } else { whole(degrees) - Ratio::one() };
    let distance = x - nearest;
    let reach = x.max(&whole(degrees)) * whole(4 * 90);
    let end = if distance.is_positive() { Ratio::zero() } else { Ratio::one() };
    (&distance * &distance > reach).then_some(end)
}

/// The share of the terms `d < degrees` in the series of all `d` with the parity of `degrees`, summed both ways from its largest term.
fn share_below(x: &Ratio, degrees: u32) -> Fixed {
    let degrees = u64::from(degrees);
    let middle = x.to_integer().to_u64().unwrap_or(degrees);
    let middle = if middle % 2 == degrees % 2 { middle } else { middle + 1 };
    let x = Fixed::of(x);
    let (mut below, mut above) = (BigInt::zero(), BigInt::zero());
    let mut add = |d: u64, term: &Fixed| if d < degrees { below += &term.0 } else { above += &term.0 };
    let (mut d, mut term) = (middle, Fixed::whole(1));
    while !term.0.is_zero() {
        add(d, &term);
        d += 2;
        term = Fixed(term.times(&x).0 / d);
    }
    (d, term) = (middle, Fixed::whole(1));
    while d >= 2 {
        term = Fixed(term.0 * d).over(&x);
        if term.0.is_zero() {
            break;
        }
        d -= 2;
        add(d, &term);
    }
    let all = Fixed(&below + above);
    Fixed(below).over(&all)
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

/// The Student quantile from the normal one (Abramowitz and Stegun 26.7.5, four terms); within 0.001 from five degrees of freedom,
/// those of six respondents: 2.5704 from `z` = 1.96 where the tables print 2.5706.
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

    /// Many groups, and H near their number: values of `scipy.stats.chi2.sf` (1.16) and `mpmath.gammainc` (forty digits).
    #[test]
    fn the_chi_square_tail_keeps_its_digits_for_many_degrees_of_freedom() {
        for (x, degrees, tail) in [
            ("124.342113", 100, "0.0500000025"),
            ("191.81", 179, "0.2430390776"),
            ("300", 299, "0.4728504838"),
            ("299", 300, "0.5054421256"),
            ("1000", 1000, "0.4940528538"),
            ("1074.679", 1000, "0.0500009866"),
            ("1200", 1001, "0.0000134901"),
            ("4999", 4999, "0.4973401129"),
            ("40", 179, "1.0000000000"),
            ("90000", 179, "0.0000000000"),
            ("0.0001", 2, "0.9999500012"),
        ] {
            assert_eq!(shown(&chi_square_tail(&parse_decimal(x).unwrap(), degrees), 10), tail, "{x}, {degrees}");
        }
    }

    /// Student table, two-sided 5 %: 2.571 (5, missed by 0.0002), 2.447 (6), 2.228 (10), 2.045 (29), 1.980 (120).
    #[test]
    fn student_quantiles_are_those_of_the_tables_from_five_degrees_of_freedom() {
        let z = normal_quantile(&parse_decimal("0.95").unwrap());
        for (degrees, printed) in [(6, "2.447"), (10, "2.228"), (29, "2.045"), (120, "1.980")] {
            assert_eq!(shown(&student_quantile(&z, degrees), 3), printed, "{degrees}");
        }
        assert_eq!(shown(&student_quantile(&ratio(196, 100), 5), 4), "2.5704");
    }
}
