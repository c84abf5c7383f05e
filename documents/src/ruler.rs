//! The scale of categories drawn as a ruler, and the sign that each category carries.

use crate::compose::{Composer, Drawing};
use crate::mark::{Mark, Shape};
use crate::parts::{Band, Outcome, Tone};
use crate::style::{Colour, DEEP, Face, GOLD, GOLD_DARK, INK, LABEL, MEASURE, Style, TEAL, WHITE, WINE};

/// Ground and text of a tone.
pub(crate) const fn tone_colours(tone: Tone) -> (Colour, Colour) {
    match tone {
        Tone::Good => (TEAL, WHITE),
        Tone::Middle => (GOLD, INK),
        Tone::Poor => (WINE, WHITE),
    }
}

/// The shape of a tone, so that colour is never alone: circle, triangle, square.
pub(crate) fn tone_sign(tone: Tone, x: f32, y: f32, radius: f32) -> Mark {
    match tone {
        Tone::Good => Shape::circle(x, y, radius, TEAL).into(),
        Tone::Middle => {
            let (w, h) = (radius * 1.1, radius * 0.95);
            Shape::polygon(&[(x - w, y + h), (x, y - h), (x + w, y + h)], GOLD).outlined(GOLD_DARK, 0.8).into()
        }
        Tone::Poor => {
            let side = radius * 0.9;
            Shape::rectangle(x - side, y - side, 2.0 * side, 2.0 * side, WINE).into()
        }
    }
}

/// A number for drawing only; text that is no number counts as nothing.
pub(crate) fn magnitude(canonical: &str) -> Option<f32> {
    canonical.trim().replace(',', ".").parse::<f32>().ok().filter(|value| value.is_finite())
}

/// Whether `outcome` lies in `band`, by its category's name.
pub(crate) fn reached(band: &Band, outcome: &Outcome) -> bool {
    !band.category.is_empty() && band.category == outcome.category
}

/// "88,31–100,00".
pub(crate) fn range_text(band: &Band, composer: &Composer) -> String {
    let number = |canonical: &str| composer.language.number(canonical);
    match (band.from.is_empty(), band.to.is_empty()) {
        (true, true) => "–".to_owned(),
        (false, false) => format!("{} – {}", number(&band.from), number(&band.to)),
        _ => format!("{}{}", number(&band.from), number(&band.to)),
    }
}

impl Composer {
    /// The bands along a line with the result marked; nothing when the bands hold no numbers.
    pub(crate) fn ruler(&mut self, bands: &[Band], outcome: &Outcome) -> Option<Drawing> {
        let mut spans: Vec<(f32, f32, &Band)> =
            bands.iter().filter_map(|band| Some((magnitude(&band.from)?, magnitude(&band.to)?, band))).collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let lowest = spans.first()?.0;
        let highest = spans.iter().map(|span| span.1).fold(lowest, f32::max);
        if highest <= lowest {
            return None;
        }
        let at = |value: f32| MEASURE * ((value - lowest) / (highest - lowest)).clamp(0.0, 1.0);
        let (top, height) = (40.0, 24.0);
        let mut marks = Vec::new();
        for (index, (from, to, band)) in spans.iter().enumerate() {
            // A band reaches to the next one's start: the scale has no gaps, only the table's two decimals have.
            let right = spans.get(index + 1).map_or(at(*to), |next| at(next.0));
            self.one_band(&mut marks, band, reached(band, outcome), (at(*from), right), (top, height));
        }
        self.boundaries(&mut marks, &spans, &at, top + height);
        if let Some(value) = magnitude(&outcome.value) {
            self.pointer(&mut marks, outcome, at(value), top);
        }
        Some(Drawing { height: top + height + 20.0, marks })
    }

    fn one_band(
        &mut self,
        marks: &mut Vec<Mark>,
        band: &Band,
        here: bool,
        (left, right): (f32, f32),
        (top, height): (f32, f32),
    ) {
        let (ground, text) = tone_colours(band.tone);
        let width = (right - left).max(0.5);
        marks.push(Shape::rectangle(left, top, width, height, ground).outlined(WHITE, 1.0).into());
        if here {
            marks.push(Shape::rectangle(left, top + height, width, 3.0, DEEP).into());
        }
        let full =
            if band.label.is_empty() { band.category.clone() } else { format!("{}  {}", band.category, band.label) };
        let style: Style = LABEL.faced(if here { Face::Strong } else { Face::Text }).coloured(text);
        for words in [full, band.category.clone()] {
            let line = self.setter.line(&words, style);
            if line.width + 6.0 <= width {
                marks.push(Mark::text(left + (width - line.width) / 2.0, top + (height - line.height) / 2.0, &line));
                return;
            }
        }
    }

    fn boundaries(
        &mut self,
        marks: &mut Vec<Mark>,
        spans: &[(f32, f32, &Band)],
        at: &impl Fn(f32) -> f32,
        bottom: f32,
    ) {
        let last = spans.last().map(|span| (span.1, span.2.to.as_str()));
        let ends = spans.iter().map(|span| (span.0, span.2.from.as_str())).chain(last);
        let mut free = f32::MIN;
        for (value, text) in ends {
            let line = self.setter.line(&self.language.number(text), LABEL);
            let x = (at(value) - line.width / 2.0).clamp(0.0, (MEASURE - line.width).max(0.0));
            if x > free {
                marks.push(Mark::text(x, bottom + 6.0, &line));
                free = x + line.width + 4.0;
            }
        }
    }

    fn pointer(&mut self, marks: &mut Vec<Mark>, outcome: &Outcome, x: f32, top: f32) {
        let words = self.language.number(&outcome.value);
        let line = self.setter.line(&words, LABEL.sized(15.0, 18.0).faced(Face::Display).coloured(DEEP));
        let left = (x - line.width / 2.0).clamp(0.0, (MEASURE - line.width).max(0.0));
        marks.push(Mark::text(left, top - 36.0, &line));
        marks.push(Shape::polygon(&[(x - 6.0, top - 12.0), (x + 6.0, top - 12.0), (x, top - 1.5)], DEEP).into());
    }
}
