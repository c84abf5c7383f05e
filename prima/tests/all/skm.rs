//! `prima score skm-…`: answers and means in the forms that offices keep.

use crate::support::{Folder, codes, json, prima};

const HEADS: &str = "unit,period,u1,u2,u3,u4,u5,u6,u7,u8,u9";

/// The worked example of a guide in circulation: 29 respondents with the sums 105, 101, 100, 116, 102, 105, 106, 105, 115.
fn example() -> String {
    let sums = [105_i32, 101, 100, 116, 102, 105, 106, 105, 115];
    let mut text = format!("{HEADS}\n");
    for respondent in 0..29 {
        let answer = |sum: &i32| if respondent < sum - 3 * 29 { "4" } else { "3" };
        let answers: Vec<&str> = sums.iter().map(answer).collect();
        text += &format!("Disdukcapil,2026 TW III,{}\n", answers.join(","));
    }
    text
}

#[test]
fn answers_become_the_official_index() {
    let folder = Folder::new();
    let file = folder.file("jawaban.csv", example());
    let found = json(&["score", "skm-2017", &file, "--format", "json"]);
    assert_eq!(found["instrument"], "skm-2017");
    let result = &found["results"][0];
    assert_eq!(result["group"], serde_json::json!({ "unit": "Disdukcapil", "period": "2026 TW III" }));
    assert_eq!(
        (&result["value"], &result["category"], &result["label"]),
        (&"91.48".into(), &"A".into(), &"Sangat Baik".into())
    );
    assert_eq!(result["respondents"], 29);
    assert_eq!(
        result["items"][0],
        serde_json::json!({ "key": "persyaratan", "name": "Persyaratan", "sum": 105, "mean": "3.6207", "weight": "1/9", "weighted": "0.4023" })
    );
    assert_eq!(result["interval"]["method"], "student-t");
    assert_eq!(codes(&result["warnings"]), ["too-few-respondents"]);
    assert!(result["steps"].as_array().unwrap().len() >= 5);
    assert!(result["citations"][0]["regulation"].as_str().unwrap().contains("14/2017"));
}

#[test]
fn the_same_answers_score_alike_however_the_office_writes_them() {
    let folder = Folder::new();
    let expected =
        json(&["score", "skm-2017", &folder.file("a.csv", example()), "--format", "json"])["results"].clone();
    let semicolons = format!("\u{feff}{}", example().replace(',', ";").replace('\n', "\r\n"));
    let decimals = example().replace(",4", ",4.0").replace(",3", ", 3 ");
    let keyed = example().replace(
        "u1,u2,u3,u4,u5,u6,u7,u8,u9",
        "Persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,sarana,pengaduan",
    );
    for (name, content) in [("titik-koma.csv", semicolons), ("desimal.csv", decimals), ("unsur.csv", keyed)] {
        let found = json(&["score", "skm-2017", &folder.file(name, content), "--format", "json"]);
        assert_eq!(found["results"], expected, "{name}");
    }
}

#[test]
fn several_files_count_as_one() {
    let folder = Folder::new();
    let whole = example();
    let lines: Vec<&str> = whole.lines().collect();
    let first = folder.file("1.csv", format!("{HEADS}\n{}\n", lines[1..10].join("\n")));
    let second = folder.file("2.csv", format!("{HEADS}\n{}\n", lines[10..].join("\n")));
    let split = json(&["score", "skm-2017", &first, &second, "--format", "json"]);
    let together = json(&["score", "skm-2017", &folder.file("a.csv", &whole), "--format", "json"]);
    assert_eq!(split["results"], together["results"]);
}

