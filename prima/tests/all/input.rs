//! Whatever the bytes, the program ends with a sentence, never with a panic.
//!
//! Every kind of file the program reads is handed in whole, damaged and random. A normal run tries a few hundred cases;
//! `PRIMA_FUZZ_SECONDS=600 cargo test -p prima --test all input -- --nocapture` goes on for ten minutes and says how many ran.

use crate::support::{Folder, prima};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::time::{Duration, Instant};

/// Cases of a normal run; each starts the program once.
const CASES: u32 = 160;

/// A sound file and the commands that read files of its kind; `FILE` stands for its path.
struct Seed {
    bytes: Vec<u8>,
    commands: Vec<Vec<&'static str>>,
}

fn seeds(folder: &Folder) -> Vec<Seed> {
    let answers = "unit;period;u1;u2;u3;u4;u5;u6;u7;u8;u9\nA;2026;4;3;4;3;4;3;4;3;4\n\"B;\n\";2026;1;2;3;4;1;2;3;4;1\n";
    let input = folder.file("benih.csv", answers);
    let result = prima(&["score", "skm-2017", &input, "--format", "json"]).out;
    let line = "prima:1:skm-2017:unit=A:exact:n=2:s=8,8,8,8,8,8,8,8,8:100.00:A:0123456789abcdef";
    let report = folder.path("benih.pdf");
    prima(&["score", "skm-2017", &input, "--by", "period", "--format", "pdf", "--output", report.to_str().unwrap()]);
    let parameters =
        |name: &str| std::fs::read(crate::support::repository(&format!("rules/parameters/{name}.toml"))).unwrap();
    let table = |name: &str| std::fs::read(crate::support::repository(&format!("vectors/{name}.csv"))).unwrap();
    let shared = folder.file("jawaban.csv", answers).leak();
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let levels =
        format!("unit,{},f03\nA,{},4,4\nB,{},5,x\n", heads.join(","), vec!["4"; 29].join(","), vec!["5"; 29].join(","));
    let of = |bytes: &[u8], commands: Vec<Vec<&'static str>>| Seed { bytes: bytes.to_vec(), commands };
    let calendar = vec!["deadline", "--days", "9", "2026-11-20", "--calendar", "FILE"];
    vec![
        of(
            answers.as_bytes(),
            vec![vec!["score", "skm-2017", "FILE"], vec!["score", "skm-2017", "FILE", "--means", "--explain"]],
        ),
        of(levels.as_bytes(), vec![vec!["score", "ipp-2022", "FILE"], vec!["score", "ombudsman-2025", "FILE"]]),
        of(
            b"institution,unit,score,kepatuhan\nKota,A,91.99,Tinggi\nKota,B,86.77,\n",
            vec![vec!["score", "ombudsman-2025", "FILE"]],
        ),
        of(result.as_bytes(), vec![vec!["verify", "FILE"]]),
        of(line.as_bytes(), vec![vec!["verify", "FILE"]]),
        of(&std::fs::read(report).unwrap(), vec![vec!["verify", "FILE"]]),
        of(&table("skm"), vec![vec!["verify", "FILE"]]),
        of(&table("ombudsman"), vec![vec!["verify", "FILE"]]),
        of(&table("working_days"), vec![vec!["verify", "FILE"]]),
        of(&parameters("skm-2017"), vec![vec!["score", "FILE.toml", shared], vec!["classify", "FILE.toml", "80"]]),
        of(&parameters("ipp-2022"), vec![vec!["instruments", "show", "FILE.toml"]]),
        of(&parameters("kalender-nasional"), vec![calendar.clone()]),
        of(b"date;kind;name\n2026-11-23;libur-daerah;Hari Jadi\n", vec![calendar]),
    ]
}

/// One way to damage a file: cut a stretch, put other bytes there.
#[derive(Debug, Clone)]
struct Damage {
    at: prop::sample::Index,
    length: usize,
    filler: Vec<u8>,
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        "[-0-9.,;:/\\\"{}= ]{0,12}".prop_map(String::into_bytes)
    ];
    let one = (any::<prop::sample::Index>(), 0_usize..40, bytes).prop_map(|(at, length, filler)| Damage {
        at,
        length,
        filler,
    });
    prop::collection::vec(one, 0..5)
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        let from = damage.at.index(bytes.len() + 1);
        let to = (from + damage.length).min(bytes.len());
        bytes.splice(from..to, damage.filler.iter().copied());
    }
    bytes
}

fn run(folder: &Folder, command: &[&str], bytes: &[u8]) {
    let plain = folder.file("x", bytes);
    let toml = folder.file("x.toml", bytes);
    let word = |word: &&str| match *word {
        "FILE" => plain.clone(),
        "FILE.toml" => toml.clone(),
        other => other.to_owned(),
    };
    let words: Vec<String> = command.iter().map(word).collect();
    let borrowed: Vec<&str> = words.iter().map(String::as_str).collect();
    let run = prima(&borrowed);
    let ended = matches!(run.code, 0..=2) && !run.err.contains("panicked");
    assert!(ended, "{words:?} ended with {}: {}\n{:?}", run.code, run.err, String::from_utf8_lossy(bytes));
}

#[test]
fn no_file_of_any_kind_makes_the_program_panic() {
    let folder = Folder::new();
    let seeds = seeds(&folder);
    let seconds = std::env::var("PRIMA_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut runner = TestRunner::new(Config::default());
    let damages = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), damage());
    let mut cases = 0_u32;
    while end.map_or(cases < CASES, |end| Instant::now() < end) {
        let (seed, command, damages) = damages.new_tree(&mut runner).unwrap().current();
        let seed = &seeds[seed.index(seeds.len())];
        run(&folder, &seed.commands[command.index(seed.commands.len())], &damaged(&seed.bytes, &damages));
        cases += 1;
    }
    println!("{cases} cases, no panic");
}

#[test]
fn beginnings_of_known_kinds_with_anything_behind_them_are_refused_or_read() {
    let folder = Folder::new();
    let starts: [&[u8]; 7] = [
        b"",
        b"PK\x03\x04",
        b"PAR1",
        b"%PDF-1.7 stream\n",
        b"{\"instrument\":\"skm-2017\",",
        b"prima:1:",
        b"unit,u1,u2\nA,",
    ];
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..6 {
        let rest = prop::collection::vec(any::<u8>(), 0..300).new_tree(&mut runner).unwrap().current();
        for start in starts {
            for command in [&["score", "skm-2017", "FILE"][..], &["verify", "FILE"]] {
                run(&folder, command, &[start, &rest].concat());
            }
        }
    }
}
