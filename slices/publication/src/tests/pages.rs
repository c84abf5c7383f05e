//! The pages of published results.

use super::{City, city};
use calculation::{InputFile, verify};
use platform::testing::Answer;
use rules::phrase::Language;

/// What a page may weigh on the wire, beside the stylesheet: together they fit in the first round trip of a slow phone.
const LARGEST_PAGE: usize = 3_600;

/// The pages of this slice that somebody may begin with.
const PAGES: [&str; 18] = [
    "/kinerja",
    "/kinerja?cari=*",
    "/kinerja/metode/ipp-2022",
    "/kinerja/provinsi-di-yogyakarta/omb-096",
    "/kinerja/kabupaten-bogor/skm-bogor-bpt-2011",
    "/kinerja/peringkat/ombudsman/2022",
    "/kinerja?cari=palembang",
    "/kinerja/kota-palembang",
    "/kinerja/kota-payakumbuh",
    "/kinerja/provinsi-sumatera-utara",
    "/kinerja/kota-palembang/omb-089",
    "/kinerja/kota-palembang/ipp-001",
    "/kinerja/kabupaten-bantul/skm-bantul-dptr-2023",
    "/kinerja/peringkat/ombudsman/2024",
    "/kinerja/peringkat/ipp/2024",
    "/kinerja/metode",
    "/kinerja/metode/ombudsman-2022",
    "/kinerja/data",
];

/// As the server compresses it.
fn on_the_wire(bytes: &[u8]) -> usize {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 4, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &settings).unwrap();
    packed.len()
}

