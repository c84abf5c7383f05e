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
    assert_eq!(codes(&found["results"][0]["warnings"]), Vec::<&str>::new());
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
