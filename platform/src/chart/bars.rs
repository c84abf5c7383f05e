//! Bars of one value each: the nine elements of a survey, units from the lowest.

use super::drawing::{Anchor, Drawing, LINE, Scale, WIDTH, width, wrapped};
use super::{Frame, Limit, Table, place};
use crate::parts::SafeHtml;

/// Bars in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What stands around it.
    pub frame: Frame,
    /// What the values are: "Nilai rata-rata".
    pub values: String,
    /// The bars.
    pub bars: Vec<Bar>,
    /// The value of a full bar: "4" for answers, "100" for an index; without it, the highest value.
    pub full: Option<String>,
    /// Values that mean something, drawn across all bars.
    pub limits: Vec<Limit>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Whose value.
    pub name: String,
    /// The value; nothing draws no bar and says so.
    pub value: Option<String>,
    /// Whether this is what the title speaks of.
    pub marked: bool,
}

impl Bars {
    /// The chart as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        self.frame.figure(&self.drawing(), &self.table())
    }

    fn table(&self) -> Table {
        let row = |bar: &Bar| (bar.name.clone(), vec![self.frame.number(bar.value.as_deref())]);
        Table { columns: vec![self.values.clone()], rows: self.bars.iter().map(row).collect() }
    }

    pub(crate) fn drawing(&self) -> Drawing {
        let mut drawing = Drawing::default();
        let texts: Vec<String> = self.bars.iter().map(|bar| self.frame.number(bar.value.as_deref())).collect();
        let column = texts.iter().map(|text| width(text) * 1.1).fold(24.0, f64::max).min(150.0);
        let room = WIDTH - column - 10.0;
        let numbers = self.bars.iter().filter_map(|bar| bar.value.as_deref().and_then(place));
        let full = self.full.as_deref().and_then(place).filter(|full| *full > 0.0);
        let scale = match full {
            Some(full) => Scale { low: 0.0, high: full, step: full },
            None => Scale::from_zero(numbers),
        };
        let limits: Vec<(f64, &Limit)> =
            self.limits.iter().filter_map(|limit| Some((room * scale.part(place(&limit.value)?), limit))).collect();
        let mut y = 4.0;
        for (x, limit) in &limits {
            let text = format!("{} {}", limit.label, self.frame.number(Some(&limit.value)));
            let lines = wrapped(&text, WIDTH - 4.0, 1);
            let half = lines.first().map_or(0.0, |line| width(line)) / 2.0;
            drawing.lines(x.clamp(half, (WIDTH - half).max(half)), y + 13.0, Anchor::Middle, "c-small", &lines);
            y += LINE;
        }
        for (bar, text) in self.bars.iter().zip(&texts) {
            let lines = wrapped(&bar.name, WIDTH - 4.0, 2);
            drawing.lines(0.0, y + 15.0, Anchor::Start, if bar.marked { "c-bold" } else { "" }, &lines);
            y += LINE * f64::from(u32::try_from(lines.len()).unwrap_or(2)) + 4.0;
            drawing.block((0.0, y), (room, 14.0), "c-track");
            if let Some(value) = bar.value.as_deref().and_then(place) {
                drawing.block(
                    (0.0, y),
                    (room * scale.part(value), 14.0),
                    if bar.marked { "c-1 c-fill" } else { "c-0 c-fill" },
                );
            }
            // Across each bar and not between them, where the names stand.
            for (x, _) in &limits {
                drawing.stroke((*x, y - 3.0), (*x, y + 17.0), "c-gap");
                drawing.stroke((*x, y - 3.0), (*x, y + 17.0), "c-mark");
            }
            drawing.lines(WIDTH, y + 12.0, Anchor::End, "c-bold", &wrapped(text, column + 10.0, 1));
            y += 24.0;
        }
        drawing.height = y;
        drawing
    }
}
