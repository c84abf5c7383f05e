//! The summary that opens a report and its table of contents, whose page numbers are known last.

use crate::chart::stack;
use crate::compose::Composer;
use crate::flow::{Layer, Link, Piece, Spot};
use crate::mark::{Mark, Shape};
use crate::parts::Tone;
use crate::ruler::tone_sign;
use crate::satisfaction_report::SatisfactionReport;
use crate::style::{BODY, Face, GOLD, HAIRLINE, INK, LABEL, MEASURE, MIST, SECTION, TEAL};
use krilla::tagging::Tag;
use rules::phrase::Phrase;

/// Height of an entry of the table of contents.
const ENTRY: f32 = 19.0;

/// Distance between the two columns of entries.
const GUTTER: f32 = 24.0;
/// Width of a column of entries.
const HALF: f32 = (MEASURE - GUTTER) / 2.0;

/// An entry of the table of contents: the piece it is drawn on and the piece it speaks of.
pub(crate) struct Entry {
    piece: usize,
    layer: usize,
    /// Right end of the entry, where its page number stands.
    right: f32,
    target: usize,
    title: String,
}

/// One figure of the summary.
struct Tile {
    /// Share of the strip's width.
    share: f32,
    label: String,
    value: String,
    detail: String,
    /// The sign before the value.
    tone: Option<Tone>,
}

impl Composer {
    /// Four figures side by side, then the table of contents.
    pub(crate) fn report_summary(&mut self, report: &SatisfactionReport) {
        let title = self.word("front.summary");
        self.front_title(&title);
        let tiles = self.summary_tiles(report);
        let height = 74.0;
        let ground = Shape::rectangle(0.0, 0.0, MEASURE, height, MIST);
        let line = Shape::rectangle(0.0, 0.0, MEASURE, 2.0, GOLD);
        let mut layers = vec![Layer::decoration(vec![ground.into(), line.into()])];
        let mut left = 0.0;
        for tile in &tiles {
            let (x, room) = (left + 14.0, MEASURE * tile.share - 18.0);
            let label = self.fitted(&tile.label, &[LABEL], room, 1);
            let (mut marks, _) = stack(&label, x, 12.0);
            let inset = if tile.tone.is_some() { 18.0 } else { 0.0 };
            let value = SECTION.sized(20.0, 24.0);
            let sizes = [value, value.sized(14.0, 24.0), value.sized(9.0, 24.0)];
            let value = self.fitted(&tile.value, &sizes, room - inset, 1);
            marks.extend(stack(&value, x + inset, 25.0).0);
            let detail = self.fitted(&tile.detail, &[LABEL.coloured(INK)], room, 2);
            marks.extend(stack(&detail, x, 49.0).0);
            let node = self.element(Tag::P);
            layers.push(Layer::of(node, marks));
            if let Some(tone) = tile.tone {
                layers.push(Layer::decoration(vec![tone_sign(tone, x + 6.0, 37.0, 6.0)]));
            }
            left += MEASURE * tile.share;
        }
        self.strip(14.0, height, layers);
        self.contents_here();
    }

    fn summary_tiles(&self, report: &SatisfactionReport) -> [Tile; 4] {
        let outcome = &report.outcome;
        let lowest = report.elements.iter().min_by_key(|element| element.share);
        let required =
            report.required_sample.map(|required| Phrase::new("summary.of_required").with("required", required));
        let tile =
            |share: f32, label: String, value: String, detail: String| Tile { share, label, value, detail, tone: None };
        let number = self.language.number(&outcome.value);
        let reached = report.respondents.map_or_else(|| "–".to_owned(), |reached| self.language.count(reached));
        let weakest = lowest.map_or_else(|| "–".to_owned(), |element| element.code.clone());
        let detail = lowest.map_or_else(String::new, |element| element.name.clone());
        [
            tile(0.29, outcome.name.clone(), number, report.period.clone()),
            Tile {
                tone: Some(outcome.tone),
                ..tile(0.21, self.category_name(outcome), outcome.category.clone(), outcome.label.clone())
            },
            tile(
                0.22,
                self.word("summary.respondents"),
                reached,
                required.map_or_else(String::new, |phrase| self.say(&phrase)),
            ),
            tile(0.28, self.word("summary.weakest"), weakest, detail),
        ]
    }

    /// The table of contents stands here; its entries come when all titles are known.
    fn contents_here(&mut self) {
        let title = self.word("front.contents");
        self.front_title(&title);
        let node = self.element(Tag::TOC);
        self.contents = Some((self.pieces.len(), node));
    }

    /// Adds an entry for each section; their page numbers are still open.
    pub(crate) fn fill_contents(&mut self) -> Vec<Entry> {
        let Some((place, node)) = self.contents else { return Vec::new() };
        let titles: Vec<(usize, String)> = self
            .pieces
            .iter()
            .enumerate()
            .filter_map(|(index, piece)| piece.bookmark.as_ref().map(|bookmark| (index, bookmark)))
            .filter(|(_, bookmark)| bookmark.level == 1)
            .map(|(index, bookmark)| (index, bookmark.title.clone()))
            .collect();
        // Two columns, read down the left one first.
        let rows = titles.len().div_ceil(2);
        let mut entries = Vec::with_capacity(titles.len());
        for row in 0..rows {
            let (before, keep) = (if row == 0 { 8.0 } else { 0.0 }, row + 1 < rows);
            self.pieces.insert(place + row, Piece { before, keep, height: ENTRY, ..Piece::default() });
        }
        for (index, (target, title)) in titles.into_iter().enumerate() {
            let (piece, x) = if index < rows { (place + index, 0.0) } else { (place + index - rows, HALF + GUTTER) };
            let item = self.tree.add(node, Tag::TOCI);
            let (number, words) = title.split_once("  ").unwrap_or(("", &title));
            let number = self.setter.line(number, BODY.faced(Face::Strong).coloured(TEAL));
            let words = self.shortened(words, BODY, HALF - 60.0);
            let marks = vec![Mark::text(x, 2.0, &number), Mark::text(x + 24.0, 2.0, &words)];
            let rule = Shape::rectangle(x, ENTRY - 0.5, HALF, 0.5, HAIRLINE);
            let layers = &mut self.pieces[piece].layers;
            layers.push(Layer::decoration(vec![rule.into()]));
            entries.push(Entry { piece, layer: layers.len(), right: x + HALF, target: target + rows, title });
            let link = self.tree.add(item, Tag::Link);
            layers.push(Layer::of(link, marks));
        }
        entries
    }

    /// Writes the page numbers, now that every piece has its place.
    pub(crate) fn number_contents(&mut self, entries: &[Entry], spots: &[Spot]) {
        for entry in entries {
            let Some(spot) = spots.get(entry.target) else { continue };
            let page = spot.page + 1;
            let number = self.setter.line(&page.to_string(), BODY.tabular());
            let says =
                self.say(&Phrase::new("front.entry").with("title", entry.title.as_str()).with("page", page as u64));
            let mark = Mark::text(entry.right - number.width, 2.0, &number);
            if let Some(layer) = self.pieces[entry.piece].layers.get_mut(entry.layer) {
                layer.marks.push(mark);
                let area = (entry.right - HALF, 0.0, HALF, ENTRY);
                layer.link = Some(Link { area, page: spot.page, y: spot.y, says });
            }
        }
    }
}
