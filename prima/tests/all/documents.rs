//! The documents are true: codes and sentences, dependencies, links, headings, folders, and every example that is shown.

use crate::support::{Folder, repository};
use rules::warning::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Markdown file of the repository, as a path from its root.
fn markdown_files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(repository(folder.to_str().unwrap())).unwrap() {
            let name = entry.unwrap().file_name();
            let path = folder.join(&name);
            let hidden = name.to_string_lossy().starts_with('.');
            if repository(path.to_str().unwrap()).is_dir() {
                if !hidden && name != "target" && name != "node_modules" {
                    walk(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(""), &mut found);
    found.sort();
    found
}

/// The lines of a section, from its heading to the next of the same or a higher level.
fn section<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let mut lines = text.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "there is no `{heading}`");
    lines.take_while(|line| !line.starts_with("## ")).collect()
}

/// The two tables of sentences of a crate, Bahasa Indonesia first.
struct Sentences([toml::Table; 2]);

impl Sentences {
    fn of(krate: &str) -> Self {
        Self(["id", "en"].map(|language| toml::from_str(&read(&format!("{krate}/locales/{language}.toml"))).unwrap()))
    }

    /// A row of `docs/rule-codes.md`: the code and the sentences of a key such as `read.empty`.
    fn row(&self, code: &str, key: &str) -> String {
        let (table, name) = key.split_once('.').unwrap();
        let say = |words: &toml::Table| words[table][name].as_str().unwrap().to_owned();
        let [indonesian, english] = &self.0;
        format!("| `{code}` | {} | {} |", say(indonesian), say(english))
    }
}

/// What stands in a source file between two texts.
fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("there is no `{from}`"));
    rest.split(to).next().unwrap_or_default()
}

/// The names that follow `prefix` in a text: `Empty` of `ReadError::Empty`.
fn names_after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    let name = |rest: &'a str| rest.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    text.split(prefix).skip(1).map(name).collect()
}

/// The text between the last two quotation marks of a line.
fn last_quoted(line: &str) -> &str {
    line.rsplit('"').nth(1).unwrap_or_default()
}

/// The codes of an enum's `code()`: variant and code.
fn codes_of(file: &str, function: &str) -> BTreeMap<String, String> {
    let text = read(file);
    let arms = part(&text, function, "\n    }\n").lines().filter(|line| line.contains("=>"));
    arms.flat_map(|arm| {
        names_after(arm, "Self::").into_iter().map(|name| (name.to_owned(), last_quoted(arm).to_owned()))
    })
    .collect()
}

/// The keys of the sentences of read errors: variant and key.
fn keys_of_read_errors() -> BTreeMap<String, String> {
    let text = read("calculation/src/problem.rs");
    let mut keys = BTreeMap::new();
    let mut waiting: Vec<&str> = Vec::new();
    for piece in part(&text, "fn read_phrase", "\n}\n").split_inclusive("(\"read.") {
        // A piece ends where a key begins, and starts with the key before it.
        if let Some((key, _)) = piece.split_once('"').filter(|_| !waiting.is_empty()) {
            keys.extend(waiting.drain(..).map(|name| (name.to_owned(), format!("read.{key}"))));
        }
        waiting.extend(names_after(piece, "ReadError::"));
    }
    keys
}

/// What stands between backticks.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// Codes of warnings that the program defines and never gives.
fn codes_never_given() -> BTreeSet<String> {
    let list = read("rules/src/warning.rs");
    let list = part(&list, "codes! {\n", "\n}\n").lines().filter_map(|line| line.trim().split_once(" = "));
    let program: String =
        ["rules/src", "calculation/src", "prima/src"].map(|folder| program_text(&repository(folder))).concat();
    list.filter(|(name, _)| !names_after(&program, "Code::").contains(name))
        .map(|(_, code)| code.trim_matches(['"', ',']).to_owned())
        .collect()
}

/// All Rust files of a folder in one text, without files of tests.
fn program_text(folder: &Path) -> String {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| {
        if path.is_dir() {
            program_text(&path)
        } else if path.ends_with("tests.rs") {
            String::new()
        } else {
            std::fs::read_to_string(path).unwrap()
        }
    };
    paths.map(text).collect()
}

