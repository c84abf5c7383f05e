//! The cover of a report and the strip that opens a result sheet, with an ornament after the kawung pattern: four petals
//! around a point, as on Javanese cloth since the thirteenth century. No coat of arms: agencies add their own letterhead.

use crate::chart::stack;
use crate::compose::{Composer, heading};
use crate::flow::{Layer, Sheet};
use crate::mark::{Mark, Shape};
use crate::parts::Outcome;
use crate::ruler::tone_sign;
use crate::running::beginning;
use crate::style::{
    BODY, DEEP, DEEP_LIGHT, Face, GOLD, HAIRLINE, INK, LABEL, MARGIN, MEASURE, MUTED, PAGE_WIDTH, SECTION, Style, WHITE,
};
use crate::text::Line;
use krilla::tagging::Tag;
use rules::phrase::Phrase;
use std::rc::Rc;

/// What a cover or strip says.
pub(crate) struct Front<'a> {
    pub(crate) agency: &'a str,
    pub(crate) title: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) period: &'a str,
    pub(crate) outcome: &'a Outcome,
    /// Label and value, at most four.
    pub(crate) facts: Vec<(String, String)>,
    /// A line at the foot: date and instrument.
    pub(crate) foot: String,
}

/// Height of the dark part of the cover.
const FIELD: f32 = 480.0;
/// Side of one square of the ornament.
const TILE: f32 = 48.0;

impl Composer {
    /// The cover page.
    pub(crate) fn cover(&mut self, front: &Front<'_>) -> Sheet {
        let mut sheet = Sheet { bare: true, ..Sheet::default() };
        let mut field: Vec<Mark> = vec![Shape::rectangle(0.0, 0.0, PAGE_WIDTH, FIELD, DEEP).into()];
        field.extend(kawung((PAGE_WIDTH - 4.0 * TILE, 0.0), TILE, 4, 10));
        field.push(Shape::rectangle(0.0, FIELD, PAGE_WIDTH, 4.0, GOLD).into());
        let mut layers = vec![Layer::decoration(field)];
        self.cover_titles(front, &mut layers);
        self.cover_result(front, &mut layers);
        sheet.place(&mut self.tree, 0, layers, (0.0, 0.0));
        sheet
    }

    fn cover_titles(&mut self, front: &Front<'_>, layers: &mut Vec<Layer>) {
        let white = BODY.coloured(WHITE);
        let width = MEASURE - 96.0;
        let agency = self.fitted(front.agency, &[white.faced(Face::Strong).sized(12.5, 17.0)], width, 3);
        let display = SECTION.coloured(WHITE);
        let sizes = [display.sized(35.0, 41.0), display.sized(29.0, 35.0), display.sized(22.0, 27.0)];
        let title = self.balanced(front.title, &sizes, width, 4);
        let sizes = [white.faced(Face::Strong).sized(16.0, 22.0), white.faced(Face::Strong).sized(12.5, 17.0)];
        let unit = self.balanced(front.unit, &sizes, width, 4);
        let period = self.fitted(front.period, &[white.sized(12.5, 17.0)], width, 2);
        if front.agency != front.unit {
            let node = self.element(Tag::P);
            layers.push(Layer::of(node, stack(&agency, MARGIN, 62.0).0));
        }
        // Title, unit and period stand on the foot of the field, however many lines they take.
        let height = |lines: &[Rc<Line>]| lines.iter().map(|line| line.height).sum::<f32>();
        let mut y = FIELD - 44.0 - height(&period) - 6.0 - height(&unit) - 26.0 - height(&title);
        let node = self.element(heading(1, front.title));
        let (marks, below) = stack(&title, MARGIN, y);
        layers.push(Layer::of(node, marks));
        y = below + 12.0;
        layers.push(Layer::decoration(vec![Shape::rectangle(MARGIN, y, 44.0, 3.0, GOLD).into()]));
        y += 14.0;
        for lines in [unit, period] {
            let node = self.element(Tag::P);
            let (marks, below) = stack(&lines, MARGIN, y);
            layers.push(Layer::of(node, marks));
            y = below + 6.0;
        }
    }