#[test]
fn results_are_grouped_by_the_columns_asked_for() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "unit,service,period,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,KTP,2025,4,4,4,4,4,4,4,4,4\nA,KK,2025,3,3,3,3,3,3,3,3,3\nB,KTP,2026,2,2,2,2,2,2,2,2,2\n");
    let values = |by: &[&str]| -> Vec<String> {
        let words = [&["score", "skm-2017", &file, "--format", "json"], by].concat();
        json(&words)["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| result["value"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(values(&[]), ["87.50", "50.00"]);
    assert_eq!(values(&["--by", "service"]), ["75.00", "75.00"]);
    assert_eq!(values(&["--by", "unit,service,period"]), ["75.00", "100.00", "50.00"]);
    assert_eq!(values(&["--by", ""]), ["75.00"]);
}

#[test]
fn bad_rows_are_listed_with_line_column_and_advice_and_the_rest_is_scored() {
    let folder = Folder::new();
    let file = folder.file("a.csv", format!("{HEADS}\nA,2026,4,4,4,4,4,4,4,4,4\nA,2026,5,4,4,4,4,4,4,4,4\nA,2026,4,,4,4,4,4,4,4,4\nA,2026,4,4,baik,4,4,4,4,4,4\n"));
    let found = json(&["score", "skm-2017", &file, "--format", "json"]);
    assert_eq!(found["results"][0]["value"], "100.00");
    assert_eq!(found["left_out"]["rows"], 3);
    let cells: Vec<(u64, &str, &str)> = found["left_out"]["first"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| (cell["line"].as_u64().unwrap(), cell["column"].as_str().unwrap(), cell["code"].as_str().unwrap()))
        .collect();
    assert_eq!(cells, [(3, "u1", "cell-out-of-range"), (4, "u2", "cell-blank"), (5, "u3", "cell-not-a-number")]);
    let text = prima(&["score", "skm-2017", &file]);
    assert!(
        text.out.contains("3 baris tidak dapat dipakai") && text.out.contains("isi bilangan bulat 1 sampai 4"),
        "{}",
        text.out
    );
    let strict = prima(&["score", "skm-2017", &file, "--strict"]);
    assert_eq!((strict.code, strict.out.as_str()), (1, ""));
    assert!(strict.err.contains("--strict"), "{}", strict.err);
}

#[test]
fn a_file_that_cannot_be_scored_ends_with_one_and_a_sentence() {
    let folder = Folder::new();
    let cases = [
        ("kosong.csv", "", "kosong"),
        ("judul.csv", HEADS, ""),
        ("lain.csv", "nama,alamat\nA,B\n", "u1 sampai u9"),
        ("semua-buruk.csv", &format!("{HEADS}\nA,2026,9,9,9,9,9,9,9,9,9\n"), ""),
    ];
    for (name, content, words) in cases {
        let run = prima(&["score", "skm-2017", &folder.file(name, content)]);
        assert_eq!(run.code, 1, "{name}: {}", run.err);
        assert!(run.err.contains(words), "{name}: {}", run.err);
    }
    let missing = prima(&["score", "skm-2017", "tidak-ada.csv"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("tidak-ada.csv: berkas tidak ditemukan"), "{}", missing.err);
}

#[test]
fn means_are_scored_row_by_row_in_the_order_they_name() {
    let folder = Folder::new();
    let file = folder.file("nrr.csv", "unit;period;order;respondents;u1;u2;u3;u4;u5;u6;u7;u8;u9\nDPTR;2023;reg;150;3,31;3,35;3,49;3,93;3,45;3,39;3,39;3,76;3,35\n");
    let result = json(&["score", "skm-2017", &file, "--means", "--format", "json"])["results"][0].clone();
    assert_eq!((&result["value"], &result["category"]), (&"87.28".into(), &"B".into()));
    let complaints = result["items"].as_array().unwrap().iter().find(|item| item["key"] == "pengaduan").unwrap();
    assert_eq!(complaints["mean"], "3.7600");
    assert_eq!(result["respondents"], 150);
    assert_eq!(result["warnings"], serde_json::json!([]));
}

#[test]
fn a_missing_element_and_a_deviating_weight_are_said() {
    let folder = Folder::new();
    let file = folder.file("nrr.csv", "unit,u1,u2,u3,u4,u5,u6,u7,u8\nA,3,3,3,3,3,3,3,3\n");
    let result =
        json(&["score", "skm-2017", &file, "--means", "--weights", "round2", "--format", "json"])["results"][0].clone();
    // 1/8 = 0.125 rounds up to 0.13; 8 × 3 × 0.13 × 25 = 78.
    assert_eq!(result["value"], "78.00");
    assert_eq!(codes(&result["warnings"]), ["weight-policy-deviates", "missing-element", "respondents-unknown"]);
}

#[test]
fn a_result_of_another_time_is_said_to_be_so() {
    let folder = Folder::new();
    let file = folder.file("a.csv", format!("{HEADS}\nA,2012,4,4,4,4,4,4,4,4,4\n"));
    let result = json(&["score", "skm-2017", &file, "--format", "json"])["results"][0].clone();
    assert!(codes(&result["warnings"]).contains(&"instrument-not-in-force"));
}

#[test]
fn csv_output_holds_one_row_per_group_with_canonical_numbers() {
    let folder = Folder::new();
    let run = prima(&["score", "skm-2017", &folder.file("a.csv", example()), "--format", "csv"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[0].starts_with(
        "unit,period,respondents,value,category,label,zone,opinion,interval_low,interval_high,warnings,persyaratan,"
    ));
    assert!(lines[1].starts_with("Disdukcapil,2026 TW III,29,91.48,A,Sangat Baik,,,"), "{}", lines[1]);
    assert!(lines[1].ends_with(",3.6207,3.4828,3.4483,4.0000,3.5172,3.6207,3.6552,3.6207,3.9655"), "{}", lines[1]);
}

#[test]
fn quick_rows_and_full_results_are_the_same_figures() {
    let folder = Folder::new();
    let file = folder.file("a.csv", example());
    let full = json(&["score", "skm-2017", &file, "--format", "json"])["results"][0].clone();
    let csv = prima(&["score", "skm-2017", &file, "--format", "csv"]).out;
    let heads: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let cells: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    let of = |head: &str| cells[heads.iter().position(|known| *known == head).unwrap()];
    assert_eq!((of("value"), of("category")), (full["value"].as_str().unwrap(), full["category"].as_str().unwrap()));
    assert_eq!(of("interval_low"), full["interval"]["low"]);
    assert_eq!(of("interval_high"), full["interval"]["high"]);
    for item in full["items"].as_array().unwrap() {
        assert_eq!(of(item["key"].as_str().unwrap()), item["mean"]);
    }
    assert_eq!(of("warnings"), "too-few-respondents");
}

#[test]
fn explained_text_shows_steps_bars_and_articles() {
    let folder = Folder::new();
    let file = folder.file("a.csv", example());
    let run = prima(&["score", "skm-2017", &file, "--explain"]);
    for words in [
        "91,48  ● A  Sangat Baik",
        "105 ÷ 29 ≈ 3,6207",
        "Permenpan RB 14/2017, Lampiran",
        "88,31 ≤ 91,48 ≤ 100,00 → A",
        "█████",
    ] {
        assert!(run.out.contains(words), "{words}\n{}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "no colours in a file");
    let english = prima(&["score", "skm-2017", &file, "--explain", "--lang", "en"]);
    assert!(english.out.contains("91.48  ● A  Very good"), "{}", english.out);
}

#[test]
fn groups_of_respondents_are_compared_and_the_questionnaire_judged() {
    let folder = Folder::new();
    let mut text = "unit,sex,u1,u2,u3,u4,u5,u6,u7,u8,u9\n".to_owned();
    for respondent in 0..40 {
        let (sex, high) = if respondent % 2 == 0 { ("L", 4) } else { ("P", 3) };
        let low = high - i32::from(respondent % 3 == 0);
        text += &format!("A,{sex},{high},{high},{low},{high},{high},{low},{high},{high},{low}\n");
    }
    let file = folder.file("a.csv", text);
    let result =
        json(&["score", "skm-2017", &file, "--compare", "sex", "--explain", "--format", "json"])["results"][0].clone();
    let difference = &result["statistics"]["differences"][0];
    assert_eq!((&difference["column"], &difference["significant"]), (&"sex".into(), &true.into()));
    assert_eq!(difference["groups"][0]["respondents"], 20);
    assert!(result["statistics"]["alpha"].as_str().unwrap().starts_with("0."), "{result}");
    let run = prima(&["score", "skm-2017", &file, "--compare", "sex"]);
    assert!(run.out.contains("Jawaban berbeda menurut sex"), "{}", run.out);
}

#[test]
fn a_city_scores_with_its_own_instrument_file() {
    let folder = Folder::new();
    let own = std::fs::read_to_string(crate::support::repository("rules/parameters/skm-2017.toml")).unwrap();
    let own = own
        .replace("id = \"skm-2017\"", "id = \"skm-kota\"")
        .replace("key = \"sarana\"", "key = \"pungutan\"")
        .replace("\"sarana\"", "\"pungutan\"");
    let instrument = folder.file("skm-kota.toml", &own);
    let result = json(&["score", &instrument, &folder.file("a.csv", example()), "--format", "json"]);
    assert_eq!((&result["instrument"], &result["results"][0]["value"]), (&"skm-kota".into(), &"91.48".into()));
    let broken = folder.file("rusak.toml", own.replace("min = \"76.61\"", "min = \"76.70\""));
    let run = prima(&["score", &broken, &folder.file("a.csv", example())]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("rusak.toml, baris") && run.err.contains("celah"), "{}", run.err);
}

/// The official names as reports print them, in any case and with any marks, mean the elements; 88.89 by hand: 32 ÷ 36 × 100.
#[test]
fn the_official_names_of_the_elements_are_understood() {
    let folder = Folder::new();
    let heads = "unit,period,Persyaratan,\"Sistem, Mekanisme, dan Prosedur\",Waktu Penyelesaian,Biaya/Tarif,Produk Spesifikasi Jenis Pelayanan,Kompetensi Pelaksana,Perilaku Pelaksana,Sarana dan Prasarana,\"Penanganan Pengaduan, Saran dan Masukan\"";
    let file = folder.file("nama.csv", format!("{heads}\nA,2026,4,3,4,4,3,4,4,2,4\n"));
    let result = json(&["score", "skm-2017", &file, "--format", "json"])["results"][0].clone();
    assert_eq!(result["value"], "88.89");
    assert_eq!(result["items"][7]["mean"], "2.0000");
}

/// A file in which half of the elements are missing is another questionnaire: no index of it is honest.
#[test]
fn too_few_elements_are_refused() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "unit,persyaratan,pertanyaan 2,pertanyaan 3\nA,4,4,4\n");
    let run = prima(&["score", "skm-2017", &file]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("pertanyaan 2"), "{}", run.err);
}

/// Two cities have a unit of the same name: their results stay apart.
#[test]
fn units_of_different_institutions_are_not_merged() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "institution,unit,u1,u2,u3,u4,u5,u6,u7,u8,u9\nKota X,Dinsos,4,4,4,4,4,4,4,4,4\nKota Y,Dinsos,2,2,2,2,2,2,2,2,2\n");
    let found = json(&["score", "skm-2017", &file, "--format", "json"]);
    let values: Vec<&str> =
        found["results"].as_array().unwrap().iter().map(|result| result["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["100.00", "50.00"]);
}

/// The first file decides the columns of a result; a file that lacks one is refused instead of shifting the table.
#[test]
fn files_are_grouped_alike_or_refused() {
    let folder = Folder::new();
    let first = folder.file("1.csv", format!("{HEADS}\nA,2026,4,4,4,4,4,4,4,4,4\n"));
    let second = folder.file("2.csv", "unit,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,2,2,2,2,2,2,2,2,2\n");
    let run = prima(&["score", "skm-2017", &first, &second]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("2.csv") && run.err.contains("period"), "{}", run.err);
    let csv = prima(&["score", "skm-2017", &second, &first, "--format", "csv"]).out;
    assert!(csv.lines().nth(1).unwrap().starts_with("A,2,75.00,"), "{csv}");
}

#[test]
fn group_columns_may_be_named_as_the_office_names_them_and_count_once() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "OPD,Periode,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,2026,4,4,4,4,4,4,4,4,4\n");
    let group = |words: &[&str]| {
        json(&[&["score", "skm-2017", &file, "--format", "json"], words].concat())["results"][0]["group"].clone()
    };
    assert_eq!(group(&[]), serde_json::json!({ "unit": "A", "period": "2026" }));
    assert_eq!(group(&["--by", "OPD,unit"]), serde_json::json!({ "unit": "A" }));
}

#[test]
fn a_year_beside_a_period_without_one_decides_what_was_in_force() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "unit,period,year,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,TW I,2012,4,4,4,4,4,4,4,4,4\n");
    let result = json(&["score", "skm-2017", &file, "--format", "json"])["results"][0].clone();
    assert!(codes(&result["warnings"]).contains(&"instrument-not-in-force"));
}

