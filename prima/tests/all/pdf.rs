//! Reports as PDF: made, verified, refused.

use crate::support::{Folder, codes, prima};

const ANSWERS: &str = "unit,period,sex,age,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,2026,L,19,4,3,4,3,4,3,4,3,4\nA,2026,P,34,3,3,3,3,3,3,3,3,3\nB,2026,P,61,4,4,4,4,4,4,4,4,4\n";

#[test]
fn one_group_is_one_report_that_verifies() {
    let folder = Folder::new();
    let input = folder.file("a.csv", ANSWERS);
    let details = folder.file("rincian.toml", "agency = \"Pemerintah Kota Contoh\"\nproduced_on = \"2026-11-21\"\n[[follow_up]]\npriority = \"Persyaratan\"\naction = \"Menyederhanakan formulir\"\ntime = \"Triwulan I 2027\"\nresponsible = \"Sekretaris\"\n");
    let (one, two) = (folder.path("satu.pdf"), folder.path("dua.pdf"));
    for output in [&one, &two] {
        let run = prima(&[
            "score",
            "skm-2017",
            &input,
            "--by",
            "period",
            "--population",
            "900",
            "--format",
            "pdf",
            "--details",
            &details,
            "--output",
            output.to_str().unwrap(),
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let bytes = std::fs::read(&one).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(bytes, std::fs::read(&two).unwrap(), "the same data give the same bytes");
    let run = prima(&["verify", one.to_str().unwrap(), "--format", "json"]);
    assert_eq!((run.code, &run.json()["kind"]), (0, &"report".into()));
}

#[test]
fn several_groups_go_to_a_folder() {
    let folder = Folder::new();
    let input = folder.file("a.csv", ANSWERS);
    let refused =
        prima(&["score", "skm-2017", &input, "--format", "pdf", "--output", folder.path("x.pdf").to_str().unwrap()]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("FOLDER/"), "{}", refused.err);
    let target = folder.path("laporan/");
    let run = prima(&["score", "skm-2017", &input, "--format", "pdf", "--output", &format!("{}/", target.display())]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut names: Vec<String> =
        std::fs::read_dir(&target).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["skm-2017-a-2026.pdf", "skm-2017-b-2026.pdf"]);
}

#[test]
fn ipp_and_ombudsman_results_become_sheets_that_verify() {
    let folder = Folder::new();
    let heads: Vec<String> = (1..=30).map(|number| format!("i{number}")).collect();
    let levels = folder.file("i.csv", format!("unit,{},f03\nC,{},4.4\n", heads.join(","), vec!["4"; 30].join(",")));
    let scores = folder.file("o.csv", "institution,unit,score\nKota,A,91.99\nKota,B,86.77\n");
    for (instrument, input) in [("ipp-2022", levels), ("ombudsman-2025", scores)] {
        let output = folder.path(&format!("{instrument}.pdf"));
        let run = prima(&["score", instrument, &input, "--format", "pdf", "--output", output.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{instrument}: {}", run.err);
        assert_eq!(prima(&["verify", output.to_str().unwrap()]).code, 0, "{instrument}");
    }
}

#[test]
fn the_demonstration_makes_a_report_per_unit_and_they_verify() {
    let folder = Folder::new();
    let target = folder.path("demo");
    let run = prima(&["demo", "--output", target.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.err);
    for words in
        ["4,63 A Pelayanan Prima", "73,14 Sedang kuning", "Kota Payakumbuh 2024", "12 laporan PDF", "prima verify"]
    {
        assert!(run.out.contains(words), "{words}\n{}", run.out);
    }
    let mut reports = 0;
    for file in std::fs::read_dir(&target).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pdf") {
            let run = prima(&["verify", path.to_str().unwrap(), "--format", "json"]);
            assert_eq!(run.code, 0, "{}", path.display());
            assert!(codes(&run.json()["rows"][0]["contradictions"]).is_empty());
            reports += 1;
        }
    }
    assert_eq!(reports, 12);
}

/// The report and the result inside it say how many rows were left out.
#[test]
fn a_report_says_how_many_rows_were_left_out() {
    let folder = Folder::new();
    let input = folder.file("a.csv", format!("{ANSWERS}B,2026,L,20,9,9,9,9,9,9,9,9,9\n"));
    let report = folder.path("laporan.pdf");
    let run = prima(&[
        "score",
        "skm-2017",
        &input,
        "--by",
        "period",
        "--format",
        "pdf",
        "--output",
        report.to_str().unwrap(),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("1 baris tidak dapat dipakai"), "{}", run.err);
    let inside = crate::support::result_inside(&std::fs::read(&report).unwrap());
    assert_eq!(inside["left_out"]["rows"], 1);
    assert_eq!(inside["left_out"]["first"].as_array().unwrap().len(), 9);
}

/// One file asks the respondents' sex, another does not: both are reported together, the second as "not stated".
#[test]
fn a_profile_that_one_file_lacks_is_not_stated() {
    let folder = Folder::new();
    let one = folder.file("1.csv", ANSWERS);
    let two = folder.file("2.csv", "unit,period,u1,u2,u3,u4,u5,u6,u7,u8,u9\nA,2026,4,4,4,4,4,4,4,4,4\n");
    for files in [[&one, &two], [&two, &one]] {
        let report = folder.path("laporan.pdf");
        let run = prima(&[
            "score",
            "skm-2017",
            files[0],
            files[1],
            "--by",
            "period",
            "--format",
            "pdf",
            "--output",
            report.to_str().unwrap(),
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(crate::support::result_inside(&std::fs::read(&report).unwrap())["results"][0]["respondents"], 4);
    }
}
