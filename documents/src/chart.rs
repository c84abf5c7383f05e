//! Vector charts: bars of elements, shares of answers, a line of periods. Values are written beside the marks.

use crate::compose::{Composer, Drawing};
use crate::mark::{Mark, Shape};
use crate::style::{CELL, Colour, DEEP, Face, HAIRLINE, INK, LABEL, MEASURE, MUTED, NOTE, TEAL, TRACK, WHITE, WINE};
use crate::text::{Line, Typesetter};
use std::rc::Rc;

/// One bar.
pub(crate) struct Bar {
    pub(crate) code: String,
    pub(crate) name: String,
    /// The value as printed.
    pub(crate) value: String,
    /// 0 to 1.
    pub(crate) share: f32,
    /// Darker, with a mark before it.
    pub(crate) stressed: bool,
}

/// Width of the names beside bars.
const NAMES: f32 = 190.0;
/// Width of the values behind bars.
const VALUES: f32 = 38.0;
/// Colours of answers, weakest first; neighbours differ in lightness as well.
const ANSWERS: [Colour; 4] = [WINE, Colour(0xf4, 0xda, 0xae), Colour(0x82, 0xbf, 0xb3), TEAL];

/// Name in its lines, with the code before it.
fn names(setter: &mut Typesetter, code: &str, name: &str) -> Vec<Rc<Line>> {
    let code = if code.is_empty() { String::new() } else { format!("{code}  ") };
    setter.set(&[(&code, CELL.faced(Face::Strong).coloured(DEEP)), (name, CELL)], NAMES - 16.0)
}

/// Lines below each other; gives where they end.
pub(crate) fn stack(lines: &[Rc<Line>], x: f32, y: f32) -> (Vec<Mark>, f32) {
    let mut top = y;
    let mut marks = Vec::with_capacity(lines.len());
    for line in lines {
        marks.push(Mark::text(x, top, line));
        top += line.height;
    }
    (marks, top)
}

fn height_of(lines: &[Rc<Line>]) -> f32 {
    lines.iter().map(|line| line.height).sum()
}

impl Composer {
    /// Horizontal bars in the given order.
    pub(crate) fn bars(&mut self, bars: &[Bar]) -> Drawing {
        let room = MEASURE - NAMES - VALUES;
        let (mut y, mut marks) = (0.0, Vec::new());
        for bar in bars {
            let lines = names(&mut self.setter, &bar.code, &bar.name);
            let height = height_of(&lines).max(CELL.leading) + 7.0;
            let middle = y + height / 2.0;
            let colour = if bar.stressed { DEEP } else { TEAL };
            if bar.stressed {
                let (x, s) = (4.0, 3.2);
                let down = [(x - s, middle - s * 0.8), (x + s, middle - s * 0.8), (x, middle + s)];
                marks.push(Shape::polygon(&down, DEEP).into());
            }
            marks.extend(stack(&lines, 12.0, y + (height - height_of(&lines)) / 2.0).0);
            marks.push(Shape::rectangle(NAMES, middle - 5.0, room, 10.0, TRACK).into());
            let filled = (room * bar.share.clamp(0.0, 1.0)).max(0.01);
            marks.push(Shape::rectangle(NAMES, middle - 5.0, filled, 10.0, colour).into());
            let value = self.setter.line(&bar.value, CELL.faced(Face::Strong).tabular());
            marks.push(Mark::text(MEASURE - value.width, middle - value.height / 2.0, &value));
            y += height;
        }
        Drawing { height: y, marks }
    }

    /// Bars of equal length cut by the answers' shares, with a key above.
    pub(crate) fn answer_shares(&mut self, rows: &[(String, String, Vec<u64>)], answers: &[String]) -> Drawing {
        let (mut y, mut marks) = self.key(answers);
        let room = MEASURE - NAMES;
        for (code, name, counts) in rows {
            let lines = names(&mut self.setter, code, name);
            let height = height_of(&lines).max(CELL.leading) + 7.0;
            marks.extend(stack(&lines, 12.0, y + (height - height_of(&lines)) / 2.0).0);
            marks.extend(self.one_bar_of_shares(counts, (NAMES, y + height / 2.0 - 6.5, room)));
            y += height;
        }
        Drawing { height: y, marks }
    }

