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
    assert_eq!(result["group"], serde_json::json!({ "institution": "Kota", "unit": "RSUD", "period": "2026" }));
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

/// Levels of A in two periods and B; users' answers name the period, in either order of files.
#[test]
fn users_answers_are_joined_to_their_unit_whatever_the_order_of_files() {
    let folder = Folder::new();
    let levels =
        folder.file("f02.csv", wide(&[("Kota", "A", 5, ""), ("Kota", "B", 3, "")]).replace(",B,2026", ",B,2025"));
    let heads: Vec<String> = (1..=14).map(|number| format!("f{number}")).collect();
    let row = |unit: &str, answer: &str| format!("{unit},{}\n", vec![answer; 14].join(","));
    let users = folder
        .file("f03.csv", format!("unit,{}\n{}{}{}", heads.join(","), row("A", "5"), row("A", "4"), row("B", "3")));
    let values = |files: [&str; 2]| -> Vec<String> {
        let found = json(&["score", "ipp-2022", files[0], files[1], "--format", "json"]);
        found["results"].as_array().unwrap().iter().map(|result| result["value"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(values([&levels, &users]), ["4.88", "3.00"]);
    assert_eq!(values([&users, &levels]), ["4.88", "3.00"]);
}

#[test]
fn users_that_could_belong_to_two_units_or_to_none_are_refused() {
    let folder = Folder::new();
    let levels =
        folder.file("f02.csv", wide(&[("Kota", "A", 5, ""), ("Kota", "A", 1, "")]).replacen(",A,2026", ",A,2025", 1));
    for (unit, words) in [("A", "lebih dari satu unit"), ("C", "unit mana pun")] {
        let users = folder.file("f03.csv", format!("unit,f03\n{unit},4\n"));
        let run = prima(&["score", "ipp-2022", &levels, &users]);
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(run.err.contains(words), "{}", run.err);
    }
}

/// Two files of ten users each, all 5 and all 1: twenty users, mean 3.
#[test]
fn users_of_several_files_and_services_are_counted_together() {
    let folder = Folder::new();
    let levels = folder.file("f02.csv", wide(&[("Kota", "A", 4, "")]));
    let heads: Vec<String> = (1..=14).map(|number| format!("f{number}")).collect();
    let users = |name: &str, service: &str, answer: &str| {
        let rows = format!("A,{service},{}\n", vec![answer; 14].join(",")).repeat(10);
        folder.file(name, format!("unit,service,{}\n{rows}", heads.join(",")))
    };
    let (one, two) = (users("1.csv", "KTP", "5"), users("2.csv", "KK", "1"));
    let result = json(&["score", "ipp-2022", &levels, &one, &two, "--format", "json"])["results"][0].clone();
    assert_eq!((&result["respondents"], &result["value"]), (&20.into(), &"3.75".into()));
}

#[test]
fn several_means_of_one_unit_are_combined_and_a_reader_is_told() {
    let folder = Folder::new();
    let levels = folder.file("f02.csv", wide(&[("Kota", "A", 4, "")]));
    let users = folder.file("f03.csv", "unit,f03,respondents\nA,5,10\nA,1,30\n");
    let result = json(&["score", "ipp-2022", &levels, &users, "--format", "json"])["results"][0].clone();
    // (5 × 10 + 1 × 30) ÷ 40 = 2; 0.75 × 4 + 0.25 × 2 = 3.5
    assert_eq!((&result["respondents"], &result["value"]), (&40.into(), &"3.50".into()));
    assert!(codes(&result["warnings"]).contains(&"duplicate-row"));
}

#[test]
fn a_file_that_is_neither_levels_nor_users_is_named() {
    let folder = Folder::new();
    let levels = folder.file("f02.csv", wide(&[("Kota", "A", 4, "4")]));
    let other = folder.file("lain.csv", "unit,kolom1,kolom2\nA,4,4\n");
    let run = prima(&["score", "ipp-2022", &levels, &other]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("lain.csv") && run.err.contains("kolom1"), "{}", run.err);
    let users = folder.file("f03.csv", "unit,f1,f2\nA,4,4\n");
    assert!(prima(&["score", "ipp-2022", &users]).err.contains("F-02"));
}

/// The form of 2017 has questions nobody listed for us; its answers still count.
#[test]
fn answers_to_unknown_questions_of_2017_count() {
    let folder = Folder::new();
    let heads: Vec<String> = (1..=37).map(|number| format!("i{number}")).collect();
    let levels = folder.file("f02.csv", format!("unit,year,{}\nA,2019,{}\n", heads.join(","), vec!["4"; 37].join(",")));
    let users = folder.file("f03.csv", "unit,year,f1,f2,f3\nA,2019,4,4,4\n");
    let result = json(&["score", "ipp-2017", &levels, &users, "--format", "json"])["results"][0].clone();
    assert_eq!((&result["value"], &result["category"]), (&"4.00".into(), &"B".into()));
}

#[test]
fn units_of_different_institutions_are_not_merged() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", wide(&[("Kota X", "Dukcapil", 5, "5"), ("Kota Y", "Dukcapil", 1, "1")]));
    let found = json(&["score", "ipp-2022", &file, "--format", "json"]);
    assert_eq!(found["results"].as_array().unwrap().len(), 2);
    let found = json(&["score", "ipp-2022", &file, "--by", "Instansi", "--format", "json"]);
    assert_eq!(found["results"][1]["value"], "1.00");
}

/// Rows that name their units under another heading, or not at all, are one result each, never one unit scored twice.
#[test]
fn rows_without_a_unit_column_stay_apart() {
    let folder = Folder::new();
    let levels = |level: u8| vec![level.to_string(); 30].join(",");
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let values = |content: String| -> Vec<String> {
        let found = json(&["score", "ipp-2022", &folder.file("a.csv", content), "--format", "json"]);
        found["results"].as_array().unwrap().iter().map(|result| result["value"].as_str().unwrap().to_owned()).collect()
    };
    for (head, one, two) in [("id,", "all5,", "all1,"), ("nama,", "A,", "B,"), ("", "", "")] {
        let content = format!("{head}{},f03\n{one}{},5\n{two}{},1\n", heads.join(","), levels(5), levels(1));
        assert_eq!(values(content), ["5.00", "1.00"], "{head}");
    }
}

#[test]
fn any_column_may_group_units() {
    let folder = Folder::new();
    let file =
        folder.file("f02.csv", wide(&[("Kota", "A", 5, "5"), ("Kota", "B", 1, "1")]).replace("institution", "urusan"));
    let found = json(&["score", "ipp-2022", &file, "--by", "urusan", "--format", "json"]);
    assert_eq!(
        (&found["results"][0]["value"], &found["results"][0]["group"]["urusan"]),
        (&"3.00".into(), &"Kota".into())
    );
}

/// Programs export whole numbers as `1.0`, and offices head columns in their own ways.
#[test]
fn indicators_are_understood_as_offices_write_them() {
    let folder = Folder::new();
    let value = |content: String| {
        json(&["score", "ipp-2022", &folder.file("a.csv", content), "--format", "json"])["results"][0]["value"].clone()
    };
    for head in ["i_", "Indikator ", "indicator", ""] {
        let heads: Vec<String> = (1..=30).map(|number| format!("{head}{number}")).collect();
        let content = format!("unit,{},F-03\nA,{},4\n", heads.join(","), vec!["4.0"; 30].join(","));
        assert_eq!(value(content), "4.00", "{head}");
    }
    let mut long = "unit,indicator,level,f03\n".to_owned();
    for indicator in 1..=30 {
        writeln!(long, "A,{indicator}.0,4,4").unwrap();
    }
    assert_eq!(value(long), "4.00");
}

/// A unit that users judged and evaluators have not is no reason to leave the others without a result.
#[test]
fn a_unit_with_users_only_is_named_and_the_others_are_scored() {
    let folder = Folder::new();
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let levels = folder.file("f02.csv", format!("unit,{}\nA,{}\n", heads.join(","), vec!["4"; 30].join(",")));
    let users = folder.file("f03.csv", "unit,f03\nA,4\nZ,3\n");
    let found = json(&["score", "ipp-2022", &levels, &users, "--format", "json"]);
    assert_eq!(found["results"][0]["value"], "4.00");
    assert!(codes(&found["results"][1]["warnings"]).contains(&"missing-indicator"));
}

/// A satisfaction survey is no form F-03: its answers are 1 to 4 and its questions others.
#[test]
fn a_satisfaction_survey_is_not_taken_for_the_users_form() {
    let folder = Folder::new();
    let levels = folder.file("f02.csv", wide(&[("Kota", "A", 4, "")]));
    let survey = folder.file("skm.csv", "unit,u1,u2,u3\nA,3,3,3\n");
    let run = prima(&["score", "ipp-2022", &levels, &survey]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("skm.csv"), "{}", run.err);
}
