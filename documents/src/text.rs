//! Setting text: shaping and breaking lines with the embedded type family, and nothing from the machine it runs on.

use crate::style::{Colour, Face, Style};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, GenericFamily, SourceCache};
use parley::style::{FontFamily, FontFeatures, LineHeight, OverflowWrap, StyleProperty, WordBreak};
use parley::{FontContext, Layout, LayoutContext};
use std::rc::Rc;
use std::sync::Arc;

/// Family name, cut and bytes of each embedded font.
const FONTS: [(&str, Face, &[u8]); 3] = [
    ("text", Face::Text, include_bytes!("../fonts/Inter-Regular.ttf")),
    ("strong", Face::Strong, include_bytes!("../fonts/Inter-SemiBold.ttf")),
    ("display", Face::Display, include_bytes!("../fonts/InterDisplay-SemiBold.ttf")),
];

/// Drawn where the fonts lack a sign; the text below it stays what was written.
const REPLACEMENT: char = '\u{25A1}';

/// Share of the type size that capital letters are high; lines are centred on their capitals.
const CAP_HEIGHT: f32 = 0.727;

/// Glyphs of one style on one line.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) face: Face,
    pub(crate) size: f32,
    pub(crate) colour: Colour,
    /// Distance from the start of the line in points.
    pub(crate) x: f32,
    pub(crate) glyphs: Vec<KrillaGlyph>,
}

/// One line of set text.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    /// The whole text the glyphs point into.
    pub(crate) text: Rc<str>,
    /// The part of the text on this line.
    pub(crate) range: std::ops::Range<usize>,
    /// Width without trailing spaces, in points.
    pub(crate) width: f32,
    /// From the top of the line to its baseline, in points.
    pub(crate) ascent: f32,
    /// Height of the line in points.
    pub(crate) height: f32,
}

impl Line {
    /// Type size of the first glyphs.
    pub(crate) fn size(&self) -> f32 {
        self.runs.first().map_or(0.0, |run| run.size)
    }
}

/// The shaping engine with the embedded fonts.
pub(crate) struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<Brush>,
    /// Font blob ids in the order of [`FONTS`].
    blobs: Vec<u64>,
    /// What [`REPLACEMENT`] and a space look like in each font.
    signs: [(GlyphId, Space); 4],
}

/// Glyph and width, as a share of the type size, of the space.
type Space = (GlyphId, f32);

/// What travels with each glyph through the shaping engine.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Brush {
    colour: Colour,
    size: f32,
}

