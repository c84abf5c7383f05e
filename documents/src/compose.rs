//! Writing a document from top to bottom: headings, paragraphs, lists, notes and figures.

use crate::flow::{Bookmark, Layer, Piece};
use crate::mark::{Mark, Shape};
use crate::style::{BODY, COLUMN, DEEP, Face, GOLD, INK, MEASURE, MIST, NOTE, SECTION, SUBSECTION, Style, TEAL};
use crate::tags::{NodeId, Tree, attribute};
use crate::text::{Line, Typesetter};
use crate::words;
use krilla::tagging::{ListNumbering, Tag, TagKind};
use rules::phrase::{Language, Phrase};
use std::num::NonZeroU16;
use std::rc::Rc;

/// Space above a section's title in points.
const ABOVE_SECTION: f32 = 26.0;
/// Space above an ordinary paragraph in points: half a line.
pub(crate) const HALF_LINE: f32 = 7.5;

/// A drawing with its own height, as wide as the column.
pub(crate) struct Drawing {
    pub(crate) height: f32,
    pub(crate) marks: Vec<Mark>,
}

/// A document being written.
pub(crate) struct Composer {
    pub(crate) language: Language,
    pub(crate) setter: Typesetter,
    pub(crate) tree: Tree,
    pub(crate) pieces: Vec<Piece>,
    /// Place in `pieces` and element of the table of contents, when there is one.
    pub(crate) contents: Option<(usize, NodeId)>,
    sections: usize,
}

impl Composer {
    /// An empty document.
    pub(crate) fn new(language: Language) -> Self {
        Self { language, setter: Typesetter::new(), tree: Tree::new(), pieces: Vec::new(), contents: None, sections: 0 }
    }

    /// A sentence of this crate's catalogue.
    pub(crate) fn say(&self, phrase: &Phrase) -> String {
        words::catalogue().say(phrase, self.language)
    }

    /// A sentence without arguments.
    pub(crate) fn word(&self, key: &'static str) -> String {
        self.say(&Phrase::new(key))
    }

    /// A new element at the end of the document.
    pub(crate) fn element(&mut self, kind: impl Into<TagKind>) -> NodeId {
        self.tree.add(Tree::root(), kind)
    }

    /// A numbered section title.
    pub(crate) fn section(&mut self, title: &str) {
        self.sections += 1;
        let numbered = format!("{}  {title}", self.sections);
        let first = self.pieces.len();
        let node = self.element(heading(2, title));
        let number = self.setter.line(&self.sections.to_string(), SECTION.coloured(TEAL));
        let lines = self.setter.set(&[(title, SECTION)], MEASURE - 30.0);
        for (index, line) in lines.iter().enumerate() {
            let mut marks = vec![Mark::text(30.0, 0.0, line)];
            if index == 0 {
                marks.insert(0, Mark::text(0.0, 0.0, &number));
            }
            self.pieces.push(Piece {
                before: if index == 0 { ABOVE_SECTION } else { 0.0 },
                height: line.height,
                keep: true,
                layers: vec![Layer::of(node, marks)],
                ..Piece::default()
            });
        }
        let rule = Mark::from(Shape::rectangle(0.0, 5.0, 22.0, 2.0, GOLD));
        self.pieces.push(Piece {
            height: 8.0,
            keep: true,
            layers: vec![Layer::decoration(vec![rule])],
            ..Piece::default()
        });
        self.pieces[first].bookmark = Some(Bookmark { title: attribute(&numbered), level: 1 });
    }

    /// A title of the same rank without a number, for what stands before the first section.
    pub(crate) fn front_title(&mut self, title: &str) {
        let node = self.element(heading(2, title));
        let first = self.pieces.len();
        let lines = self.setter.set(&[(title, SECTION)], MEASURE);
        self.lines(node, &lines, 0.0, ABOVE_SECTION);
        self.pieces[first..].iter_mut().for_each(|piece| piece.keep = true);
        self.gold_rule();
    }

    fn gold_rule(&mut self) {
        let rule = Mark::from(Shape::rectangle(0.0, 5.0, 22.0, 2.0, GOLD));
        let layers = vec![Layer::decoration(vec![rule])];
        self.pieces.push(Piece { height: 8.0, keep: true, layers, ..Piece::default() });
    }

    /// A title within a section.
    pub(crate) fn subsection(&mut self, title: &str) {
        let first = self.pieces.len();
        let node = self.element(heading(3, title));
        let lines = self.setter.set(&[(title, SUBSECTION)], MEASURE);
        self.lines(node, &lines, 0.0, 17.0);
        for piece in &mut self.pieces[first..] {
            piece.keep = true;
        }
        self.pieces[first].bookmark = Some(Bookmark { title: attribute(title), level: 2 });
    }

    /// A paragraph of running text.
    pub(crate) fn paragraph(&mut self, words: &str) {
        self.styled(&[(words, BODY)], HALF_LINE);
    }

    /// A small note under a table or figure.
    pub(crate) fn note(&mut self, words: &str) {
        self.styled(&[(words, NOTE)], 5.0);
    }

    /// A paragraph in several styles.
    pub(crate) fn styled(&mut self, spans: &[(&str, Style)], before: f32) {
        let node = self.element(Tag::P);
        let lines = self.setter.set(spans, MEASURE);
        self.lines(node, &lines, 0.0, before);
    }

