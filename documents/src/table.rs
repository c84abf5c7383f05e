//! Tables that run over pages: the head comes again, rows are not split, every cell knows its heads.

use crate::compose::Composer;
use crate::flow::{Layer, Piece, RepeatedHead};
use crate::mark::{Mark, Shape};
use crate::style::{CELL, CELL_HEAD, Colour, DEEP, Face, HAIRLINE, MEASURE, MIST, NOTE, Style, TEAL, TRACK};
use crate::tags::{NodeId, attribute};
use crate::text::Line;
use krilla::tagging::{TableHeaderScope, Tag};
use std::rc::Rc;

/// Distance of text from the sides of its cell.
const SIDE: f32 = 6.0;
/// Distance of text from the top and bottom of its row.
pub(crate) const ABOVE: f32 = 3.75;
/// Extra distance between a column of numbers and one of words.
const GAP: f32 = 10.0;
/// A single word claims no more than this of a row.
const WIDEST_WORD: f32 = 110.0;
/// A row with more lines than this goes on in a second strip; at this size it may fill three quarters of a page.
const MOST_LINES: usize = 40;

/// On which side of its column text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) title: String,
    /// Share of the table's width; the shares of all columns are scaled to the whole.
    pub(crate) share: f32,
    pub(crate) side: Side,
    /// Its cells name their rows.
    pub(crate) names_row: bool,
}

impl Column {
    /// A column of words.
    pub(crate) fn words(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, side: Side::Left, names_row: false }
    }

    /// A column of numbers.
    pub(crate) fn numbers(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, side: Side::Right, names_row: false }
    }

    /// The column whose cells name their rows.
    pub(crate) fn naming_rows(mut self) -> Self {
        self.names_row = true;
        self
    }
}

/// A cell: texts in their styles, each on lines of its own, and perhaps a bar.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) texts: Vec<(String, Style)>,
    pub(crate) indent: f32,
    /// Filled share of a bar, 0 to 1.
    pub(crate) bar: Option<f32>,
}

impl Cell {
    /// One text in the style of cells.
    pub(crate) fn plain(words: impl Into<String>) -> Self {
        Self { texts: vec![(words.into(), CELL)], ..Self::default() }
    }

    /// One text set strong.
    pub(crate) fn strong(words: impl Into<String>) -> Self {
        Self { texts: vec![(words.into(), CELL.faced(Face::Strong).coloured(DEEP))], ..Self::default() }
    }

    /// A bar filled to `share`.
    pub(crate) fn bar(share: f32) -> Self {
        Self { bar: Some(share.clamp(0.0, 1.0)), ..Self::default() }
    }

    /// The cell with a smaller text below, unless it is empty.
    pub(crate) fn below(mut self, words: &str) -> Self {
        if !words.is_empty() {
            self.texts.push((words.to_owned(), NOTE));
        }
        self
    }

    /// The cell with its text moved in.
    pub(crate) fn indented(mut self, by: f32) -> Self {
        self.indent = by;
        self
    }
}

/// A row, perhaps with a ground that sets it off.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) ground: Option<Colour>,
    /// Room for handwriting in points.
    pub(crate) at_least: f32,
}

