//! Every template and macro with invented data in both languages: rendered by a test, and written to the folder that
//! `PRIMA_GALLERY` names, to be looked at and to be checked by a browser.

use crate::chart::quadrants_example;
use crate::chart::{Bar, Bars, Frame, Heat, Limit, Line, Range, Ranges, Series, Slope, SlopeRow, Stacked, StackedRow};
use crate::form::Form;
use crate::page::{Crumb, NavItem, Notice, NoticeKind};
use crate::parts::{Answer, Fact, Moment, Pages, SafeHtml, Task, Tile};
use crate::site::Site;
use crate::words::{Words, tag};
use askama::Template;
use rules::phrase::{Language, Phrase};
use rules::quantity::ratio;
use rules::step::Step;

/// Stands for `page::Page` without a server behind it.
struct SamplePage {
    language: Language,
    title: String,
    has_errors: bool,
    site: Site,
    breadcrumbs: Vec<Crumb>,
    notice: Option<Notice>,
    staff: bool,
}

impl SamplePage {
    fn new(language: Language, title: &str, staff: bool) -> Self {
        let site = Site {
            name: "Pemerintah Kota Contoh".into(),
            short_name: "Kota Contoh".into(),
            tagline: "Pelayanan Publik".into(),
            help: "Butuh bantuan? WhatsApp 0811-0000-000 (jam kerja) atau datang ke loket informasi.".into(),
            demonstration: true,
            ..Site::unclaimed()
        };
        let crumb = |label: &str, href: Option<&str>| Crumb { label: label.into(), href: href.map(str::to_owned) };
        Self {
            language,
            title: title.into(),
            has_errors: staff,
            site,
            breadcrumbs: vec![crumb("Layanan", Some("#isi")), crumb("Kependudukan", Some("#isi")), crumb(title, None)],
            notice: Some(Notice {
                kind: if staff { NoticeKind::Success } else { NoticeKind::Important },
                text: "Perubahan disimpan.".into(),
            }),
            staff,
        }
    }

    fn language(&self) -> &'static str {
        tag(self.language)
    }

    fn other_language(&self) -> &'static str {
        if self.language == Language::English { "id" } else { "en" }
    }

    fn other_language_url(&self) -> String {
        format!("?lang={}", self.other_language())
    }

    fn canonical(&self) -> &'static str {
        "https://contoh.go.id/galeri"
    }

    fn site(&self) -> &Site {
        &self.site
    }

    fn word(&self, key: &str) -> String {
        Words::shared(self.language).text(key)
    }

    fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    fn nav(&self) -> Vec<NavItem> {
        items(&["Layanan", "Antrean", "Pengaduan", "Kinerja"])
    }

    fn staff_nav(&self) -> Vec<NavItem> {
        if self.staff {
            items(&["Beranda", "Unit dan orang", "Standar Pelayanan", "Survei", "Catatan perubahan"])
        } else {
            vec![]
        }
    }

    fn person(&self) -> Option<&str> {
        self.staff.then_some("Admin Unit Contoh")
    }

    fn sign_in(&self) -> &'static str {
        "/masuk"
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