impl Typesetter {
    /// A typesetter that knows the embedded fonts only.
    pub(crate) fn new() -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut blobs = Vec::with_capacity(FONTS.len());
        for (name, _, bytes) in FONTS {
            let blob = Blob::new(Arc::new(bytes));
            blobs.push(blob.id());
            let renamed = FontInfoOverride { family_name: Some(name), ..FontInfoOverride::default() };
            let families: Vec<_> =
                collection.register_fonts(blob, Some(renamed)).into_iter().map(|(family, _)| family).collect();
            if name == "text" {
                // The engine's last resort for signs that no font has.
                collection.set_generic_families(GenericFamily::SansSerif, families.into_iter());
            }
        }
        let fonts = FontContext { collection, source_cache: SourceCache::default() };
        let unknown = (GlyphId::new(0), (GlyphId::new(0), 0.0));
        let mut typesetter = Self { fonts, layouts: LayoutContext::new(), blobs, signs: [unknown; 4] };
        for (index, (_, face, _)) in FONTS.iter().enumerate() {
            typesetter.signs[index] = typesetter.measured_signs(*face).unwrap_or(unknown);
        }
        typesetter
    }

    fn measured_signs(&mut self, face: Face) -> Option<(GlyphId, Space)> {
        let style = crate::style::BODY.faced(face);
        let line = self.line(&format!("{REPLACEMENT} {REPLACEMENT}"), style);
        let glyphs = &line.runs.first()?.glyphs;
        let space = glyphs.get(1)?;
        Some((glyphs.first()?.glyph_id, (space.glyph_id, space.x_advance)))
    }

    /// Breaks `spans` into lines no wider than `width`; there is always at least one line.
    pub(crate) fn set(&mut self, spans: &[(&str, Style)], width: f32) -> Vec<Rc<Line>> {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(spans.len());
        for (words, _) in spans {
            text.extend(words.chars().filter_map(printable));
            ends.push(text.len());
        }
        let leading = spans.iter().map(|(_, style)| style.leading).fold(0.0, f32::max);
        let largest = spans.iter().map(|(_, style)| style.size).fold(0.0, f32::max);
        let ascent = leading / 2.0 + CAP_HEIGHT * largest / 2.0;
        let layout = self.layout(&text, spans, &ends, width);
        let shaped = text.len();
        // A space ends every text, so that what is read aloud or copied does not run into the next text.
        text.push(' ');
        let text: Rc<str> = text.into();
        let blank = Line { runs: Vec::new(), text: Rc::clone(&text), range: 0..0, width: 0.0, ascent, height: leading };
        let mut lines: Vec<Line> = Vec::with_capacity(layout.len());
        for line in layout.lines().filter(|_| shaped > 0) {
            let metrics = line.metrics();
            let width = metrics.advance - metrics.hanging_advance;
            let (runs, range) = (self.runs(&line, &layout), line.text_range());
            lines.push(Line { runs, text: Rc::clone(&text), range, width, ascent, height: leading });
        }
        match lines.last_mut() {
            Some(last) => self.end_with_space(last, shaped),
            None => lines.push(blank),
        }
        lines.into_iter().map(Rc::new).collect()
    }

    /// Adds the space behind the text; the line does not count it as width.
    fn end_with_space(&self, line: &mut Line, shaped: usize) {
        let range = shaped..shaped + 1;
        line.range.end = range.end;
        if let Some(run) = line.runs.last_mut() {
            let (_, (glyph, width)) = self.signs[index_of(run.face)];
            run.glyphs.push(KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, range, None));
        }
    }

    /// One line in one style, broken nowhere.
    pub(crate) fn line(&mut self, words: &str, style: Style) -> Rc<Line> {
        self.set(&[(words, style)], f32::MAX).swap_remove(0)
    }

    fn layout(&mut self, text: &str, spans: &[(&str, Style)], ends: &[usize], width: f32) -> Layout<Brush> {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        builder.push_default(StyleProperty::FontFamily(FontFamily::named("text")));
        let mut start = 0;
        for ((_, style), &end) in spans.iter().zip(ends) {
            let (name, features) = (FONTS[index_of(style.face)].0, features(style));
            builder.push(StyleProperty::FontFamily(FontFamily::named(name)), start..end);
            builder.push(StyleProperty::FontSize(style.size), start..end);
            builder.push(StyleProperty::LineHeight(LineHeight::Absolute(style.leading)), start..end);
            builder.push(StyleProperty::LetterSpacing(style.tracking), start..end);
            builder.push(StyleProperty::FontFeatures(FontFeatures::from(features)), start..end);
            if style.unmistakable {
                // A break at a hyphen could be taken for one that belongs to the code.
                builder.push(StyleProperty::WordBreak(WordBreak::BreakAll), start..end);
            }
            builder.push(StyleProperty::Brush(Brush { colour: style.colour, size: style.size }), start..end);
            start = end;
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout
    }

    fn runs(&self, line: &parley::Line<'_, Brush>, layout: &Layout<Brush>) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut x = 0.0;
        for run in line.runs() {
            let index = self.blobs.iter().position(|blob| *blob == run.font().data.id()).unwrap_or(0);
            let mut current: Option<u16> = None;
            for cluster in run.visual_clusters() {
                let range = cluster.text_range();
                if cluster.is_ligature_continuation() {
                    if let Some(glyph) = runs.last_mut().and_then(|run| run.glyphs.last_mut()) {
                        glyph.text_range.end = glyph.text_range.end.max(range.end);
                    }
                    continue;
                }
                let brush = layout
                    .styles()
                    .get(usize::from(cluster.style_index()))
                    .map_or_else(Brush::default, |style| style.brush);
                if current != Some(cluster.style_index()) {
                    current = Some(cluster.style_index());
                    let face = FONTS[index].1;
                    runs.push(Run { face, size: brush.size, colour: brush.colour, x, glyphs: Vec::new() });
                }
                for glyph in cluster.glyphs() {
                    let id = if glyph.id == 0 { self.signs[index].0 } else { GlyphId::new(glyph.id) };
                    let size = run.font_size();
                    let placed = (glyph.advance / size, glyph.x / size, -glyph.y / size);
                    let glyph_range = range.clone();
                    if let Some(run) = runs.last_mut() {
                        run.glyphs.push(KrillaGlyph::new(id, placed.0, placed.1, placed.2, 0.0, glyph_range, None));
                    }
                    x += glyph.advance;
                }
            }
        }
        runs
    }
}

fn index_of(face: Face) -> usize {
    FONTS.iter().position(|(_, known, _)| *known == face).unwrap_or(0)
}

/// The type features of a style. Figures of one width come with wide hyphens, so running text goes without.
const fn features(style: &Style) -> &'static str {
    match (style.unmistakable, style.tabular) {
        (true, _) => "\"tnum\", \"zero\", \"ss02\"",
        (false, true) => "\"tnum\"",
        (false, false) => "",
    }
}

/// What a sign becomes on paper: controls and line ends are spaces, invisible marks vanish, signs without a public meaning
/// (private use, unassigned code points) become the replacement.
fn printable(sign: char) -> Option<char> {
    match sign {
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}' => None,
        '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{F0000}'..='\u{10FFFF}' => Some(REPLACEMENT),
        sign if sign.is_control() => Some(' '),
        sign => Some(sign),
    }
}

/// The fonts in the form the PDF writer embeds, in the order of the cuts.
pub(crate) fn writer_fonts() -> Option<Vec<(Face, Font)>> {
    FONTS.into_iter().map(|(_, face, bytes)| Some((face, Font::new(bytes.into(), 0)?))).collect()
}
