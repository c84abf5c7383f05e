//! One answer as it is written: `4`, ` 4 `, `4.0`, `4,0`.

use crate::question::Fault;
use crate::text::decoded;

/// The possible answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) lowest: u8,
    pub(crate) highest: u8,
}

impl Scale {
    /// The answer a whole number stands for.
    #[inline]
    pub(crate) fn whole(self, number: i64) -> Result<u8, Fault> {
        u8::try_from(number)
            .ok()
            .filter(|answer| (self.lowest..=self.highest).contains(answer))
            .ok_or(Fault::OutOfRange)
    }

    /// The answer a floating-point number stands for, when it is whole.
    pub(crate) fn float(self, number: f64) -> Result<u8, Fault> {
        if number.is_nan() {
            return Err(Fault::NotANumber);
        }
        if number.fract() != 0.0 {
            return Err(if number.is_infinite() { Fault::OutOfRange } else { Fault::NotWhole });
        }
        (0..=u8::MAX)
            .find(|answer| f64::from(*answer) == number)
            .map_or(Err(Fault::OutOfRange), |it| self.whole(it.into()))
    }

    /// The answer written in a cell.
    #[inline]
    pub(crate) fn text(self, cell: &[u8]) -> Result<u8, Fault> {
        if let [digit @ b'0'..=b'9'] = cell {
            return self.whole(i64::from(digit - b'0'));
        }
        if cell.is_ascii() {
            return self.number(cell.trim_ascii());
        }
        self.number(decoded(cell).trim().as_bytes())
    }

    fn number(self, written: &[u8]) -> Result<u8, Fault> {
        if written.is_empty() {
            return Err(Fault::Blank);
        }
        let (negative, unsigned) = match written {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, written),
        };
        let mark = unsigned.iter().position(|byte| matches!(byte, b'.' | b','));
        let (whole, fraction) = mark.map_or((unsigned, &[][..]), |at| (&unsigned[..at], &unsigned[at + 1..]));
        if whole.is_empty() || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
            return Err(Fault::NotANumber);
        }
        if fraction.iter().any(|digit| *digit != b'0') {
            return Err(Fault::NotWhole);
        }
        let number =
            whole.iter().fold(0_i64, |sum, digit| sum.saturating_mul(10).saturating_add((digit - b'0').into()));
        self.whole(if negative { -number } else { number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Fault::{Blank, NotANumber, NotWhole, OutOfRange};

    const SKM: Scale = Scale { lowest: 1, highest: 4 };

    #[test]
    fn an_answer_may_carry_blanks_and_an_empty_fraction() {
        for written in ["4", " 4 ", "4.0", "4,0", "4,", "+4", "04", "\u{a0}4\u{a0}", "4\r"] {
            assert_eq!(SKM.text(written.as_bytes()), Ok(4), "{written:?}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        let cases = [
            ("", Blank),
            ("  ", Blank),
            ("\u{a0}", Blank),
            ("baik", NotANumber),
            ("1e0", NotANumber),
            ("4.0.0", NotANumber),
            (",5", NotANumber),
            ("-", NotANumber),
            ("٤", NotANumber),
            ("3,5", NotWhole),
            ("0", OutOfRange),
            ("5", OutOfRange),
            ("-1", OutOfRange),
            ("99999999999999999999999999", OutOfRange),
        ];
        for (written, fault) in cases {
            assert_eq!(SKM.text(written.as_bytes()), Err(fault), "{written:?}");
        }
        assert_eq!(SKM.text(b"\xff"), Err(NotANumber));
    }

    #[test]
    fn floating_point_numbers_count_when_they_are_whole() {
        assert_eq!(SKM.float(3.0), Ok(3));
        assert_eq!(SKM.float(3.5), Err(NotWhole));
        assert_eq!(SKM.float(-0.0), Err(OutOfRange));
        assert_eq!(SKM.float(1e300), Err(OutOfRange));
        assert_eq!(SKM.float(f64::NAN), Err(NotANumber));
        assert_eq!(SKM.float(f64::INFINITY), Err(OutOfRange));
    }
}
