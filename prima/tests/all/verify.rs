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

/// A large result file with everything in it: statistics, a row left out, a warning from reading.
fn rich(folder: &Folder) -> Value {
    let mut answers = "unit,period,sex,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,2010,L,9,3,4,3,4,3,4,3,4\n".to_owned();
    for row in 0..12 {
        let (sex, low, high) = (["L", "P"][row % 2], 1 + row % 3, 2 + row % 3);
        answers += &format!("A,2010,{sex},{low},{high},{high},{low},{high},{low},{low},{high},{high}\n");
    }
    let input = folder.file("kaya.csv", answers);
    let found = json(&["score", "skm-2017", &input, "--compare", "sex", "--format", "json"]);
    assert!(found["results"][0]["statistics"].is_object() && found["left_out"]["rows"] == 1);
    assert!(codes(&found["results"][0]["warnings"]).contains(&"instrument-not-in-force"));
    found
}

/// What somebody does to a result file.
type Change = fn(&mut Value);

/// Verifies a result file after a change: exit code, codes of the contradictions, and what was said on standard error.
fn verified(folder: &Folder, mut content: Value, change: impl Fn(&mut Value)) -> (i32, Vec<String>, String) {
    change(&mut content);
    let run = prima(&["verify", &folder.file("ubah.json", content.to_string()), "--format", "json"]);
    if run.out.is_empty() {
        return (run.code, Vec::new(), run.err);
    }
    let rows = run.json()["rows"].as_array().unwrap().clone();
    let found = rows.iter().flat_map(|row| codes(&row["contradictions"])).map(str::to_owned).collect();
    (run.code, found, run.err)
}