fn rows_of_warnings() -> Vec<String> {
    let sentences = Sentences::of("rules");
    Code::ALL.iter().map(|code| sentences.row(code.as_str(), &format!("warning.{}", code.as_str()))).collect()
}

fn rows_of_read_errors() -> Vec<String> {
    let sentences = Sentences::of("calculation");
    let keys = keys_of_read_errors();
    let codes = codes_of("analytics/src/error.rs", "pub fn code(&self)");
    let names: BTreeSet<&String> = codes.keys().collect();
    assert_eq!(names, keys.keys().collect(), "a read error without a sentence");
    codes.iter().map(|(name, code)| sentences.row(code, &keys[name])).collect()
}

fn rows_of_bad_cells() -> Vec<String> {
    let sentences = Sentences::of("calculation");
    let codes = codes_of("analytics/src/question.rs", "pub fn code(self)");
    let text = read("calculation/src/score/faults.rs");
    let arms = part(&text, "fn words_of", "\n}\n").lines().filter(|line| line.contains("=>"));
    let row = |arm: &str| {
        let code = if arm.contains("fault.code()") {
            codes[names_after(arm, "Fault::")[0]].as_str()
        } else {
            arm.split('"').nth(1).unwrap_or_default()
        };
        sentences.row(code, last_quoted(arm))
    };
    arms.map(row).collect()
}

/// Compares the table of a section with the code's. `PRIMA_BLESS=1 cargo test -p prima --test all documents` writes it anew.
fn holds(heading: &str, mut rows: Vec<String>) {
    rows.sort();
    rows.dedup();
    let path = "docs/rule-codes.md";
    let text = read(path);
    let found: Vec<&str> = section(&text, heading).into_iter().filter(|line| line.starts_with("| `")).collect();
    if std::env::var_os("PRIMA_BLESS").is_some() && found != rows {
        let rule = "|---|---|---|\n";
        let (before, after) = text.split_once(&format!("{heading}\n")).unwrap();
        let (head, rest) = after.split_once(rule).unwrap();
        let rest: String = rest.split_inclusive('\n').skip_while(|line| line.starts_with("| `")).collect();
        let table: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(repository(path), format!("{before}{heading}\n{head}{rule}{table}{rest}")).unwrap();
        return;
    }
    assert_eq!(found, rows, "{path}, {heading}: run `PRIMA_BLESS=1 cargo test -p prima --test all documents`");
}

/// One test for all tables, since they are written to one file.
#[test]
fn the_code_tables_are_those_of_the_program() {
    holds("## Warnings", rows_of_warnings());
    holds("## Files that cannot be read", rows_of_read_errors());
    holds("## Cells that cannot be used", rows_of_bad_cells());
    let text = read("docs/rule-codes.md");
    let kept: BTreeSet<&str> = text.lines().filter(|line| line.contains("no command gives")).flat_map(quoted).collect();
    let unused: BTreeSet<String> = codes_never_given();
    assert_eq!(kept, unused.iter().map(String::as_str).collect::<BTreeSet<&str>>());
    let ends = section(&text, "## Exit codes");
    let codes: Vec<&str> = ends.iter().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(codes, ["0", "1", "2"]);
}

