//! Every row of the published tables, through the command line that other programs use: the published value and category come out,
//! or the documented contradiction is named by its code.

use crate::support::{Folder, cell, codes, json, prima, table};

/// SKM rows whose published index is not what their own means give, with the code that says why.
const SKM_CONTRADICTIONS: &[(&str, &str)] = &[
    ("skm-gaspul-tw3", "published-by-other-weights"),
    ("skm-sumbar-dpmptsp-s1", "published-value-differs"),
    ("skm-bogor-dpmptsp-2015", "published-value-differs"),
    ("skm-bogor-dpmptsp-2016", "published-value-differs"),
];

fn instrument_of(rule_set: &str) -> &'static str {
    match rule_set {
        "kepmenpan25-2004" => "skm-2004",
        "permenpan16-2014" => "skm-2014",
        "permenpan14-2017" => "skm-2017",
        "kepatuhan-2015..2021" => "ombudsman-2015",
        "kepatuhan-2022..2024" => "ombudsman-2022",
        "opini-2025" => "ombudsman-2025",
        other => panic!("{other}"),
    }
}

/// `82.9` is printed for `82.90`.
fn two_places(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}.{fraction:0<2}")
}

#[test]
fn every_skm_row_is_reproduced_or_its_contradiction_named() {
    let folder = Folder::new();
    let verified = prima(&["verify", "vectors-skm"]).code; // a file that does not exist is no success
    assert_eq!(verified, 1);
    for row in table("vectors/skm.csv") {
        let instrument = instrument_of(cell(&row, "rule_set"));
        let means: Vec<String> = (1..=14).map(|number| cell(&row, &format!("nrr_u{number}")).to_owned()).collect();
        let (id, published, grade) = (cell(&row, "id"), cell(&row, "published_index"), cell(&row, "published_grade"));
        if means[0].is_empty() {
            let value = &json(&["classify", instrument, published, "--format", "json"])["results"][0];
            assert_eq!(value["value"], two_places(published), "{id}");
            assert!(grade.is_empty() || value["category"] == grade, "{id}");
            assert_eq!(value["category"], cell(&row, "grade_by_rule"), "{id}");
            continue;
        }
        let count = if instrument == "skm-2004" { 14 } else { 9 };
        let heads: Vec<String> = (1..=count).map(|number| format!("u{number}")).collect();
        let order = if cell(&row, "element_order") == "reg" { "regulation" } else { "questionnaire" };
        let file = folder.file("means.csv", format!("unit,{}\nX,{}\n", heads.join(","), means[..count].join(",")));
        let score = |weights: &str| {
            let words =
                ["score", instrument, &file, "--means", "--order", order, "--weights", weights, "--format", "json"];
            json(&words)["results"][0].clone()
        };
        for (weights, column) in
            [("exact", "calc_1_over_n"), ("round2", "calc_w_rounded2"), ("round3", "calc_w_rounded3")]
        {
            let value: f64 = score(weights)["value"].as_str().unwrap().parse().unwrap();
            let printed: f64 = cell(&row, column).parse().unwrap();
            assert!((value - printed).abs() < 0.00501, "{id} {weights}: {value} {printed}");
        }
        let matching = match cell(&row, "match") {
            "1/n" => "exact",
            "w2" => "round2",
            "w3" => "round3",
            _ => continue,
        };
        let result = score(matching);
        assert_eq!(result["value"], two_places(published), "{id}");
        assert!(grade.is_empty() || result["category"] == grade, "{id}");
    }
}

