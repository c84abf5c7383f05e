//! From pages to bytes: the PDF writer, its archive and accessibility checks, and the running header and footer.

use crate::flow::{Bookmark, Placed, Sheet};
use crate::mark::{Mark, Shape, Step};
use crate::style::{Colour, Face, PAGE_HEIGHT, PAGE_WIDTH, language_tag};
use crate::tags::{Tree, attribute};
use crate::text::writer_fonts;
use crate::words::calendar_day;
use crate::{Attachment, DocumentError};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page as WriterPage, PageSettings};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::Font;
use krilla::{Document, SerializeSettings};
use rules::phrase::Language;

/// A jump shows this much above its target, in points.
const LOOK_ABOVE: f32 = 20.0;

/// What the file says about itself.
pub(crate) struct About<'a> {
    pub(crate) language: Language,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) author: &'a str,
    /// `2026-11-21`: the only date in the file.
    pub(crate) produced_on: &'a str,
    pub(crate) attachment: Option<&'a Attachment>,
}

/// A page ready to be written, with its header and footer.
pub(crate) struct Page {
    pub(crate) sheet: Sheet,
    pub(crate) header: Vec<Mark>,
    pub(crate) footer: Vec<Mark>,
}

/// Writes the document.
///
/// # Errors
/// When the date is no day of the calendar or the writer's checks refuse the document.
pub(crate) fn write(pages: Vec<Page>, tree: Tree, about: &About<'_>) -> Result<Vec<u8>, DocumentError> {
    let (year, month, day) =
        calendar_day(about.produced_on).ok_or_else(|| DocumentError::Date(about.produced_on.to_owned()))?;
    let date = DateTime::new(year).month(month).day(day).hour(0).minute(0).second(0).utc_offset_hour(0);
    let fonts = writer_fonts().ok_or(DocumentError::Font)?;
    let mut document = Document::new_with(settings()?);
    let mut outline = OutlineBuilder::default();
    let mut identifiers: Vec<Option<Identifier>> = Vec::new();
    for (index, page) in pages.into_iter().enumerate() {
        outline.add(index, &page.sheet.bookmarks);
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(DocumentError::Font)?;
        let mut writer_page = document.start_page_with(size);
        let mut surface = writer_page.surface();
        let mut pen = Pen { surface: &mut surface, fonts: &fonts };
        pen.artifact(ArtifactType::Header, &page.header, (0.0, 0.0));
        for placed in &page.sheet.placed {
            pen.placed(placed, &mut identifiers);
        }
        pen.artifact(ArtifactType::Footer, &page.footer, (0.0, 0.0));
        surface.finish();
        for placed in &page.sheet.placed {
            add_link(&mut writer_page, placed, &mut identifiers);
        }
        writer_page.finish();
    }
    document.set_outline(outline.finish(&about.title));
    document.set_tag_tree(tree.into_writer(&identifiers, language_tag(about.language)));
    document.set_metadata(metadata(about, date));
    if let Some(attachment) = about.attachment {
        let _ = document.embed_file(embedded(attachment, date));
    }
    document.finish().map_err(|error| DocumentError::Writer(format!("{error}: {error:?}")))
}

/// Archive format with attachments (PDF/A-3a) and accessible format (PDF/UA-1) at once.
fn settings() -> Result<SerializeSettings, DocumentError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| DocumentError::Writer(format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, ..SerializeSettings::default() })
}

fn metadata(about: &About<'_>, date: DateTime) -> Metadata {
    Metadata::new()
        .title(attribute(&about.title))
        .description(attribute(&about.description))
        .authors(vec![attribute(about.author)])
        .language(language_tag(about.language).to_owned())
        .creator("Prima".to_owned())
        .producer("Prima".to_owned())
        .creation_date(date)
}

fn embedded(attachment: &Attachment, date: DateTime) -> EmbeddedFile {
    let known = MimeType::new(&attachment.mime).filter(|_| attachment.mime.len() < 100);
    EmbeddedFile {
        path: attribute(&attachment.name),
        mime_type: known.or_else(|| MimeType::new("application/octet-stream")),
        description: Some(attribute(&attachment.description)),
        association_kind: AssociationKind::Data,
        data: attachment.bytes.clone().into(),
        modification_date: Some(date),
        compress: Some(true),
        location: None,
    }
}