async fn open(city: &City, path: &str) -> Answer {
    let answer = city.browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

#[tokio::test]
async fn every_page_opens_in_both_languages_and_is_small() {
    let city = city();
    let mut large = Vec::new();
    for path in PAGES {
        for language in ["id", "en"] {
            let mark = if path.contains('?') { '&' } else { '?' };
            let answer = open(&city, &format!("{path}{mark}lang={language}")).await;
            let text = answer.text();
            assert!(text.contains("<h1") && !text.contains("style=\""), "{path}");
            let size = on_the_wire(&answer.bytes);
            println!("{size:6} {path} {language}");
            if size > LARGEST_PAGE {
                large.push(format!("{path} {language}: {size}"));
            }
        }
    }
    assert!(large.is_empty(), "larger than {LARGEST_PAGE} bytes compressed:\n{}", large.join("\n"));
}

#[tokio::test]
async fn the_beginning_shows_the_cities_with_a_history_and_teaches_where_the_own_city_has_none() {
    let city = city();
    let page = open(&city, "/kinerja").await;
    for words in
        ["Belum ada nilai Kota Contoh di sini", "Kota Palembang", "88,23", "Kota Payakumbuh", "Kota Pangkalpinang"]
    {
        assert!(page.says(words), "{words}");
    }
    assert!(page.says("href=\"/kinerja/peringkat/ombudsman/2024\""));
}

#[tokio::test]
async fn a_place_is_found_in_spite_of_a_slip() {
    let city = city();
    let page = open(&city, "/kinerja?cari=kota+palembamg").await;
    assert!(page.says("Mungkin yang Anda maksud") && page.says("href=\"/kinerja/kota-palembang\""));
    let nothing = open(&city, "/kinerja?cari=xyzzy").await;
    assert!(nothing.says("Belum ada nilai untuk “xyzzy”"));
}

#[tokio::test]
async fn what_was_typed_is_shown_as_text() {
    let city = city();
    let page = open(&city, "/kinerja?cari=%3Cscript%3E").await;
    assert!(!page.says("<script>") && page.says("&#60;script"));
}

#[tokio::test]
async fn a_place_shows_its_values_and_what_is_missing_to_green() {
    let city = city();
    let pangkalpinang = open(&city, "/kinerja/kota-pangkalpinang").await;
    assert!(pangkalpinang.says("73,14") && pangkalpinang.says("85,04") && pangkalpinang.says("Cara ukurnya berganti"));
    // 85.04 is "Baik" under the rule of 2025; "Sangat Baik" begins at 88.00, a limit that was inferred.
    assert!(pangkalpinang.says("Kurang 2,96 ke Sangat Baik, yang mulai dari 88,00"), "{}", pangkalpinang.text());
    assert!(pangkalpinang.says("Batas ini belum pasti"));
}

#[tokio::test]
async fn units_of_a_place_stand_with_the_lowest_first() {
    let city = city();
    let palembang = open(&city, "/kinerja/kota-palembang").await.text();
    let place = |name: &str| palembang.find(name).unwrap_or_else(|| panic!("{name} is missing"));
    assert!(place(">Dinsos<") < place(">RSUDBari<") && place(">RSUDBari<") < place(">SMPN9<"));
}

#[tokio::test]
async fn a_recomputed_result_shows_every_step_and_agrees() {
    let city = city();
    let page = open(&city, "/kinerja/kota-palembang/omb-089").await;
    for words in ["88,23", "Cocok: dihitung ulang", "88,2333", "Per ORI", "sha256:", "prima verify"] {
        assert!(page.says(words), "{words}");
    }
}

#[tokio::test]
async fn a_final_value_alone_says_so_and_shows_its_category() {
    let city = city();
    let page = open(&city, "/kinerja/kota-palembang/ipp-001").await;
    assert!(page.says("Hanya nilai akhir yang diumumkan") && page.says("4,01 ≤ 4,28 ≤ 4,50"));
    assert!(!page.says("hasil.json"), "there is nothing to verify");
}

#[tokio::test]
async fn a_result_against_its_rule_says_in_what() {
    let city = city();
    let page = open(&city, "/kinerja/kabupaten-tasikmalaya/ipp-016").await;
    assert!(page.says("Berbeda: yang diumumkan 1,26 D Buruk") && page.says("menurut aturan 1,26 E"), "{}", page.text());
}

#[tokio::test]
async fn the_file_of_a_result_is_verified_by_the_command_line() {
    let city = city();
    let file = open(&city, "/kinerja/kota-palembang/omb-089/hasil.json").await;
    let place = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(place.path(), &file.bytes).unwrap();
    let found = verify::file(&InputFile::called(place.path(), "hasil.json"), None, Language::Indonesian).unwrap();
    let found = found.published(Language::Indonesian);
    assert_eq!((found.kind.as_str(), found.reproduced, found.differs), ("result", 1, 0));
}

#[tokio::test]
async fn every_recomputed_result_is_verified_by_the_command_line() {
    let city = city();
    let all: serde_json::Value = serde_json::from_slice(&open(&city, "/kinerja/data.json").await.bytes).unwrap();
    let mut verified = 0;
    for result in all["hasil"].as_array().unwrap().iter().filter(|result| !result["masukan"].is_null()) {
        let slug = crate::place::slug(result["tempat"].as_str().unwrap());
        let path = format!("/kinerja/{slug}/{}/hasil.json", result["id"].as_str().unwrap());
        let file = open(&city, &path).await;
        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), &file.bytes).unwrap();
        let found = verify::file(&InputFile::called(place.path(), "hasil.json"), None, Language::Indonesian).unwrap();
        assert_eq!(found.published(Language::Indonesian).differs, 0, "{path}");
        verified += 1;
    }
    assert_eq!(verified, 17, "as many tables print what their values were computed from");
}

#[tokio::test]
async fn a_ranking_is_ordered_within_one_instrument_and_holds_no_units() {
    let city = city();
    let text = open(&city, "/kinerja/peringkat/ombudsman/2025").await.text();
    let place = |name: &str| text.find(name).unwrap_or_else(|| panic!("{name} is missing"));
    assert!(place("Provinsi Lampung") < place("Kota Yogyakarta") && place("Kota Yogyakarta") < place("Kota Palembang"));
    assert!(!text.contains("Polres"), "a unit is not ranked among governments");
    assert!(!text.contains("Rata-rata nasional"));
    let units = open(&city, "/kinerja/peringkat/ombudsman/2025?jenis=unit").await;
    assert!(units.says("Polres Mesuji") && !units.says("Kota Palembang"));
}

