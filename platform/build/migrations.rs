//! Lists the migrations of both engines into a table of the program, and refuses a folder that is not in order.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Files by number: name and path.
type Files = BTreeMap<u32, (String, PathBuf)>;

/// Writes `migrations.rs`, which `src/database/migration.rs` includes.
pub(crate) fn list() {
    // Asked when it runs: a checkout elsewhere may run the script that another one compiled.
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let folder = Path::new(&package).join("../migrations");
    let (sqlite, postgres) = (files(&folder.join("sqlite")), files(&folder.join("postgres")));
    check(&sqlite, &postgres);
    let mut text = String::new();
    table(&mut text, "SQLITE", &sqlite);
    table(&mut text, "POSTGRES", &postgres);
    for engine in ["sqlite", "postgres"] {
        let mut samples = files(&folder.join("sample"));
        for (number, own) in files(&folder.join("sample").join(engine)) {
            assert!(samples.insert(number, own).is_none(), "sample {number:04} stands in two folders");
        }
        table(&mut text, &format!("{}_SAMPLES", engine.to_uppercase()), &samples);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("migrations.rs");
    fs::write(out, text).expect("the folder of the build can be written");
}

fn files(folder: &Path) -> Files {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else { return Files::new() };
    let mut files = Files::new();
    for path in entries.map(|entry| entry.expect("the folder can be listed").path()) {
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let parts = stem.split_once('_').and_then(|(number, name)| Some((number.parse().ok()?, name)));
        let (number, name) = parts.unwrap_or_else(|| panic!("{}: name it 0001_word.sql", path.display()));
        let former = files.insert(number, (name.to_owned(), path.clone()));
        assert!(former.is_none(), "{}: the number is taken", path.display());
    }
    files
}

fn check(sqlite: &Files, postgres: &Files) {
    let names = |files: &Files| files.iter().map(|(number, (name, _))| (*number, name.clone())).collect::<Vec<_>>();
    assert_eq!(names(sqlite), names(postgres), "both engines need migrations of the same numbers and names");
    for (place, number) in (1..).zip(sqlite.keys()) {
        assert_eq!(place, *number, "migration {place:04} is missing");
    }
}

fn table(text: &mut String, name: &str, files: &Files) {
    let _ = writeln!(text, "pub(super) const {name}: &[super::Migration] = &[");
    for (number, (word, path)) in files {
        let _ = writeln!(
            text,
            "    super::Migration {{ number: {number}, name: {word:?}, sql: include_str!({:?}) }},",
            path.display().to_string()
        );
    }
    text.push_str("];\n");
}
