//! What every slice keeps to.

use crate::{STATEMENTS, WORDS, routes};
use platform::database::Sql;
use platform::route::Audience;

#[test]
fn the_words_are_complete_and_all_used() {
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), &[]);
}

#[test]
fn every_statement_is_accepted_by_both_engines() {
    platform::testing::prepare_all(STATEMENTS);
}

#[test]
fn every_statement_names_its_institution() {
    let all: Vec<Sql> = STATEMENTS.iter().copied().flatten().copied().collect();
    let keys = "whether a key may be retired is asked of the whole installation; a number is all it gives";
    platform::testing::statements_name_their_institution(&all, &[("HELD_WEBHOOK", keys)]);
}

#[test]
fn without_a_role_one_only_answers_and_reads_what_was_published() {
    let routes = routes();
    let open: Vec<(&str, &str)> = routes
        .declarations()
        .filter(|route| !matches!(route.audience, Audience::May(_)))
        .map(|route| (route.method, route.path))
        .collect();
    let expected = [
        ("GET", "/s"),
        ("GET", "/s/terima-kasih"),
        ("GET", "/s/luring.js"),
        ("GET", "/s/{code}"),
        ("POST", "/s/{code}"),
        ("GET", "/s/{code}/layar"),
        ("POST", "/s/{code}/layar"),
        ("GET", "/survei"),
        ("GET", "/survei/kota/{round}"),
        ("GET", "/survei/kota/{round}/hasil.json"),
        ("GET", "/survei/{id}"),
        ("GET", "/survei/{id}/{file}"),
        // The handlers ask for the key of a program.
        ("GET", "/s/openrosa/formList"),
        ("GET", "/s/openrosa/forms/{form}"),
        ("GET", "/s/openrosa/submission"),
        ("POST", "/s/openrosa/submission"),
        ("GET", "/api/v1/survey/periods"),
        ("GET", "/api/v1/survey/periods/{id}"),
        // The handler asks for the key of a program.
        ("POST", "/api/v1/survey/codes"),
    ];
    assert_eq!(open, expected);
}
