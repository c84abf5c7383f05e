//! Results for people and programs: text, JSON, CSV, PDF. Everything is made in memory; where it goes is the caller's matter.

mod csv;
mod pdf;
mod table;
mod text;

pub use csv::{csv, write_row};
pub use pdf::{file_name, pdf};
pub use table::Table;
pub use text::{TextForm, explained, left_out, text};

use anstyle::{AnsiColor, Color, Effects, Style as Ansi};
use rules::instrument::Band;
use serde::Serialize;

/// JSON with two blanks of indentation and a line end.
#[must_use]
pub fn json<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
    text + "\n"
}

/// How good a band is; shown as a shape, a colour and always a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// ● teal.
    Good,
    /// ▲ yellow.
    Middle,
    /// ■ dark red.
    Poor,
}

impl Tone {
    /// The tone of a band: its zone where it has one, else its place between best and worst.
    #[must_use]
    pub fn of(bands: &[Band], band: &Band) -> Self {
        match band.zone.as_deref() {
            Some("hijau") => return Self::Good,
            Some("kuning") => return Self::Middle,
            Some("merah") => return Self::Poor,
            _ => {}
        }
        let place = bands.iter().position(|known| known.category == band.category).unwrap_or(0);
        match place * 3 / bands.len().max(1) {
            0 => Self::Good,
            1 => Self::Middle,
            _ if bands.len() == 4 && place == 2 => Self::Middle,
            _ => Self::Poor,
        }
    }

    /// The shape that says the same as the colour.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::Good => "●",
            Self::Middle => "▲",
            Self::Poor => "■",
        }
    }

    fn colour(self) -> Color {
        match self {
            Self::Good => AnsiColor::Cyan.into(),
            Self::Middle => AnsiColor::Yellow.into(),
            Self::Poor => AnsiColor::Red.into(),
        }
    }
}

/// Whether colours can be shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether words are painted.
    pub colours: bool,
}

impl Style {
    fn paint(self, ansi: Ansi, words: &str) -> String {
        if self.colours { format!("{ansi}{words}{ansi:#}") } else { words.to_owned() }
    }

    /// Words that stand out.
    #[must_use]
    pub fn strong(self, words: &str) -> String {
        self.paint(Ansi::new().effects(Effects::BOLD), words)
    }

    /// Words that stand back.
    #[must_use]
    pub fn faint(self, words: &str) -> String {
        self.paint(Ansi::new().effects(Effects::DIMMED), words)
    }

    /// Words in the colour of a tone.
    #[must_use]
    pub fn tone(self, tone: Tone, words: &str) -> String {
        self.paint(Ansi::new().fg_color(Some(tone.colour())), words)
    }

    /// A category with its shape, in its colour.
    #[must_use]
    pub fn band(self, bands: &[Band], band: &Band) -> String {
        let tone = Tone::of(bands, band);
        self.tone(tone, &format!("{} {}", tone.shape(), band.category))
    }
}

/// A bar of ten blocks for a share of the scale, in thousandths.
pub(crate) fn bar(permille: u32) -> String {
    let eighths = (permille.min(1000) * 80 + 500) / 1000;
    let full = (eighths / 8) as usize;
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][(eighths % 8) as usize];
    format!("{}{rest}", "█".repeat(full))
}

/// Text from a file as a terminal may show it: signs that steer a terminal or turn the reading direction become `·`.
#[must_use]
pub fn printable(text: &str) -> String {
    let steers = |sign: char| {
        sign.is_control() && sign != '\n'
            || matches!(
                sign,
                '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
            )
    };
    text.chars().map(|sign| if steers(sign) { '·' } else { sign }).collect()
}

/// As [`printable`], on one line: a name or sentence that cannot end its line early.
#[must_use]
pub fn printable_line(text: &str) -> String {
    printable(text).replace('\n', "·")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_grows_with_its_share() {
        assert_eq!((bar(0), bar(500), bar(1000)), (String::new(), "█████".into(), "██████████".into()));
        assert_eq!(bar(55), "▌");
    }

    #[test]
    fn signs_that_steer_a_terminal_are_not_printed() {
        let name = "RSUD\u{1b}[2J\u{7}\u{9b}\r\u{202e}A\u{2066}\u{2028}ö–✓\nB";
        assert_eq!(printable(name), "RSUD·[2J····A··ö–✓\nB");
        assert_eq!(printable_line(name), "RSUD·[2J····A··ö–✓·B");
    }
}