/// Lays the link of `placed` over its place; readers learn where it leads.
fn add_link(page: &mut WriterPage<'_>, placed: &Placed, identifiers: &mut Vec<Option<Identifier>>) {
    let Some((number, link)) = &placed.link else { return };
    let (x, y, width, height) = link.area;
    let Some(area) = Rect::from_xywh(placed.x + x, placed.y + y, width, height) else { return };
    let place = XyzDestination::new(link.page, Point::from_xy(0.0, (link.y - LOOK_ABOVE).max(0.0)));
    let target = Target::Destination(place.into());
    let annotation = Annotation::new_link(LinkAnnotation::new(area, target), Some(attribute(&link.says)));
    remember(identifiers, *number, page.add_tagged_annotation(annotation));
}

fn remember(identifiers: &mut Vec<Option<Identifier>>, number: usize, identifier: Identifier) {
    if identifiers.len() <= number {
        identifiers.resize(number + 1, None);
    }
    identifiers[number] = Some(identifier);
}

/// Sections with the titles within them.
#[derive(Default)]
struct OutlineBuilder {
    sections: Vec<OutlineNode>,
}

impl OutlineBuilder {
    fn add(&mut self, page: usize, bookmarks: &[(Bookmark, f32)]) {
        for (bookmark, y) in bookmarks {
            let place = XyzDestination::new(page, Point::from_xy(0.0, (y - LOOK_ABOVE).max(0.0)));
            let node = OutlineNode::new(bookmark.title.clone(), place);
            match self.sections.last_mut() {
                Some(section) if bookmark.level > 1 => section.push_child(node),
                _ => self.sections.push(node),
            }
        }
    }

    fn finish(self, title: &str) -> Outline {
        let mut outline = Outline::new();
        if self.sections.is_empty() {
            outline.push_child(OutlineNode::new(attribute(title), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
        }
        self.sections.into_iter().for_each(|section| outline.push_child(section));
        outline
    }
}

/// Draws marks on one page.
struct Pen<'a, 'b> {
    surface: &'a mut Surface<'b>,
    fonts: &'a [(Face, Font)],
}

impl Pen<'_, '_> {
    fn placed(&mut self, placed: &Placed, identifiers: &mut Vec<Option<Identifier>>) {
        match placed.content {
            None => self.artifact(ArtifactType::Layout, &placed.marks, (placed.x, placed.y)),
            Some(number) => {
                let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                self.draw(&placed.marks, (placed.x, placed.y));
                self.surface.end_tagged();
                remember(identifiers, number, identifier);
            }
        }
    }

    fn artifact(&mut self, kind: ArtifactType, marks: &[Mark], corner: (f32, f32)) {
        if marks.is_empty() {
            return;
        }
        let _ = self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        self.draw(marks, corner);
        self.surface.end_tagged();
    }

    fn draw(&mut self, marks: &[Mark], (x, y): (f32, f32)) {
        self.surface.push_transform(&Transform::from_translate(x, y));
        for mark in marks {
            match mark {
                Mark::Shape(shape) => self.shape(shape),
                Mark::Text { x, y, line } => self.line(*x, *y, line),
            }
        }
        self.surface.pop();
    }

    fn line(&mut self, x: f32, y: f32, line: &crate::text::Line) {
        self.surface.set_stroke(None);
        for run in &line.runs {
            let Some((_, font)) = self.fonts.iter().find(|(face, _)| *face == run.face) else { continue };
            self.surface.set_fill(Some(fill(run.colour)));
            let start = Point::from_xy(x + run.x, y + line.ascent);
            self.surface.draw_glyphs(start, &run.glyphs, font.clone(), &line.text, run.size, false);
        }
    }

    fn shape(&mut self, shape: &Shape) {
        let mut path = PathBuilder::new();
        for step in &shape.steps {
            match *step {
                Step::Move(x, y) => path.move_to(x, y),
                Step::Line(x, y) => path.line_to(x, y),
                Step::Curve([a, b, c, d, x, y]) => path.cubic_to(a, b, c, d, x, y),
                Step::Close => path.close(),
            }
        }
        let Some(path) = path.finish() else { return };
        self.surface.set_fill(shape.fill.map(fill));
        self.surface.set_stroke(shape.stroke.map(|(colour, width)| Stroke {
            paint: rgb::Color::new(colour.0, colour.1, colour.2).into(),
            width,
            ..Stroke::default()
        }));
        self.surface.draw_path(&path);
    }
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: rgb::Color::new(colour.0, colour.1, colour.2).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}
