//! The pages of a column chunk, with a limit on what one page may claim.

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, Length, SerializedPageReader};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

/// The most bytes one page may unpack to. Writers cut pages at about a megabyte.
pub(crate) const LARGEST_PAGE: u64 = 256 << 20;

/// A Parquet file that refuses pages which claim too much. One thread uses it at a time, for its position is shared.
pub(crate) struct Pages(pub(crate) File);

impl Length for Pages {
    fn len(&self) -> u64 {
        Length::len(&self.0)
    }
}

impl ChunkReader for Pages {
    type T = BufReader<File>;

    /// Begins to read at a page's header: the only use made of it here.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let mut reader = self.0.get_read(start)?;
        match claimed_size(reader.fill_buf()?) {
            Some(size) if size <= LARGEST_PAGE => Ok(reader),
            Some(size) => Err(ParquetError::General(format!("a page of {size} bytes"))),
            None => Err(ParquetError::General("an unknown page header".to_owned())),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.0.get_bytes(start, length)
    }
}

/// The unpacked size a page header states: the second of its fields, which all writers begin with (Thrift compact protocol: a
/// byte `0x15` before each number, numbers zigzag and 7 bits a byte).
fn claimed_size(header: &[u8]) -> Option<u64> {
    let (_, rest) = field(header)?;
    field(rest).map(|(size, _)| size)
}

fn field(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (0x15, rest) = bytes.split_first().map(|(first, rest)| (*first, rest))? else { return None };
    let length = rest.iter().take(5).position(|byte| *byte < 0x80)? + 1;
    let (number, rest) = rest.split_at(length);
    let number = number.iter().rev().fold(0_u64, |number, byte| number << 7 | u64::from(byte & 0x7f));
    (number & 1 == 0).then_some((number >> 1, rest))
}

/// The pages of one chunk.
pub(crate) fn of_chunk(
    file: &Arc<Pages>,
    chunk: &ColumnChunkMetaData,
    rows: usize,
) -> Result<SerializedPageReader<Pages>> {
    SerializedPageReader::new(Arc::clone(file), chunk, rows, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claimed_size_of_a_page_is_its_second_field() {
        assert_eq!(claimed_size(&[0x15, 0, 0x15, 0xd8, 4, 0x15, 10]), Some(300));
        assert_eq!(claimed_size(&[0x15, 0, 0x15, 0xff, 0xff, 0xff, 0xff, 0x0e]), None);
        assert_eq!(claimed_size(&[0x15, 0, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f]), Some(2_147_483_647));
        assert_eq!(claimed_size(&[0x15, 0, 0x25, 2]), None);
        assert_eq!(claimed_size(&[0x15]), None);
    }
}
