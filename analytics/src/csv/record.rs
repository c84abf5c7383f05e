//! Rows and cells inside a piece of text.

use crate::text::decoded;
use memchr::{memchr, memchr_iter, memrchr};
use std::borrow::Cow;

const QUOTE: u8 = b'"';

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Between cells: `,` `;` or a tab.
    pub(crate) separator: u8,
    /// At the end of a row: a line feed, or a carriage return in very old files.
    pub(crate) row_end: u8,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { separator: b',', row_end: b'\n' }
    }
}

impl Dialect {
    /// The dialect of a file that begins like this: the separator that occurs most often in the first row that has any.
    pub(crate) fn of(text: &[u8]) -> Self {
        let row_end = if memchr(b'\n', text).is_none() && memchr(b'\r', text).is_some() { b'\r' } else { b'\n' };
        let named = |separator| Self { separator, row_end };
        if let [b's', b'e', b'p', b'=', separator @ (b',' | b';' | b'\t'), b'\r' | b'\n', ..] = text {
            return named(*separator);
        }
        let counts = |separator: u8| {
            let mut records = Records::new(text, named(separator), 1);
            let mut cells = Vec::new();
            while records.next(&mut cells).is_some() {
                if cells.len() > 1 || cells.iter().any(|cell| !records.is_blank(*cell)) {
                    return cells.len();
                }
            }
            0
        };
        // Of equal counts the first wins.
        let best = [b'\t', b';', b','].into_iter().max_by_key(|separator| counts(*separator));
        named(best.unwrap_or(b','))
    }

    /// Whether this row is the line `sep=;` by which spreadsheets are told the separator.
    pub(crate) fn told_by(text: &[u8], names: &[String]) -> bool {
        text.starts_with(b"sep=") && names.first().is_some_and(|name| name == "sep=")
    }

    /// The position after the last row end outside quotation marks.
    pub(crate) fn last_row_end(self, text: &[u8]) -> Option<usize> {
        let mut last = None;
        let mut from = 0;
        while let Some(quote) = memchr(QUOTE, &text[from..]).map(|at| from + at) {
            last = memrchr(self.row_end, &text[from..quote]).map(|at| from + at + 1).or(last);
            if !self.at_cell_start(text, quote) {
                from = quote + 1;
                continue;
            }
            match closing_quote(text, quote) {
                // At the very end of the piece it may be the first of a pair.
                Some(close) if close + 1 < text.len() => from = close + 1,
                _ => return last,
            }
        }
        memrchr(self.row_end, &text[from..]).map(|at| from + at + 1).or(last)
    }

    /// How many lines end in `text`.
    pub(crate) fn line_ends(self, text: &[u8]) -> u64 {
        memchr_iter(self.row_end, text).count() as u64
    }

    fn at_cell_start(self, text: &[u8], position: usize) -> bool {
        position == 0 || text[position - 1] == self.separator || text[position - 1] == self.row_end
    }
}

/// The quotation mark that closes the one at `open`; a doubled one stands for itself.
fn closing_quote(text: &[u8], open: usize) -> Option<usize> {
    let mut from = open + 1;
    loop {
        let quote = from + memchr(QUOTE, text.get(from..)?)?;
        if text.get(quote + 1) != Some(&QUOTE) {
            return Some(quote);
        }
        from = quote + 2;
    }
}

/// Where a cell stands: in the text, or among the cells whose quotation marks had to be taken out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    start: usize,
    end: usize,
    rewritten: bool,
}

/// Takes text apart into rows.
pub(crate) struct Records<'t> {
    text: &'t [u8],
    dialect: Dialect,
    position: usize,
    line: u64,
    open_quote: bool,
    /// The cells of the current row that do not stand in the text as they are.
    rewritten: Vec<u8>,
}

impl<'t> Records<'t> {
    /// The rows of `text`, whose first line has the number `line`.
    pub(crate) fn new(text: &'t [u8], dialect: Dialect, line: u64) -> Self {
        Self { text, dialect, position: 0, line, open_quote: false, rewritten: Vec::new() }
    }

    /// The offset of the next row.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The line number of the next row.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the row read last ended inside quotation marks.
    pub(crate) fn open_quote(&self) -> bool {
        self.open_quote
    }

    /// Reads the cells of the next row and gives its line number.
    pub(crate) fn next(&mut self, cells: &mut Vec<Span>) -> Option<u64> {
        cells.clear();
        self.rewritten.clear();
        if self.position >= self.text.len() {
            return None;
        }
        let line = self.line;
        let Dialect { separator, row_end } = self.dialect;
        loop {
            let start = self.position;
            let quoted = self.text.get(start) == Some(&QUOTE);
            let behind = if quoted { self.skip_quoted(start) } else { start };
            let length = self.text[behind..].iter().position(|byte| *byte == separator || *byte == row_end);
            let end = length.map_or(self.text.len(), |length| behind + length);
            let cell = Span { start, end, rewritten: false };
            cells.push(if quoted { self.unquoted(cell, behind) } else { cell });
            if self.text.get(end) != Some(&separator) {
                self.line += 1;
                self.position = (end + 1).min(self.text.len());
                return Some(line);
            }
            self.position = end + 1;
        }
    }

    /// The position behind the quotation mark that closes the one at `start`.
    fn skip_quoted(&mut self, start: usize) -> usize {
        let close = closing_quote(self.text, start);
        self.open_quote |= close.is_none();
        let behind = close.map_or(self.text.len(), |close| close + 1);
        self.line += self.dialect.line_ends(&self.text[start..behind]);
        behind
    }

    /// A cell without its quotation marks, the closing one of which is before `behind`.
    fn unquoted(&mut self, cell: Span, behind: usize) -> Span {
        let close = (behind - 1).max(cell.start + 1);
        let inside = &self.text[(cell.start + 1).min(close)..close];
        if behind == cell.end && memchr(QUOTE, inside).is_none() {
            return Span { start: cell.start + 1, end: close, rewritten: false };
        }
        let start = self.rewritten.len();
        let mut rest = inside;
        while let Some(quote) = memchr(QUOTE, rest) {
            self.rewritten.extend_from_slice(&rest[..=quote]);
            rest = rest.get(quote + 2..).unwrap_or_default();
        }
        self.rewritten.extend_from_slice(rest);
        self.rewritten.extend_from_slice(&self.text[behind..cell.end]);
        Span { start, end: self.rewritten.len(), rewritten: true }
    }

    /// The bytes of a cell of the current row, without its quotation marks.
    #[inline]
    pub(crate) fn bytes(&self, cell: Span) -> &[u8] {
        let text = if cell.rewritten { &self.rewritten } else { self.text };
        &text[cell.start..cell.end]
    }

    /// The text of a cell of the current row.
    pub(crate) fn text(&self, cell: Span) -> Cow<'_, str> {
        decoded(self.bytes(cell))
    }

    /// Whether nothing but blanks is in a cell.
    #[inline]
    pub(crate) fn is_blank(&self, cell: Span) -> bool {
        self.text(cell).trim().is_empty()
    }
}
