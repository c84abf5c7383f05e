//! The slice as a whole: its words, its statements, its stores on both engines, its pages from outside.

mod life;
mod pages;
mod world;

use crate::{STATEMENTS, WORDS, routes};
use platform::route::Audience;

#[test]
fn the_words_are_complete_and_all_used() {
    // Said by `organisation::Checks`.
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), &["fault.too-long"]);
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
fn without_a_role_one_only_reads_what_was_published() {
    let routes = routes();
    let open: Vec<(&str, &str)> = routes
        .declarations()
        .filter(|route| !matches!(route.audience, Audience::May(_)))
        .map(|route| (route.method, route.path))
        .collect();
    assert_eq!(open, [("GET", "/anda-bilang"), ("GET", "/anda-bilang/{slug}")]);
}

#[test]
fn every_kind_of_message_can_be_read_in_both_languages() {
    platform::testing::read_every_kind(crate::MESSAGES);
}