#[test]
fn the_readme_tells_what_each_dependency_is_for() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let all = manifest["workspace"]["dependencies"].as_table().unwrap();
    let foreign: BTreeSet<&str> =
        all.iter().filter(|(_, value)| value.get("path").is_none()).map(|(name, _)| name.as_str()).collect();
    let text = read("README.md");
    let lines = section(&text, "## Dependencies").into_iter();
    let told: Vec<&str> = lines.filter_map(|line| line.strip_prefix("- `")?.split('`').next()).collect();
    assert_eq!(told.iter().copied().collect::<BTreeSet<&str>>(), foreign);
    assert_eq!(told.len(), foreign.len(), "a dependency is told twice");
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut broken = Vec::new();
    for file in markdown_files() {
        let text = read(file.to_str().unwrap());
        let outside_code = text.split("```").step_by(2);
        for link in outside_code.flat_map(|text| text.split("](").skip(1)).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            let folder = file.parent().unwrap();
            if !elsewhere && !repository(folder.join(target).to_str().unwrap()).exists() {
                broken.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn both_readmes_have_the_same_sections() {
    let heads = |path| read(path).lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(heads("README.md"), heads("README.id.md"));
}

/// A row is `istilah | singkatan | code name | article | folder | note`.
#[test]
fn every_folder_of_the_glossary_exists() {
    for line in read("docs/glossary.md").lines().filter(|line| line.starts_with('|') && !line.starts_with("|--")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{line}");
        for folder in quoted(cells[4]) {
            assert!(repository(folder).is_dir(), "there is no folder {folder}: {line}");
        }
    }
}

/// The commands of a document with the lines shown below each.
fn examples(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for block in text.split("```").skip(1).step_by(2) {
        let mut open = false;
        for line in block.lines().skip(1).map(str::trim_end) {
            match line.strip_prefix("$ ") {
                Some(command) => {
                    found.push((command.to_owned(), Vec::new()));
                    open = true;
                }
                None if open => found.last_mut().unwrap().1.push(line.to_owned()),
                None => {}
            }
        }
    }
    found
}

/// The words of a command as a shell would cut them, without `cargo run … --` or `prima` in front; nothing for other commands.
fn words_of(command: &str) -> Option<Vec<String>> {
    let command = command.strip_prefix("cargo run --release -- ").or_else(|| command.strip_prefix("prima "))?;
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    Some(words.into_iter().filter(|word| !word.is_empty()).collect())
}

fn printed_by(words: &[String]) -> String {
    let program = env!("CARGO_BIN_EXE_prima");
    let output = Command::new(program).args(words).current_dir(repository(".")).output().unwrap();
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
}

/// What a server prints until it is ready; then it is stopped. It takes any free port, and is quoted with the usual one.
fn printed_by_server(words: &[String]) -> String {
    let mut server = Command::new(env!("CARGO_BIN_EXE_prima"))
        .args(words)
        .args(["--listen", "127.0.0.1:0", "--log", "error"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut printed = String::new();
    for line in lines {
        let (before, after) = line.split_once("127.0.0.1:").unwrap_or((&line, ""));
        let usual = if after.is_empty() { String::new() } else { "127.0.0.1:8080".to_owned() };
        printed += &format!("{before}{usual}{}\n", after.trim_start_matches(|letter: char| letter.is_ascii_digit()));
        if line.contains("Ctrl+C") {
            break;
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    printed
}

/// Every line shown below a command is printed by it, in that order; `…` stands for lines left out. What a command writes goes to a
/// folder of the test, and a later command finds it there.
#[test]
fn every_example_prints_what_is_shown() {
    for path in ["README.md", "README.id.md", "ARCHITECTURE.md"] {
        let folder = Folder::new();
        let mut written: BTreeMap<String, String> = BTreeMap::new();
        let mut run = 0;
        for (command, shown) in examples(&read(path)) {
            let Some(mut words) = words_of(&command) else { continue };
            if let Some(at) = words.iter().position(|word| word == "--output") {
                let name = words[at + 1].clone();
                let place = folder.path(name.trim_end_matches('/')).to_str().unwrap().to_owned();
                written.insert(name, place);
            }
            for word in &mut words {
                if let Some((name, place)) = written.iter().find(|(name, _)| word.starts_with(name.as_str())) {
                    *word = word.replacen(name.trim_end_matches('/'), place, 1);
                }
            }
            let serves = words[0] == "demo" && !words.iter().any(|word| word == "--output");
            let printed = if serves { printed_by_server(&words) } else { printed_by(&words) };
            let mut lines = printed.lines().map(str::trim_end);
            for line in shown.iter().filter(|line| !line.is_empty() && *line != "…") {
                assert!(
                    lines.any(|printed| printed == line),
                    "{path}: `{command}` does not print\n{line}\nbut\n{printed}"
                );
            }
            run += 1;
        }
        assert!(run > 0, "{path} shows no command");
    }
}
