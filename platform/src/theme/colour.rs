//! A colour, its contrast by WCAG 2.2, and its lightness in OKLCH, where equal steps look equal.
//!
//! Floating point is in its place here: it draws, and decides nothing official.

use std::fmt;
use std::str::FromStr;

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, green and blue.
    pub channels: [u8; 3],
}

/// Lightness (0 to 1), chroma and hue (radians).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Oklch {
    pub(crate) lightness: f64,
    pub(crate) chroma: f64,
    pub(crate) hue: f64,
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self { channels: [0xff; 3] };
    /// Black.
    pub const BLACK: Self = Self { channels: [0; 3] };

    /// A colour by its number: `0x0b5cab`.
    #[must_use]
    pub const fn hex(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self { channels: [red, green, blue] }
    }

    /// Contrast with another colour, 1 to 21, as WCAG 2.2 defines it.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever is read better on this colour. One of them always reaches 4.58.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn linear(self) -> [f64; 3] {
        self.channels.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    pub(crate) fn to_oklch(self) -> Oklch {
        let [red, green, blue] = self.linear();
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let middle = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        let lightness = 0.210_454_255_3 * long + 0.793_617_785 * middle - 0.004_072_046_8 * short;
        let a = 1.977_998_495_1 * long - 2.428_592_205 * middle + 0.450_593_709_9 * short;
        let b = 0.025_904_037_1 * long + 0.782_771_766_2 * middle - 0.808_675_766 * short;
        Oklch { lightness, chroma: a.hypot(b), hue: b.atan2(a) }
    }

    /// The same hue at another lightness; the chroma is lowered until a screen can show it.
    #[must_use]
    pub fn with_lightness(self, lightness: f64) -> Self {
        let own = self.to_oklch();
        Oklch { lightness: lightness.clamp(0.0, 1.0), ..own }.shown()
    }
}

impl Oklch {
    /// The nearest colour of the same hue and lightness that a screen can show.
    pub(crate) fn shown(self) -> Colour {
        let mut chroma = self.chroma;
        for _ in 0..60 {
            let linear = Self { chroma, ..self }.to_linear();
            if linear.iter().all(|channel| (-0.000_5..=1.000_5).contains(channel)) {
                return encoded(linear);
            }
            chroma *= 0.93;
        }
        encoded(Self { chroma: 0.0, ..self }.to_linear())
    }

    fn to_linear(self) -> [f64; 3] {
        let (a, b) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let long = (self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let middle = (self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let short = (self.lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
        [
            4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short,
        ]
    }
}

fn encoded(linear: [f64; 3]) -> Colour {
    Colour {
        channels: linear.map(|value| {
            let value = value.clamp(0.0, 1.0);
            let curve = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255")]
            let byte = (curve * 255.0).round().clamp(0.0, 255.0) as u8;
            byte
        }),
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.channels;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The text is not `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAColour;

impl fmt::Display for NotAColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a colour is written #rrggbb")
    }
}

impl std::error::Error for NotAColour {}

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NotAColour)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NotAColour);
        }
        u32::from_str_radix(digits, 16).map(Self::hex).map_err(|_| NotAColour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn black_on_white_has_the_highest_contrast() {
        assert!((Colour::BLACK.contrast(Colour::WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn a_known_pair_has_the_contrast_that_wcag_gives_it() {
        let ratio = Colour::hex(0x76_76_76).contrast(Colour::WHITE);
        assert!((4.54..4.55).contains(&ratio), "{ratio}");
    }

    #[test]
    fn only_six_hexadecimal_digits_are_a_colour() {
        assert_eq!("#0B5CAB".parse(), Ok(Colour::hex(0x0b_5c_ab)));
        for wrong in ["0b5cab", "#0b5ca", "#0b5cabb", "#+b5cab", "#gggggg", "", "red", "#0b5c\u{e9}"] {
            assert_eq!(wrong.parse::<Colour>(), Err(NotAColour), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_colour_comes_back_from_oklch_as_it_was(number in 0_u32..0x0100_0000) {
            let colour = Colour::hex(number);
            let back = colour.to_oklch().shown();
            for (one, two) in colour.channels.iter().zip(back.channels) {
                prop_assert!(one.abs_diff(two) <= 1, "{colour} {back}");
            }
        }

        #[test]
        fn black_or_white_can_be_read_on_every_colour(number in 0_u32..0x0100_0000) {
            let colour = Colour::hex(number);
            prop_assert!(colour.contrast(colour.ink()) >= 4.5);
        }

        #[test]
        fn a_colour_is_read_as_it_is_written(number in 0_u32..0x0100_0000) {
            let colour = Colour::hex(number);
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        }
    }
}
