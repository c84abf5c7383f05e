//! A poster on A4: what a service takes, or what a unit declares, in letters that can be read from a step away.

use crate::DocumentError;
use crate::chart::stack;
use crate::compose::{Composer, heading};
use crate::flow::{Layer, spots};
use crate::mark::{Mark, Shape};
use crate::parts::Signature;
use crate::qr::qr_marks;
use crate::running::Running;
use crate::style::{BODY, CODE, DEEP, Face, GOLD, HAIRLINE, INK, LABEL, MEASURE, MIST, SECTION, TEAL, WHITE};
use crate::tags::attribute;
use crate::words::long_date;
use crate::write::About;
use krilla::tagging::{ListNumbering, Tag};
use rules::phrase::{Language, Phrase};

/// Everything a poster prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Poster {
    /// Language of the fixed words; the caller's texts are already in it.
    pub language: Language,
    /// "Pemerintah Kota …".
    pub agency: String,
    /// The unit that serves.
    pub unit: String,
    /// What it is about: the service, or "Maklumat Pelayanan".
    pub title: String,
    /// Label and value: "Selesai dalam", "1 hari kerja"; three are best, four fit.
    pub facts: Vec<(String, String)>,
    /// Everything else, from top to bottom.
    pub blocks: Vec<PosterBlock>,
    /// Who signs; nothing prints no room for it.
    pub signature: Option<Signature>,
    /// What the code is for: "Pindai untuk selengkapnya".
    pub invitation: String,
    /// The address in the code, with its scheme.
    pub address: String,
    /// Lines beside the code: where to complain.
    pub contact: Vec<String>,
    /// The day printed and stored as the document's date: `2026-11-21`.
    pub produced_on: String,
}

/// A title with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PosterBlock {
    /// "Persyaratan"; empty for none.
    pub title: String,
    /// Paragraphs, or items.
    pub lines: Vec<String>,
    /// Whether each line is an item of a list.
    pub items: bool,
}

/// Sizes of running text, the largest first: the first that fits on one page is taken.
const SIZES: [f32; 5] = [16.0, 14.0, 12.0, 10.5, 9.0];
/// Side of the code in points: 46 mm, read from an arm's length and more.
const CODE_SIDE: f32 = 130.0;

/// The poster as a PDF.
///
/// # Errors
/// When `produced_on` is no date or the PDF writer refuses the document.
pub fn poster(poster: &Poster) -> Result<Vec<u8>, DocumentError> {
    let running = Running {
        agency: poster.agency.clone(),
        title: poster.title.clone(),
        unit: poster.unit.clone(),
        period: long_date(&poster.produced_on, poster.language),
    };
    let about = About {
        language: poster.language,
        title: format!("{} – {}", poster.title, poster.unit),
        description: poster.address.clone(),
        author: &poster.agency,
        produced_on: &poster.produced_on,
        attachment: None,
    };
    composed(poster).finish(Vec::new(), &running, &about)
}

/// The poster written in the largest letters that keep it on one page; the smallest may need more.
pub(crate) fn composed(poster: &Poster) -> Composer {
    let mut written = None;
    for size in SIZES {
        let composer = written_at(poster, size);
        let fits = spots(&composer.pieces, 0).last().is_none_or(|last| last.page == 0);
        written = Some(composer);
        if fits {
            break;
        }
    }
    written.unwrap_or_else(|| Composer::new(poster.language))
}

fn written_at(poster: &Poster, size: f32) -> Composer {
    let mut composer = Composer::new(poster.language);
    composer.poster_opening(poster);
    if !poster.facts.is_empty() {
        composer.poster_facts(&poster.facts);
    }
    for block in &poster.blocks {
        composer.poster_block(block, size);
    }
    if let Some(signature) = &poster.signature {
        composer.signatures(std::slice::from_ref(signature));
    }
    composer.poster_code(poster);
    composer
}

impl Composer {
    fn poster_opening(&mut self, poster: &Poster) {
        let white = BODY.coloured(WHITE);
        let display = SECTION.coloured(WHITE);
        let width = MEASURE - 36.0;
        let agency = self.fitted(&poster.agency, &[white.faced(Face::Strong).sized(11.0, 15.0)], width, 2);
        let sizes = [display.sized(32.0, 38.0), display.sized(25.0, 30.0), display.sized(18.0, 23.0)];
        let title = self.balanced(&poster.title, &sizes, width, 4);
        let unit = self.fitted(&poster.unit, &[white.sized(14.0, 19.0), white.sized(11.0, 15.0)], width, 2);
        let (mut y, mut layers) = (18.0, Vec::new());
        for (index, lines) in [agency, title, unit].into_iter().enumerate() {
            let node = if index == 1 { self.element(heading(1, &poster.title)) } else { self.element(Tag::P) };
            let (marks, below) = stack(&lines, 18.0, y);
            layers.push(Layer::of(node, marks));
            y = below + 8.0;
        }
        let height = y + 8.0;
        let field = vec![
            Shape::rectangle(0.0, 0.0, MEASURE, height, DEEP).into(),
            Shape::rectangle(0.0, height, MEASURE, 3.0, GOLD).into(),
        ];
        layers.insert(0, Layer::decoration(field));
        self.strip(0.0, height + 3.0, layers);
    }

