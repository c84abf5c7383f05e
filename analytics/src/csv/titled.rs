//! Text saved from a sheet that has a title above its table.

use super::record::{Dialect, Records};
use crate::header::FirstRows;

/// Only so much of a file is searched.
const SEARCHED: usize = 64 << 10;
/// A separator that the title does not show is believed from this many columns on: remarks have semicolons too.
const FEWEST_COLUMNS: usize = 3;

/// A table below a title.
pub(super) struct Table {
    pub(super) dialect: Dialect,
    pub(super) names: Vec<String>,
    /// Offset of the first byte after the header, and that byte's line number.
    pub(super) position: usize,
    pub(super) line: u64,
}

/// The table in a text whose first row has one cell, if its header is found below. `dialect` is what that first row tells;
/// where it has no separator, the widest header tells.
pub(super) fn table(text: &[u8], dialect: Dialect) -> Option<Table> {
    let others = [b'\t', b';', b','].map(|separator| Dialect { separator, ..dialect });
    let others = others.into_iter().filter(|other| *other != dialect && !text.starts_with(b"sep="));
    let others = others.filter_map(|other| below(text, other)).filter(|table| table.columns() >= FEWEST_COLUMNS);
    // Of equally wide ones the last wins.
    others.chain(below(text, dialect)).max_by_key(Table::columns)
}

impl Table {
    fn columns(&self) -> usize {
        self.names.iter().filter(|name| !name.is_empty()).count()
    }
}

fn below(text: &[u8], dialect: Dialect) -> Option<Table> {
    let text = match text.get(..SEARCHED) {
        Some(start) => &start[..dialect.last_row_end(start)?],
        None => text,
    };
    let mut rows = FirstRows::default();
    let mut ends = Vec::new();
    let mut records = Records::new(text, dialect, 1);
    let mut cells = Vec::new();
    while let Some(line) = records.next(&mut cells) {
        let texts: Vec<String> = cells.iter().map(|cell| records.text(*cell).trim().to_owned()).collect();
        if records.open_quote() || rows.are_enough() {
            break;
        }
        if texts.iter().all(String::is_empty) || Dialect::told_by(text, &texts) {
            continue;
        }
        rows.add(line, records.line(), &texts);
        ends.push((records.position(), records.line()));
    }
    let header = rows.header().filter(|header| header.of_a_table && header.row > 0)?;
    let (position, line) = ends[header.row];
    Some(Table { dialect, names: header.names, position, line })
}