    fn cover_result(&mut self, front: &Front<'_>, layers: &mut Vec<Layer>) {
        let mut y = FIELD + 40.0;
        let node = self.element(Tag::P);
        let name = self.fitted(&front.outcome.name, &[BODY.coloured(MUTED).sized(11.0, 15.0)], MEASURE, 2);
        let (marks, below) = stack(&name, MARGIN, y);
        layers.push(Layer::of(node, marks));
        y = below + 2.0;
        let display = SECTION.coloured(DEEP);
        let value = self.language.number(&front.outcome.value);
        let sizes = [display.sized(82.0, 86.0), display.sized(44.0, 50.0), display.sized(20.0, 24.0)];
        let value = self.fitted(&value, &sizes, MEASURE * 0.6, 1);
        let width = value.first().map_or(0.0, |line| line.width);
        let node = self.element(Tag::P);
        let (marks, below) = stack(&value, MARGIN - 3.0, y);
        layers.push(Layer::of(node, marks));
        let room = MEASURE - width - 26.0;
        self.category(front.outcome, (MARGIN + width + 26.0, (y + below) / 2.0), room, layers);
        self.facts(&front.facts, (MARGIN, below + 22.0), MEASURE, layers);
        let node = self.element(Tag::P);
        let foot = self.fitted(&front.foot, &[LABEL], MEASURE, 3);
        let height: f32 = foot.iter().map(|line| line.height).sum();
        layers.push(Layer::of(node, stack(&foot, MARGIN, 790.0 - height).0));
    }

    /// The category's sign with its words, vertically around `middle`.
    pub(crate) fn category(&mut self, outcome: &Outcome, (x, middle): (f32, f32), room: f32, layers: &mut Vec<Layer>) {
        let room = (room - 30.0).max(40.0);
        let strong = SECTION.coloured(INK);
        let above = self.say(
            &Phrase::new("category")
                .with("kind", self.category_name(outcome))
                .with("category", outcome.category.as_str()),
        );
        let above = if outcome.label.is_empty() { String::new() } else { above };
        let below = if outcome.label.is_empty() { &outcome.category } else { &outcome.label };
        let small = self.fitted(&above, &[BODY.coloured(MUTED).sized(11.0, 15.0)], room, 2);
        let large = self.fitted(below, &[strong.sized(21.0, 26.0), strong.sized(14.0, 18.0)], room, 3);
        let height: f32 = small.iter().chain(&large).map(|line| line.height).sum();
        layers.push(Layer::decoration(vec![tone_sign(outcome.tone, x + 10.0, middle, 10.0)]));
        let node = self.element(Tag::P);
        let (mut marks, next) = stack(&small, x + 30.0, middle - height / 2.0);
        marks.extend(stack(&large, x + 30.0, next).0);
        layers.push(Layer::of(node, marks));
    }

    /// Facts side by side under a hairline; gives the height they take.
    pub(crate) fn facts(
        &mut self,
        facts: &[(String, String)],
        (x, y): (f32, f32),
        width: f32,
        layers: &mut Vec<Layer>,
    ) -> f32 {
        let room = width / facts.len().max(1) as f32;
        layers.push(Layer::decoration(vec![Shape::rectangle(x, y, width, 0.6, HAIRLINE).into()]));
        let mut deepest: f32 = y;
        for (index, (label, value)) in facts.iter().enumerate() {
            let left = x + room * index as f32;
            let label = self.fitted(label, &[LABEL], room - 12.0, 2);
            let strong = BODY.faced(Face::Strong);
            let sizes = [strong.sized(13.0, 17.0), strong.sized(10.0, 13.5), strong.sized(8.5, 11.5)];
            let value = self.fitted(value, &sizes, room - 12.0, 3);
            let node = self.element(Tag::P);
            let (mut marks, below) = stack(&label, left, y + 10.0);
            let (values, below) = stack(&value, left, below + 2.0);
            marks.extend(values);
            layers.push(Layer::of(node, marks));
            deepest = deepest.max(below);
        }
        deepest - y
    }