fn items(labels: &[&str]) -> Vec<NavItem> {
    let item =
        |(index, label): (usize, &&str)| NavItem { label: (*label).into(), href: "#isi".into(), current: index == 0 };
    labels.iter().enumerate().map(item).collect()
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    page: SamplePage,
    form: Form,
    facts: Vec<Fact>,
    tiles: Vec<Tile>,
    units: Vec<(&'static str, &'static str, String, &'static str, u8, u8)>,
    pages: Pages,
    moments: Vec<Moment>,
    tasks: Vec<Task>,
    rows: Vec<(&'static str, String)>,
    answers: Vec<Answer>,
    steps: SafeHtml,
    roles: Vec<&'static str>,
    charts: Vec<SafeHtml>,
    choices: Vec<(&'static str, String)>,
    pairs: Vec<(String, &'static str)>,
    explained: Vec<(&'static str, String, String)>,
}

#[derive(Template)]
#[template(path = "gallery-citizen.html")]
struct Citizen {
    page: SamplePage,
    facts: Vec<Fact>,
    rows: Vec<(&'static str, String)>,
    moments: Vec<Moment>,
}

impl Gallery {
    fn say(&self, indonesian: &str, english: &str) -> String {
        say(self.page.language, indonesian, english)
    }
}

impl Citizen {
    fn say(&self, indonesian: &str, english: &str) -> String {
        say(self.page.language, indonesian, english)
    }
}

fn say(language: Language, indonesian: &str, english: &str) -> String {
    if language == Language::English { english.to_owned() } else { indonesian.to_owned() }
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::new("Selesai dalam", "1 hari kerja"),
        Fact::new("Biaya", "Gratis"),
        Fact::new("Syarat", "4 berkas").leading_to("#isi"),
    ]
}

fn moments() -> Vec<Moment> {
    let moment = |when: &str, title: &str, text: &str, current| Moment {
        when: when.into(),
        title: title.into(),
        text: text.into(),
        current,
    };
    vec![
        moment(
            "Senin, 16 November 2026, 09.12 WIB",
            "Pengaduan diterima",
            "Melalui WhatsApp. Kami menyimpan 1 foto.",
            false,
        ),
        moment("Rabu, 18 November 2026, 14.05 WIB", "Tindak lanjut", "Satu loket ditambah pukul 08.00–11.00.", false),
        moment("Menunggu jawaban Anda", "Apakah masalah Anda sudah selesai?", "", true),
    ]
}

fn rows() -> Vec<(&'static str, String)> {
    vec![
        ("Unit penyelenggara", "Dinas Kependudukan dan Pencatatan Sipil, Mal Pelayanan Publik lantai 1".into()),
        ("Penanganan pengaduan, saran, dan masukan", "pengaduan@contoh.go.id atau loket pengaduan <lantai 1>".into()),
    ]
}

fn form() -> Form {
    let mut form = Form::filled([
        ("target", "212".to_owned()),
        ("jenis", "b".into()),
        ("identitas", "b".into()),
        ("brand", "#0b5cab".into()),
        ("accent", "#ffd84d".into()),
    ]);
    for (field, message) in [
        ("nama", "Isi nama unit"),
        ("ponsel", "Isi nomor ponsel, contoh 0812…"),
        ("identitas", "Pilih salah satu"),
        ("setuju", "Centang bila Anda setuju"),
        ("berkas", "Berkas 2 belum terbaca. Foto ulang di tempat terang."),
    ] {
        form.fault(field, message);
    }
    form
}

fn steps(language: Language) -> SafeHtml {
    let mean =
        Step::number(Phrase::new("contoh.rata-rata"), "105 ÷ 29", &ratio(105, 29), "Permenpan RB 14/2017, Lampiran")
            .input(Phrase::new("contoh.jumlah"), "105")
            .input(Phrase::new("contoh.responden"), "29");
    let weighted = Step::number(
        Phrase::new("contoh.tertimbang"),
        "105/29 × 1/9",
        &ratio(105, 261),
        "Permenpan RB 14/2017, Lampiran",
    );
    let value = Step::words(Phrase::new("contoh.nilai"), "3.62 × 25", "90.52", "Permenpan RB 14/2017, Lampiran");
    crate::parts::steps(&[value.led_by(vec![weighted.led_by(vec![mean])])], language)
}

fn frame(id: &str, title: &str, language: Language) -> Frame {
    Frame {
        id: id.into(),
        title: title.into(),
        description: "Triwulan I 2025 sampai IV 2026, 212 responden per triwulan.".into(),
        rows: "Unsur".into(),
        language,
    }
}

const ELEMENTS: [(&str, &str); 9] = [
    ("Waktu penyelesaian", "2.98"),
    ("Biaya/tarif", "3.11"),
    ("Sistem, mekanisme, dan prosedur", "3.24"),
    ("Persyaratan", "3.31"),
    ("Sarana dan prasarana", "3.35"),
    ("Kompetensi pelaksana", "3.42"),
    ("Produk spesifikasi jenis pelayanan", "3.45"),
    ("Penanganan pengaduan, saran, dan masukan", "3.52"),
    ("Perilaku pelaksana", "3.61"),
];

fn charts(language: Language) -> Vec<SafeHtml> {
    let some = |values: &[&str]| {
        values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect::<Vec<_>>()
    };
    let moments = ["I 25", "II 25", "III 25", "IV 25", "I 26", "II 26", "III 26", "IV 26"].map(str::to_owned).to_vec();
    let limit = |value: &str, label: &str| Limit { value: value.into(), label: label.into() };
    let series = |name: &str, values: &[&str]| Series { name: name.into(), values: some(values) };
    let one = Line {
        frame: frame("tren", "SKM kota naik 5,7 dalam dua tahun", language),
        moments: moments.clone(),
        series: vec![series("Kota", &["79.2", "80.1", "", "81.4", "82.9", "83.3", "84.0", "84.9"])],
        limits: vec![limit("76.61", "B, Baik"), limit("88.31", "A, Sangat Baik")],
    };
    let several = Line {
        frame: frame("tren3", "Tiga dinas berakhir berdekatan", language),
        moments,
        series: vec![
            series("Dukcapil", &["72", "74", "75", "79", "80", "82", "84", "85"]),
            series("Dinas Kesehatan", &["81", "80", "82", "83", "83", "84", "84", "84.6"]),
            series("DPMPTSP dan Tenaga Kerja", &["88", "87", "86", "86", "85", "85", "84", "84.2"]),
        ],
        limits: vec![],
    };
    let bar = |(name, value): &(&str, &str)| Bar {
        name: (*name).into(),
        value: Some((*value).into()),
        marked: *value < "3.00",
    };
    let bars = Bars {
        frame: frame("unsur", "Waktu penyelesaian masih unsur terendah", language),
        values: "Nilai rata-rata".into(),
        bars: ELEMENTS
            .iter()
            .map(bar)
            .chain([Bar { name: "Belum dinilai".into(), value: None, marked: false }])
            .collect(),
        full: Some("4".into()),
        limits: vec![limit("3.0644", "Baik")],
    };
    let drawn = [slope, ranges, stacked, heat, quadrants_example].map(|draw: fn(Language) -> SafeHtml| draw(language));
    [one.draw(), several.draw(), bars.draw()].into_iter().chain(drawn).collect()
}

fn slope(language: Language) -> SafeHtml {
    let row = |name: &str, before: &str, after: &str| SlopeRow {
        name: name.into(),
        before: before.into(),
        after: after.into(),
    };
    let rows = vec![
        row("Dinas Sosial", "49.80", "61.20"),
        row("Dinas Kependudukan dan Pencatatan Sipil", "73.14", "81.02"),
        row("Dinas Kesehatan", "82.40", "80.90"),
    ];
    Slope {
        frame: frame("lereng", "Dua dinas naik, satu turun", language),
        before: "2025".into(),
        after: "2026".into(),
        rows,
    }
    .draw()
}

fn ranges(language: Language) -> SafeHtml {
    let range = |name: &str, low: &str, high: &str| Range { name: name.into(), low: low.into(), high: high.into() };
    Ranges {
        frame: frame("tunggu", "Loket 3 paling lama: 8 dari 10 menunggu sampai 52 menit", language),
        low: "Separuh pengunjung menunggu paling lama ini".into(),
        high: "8 dari 10 pengunjung".into(),
        unit: "menit".into(),
        ranges: vec![
            range("Loket 1, Kartu Keluarga", "12", "24"),
            range("Loket 2", "8", "17.5"),
            range("Loket 3", "31", "52"),
        ],
    }
    .draw()
}

fn stacked(language: Language) -> SafeHtml {
    let row = |name: &str, counts: &[u64]| StackedRow { name: name.into(), counts: counts.to_vec() };
    Stacked {
        frame: frame("jawaban", "Satu dari tujuh menilai waktu kurang cepat", language),
        parts: ["Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"].map(str::to_owned).to_vec(),
        rows: vec![
            row("Waktu penyelesaian", &[9, 22, 120, 61]),
            row("Biaya/tarif", &[2, 5, 80, 125]),
            row("Persyaratan", &[0, 1, 1, 1]),
        ],
    }
    .draw()
}

fn heat(language: Language) -> SafeHtml {
    let row = |name: &str, cells: [&str; 4]| {
        (name.to_owned(), cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).to_vec())
    };
    Heat {
        frame: frame("padat", "Senin pukul 09 paling padat", language),
        columns: ["08.00", "09.00", "10.00", "11.00"].map(str::to_owned).to_vec(),
        rows: vec![
            row("Senin", ["31", "52", "40", "22"]),
            row("Selasa", ["12", "24", "20", "9"]),
            row("Jumat", ["15", "17.5", "", "3"]),
        ],
    }
    .draw()
}

fn gallery(language: Language) -> Gallery {
    let zone = |kind: &str| match kind {
        "hijau" => say(language, "Hijau", "Green"),
        "kuning" => say(language, "Kuning", "Yellow"),
        _ => say(language, "Merah", "Red"),
    };
    let unit = |name, kind, value, percent, late| (name, kind, zone(kind), value, percent, late);
    let tile = |value: &str, words: &str, zone| Tile {
        value: value.into(),
        words: words.into(),
        href: Some("#isi".into()),
        zone,
    };
    let task = |title: &str, href: Option<&str>, status: &str, done| Task {
        title: title.into(),
        href: href.map(str::to_owned),
        hint: "Sekitar 5 menit".into(),
        status: status.into(),
        done,
    };
    Gallery {
        page: SamplePage::new(language, "Galeri bagian halaman", true),
        form: form(),
        facts: facts(),
        tiles: vec![
            tile("7", "pengaduan lewat tenggat hari ini (kemarin 9)", "merah"),
            tile("73,14", "kepatuhan Ombudsman, zona kuning. Kurang 4,86 ke hijau", "kuning"),
            tile("4,63", "IPP, A (Pelayanan Prima). Naik 0,35", "hijau"),
            tile("84,9", "SKM triwulan ini, B (Baik). 3 unsur turun", ""),
        ],
        units: vec![
            unit("Dinas Sosial", "merah", "49,80", 50, 4),
            unit("Dinas Kependudukan dan Pencatatan Sipil", "kuning", "73,14", 73, 2),
            unit("Dinas Pendidikan", "hijau", "82,40", 82, 0),
        ],
        pages: Pages::new("/unit", 7, 20, 400),
        moments: moments(),
        tasks: vec![
            task("Data pemohon", Some("#isi"), "Selesai", true),
            task("Berkas persyaratan", Some("#isi"), "Belum dimulai", false),
            task("Periksa dan kirim", None, "Belum bisa dimulai", true),
        ],
        rows: rows(),
        answers: vec![Answer {
            name: "Nama unit".into(),
            value: "Dinas Sosial".into(),
            change: Some("#f-nama".into()),
        }],
        steps: steps(language),
        roles: vec!["Admin unit", "Kepala unit", "Sekretaris Daerah", "Evaluator", "Auditor", "Admin sistem"],
        charts: charts(language),
        choices: vec![("a", "Terbuka".into()), ("b", "Rahasia".into()), ("c", "Anonim".into())],
        pairs: vec![("ya".into(), "Ya"), ("belum".into(), "Belum")],
        explained: vec![
            ("daring", "Daring".into(), "Isi dan unggah dari ponsel.".into()),
            ("loket", "Di loket".into(), "Petugas mengisi bersama Anda.".into()),
        ],
    }
}

fn pages(language: Language) -> [(String, String); 2] {
    let citizen = Citizen {
        page: SamplePage::new(language, "Penerbitan Kartu Keluarga Baru", false),
        facts: facts(),
        rows: rows(),
        moments: moments(),
    };
    [
        (format!("galeri-{}.html", tag(language)), gallery(language).render().unwrap()),
        (format!("warga-{}.html", tag(language)), citizen.render().unwrap()),
    ]
}

#[test]
fn every_part_can_be_rendered_in_both_languages() {
    for language in [Language::Indonesian, Language::English] {
        for (name, html) in pages(language) {
            assert!(html.contains("</html>"), "{name}");
            // A key without a sentence is shown as itself.
            for family in ["layout", "part", "chart", "theme"] {
                assert!(!html.contains(&format!(">{family}.")), "{name}: {family}");
            }
        }
    }
}

#[test]
fn no_page_holds_what_its_policy_forbids() {
    for (name, html) in pages(Language::Indonesian) {
        for forbidden in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}");
        }
        let scripts = html.matches("<script").count();
        assert_eq!(scripts, html.matches("<script type=\"module\" src=\"/aset/").count(), "{name}");
    }
}

#[test]
fn no_identifier_is_given_twice_on_a_page() {
    for (name, html) in pages(Language::Indonesian) {
        let mut seen = std::collections::BTreeSet::new();
        for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(seen.insert(id), "{name}: {id}");
        }
    }
}

#[test]
fn what_a_field_points_at_exists() {
    for (name, html) in pages(Language::Indonesian) {
        for attribute in [" aria-describedby=\"", " aria-labelledby=\"", " for=\""] {
            let values = html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
            for id in values.flat_map(str::split_whitespace) {
                assert!(html.contains(&format!(" id=\"{id}\"")), "{name}: {attribute}{id}");
            }
        }
    }
}

#[test]
fn a_citizens_page_is_small() {
    let [_, (_, citizen)] = pages(Language::Indonesian);
    assert!(citizen.len() < 12 * 1024, "{}", citizen.len());
}

#[test]
fn the_gallery_is_written_where_it_is_asked_for() {
    let asked = std::env::var_os("PRIMA_GALLERY").map(std::path::PathBuf::from);
    let fresh = tempfile::tempdir().unwrap();
    let folder = asked.unwrap_or_else(|| fresh.path().to_owned());
    std::fs::create_dir_all(folder.join("aset")).unwrap();
    for (name, html) in [Language::Indonesian, Language::English].into_iter().flat_map(pages) {
        std::fs::write(folder.join(name), html).unwrap();
    }
    for name in ["prima.css", "favicon.svg", "theme-preview.js"] {
        let url = crate::assets::url(name);
        let asset = crate::assets::find(&url).unwrap();
        std::fs::write(folder.join(url.trim_start_matches('/')), asset.plain).unwrap();
    }
    assert!(folder.join("galeri-id.html").is_file());
}
