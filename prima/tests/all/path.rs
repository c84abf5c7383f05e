//! `prima path`: the cheapest path of a unit and of a city, with its table of efforts.

use crate::support::{Folder, codes, json, prima};

/// One unit, all thirty levels 4, F-03 = 4: 4.00, B. A- begins at 4.01.
fn levels(units: &[(&str, u8)]) -> String {
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let row = |(unit, level): &(&str, u8)| format!("{unit},2026,{},4,30\n", vec![level.to_string(); 30].join(","));
    format!("unit,period,{},f03,respondents\n{}", heads.join(","), units.iter().map(row).collect::<String>())
}

/// Days for the rises from 4 that the tests use; all others are not possible.
fn efforts(rows: &str) -> String {
    let none: String = (1..=31).flat_map(|number| (0..5).map(move |from| format!("{number},{from},-,,\n"))).collect();
    format!("indicator,from,days,cost,lead\n{none}{rows}")
}

#[test]
fn a_unit_gets_the_least_effort_for_the_next_category() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("RSUD", 4)]));
    let own = folder.file("upaya.csv", efforts("i3,4,\"0,5\",250000,7\ni14,4,2,0,3\n"));
    let found = json(&["path", "ipp-2022", &file, "--efforts", &own, "--format", "json"]);
    assert!(found["estimates"].is_null(), "the table says it of every rise");
    assert_eq!(
        (&found["target"], &found["after"]["value"], &found["after"]["category"]),
        (&"4.01".into(), &"4.01".into(), &"A-".into())
    );
    assert_eq!(found["total"], serde_json::json!({ "days": "0.5", "cost": "250000", "lead": 7 }));
    let rise = &found["units"][0]["rises"][0];
    // 3/4 × 24/100 × 7/100 = 0.0126
    assert_eq!((&rise["number"], &rise["adds"], &rise["weight"]), (&3.into(), &"0.0126".into(), &"0.0168".into()));
    assert_eq!((&rise["slip"]["value"], &rise["slip"]["is_met"]), (&"4.00".into(), &false.into()));
    assert_eq!(codes(&found["warnings"]), ["uncertain-parameter"]);
}

/// The levels of the plan, entered into the table, give the value that the plan promised.
#[test]
fn what_a_plan_promises_is_what_score_gives() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("RSUD", 3)]));
    let found = json(&["path", "ipp-2022", &file, "--target", "4,2", "--format", "json"]);
    let mut after = [3_u8; 30];
    for rise in found["units"][0]["rises"].as_array().unwrap() {
        after[usize::try_from(rise["number"].as_u64().unwrap()).unwrap() - 1] += 1;
    }
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let row: Vec<String> = after.iter().map(ToString::to_string).collect();
    let raised = folder.file("sesudah.csv", format!("unit,{},f03\nRSUD,{},4\n", heads.join(","), row.join(",")));
    let result = json(&["score", "ipp-2022", &raised, "--format", "json"])["results"][0].clone();
    assert_eq!((&result["value"], &result["category"]), (&found["after"]["value"], &found["after"]["category"]));
    assert_eq!((&found["after"]["value"], &found["estimates"]), (&"4.20".into(), &"own-knowledge".into()));
}

#[test]
fn a_budget_gives_the_highest_value_for_so_many_days() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("RSUD", 4)]));
    let own = folder.file("upaya.csv", efforts("i3,4,1,,\ni14,4,2,,\n"));
    let value = |budget: &str| {
        json(&["path", "ipp-2022", &file, "--efforts", &own, "--budget", budget, "--format", "json"])["after"]["value"]
            .clone()
    };
    // 4 + 0.0126, 4 + 0.05625, and both: 4.06885
    assert_eq!([value("0"), value("1"), value("2"), value("3")], ["4.00", "4.01", "4.06", "4.07"]);
}

#[test]
fn the_curve_is_a_table_of_days_and_values() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("RSUD", 4)]));
    let own = folder.file("upaya.csv", efforts("i3,4,1,,\ni14,4,2,,\n"));
    let run = prima(&["path", "ipp-2022", &file, "--efforts", &own, "--curve", "--format", "csv"]);
    assert_eq!(run.out, "days,rises,value,category\n0,0,4.00,B\n1,1,4.01,A-\n2,1,4.06,A-\n3,2,4.07,A-\n");
}

/// Two units at 4.00: one rise of indicator 14 in each gives 4.06 and a mean of 4.06; in one, (4.06 + 4.00) ÷ 2 = 4.03, A-.
#[test]
fn several_units_share_the_effort_of_their_city() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("Dukcapil", 4), ("RSUD", 4)]));
    let own = folder.file("upaya.csv", efforts("i14,4,2,,\n"));
    let found = json(&["path", "ipp-2022", &file, "--efforts", &own, "--format", "json"]);
    assert_eq!((&found["before"]["value"], &found["after"]["value"]), (&"4.00".into(), &"4.03".into()));
    let rises: Vec<usize> =
        found["units"].as_array().unwrap().iter().map(|unit| unit["rises"].as_array().unwrap().len()).collect();
    assert_eq!(rises, [1, 0]);
    let text = prima(&["path", "ipp-2022", &file, "--efforts", &own]).out;
    assert!(text.contains("Seluruh unit: 4,00 B → 4,03 A-") && text.contains("Tetap: RSUD"), "{text}");
}

#[test]
fn f03_may_be_given_for_a_table_without_it() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("RSUD", 4)]).replace(",4,30\n", ",,\n"));
    let run = prima(&["path", "ipp-2022", &file]);
    assert!(run.code == 1 && run.err.contains("RSUD"), "{}", run.err);
    let found = json(&["path", "ipp-2022", &file, "--f03", "4,4", "--target", "4.2", "--format", "json"]);
    assert_eq!(found["before"]["value"], "4.10");
}

#[test]
fn what_cannot_be_is_said() {
    let folder = Folder::new();
    let file = folder.file("f02.csv", levels(&[("RSUD", 4)]));
    let run = prima(&["path", "ipp-2022", &file, "--target", "5"]);
    assert!(run.code == 1 && run.err.contains("4,75"), "{}", run.err);
    for words in [
        &["path", "skm-2017", &file][..],
        &["path", "ipp-2022", &file, "--budget", "banyak"],
        &["path", "ipp-2022", &file, "--f03", "6"],
        &["path", "ipp-2022", &file, "--budget", "3", "--curve"],
    ] {
        let run = prima(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
    }
    let periods = folder.file("dua.csv", levels(&[("A", 4), ("B", 4)]).replace("B,2026", "B,2025"));
    assert!(prima(&["path", "ipp-2022", &periods]).err.contains("periode"));
    for (content, said) in [
        ("indicator,days\n1,2\n", "from"),
        ("indicator,from,days\n99,1,2\n", "99"),
        ("indicator,from,days\n1,5,2\n", "5"),
        ("indicator,from,days\n1,4,-2\n", "-2"),
    ] {
        let own = folder.file("upaya.csv", content);
        let run = prima(&["path", "ipp-2022", &file, "--efforts", &own]);
        assert!(run.code == 1 && run.err.contains(said), "{content}: {}", run.err);
    }
    let top = folder.file("lima.csv", levels(&[("RSUD", 5)]));
    assert!(prima(&["path", "ipp-2022", &top]).out.starts_with("Sudah pada kategori tertinggi."));
}
