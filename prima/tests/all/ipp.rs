//! `prima score ipp-…`: long and wide tables, F-03 as a mean or as answers, units and institutions.

use crate::support::{Folder, codes, json, prima};
use std::fmt::Write as _;

fn wide(rows: &[(&str, &str, u8, &str)]) -> String {
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let mut text = format!("institution,unit,period,{},f03,f03_respondents\n", heads.join(","));
    for (institution, unit, level, f03) in rows {
        let levels = vec![level.to_string(); 30].join(",");
        writeln!(text, "{institution},{unit},2026,{levels},{f03},30").unwrap();
    }
    text
}

#[test]
fn a_wide_row_becomes_the_index_of_its_unit() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", wide(&[("Kota", "RSUD", 4, "4.40")]));
    let result = json(&["score", "ipp-2022", &file, "--format", "json"])["results"][0].clone();
    assert_eq!(
        (&result["value"], &result["category"], &result["label"]),
        (&"4.10".into(), &"A-".into(), &"Sangat Baik".into())
    );
    assert_eq!(result["items"].as_array().unwrap().len(), 30);
    assert_eq!(result["group"], serde_json::json!({ "unit": "RSUD", "period": "2026" }));
    assert_eq!(codes(&result["warnings"]), ["uncertain-parameter"]);
}

#[test]
fn long_rows_and_a_file_of_users_answers_give_the_same_index() {
    let folder = Folder::new();
    let mut long = "unit,period,indicator,level\n".to_owned();
    for indicator in 1..=30 {
        writeln!(long, "RSUD,2026,{indicator},4").unwrap();
    }
    let heads: Vec<String> = (1..=14).map(|number| format!("f{number}")).collect();
    let mut users = format!("unit,period,{}\n", heads.join(","));
    for user in 0..30 {
        let answers = vec![if user % 5 < 2 { "5" } else { "4" }; 14].join(",");
        writeln!(users, "RSUD,2026,{answers}").unwrap();
    }
    let (long, users) = (folder.file("f02.csv", long), folder.file("f03.csv", users));
    let result = json(&["score", "ipp-2022", &long, &users, "--format", "json"])["results"][0].clone();
    assert_eq!((&result["value"], &result["respondents"]), (&"4.10".into(), &30.into()));
    let reversed = json(&["score", "ipp-2022", &users, &long, "--format", "json"])["results"][0].clone();
    assert_eq!(reversed, result);
}

#[test]
fn several_evaluators_are_averaged_and_a_reader_is_told() {
    let folder = Folder::new();
    let mut long = "unit,indicator,evaluator,level\n".to_owned();
    for indicator in 1..=30 {
        writeln!(long, "RSUD,i{indicator},A,4\nRSUD,i{indicator},B,5").unwrap();
    }
    long += "RSUD,f03,,4.5\n";
    let result = json(&["score", "ipp-2022", &folder.file("f02.csv", long), "--format", "json"])["results"][0].clone();
    assert_eq!(result["value"], "4.50");
    assert!(codes(&result["warnings"]).contains(&"duplicate-row"));
}

#[test]
fn an_institution_is_the_mean_of_its_units() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", wide(&[("Kota", "RSUD", 4, "5"), ("Kota", "Dukcapil", 5, "3.52")]));
    let result = json(&["score", "ipp-2022", &file, "--by", "institution", "--format", "json"])["results"][0].clone();
    // (4.25 + 4.63) ÷ 2
    assert_eq!((&result["value"], &result["category"]), (&"4.44".into(), &"A-".into()));
    assert_eq!(result["items"].as_array().unwrap().len(), 2);
}

#[test]
fn without_all_levels_or_users_there_is_no_index_and_the_run_says_what_is_missing() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", wide(&[("Kota", "RSUD", 4, "")]));
    let run = prima(&["score", "ipp-2022", &file, "--format", "json"]);
    assert_eq!(run.code, 1);
    let result = run.json()["results"][0].clone();
    assert!(result["value"].is_null());
    assert!(codes(&result["warnings"]).contains(&"missing-f03"));
    assert_eq!(result["components"].as_array().unwrap().last().unwrap()["key"], "f02");
}

#[test]
fn bad_levels_are_listed() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", "unit,indicator,level\nA,1,6\nA,2,3.5\nA,99,3\nA,3,\n");
    let found = prima(&["score", "ipp-2022", &file, "--format", "json"]).json();
    let faults: Vec<&str> =
        found["left_out"]["first"].as_array().unwrap().iter().map(|cell| cell["code"].as_str().unwrap()).collect();
    assert_eq!(faults, ["cell-out-of-range", "cell-not-whole", "unknown-indicator", "cell-blank"]);
    assert_eq!(found["left_out"]["rows"], 4);
}
