//! One column of one row group, read a batch of rows at a time.

use super::encoding::plain;
use super::hybrid::{Hybrid, Piece};
use super::pages::{Pages, of_chunk};
use super::sink::Sink;
use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::SerializedPageReader;
use std::sync::Arc;

/// Reads the values of a chunk into a sink.
pub(crate) struct Column<D> {
    chunk: ColumnChunkMetaData,
    pages: SerializedPageReader<Pages>,
    dictionary: Option<D>,
    page: Option<DataPage>,
}

/// A page being read.
struct DataPage {
    /// Rows not yet taken.
    left: usize,
    /// Whether each row has a value; absent where every row must have one.
    levels: Option<Hybrid>,
    values: Values,
}

enum Values {
    Indices(Hybrid),
    Plain(Bytes),
}

/// A page as the library gives it, without what differs between its two versions.
struct Raw {
    rows: usize,
    encoding: Encoding,
    levels: Option<Bytes>,
    values: Bytes,
}

impl<D> Column<D> {
    /// The column of `chunk`, in a row group of `rows` rows.
    pub(crate) fn new(file: &Arc<Pages>, chunk: &ColumnChunkMetaData, rows: usize) -> Result<Self> {
        let pages = of_chunk(file, chunk, rows)?;
        Ok(Self { chunk: chunk.clone(), pages, dictionary: None, page: None })
    }

    /// Gives the next `rows` rows to the sink.
    pub(crate) fn take(&mut self, rows: usize, sink: &mut impl Sink<Dictionary = D>) -> Result<()> {
        let mut wanted = rows;
        while wanted > 0 {
            let Some(page) = self.page.as_mut().filter(|page| page.left > 0) else {
                self.next_page(sink)?;
                continue;
            };
            let count = wanted.min(page.left);
            page.take(count, self.dictionary.as_ref(), &self.chunk, sink)?;
            page.left -= count;
            wanted -= count;
        }
        Ok(())
    }

    fn next_page(&mut self, sink: &mut impl Sink<Dictionary = D>) -> Result<()> {
        let page = self.pages.get_next_page()?.ok_or_else(|| broken("it ends too early"))?;
        if let Page::DictionaryPage { buf, num_values, encoding, .. } = page {
            if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY) {
                return Err(broken("an unknown encoding of the dictionary"));
            }
            let values = dictionary_values(&buf, num_values, &self.chunk)?;
            self.dictionary = Some(sink.dictionary(&values));
            return Ok(());
        }
        let nullable = self.chunk.column_descr().max_def_level() > 0;
        self.page = Some(data_page(raw(page, nullable)?, &self.chunk)?);
        Ok(())
    }
}

/// An error that says what is wrong with the bytes.
pub(crate) fn broken(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

/// Takes a page apart.
fn raw(page: Page, nullable: bool) -> Result<Raw> {
    let early = || broken("a page ends too early");
    match page {
        Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
            let rows = num_values as usize;
            if !nullable {
                return Ok(Raw { rows, encoding, levels: None, values: buf });
            }
            if def_level_encoding != Encoding::RLE {
                return Err(broken("an unknown encoding of nulls"));
            }
            let length = u32::from_le_bytes(*buf.first_chunk().ok_or_else(early)?) as usize;
            let end = length.checked_add(4).filter(|end| *end <= buf.len()).ok_or_else(early)?;
            Ok(Raw { rows, encoding, levels: Some(buf.slice(4..end)), values: buf.slice(end..) })
        }
        Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
            let start = rep_levels_byte_len as usize;
            let end = start.checked_add(def_levels_byte_len as usize).filter(|end| *end <= buf.len());
            let end = end.ok_or_else(early)?;
            let levels = nullable.then(|| buf.slice(start..end));
            Ok(Raw { rows: num_values as usize, encoding, levels, values: buf.slice(end..) })
        }
        Page::DictionaryPage { .. } => Err(broken("a second dictionary")),
    }
}

