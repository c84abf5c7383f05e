//! Rows that show more than one number: ranges as dots, shares of a whole as stacked parts.

use super::drawing::{Anchor, Drawing, LINE, Scale, WIDTH, width, wrapped};
use super::{Frame, Table, place};
use crate::parts::SafeHtml;

/// From–to of several things: waiting times from the middle visitor to the eighth of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranges {
    /// What stands around it.
    pub frame: Frame,
    /// What the lower end is: "Separuh pengunjung".
    pub low: String,
    /// What the upper end is: "8 dari 10 pengunjung".
    pub high: String,
    /// The unit behind the numbers: "menit".
    pub unit: String,
    /// The rows.
    pub ranges: Vec<Range>,
}

/// One range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Whose.
    pub name: String,
    /// Its lower end.
    pub low: String,
    /// Its upper end.
    pub high: String,
}

impl Ranges {
    /// The chart as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        self.frame.figure(&self.drawing(), &self.table())
    }

    fn table(&self) -> Table {
        let heading = |end: &str| format!("{end} ({})", self.unit);
        let row = |range: &Range| {
            (range.name.clone(), [&range.low, &range.high].map(|end| self.frame.number(Some(end))).to_vec())
        };
        Table { columns: vec![heading(&self.low), heading(&self.high)], rows: self.ranges.iter().map(row).collect() }
    }

    pub(crate) fn drawing(&self) -> Drawing {
        let mut drawing = Drawing::default();
        let ends = self.ranges.iter().flat_map(|range| [&range.low, &range.high]).filter_map(|end| place(end));
        let scale = Scale::from_zero(ends);
        let words = |range: &Range| {
            let (low, high) = (self.frame.number(Some(&range.low)), self.frame.number(Some(&range.high)));
            format!("{low}–{high} {}", self.unit)
        };
        let column = self.ranges.iter().map(|range| width(&words(range)) * 1.1).fold(40.0, f64::max).min(190.0);
        let (left, right) = (8.0, WIDTH - column - 16.0);
        let x = |value: f64| left + (right - left) * scale.part(value);
        let mut y = 4.0;
        for (shape, text) in [&self.low, &self.high].into_iter().enumerate() {
            drawing.point((left, y + 8.0), shape, format!("c-{shape} c-fill c-edge"));
            drawing.lines(left + 12.0, y + 13.0, Anchor::Start, "c-small", &wrapped(text, WIDTH - 30.0, 1));
            y += LINE;
        }
        y += 4.0;
        for range in &self.ranges {
            let lines = wrapped(&range.name, WIDTH - 4.0, 2);
            drawing.lines(0.0, y + 15.0, Anchor::Start, "", &lines);
            y += LINE * f64::from(u32::try_from(lines.len()).unwrap_or(2)) + 12.0;
            drawing.stroke((left, y), (right, y), "c-grid");
            if let (Some(low), Some(high)) = (place(&range.low), place(&range.high)) {
                drawing.path(vec![(x(low), y), (x(high), y)], "c-line c-0 c-stroke");
                drawing.point((x(low), y), 0, "c-0 c-fill c-edge");
                drawing.point((x(high), y), 1, "c-1 c-fill c-edge");
            }
            drawing.lines(WIDTH, y + 5.0, Anchor::End, "c-bold", &wrapped(&words(range), column + 12.0, 1));
            y += 14.0;
        }
        drawing.height = y + 4.0;
        drawing
    }
}

/// How a whole divides: the answers 1 to 4 to each question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stacked {
    /// What stands around it.
    pub frame: Frame,
    /// The parts from first to last, at most five: "Tidak sesuai" … "Sangat sesuai".
    pub parts: Vec<String>,
    /// The rows.
    pub rows: Vec<StackedRow>,
}

/// One whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackedRow {
    /// Its name.
    pub name: String,
    /// How many fall into each part.
    pub counts: Vec<u64>,
}

impl StackedRow {
    /// Whole percents that add up to one hundred: what rounding leaves goes to the largest remainders. All zero when there
    /// is nothing to divide.
    pub(crate) fn percents(&self) -> Vec<u64> {
        let total: u128 = self.counts.iter().map(|count| u128::from(*count)).sum();
        if total == 0 {
            return vec![0; self.counts.len()];
        }
        let scaled = |count: &u64| u128::from(*count) * 100;
        let mut percents: Vec<u64> =
            self.counts.iter().map(|count| u64::try_from(scaled(count) / total).unwrap_or(100)).collect();
        let mut order: Vec<usize> = (0..self.counts.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(scaled(&self.counts[*index]) % total));
        let missing = 100 - percents.iter().sum::<u64>();
        for index in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
            percents[index] += 1;
        }
        percents
    }
}

impl Stacked {
    /// The chart as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        self.frame.figure(&self.drawing(), &self.table())
    }

    fn table(&self) -> Table {
        let cell = |(count, percent): (&u64, u64)| format!("{} ({percent}%)", self.frame.language.count(*count));
        let row = |row: &StackedRow| (row.name.clone(), row.counts.iter().zip(row.percents()).map(cell).collect());
        Table { columns: self.parts.clone(), rows: self.rows.iter().map(row).collect() }
    }

    pub(crate) fn drawing(&self) -> Drawing {
        let mut drawing = Drawing::default();
        let mut y = self.legend(&mut drawing);
        for row in &self.rows {
            let lines = wrapped(&row.name, WIDTH - 4.0, 2);
            drawing.lines(0.0, y + 15.0, Anchor::Start, "", &lines);
            y += LINE * f64::from(u32::try_from(lines.len()).unwrap_or(2)) + 4.0;
            let mut x = 0.0;
            for (index, percent) in row.percents().into_iter().enumerate() {
                let part = WIDTH * f64::from(u32::try_from(percent).unwrap_or(100)) / 100.0;
                drawing.block((x, y), (part, 24.0), format!("c-part-{} c-edge", index % 5 + 1));
                let text = format!("{percent}%");
                if part > width(&text) + 6.0 {
                    let ink = if matches!(index % 5, 1 | 2) { "c-on-light" } else { "c-on-dark" };
                    drawing.words((x + part / 2.0, y + 17.0), Anchor::Middle, ink, text);
                }
                x += part;
            }
            y += 32.0;
        }
        drawing.height = y;
        drawing
    }

    /// The names of the parts with their colours, as many in a line as fit; returns where the rows begin.
    fn legend(&self, drawing: &mut Drawing) -> f64 {
        let (mut x, mut y) = (0.0, 4.0);
        for (index, part) in self.parts.iter().enumerate() {
            let text = wrapped(part, WIDTH - 24.0, 1).concat();
            let wide = 20.0 + width(&text) + 14.0;
            if x > 0.0 && x + wide - 14.0 > WIDTH {
                (x, y) = (0.0, y + LINE + 2.0);
            }
            drawing.block((x, y), (14.0, 14.0), format!("c-part-{} c-edge", index % 5 + 1));
            drawing.words((x + 20.0, y + 12.0), Anchor::Start, "c-small", text);
            x += wide;
        }
        y + LINE + 8.0
    }
}
