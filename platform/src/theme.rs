//! The colours of a city: two that it chooses, all others derived, and none that cannot be read.
//!
//! A theme is served as a small stylesheet that sets the variables of `assets/source/_colours.scss` again. The colours of
//! zones are not part of it: they mean the same in every city.

mod colour;

pub use colour::{Colour, NotAColour};

use rules::phrase::Phrase;
use sha2::{Digest, Sha256};

/// Contrast that text needs (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// Contrast that the parts of controls need (WCAG 2.2, 1.4.11).
const PART: f64 = 3.0;
/// The page in the dark, and the card on it.
const NIGHT: Colour = Colour::hex(0x12_17_1c);
/// The footer's background by day, the faintest ground that a link stands on.
const DAY_GREY: Colour = Colour::hex(0xf3_f6_f9);

/// What a city chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Header, buttons.
    pub brand: Colour,
    /// The mark under the current entry of the menu.
    pub accent: Colour,
}

impl Default for Theme {
    fn default() -> Self {
        Self { brand: Colour::hex(0x0b_5c_ab), accent: Colour::hex(0xff_d8_4d) }
    }
}

/// Which of the two colours has to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// [`Theme::brand`].
    Brand,
    /// [`Theme::accent`].
    Accent,
}

/// Two colours that cannot be told apart well enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Which of the two chosen colours to change.
    pub choice: Choice,
    /// What stands on what: a key under `theme.pair`.
    pub pair: &'static str,
    /// Their contrast.
    pub ratio: f64,
    /// The contrast they need.
    pub needed: f64,
    /// The nearest colour of the same hue with which everything can be read.
    pub nearest: Option<Colour>,
}

impl Fault {
    /// The fault as a sentence: what is too faint, by how much, and which colour would do.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let sentence = Phrase::new(if self.nearest.is_some() { "theme.too-faint" } else { "theme.too-faint-always" })
            .with("pair", Phrase::new(self.pair))
            .with("ratio", rules::phrase::Argument::Number(two_places(self.ratio)))
            .with("needed", rules::phrase::Argument::Number(two_places(self.needed)));
        match self.nearest {
            Some(nearest) => sentence.with("nearest", nearest.to_string()),
            None => sentence,
        }
    }
}

/// Cut, not rounded: 2.997 must not read as the 3.00 it fails to reach.
fn two_places(ratio: f64) -> String {
    format!("{:.2}", (ratio * 100.0).floor() / 100.0)
}

/// The colours of one scheme, day or night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scheme {
    brand: Colour,
    on_brand: Colour,
    link: Colour,
    link_hover: Colour,
    soft: Colour,
}

/// Every colour that follows from a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Palette {
    brand_dark: Colour,
    on_brand_dark: Colour,
    accent: Colour,
    on_accent: Colour,
    day: Scheme,
    night: Scheme,
}

struct Pair {
    choice: Choice,
    name: &'static str,
    colours: (Colour, Colour),
    needed: f64,
}

