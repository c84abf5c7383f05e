//! The slice as a whole: its words, its statements, its stores on both engines, its pages from outside.

mod contacts;
mod pages;
mod posters;
mod satisfaction;
mod standards;
mod stores;
mod vocabularies;
mod world;

use crate::{STATEMENTS, WORDS, routes};
use platform::route::Audience;

#[test]
fn the_words_are_complete_and_all_used() {
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), NAMED_BY_ORGANISATION);
}

#[test]
fn every_statement_is_accepted_by_both_engines() {
    platform::testing::prepare_all(STATEMENTS);
}

#[test]
fn every_statement_names_its_institution() {
    for statements in STATEMENTS {
        platform::testing::statements_name_their_institution(statements, &[]);
    }
}

#[test]
fn whoever_changes_something_needs_a_role() {
    let routes = routes();
    for route in routes.declarations().filter(|route| route.method == "POST") {
        assert!(matches!(route.audience, Audience::May(_)), "{}", route.path);
    }
}

/// Keys that the checks and the table of reviewed rows of `organisation` name.
const NAMED_BY_ORGANISATION: &[&str] = &[
    "fault.too-long",
    "import.line",
    "import.nothing",
    "import.row",
    "import.table",
    "import.verdict",
    "import.warning",
    "import.what",
];
