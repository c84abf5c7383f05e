//! The report of a survey.

use super::{band, step, texts};
use documents::{
    Attachment, ElementRow, FollowUp, GenericTable, Outcome, ProfileTable, ReportStep, SatisfactionReport, Signature,
    Tone, TrendPoint, Verification,
};
use rules::phrase::Language;

/// Code, name, mean, mean times one ninth, share of the scale, answers 1 to 4.
type Element = (&'static str, &'static str, &'static str, &'static str, u32, [u64; 4]);

const ELEMENTS: [Element; 9] = [
    ("U1", "Persyaratan", "3.376", "0.375", 844, [3, 21, 206, 182]),
    ("U2", "Sistem, mekanisme, dan prosedur", "3.248", "0.361", 812, [6, 34, 224, 148]),
    ("U3", "Waktu penyelesaian", "3.036", "0.337", 759, [14, 71, 213, 114]),
    ("U4", "Biaya/tarif", "3.600", "0.400", 900, [2, 9, 141, 260]),
    ("U5", "Produk spesifikasi jenis pelayanan", "3.335", "0.371", 834, [4, 18, 226, 164]),
    ("U6", "Kompetensi pelaksana", "3.408", "0.379", 852, [3, 17, 201, 191]),
    ("U7", "Perilaku pelaksana", "3.456", "0.384", 864, [2, 15, 188, 207]),
    ("U8", "Penanganan pengaduan, saran, dan masukan", "3.107", "0.345", 777, [11, 58, 219, 124]),
    ("U9", "Sarana dan prasarana", "3.199", "0.355", 800, [7, 44, 221, 140]),
];

/// A report with everything in it.
pub(crate) fn full_report() -> SatisfactionReport {
    SatisfactionReport {
        respondents: Some(412),
        population: Some(6250),
        required_sample: Some(362),
        interval: "81,86 sampai 83,50 pada tingkat kepercayaan 95 %, dihitung dari simpangan baku nilai responden dengan koreksi populasi terhingga.".into(),
        profile: profile(),
        elements: elements(true),
        answers: texts(["tidak baik", "kurang baik", "baik", "sangat baik"]),
        statistics: statistics(),
        follow_up: plan(),
        earlier_follow_up: vec![FollowUp {
            priority: "U9 Sarana dan prasarana".into(),
            action: "Menambah 24 kursi ruang tunggu dan satu jalur kursi roda".into(),
            time: "Selesai Juni 2026".into(),
            responsible: "Sekretaris Dinas".into(),
        }],
        trend: [("2024 S2", "79.12"), ("2025 S1", "80.47"), ("2025 S2", "81.90"), ("2026 S1", "81.35"), ("2026 S2", "82.68")]
            .map(|(period, value)| TrendPoint { period: period.into(), value: value.into() })
            .to_vec(),
        signatures: signatures(),
        steps: steps(),
        warnings: texts([
            "Sebanyak 11 lembar jawaban tidak diperhitungkan karena seluruh unsurnya kosong.",
            "Unsur U8 dan U9 pada kuesioner tercetak terbalik; jawaban dipetakan menurut kode unsur, bukan urutan pertanyaan.",
        ]),
        attachment: Some(Attachment {
            name: "hasil.json".into(),
            mime: "application/json".into(),
            description: "Hasil perhitungan yang dapat dibaca mesin".into(),
            bytes: br#"{"index":"82.68","category":"B","respondents":412}"#.to_vec(),
        }),
        ..means_only_report()
    }
}

/// A report of which only the means are known.
pub(crate) fn means_only_report() -> SatisfactionReport {
    SatisfactionReport {
        language: Language::Indonesian,
        agency: "Pemerintah Kota Contoh".into(),
        unit: "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu".into(),
        period: "Semester II 2026".into(),
        instrument: "Peraturan Menteri PANRB Nomor 14 Tahun 2017".into(),
        legal_basis: texts([
            "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik.",
            "Peraturan Pemerintah Nomor 96 Tahun 2012 tentang Pelaksanaan Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik.",
            "Peraturan Menteri PANRB Nomor 14 Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan Masyarakat Unit Penyelenggara Pelayanan Publik.",
        ]),
        outcome: Outcome {
            name: "Indeks Kepuasan Masyarakat".into(),
            value: "82.68".into(),
            category_name: "Mutu pelayanan".into(),
            category: "B".into(),
            label: "Baik".into(),
            tone: Tone::Good,
        },
        method: texts([
            "Survei memakai kuesioner sembilan unsur dengan empat pilihan jawaban. Responden dipilih acak sederhana dari pengguna layanan yang permohonannya selesai dalam periode survei, di loket dan secara daring.",
            "Kuesioner diisi sendiri oleh responden tanpa mencantumkan nama. Petugas layanan tidak dapat melihat jawaban perorangan.",
        ]),
        weight_policy: "Bobot setiap unsur 1/9 tanpa pembulatan.".into(),
        elements: elements(false),
        weakest: texts(["U3", "U8", "U9"]),
        weakest_sentence: "Tiga unsur berikut bernilai paling rendah dan menjadi prioritas perbaikan. Ketiganya berada pada rentang mutu Baik, tetapi di bawah indeks unit.".into(),
        bands: vec![
            band("A", "Sangat Baik", "88.31", "100.00", Tone::Good),
            band("B", "Baik", "76.61", "88.30", Tone::Good),
            band("C", "Kurang Baik", "65.00", "76.60", Tone::Middle),
            band("D", "Tidak Baik", "25.00", "64.99", Tone::Poor),
        ],
        formula: "Indeks = 25 × Σ (nilai rata-rata unsur × bobot)".into(),
        steps: vec![step("Mengonversi ke skala 25–100", "25 × 3,3072", "82.68", "Permenpan RB 14/2017, Lampiran Bab III", Vec::new())],
        citations: texts([
            "Permenpan RB Nomor 14 Tahun 2017, Lampiran Bab III: pengolahan data survei.",
            "Permenpan RB Nomor 14 Tahun 2017, Lampiran Tabel II: nilai persepsi, nilai interval, mutu pelayanan.",
        ]),
        verification: Verification {
            line: "prima:1:skm:kota-contoh.dpmptsp:2026-S2:82.68:B:9f2c4e81d07ab356".into(),
            digest: "sha256:9f2c4e81d07ab3561c0e77d5b4a2f68890e1d3c5a7b9f2e4d6c8b0a1f3e5d7c9".into(),
            how: String::new(),
        },
        produced_on: "2026-11-21".into(),
        ..SatisfactionReport::default()
    }
}

