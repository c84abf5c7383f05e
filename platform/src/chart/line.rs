//! Values over time as lines, and before and after as slopes.

use super::drawing::{Anchor, Drawing, LINE, Scale, WIDTH, spread, width, wrapped};
use super::{Frame, Limit, Table, place};
use crate::parts::SafeHtml;

const TOP: f64 = 14.0;
const PLOT: f64 = 200.0;

/// One line of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Whose values.
    pub name: String,
    /// One for each moment; nothing where there is none, which leaves a gap.
    pub values: Vec<Option<String>>,
}

/// A trend over at most twelve moments, of at most four series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What stands around it.
    pub frame: Frame,
    /// The moments: "TW I 2026".
    pub moments: Vec<String>,
    /// The lines.
    pub series: Vec<Series>,
    /// Values that mean something, drawn as broken lines.
    pub limits: Vec<Limit>,
}

struct Plot {
    left: f64,
    right: f64,
    scale: Scale,
    moments: usize,
}

impl Plot {
    fn x(&self, moment: usize) -> f64 {
        let index = f64::from(u32::try_from(moment).unwrap_or(u32::MAX));
        let last = f64::from(u32::try_from(self.moments.saturating_sub(1)).unwrap_or(u32::MAX));
        if last > 0.0 {
            self.left + (self.right - self.left) * index / last
        } else {
            f64::midpoint(self.left, self.right)
        }
    }

    fn y(&self, value: f64) -> f64 {
        TOP + PLOT * (1.0 - self.scale.part(value))
    }
}

impl Line {
    /// The chart as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        self.frame.figure(&self.drawing(), &self.table())
    }

    fn table(&self) -> Table {
        let row = |(index, moment): (usize, &String)| {
            let cells = self.series.iter().map(|series| self.frame.number(value(series, index)));
            (moment.clone(), cells.collect())
        };
        Table {
            columns: self.series.iter().map(|series| series.name.clone()).collect(),
            rows: self.moments.iter().enumerate().map(row).collect(),
        }
    }

    pub(crate) fn drawing(&self) -> Drawing {
        let mut drawing = Drawing { height: TOP + PLOT + 34.0, ..Drawing::default() };
        let values = self.series.iter().flat_map(|series| series.values.iter().flatten());
        let scale =
            Scale::of(values.chain(self.limits.iter().map(|limit| &limit.value)).filter_map(|text| place(text)));
        let ticks = scale.ticks();
        let left =
            ticks.iter().map(|(_, text)| width(&self.frame.language.number(text))).fold(0.0, f64::max).min(90.0) + 8.0;
        let several = self.series.len() > 1;
        let plot = Plot {
            left: left + 8.0,
            right: WIDTH - if several { 122.0 } else { 66.0 },
            scale,
            moments: self.moments.len(),
        };
        for (value, text) in &ticks {
            let y = plot.y(*value);
            drawing.stroke((plot.left - 4.0, y), (plot.right, y), "c-grid");
            let text = self.frame.language.number(text);
            drawing.lines(left, y + 5.0, Anchor::End, "c-small", &wrapped(&text, left, 1));
        }
        self.moments(&mut drawing, &plot);
        self.limits(&mut drawing, &plot);
        for (index, series) in self.series.iter().enumerate() {
            one(&mut drawing, &plot, index, series);
        }
        self.labels(&mut drawing, &plot, several);
        drawing
    }

    /// As many moments as fit, always the last one.
    fn moments(&self, drawing: &mut Drawing, plot: &Plot) {
        let widest = self.moments.iter().map(|moment| width(moment)).fold(1.0, f64::max).min(110.0) + 8.0;
        let gap = if self.moments.len() > 1 { plot.x(1) - plot.x(0) } else { WIDTH };
        let every =
            (1..=self.moments.len().max(1)).find(|every| gap * f64::from(u32::try_from(*every).unwrap_or(1)) >= widest);
        let every = every.unwrap_or(self.moments.len().max(1));
        for (index, moment) in self.moments.iter().enumerate() {
            if !(self.moments.len() - 1 - index).is_multiple_of(every) {
                continue;
            }
            let text = wrapped(moment, 110.0, 1);
            let half = text.first().map_or(0.0, |text| width(text)) / 2.0;
            let x = plot.x(index).clamp(half, WIDTH - half);
            drawing.lines(x, TOP + PLOT + 24.0, Anchor::Middle, "c-small", &text);
        }
    }

    fn limits(&self, drawing: &mut Drawing, plot: &Plot) {
        let places: Vec<(f64, &Limit)> =
            self.limits.iter().filter_map(|limit| Some((plot.y(place(&limit.value)?), limit))).collect();
        let wanted: Vec<(f64, f64)> = places.iter().map(|(y, _)| (*y - 9.0, LINE)).collect();
        let middles = spread(&wanted, 0.0, TOP + PLOT);
        for ((y, limit), middle) in places.iter().zip(middles) {
            drawing.stroke((plot.left - 4.0, *y), (plot.right, *y), "c-limit");
            let text = format!("{} {}", limit.label, self.frame.number(Some(&limit.value)));
            let text = wrapped(&text, plot.right - plot.left, 1);
            drawing.lines(plot.left, middle + 5.0, Anchor::Start, "c-small c-halo", &text);
        }
    }

    /// The last value of each line, with its name where there are several.
    fn labels(&self, drawing: &mut Drawing, plot: &Plot, several: bool) {
        let room = WIDTH - plot.right - 12.0;
        let mut blocks: Vec<(f64, f64, Vec<String>)> = Vec::new();
        for series in &self.series {
            let last = series
                .values
                .iter()
                .enumerate()
                .rev()
                .find_map(|(_, value)| Some((value.as_deref()?, place(value.as_deref()?)?)));
            let Some((text, number)) = last else { continue };
            let mut lines = wrapped(&self.frame.number(Some(text)), room, 1);
            if several {
                lines.extend(wrapped(&series.name, room, 2));
            }
            let count = f64::from(u32::try_from(lines.len()).unwrap_or(1));
            blocks.push((plot.y(number), count * LINE, lines));
        }
        let wanted: Vec<(f64, f64)> = blocks.iter().map(|(y, height, _)| (*y, *height)).collect();
        for ((_, height, lines), middle) in blocks.iter().zip(spread(&wanted, 0.0, TOP + PLOT + 8.0)) {
            let first = middle - height / 2.0 + 14.0;
            drawing.lines(plot.right + 12.0, first, Anchor::Start, "c-bold", &lines[..1]);
            drawing.lines(plot.right + 12.0, first + LINE, Anchor::Start, "c-small", &lines[1..]);
        }
    }
}

