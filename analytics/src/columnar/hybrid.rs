//! Parquet's small numbers: runs of one repeated number, and runs of numbers packed bit by bit.

use bytes::Bytes;
use std::ops::Range;

/// Reads such numbers, a piece at a time.
#[derive(Debug)]
pub(crate) struct Hybrid {
    bytes: Bytes,
    at: usize,
    width: u32,
    run: Run,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Repeat { value: u32, left: usize },
    Packed { start: usize, first: usize, left: usize },
}

/// A part of one run.
#[derive(Debug)]
pub(crate) enum Piece<'b> {
    /// One number, so many times.
    Repeat(u32, usize),
    /// Different numbers.
    Packed(Packed<'b>),
}

/// Numbers of `width` bits each, lowest bit first; `count` of them from the number `first` on.
#[derive(Debug)]
pub(crate) struct Packed<'b> {
    bytes: &'b [u8],
    width: u32,
    first: usize,
    pub(crate) count: usize,
}

impl Hybrid {
    /// Numbers of `width` bits (at most 32) in `bytes`.
    pub(crate) fn new(bytes: Bytes, width: u32) -> Option<Self> {
        // Numbers without bits are all 0 and need no bytes.
        let left = if width == 0 { usize::MAX } else { 0 };
        (width <= 32).then_some(Self { bytes, at: 0, width, run: Run::Repeat { value: 0, left } })
    }

    /// The next numbers, `most` at most (and that is at least one); nothing at the end or when the bytes make no sense.
    pub(crate) fn next(&mut self, most: usize) -> Option<Piece<'_>> {
        loop {
            match &mut self.run {
                Run::Repeat { left: 0, .. } | Run::Packed { left: 0, .. } => {}
                Run::Repeat { value, left } => {
                    let count = most.min(*left);
                    *left -= count;
                    return Some(Piece::Repeat(*value, count));
                }
                Run::Packed { start, first, left } => {
                    let count = most.min(*left);
                    let packed = Packed { bytes: &self.bytes[*start..], width: self.width, first: *first, count };
                    *first += count;
                    *left -= count;
                    return Some(Piece::Packed(packed));
                }
            }
            self.run = self.next_run()?;
        }
    }

    fn next_run(&mut self) -> Option<Run> {
        let header = self.variable_length()?;
        let length = usize::try_from(header >> 1).ok()?;
        let rest = self.bytes.len() - self.at;
        if header & 1 == 0 {
            let width = self.width.div_ceil(8) as usize;
            let value = self.bytes.get(self.at..self.at + width)?.iter().rev();
            let value = value.fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
            self.at += width;
            return Some(Run::Repeat { value, left: length });
        }
        // The last run may be cut short where the page ends.
        let width = self.width as usize;
        let size = length.checked_mul(width)?.min(rest);
        let start = self.at;
        self.at += size;
        Some(Run::Packed { start, first: 0, left: size * 8 / width })
    }

    fn variable_length(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

impl<'b> Packed<'b> {
    /// The first `count` numbers of `width` bits in `bytes`.
    pub(crate) fn new(bytes: &'b [u8], width: u32, count: usize) -> Self {
        Self { bytes, width, first: 0, count }
    }

    /// Whether every number fits a byte.
    pub(crate) fn is_narrow(&self) -> bool {
        self.width <= 8
    }

    /// Gives every number to `take`, in order.
    pub(crate) fn each(&self, mut take: impl FnMut(u32)) {
        let (head, groups, tail) = self.parts();
        head.for_each(|position| take(self.number(position)));
        let mask = (1 << self.width) - 1;
        for word in self.words(groups) {
            (0..8).for_each(|position| take(low_bits(word >> (position * self.width) & mask)));
        }
        tail.for_each(|position| take(self.number(position)));
    }

    /// Writes the low byte of each number's entry in `table` (see [`Packed::is_narrow`]); gives all entries used, joined bit by
    /// bit.
    pub(crate) fn look_up(&self, table: &[u16; 256], out: &mut Vec<u8>) -> u16 {
        let mut seen = 0;
        let mut entry = |number: u64| {
            let [low, ..] = number.to_le_bytes();
            let entry = table[usize::from(low)];
            seen |= entry;
            let [byte, _] = entry.to_le_bytes();
            byte
        };
        let (head, groups, tail) = self.parts();
        out.extend(head.map(|position| entry(self.number(position).into())));
        let mask = (1 << self.width) - 1;
        for word in self.words(groups) {
            let eight: [u8; 8] = std::array::from_fn(|position| entry(word >> (position * self.width as usize) & mask));
            out.extend_from_slice(&eight);
        }
        out.extend(tail.map(|position| entry(self.number(position).into())));
        seen
    }

    /// The positions before, in and after the whole groups of eight numbers. Eight numbers fill `width` whole bytes, which one
    /// 64-bit word holds as long as they are narrow; of wider ones none counts as whole.
    fn parts(&self) -> (Range<usize>, Range<usize>, Range<usize>) {
        let (start, end) = (self.first, self.first + self.count);
        if !self.is_narrow() {
            return (start..end, end..end, end..end);
        }
        let first = start.next_multiple_of(8).min(end);
        let last = end - (end - first) % 8;
        (start..first, first..last, last..end)
    }

    fn words(&self, groups: Range<usize>) -> impl Iterator<Item = u64> {
        groups.step_by(8).map(|group| self.word(group / 8 * self.width as usize))
    }

    fn number(&self, position: usize) -> u32 {
        let bit = position * self.width as usize;
        low_bits(self.word(bit / 8) >> (bit % 8) & ((1 << self.width) - 1))
    }

    /// Eight bytes from `at` on; behind the end are zeros.
    fn word(&self, at: usize) -> u64 {
        if let Some(bytes) = self.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            return u64::from_le_bytes(*bytes);
        }
        let mut word = [0; 8];
        let rest = self.bytes.get(at..).unwrap_or_default();
        word[..rest.len()].copy_from_slice(rest);
        u64::from_le_bytes(word)
    }
}

