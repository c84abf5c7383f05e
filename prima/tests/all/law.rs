//! `docs/law` is true: every function, test, note and instrument that its pages name exists.

use crate::support::repository;
use rules::instrument::embedded;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const SECTIONS: [&str; 3] = [
    "## What it says, and where it is",
    "## What the regulation leaves open, and what we decided",
    "## Not implemented",
];

/// A page of `docs/law`: its name and its text.
struct Page {
    name: String,
    text: String,
}

/// One row of a page's table of articles.
struct Article<'a> {
    page: &'a str,
    cells: Vec<&'a str>,
}

fn pages() -> Vec<Page> {
    let files = std::fs::read_dir(repository("docs/law")).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| Page {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        text: std::fs::read_to_string(&path).unwrap(),
    };
    let mut pages: Vec<Page> = files.map(read).filter(|page| page.name != "README.md").collect();
    pages.sort_by(|one, other| one.name.cmp(&other.name));
    pages
}

/// The rows of the tables of articles.
fn articles(page: &Page) -> Vec<Article<'_>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in page.text.lines() {
        if line == "| article | what it says, in our words | function | test |" {
            inside = true;
        } else if !line.starts_with('|') {
            inside = false;
        } else if inside && !line.starts_with("|--") {
            let cells = line.trim_matches('|').split('|').map(str::trim).collect();
            rows.push(Article { page: &page.name, cells });
        }
    }
    rows
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The texts of a folder's Rust files, with their paths.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The folder of a crate: slices lie together.
fn folder_of(krate: &str) -> PathBuf {
    let slice = repository("slices").join(krate);
    if slice.is_dir() { slice } else { repository(krate) }
}

/// The program text of a module, or of a whole crate; without tests.
fn program(krate: &str, module: Option<&str>) -> Vec<String> {
    let root = folder_of(krate).join("src");
    let own = |path: &Path| {
        module.is_none_or(|module| path == root.join(format!("{module}.rs")) || path.starts_with(root.join(module)))
    };
    let without_tests = |text: &str| text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    let files = sources(&root).into_iter();
    let files = files.filter(|(path, _)| own(path) && path.file_name().is_some_and(|name| name != "tests.rs"));
    files.map(|(_, text)| without_tests(&text)).collect()
}

fn starts_with_word(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

/// Whether a line declares `name` for other crates: a function, a type, a constant.
fn declares(line: &str, name: &str) -> bool {
    let kinds = ["fn ", "const fn ", "struct ", "enum ", "trait ", "type ", "const "];
    let Some(item) = line.trim_start().strip_prefix("pub ") else { return false };
    if item.starts_with("use ") {
        return item.split([',', '{', '}', ';']).any(|part| part.trim().ends_with(&format!(" as {name}")));
    }
    kinds.iter().any(|kind| item.strip_prefix(kind).is_some_and(|rest| starts_with_word(rest, name)))
}

/// The lines inside the declaration of a type and inside its `impl` blocks.
fn lines_of_type<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let head = !line.starts_with(' ') && line.ends_with('{');
        let words = || line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        if head && words().any(|word| matches!(word, "impl" | "struct" | "enum")) && words().any(|word| word == name) {
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if inside {
            found.push(line);
        }
    }
    found
}

/// Whether a path such as `rules::instrument::Rounding::round` leads to something other crates may use.
fn leads_somewhere(path: &str) -> bool {
    let parts: Vec<&str> = path.split("::").collect();
    let declared =
        |module, item| program(parts[0], module).iter().any(|text| text.lines().any(|line| declares(line, item)));
    match parts.as_slice() {
        [_, item] => declared(None, item),
        [_, module, item] => declared(Some(*module), item),
        [krate, module, kind, item] => {
            let is_member = |line: &&str| {
                let line = line.trim_start();
                declares(line, item) || starts_with_word(line.strip_prefix("pub ").unwrap_or(line), item)
            };
            program(krate, Some(module)).iter().any(|text| lines_of_type(text, kind).iter().any(is_member))
        }
        _ => false,
    }
}

/// The names of all tests of a folder of crates.
fn tests_of(krate: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in sources(&repository(krate)) {
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            let declared = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if line == "#[test]" || line.starts_with("#[tokio::test") {
                marked = true;
            } else if let Some(rest) = declared.filter(|_| marked) {
                names.insert(rest.split('(').next().unwrap_or_default().to_owned());
                marked = false;
            }
        }
    }
    names
}