fn data_page(raw: Raw, chunk: &ColumnChunkMetaData) -> Result<DataPage> {
    let Raw { rows, encoding, levels, values } = raw;
    let wide = || broken("numbers that are too wide");
    let highest = u32::from(chunk.column_descr().max_def_level().unsigned_abs());
    let levels = match levels {
        Some(levels) => Some(Hybrid::new(levels, u32::BITS - highest.leading_zeros()).ok_or_else(wide)?),
        None => None,
    };
    let values = match encoding {
        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
            // A page of nothing but nulls may lack even the width.
            let width = values.first().copied().unwrap_or(0);
            Values::Indices(Hybrid::new(values.slice(1.min(values.len())..), width.into()).ok_or_else(wide)?)
        }
        _ => Values::Plain(plain(values, encoding, rows, chunk)?),
    };
    Ok(DataPage { left: rows, levels, values })
}

impl DataPage {
    fn take<S: Sink>(
        &mut self,
        rows: usize,
        dictionary: Option<&S::Dictionary>,
        chunk: &ColumnChunkMetaData,
        sink: &mut S,
    ) -> Result<()> {
        let Some(levels) = &mut self.levels else {
            return self.values.take(rows, dictionary, chunk, sink);
        };
        let highest = u32::from(chunk.column_descr().max_def_level().unsigned_abs());
        let mut wanted = rows;
        while wanted > 0 {
            match levels.next(wanted).ok_or_else(|| broken("a page ends too early"))? {
                Piece::Repeat(level, count) => {
                    wanted -= count;
                    if level == highest {
                        self.values.take(count, dictionary, chunk, sink)?;
                    } else {
                        sink.nulls(count);
                    }
                }
                Piece::Packed(packed) => {
                    wanted -= packed.count;
                    let mut present = 0;
                    let mut result = Ok(());
                    packed.each(|level| {
                        if level == highest {
                            present += 1;
                        } else if result.is_ok() {
                            result = self.values.take(std::mem::take(&mut present), dictionary, chunk, sink);
                            sink.nulls(1);
                        }
                    });
                    result?;
                    self.values.take(present, dictionary, chunk, sink)?;
                }
            }
        }
        Ok(())
    }
}

impl Values {
    fn take<S: Sink>(
        &mut self,
        count: usize,
        dictionary: Option<&S::Dictionary>,
        chunk: &ColumnChunkMetaData,
        sink: &mut S,
    ) -> Result<()> {
        match self {
            Self::Indices(indices) => {
                let mut wanted = count;
                while wanted > 0 {
                    let dictionary = dictionary.ok_or_else(|| broken("a page without its dictionary"))?;
                    let known = match indices.next(wanted).ok_or_else(|| broken("a page ends too early"))? {
                        Piece::Repeat(index, count) => {
                            wanted -= count;
                            sink.repeat(dictionary, index, count)
                        }
                        Piece::Packed(packed) => {
                            wanted -= packed.count;
                            sink.packed(dictionary, &packed)
                        }
                    };
                    if !known {
                        return Err(broken("a value that its dictionary lacks"));
                    }
                }
            }
            Self::Plain(bytes) => {
                let mut rest = &bytes[..];
                for _ in 0..count {
                    sink.value(plain_value(&mut rest, chunk)?);
                }
                let used = bytes.len() - rest.len();
                *bytes = bytes.slice(used..);
            }
        }
        Ok(())
    }
}

/// The next value in the plain encoding.
fn plain_value<'b>(bytes: &mut &'b [u8], chunk: &ColumnChunkMetaData) -> Result<&'b [u8]> {
    let early = || broken("a page ends too early");
    let length = match chunk.column_type() {
        Type::INT32 | Type::FLOAT => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => usize::try_from(chunk.column_descr().type_length()).unwrap_or(0),
        Type::BOOLEAN => 1,
        Type::BYTE_ARRAY => {
            let (length, rest) = bytes.split_first_chunk().ok_or_else(early)?;
            *bytes = rest;
            u32::from_le_bytes(*length) as usize
        }
    };
    let (value, rest) = bytes.split_at_checked(length).ok_or_else(early)?;
    *bytes = rest;
    Ok(value)
}

fn dictionary_values<'b>(bytes: &'b [u8], count: u32, chunk: &ColumnChunkMetaData) -> Result<Vec<&'b [u8]>> {
    let mut rest = bytes;
    // Values of no bytes would let a few bytes claim any number of them.
    let count = (count as usize).min(bytes.len());
    (0..count).map(|_| plain_value(&mut rest, chunk)).collect()
}