    /// Facts in boxes side by side, in the largest letters of the page.
    fn poster_facts(&mut self, facts: &[(String, String)]) {
        let gap = 10.0;
        let count = facts.len() as f32;
        let room = (MEASURE - gap * (count - 1.0)) / count;
        let (mut layers, mut deepest) = (Vec::new(), 0.0_f32);
        let strong = BODY.faced(Face::Display).coloured(DEEP);
        let sizes = [24.0, 19.0, 15.0, 12.0, 9.5].map(|size| strong.sized(size, size * 1.25));
        for (index, (label, value)) in facts.iter().enumerate() {
            let x = (room + gap) * index as f32 + 12.0;
            let label = self.fitted(label, &[LABEL.sized(11.0, 15.0)], room - 24.0, 2);
            let value = self.fitted(value, &sizes, room - 24.0, 4);
            let node = self.element(Tag::P);
            let (mut marks, below) = stack(&label, x, 12.0);
            let (values, below) = stack(&value, x, below + 3.0);
            marks.extend(values);
            layers.push(Layer::of(node, marks));
            deepest = deepest.max(below);
        }
        let height = deepest + 12.0;
        let grounds = (0..facts.len()).map(|index| {
            let x = (room + gap) * index as f32;
            Mark::from(Shape::rectangle(x, 0.0, room, height, MIST))
        });
        layers.insert(0, Layer::decoration(grounds.collect()));
        self.strip(14.0, height, layers);
    }

    fn poster_block(&mut self, block: &PosterBlock, size: f32) {
        let body = BODY.sized(size, size * 1.45);
        if !block.title.is_empty() {
            let style = BODY.faced(Face::Strong).coloured(DEEP).sized(size + 1.5, (size + 1.5) * 1.35);
            let node = self.element(heading(2, &block.title));
            let lines = self.setter.set(&[(&block.title, style)], MEASURE);
            let first = self.pieces.len();
            self.lines(node, &lines, 0.0, size);
            self.pieces[first..].iter_mut().for_each(|piece| piece.keep = true);
        }
        if !block.items {
            for words in &block.lines {
                self.styled(&[(words, body)], size * 0.5);
            }
            return;
        }
        let list = self.element(Tag::L(ListNumbering::Disc));
        for words in &block.lines {
            let item = self.tree.add(list, Tag::LI);
            let (label, text) = (self.tree.add(item, Tag::Lbl), self.tree.add(item, Tag::LBody));
            let dot = self.setter.line("•", body.coloured(TEAL).faced(Face::Strong));
            let lines = self.setter.set(&[(words, body)], MEASURE - size * 1.5);
            let first = self.pieces.len();
            self.lines(text, &lines, size * 1.5, size * 0.3);
            self.pieces[first].layers.insert(0, Layer::of(label, vec![Mark::text(2.0, 0.0, &dot)]));
        }
    }

    /// The code with what it is for, its address in letters, and where to complain.
    fn poster_code(&mut self, poster: &Poster) {
        let code = qr_marks(&poster.address, 10.0, 10.0, CODE_SIDE);
        let x = if code.is_some() { CODE_SIDE + 30.0 } else { 16.0 };
        let width = MEASURE - x - 16.0;
        let mut layers = Vec::new();
        if let Some(marks) = code {
            let says = self.say(&Phrase::new("poster.qr").with("address", poster.address.as_str()));
            let node = self.element(Tag::Figure(Some(attribute(&says))));
            layers.push(Layer { extent: Some((CODE_SIDE + 10.0, CODE_SIDE + 10.0)), ..Layer::of(node, marks) });
        }
        let strong = BODY.faced(Face::Strong).coloured(DEEP);
        let invitation =
            self.fitted(&poster.invitation, &[strong.sized(15.0, 20.0), strong.sized(11.0, 15.0)], width, 3);
        let address = self.fitted(&poster.address, &[CODE.sized(10.0, 14.0), CODE], width, 3);
        let mut y = 16.0;
        for lines in [invitation, address] {
            let node = self.element(Tag::P);
            let (marks, below) = stack(&lines, x, y);
            layers.push(Layer::of(node, marks));
            y = below + 5.0;
        }
        for words in &poster.contact {
            let node = self.element(Tag::P);
            let lines = self.fitted(words, &[BODY.coloured(INK).sized(11.0, 15.0)], width, 3);
            let (marks, below) = stack(&lines, x, y + 2.0);
            layers.push(Layer::of(node, marks));
            y = below + 2.0;
        }
        let height = (y + 10.0).max(CODE_SIDE + 20.0);
        let frame = Shape::rounded(0.25, 0.25, MEASURE - 0.5, height - 0.5, 5.0, WHITE).outlined(HAIRLINE, 0.8);
        layers.insert(0, Layer::decoration(vec![frame.into()]));
        self.strip(18.0, height, layers);
    }
}