/// Programs export a count with a gap in its column as `29.0`; that is 29 respondents, not 290.
#[test]
fn exported_counts_of_respondents_are_read_right() {
    let folder = Folder::new();
    let file = folder
        .file("nrr.csv", "unit,n,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,29.0,3,3,3,3,3,3,3,3,3\nB,1.250,3,3,3,3,3,3,3,3,3\n");
    let found = json(&["score", "skm-2017", &file, "--means", "--format", "json"]);
    assert_eq!((&found["results"][0]["respondents"], &found["results"][1]["respondents"]), (&29.into(), &1250.into()));
}

#[test]
fn two_columns_for_one_element_are_refused_in_both_forms() {
    let folder = Folder::new();
    let file = folder.file("a.csv", "unit,u1,persyaratan,u2,u3,u4,u5,u6,u7,u8,u9\nA,1,4,3,3,3,3,3,3,3,3\n");
    for more in [&[][..], &["--means"]] {
        let run = prima(&[&["score", "skm-2017", &file], more].concat());
        assert_eq!(run.code, 1);
        assert!(run.err.contains("persyaratan"), "{}", run.err);
    }
}

#[test]
fn a_file_with_a_head_only_says_so() {
    let folder = Folder::new();
    let run = prima(&["score", "skm-2017", &folder.file("a.csv", format!("{HEADS}\n"))]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("tidak ada baris"), "{}", run.err);
}

