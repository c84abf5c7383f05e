//! The page that calculates anybody's file.

use super::{City, city};
use calculation::render::pdf;
use calculation::{Details, InputFile, Options, instruments, score};
use platform::testing::Answer;
use rules::phrase::Language;
use std::io::Write as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

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
    let random: Vec<u8> = (0..5_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
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
        assert!(!answer.says(&std::env::temp_dir().display().to_string()), "{name}: a place on the server is shown");
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

/// A document of some kilobytes that unpacks to 600 MB: more than the 512 MB that are unpacked for a stranger, and less than the
/// command line reads.
#[tokio::test]
async fn a_document_that_unpacks_to_very_much_is_refused_with_what_to_do() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let blanks = format!("<!--{}-->", " ".repeat((1 << 20) - 7)).into_bytes();
    (0..600).for_each(|_| archive.write_all(&blanks).unwrap());
    let answer = send(&city(), &[], "besar.ods", &archive.finish().unwrap().into_inner()).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says("besar.ods: isinya terlalu besar setelah dibuka."), "{}", answer.text());
}

/// The sender closes the browser: the request is dropped, and the file is not read to its end for nobody.
#[test]
fn a_calculation_ends_when_nobody_waits_for_it() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), good_answers()).unwrap();
    let asked = crate::calculator::Asked {
        instrument: instruments::find("skm-2017").unwrap(),
        by: None,
        means: false,
        population: None,
        form: crate::calculator::Form::Csv,
        language: Language::Indonesian,
        today: "2026-11-21".to_owned(),
    };
    let wanted = crate::calculator::WhileWanted::default();
    let stop = wanted.stop();
    let calculate = || crate::calculator::calculate(file.path(), "jawaban.csv", &asked, &stop);
    assert!(calculate().is_ok());
    drop(wanted);
    assert!(calculate().is_err());
}

/// 2,001 units with one respondent each. A page or JSON would hold every step of every unit: the sender is told what to do
/// instead. A table of them is given, and so is JSON of 2,000 of them.
#[tokio::test]
async fn very_many_groups_are_calculated_as_a_table_only() {
    let city = city();
    let units = |count: usize| {
        let rows: String = (0..count).map(|unit| format!("Unit {unit};4;3;4;4;3;4;4;3;4\n")).collect();
        format!("unit;u1;u2;u3;u4;u5;u6;u7;u8;u9\n{rows}").into_bytes()
    };
    let (most, many) = (crate::calculator::MOST_GROUPS, units(crate::calculator::MOST_GROUPS + 1));
    for form in ["halaman", "json", "pdf"] {
        let answer = send(&city, &[("bentuk", form)], "unit.csv", &many).await;
        assert_eq!(answer.status, 422, "{form}");
        assert!(answer.says("unit.csv: kelompok lebih dari 2.000.") && answer.says("prima score"), "{}", answer.text());
    }
    let table = send(&city, &[("bentuk", "csv")], "unit.csv", &many).await;
    assert_eq!(table.status, 200, "{}", table.text());
    assert_eq!(table.text().lines().count(), most + 2);
    let json = send(&city, &[("bentuk", "json")], "unit.csv", &units(most)).await;
    assert_eq!(json.status, 200, "{}", json.text());
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

#[tokio::test]
async fn a_third_file_waits_until_one_of_two_is_done() {
    let (first, second) = (crate::calculator::turn().await.unwrap(), crate::calculator::turn().await.unwrap());
    let soon = std::time::Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, crate::calculator::turn()).await.is_err(), "two at a time");
    drop(first);
    assert!(crate::calculator::turn().await.is_some());
    drop(second);
}

/// Bytes of the large file.
const LARGE: usize = 150 << 20;

/// How much more memory the program may take for it: some buffers, never the file.
const MORE_MEMORY_KB: u64 = 64 * 1024;

/// Set for the process that uploads: its temporary folder and its memory are its own.
const ALONE: &str = "PRIMA_TEST_UPLOADS_ALONE";

#[test]
fn a_large_file_takes_little_memory_and_nothing_remains_on_the_disk() {
    if std::env::var_os(ALONE).is_some() {
        tokio::runtime::Runtime::new().unwrap().block_on(upload_alone());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let test = "tests::calculating::a_large_file_takes_little_memory_and_nothing_remains_on_the_disk";
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    alone.args(["--exact", test, "--nocapture"]).env(ALONE, "1").env("TMPDIR", folder.path());
    let said = alone.output().unwrap();
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success() && words.contains("1 passed"), "{words}\n{}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(files_in(folder.path()), Vec::<String>::new());
}

fn files_in(folder: &std::path::Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// Good, large and broken files, one after the other.
async fn upload_alone() {
    let city = city();
    let remaining = || {
        let all = files_in(&std::env::temp_dir());
        all.into_iter().filter(|name| !name.starts_with("prima-test-")).collect::<Vec<_>>()
    };
    assert_eq!(send(&city, &[], "jawaban.csv", ANSWERS).await.status, 200);
    assert_eq!(send(&city, &[], "bom.xlsx", &bomb()).await.status, 422);
    assert_eq!(send(&city, &[], "kolom.csv", b"nama;umur\nA;3\n").await.status, 422);
    assert_eq!(remaining(), Vec::<String>::new());
    let before = most_memory();
    let answer = upload_large(&city).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Disdukcapil,2026 TW III,"), "{answer}");
    assert_eq!(remaining(), Vec::<String>::new());
    let more = most_memory() - before;
    println!("{} MB took {more} kB more memory", LARGE >> 20);
    assert!(more < MORE_MEMORY_KB, "{more} kB");
}

/// The most memory this process ever held, in kB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}

/// Through a socket, as a browser would send it; gives back what was answered.
async fn upload_large(city: &City) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(axum::serve(listener, city.router.clone()).into_future());
    let part = |field: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
    };
    let file = "--b\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"besar.csv\"\r\n\r\n";
    let heads = "unit;period;u1;u2;u3;u4;u5;u6;u7;u8;u9\n";
    let first = part("instrumen", "skm-2017") + &part("bentuk", "csv") + file + heads;
    let (rows, last) = ("Disdukcapil;2026 TW III;4;4;3;4;4;4;3;4;4\n".repeat(1_500), "\r\n--b--\r\n");
    let times = LARGE / rows.len();
    let length = first.len() + times * rows.len() + last.len();
    let head = format!(
        "POST /hitung HTTP/1.1\r\nHost: contoh.go.id\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all((head + &first).as_bytes()).await.unwrap();
    for _ in 0..times {
        stream.write_all(rows.as_bytes()).await.unwrap();
    }
    stream.write_all(last.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    server.abort();
    answer
}
