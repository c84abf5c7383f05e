//! `prima instruments`.

use crate::support::{Folder, json, prima, repository};

#[test]
fn all_instruments_are_listed_with_dates_and_basis() {
    let found = json(&["instruments", "list", "--format", "json"]);
    let ids: Vec<&str> =
        found["instruments"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    for id in [
        "skm-2004",
        "skm-2014",
        "skm-2017",
        "ipp-2017",
        "ipp-2022",
        "ipp-2022-online",
        "ombudsman-2015",
        "ombudsman-2022",
        "ombudsman-2025",
        "kipp-2025",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
    assert_eq!(prima(&["instruments"]).out, prima(&["instruments", "list"]).out);
}

/// A city's own rules under the nation's name would make results that nobody could tell apart.
#[test]
fn a_citys_file_cannot_carry_the_name_of_an_embedded_instrument() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(repository("rules/parameters/skm-2017.toml")).unwrap();
    let same = folder.file("sama.toml", &text);
    assert_eq!(prima(&["classify", &same, "80"]).code, 0, "the very same rules are no other rules");
    let other = text.replacen("minimum = ", "minimum = 1", 1);
    assert_ne!(other, text);
    let run = prima(&["classify", &folder.file("lain.toml", &other), "80"]);
    assert!(run.code == 1 && run.err.contains("lain.toml") && run.err.contains("skm-2017-kota"), "{}", run.err);
    let renamed = other.replacen("id = \"skm-2017\"", "id = \"skm-kota\"", 1);
    assert_eq!(prima(&["classify", &folder.file("kota.toml", renamed), "80"]).code, 0);
}

#[test]
fn every_instrument_is_shown_in_both_languages_and_forms() {
    let found = json(&["instruments", "--format", "json"]);
    for entry in found["instruments"].as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        let shown = json(&["instruments", "show", id, "--format", "json"]);
        assert_eq!(shown["id"], id);
        assert!(!shown["basis"].as_array().unwrap().is_empty());
        for lang in ["id", "en"] {
            let run = prima(&["instruments", "show", id, "--lang", lang]);
            assert_eq!(run.code, 0);
            assert!(run.out.contains(shown["basis"][0]["regulation"].as_str().unwrap()), "{id}");
        }
    }
    let skm = prima(&["instruments", "show", "skm-2017"]).out;
    assert!(skm.contains("88,31 – 100,00") && skm.contains("terverifikasi"), "{skm}");
}