impl Theme {
    /// Nothing when everything can be read, else each pair that cannot.
    ///
    /// # Errors
    /// The faults, with the nearest colour that would do.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let wrong = self.palette().pairs().into_iter().filter(|pair| !pair.passes());
        let faults: Vec<Fault> = wrong
            .map(|pair| Fault {
                choice: pair.choice,
                pair: pair.name,
                ratio: pair.colours.0.contrast(pair.colours.1),
                needed: pair.needed,
                nearest: self.nearest(pair.choice),
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The stylesheet: the variables by day and by night.
    #[must_use]
    pub fn to_css(&self) -> String {
        let palette = self.palette();
        let scheme = |scheme: &Scheme| {
            format!(
                "--p-brand:{};--p-on-brand:{};--p-link:{};--p-link-hover:{};--p-soft:{}",
                scheme.brand, scheme.on_brand, scheme.link, scheme.link_hover, scheme.soft
            )
        };
        format!(
            ":root{{--p-brand-dark:{};--p-on-brand-dark:{};--p-accent:{};--p-on-accent:{};{}}}\
             @media (prefers-color-scheme:dark){{:root{{{}}}}}",
            palette.brand_dark,
            palette.on_brand_dark,
            palette.accent,
            palette.on_accent,
            scheme(&palette.day),
            scheme(&palette.night)
        )
    }

    /// The path of the stylesheet: it holds a hash, so that a browser may keep it for ever.
    #[must_use]
    pub fn path(&self) -> String {
        let hash = Sha256::digest(self.to_css().as_bytes());
        let digits: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("/aset/tema-{digits}.css")
    }

    fn palette(&self) -> Palette {
        let lightness = self.brand.to_oklch().lightness;
        // A menu under a header that is nearly black is told apart by being lighter.
        let other = if lightness < 0.3 { lightness + 0.12 } else { lightness * 0.75 };
        let brand_dark = self.brand.with_lightness(other);
        Palette {
            brand_dark,
            on_brand_dark: brand_dark.ink(),
            accent: self.accent,
            on_accent: self.accent.ink(),
            day: self.day(),
            night: self.night(),
        }
    }

    fn day(&self) -> Scheme {
        let soft = tint(self.brand, 0.965, 0.012);
        let link = until(self.brand, -0.01, |link| {
            [Colour::WHITE, DAY_GREY, soft].iter().all(|ground| link.contrast(*ground) >= TEXT + 1.0)
        });
        let hover = link.with_lightness(link.to_oklch().lightness * 0.7);
        Scheme { brand: self.brand, on_brand: self.brand.ink(), link, link_hover: hover, soft }
    }

    fn night(&self) -> Scheme {
        let soft = tint(self.brand, 0.265, 0.025);
        let brand = until(self.brand, 0.01, |brand| brand.contrast(NIGHT) >= PART);
        let link = until(self.brand, 0.01, |link| [NIGHT, soft].iter().all(|ground| link.contrast(*ground) >= 8.0));
        let hover = link.with_lightness((link.to_oklch().lightness + 0.1).min(0.97));
        Scheme { brand, on_brand: brand.ink(), link, link_hover: hover, soft }
    }

    /// The nearest lightness of one chosen colour with which everything can be read; where the other colour is at fault too,
    /// with which everything that rests on this one can be read.
    fn nearest(&self, choice: Choice) -> Option<Colour> {
        self.nearest_where(choice, |_| true).or_else(|| self.nearest_where(choice, |pair| pair.choice == choice))
    }

    fn nearest_where(&self, choice: Choice, matters: impl Fn(&Pair) -> bool) -> Option<Colour> {
        let own = match choice {
            Choice::Brand => self.brand,
            Choice::Accent => self.accent,
        };
        let start = own.to_oklch().lightness;
        let steps = (1..=200_u8).map(|step| f64::from(step) * 0.005);
        let tries = steps.flat_map(|step| [start - step, start + step]).filter(|tried| (0.0..=1.0).contains(tried));
        tries.map(|lightness| own.with_lightness(lightness)).find(|colour| {
            let changed = match choice {
                Choice::Brand => Self { brand: *colour, ..*self },
                Choice::Accent => Self { accent: *colour, ..*self },
            };
            changed.palette().pairs().iter().filter(|pair| matters(pair)).all(Pair::passes)
        })
    }
}

/// The same hue, very light or very dark and nearly grey: a ground for text.
fn tint(colour: Colour, lightness: f64, most_chroma: f64) -> Colour {
    let own = colour.to_oklch();
    colour::Oklch { lightness, chroma: own.chroma.min(most_chroma), ..own }.shown()
}

/// The colour itself where it is good enough, else the first good one on the way to black or white.
fn until(colour: Colour, step: f64, good: impl Fn(Colour) -> bool) -> Colour {
    let start = colour.to_oklch().lightness;
    let tries =
        (0..=100_u8).map(|count| start + step * f64::from(count)).map(|lightness| colour.with_lightness(lightness));
    let end = if step > 0.0 { Colour::WHITE } else { Colour::BLACK };
    std::iter::once(colour).chain(tries).find(|tried| good(*tried)).unwrap_or(end)
}

impl Palette {
    fn pairs(&self) -> Vec<Pair> {
        let brand = |name, one, two, needed| Pair { choice: Choice::Brand, name, colours: (one, two), needed };
        let (day, night) = (&self.day, &self.night);
        vec![
            brand("theme.pair.button", day.brand, Colour::WHITE, PART),
            brand("theme.pair.header", day.on_brand, day.brand, TEXT),
            brand("theme.pair.menu", self.on_brand_dark, self.brand_dark, TEXT),
            brand("theme.pair.link", day.link, day.soft, TEXT),
            brand("theme.pair.link", day.link, Colour::WHITE, TEXT),
            brand("theme.pair.link", day.link, DAY_GREY, TEXT),
            brand("theme.pair.link", day.link_hover, day.soft, TEXT),
            brand("theme.pair.night-button", night.brand, NIGHT, PART),
            brand("theme.pair.night-header", night.on_brand, night.brand, TEXT),
            brand("theme.pair.night-link", night.link, NIGHT, TEXT),
            brand("theme.pair.night-link", night.link, night.soft, TEXT),
            brand("theme.pair.night-link", night.link_hover, night.soft, TEXT),
            Pair {
                choice: Choice::Accent,
                name: "theme.pair.mark",
                colours: (self.accent, self.brand_dark),
                needed: PART,
            },
            Pair {
                choice: Choice::Accent,
                name: "theme.pair.strip",
                colours: (self.on_accent, self.accent),
                needed: TEXT,
            },
        ]
    }
}

impl Pair {
    fn passes(&self) -> bool {
        self.colours.0.contrast(self.colours.1) >= self.needed
    }
}

#[cfg(test)]
mod tests;
