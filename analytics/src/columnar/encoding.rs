//! The rarer encodings of a page's values, rewritten in the plain one.
//!
//! The library has decoders for them too, but they trust the lengths a file states and panic when these cannot be.

use super::column::broken;
use super::hybrid::{Hybrid, Packed, Piece};
use super::pages::LARGEST_PAGE;
use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;

/// The values of a page in the plain encoding, booleans as a byte each. The page has at most `most` values.
pub(crate) fn plain(values: Bytes, encoding: Encoding, most: usize, chunk: &ColumnChunkMetaData) -> Result<Bytes> {
    match (encoding, chunk.column_type()) {
        (Encoding::PLAIN, Type::BOOLEAN) => {
            let mut out = Vec::new();
            Packed::new(&values, 1, most.min(values.len() * 8)).each(|bit| out.push(u8::from(bit == 1)));
            Ok(out.into())
        }
        (Encoding::PLAIN, _) => Ok(values),
        (Encoding::RLE, Type::BOOLEAN) => booleans(&values, most),
        (Encoding::DELTA_BINARY_PACKED, Type::INT32) => integers(&values, most, 4),
        (Encoding::DELTA_BINARY_PACKED, Type::INT64) => integers(&values, most, 8),
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, Type::BYTE_ARRAY) => texts(&values, most),
        (Encoding::DELTA_BYTE_ARRAY, Type::BYTE_ARRAY) => prefixed_texts(&values, most, true),
        (Encoding::DELTA_BYTE_ARRAY, Type::FIXED_LEN_BYTE_ARRAY) => prefixed_texts(&values, most, false),
        (Encoding::BYTE_STREAM_SPLIT, Type::INT32 | Type::FLOAT) => Ok(joined(&values, 4)),
        (Encoding::BYTE_STREAM_SPLIT, Type::INT64 | Type::DOUBLE) => Ok(joined(&values, 8)),
        (Encoding::BYTE_STREAM_SPLIT, Type::FIXED_LEN_BYTE_ARRAY) => {
            Ok(joined(&values, usize::try_from(chunk.column_descr().type_length()).unwrap_or(0)))
        }
        _ => Err(broken("an unknown encoding")),
    }
}

fn early() -> parquet::errors::ParquetError {
    broken("a page ends too early")
}

/// Refuses to write more than a page may hold.
fn extend(out: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    if out.len() as u64 + bytes.len() as u64 > LARGEST_PAGE {
        return Err(broken("a page that holds too much"));
    }
    out.extend_from_slice(bytes);
    Ok(())
}

fn booleans(values: &Bytes, most: usize) -> Result<Bytes> {
    let mut hybrid = Hybrid::new(values.slice(4.min(values.len())..), 1).ok_or_else(early)?;
    let mut out = Vec::new();
    while out.len() < most {
        match hybrid.next(most - out.len()) {
            None => break,
            Some(Piece::Repeat(bit, count)) => {
                let start = out.len();
                if (start + count) as u64 > LARGEST_PAGE {
                    return Err(broken("a page that holds too much"));
                }
                out.resize(start + count, u8::from(bit == 1));
            }
            Some(Piece::Packed(packed)) => packed.each(|bit| out.push(u8::from(bit == 1))),
        }
    }
    Ok(out.into())
}

fn integers(values: &[u8], most: usize, width: usize) -> Result<Bytes> {
    let (numbers, _) = deltas(values, most)?;
    let mut out = Vec::with_capacity(numbers.len() * width);
    for number in numbers {
        extend(&mut out, &number.to_le_bytes()[..width])?;
    }
    Ok(out.into())
}

fn texts(values: &[u8], most: usize) -> Result<Bytes> {
    let (lengths, mut rest) = deltas(values, most)?;
    let mut out = Vec::new();
    for length in lengths {
        let text = take(&mut rest, length)?;
        extend(&mut out, &length_bytes(text)?)?;
        extend(&mut out, text)?;
    }
    Ok(out.into())
}

