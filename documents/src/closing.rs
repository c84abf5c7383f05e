//! The parts that end every document: steps with their articles, references, signatures, and the verification block.

use crate::compose::{Composer, HALF_LINE};
use crate::flow::Layer;
use crate::mark::{Mark, Shape};
use crate::parts::{GenericTable, ReportStep, Signature, Verification};
use crate::qr::qr_marks;
use crate::ruler::magnitude;
use crate::style::{BODY, CELL, CODE, Face, GOLD_DARK, HAIRLINE, INK, LABEL, MEASURE, MIST, NOTE, SUBSECTION};
use crate::table::{Cell, Column, Row, Table};
use crate::tags::attribute;
use crate::text::Line;
use crate::words::long_date;
use krilla::tagging::Tag;
use rules::phrase::Phrase;
use std::rc::Rc;

/// Room for a signature and a stamp in points.
const SIGNING_ROOM: f32 = 58.0;
/// Steps deeper than this are set no further in.
const DEEPEST: usize = 4;

impl Composer {
    /// The calculation as a table: step, result, article.
    pub(crate) fn steps(&mut self, steps: &[ReportStep]) {
        let columns = vec![
            Column::words(self.word("steps.number"), 0.1),
            Column::words(self.word("steps.step"), 0.5).naming_rows(),
            Column::numbers(self.word("steps.output"), 0.16),
            Column::words(self.word("steps.citation"), 0.26),
        ];
        let mut rows = Vec::new();
        self.step_rows(steps, "", 0, &mut rows);
        let caption = self.word("steps.caption");
        self.table(&Table { caption, columns, rows });
    }

    fn step_rows(&self, steps: &[ReportStep], above: &str, depth: usize, rows: &mut Vec<Row>) {
        for (index, step) in steps.iter().enumerate() {
            let number = if above.is_empty() { (index + 1).to_string() } else { format!("{above}.{}", index + 1) };
            let indent = depth.min(DEEPEST) as f32 * 8.0;
            let what = if depth == 0 { Cell::strong(&step.what) } else { Cell::plain(&step.what) };
            let cells = vec![
                Cell { texts: vec![(number.clone(), NOTE)], ..Cell::default() },
                what.below(&step.formula).indented(indent),
                Cell::strong(self.number_or_words(&step.output)),
                Cell { texts: vec![(step.citation.clone(), NOTE)], ..Cell::default() },
            ];
            rows.push(Row { cells, ground: (depth == 0 && !step.children.is_empty()).then_some(MIST), at_least: 0.0 });
            self.step_rows(&step.children, &number, depth + 1, rows);
        }
    }

    /// A canonical number as the language writes it; other words as they stand.
    pub(crate) fn number_or_words(&self, text: &str) -> String {
        let is_number =
            magnitude(text).is_some() && text.chars().all(|sign| sign.is_ascii_digit() || ".-".contains(sign));
        if is_number { self.language.number(text) } else { text.to_owned() }
    }