#[inline]
fn low_bits(word: u64) -> u32 {
    u32::try_from(word & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All numbers, asked for in pieces of `most`.
    fn read(bytes: Vec<u8>, width: u32, most: usize, wanted: usize) -> Vec<u32> {
        let mut hybrid = Hybrid::new(bytes.into(), width).unwrap();
        let mut numbers = Vec::new();
        while numbers.len() < wanted {
            match hybrid.next(most.min(wanted - numbers.len())) {
                Some(Piece::Repeat(value, count)) => numbers.extend(std::iter::repeat_n(value, count)),
                Some(Piece::Packed(packed)) => packed.each(|number| numbers.push(number)),
                None => break,
            }
        }
        numbers
    }

    #[test]
    fn the_example_of_the_format_s_description() {
        let packed = vec![0b0000_0011, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(read(packed, 3, 8, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(read(vec![0b0000_1010, 0x2c, 0x01], 9, 3, 5), [300; 5]);
        assert_eq!(read(vec![], 0, 3, 4), [0; 4]);
    }

    #[test]
    fn broken_bytes_end_the_numbers() {
        assert!(Hybrid::new(Bytes::new(), 33).is_none());
        assert_eq!(read(vec![0xff; 9], 3, 8, 8), []);
        assert_eq!(read(vec![0b0000_0011, 1], 3, 8, 8), [1, 0]);
        assert_eq!(read(vec![0b0000_0100], 8, 8, 8), []);
    }

    proptest! {
        #[test]
        fn packed_numbers_come_back(width in 1_u32..=32, seed in proptest::collection::vec(any::<u32>(), 1..20), most in 1_usize..30) {
            let numbers: Vec<u32> = seed.iter().map(|number| number >> (32 - width)).collect();
            let groups = numbers.len().div_ceil(8);
            let mut bytes = vec![u8::try_from(groups << 1 | 1).unwrap()];
            bytes.resize(1 + groups * width as usize, 0);
            for (position, number) in numbers.iter().enumerate() {
                for bit in 0..width as usize {
                    let at = position * width as usize + bit;
                    bytes[1 + at / 8] |= u8::try_from(number >> bit & 1).unwrap() << (at % 8);
                }
            }
            prop_assert_eq!(read(bytes, width, most, numbers.len()), numbers);
        }

        #[test]
        fn any_bytes_are_read_to_some_end(bytes in proptest::collection::vec(any::<u8>(), 0..60), width in 0_u32..=32) {
            prop_assert!(read(bytes, width, 100, 1000).len() <= 1000);
        }
    }
}