#[test]
fn every_page_has_its_three_sections_in_order() {
    for page in pages() {
        let heads: Vec<&str> = page.text.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(heads.len(), SECTIONS.len(), "{}: {heads:?}", page.name);
        for (head, wanted) in heads.iter().zip(SECTIONS) {
            assert!(head.starts_with(wanted), "{}: {head}", page.name);
        }
        assert!(!articles(&page).is_empty(), "{} has no table of articles", page.name);
    }
}

#[test]
fn every_row_names_an_article_and_says_how_sure_it_is() {
    for page in pages() {
        for Article { page, cells } in articles(&page) {
            assert_eq!(cells.len(), 4, "{page}: {cells:?}");
            assert!(!cells[0].is_empty(), "{page}: {cells:?}");
            let sure = ["*verified*", "*own knowledge*", "*uncertain*"];
            assert!(sure.iter().any(|word| cells[1].ends_with(word)), "{page}: {}", cells[1]);
        }
    }
}

#[test]
fn every_function_of_the_tables_exists() {
    for page in pages() {
        for Article { page, cells } in articles(&page) {
            let functions = quoted(cells[2]);
            assert!(!functions.is_empty(), "{page}: no function in {cells:?}");
            for function in functions {
                assert!(leads_somewhere(function), "{page}: there is no `{function}`");
            }
        }
    }
}

#[test]
fn every_test_of_the_tables_exists() {
    let of = |folders: &[&str]| folders.iter().flat_map(|folder| tests_of(folder)).collect::<BTreeSet<_>>();
    let (rules, documents) = (of(&["rules"]), of(&["documents"]));
    let others = of(&["platform", "slices", "prima"]);
    for page in pages() {
        for Article { page, cells } in articles(&page) {
            let known = match quoted(cells[2]).first().and_then(|path| path.split("::").next()) {
                Some("rules") => &rules,
                Some("documents") => &documents,
                _ => &others,
            };
            let named = quoted(cells[3]);
            assert!(!named.is_empty(), "{page}: no test in {cells:?}");
            for test in named {
                assert!(known.contains(test), "{page}: there is no test `{test}`");
            }
        }
    }
}

#[test]
fn every_note_named_exists_in_an_instrument_file() {
    let files = std::fs::read_dir(repository("rules/parameters")).unwrap();
    let texts: Vec<String> = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    for page in pages() {
        for rest in page.text.split("note `").skip(1) {
            let code = rest.split('`').next().unwrap_or_default();
            let line = format!("code = \"{code}\"");
            assert!(texts.iter().any(|text| text.contains(&line)), "{}: there is no note `{code}`", page.name);
        }
    }
}

#[test]
fn every_instrument_has_a_page_and_stands_in_the_index() {
    let pages = pages();
    let index = std::fs::read_to_string(repository("docs/law/README.md")).unwrap();
    for id in embedded() {
        let name = format!("`{id}`");
        assert!(pages.iter().any(|page| page.text.contains(&name)), "no page of docs/law names {name}");
        assert!(index.contains(&name), "docs/law/README.md does not name {name}");
    }
    for page in &pages {
        assert!(index.contains(&format!("({})", page.name)), "docs/law/README.md does not list {}", page.name);
    }
}

/// The test of this file is worth something only if it can fail.
#[test]
fn paths_that_lead_nowhere_are_noticed() {
    assert!(leads_somewhere("rules::satisfaction_index::Calculation::exact"));
    assert!(leads_somewhere("privacy::record_breach"), "a name that a slice gives on");
    assert!(leads_somewhere("rules::instrument::Band::min") && leads_somewhere("rules::calendar::JointLeave::Working"));
    for wrong in [
        "rules::satisfaction_index::Calculation::exactly",
        "rules::satisfaction_index::Order::exact",
        "rules::satisfaction_index::exac",
        "rules::statistics::exp_negative",
        "rules::nowhere::classify",
        "rules::instrument::nowhere::Band::min",
        "rules",
    ] {
        assert!(!leads_somewhere(wrong), "{wrong}");
    }
    assert!(!tests_of("rules").contains("competition"), "what a test calls is no test");
}