    /// A table of the caller's; columns of numbers stand right.
    pub(crate) fn generic_table(&mut self, table: &GenericTable) {
        let count = table.columns.len().max(table.rows.iter().map(Vec::len).max().unwrap_or(0)).max(1);
        let numeric = |column: usize| {
            let mut cells =
                table.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
            column > 0
                && cells.peek().is_some()
                && cells.all(|cell| magnitude(cell.trim_end_matches(['%', ' '])).is_some())
        };
        let columns = (0..count)
            .map(|index| {
                let title = table.columns.get(index).cloned().unwrap_or_default();
                let longest = table.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.chars().count()).max();
                let widest = longest.unwrap_or(0).max(title.chars().count()).clamp(7, 34);
                let column = if numeric(index) {
                    Column::numbers(title, widest as f32)
                } else {
                    Column::words(title, widest as f32)
                };
                if index == 0 { column.naming_rows() } else { column }
            })
            .collect();
        let rows = table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| Cell::plain(self.number_or_words(cell))).collect::<Vec<_>>().into())
            .collect();
        self.table(&Table { caption: table.title.clone(), columns, rows });
        if !table.note.is_empty() {
            self.note(&table.note);
        }
    }

    /// What a reader must know before trusting the figures; nothing when there is nothing to say.
    pub(crate) fn warnings(&mut self, warnings: &[String]) {
        if !warnings.is_empty() {
            let title = self.word("warnings.title");
            self.notice(&format!("▲  {title}"), warnings, GOLD_DARK);
        }
    }

    /// Two blocks for signatures side by side, pair after pair; both names stand at one height.
    pub(crate) fn signatures(&mut self, signatures: &[Signature]) {
        let blank = [Signature::default(), Signature::default()];
        let signatures = if signatures.is_empty() { &blank[..] } else { signatures };
        let width = MEASURE / 2.0 - 18.0;
        for pair in signatures.chunks(2) {
            let tops: Vec<Vec<Rc<Line>>> = pair.iter().map(|signature| self.signature_top(signature, width)).collect();
            let room = tops.iter().map(|lines| lines.len() as f32 * BODY.leading).fold(0.0, f32::max) + SIGNING_ROOM;
            let (mut layers, mut height) = (Vec::new(), room);
            for (index, (signature, top)) in pair.iter().zip(tops).enumerate() {
                // A single signature stands at the right, as letters of state do.
                let x = if index == 1 || pair.len() == 1 { MEASURE / 2.0 + 18.0 } else { 0.0 };
                let mut marks: Vec<Mark> =
                    top.iter().enumerate().map(|(row, line)| Mark::text(x, row as f32 * BODY.leading, line)).collect();
                let (foot, below) = self.signature_foot(signature, (x, room, width));
                marks.extend(foot);
                let node = self.element(Tag::P);
                layers.push(Layer::of(node, marks));
                height = height.max(below);
            }
            self.strip(18.0, height, layers);
        }
    }

    fn signature_top(&mut self, signature: &Signature, width: f32) -> Vec<Rc<Line>> {
        let mut lines = self.cut(&or_dots(&signature.place_date, 26), BODY, width, 3);
        lines.extend(self.cut(&or_dots(&signature.role, 38), BODY, width, 6));
        lines
    }

    fn signature_foot(&mut self, signature: &Signature, (x, y, width): (f32, f32, f32)) -> (Vec<Mark>, f32) {
        let name = self.cut(&or_dots(&signature.name, 38), BODY.faced(Face::Strong), width, 4);
        let widest = name.iter().map(|line| line.width).fold(width * 0.7, f32::max);
        let (mut marks, mut y) = (Vec::new(), y);
        for line in &name {
            marks.push(Mark::text(x, y, line));
            y += line.height;
        }
        if !signature.name.trim().is_empty() {
            marks.push(Shape::rectangle(x, y + 1.0, widest, 0.6, INK).into());
        }
        if !signature.nip.is_empty() || signature.name.is_empty() {
            let nip = format!("{} {}", self.word("signature.nip"), or_dots(&signature.nip, 30));
            for line in self.cut(&nip, CELL, width, 2) {
                marks.push(Mark::text(x, y + 4.0, &line));
                y += line.height;
            }
        }
        (marks, y + 4.0)
    }

    /// QR code, line and digest in one frame that is never split.
    pub(crate) fn verification(&mut self, verification: &Verification, produced_on: &str) {
        let side = 112.0;
        let code = qr_marks(&verification.line, 10.0, 10.0, side);
        let x = if code.is_some() { side + 26.0 } else { 16.0 };
        let width = MEASURE - x - 16.0;
        let (mut layers, mut y) = (Vec::new(), 13.0);
        if let Some(marks) = code {
            let says = self.say(&Phrase::new("verification.qr").with("line", verification.line.as_str()));
            let node = self.element(Tag::Figure(Some(attribute(&says))));
            layers.push(Layer { extent: Some((side + 10.0, side + 10.0)), ..Layer::of(node, marks) });
        }
        let how = if verification.how.is_empty() { self.word("verification.how") } else { verification.how.clone() };
        let made = Phrase::new("verification.produced").with("date", long_date(produced_on, self.language));
        let (how, made) = (self.cut(&how, NOTE, width, 6), self.cut(&self.say(&made), NOTE, width, 2));
        let (line_label, digest_label) = (self.word("verification.line"), self.word("verification.digest"));
        let blocks = [
            how,
            self.cut(&line_label, LABEL, width, 1),
            self.cut(&verification.line, CODE, width, 8),
            self.cut(&digest_label, LABEL, width, 1),
            self.cut(&verification.digest, CODE, width, 6),
            made,
        ];
        for (index, lines) in blocks.iter().enumerate() {
            let node = self.element(if index == 2 || index == 4 {
                Tag::Code.into()
            } else {
                krilla::tagging::TagKind::from(Tag::P)
            });
            let mut marks = Vec::new();
            for line in lines {
                marks.push(Mark::text(x, y, line));
                y += line.height;
            }
            y += if index % 2 == 0 { 5.0 } else { 0.0 };
            layers.push(Layer::of(node, marks));
        }
        let height = (y + 8.0).max(side + 20.0);
        let frame =
            Shape::rounded(0.25, 0.25, MEASURE - 0.5, height - 0.5, 5.0, crate::style::WHITE).outlined(HAIRLINE, 0.8);
        layers.insert(0, Layer::decoration(vec![frame.into()]));
        self.strip(HALF_LINE + 4.0, height, layers);
    }

    /// At most `most` lines; what a frame cannot hold is printed elsewhere or lies in the attachment.
    pub(crate) fn cut(&mut self, words: &str, style: crate::style::Style, width: f32, most: usize) -> Vec<Rc<Line>> {
        let mut lines = self.setter.set(&[(words, style)], width);
        lines.truncate(most);
        lines
    }

    /// References as a numbered list under a title.
    pub(crate) fn citations(&mut self, citations: &[String]) {
        if !citations.is_empty() {
            let title = self.word("citations.title");
            self.subsection(&title);
            self.list(citations, true);
        }
    }

    /// A title within a frame or above a small block, in the style of sub-sections but outside the outline.
    pub(crate) fn lead(&mut self, words: &str) {
        self.styled(&[(words, SUBSECTION)], 12.0);
        self.keep_last();
    }
}

/// The text, or a dotted line to write on.
fn or_dots(text: &str, dots: usize) -> String {
    if text.trim().is_empty() { "…".repeat(dots / 2) } else { text.to_owned() }
}