impl From<Vec<Cell>> for Row {
    fn from(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// Title above; may be empty.
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// Where the columns stand: left edge and width of each. A column is never narrower than `least` while others have room.
fn placed_columns(columns: &[Column], least: &[f32]) -> Vec<(f32, f32)> {
    let total: f32 = columns.iter().map(|column| column.share.max(0.01)).sum();
    let wished: Vec<f32> = columns.iter().map(|column| MEASURE * column.share.max(0.01) / total).collect();
    let pairs = || wished.iter().zip(least);
    let lacking: f32 = pairs().map(|(width, least)| (least - width).max(0.0)).sum();
    let spare: f32 = pairs().map(|(width, least)| (width - least).max(0.0)).sum();
    let give = if lacking <= spare && spare > 0.0 { lacking / spare } else { 0.0 };
    let mut x = 0.0;
    let mut after_numbers = false;
    let mut places = Vec::with_capacity(columns.len());
    for (column, (width, least)) in columns.iter().zip(pairs()) {
        let width = match width < least {
            true if give > 0.0 => *least,
            true => *width,
            false => width - (width - least) * give,
        };
        // Words right behind a column of numbers would seem to belong to them.
        let gap = if after_numbers && column.side == Side::Left { GAP } else { 0.0 };
        places.push((x + gap, width - gap));
        after_numbers = column.side == Side::Right;
        x += width;
    }
    places
}

impl Composer {
    /// Adds a table to the document.
    pub(crate) fn table(&mut self, table: &Table) {
        let node = self.element(Tag::Table.with_summary(Some(attribute(&table.caption))));
        let mut before = 12.0;
        if !table.caption.is_empty() {
            let caption = self.tree.add(node, Tag::Caption);
            let first = self.pieces.len();
            let lines = self.setter.set(&[(&table.caption, NOTE.faced(Face::Strong).coloured(DEEP))], MEASURE);
            self.lines(caption, &lines, 0.0, before);
            self.pieces[first..].iter_mut().for_each(|piece| piece.keep = true);
            before = 5.0;
        }
        let least: Vec<f32> = table.columns.iter().map(|column| self.least_width(&column.title)).collect();
        let places = placed_columns(&table.columns, &least);
        let head = self.table_head(node, table, &places, before);
        let body = self.tree.add(node, Tag::TBody);
        let first = self.pieces.len();
        for row in &table.rows {
            self.table_row(body, table, row, &places, &head);
        }
        // No row stands alone below the head or on the next page.
        let rows = &mut self.pieces[first..];
        let count = rows.len();
        if count > 1 {
            rows[0].keep = true;
            rows[count - 2].keep = true;
        }
    }

    /// Room for the longest word of a column's title.
    fn least_width(&mut self, title: &str) -> f32 {
        let words = title.split_whitespace().map(|word| self.setter.line(word, CELL_HEAD).width);
        words.fold(0.0, f32::max).min(WIDEST_WORD) + 2.0 * SIDE + GAP
    }

    fn table_head(
        &mut self,
        table_node: NodeId,
        table: &Table,
        places: &[(f32, f32)],
        before: f32,
    ) -> Rc<RepeatedHead> {
        let group = self.tree.add(table_node, Tag::THead);
        let row = self.tree.add(group, Tag::TR);
        let set: Vec<Vec<Rc<Line>>> = table
            .columns
            .iter()
            .zip(places)
            .map(|(column, (_, width))| self.setter.set(&[(&column.title, CELL_HEAD)], width - 2.0 * SIDE))
            .collect();
        let most = set.iter().map(Vec::len).max().unwrap_or(1);
        let height = 2.0 * ABOVE + most as f32 * CELL_HEAD.leading;
        let ground = vec![
            Shape::rectangle(0.0, 0.0, MEASURE, height, MIST).into(),
            Shape::rectangle(0.0, height - 1.0, MEASURE, 1.0, TEAL).into(),
        ];
        let mut layers = vec![Layer::decoration(ground.clone())];
        for ((column, place), lines) in table.columns.iter().zip(places).zip(&set) {
            let cell = self.tree.add(row, Tag::TH(TableHeaderScope::Column));
            // Heads stand on the bottom of their row, near the numbers they name.
            let y = ABOVE + (most - lines.len()) as f32 * CELL_HEAD.leading;
            layers.push(Layer::of(cell, cell_marks(lines, column.side, *place, 0.0, y)));
        }
        let marks = layers.iter().flat_map(|layer| layer.marks.clone()).collect();
        self.pieces.push(Piece { before, height, keep: true, layers, ..Piece::default() });
        Rc::new(RepeatedHead { height, marks })
    }

    fn table_row(&mut self, body: NodeId, table: &Table, row: &Row, places: &[(f32, f32)], head: &Rc<RepeatedHead>) {
        let row_node = self.tree.add(body, Tag::TR);
        let empty = Cell::default();
        let mut cells = Vec::with_capacity(places.len());
        for (index, (column, &(x, width))) in table.columns.iter().zip(places).enumerate() {
            let cell = row.cells.get(index).unwrap_or(&empty);
            let node = match column.names_row {
                true => self.tree.add(row_node, Tag::TH(TableHeaderScope::Row)),
                false => self.tree.add(row_node, Tag::TD),
            };
            let room = (width - 2.0 * SIDE - cell.indent).max(12.0);
            let lines: Vec<Rc<Line>> = cell
                .texts
                .iter()
                .flat_map(|(words, style)| {
                    let style = if column.side == Side::Right { style.tabular() } else { *style };
                    self.setter.set(&[(words, style)], room)
                })
                .collect();
            cells.push((node, lines, column.side, (x, width), cell));
        }
        let most = cells.iter().map(|(_, lines, ..)| lines.len()).max().unwrap_or(0).max(1);
        for start in (0..most).step_by(MOST_LINES) {
            let mut height: f32 = CELL.leading;
            let mut layers = Vec::with_capacity(cells.len() + 2);
            for (node, lines, side, place, cell) in &cells {
                let part = &lines[start.min(lines.len())..(start + MOST_LINES).min(lines.len())];
                height = height.max(part.iter().map(|line| line.height).sum());
                layers.push(Layer::of(*node, cell_marks(part, *side, *place, cell.indent, ABOVE)));
                if let (Some(share), 0) = (cell.bar, start) {
                    layers.push(Layer::decoration(bar_marks(share, *place)));
                }
            }
            let height = (height + 2.0 * ABOVE).max(row.at_least);
            let mut ground = Vec::new();
            ground.extend(row.ground.map(|colour| Mark::from(Shape::rectangle(0.0, 0.0, MEASURE, height, colour))));
            ground.push(Shape::rectangle(0.0, height - 0.5, MEASURE, 0.5, HAIRLINE).into());
            layers.insert(0, Layer::decoration(ground));
            self.pieces.push(Piece { height, layers, head: Some(Rc::clone(head)), ..Piece::default() });
        }
    }
}

fn bar_marks(share: f32, (x, width): (f32, f32)) -> Vec<Mark> {
    let (left, room, y) = (x + SIDE, width - 2.0 * SIDE, ABOVE + CELL.leading / 2.0 - 3.5);
    vec![
        Shape::rectangle(left, y, room, 7.0, TRACK).into(),
        Shape::rectangle(left, y, (room * share).max(0.01), 7.0, TEAL).into(),
    ]
}

fn cell_marks(lines: &[Rc<Line>], side: Side, (x, width): (f32, f32), indent: f32, top: f32) -> Vec<Mark> {
    let mut y = top;
    lines
        .iter()
        .map(|line| {
            let left = match side {
                Side::Left => x + SIDE + indent,
                Side::Right => x + width - SIDE - line.width,
            };
            y += line.height;
            Mark::text(left, y - line.height, line)
        })
        .collect()
}
