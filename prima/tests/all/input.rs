//! Whatever the bytes, the program ends with a sentence, never with a panic.

use crate::support::{Folder, prima};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// How many cases one run tries; each starts the program several times.
const CASES: u32 = 24;

#[test]
fn any_bytes_are_scored_or_refused_by_every_command_that_reads_a_file() {
    let folder = Folder::new();
    let starts: [&[u8]; 7] = [
        b"",
        b"PK\x03\x04",
        b"PAR1",
        b"%PDF-1.7 stream\n",
        b"{\"instrument\":\"skm-2017\",",
        b"prima:1:skm-2017:",
        b"unit,u1,u2\nA,",
    ];
    let bytes = (0..starts.len(), prop::collection::vec(any::<u8>(), 0..300));
    let mut runner = TestRunner::new(Config { cases: CASES, ..Config::default() });
    runner
        .run(&bytes, |(start, rest)| {
            let file = folder.file("x", [starts[start], &rest].concat());
            for words in [
                vec!["score", "skm-2017", &file],
                vec!["score", "ipp-2022", &file],
                vec!["score", "ombudsman-2025", &file],
                vec!["score", "skm-2017", &file, "--means"],
                vec!["verify", &file],
                vec!["deadline", "--days", "1", "2026-11-20", "--calendar", &file],
            ] {
                let run = prima(&words);
                prop_assert!(
                    matches!(run.code, 0 | 1) && !run.err.contains("panicked"),
                    "{words:?} {}: {}",
                    run.code,
                    run.err
                );
            }
            Ok(())
        })
        .unwrap();
}
