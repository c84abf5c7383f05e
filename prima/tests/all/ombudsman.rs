//! `prima score ombudsman-…`: units, dimensions, institutions.

use crate::support::{Folder, codes, json};

#[test]
fn an_institution_is_the_mean_of_its_units_with_its_opinion() {
    let folder = Folder::new();
    let file = folder.file("nilai.csv", "institution;unit;score;kepatuhan\nKota Palembang;SMPN 9;91,99;Tinggi\nKota Palembang;RSUD Bari;86,77;Tinggi\nKota Palembang;Dinsos;85,94;Tinggi\n");
    let result = json(&["score", "ombudsman-2025", &file, "--format", "json"])["results"][0].clone();
    assert_eq!((&result["value"], &result["category"]), (&"88.23".into(), &"Sangat Baik".into()));
    assert_eq!(result["opinion"], "Kualitas Tertinggi Tanpa Maladministrasi");
    assert!(result.get("zone").is_none());
    assert_eq!(result["items"].as_array().unwrap().len(), 3);
}

#[test]
fn units_are_scored_from_their_dimensions() {
    let folder = Folder::new();
    let file = folder.file("dimensi.csv", "unit,input,proses,output,pengaduan\nDisdik,80,90,70,60\n");
    let result = json(&["score", "ombudsman-2022", &file, "--format", "json"])["results"][0].clone();
    assert_eq!(
        (&result["value"], &result["zone"], &result["category"]),
        (&"76.51".into(), &"kuning".into(), &"C".into())
    );
    assert_eq!(result["items"][1]["weight"], "0.3237");
}

#[test]
fn a_score_off_the_scale_is_listed_and_the_rest_is_scored() {
    let folder = Folder::new();
    let file = folder.file("nilai.csv", "institution,unit,score\nKota,A,101\nKota,B,73.14\nKota,C,\n");
    let found = json(&["score", "ombudsman-2015", &file, "--format", "json"]);
    assert_eq!((&found["results"][0]["value"], &found["left_out"]["rows"]), (&"73.14".into(), &2.into()));
    assert_eq!(found["results"][0]["zone"], "kuning");
    // A and C stay in the result as units without a value.
    let warnings = codes(&found["results"][0]["warnings"]);
    assert_eq!(warnings.iter().filter(|code| **code == "unit-without-value").count(), 2);
}

#[test]
fn each_unit_has_its_own_result_when_asked() {
    let folder = Folder::new();
    let file = folder.file("nilai.csv", "institution,unit,score\nKota,A,90\nKota,B,50\n");
    let found = json(&["score", "ombudsman-2022", &file, "--by", "unit", "--format", "json"]);
    let zones: Vec<&str> =
        found["results"].as_array().unwrap().iter().map(|result| result["zone"].as_str().unwrap()).collect();
    assert_eq!(zones, ["hijau", "merah"]);
}

#[test]
fn a_unit_with_a_missing_dimension_is_named_in_its_institution() {
    let folder = Folder::new();
    let file = folder
        .file("dimensi.csv", "institution,unit,input,proses,output,pengaduan\nKota,A,80,80,80,80\nKota,B,80,80,80,\n");
    let found = json(&["score", "ombudsman-2022", &file, "--format", "json"]);
    let result = &found["results"][0];
    assert_eq!((&result["value"], &found["left_out"]["rows"]), (&"80.00".into(), &1.into()));
    assert!(codes(&result["warnings"]).contains(&"unit-without-value"));
}

#[test]
fn dimensions_are_understood_as_offices_write_them() {
    let folder = Folder::new();
    let file = folder
        .file("dimensi.csv", "Unit,Dimensi Input,Proses,OUTPUT,Penanganan Pengaduan,Kepercayaan\nA,90,90,90,90,60\n");
    let result = json(&["score", "ombudsman-2025", &file, "--format", "json"])["results"][0].clone();
    assert_eq!(result["value"], "81.00");
}

#[test]
fn unknown_and_disagreeing_levels_of_compliance_are_said() {
    let folder = Folder::new();
    let unknown = folder.file("1.csv", "institution,unit,score,kepatuhan\nKota,A,90,sangat patuh\n");
    let found = json(&["score", "ombudsman-2025", &unknown, "--format", "json"]);
    assert_eq!(found["left_out"]["first"][0]["code"], "unknown-compliance");
    assert_eq!(found["results"][0]["opinion"], "Kualitas Tertinggi");
    let mixed = folder.file("2.csv", "institution,unit,score,kepatuhan\nKota,A,90,Tinggi\nKota,B,90,belum tinggi\n");
    let result = json(&["score", "ombudsman-2025", &mixed, "--format", "json"])["results"][0].clone();
    assert!(codes(&result["warnings"]).contains(&"compliance-disagrees"));
    assert_eq!(result["opinion"], "Kualitas Tertinggi");
}

#[test]
fn units_of_one_name_in_two_regions_stay_apart_and_repeated_names_are_numbered() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "region,unit,score\nJabar,Dinsos,90\nJateng,Dinsos,10\n");
    assert_eq!(json(&["score", "ombudsman-2022", &file, "--format", "json"])["results"].as_array().unwrap().len(), 2);
    let file = folder.file("b.csv", "institution,unit,score\nKota,SD,90\nKota,SD,80\nKota,SD,70\n");
    let result = json(&["score", "ombudsman-2022", &file, "--format", "json"])["results"][0].clone();
    let units: Vec<&str> =
        result["items"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap()).collect();
    assert_eq!((units, &result["value"]), (vec!["SD", "SD (2)", "SD (3)"], &"80.00".into()));
}
