//! Colours, type sizes and page measures of every print-out, in one place.

use rules::phrase::Language;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// Body text.
pub(crate) const INK: Colour = Colour(0x14, 0x24, 0x2b);
/// Captions and notes; 7:1 on white.
pub(crate) const MUTED: Colour = Colour(0x48, 0x52, 0x5a);
/// Cover and headings.
pub(crate) const DEEP: Colour = Colour(0x0b, 0x3d, 0x45);
/// Petals of the cover ornament, one step above [`DEEP`].
pub(crate) const DEEP_LIGHT: Colour = Colour(0x14, 0x4d, 0x55);
/// Bars, marks and the "good" tone.
pub(crate) const TEAL: Colour = Colour(0x0a, 0x7d, 0x6c);
/// The one accent: a thin line, never a surface with text.
pub(crate) const GOLD: Colour = Colour(0xff, 0xd8, 0x4d);
/// Border and text on the "middle" tone.
pub(crate) const GOLD_DARK: Colour = Colour(0x7a, 0x5d, 0x00);
/// The "poor" tone.
pub(crate) const WINE: Colour = Colour(0x7d, 0x0a, 0x1f);
/// Light surfaces behind summaries and table heads.
pub(crate) const MIST: Colour = Colour(0xec, 0xf2, 0xf2);
/// The empty part of a bar.
pub(crate) const TRACK: Colour = Colour(0xdf, 0xe7, 0xe8);
/// Rules between rows.
pub(crate) const HAIRLINE: Colour = Colour(0xb7, 0xc4, 0xc7);
/// Paper.
pub(crate) const WHITE: Colour = Colour(0xff, 0xff, 0xff);

/// A4 in points.
pub(crate) const PAGE_WIDTH: f32 = 595.276;
/// A4 in points.
pub(crate) const PAGE_HEIGHT: f32 = 841.89;
/// Left and right margin: 22 mm, wide enough to be bound.
pub(crate) const MARGIN: f32 = 62.36;
/// Where text begins below the running header.
pub(crate) const TOP: f32 = 86.0;
/// Where text ends above the footer.
pub(crate) const BOTTOM: f32 = 768.0;
/// Width of the text column.
pub(crate) const MEASURE: f32 = PAGE_WIDTH - 2.0 * MARGIN;
/// Height of the text column.
pub(crate) const COLUMN: f32 = BOTTOM - TOP;

/// The four cuts of the embedded type family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Text,
    Strong,
    Display,
}

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) face: Face,
    /// Points.
    pub(crate) size: f32,
    /// Distance between baselines in points.
    pub(crate) leading: f32,
    pub(crate) colour: Colour,
    /// Extra space between letters in points.
    pub(crate) tracking: f32,
    /// Figures of one width, so that columns of numbers stand under each other.
    pub(crate) tabular: bool,
    /// Letters that cannot be confused (`0O`, `1lI`), for codes that people type by hand.
    pub(crate) unmistakable: bool,
}

impl Style {
    const fn new(face: Face, size: f32, leading: f32, colour: Colour) -> Self {
        Self { face, size, leading, colour, tracking: 0.0, tabular: false, unmistakable: false }
    }

    /// The same style in another colour.
    pub(crate) const fn coloured(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// The same style in another cut.
    pub(crate) const fn faced(mut self, face: Face) -> Self {
        self.face = face;
        self
    }

    /// The same style with figures of one width.
    pub(crate) const fn tabular(mut self) -> Self {
        self.tabular = true;
        self
    }

    /// The same style in another size.
    pub(crate) const fn sized(mut self, size: f32, leading: f32) -> Self {
        self.size = size;
        self.leading = leading;
        self
    }
}

/// Running text.
pub(crate) const BODY: Style = Style::new(Face::Text, 9.75, 15.0, INK);
/// Numbered section titles.
pub(crate) const SECTION: Style = Style::new(Face::Display, 17.0, 22.5, DEEP);
/// Titles inside a section.
pub(crate) const SUBSECTION: Style = Style::new(Face::Strong, 11.0, 15.0, DEEP);
/// Table cells.
pub(crate) const CELL: Style = Style::new(Face::Text, 8.75, 12.5, INK);
/// Table column heads.
pub(crate) const CELL_HEAD: Style = Style::new(Face::Strong, 8.25, 11.5, DEEP);
/// Captions, sources, notes.
pub(crate) const NOTE: Style = Style::new(Face::Text, 8.25, 12.0, MUTED);
/// Running header and footer.
pub(crate) const RUNNING: Style = Style::new(Face::Text, 7.75, 11.0, MUTED);
/// Small labels above figures.
pub(crate) const LABEL: Style = Style::new(Face::Text, 8.0, 11.0, MUTED);
/// The verification line and the digest.
pub(crate) const CODE: Style = Style { tracking: 0.35, unmistakable: true, ..Style::new(Face::Text, 7.75, 11.5, INK) };

/// The language tag of the document.
pub(crate) const fn language_tag(language: Language) -> &'static str {
    match language {
        Language::Indonesian => "id-ID",
        Language::English => "en-GB",
    }
}
