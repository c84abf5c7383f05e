//! `OpenDocument` spreadsheets, read row by row.
//!
//! The library that reads Excel's workbooks also reads these, but as a whole: a few bytes that repeat a cell a million times
//! would fill the memory, and a text that breaks off would be read for ever. So the few elements that matter are read here.

use super::archive::{damaged, opened};
use super::line::Line;
use super::{LONGEST_CELL, MOST_SHEET_ROWS, Next, Rows, number_text};
use crate::error::ReadError;
use crate::limits::Stop;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::{BufRead, BufReader};
use std::path::Path;

const PART: &str = "content.xml";
/// Blanks in a row that are written as one element.
const MOST_BLANKS: usize = 1000;

/// Gives the rows of the sheets to `rows`, sheet after sheet, until it has enough.
pub(crate) fn read(path: &Path, stop: &Stop, rows: &mut impl Rows) -> Result<(), ReadError> {
    let mut archive = opened(path)?;
    let entry = archive.by_name(PART).map_err(|error| damaged(PART, &error))?;
    let reader = Reader::from_reader(BufReader::new(entry));
    let mut document = Document { reader, buffer: Vec::new(), stop, line: 0 };
    document.reader.config_mut().expand_empty_elements = true;
    let mut sheets = 0;
    loop {
        match document.next()? {
            Token::Start(element) if element.name == "table:table" => {
                let begun = rows.begin(sheets);
                let next = if begun == Next::Row { document.sheet(rows)? } else { begun };
                sheets += 1;
                if next == Next::End {
                    return Ok(());
                }
            }
            Token::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// What is read of the document: beginnings and ends of elements, and text.
enum Token {
    Start(Element),
    End(String),
    Text(String),
    Eof,
}

/// The beginning of an element, with the attributes that matter.
#[derive(Default)]
struct Element {
    name: String,
    repeated: usize,
    value: Option<String>,
    is_number: bool,
    blanks: usize,
}

struct Document<'s, R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    stop: &'s Stop,
    /// The row that is read, as a person sees it.
    line: u64,
}

impl<R: BufRead> Document<'_, R> {
    fn next(&mut self) -> Result<Token, ReadError> {
        loop {
            self.stop.check()?;
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| damaged(PART, &error))?;
            return Ok(match event {
                Event::Start(start) => Token::Start(element(&start)?),
                Event::End(end) => Token::End(end.name().as_ref().to_owned()),
                Event::Text(text) => Token::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Token::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Token::Text(referred(&reference)?),
                Event::Eof => Token::Eof,
                _ => continue,
            });
        }
    }

    /// The rows up to the end of the sheet.
    fn sheet(&mut self, rows: &mut impl Rows) -> Result<Next, ReadError> {
        let mut above = 0_u64;
        loop {
            match self.next()? {
                Token::Start(element) if element.name == "table:table-row" => {
                    self.line = above.saturating_add(1);
                    let cells = self.row()?;
                    let first = self.line;
                    // Any number may be written there; sheets really end with a million empty rows.
                    above = above.saturating_add(element.repeated as u64);
                    if cells.is_empty() {
                        continue;
                    }
                    if above > MOST_SHEET_ROWS {
                        return Err(ReadError::TooManyRows(crate::source::MOST_ROWS));
                    }
                    for line in first..=above {
                        self.stop.check()?;
                        let next = rows.row(line, &cells)?;
                        if next != Next::Row {
                            return Ok(next);
                        }
                    }
                }
                Token::End(name) if name == "table:table" => return Ok(Next::Sheet),
                Token::Eof => return Err(ends_early()),
                _ => {}
            }
        }
    }

    /// The cells up to the end of the row, without empty ones at its end.
    fn row(&mut self) -> Result<Vec<String>, ReadError> {
        let mut line = Line::default();
        let mut column = 0_usize;
        loop {
            match self.next()? {
                Token::Start(cell) if is_cell(&cell.name) => {
                    let content = self.content(&cell.name)?;
                    let text = cell.value.unwrap_or(content);
                    let text = if cell.is_number { text.parse().map_or(text, number_text) } else { text };
                    line.put(self.line, column, cell.repeated, &text)?;
                    column = column.saturating_add(cell.repeated);
                }
                Token::End(name) if name == "table:table-row" => return Ok(line.cells),
                Token::Eof => return Err(ends_early()),
                _ => {}
            }
        }
    }

    /// The text up to the end of the cell; notes pinned to it do not belong to it.
    fn content(&mut self, cell: &str) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut notes = 0_usize;
        let mut paragraphs = 0;
        loop {
            // Pieces between the elements of a cell add up; a letter takes four bytes at most.
            if text.len() > 4 * LONGEST_CELL {
                return Err(ReadError::LongText(self.line));
            }
            match self.next()? {
                Token::Start(element) if element.name == "office:annotation" => notes += 1,
                Token::End(name) if name == "office:annotation" => notes = notes.saturating_sub(1),
                Token::End(name) if name == cell => return Ok(text),
                Token::Eof => return Err(ends_early()),
                _ if notes > 0 => {}
                Token::Start(element) => match element.name.as_str() {
                    "text:p" => {
                        paragraphs += 1;
                        text.push_str(if paragraphs > 1 { "\n" } else { "" });
                    }
                    "text:s" => text.push_str(&" ".repeat(element.blanks)),
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    _ => {}
                },
                Token::Text(part) if paragraphs > 0 => text.push_str(&part),
                Token::Text(_) | Token::End(_) => {}
            }
        }
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "table:table-cell" | "table:covered-table-cell")
}

fn ends_early() -> ReadError {
    damaged(PART, &"it ends too early")
}

fn element(start: &BytesStart<'_>) -> Result<Element, ReadError> {
    let mut element = Element { name: start.name().as_ref().to_owned(), repeated: 1, blanks: 1, ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| damaged(PART, &error))?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::default());
        let value = value.map_err(|error| damaged(PART, &error))?.into_owned();
        match attribute.key.as_ref() {
            "table:number-columns-repeated" | "table:number-rows-repeated" => {
                element.repeated = value.parse().map_err(|error: std::num::ParseIntError| damaged(PART, &error))?;
            }
            "office:value" => {
                element.is_number = true;
                element.value = Some(value);
            }
            "office:date-value" | "office:time-value" | "office:boolean-value" | "office:string-value" => {
                element.value = Some(value);
            }
            "text:c" => element.blanks = value.parse().unwrap_or(1).min(MOST_BLANKS),
            _ => {}
        }
    }
    Ok(element)
}

fn referred(reference: &BytesRef<'_>) -> Result<String, ReadError> {
    let name: &str = reference.as_ref();
    quick_xml::escape::unescape(&format!("&{name};"))
        .map(std::borrow::Cow::into_owned)
        .map_err(|error| damaged(PART, &error))
}