#[test]
fn the_contradictions_of_the_skm_table_are_exactly_the_documented_ones() {
    let run = prima(&["verify", crate::support::repository("vectors/skm.csv").to_str().unwrap(), "--format", "json"]);
    assert_eq!(run.code, 1, "contradictions are no success");
    let found = run.json();
    let differing: Vec<(&str, &str)> = found["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["status"] == "differs")
        .map(|row| (row["id"].as_str().unwrap(), codes(&row["contradictions"])[0]))
        .collect();
    assert_eq!(differing, SKM_CONTRADICTIONS);
    assert_eq!((&found["reproduced"], &found["without_value"]), (&18.into(), &5.into()));
}

#[test]
fn every_ipp_row_is_classified_as_published_or_its_contradiction_named() {
    for row in table("vectors/ipp.csv") {
        let (value, id) = (cell(&row, "published_ipp"), cell(&row, "id"));
        if value.is_empty() {
            continue;
        }
        let instrument = if cell(&row, "year") < "2022" { "ipp-2017" } else { "ipp-2022" };
        let result = json(&["classify", instrument, value, "--format", "json"])["results"][0].clone();
        assert_eq!(result["category"], cell(&row, "category_by_table"), "{id}");
        let published = cell(&row, "published_category");
        if cell(&row, "consistent") == "False" {
            assert_ne!(result["category"], published, "{id}");
        } else {
            assert!(published.is_empty() || result["category"] == published, "{id}");
            let label = cell(&row, "published_label");
            assert!(label.is_empty() || result["label"] == label, "{id}");
        }
    }
    let run = prima(&["verify", crate::support::repository("vectors/ipp.csv").to_str().unwrap(), "--format", "json"]);
    let found = run.json();
    let rows = found["rows"].as_array().unwrap();
    let differing: Vec<&str> = rows
        .iter()
        .filter(|row| row["status"] == "differs")
        .map(|row| {
            assert_eq!(codes(&row["contradictions"]), ["published-category-differs"]);
            row["id"].as_str().unwrap()
        })
        .collect();
    assert_eq!(differing.len(), 6);
    assert!(differing.iter().all(|id| id.contains("Tasikmalaya")), "{differing:?}");
}

#[test]
fn every_worked_ipp_row_comes_out_to_the_last_decimal() {
    let folder = Folder::new();
    for row in table("vectors/ipp_worked.csv") {
        let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
        let levels = cell(&row, "levels_1_to_30").replace(' ', ",");
        let file =
            folder.file("levels.csv", format!("unit,{},f03\nX,{levels},{}\n", heads.join(","), cell(&row, "f03")));
        let result = json(&["score", "ipp-2022", &file, "--format", "json"])["results"][0].clone();
        assert_eq!(result["value"], cell(&row, "ipp_2dec"));
        assert_eq!(result["category"], cell(&row, "category"));
        let components = result["components"].as_array().unwrap();
        let aspects = ["aspect1", "aspect2", "aspect3", "aspect4", "aspect5", "aspect6"];
        for (component, column) in components.iter().zip(aspects) {
            assert_eq!(component["value"], cell(&row, column));
        }
    }
    assert_eq!(prima(&["verify", crate::support::repository("vectors/ipp_worked.csv").to_str().unwrap()]).code, 0);
}

#[test]
fn every_ombudsman_row_is_reproduced() {
    let folder = Folder::new();
    for row in table("vectors/ombudsman.csv") {
        let (instrument, score) = (instrument_of(cell(&row, "rule_set")), cell(&row, "score"));
        let id = cell(&row, "id");
        if !score.is_empty() {
            let result = json(&["classify", instrument, score, "--format", "json"])["results"][0].clone();
            let zone = cell(&row, "zone_by_rule");
            assert!(zone.is_empty() || result["zone"] == zone, "{id}");
            let category = cell(&row, "category_by_rule");
            assert!(category.is_empty() || result["category"] == category, "{id}");
        }
        let units = cell(&row, "unit_scores_json");
        if units.is_empty() {
            continue;
        }
        let units: serde_json::Map<String, serde_json::Value> = serde_json::from_str(units).unwrap();
        let mut content = "institution,unit,score\n".to_owned();
        for (unit, value) in &units {
            content += &format!("{},{unit},{value}\n", cell(&row, "entity"));
        }
        let file = folder.file("units.csv", content);
        let result = json(&["score", instrument, &file, "--format", "json"])["results"][0].clone();
        let mean: f64 = cell(&row, "mean_of_units").parse().unwrap();
        assert_eq!(result["value"], format!("{:.2}", (mean * 100.0).round() / 100.0), "{id}");
        assert!(score.is_empty() || result["value"] == two_places(score), "{id}");
        let opinion = cell(&row, "published_opinion").trim_end_matches(" Tanpa Maladministrasi");
        assert!(opinion.is_empty() || result["opinion"] == opinion, "{id}");
    }
    assert_eq!(prima(&["verify", crate::support::repository("vectors/ombudsman.csv").to_str().unwrap()]).code, 0);
}

#[test]
fn every_deadline_row_comes_out_with_joint_leave_free_and_worked() {
    for row in table("vectors/working_days.csv") {
        let (received, days) = (cell(&row, "received"), cell(&row, "working_days"));
        for (leave, column) in
            [("off", "due_excl_cuti_bersama_and_libur"), ("working", "due_if_cuti_bersama_counted_as_workday")]
        {
            let result = json(&["deadline", "--days", days, received, "--joint-leave", leave, "--format", "json"]);
            assert_eq!(result["due"], cell(&row, column), "{received} + {days} {leave}");
        }
    }
}

#[test]
fn every_row_of_the_sample_table_comes_out_but_the_documented_last_one() {
    for row in table("vectors/krejcie_morgan.csv") {
        let (population, printed) = (cell(&row, "N"), cell(&row, "S_table"));
        let result = json(&["sample-size", population, "--format", "json"]);
        assert_eq!(result["sample_size"].to_string(), cell(&row, "round_half_up"), "{population}");
        let agrees = result["sample_size"].as_u64() == printed.parse().ok();
        assert_eq!(codes(&result["warnings"]).contains(&"sample-table-differs"), !agrees, "{population}");
        assert_eq!(agrees, population != "100000");
    }
}