#[test]
fn a_file_with_statistics_and_rows_left_out_says_what_was_not_recomputed() {
    let folder = Folder::new();
    let content = rich(&folder);
    let file = folder.file("kaya.json", content.to_string());
    let run = prima(&["verify", &file, "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(codes(&run.json()["warnings"]), ["reading-not-recomputed", "statistics-not-recomputed"]);
    let text = prima(&["verify", &file]).out;
    assert!(text.contains("! Statistik") && text.contains("! Baris yang tidak ikut dihitung"), "{text}");
    let mut plain = content;
    plain["results"][0].as_object_mut().unwrap().remove("statistics");
    let run = prima(&["verify", &folder.file("polos.json", plain.to_string()), "--format", "json"]);
    assert_eq!(codes(&run.json()["warnings"]), ["reading-not-recomputed"]);
}

/// Whatever the inputs give is compared: respondents, citations and warnings as well as values.
#[test]
fn changes_beside_the_value_are_noticed() {
    let folder = Folder::new();
    let content = rich(&folder);
    let changes: [Change; 7] = [
        |file| file["results"][0]["respondents"] = 1_000.into(),
        |file| file["results"][0]["citations"][0]["regulation"] = "Perda 1/2026".into(),
        |file| file["results"][0]["citations"] = serde_json::json!([]),
        |file| file["results"][0]["interval"]["margin"] = "0.01".into(),
        |file| file["results"][0]["warnings"] = serde_json::json!([]),
        |file| file["results"][0]["warnings"] = serde_json::json!([{ "code": "baik", "message": "Terbaik." }]),
        |file| file["title"] = "Penghargaan Nasional".into(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let (code, found, _) = verified(&folder, content.clone(), change);
        assert_eq!(code, 1, "change {number}");
        assert!(found.iter().any(|code| code == "stored-result-differs"), "change {number}: {found:?}");
    }
    let (code, found, _) = verified(&folder, content, |_| {});
    assert_eq!((code, found), (0, Vec::new()));
}

#[test]
fn files_that_prima_would_not_write_are_refused_by_name() {
    let folder = Folder::new();
    let content = rich(&folder);
    let changes: [(&str, Change); 6] = [
        ("predikat", |file| file["results"][0]["predikat"] = "Terbaik".into()),
        ("catatan", |file| file["catatan"] = 1.into()),
        ("alfa", |file| file["results"][0]["statistics"]["alfa"] = "1".into()),
        ("results[0].zone", |file| file["results"][0]["zone"] = Value::Null),
        ("xx", |file| file["language"] = "xx".into()),
        ("A · 2010", |file| {
            let twin = file["results"][0].clone();
            file["results"].as_array_mut().unwrap().push(twin);
        }),
    ];
    for (named, change) in changes {
        let (code, _, sentence) = verified(&folder, content.clone(), change);
        // The group's columns are kept in alphabetical order.
        let named = if named == "A · 2010" { "2010 · A" } else { named };
        assert!(code == 1 && sentence.contains(named), "{named}: {code} {sentence}");
    }
}

#[test]
fn nothing_to_verify_is_no_success() {
    let folder = Folder::new();
    let content = rich(&folder);
    let (code, _, sentence) = verified(&folder, content, |file| file["results"] = serde_json::json!([]));
    assert_eq!(code, 1, "{sentence}");
    let heads = "id,rule_set,order,published_index,published_grade\n";
    for file in [folder.file("judul.csv", heads), folder.file("jam.csv", "received,working_days\n")] {
        let run = prima(&["verify", &file]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{file}");
        assert!(run.err.contains("tidak ada hasil yang dapat diperiksa"), "{}", run.err);
    }
}

#[test]
fn counts_beyond_all_people_are_refused_without_a_panic() {
    let sums = ["18446744073709551612"; 9].join(",");
    let run = prima(&["verify", &format!("prima:1:skm-2017::exact:n=4611686018427387903:s={sums}:100.00:A:0")]);
    assert!(run.code == 1 && run.err.contains("4.611.686.018.427.387.903 tidak mungkin"), "{}", run.err);
    let folder = Folder::new();
    let (_, _, sentence) = verified(&folder, rich(&folder), |file| {
        file["results"][0]["inputs"]["respondents"] = 1_000_000_000_001_u64.into();
    });
    assert!(sentence.contains("tidak mungkin"), "{sentence}");
    let (_, mut region) = results(&folder).remove(3);
    region["results"][0]["inputs"] = serde_json::json!({ "kind": "units", "compliance": null, "units": {
        "A": { "kind": "levels", "levels": {}, "f03": "4", "f03_respondents": u64::MAX },
        "B": { "kind": "levels", "levels": {}, "f03": "4", "f03_respondents": u64::MAX },
    }});
    let run = prima(&["verify", &folder.file("wilayah.json", region.to_string())]);
    assert!(run.code == 1 && run.err.contains("tidak mungkin"), "{}{}", run.out, run.err);
}

/// In an Indonesian sentence a decimal comma stands wherever a figure does.
#[test]
fn contradictions_write_figures_as_their_language_does() {
    let line = "prima:1:skm-2017:unit=A:exact:n=2:s=8,8,8,8,8,8,8,8,7:99.29:B:0";
    let (indonesian, english) = (prima(&["verify", line]).out, prima(&["verify", line, "--lang", "en"]).out);
    assert!(indonesian.contains("tersimpan 99,29 B, hitung ulang 98,61 A"), "{indonesian}");
    assert!(english.contains("stored 99.29 B, recomputed 98.61 A"), "{english}");
}

/// Names come from files; what steers a terminal does not get through to it.
#[test]
fn names_cannot_steer_the_terminal() {
    let line = "prima:1:skm-2017:unit=A%1B%5B2J%07%0A%E2%80%AEB:exact:n=2:s=8,8,8,8,8,8,8,8,8:100.00:A:0";
    let run = prima(&["verify", line]);
    assert!(run.out.contains("A·[2J···B") && !run.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", run.out);
    let run = prima(&["classify", "skm-2017", "\u{1b}[31m9\n9"]);
    assert!(run.code == 1 && !run.err.contains('\u{1b}') && run.err.lines().count() == 1, "{:?}", run.err);
}

#[test]
fn a_report_says_that_its_pages_were_not_read() {
    let folder = Folder::new();
    let input = folder.file("a.csv", "unit,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,4,3,4,3,4,3,4,3,4\n");
    let report = folder.path("a.pdf");
    let report = report.to_str().unwrap();
    assert_eq!(prima(&["score", "skm-2017", &input, "--format", "pdf", "--output", report]).code, 0);
    let run = prima(&["verify", report, "--format", "json"]);
    assert!(codes(&run.json()["warnings"]).contains(&"pages-not-verified"));
    assert!(prima(&["verify", report]).out.contains("bukan halaman yang tergambar"));
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

/// Key and signature are those of minisign's own documentation, of a file of other content.
#[test]
fn a_signature_that_is_not_of_the_file_is_refused_and_what_is_no_key_as_well() {
    let folder = Folder::new();
    let (file, _) = results(&folder).remove(0);
    let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    let signature = "untrusted comment: signature from minisign secret key\nRUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\ntrusted comment: timestamp:1556193335\tfile:test\ny/rUw2y8/hOUYjZU71eHp/Wo1KZ40fGy2VJEDl34XMJM+TX48Ss/17u3IvIfbVR1FkZZSNCisQbuQY+bHwhEBg==";
    let beside = folder.file("jawaban.json.minisig", signature);
    let run = prima(&["verify", &file, "--key", key]);
    assert!(run.code == 1 && run.err.contains("Tanda tangan tidak cocok"), "{}", run.err);
    let run = prima(&["verify", &file, "--key", key, "--signature", &beside]);
    assert_eq!(run.code, 1);
    let run = prima(&["verify", &file, "--key", &file]);
    assert!(run.code == 1 && run.err.contains("Kunci publik ini tidak dapat dibaca"), "{}", run.err);
    folder.file("jawaban.json.minisig", "bukan tanda tangan");
    let run = prima(&["verify", &file, "--key", key]);
    assert!(run.code == 1 && run.err.contains("tidak dapat dibaca"), "{}", run.err);
}