    /// `words` in the first of `styles` that needs no more than `most` lines; in the last one the rest is cut.
    pub(crate) fn fitted(&mut self, words: &str, styles: &[Style], width: f32, most: usize) -> Vec<Rc<Line>> {
        let words = beginning(words, most.saturating_mul(150));
        let mut lines = Vec::new();
        for style in styles {
            lines = self.setter.set(&[(words, *style)], width);
            let widest = words.split_whitespace().map(|word| self.setter.line(word, *style).width).fold(0.0, f32::max);
            if lines.len() <= most && widest <= width {
                return lines;
            }
        }
        let Some(style) = styles.last().filter(|_| lines.len() > most) else { return lines };
        // What does not fit ends with an ellipsis, so that nobody takes the rest for the whole.
        let kept = lines[most.saturating_sub(1)].range.end;
        let kept: String = lines[0].text[..kept].trim_end().to_owned();
        let shorter: String = kept.chars().take(kept.chars().count().saturating_sub(2)).collect();
        let mut lines = self.setter.set(&[(&format!("{}…", shorter.trim_end()), *style)], width);
        lines.truncate(most);
        lines
    }

    /// As [`Composer::fitted`], with lines of about equal length, as titles want.
    pub(crate) fn balanced(&mut self, words: &str, styles: &[Style], width: f32, most: usize) -> Vec<Rc<Line>> {
        let lines = self.fitted(words, styles, width, most);
        let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        let Some(style) = styles.iter().find(|style| style.size == lines.first().map_or(0.0, |line| line.size()))
        else {
            return lines;
        };
        if lines.len() < 2 {
            return lines;
        }
        let (mut narrow, mut wide) = (widest * 0.4, widest + 0.1);
        for _ in 0..8 {
            let middle = (narrow + wide) / 2.0;
            match self.fitted(words, &[*style], middle, usize::MAX).len() <= lines.len() {
                true => wide = middle,
                false => narrow = middle,
            }
        }
        self.fitted(words, &[*style], wide, most)
    }

    /// "Mutu pelayanan", "Predikat", "Zona", or plainly "Kategori".
    pub(crate) fn category_name(&self, outcome: &Outcome) -> String {
        if outcome.category_name.is_empty() { self.word("category_name") } else { outcome.category_name.clone() }
    }

    /// The strip that opens a result sheet.
    pub(crate) fn opening_strip(&mut self, front: &Front<'_>) {
        let height = 132.0;
        let ground = (0.0, 0.0, MEASURE, height);
        let mut field: Vec<Mark> = vec![Shape::rectangle(ground.0, ground.1, ground.2, ground.3, DEEP).into()];
        field.extend(kawung((MEASURE - 3.0 * 44.0, 0.0), 44.0, 3, 3));
        field.push(Shape::rectangle(0.0, height, MEASURE, 3.0, GOLD).into());
        let mut layers = vec![Layer::decoration(field)];
        let (white, width) = (BODY.coloured(WHITE), MEASURE - 150.0);
        let agency = self.fitted(front.agency, &[white.faced(Face::Strong).sized(9.5, 13.0)], width, 1);
        let display = SECTION.coloured(WHITE);
        let title = self.balanced(
            front.title,
            &[display.sized(22.0, 26.0), display.sized(16.0, 20.0), display.sized(12.0, 15.0)],
            width,
            2,
        );
        let subject = format!("{} · {}", front.unit, front.period);
        let subject = self.fitted(&subject, &[white.sized(9.5, 13.0)], width, 2);
        let mut y = 18.0;
        for (index, lines) in [agency, title, subject].into_iter().enumerate() {
            let node = if index == 1 { self.element(heading(1, front.title)) } else { self.element(Tag::P) };
            let (marks, below) = stack(&lines, 18.0, y);
            layers.push(Layer::of(node, marks));
            y = below + 8.0;
        }
        self.strip(0.0, height + 3.0, layers);
    }
}

/// Petals of a field of `columns` by `rows` squares with side `tile` from `x`, `y` on.
fn kawung((x, y): (f32, f32), tile: f32, columns: u8, rows: u8) -> Vec<Mark> {
    let mut marks = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (left, top) = (x + f32::from(column) * tile, y + f32::from(row) * tile);
            let middle = (left + tile / 2.0, top + tile / 2.0);
            for (dx, dy) in [(0.0, 0.0), (tile, 0.0), (0.0, tile), (tile, tile)] {
                let corner = (left + dx, top + dy);
                let inward =
                    |share: f32| (middle.0 + (corner.0 - middle.0) * share, middle.1 + (corner.1 - middle.1) * share);
                marks.push(Shape::petal(inward(0.10), inward(0.94), DEEP_LIGHT).into());
            }
            marks.push(Shape::circle(middle.0, middle.1, 1.6, DEEP_LIGHT).into());
        }
    }
    marks
}