#[tokio::test]
async fn a_long_ranking_is_shown_page_by_page() {
    let city = city();
    let loaded = import(&city, &table(60, "90.00"));
    assert_eq!((loaded.new, loaded.changed, loaded.same), (60, 0, 0));
    let rows = |page: &Answer| page.text().matches("<tr><th scope=\"row\">").count();
    // The chart below has a table of its own, with a row for each of the five categories.
    let first = open(&city, "/kinerja/peringkat/ombudsman/2023?jenis=kota").await;
    assert!(first.says("href=\"/kinerja/peringkat/ombudsman/2023?jenis=kota&#38;halaman=2\""), "{}", first.text());
    let last = open(&city, "/kinerja/peringkat/ombudsman/2023?jenis=kota&halaman=3").await;
    assert_eq!(rows(&first) - rows(&last), 25 - (60 + PUBLISHED_CITIES_2023 - 50));
    assert!(on_the_wire(&first.bytes) <= LARGEST_PAGE, "{}", on_the_wire(&first.bytes));
}

/// Cities of 2023 in the embedded table.
const PUBLISHED_CITIES_2023: usize = 6;

#[tokio::test]
async fn a_table_taken_over_again_changes_only_what_it_says_otherwise() {
    let city = city();
    import(&city, &table(3, "90.00"));
    let loaded = import(&city, &table(3, "91.00"));
    assert_eq!((loaded.new, loaded.changed, loaded.same), (0, 1, 2));
    assert!(open(&city, "/kinerja/kota-uji-0/uji-0").await.says("91,00"));
}

#[test]
fn a_file_that_is_no_table_of_results_is_refused_whole() {
    let city = city();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "a,b\n1,2\n").unwrap();
    let input = InputFile::called(file.path(), "lain.csv");
    let refused = city.fresh.write_now(move |db| crate::import(db, &input, super::NOW)).unwrap_err();
    assert!(refused.to_string().contains("lain.csv"), "{refused}");
}

/// A table of so many cities; the first has a score of its own.
fn table(cities: usize, first: &str) -> String {
    let mut text =
        "id,entity,level,year,rule_set,score,published_zone,published_category,published_opinion,source\n".to_owned();
    for city in 0..cities {
        let score = if city == 0 { first.to_owned() } else { format!("{}.5", 30 + city % 60) };
        text += &format!("uji-{city},Kota Uji {city},kota,2023,kepatuhan-2022..2024,{score},,,,contoh\n");
    }
    text
}

fn import(city: &City, table: &str) -> crate::Loaded {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), table).unwrap();
    let input = InputFile::called(file.path(), "uji.csv");
    city.fresh.write_now(move |db| crate::import(db, &input, super::NOW)).unwrap()
}

#[tokio::test]
async fn a_method_shows_weights_limits_and_what_is_uncertain() {
    let city = city();
    let page = open(&city, "/kinerja/metode/ombudsman-2022").await;
    for words in ["Kualitas Tertinggi", "88,00–100,00", "0,2185", "belum pasti", "Per ORI 22/2016"] {
        assert!(page.says(words), "{words}");
    }
}

#[tokio::test]
async fn open_data_holds_every_result_and_can_be_asked_for_in_parts() {
    let city = city();
    let all = open(&city, "/kinerja/data.csv").await;
    assert_eq!(all.text().lines().count(), 135);
    let part = open(&city, "/kinerja/data.csv?keluarga=ipp&tahun=2024&pemisah=titik-koma&bom=ya").await.text();
    assert!(
        part.starts_with("\u{feff}id;keluarga;") && part.lines().skip(1).all(|line| line.contains(";ipp;")),
        "{part}"
    );
    let json: serde_json::Value =
        serde_json::from_slice(&open(&city, "/kinerja/data.json?tempat=kota-palembang").await.bytes).unwrap();
    assert_eq!(json["lisensi"], "bebas-sebut-sumber");
    assert_eq!(json["hasil"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn the_dictionary_explains_every_column() {
    let city = city();
    let page = open(&city, "/kinerja/data").await;
    assert!(!page.says(">column."), "a column without its meaning");
    for (name, _) in crate::export::COLUMNS {
        assert!(page.says(&format!("<code>{name}</code>")), "{name}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let city = city();
    let missing = [
        "/kinerja/kota-atlantis",
        "/kinerja/kota-palembang/omb-001",
        "/kinerja/kota-palembang/omb-089/hasil.exe",
        "/kinerja/kota-palembang/ipp-001/hasil.json",
        "/kinerja/peringkat/ombudsman/1999",
        "/kinerja/peringkat/kipp/2024",
        "/kinerja/metode/ombudsman-1999",
    ];
    for path in missing {
        assert_eq!(city.browser.get(path).await.status, 404, "{path}");
    }
}
