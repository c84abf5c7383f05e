//! Running the program as a person or another program would.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// Runs `prima` with the given words.
pub(crate) fn prima(words: &[&str]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_prima")).args(words).output().unwrap();
    Run {
        code: status.code().expect("the program never ends by a signal"),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// Runs `prima` and reads its output as JSON; the run must have succeeded.
pub(crate) fn json(words: &[&str]) -> Value {
    let run = prima(words);
    assert_eq!(run.code, 0, "{words:?}\n{}", run.err);
    run.json()
}

/// A folder for one test, gone when the test ends.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A file with the given content; its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(content.as_ref()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The rows of a published table, each as (column, cell) pairs. Cells may be quoted.
pub(crate) fn table(path: &str) -> Vec<Vec<(String, String)>> {
    let text = std::fs::read_to_string(repository(path)).unwrap();
    let mut lines = text.lines().map(cells);
    let heads = lines.next().unwrap();
    lines.map(|row| heads.iter().cloned().zip(row).collect()).collect()
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

/// A cell of a row by its column.
pub(crate) fn cell<'a>(row: &'a [(String, String)], column: &str) -> &'a str {
    row.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell.as_str())
}

/// The codes of a JSON list of warnings.
pub(crate) fn codes(warnings: &Value) -> Vec<&str> {
    warnings.as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

/// The result file that a report carries inside.
pub(crate) fn result_inside(report: &[u8]) -> Value {
    let starts = (0..report.len())
        .filter(|at| report[*at..].starts_with(b"stream\n") || report[*at..].starts_with(b"stream\r\n"));
    let unpacked = starts.filter_map(|at| {
        let start = at + report[at..].iter().position(|byte| *byte == b'\n')? + 1;
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::ZlibDecoder::new(&report[start..]), &mut text).ok()?;
        serde_json::from_str::<Value>(&text).ok().filter(|value| value.get("results").is_some())
    });
    unpacked.fold(None, |_, found| Some(found)).unwrap()
}