fn value(series: &Series, index: usize) -> Option<&str> {
    series.values.get(index).and_then(|value| value.as_deref())
}

/// The line of one series, broken where a value is missing, with a point at each value.
fn one(drawing: &mut Drawing, plot: &Plot, index: usize, series: &Series) {
    let class = index % 4;
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut points = Vec::new();
    for moment in 0..plot.moments {
        match value(series, moment).and_then(place) {
            Some(number) => run.push((plot.x(moment), plot.y(number))),
            None => points.extend(finish(drawing, &mut run, class)),
        }
    }
    points.extend(finish(drawing, &mut run, class));
    for point in points {
        drawing.point(point, class, format!("c-{class} c-fill c-edge"));
    }
}

fn finish(drawing: &mut Drawing, run: &mut Vec<(f64, f64)>, class: usize) -> Vec<(f64, f64)> {
    let points = std::mem::take(run);
    if points.len() > 1 {
        drawing.path(points.clone(), format!("c-line c-{class} c-stroke"));
    }
    points
}

/// Values before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slope {
    /// What stands around it.
    pub frame: Frame,
    /// When the first values are of: "2025".
    pub before: String,
    /// When the second values are of.
    pub after: String,
    /// The rows, at most twelve.
    pub rows: Vec<SlopeRow>,
}

/// One thing before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlopeRow {
    /// Its name.
    pub name: String,
    /// Its value before.
    pub before: String,
    /// Its value after.
    pub after: String,
}

impl Slope {
    /// The chart as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        self.frame.figure(&self.drawing(), &self.table())
    }

    fn table(&self) -> Table {
        let row = |row: &SlopeRow| {
            (row.name.clone(), [&row.before, &row.after].map(|value| self.frame.number(Some(value))).to_vec())
        };
        Table { columns: vec![self.before.clone(), self.after.clone()], rows: self.rows.iter().map(row).collect() }
    }

    pub(crate) fn drawing(&self) -> Drawing {
        let count = f64::from(u32::try_from(self.rows.len()).unwrap_or(12));
        let plot = (count * LINE * 2.0).max(140.0);
        let top = 30.0;
        let mut drawing = Drawing { height: top + plot + 12.0, ..Drawing::default() };
        let (left, right) = (92.0, 212.0);
        drawing.lines(left, 16.0, Anchor::End, "c-small", &wrapped(&self.before, left, 1));
        drawing.lines(right, 16.0, Anchor::Start, "c-small", &wrapped(&self.after, WIDTH - right, 1));
        let rows: Vec<(&SlopeRow, f64, f64)> =
            self.rows.iter().filter_map(|row| Some((row, place(&row.before)?, place(&row.after)?))).collect();
        let scale = Scale::of(rows.iter().flat_map(|(_, before, after)| [*before, *after]));
        let y = |value: f64| top + 6.0 + (plot - 12.0) * (1.0 - scale.part(value));
        let texts: Vec<Vec<String>> = rows
            .iter()
            .map(|(row, ..)| {
                wrapped(&format!("{} {}", self.frame.number(Some(&row.after)), row.name), WIDTH - right - 12.0, 2)
            })
            .collect();
        let heights = texts.iter().map(|lines| f64::from(u32::try_from(lines.len()).unwrap_or(2)) * LINE);
        let wanted: Vec<(f64, f64)> = rows.iter().map(|(_, _, after)| y(*after)).zip(heights).collect();
        let after = spread(&wanted, top - 6.0, top + plot + 6.0);
        let wanted: Vec<(f64, f64)> = rows.iter().map(|(_, before, _)| (y(*before), LINE)).collect();
        let before = spread(&wanted, top - 6.0, top + plot + 6.0);
        for (index, (row, from, to)) in rows.iter().enumerate() {
            let class = usize::from(to < from);
            drawing.path(vec![(left + 12.0, y(*from)), (right - 12.0, y(*to))], format!("c-line c-{class} c-stroke"));
            drawing.point((left + 12.0, y(*from)), class, format!("c-{class} c-fill c-edge"));
            drawing.point((right - 12.0, y(*to)), class, format!("c-{class} c-fill c-edge"));
            drawing.lines(
                left - 2.0,
                before[index] + 5.0,
                Anchor::End,
                "",
                &wrapped(&self.frame.number(Some(&row.before)), left, 1),
            );
            drawing.lines(right, after[index] - wanted_half(&texts[index]) + 14.0, Anchor::Start, "", &texts[index]);
        }
        drawing
    }
}

fn wanted_half(lines: &[String]) -> f64 {
    f64::from(u32::try_from(lines.len()).unwrap_or(2)) * LINE / 2.0
}
