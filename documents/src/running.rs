//! The running header and footer, and the way from a written document to bytes.

use crate::DocumentError;
use crate::compose::Composer;
use crate::flow::{Sheet, place, spots};
use crate::mark::{Mark, Shape};
use crate::style::{Face, HAIRLINE, MARGIN, MEASURE, RUNNING, Style};
use crate::text::Line;
use crate::write::{About, Page, write};
use rules::phrase::Phrase;
use std::rc::Rc;

/// What stands at the head and foot of every page but the cover.
pub(crate) struct Running {
    /// Head, left: the agency.
    pub(crate) agency: String,
    /// Head, right: the document's title.
    pub(crate) title: String,
    /// Foot, left: the unit, shortened where needed.
    pub(crate) unit: String,
    /// Foot, behind the unit, always whole.
    pub(crate) period: String,
}

/// Signs that a single line can hold at most.
const LONGEST_LINE: usize = 300;
/// Height of the header's baseline box.
const HEADER: f32 = 44.0;
/// Height of the footer's baseline box.
const FOOTER: f32 = 794.0;

impl Composer {
    /// Lays out, numbers and writes the document; `cover` comes first.
    ///
    /// # Errors
    /// As the PDF writer.
    pub(crate) fn finish(
        self,
        cover: Vec<Sheet>,
        running: &Running,
        about: &About<'_>,
    ) -> Result<Vec<u8>, DocumentError> {
        let (pages, tree) = self.pages(cover, running);
        write(pages, tree, about)
    }

    /// All pages in order, with their headers and footers, and the structure.
    pub(crate) fn pages(mut self, cover: Vec<Sheet>, running: &Running) -> (Vec<Page>, crate::tags::Tree) {
        let mut sheets = cover;
        let entries = self.fill_contents();
        let spots = spots(&self.pieces, sheets.len());
        self.number_contents(&entries, &spots);
        let pieces = std::mem::take(&mut self.pieces);
        place(pieces, &spots, &mut self.tree, &mut sheets);
        let total = sheets.len();
        // The same on every page, so set once.
        let header = self.header(running);
        let subject = self.subject(running);
        let mut pages = Vec::with_capacity(total);
        for (index, sheet) in sheets.into_iter().enumerate() {
            let (header, footer) = match sheet.bare {
                true => (Vec::new(), Vec::new()),
                false => (header.clone(), self.footer(&subject, index + 1, total)),
            };
            pages.push(Page { sheet, header, footer });
        }
        (pages, self.tree)
    }

    /// Unit and period; a long unit's name is shortened so that the period is never lost.
    fn subject(&mut self, running: &Running) -> Rc<Line> {
        let room = MEASURE * 0.78;
        let period = self.shortened(&format!(" · {}", running.period), RUNNING, room * 0.5);
        let unit = self.shortened(&running.unit, RUNNING, room - period.width);
        self.setter.line(&format!("{}{}", unit.text.trim_end(), period.text.trim_end()), RUNNING)
    }

    fn header(&mut self, running: &Running) -> Vec<Mark> {
        let left = self.shortened(&running.agency, RUNNING.faced(Face::Strong), MEASURE * 0.48);
        let right = self.shortened(&running.title, RUNNING, MEASURE * 0.48);
        vec![
            Mark::text(MARGIN, HEADER, &left),
            Mark::text(MARGIN + MEASURE - right.width, HEADER, &right),
            Shape::rectangle(MARGIN, HEADER + 15.0, MEASURE, 0.5, HAIRLINE).into(),
        ]
    }

    fn footer(&mut self, subject: &Rc<Line>, page: usize, pages: usize) -> Vec<Mark> {
        let phrase = Phrase::new("page").with("page", page as u64).with("pages", pages as u64);
        let number = self.setter.line(&self.say(&phrase), RUNNING.faced(Face::Strong));
        vec![
            Shape::rectangle(MARGIN, FOOTER - 7.0, MEASURE, 0.5, HAIRLINE).into(),
            Mark::text(MARGIN, FOOTER, subject),
            Mark::text(MARGIN + MEASURE - number.width, FOOTER, &number),
        ]
    }

    /// `words` on one line of `width`, cut with an ellipsis where they do not fit.
    pub(crate) fn shortened(&mut self, words: &str, style: Style, width: f32) -> Rc<Line> {
        let words = beginning(words, LONGEST_LINE);
        let line = self.setter.line(words, style);
        if line.width <= width {
            return line;
        }
        let lines = self.setter.set(&[(words, style)], (width - style.size).max(style.size));
        let first = lines.first().map_or("", |line| &line.text[line.range.clone()]);
        self.setter.line(&format!("{}…", first.trim_end()), style)
    }
}

/// At most `signs` signs of `words`: what a small box can never show need not be set.
pub(crate) fn beginning(words: &str, signs: usize) -> &str {
    words.char_indices().nth(signs).map_or(words, |(end, _)| &words[..end])
}
