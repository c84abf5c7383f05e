//! Checks the locale files of a crate against its sources: equal keys, none missing, none unused, no open placeholder.

use rules::phrase::{Catalogue, Language};
use std::collections::BTreeSet;
use std::path::Path;

/// Fails when the catalogue of the crate in `folder` lacks a key its sources name, holds one they do not name, or holds a
/// sentence in one language only.
///
/// A key is named by a literal (`"unit.title"`), by one that holds its first parts (`"about.prima"` of `about.prima.text`), or by the beginning of one that is made up (`"role.{}"`). `elsewhere` lists the
/// beginnings of keys that sources of another crate name.
///
/// # Panics
/// When something is wrong, with everything that is.
pub fn words(catalogue: &Catalogue, folder: &str, elsewhere: &[&str]) {
    let mut named = BTreeSet::new();
    for place in ["src", "templates"] {
        literals(&Path::new(folder).join(place), &mut named);
    }
    let keys: BTreeSet<&str> = catalogue.keys().collect();
    let unequal = catalogue.unequal_keys();
    let beginnings: Vec<&str> = named
        .iter()
        .filter_map(|literal| literal.split_once('{').map(|(before, _)| before))
        .filter(|b| b.contains('.'))
        .collect();
    let is_named = |key: &str| {
        named.contains(key)
            || named.iter().any(|literal| key.strip_prefix(literal.as_str()).is_some_and(|rest| rest.starts_with('.')))
            || beginnings.iter().any(|beginning| key.starts_with(beginning))
            || elsewhere.iter().any(|beginning| key.starts_with(beginning))
    };
    let unused: Vec<&str> = keys.iter().copied().filter(|key| !is_named(key)).collect();
    let families: BTreeSet<&str> =
        keys.iter().filter_map(|key| key.split_once('.').map(|(family, _)| family)).collect();
    let missing: Vec<&String> = named
        .iter()
        .filter(|literal| is_key(literal) && !keys.contains(literal.as_str()))
        .filter(|literal| literal.split_once('.').is_some_and(|(family, _)| families.contains(family)))
        .filter(|literal| !keys.iter().any(|key| key.starts_with(&format!("{literal}."))))
        .collect();
    let unbalanced: Vec<&str> = keys.iter().copied().filter(|key| !balanced(catalogue, key)).collect();
    assert!(
        unequal.is_empty() && unused.is_empty() && missing.is_empty() && unbalanced.is_empty(),
        "in one language only: {unequal:?}\nnamed nowhere: {unused:?}\nnamed but missing: {missing:?}\nunbalanced: {unbalanced:?}"
    );
}

fn balanced(catalogue: &Catalogue, key: &str) -> bool {
    [Language::Indonesian, Language::English].into_iter().all(|language| {
        let sentence = catalogue.find(key, language).unwrap_or_default();
        !sentence.trim().is_empty() && sentence.matches('{').count() == sentence.matches('}').count()
    })
}

/// Files end in names that look like keys; keys of sentences do not.
fn is_key(literal: &str) -> bool {
    let ends_like_a_file =
        [".html", ".css", ".js", ".svg", ".toml", ".csv", ".json", ".sql", ".pdf", ".rs", ".id", ".db", ".age"];
    // A name with an underscore is one of the database.
    literal.contains('.')
        && !literal.contains('_')
        && !ends_like_a_file.iter().any(|end| literal.ends_with(end))
        && literal.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

fn literals(folder: &Path, into: &mut BTreeSet<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            literals(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs" || end == "html" || end == "js") {
            let text = std::fs::read_to_string(&path).expect("a source of this crate can be read");
            into.extend(text.split('"').filter(|part| part.len() < 80 && part.contains('.')).map(str::to_owned));
        }
    }
}