#[test]
fn options_that_would_change_nothing_are_wrong_usage() {
    let folder = Folder::new();
    let file = folder.file("nilai.csv", "institution,unit,score\nKota,A,90\n");
    for more in [
        &["--weights", "exact"][..],
        &["--means"],
        &["--population", "9"],
        &["--compare", "unit"],
        &["--details", "x.toml"],
    ] {
        let run = prima(&[&["score", "ombudsman-2022", &file], more].concat());
        assert_eq!(run.code, 2, "{more:?}");
        assert!(run.err.contains(more[0]), "{}", run.err);
    }
    assert_eq!(prima(&["score", "skm-2017", &file, "--population", "0"]).code, 2);
}

/// Signs that steer a terminal never reach it from a file.
#[test]
fn names_cannot_steer_the_terminal() {
    let folder = Folder::new();
    let file = folder
        .file("a.csv", format!("{HEADS}\n\u{1b}[31mA\u{7},2026,4,4,4,4,4,4,4,4,4\nB,2026,\u{1b}[2J,4,4,4,4,4,4,4,4\n"));
    for more in [&[][..], &["--explain"], &["--by", "unit,period,u1"]] {
        let run = prima(&[&["score", "skm-2017", &file], more].concat());
        assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{7}'), "{:?}", run.out);
    }
}

/// Fourteen elements under an instrument of nine would be scored by nine of them: refused, with the instrument that fits.
#[test]
fn more_elements_than_the_instrument_has_are_refused() {
    let folder = Folder::new();
    let heads: Vec<String> = (1..=14).map(|number| format!("u{number}")).collect();
    let file = folder.file("a.csv", format!("unit,{}\nA,{}\n", heads.join(","), vec!["3"; 14].join(",")));
    let run = prima(&["score", "skm-2017", &file]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("u10") && run.err.contains("skm-2004"), "{}", run.err);
    let found = prima(&["score", "skm-2017", &file, "--means", "--format", "json"]).json();
    assert_eq!(found["left_out"]["first"][0]["code"], "element-beyond");
    assert_eq!(json(&["score", "skm-2004", &file, "--format", "json"])["results"][0]["value"], "74.55");
}
