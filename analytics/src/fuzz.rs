//! No bytes make this crate panic: random ones, and valid files of every format that are then damaged.

use crate::testing::{file, question};
use crate::{Source, columnar, sheet, tally};
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A small generator of numbers; the same seed gives the same damage.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        [0, 1, 0x7f, 0x80, 0xff, b'"', b'\n', b'<', u8::try_from(self.below(256)).unwrap()][self.below(9)]
    }

    /// A few bytes changed, cut out, doubled or put in; sometimes the end cut off.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let length = self.below(12).min(bytes.len() - at);
            match self.below(6) {
                0 | 1 if at < bytes.len() => bytes[at] = self.byte(),
                2 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                3 => drop(bytes.drain(at..at + length)),
                4 => {
                    let copy = bytes[at..at + length].to_vec();
                    drop(bytes.splice(at..at, copy));
                }
                _ => bytes.insert(at, self.byte()),
            }
        }
        if self.below(8) == 0 {
            bytes.truncate(self.below(bytes.len() + 1));
        }
    }
}

/// Valid files to damage: text, workbooks, Parquet in several manners.
fn valid_files() -> Vec<Vec<u8>> {
    let text = "unit;u1;u2\n\"Dinas \"\"X\"\"\nKota\";4;3\r\nB;3,0;x\n;;\nC;1;2;9\n";
    let mut files = vec![text.as_bytes().to_vec(), text.replace(';', ",").into_bytes()];
    let titled = "\"Rekap\nSKM\";;\n;;\nNo.;;Unsur\n;u1;u2\n1;4;3\nJumlah;;\n";
    files.extend([titled.as_bytes().to_vec(), titled.replace(";;\n", "\n").into_bytes()]);
    files.extend([sheet::titled::workbook(), sheet::titled::document()]);
    files.extend([sheet::tests::workbook(), sheet::tests::small_open_document()]);
    files.extend(columnar::tests::manners().into_iter().map(columnar::tests::small));
    files
}

/// The archive with one of its parts damaged and all checksums right again.
fn damaged_inside(archive: &[u8], random: &mut Random) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = random.below(archive.len());
    for position in 0..archive.len() {
        let mut entry = archive.by_index(position).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if position == chosen || random.below(4) == 0 {
            random.damage(&mut content);
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let name = entry.name().unwrap().into_owned();
        writer.start_file(name, options).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One damaged or random file.
fn case(valid: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    if random.below(10) == 0 {
        let mut bytes = [&b""[..], b"PAR1", b"PK\x03\x04", b"\xef\xbb\xbf", b"sep=;\n"][random.below(5)].to_vec();
        let length = random.below(400);
        bytes.extend((0..length).map(|_| random.byte()));
        return bytes;
    }
    let mut bytes = valid[random.below(valid.len())].clone();
    if bytes.starts_with(b"PK") && random.below(8) > 0 {
        return damaged_inside(&bytes, &mut random);
    }
    random.damage(&mut bytes);
    bytes
}

/// Everything that can be asked of a file.
fn ask_everything(bytes: &[u8]) {
    let file = file(bytes);
    let Ok(source) = Source::open(file.path()) else { return };
    let columns = source.columns().len();
    for threads in 1..=2 {
        for groups in [0, 1, columns.saturating_sub(1).min(3)] {
            let Ok(source) = Source::open(file.path()) else { return };
            let _ = tally(source, &question(groups, columns - groups), threads);
        }
    }
    let _ = source.rows();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_bytes_cause_a_panic(seed: u64) {
        ask_everything(&case(&valid_files(), seed));
    }

    #[test]
    fn no_random_bytes_cause_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        ask_everything(&bytes);
    }
}

/// For `PRIMA_FUZZ_SECONDS` seconds (one, when none are asked for) from the seed `PRIMA_FUZZ_SEED` on.
#[test]
fn no_bytes_cause_a_panic_for_as_long_as_asked() {
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seconds = number("PRIMA_FUZZ_SECONDS").unwrap_or(1);
    let first = number("PRIMA_FUZZ_SEED").unwrap_or(0);
    let valid = valid_files();
    let begun = Instant::now();
    let mut cases = 0;
    let mut slowest = (Duration::ZERO, 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let seed = first + cases;
        let started = Instant::now();
        let asked = std::panic::catch_unwind(|| ask_everything(&case(&valid, seed)));
        assert!(asked.is_ok(), "seed {seed} panics after {cases} cases");
        slowest = slowest.max((started.elapsed(), seed));
        cases += 1;
    }
    writeln!(std::io::stderr(), "{cases} cases without a panic; the slowest took {slowest:?}").unwrap();
}
