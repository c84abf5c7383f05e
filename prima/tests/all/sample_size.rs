//! `prima sample-size`.

use crate::support::{json, prima};

#[test]
fn the_number_stands_alone_on_the_first_line() {
    let run = prima(&["sample-size", "1000"]);
    assert_eq!((run.code, run.out.lines().next()), (0, Some("278")));
    assert!(run.out.contains("Krejcie dan Morgan 1970"));
}

#[test]
fn confidence_and_margin_may_be_chosen() {
    let found = json(&["sample-size", "1000", "--confidence", "0,99", "--margin", "0.03", "--format", "json"]);
    assert_eq!((&found["sample_size"], &found["chi_square"]), (&648.into(), &"6.635".into()));
}

#[test]
fn impossible_shares_are_wrong_usage() {
    for words in [
        &["sample-size", "-5"][..],
        &["sample-size", "seribu"],
        &["sample-size", "10", "--margin", "0"],
        &["sample-size", "10", "--confidence", "1"],
        &["sample-size", "10", "--confidence", "0.9999991"],
    ] {
        assert_eq!(prima(words).code, 2, "{words:?}");
    }
    assert!(prima(&["sample-size", "10", "--confidence", "0,9999991"]).err.contains("paling tinggi 0,999999"));
    assert_eq!(prima(&["sample-size", "10", "--confidence", "0.999999"]).code, 0);
}