/// Each text begins with a part of the one before it.
fn prefixed_texts(values: &[u8], most: usize, with_length: bool) -> Result<Bytes> {
    let (prefixes, rest) = deltas(values, most)?;
    let (lengths, mut rest) = deltas(rest, most)?;
    let mut out = Vec::new();
    let mut text = Vec::new();
    for (prefix, length) in prefixes.into_iter().zip(lengths) {
        let prefix = usize::try_from(prefix).ok().filter(|prefix| *prefix <= text.len()).ok_or_else(early)?;
        text.truncate(prefix);
        text.extend_from_slice(take(&mut rest, length)?);
        if with_length {
            extend(&mut out, &length_bytes(&text)?)?;
        }
        extend(&mut out, &text)?;
    }
    Ok(out.into())
}

fn length_bytes(text: &[u8]) -> Result<[u8; 4]> {
    u32::try_from(text.len()).map(u32::to_le_bytes).map_err(|_| early())
}

fn take<'b>(bytes: &mut &'b [u8], length: i64) -> Result<&'b [u8]> {
    let length = usize::try_from(length).map_err(|_| early())?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or_else(early)?;
    *bytes = rest;
    Ok(taken)
}

/// The first bytes of all values, then their second bytes, and so on: put together again.
fn joined(values: &[u8], width: usize) -> Bytes {
    let count = values.len().checked_div(width).unwrap_or(0);
    (0..count).flat_map(|value| (0..width).map(move |byte| values[byte * count + value])).collect()
}

/// Numbers written as differences, in blocks of small blocks that have a width each; and the bytes behind them.
fn deltas(bytes: &[u8], most: usize) -> Result<(Vec<i64>, &[u8])> {
    let mut rest = bytes;
    let block = number(&mut rest)?;
    let parts = number(&mut rest)?;
    let count = usize::try_from(number(&mut rest)?).ok().filter(|count| *count <= most).ok_or_else(early)?;
    let first = zigzag(number(&mut rest)?);
    let per_part = usize::try_from(block.checked_div(parts).unwrap_or(0)).unwrap_or(0);
    if per_part == 0 || !per_part.is_multiple_of(8) || block > 1 << 20 || count as u64 * 8 > LARGEST_PAGE {
        return Err(broken("an impossible block of numbers"));
    }
    let mut numbers = Vec::with_capacity(count.min(bytes.len() * 8));
    numbers.extend((count > 0).then_some(first));
    let mut last = first;
    while numbers.len() < count {
        let least = zigzag(number(&mut rest)?);
        let widths = take(&mut rest, i64::try_from(parts).map_err(|_| early())?)?;
        for width in widths {
            let wanted = per_part.min(count - numbers.len());
            // Small blocks behind the last number are not written.
            if wanted == 0 {
                break;
            }
            let packed = take(&mut rest, i64::try_from(per_part / 8).map_err(|_| early())? * i64::from(*width))?;
            for position in 0..wanted {
                last = last.wrapping_add(least).wrapping_add(difference(packed, *width, position)?);
                numbers.push(last);
            }
        }
    }
    Ok((numbers, rest))
}

/// The number at `position` among numbers of `width` bits.
fn difference(packed: &[u8], width: u8, position: usize) -> Result<i64> {
    if width > 64 {
        return Err(broken("an impossible block of numbers"));
    }
    let bit = position * usize::from(width);
    let bytes = &packed[bit / 8..(bit + usize::from(width)).div_ceil(8)];
    let word = bytes.iter().rev().fold(0_u128, |word, byte| word << 8 | u128::from(*byte));
    let number = (word >> (bit % 8)) & ((1 << width) - 1);
    Ok(u64::try_from(number).map_or(0, u64::cast_signed))
}

fn number(bytes: &mut &[u8]) -> Result<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or_else(early)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Ok(number);
        }
    }
    Err(broken("an impossible number"))
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_added_up() {
        // The example of the format's description: 7, 5, 3, 1, 2, 3, 4, 5 with blocks of 128 in four parts.
        let mut bytes = vec![0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0];
        bytes.extend([0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0, b'!']);
        let (numbers, rest) = deltas(&bytes, 8).unwrap();
        assert_eq!((numbers, rest), (vec![7, 5, 3, 1, 2, 3, 4, 5], &b"!"[..]));
        assert!(deltas(&bytes, 7).is_err());
        assert!(deltas(&bytes[..12], 8).is_err());
    }

    #[test]
    fn split_bytes_are_joined() {
        assert_eq!(joined(b"abAB", 2)[..], *b"aAbB");
        assert!(joined(b"abc", 0).is_empty());
    }
}
