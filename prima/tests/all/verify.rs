//! `prima verify`: result files, reports and lines of Prima itself.

use crate::support::{Folder, codes, json, prima};
use serde_json::Value;

/// A result file of each family, made by the program.
fn results(folder: &Folder) -> Vec<(String, Value)> {
    let answers = "unit,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,4,3,4,3,4,3,4,3,4\nA,3,3,3,3,3,3,3,3,3\nA,4,4,4,4,4,4,4,4,4\nA,2,3,2,3,2,3,2,3,2\nA,4,3,3,3,3,3,3,3,3\nA,1,2,3,4,1,2,3,4,1\n";
    let means = "unit,period,u1,u2,u3,u4,u5,u6,u7,u8,u9\nB,2023,3.31,3.35,3.49,3.93,3.45,3.39,3.39,3.76,3.35\n";
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let levels = format!("unit,{},f03\nC,{},4.4\n", heads.join(","), vec!["4"; 30].join(","));
    let scores = "institution,unit,score\nKota,A,91.99\nKota,B,86.77\nKota,C,85.94\n";
    let dimensions = "unit,input,proses,output,pengaduan,kepercayaan-masyarakat\nD,90,80,70,60,50\n";
    let cases: [(&str, &str, &str, &[&str]); 6] = [
        ("jawaban", "skm-2017", answers, &[]),
        ("populasi", "skm-2017", answers, &["--population", "100"]),
        ("rata", "skm-2017", means, &["--means", "--weights", "round3"]),
        ("level", "ipp-2022", &levels, &[]),
        ("nilai", "ombudsman-2025", scores, &[]),
        ("dimensi", "ombudsman-2025", dimensions, &["--lang", "en"]),
    ];
    let mut files = Vec::new();
    for (name, instrument, content, more) in cases {
        let input = folder.file(&format!("{name}.csv"), content);
        let words = [&["score", instrument, &input, "--format", "json"], more].concat();
        let run = prima(&words);
        assert_eq!(run.code, 0, "{name}: {}", run.err);
        files.push((folder.file(&format!("{name}.json"), &run.out), run.json()));
    }
    files
}

#[test]
fn every_result_file_is_recomputed_as_it_was_stored() {
    let folder = Folder::new();
    for (file, _) in results(&folder) {
        let run = prima(&["verify", &file, "--format", "json"]);
        assert_eq!(run.code, 0, "{file}: {}{}", run.out, run.err);
        assert_eq!(run.json()["reproduced"], 1, "{file}");
    }
}

/// Whoever changes any published figure is found out, even when the fingerprint is left alone.
#[test]
fn every_change_of_a_result_is_noticed() {
    let folder = Folder::new();
    for (file, content) in results(&folder) {
        let changes: [(&str, Value); 4] = [
            ("value", "99.99".into()),
            ("category", "Z".into()),
            ("label", "Luar Biasa".into()),
            ("items", serde_json::json!([])),
        ];
        for (field, value) in changes {
            let mut changed = content.clone();
            changed["results"][0][field] = value;
            let changed = folder.file("ubah.json", changed.to_string());
            let run = prima(&["verify", &changed, "--format", "json"]);
            assert_eq!(run.code, 1, "{file} {field}");
            assert!(!codes(&run.json()["rows"][0]["contradictions"]).is_empty());
        }
        let mut renamed = content.clone();
        renamed["results"][0]["group"]["unit"] = "Unit Lain".into();
        let run = prima(&["verify", &folder.file("ubah.json", renamed.to_string()), "--format", "json"]);
        assert!(codes(&run.json()["rows"][0]["contradictions"]).contains(&"fingerprint-differs"), "{file}");
    }
}

#[test]
fn impossible_and_foreign_files_are_refused_with_a_sentence() {
    let folder = Folder::new();
    let (_, mut content) = results(&folder).remove(0);
    content["results"][0]["inputs"]["respondents"] = 1.into();
    let impossible = folder.file("mustahil.json", content.to_string());
    for file in [
        impossible,
        folder.file("x.json", "{}"),
        folder.file("y.csv", "a,b\n1,2\n"),
        folder.file("z.txt", "prima:1:salah"),
        "tidak-ada.json".into(),
    ] {
        let run = prima(&["verify", &file]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{file}");
        assert!(!run.err.is_empty());
    }
}

#[test]
fn the_line_of_a_report_is_recomputed_from_the_command_line() {
    let line = "prima:1:skm-2017:unit=A:exact:n=2:s=8,8,8,8,8,8,8,8,8:100.00:A:0000000000000000";
    let run = prima(&["verify", line, "--format", "json"]);
    assert_eq!(run.code, 1);
    assert_eq!(codes(&run.json()["rows"][0]["contradictions"]), ["fingerprint-differs"]);
    assert_eq!(run.json()["rows"][0]["computed"], "100.00 A");
}

#[test]
fn a_city_verifies_with_its_own_instrument_file() {
    let folder = Folder::new();
    let own = std::fs::read_to_string(crate::support::repository("rules/parameters/skm-2017.toml")).unwrap();
    let instrument = folder.file("skm-kota.toml", own.replace("id = \"skm-2017\"", "id = \"skm-kota\""));
    let answers = folder.file("a.csv", "unit,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,4,3,4,3,4,3,4,3,4\n");
    let result = folder.file("a.json", json(&["score", &instrument, &answers, "--format", "json"]).to_string());
    assert_eq!(prima(&["verify", &result]).code, 2, "the instrument is unknown here");
    assert_eq!(prima(&["verify", &result, "--instrument", &instrument]).code, 0);
}