fn elements(with_counts: bool) -> Vec<ElementRow> {
    ELEMENTS
        .iter()
        .map(|(code, name, mean, weighted, share, counts)| ElementRow {
            code: (*code).into(),
            name: (*name).into(),
            mean: (*mean).into(),
            weight: "1/9".into(),
            weighted: (*weighted).into(),
            share: *share,
            counts: with_counts.then(|| counts.to_vec()),
        })
        .collect()
}

fn profile() -> Vec<ProfileTable> {
    let table = |title: &str, rows: &[(&str, u64)]| ProfileTable {
        title: title.into(),
        rows: rows.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
    };
    vec![
        table("Jenis kelamin", &[("Perempuan", 219), ("Laki-laki", 193)]),
        table(
            "Pendidikan terakhir",
            &[
                ("SD atau sederajat", 11),
                ("SMP atau sederajat", 38),
                ("SMA atau sederajat", 164),
                ("Diploma", 52),
                ("Sarjana", 131),
                ("Pascasarjana", 16),
            ],
        ),
        table(
            "Pekerjaan",
            &[
                ("Pelaku usaha mikro dan kecil", 148),
                ("Karyawan swasta", 96),
                ("ASN, TNI, atau Polri", 41),
                ("Petani atau nelayan", 35),
                ("Pelajar atau mahasiswa", 33),
                ("Mengurus rumah tangga", 39),
                ("Lainnya", 20),
            ],
        ),
    ]
}

fn statistics() -> Vec<GenericTable> {
    let correlations = ["0.612", "0.701", "0.734", "0.488", "0.655", "0.689", "0.644", "0.718", "0.592"];
    let rows = ELEMENTS
        .iter()
        .zip(correlations)
        .map(|(element, correlation)| texts([element.0, element.1, correlation, "0.097", "Valid"]))
        .collect();
    vec![GenericTable {
        title: "Validitas butir (korelasi butir dengan total terkoreksi)".into(),
        columns: texts(["Kode", "Unsur", "r hitung", "r tabel", "Keterangan"]),
        rows,
        note: "Reliabilitas kuesioner: alfa Cronbach 0,887 untuk 9 unsur dan 412 responden.".into(),
    }]
}

fn plan() -> Vec<FollowUp> {
    [
        (
            "U3 Waktu penyelesaian",
            "Menerbitkan izin risiko rendah secara otomatis dan menayangkan sisa waktu pada layar antrean",
            "Triwulan I 2027",
            "Kepala Bidang Perizinan",
        ),
        (
            "U8 Penanganan pengaduan",
            "Menjawab pengaduan paling lama lima hari kerja; menayangkan rekapnya setiap bulan",
            "Triwulan I 2027",
            "Kepala Bidang Pengaduan",
        ),
        (
            "U9 Sarana dan prasarana",
            "Menambah loket ramah disabilitas dan ruang laktasi",
            "Triwulan II 2027",
            "Sekretaris Dinas",
        ),
    ]
    .map(|(priority, action, time, responsible)| FollowUp {
        priority: priority.into(),
        action: action.into(),
        time: time.into(),
        responsible: responsible.into(),
    })
    .to_vec()
}

fn steps() -> Vec<ReportStep> {
    let annex = "Permenpan RB 14/2017, Lampiran Bab III";
    let means = ELEMENTS
        .iter()
        .map(|(code, name, mean, _, _, counts)| {
            let [a, b, c, d] = counts;
            let formula = format!("({a} × 1 + {b} × 2 + {c} × 3 + {d} × 4) ÷ 412");
            step(&format!("{code} {name}"), &formula, mean, annex, Vec::new())
        })
        .collect();
    vec![
        step("Menghitung nilai rata-rata setiap unsur", "", "", annex, means),
        step("Menimbang nilai rata-rata unsur", "bobot = 1 ÷ 9, tanpa pembulatan", "3.307", annex, Vec::new()),
        step("Mengonversi ke skala 25–100", "25 × 3,3072", "82.68", annex, Vec::new()),
        step(
            "Menentukan kategori mutu",
            "76,61 ≤ 82,68 ≤ 88,30",
            "B (Baik)",
            "Permenpan RB 14/2017, Lampiran Tabel II",
            Vec::new(),
        ),
    ]
}

fn signatures() -> Vec<Signature> {
    vec![
        Signature {
            place_date: "Mengetahui,".into(),
            role: "Kepala Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu".into(),
            name: "Dr. Hj. Ratna Kusumawardhani, S.H., M.Si.".into(),
            nip: "19700412 199503 2 004".into(),
        },
        Signature {
            place_date: "Kota Contoh, 21 November 2026".into(),
            role: "Ketua Tim Pelaksana Survei".into(),
            name: "Bagus Prasetyo, S.Stat.".into(),
            nip: "19880923 201402 1 001".into(),
        },
    ]
}