    /// The last paragraph, table or title stays with what follows.
    pub(crate) fn keep_last(&mut self) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.keep = true;
        }
    }

    /// Lines of one element, without a single line left alone on a page.
    pub(crate) fn lines(&mut self, node: NodeId, lines: &[Rc<Line>], x: f32, before: f32) {
        let count = lines.len();
        for (index, line) in lines.iter().enumerate() {
            self.pieces.push(Piece {
                before: if index == 0 { before } else { 0.0 },
                height: line.height,
                keep: count > 1 && (index == 0 || index + 2 == count),
                layers: vec![Layer::of(node, vec![Mark::text(x, 0.0, line)])],
                ..Piece::default()
            });
        }
    }

    /// A list; `ordered` numbers the items, otherwise each has a dot.
    pub(crate) fn list<S: AsRef<str>>(&mut self, items: &[S], ordered: bool) {
        let numbering = if ordered { ListNumbering::Decimal } else { ListNumbering::Disc };
        let list = self.element(Tag::L(numbering));
        let start = self.pieces.len();
        for (index, words) in items.iter().enumerate() {
            let item = self.tree.add(list, Tag::LI);
            let (label, body) = (self.tree.add(item, Tag::Lbl), self.tree.add(item, Tag::LBody));
            let sign = if ordered { format!("{}.", index + 1) } else { "•".to_owned() };
            let sign = self.setter.line(&sign, BODY.coloured(TEAL).faced(Face::Strong));
            let lines = self.setter.set(&[(words.as_ref(), BODY)], MEASURE - 18.0);
            let first = self.pieces.len();
            self.lines(body, &lines, 18.0, if index == 0 { HALF_LINE } else { 3.0 });
            self.pieces[first].layers.insert(0, Layer::of(label, vec![Mark::text(2.0, 0.0, &sign)]));
        }
        // Neither the first nor the last item stands alone.
        let pieces = &mut self.pieces[start..];
        if items.len() > 1 && pieces.len() > 1 {
            let count = pieces.len();
            pieces[0].keep = true;
            pieces[count - 2].keep = true;
        }
    }

    /// Paragraphs set off by a bar at the left and a light ground; the first is the box's title.
    pub(crate) fn notice(&mut self, title: &str, paragraphs: &[String], bar: crate::style::Colour) {
        let first = self.pieces.len();
        let node = self.element(Tag::P);
        let lines = self.setter.set(&[(title, SUBSECTION.coloured(INK))], MEASURE - 32.0);
        self.lines(node, &lines, 18.0, 6.0);
        self.keep_last();
        for words in paragraphs {
            let node = self.element(Tag::P);
            let lines = self.setter.set(&[(words, BODY)], MEASURE - 32.0);
            self.lines(node, &lines, 18.0, 4.0);
        }
        self.ground(first, bar);
    }

    /// Draws the ground and the bar under the pieces from `first` on; a box may run over a page.
    fn ground(&mut self, first: usize, bar: crate::style::Colour) {
        for piece in &mut self.pieces[first..] {
            // The inner distances become part of the pieces, so that the ground has no gaps.
            let before = std::mem::take(&mut piece.before);
            piece.height += before;
            for layer in &mut piece.layers {
                layer.marks = std::mem::take(&mut layer.marks).into_iter().map(|mark| mark.lowered(before)).collect();
            }
        }
        if let Some(last) = self.pieces.last_mut() {
            last.height += 8.0;
        }
        for piece in &mut self.pieces[first..] {
            let ground = Shape::rectangle(0.0, -0.4, MEASURE, piece.height + 0.4, MIST);
            let bar = Shape::rectangle(0.0, -0.4, 4.0, piece.height + 0.4, bar);
            piece.layers.insert(0, Layer::decoration(vec![ground.into(), bar.into()]));
        }
        self.pieces[first].before = 14.0;
        let height: f32 = self.pieces[first..].iter().map(|piece| piece.height).sum();
        if height < COLUMN / 3.0 {
            let last = self.pieces.len() - 1;
            self.pieces[first..last].iter_mut().for_each(|piece| piece.keep = true);
        }
    }

    /// A drawing with the sentence that says the same, and a caption.
    pub(crate) fn figure(&mut self, drawing: Drawing, says: &str, caption: &str, before: f32) {
        let node = self.element(Tag::Figure(Some(attribute(says))));
        let extent = Some((MEASURE, drawing.height.max(1.0)));
        let layer = Layer { extent, ..Layer::of(node, drawing.marks) };
        self.pieces.push(Piece {
            before,
            height: drawing.height,
            keep: !caption.is_empty(),
            layers: vec![layer],
            ..Piece::default()
        });
        if !caption.is_empty() {
            let node = self.element(Tag::Caption);
            let lines = self.setter.set(&[(caption, NOTE)], MEASURE);
            self.lines(node, &lines, 0.0, 5.0);
        }
    }

    /// A strip of the caller's own layers that is never split.
    pub(crate) fn strip(&mut self, before: f32, height: f32, layers: Vec<Layer>) {
        self.pieces.push(Piece { before, height, layers, ..Piece::default() });
    }

    /// The colour of strong text on a light ground.
    pub(crate) const fn strong(&self) -> Style {
        BODY.faced(Face::Strong).coloured(DEEP)
    }
}

/// A heading element; `level` 1 is the document's title.
pub(crate) fn heading(level: u16, title: &str) -> TagKind {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(attribute(title))).into()
}
