//! From pieces to pages: what belongs together stays together, and table heads come again on each page.

use crate::mark::Mark;
use crate::style::{BOTTOM, COLUMN, MARGIN, TOP};
use crate::tags::{NodeId, Tree};
use krilla::geom::Rect;
use std::rc::Rc;

/// A way to another place of the document, over a part of a layer.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Left, top, width and height within the layer.
    pub(crate) area: (f32, f32, f32, f32),
    /// Index of the page it leads to.
    pub(crate) page: usize,
    /// Height on that page.
    pub(crate) y: f32,
    /// Where it leads, in words.
    pub(crate) says: String,
}

/// Marks with one meaning: an element of the structure, or decoration when there is none.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) node: Option<NodeId>,
    pub(crate) marks: Vec<Mark>,
    /// Width and height of a figure, told to readers once its page is known.
    pub(crate) extent: Option<(f32, f32)>,
    pub(crate) link: Option<Link>,
}

impl Layer {
    /// Content of an element.
    pub(crate) fn of(node: NodeId, marks: Vec<Mark>) -> Self {
        Self { node: Some(node), marks, extent: None, link: None }
    }

    /// Decoration, silent for readers.
    pub(crate) fn decoration(marks: Vec<Mark>) -> Self {
        Self { node: None, marks, extent: None, link: None }
    }
}

/// An entry of the outline.
#[derive(Debug, Clone)]
pub(crate) struct Bookmark {
    pub(crate) title: String,
    /// 1 for a section, 2 for a title within one.
    pub(crate) level: u8,
}

/// A strip across the column that is never split.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// Space above, dropped at the top of a page.
    pub(crate) before: f32,
    pub(crate) height: f32,
    /// Stays on one page with the next piece.
    pub(crate) keep: bool,
    pub(crate) layers: Vec<Layer>,
    /// Drawn again above the piece when it begins a page.
    pub(crate) head: Option<Rc<RepeatedHead>>,
    pub(crate) bookmark: Option<Bookmark>,
}

/// The head of a table as it is drawn again on a following page.
#[derive(Debug)]
pub(crate) struct RepeatedHead {
    pub(crate) height: f32,
    pub(crate) marks: Vec<Mark>,
}

/// A layer at its place on a page.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) marks: Vec<Mark>,
    /// Number of the content in the structure; none for decoration.
    pub(crate) content: Option<usize>,
    /// A link with its own number in the structure.
    pub(crate) link: Option<(usize, Link)>,
}

/// A finished page without its running header and footer.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) placed: Vec<Placed>,
    pub(crate) bookmarks: Vec<(Bookmark, f32)>,
    /// A cover carries no header and footer.
    pub(crate) bare: bool,
}

impl Sheet {
    /// Puts layers down on page `page` with their corner at `x`, `y`.
    pub(crate) fn place(&mut self, tree: &mut Tree, page: usize, layers: Vec<Layer>, (x, y): (f32, f32)) {
        for layer in layers {
            let link = layer.node.zip(layer.link).map(|(node, link)| (tree.content(node), link));
            let content = layer.node.map(|node| tree.content(node));
            if let (Some(node), Some((width, height))) = (layer.node, layer.extent) {
                tree.set_extent(node, page, Rect::from_xywh(x, y, width, height));
            }
            self.placed.push(Placed { x, y, marks: layer.marks, content, link });
        }
    }
}

/// Where a piece stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    /// Index of the page.
    pub(crate) page: usize,
    pub(crate) y: f32,
    /// The table's head is drawn again above the piece.
    pub(crate) head: bool,
}

/// Finds the place of each piece, from the top of page `first` on.
pub(crate) fn spots(pieces: &[Piece], first: usize) -> Vec<Spot> {
    let (mut page, mut y) = (first, TOP);
    let mut spots = Vec::with_capacity(pieces.len());
    for (piece, need) in pieces.iter().zip(room_needed(pieces)) {
        let mut head = false;
        if y > TOP && y + piece.before + need > BOTTOM {
            (page, y) = (page + 1, TOP);
            head = piece.head.is_some();
            y += piece.head.as_ref().map_or(0.0, |head| head.height);
        } else if y > TOP {
            y += piece.before;
        }
        spots.push(Spot { page, y, head });
        y += piece.height;
    }
    spots
}

/// Puts `pieces` down at their places, on pages after `sheets`.
pub(crate) fn place(pieces: Vec<Piece>, spots: &[Spot], tree: &mut Tree, sheets: &mut Vec<Sheet>) {
    for (piece, spot) in pieces.into_iter().zip(spots) {
        while sheets.len() <= spot.page {
            sheets.push(Sheet::default());
        }
        let sheet = &mut sheets[spot.page];
        if let (true, Some(head)) = (spot.head, &piece.head) {
            let y = spot.y - head.height;
            sheet.placed.push(Placed { x: MARGIN, y, marks: head.marks.clone(), content: None, link: None });
        }
        if let Some(bookmark) = piece.bookmark {
            sheet.bookmarks.push((bookmark, spot.y));
        }
        sheet.place(tree, spot.page, piece.layers, (MARGIN, spot.y));
    }
}

/// For each piece the height that must be free for it and all it is kept with; a chain longer than a page counts as its
/// first piece, so that nothing is pushed on for ever.
fn room_needed(pieces: &[Piece]) -> Vec<f32> {
    let mut needs = vec![0.0; pieces.len()];
    let mut chain = 0.0;
    for (index, piece) in pieces.iter().enumerate().rev() {
        let next_before = pieces.get(index + 1).map_or(0.0, |next| next.before);
        chain = if piece.keep { piece.height + next_before + chain } else { piece.height };
        if chain > COLUMN {
            chain = piece.height;
        }
        needs[index] = chain;
    }
    needs
}
