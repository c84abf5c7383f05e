//! `prima classify`: the category of a value that somebody already computed.

use crate::support::{codes, json, prima};

#[test]
fn several_values_are_classified_in_order() {
    let found = json(&["classify", "ipp-2022", "4.28", "4,63", "--format", "json"]);
    assert_eq!(found["instrument"], "ipp-2022");
    let categories: Vec<&str> =
        found["results"].as_array().unwrap().iter().map(|result| result["category"].as_str().unwrap()).collect();
    assert_eq!(categories, ["A-", "A"]);
    assert_eq!(found["results"][1]["label"], "Pelayanan Prima");
}

#[test]
fn zones_and_opinions_come_with_their_instrument() {
    let of = |instrument: &str, value: &str| {
        json(&["classify", instrument, value, "--format", "json"])["results"][0].clone()
    };
    assert_eq!(of("ombudsman-2015", "73.14")["zone"], "kuning");
    assert_eq!(of("ombudsman-2022", "91.41")["opinion"], "Kualitas Tertinggi");
    assert!(of("ombudsman-2025", "88.23").get("zone").is_none());
    assert_eq!(codes(&of("ombudsman-2025", "88.23")["warnings"]), ["uncertain-parameter"]);
    let suffix = json(&["classify", "ombudsman-2025", "88.23", "--compliance", "tinggi", "--format", "json"]);
    assert_eq!(suffix["results"][0]["opinion"], "Kualitas Tertinggi Tanpa Maladministrasi");
}

#[test]
fn a_value_is_rounded_before_it_is_classified() {
    let found = json(&["classify", "skm-2017", "88.305", "--format", "json"]);
    assert_eq!((&found["results"][0]["value"], &found["results"][0]["category"]), (&"88.31".into(), &"A".into()));
}

#[test]
fn values_off_the_scale_and_words_are_refused_with_a_sentence() {
    for value in ["101", "24.99", "-3", "tinggi", ""] {
        let run = prima(&["classify", "skm-2017", value]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{value}");
        assert!(!run.err.is_empty());
    }
    assert_eq!(prima(&["classify", "sp4n-2018", "5"]).code, 2);
    assert_eq!(prima(&["classify", "skm-1999", "5"]).code, 2);
}

/// One bad value among good ones: it is named, and nothing is printed that could be taken for the whole answer.
#[test]
fn one_bad_value_is_named_and_nothing_else_is_printed() {
    for (bad, named) in [("baik", "`baik`"), ("100.006", "100,006"), ("105,5", "105,5")] {
        let run = prima(&["classify", "skm-2017", "80", bad, "90"]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{bad}");
        assert!(run.err.contains(named), "{}", run.err);
    }
    let run = prima(&["classify", "ipp-2022", "5.01"]);
    assert!(run.err.contains("5,01 di luar skala instrumen, 0 sampai 5."), "{}", run.err);
}

#[test]
fn old_and_new_tables_differ() {
    let category = |instrument: &str| {
        json(&["classify", instrument, "84.5", "--format", "json"])["results"][0]["category"].clone()
    };
    assert_eq!((category("skm-2004"), category("skm-2017")), ("A".into(), "B".into()));
}