    fn one_bar_of_shares(&mut self, counts: &[u64], (x, y, room): (f32, f32, f32)) -> Vec<Mark> {
        let total = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let mut marks = vec![Mark::from(Shape::rectangle(x, y, room, 13.0, TRACK))];
        let mut left = x;
        for (index, count) in counts.iter().enumerate() {
            let permille = permille(*count, total);
            let width = if total == 0 { 0.0 } else { room * (*count as f32 / total as f32) };
            if width > 0.0 {
                let colour = answer_colour(index, counts.len());
                marks.push(Shape::rectangle(left, y, width, 13.0, colour).outlined(WHITE, 0.8).into());
                let words = self.language.number(&format!("{}.{}", permille / 10, permille % 10));
                let style = LABEL.sized(7.25, 10.0).coloured(if is_dark(colour) { WHITE } else { INK });
                let label = self.setter.line(&words, style);
                if label.width + 5.0 < width {
                    marks.push(Mark::text(left + (width - label.width) / 2.0, y + 1.5, &label));
                }
            }
            left += width;
        }
        marks
    }

    /// The key of the answers' colours; gives the height it takes.
    fn key(&mut self, answers: &[String]) -> (f32, Vec<Mark>) {
        let (mut x, mut y, mut marks) = (12.0, 0.0, Vec::new());
        for (index, answer) in answers.iter().enumerate() {
            let words =
                if answer.trim().is_empty() { (index + 1).to_string() } else { format!("{}  {answer}", index + 1) };
            let lines = self.setter.set(&[(&words, LABEL.coloured(INK))], MEASURE - 40.0);
            let Some(line) = lines.first() else { continue };
            if x > 12.0 && x + line.width + 14.0 > MEASURE {
                (x, y) = (12.0, y + 13.0);
            }
            marks.push(Shape::rectangle(x, y + 1.5, 8.0, 8.0, answer_colour(index, answers.len())).into());
            marks.push(Mark::text(x + 12.0, y, line));
            x += line.width + 28.0;
        }
        (y + 17.0, marks)
    }

    /// A line over periods with its values above the points.
    pub(crate) fn line_of_periods(&mut self, points: &[(String, String, f32)], lowest: f32, highest: f32) -> Drawing {
        let (left, top, bottom) = (34.0, 16.0, 146.0);
        let step = (MEASURE - left - 20.0) / points.len().max(1) as f32;
        let span = (highest - lowest).max(0.01);
        let level = |value: f32| bottom - (bottom - top) * ((value - lowest) / span).clamp(0.0, 1.0);
        let mut marks = Vec::new();
        for fifth in 0..=4_u8 {
            let value = lowest + span * f32::from(fifth) / 4.0;
            let y = level(value);
            marks.push(Shape::rectangle(left, y, MEASURE - left, 0.5, HAIRLINE).into());
            let words = self.language.number(&format!("{value:.0}"));
            let label = self.setter.line(&words, LABEL.coloured(MUTED));
            marks.push(Mark::text(left - 8.0 - label.width, y - label.height / 2.0, &label));
        }
        let at: Vec<(f32, f32)> = points
            .iter()
            .enumerate()
            .map(|(index, (_, _, value))| (left + step * (index as f32 + 0.5), level(*value)))
            .collect();
        if at.len() > 1 {
            marks.push(Shape::polyline(&at, TEAL, 1.8).into());
        }
        let mut foot: f32 = 0.0;
        for ((period, value, _), &(x, y)) in points.iter().zip(&at) {
            let radius = if x == at[at.len() - 1].0 { 4.6 } else { 3.4 };
            marks.push(Shape::circle(x, y, radius, if radius > 4.0 { DEEP } else { TEAL }).outlined(WHITE, 1.2).into());
            let value = self.setter.line(value, CELL.faced(Face::Strong));
            marks.push(Mark::text(x - value.width / 2.0, y - 18.0, &value));
            let lines = self.setter.set(&[(period, NOTE)], (step - 6.0).max(20.0));
            let mut under = bottom + 6.0;
            for line in lines.iter().take(3) {
                marks.push(Mark::text(x - line.width / 2.0, under, line));
                under += line.height;
            }
            foot = foot.max(under);
        }
        Drawing { height: foot.max(bottom + 10.0), marks }
    }
}

/// `count` of `total` in thousandths, half up.
pub(crate) fn permille(count: u64, total: u64) -> u128 {
    match total {
        0 => 0,
        _ => (u128::from(count) * 1000 + u128::from(total) / 2) / u128::from(total),
    }
}

fn answer_colour(index: usize, answers: usize) -> Colour {
    match answers {
        0..=4 => ANSWERS[(index + 4 - answers.max(1)).min(3)],
        _ => ANSWERS[(index * 4 / answers).min(3)],
    }
}

fn is_dark(colour: Colour) -> bool {
    u32::from(colour.0) * 3 + u32::from(colour.1) * 6 + u32::from(colour.2) < 1400
}
