//! The page that calculates anybody's file.

use super::{City, city};
use calculation::render::pdf;
use calculation::{Details, InputFile, Options, instruments, score};
use platform::testing::Answer;
use rules::phrase::Language;
use std::io::Write as _;

const ANSWERS: &[u8] = include_bytes!("../../../../docs/examples/jawaban.csv");

/// One group without bad rows.
fn good_answers() -> Vec<u8> {
    let mut text = "unit;periode;jenis kelamin;u1;u2;u3;u4;u5;u6;u7;u8;u9\n".to_owned();
    for row in 0..40 {
        let answers: Vec<String> = (0..9).map(|item| ((row + item) % 3 + 2).to_string()).collect();
        text += &format!("Disdukcapil;2026 TW III;{};{}\n", if row % 2 == 0 { "L" } else { "P" }, answers.join(";"));
    }
    text.into_bytes()
}

async fn send(city: &City, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
    let mut all = vec![("instrumen", "skm-2017"), ("bentuk", "halaman")];
    all.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
    all.extend(fields);
    city.browser.upload("/hitung", &all, ("berkas", name, content)).await
}

/// What the page carries to be printed.
fn sheet(page: &Answer) -> String {
    let text = page.text();
    let from = text.split("name=\"hasil\" value=\"").nth(1).expect("the page carries its results");
    let value = from.split('"').next().unwrap();
    value.replace("&#34;", "\"").replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'")
}

fn by_command_line(content: &[u8], today: &str) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    let options = Options { detail: true, profile: true, ..Options::default() };
    let input = InputFile::called(file.path(), "jawaban.csv");
    let scored = score(instruments::find("skm-2017").unwrap(), &[input], options).unwrap();
    pdf(&scored, &scored.groups[0], &Details::none(today), Language::Indonesian).unwrap()
}

#[tokio::test]
async fn the_form_opens_with_the_newest_survey_chosen() {
    let city = city();
    let page = city.browser.get("/hitung").await;
    assert_eq!(page.status, 200);
    assert!(page.says("value=\"skm-2017\" selected") && page.says("tidak ada yang disimpan"));
}

#[tokio::test]
async fn a_file_of_answers_becomes_a_page_with_steps_and_rows_left_out() {
    let city = city();
    let page = send(&city, &[], "jawaban.csv", ANSWERS).await;
    assert_eq!(page.status, 200, "{}", page.text());
    for words in [
        "Hasil hitungan jawaban.csv",
        "Disdukcapil",
        "90,36",
        "2 baris tidak dipakai",
        "Baris 8, kolom u8",
        "Langkah demi langkah",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
}

#[tokio::test]
async fn an_example_is_calculated_without_a_file() {
    let city = city();
    for (name, instrument) in
        [("jawaban.csv", "skm-2017"), ("ipp.csv", "ipp-2022"), ("ombudsman.csv", "ombudsman-2025")]
    {
        let page = city.browser.upload("/hitung", &[("contoh", name), ("instrumen", instrument)], ("x", "", b"")).await;
        assert_eq!(page.status, 200, "{name}: {}", page.text());
        assert!(page.says(&format!("Hasil hitungan {name}")));
    }
}

#[tokio::test]
async fn a_report_has_the_bytes_of_the_command_line() {
    let city = city();
    let content = good_answers();
    let report = send(&city, &[("bentuk", "pdf")], "jawaban.csv", &content).await;
    assert_eq!(report.status, 200, "{}", report.text());
    assert_eq!(report.bytes, by_command_line(&content, "2026-11-21"));
}

#[tokio::test]
async fn a_report_printed_from_the_page_has_the_same_bytes_and_nothing_was_kept() {
    let city = city();
    for content in [good_answers(), ANSWERS.to_vec()] {
        let page = send(&city, &[], "jawaban.csv", &content).await;
        let report = city.browser.post("/hitung/unduh", &[("hasil", &sheet(&page)), ("cetak", "pdf-0")]).await;
        assert_eq!(report.status, 200, "{}", report.text());
        assert!(report.bytes == by_command_line(&content, "2026-11-21"), "the reports differ");
    }
}

#[tokio::test]
async fn a_page_gives_its_results_as_table_and_as_json_that_verifies() {
    let city = city();
    let sheet = sheet(&send(&city, &[], "jawaban.csv", ANSWERS).await);
    let table = city.browser.post("/hitung/unduh", &[("hasil", &sheet), ("cetak", "csv")]).await;
    assert!(table.text().starts_with("unit,period,respondents,value"), "{}", table.text());
    let json = city.browser.post("/hitung/unduh", &[("hasil", &sheet), ("cetak", "json")]).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &json.bytes).unwrap();
    let found =
        calculation::verify::file(&InputFile::called(file.path(), "x.json"), None, Language::Indonesian).unwrap();
    assert_eq!(found.published(Language::Indonesian).differs, 0);
}

#[tokio::test]
async fn results_that_were_tampered_with_are_refused() {
    let city = city();
    let sheet = sheet(&send(&city, &[], "jawaban.csv", ANSWERS).await);
    let wrong = [
        "{}".to_owned(),
        String::new(),
        sheet.replacen("\"respondents\":", "\"respondents\":9", 1),
        sheet.replace("skm-2017", "skm-1999"),
        format!("{}{}", sheet, " ".repeat(crate::sheet::LARGEST)),
    ];
    for sheet in wrong {
        let answer = city.browser.post("/hitung/unduh", &[("hasil", &sheet), ("cetak", "pdf-0")]).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
}

#[tokio::test]
async fn files_that_cannot_be_calculated_are_answered_with_a_sentence() {
    let city = city();
    let random: Vec<u8> = (0..5_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let wrong: [(&str, &[u8]); 5] = [
        ("kosong.csv", b""),
        ("acak.csv", &random),
        ("acak.xlsx", &random),
        ("bom.xlsx", &bomb()),
        ("kolom.csv", b"nama;umur\nA;3\n"),
    ];
    for (name, content) in wrong {
        let answer = send(&city, &[], name, content).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        assert!(answer.says("govuk-error-summary") && answer.says(name), "{name}: {}", answer.text());
        assert!(!answer.says("/tmp"), "{name}: a place on the server is shown");
    }
}

/// A workbook that unpacks to more than anybody has.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).unwrap();
    archive
        .write_all(b"<workbook xmlns=\"x\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r\"/></sheets></workbook>")
        .unwrap();
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_column_that_is_not_there_is_answered_with_those_that_are() {
    let city = city();
    let answer = send(&city, &[("kelompok", "kantor")], "jawaban.csv", ANSWERS).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says("<code>period</code>") && answer.says("value=\"kantor\""), "{}", answer.text());
}

#[tokio::test]
async fn without_a_file_the_form_says_what_to_do() {
    let city = city();
    let answer = city.browser.upload("/hitung", &[("instrumen", "skm-2017")], ("berkas", "", b"")).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says("Pilih berkas yang akan dihitung."));
}

#[tokio::test]
async fn an_unknown_instrument_is_asked_for_again() {
    let city = city();
    let answer = send(&city, &[("instrumen", "../../etc/passwd")], "jawaban.csv", ANSWERS).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says("Pilih penilaian dari daftar."));
}
