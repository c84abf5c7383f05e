//! Result sheets of an index and of a compliance assessment.

use super::{band, step, texts};
use documents::{Band, Component, GenericTable, Outcome, ResultSheet, Tone, Verification};
use rules::phrase::Language;

/// A result sheet of the Public Service Index.
pub(crate) fn service_index_sheet() -> ResultSheet {
    let rule = "Permenpan RB 29/2022, Lampiran";
    ResultSheet {
        language: Language::Indonesian,
        agency: "Pemerintah Kota Contoh".into(),
        unit: "RSUD Kota Contoh".into(),
        period: "Tahun 2026".into(),
        title: "Lembar Hasil Indeks Pelayanan Publik".into(),
        instrument: "Peraturan Menteri PANRB Nomor 29 Tahun 2022 sebagaimana diubah dengan Nomor 4 Tahun 2023".into(),
        legal_basis: texts(["Pedoman Menteri PANRB Nomor 5 Tahun 2023."]),
        outcome: Outcome {
            name: "Indeks Pelayanan Publik".into(),
            value: "3.92".into(),
            category_name: "Predikat".into(),
            category: "B".into(),
            label: "Baik".into(),
            tone: Tone::Good,
        },
        summary: texts([
            "Nilai akhir menggabungkan enam aspek menurut bobotnya. Aspek Inovasi paling menahan nilai; kenaikan satu tingkat pada indikator replikasi menambah 0,06.",
        ]),
        components: aspects(),
        bands: service_index_bands(),
        steps: vec![
            step(
                "Menjumlahkan nilai tertimbang keenam aspek",
                "1,013 + 1,000 + 0,779 + 0,413 + 0,350 + 0,360",
                "3.92",
                rule,
                Vec::new(),
            ),
            step("Menentukan predikat", "3,51 ≤ 3,92 ≤ 4,00", "B (Baik)", rule, Vec::new()),
        ],
        citations: texts(["Permenpan RB Nomor 29 Tahun 2022, Lampiran: aspek, indikator, dan bobot."]),
        verification: Verification {
            line: "prima:1:ipp:kota-contoh.rsud:2026:3.92:B:51be02aa7c9d4410".into(),
            digest: "sha256:51be02aa7c9d44100f3a6c2b8d7e9f10a1b2c3d4e5f60718293a4b5c6d7e8f90".into(),
            how: String::new(),
        },
        produced_on: "2026-11-21".into(),
        ..ResultSheet::default()
    }
}

/// A result sheet of a compliance assessment, in English.
pub(crate) fn compliance_sheet() -> ResultSheet {
    let dimensions = [
        ("D1", "Input", "24.10", 803),
        ("D2", "Process", "26.85", 895),
        ("D3", "Output", "9.12", 608),
        ("D4", "Complaint handling", "13.07", 653),
    ];
    ResultSheet {
        language: Language::English,
        agency: "Pemerintah Kota Contoh".into(),
        unit: "Dinas Kependudukan dan Pencatatan Sipil".into(),
        period: "2026".into(),
        title: "Compliance Assessment Result Sheet".into(),
        instrument: "Ombudsman RI assessment of compliance with public service standards".into(),
        outcome: Outcome {
            name: "Compliance score".into(),
            value: "73.14".into(),
            category_name: "Zone".into(),
            category: "Kuning".into(),
            label: "Yellow zone, medium compliance".into(),
            tone: Tone::Middle,
        },
        summary: texts([
            "73.14 is 4.86 short of the green zone. Publishing the nine missing service standards is the cheapest way there.",
        ]),
        components: dimensions
            .map(|(code, name, value, share)| Component {
                code: code.into(),
                name: name.into(),
                value: value.into(),
                share,
                ..Component::default()
            })
            .to_vec(),
        tables: vec![missing_standards()],
        bands: vec![
            band("Hijau", "Green", "78.00", "100.00", Tone::Good),
            band("Kuning", "Yellow", "54.00", "77.99", Tone::Middle),
            band("Merah", "Red", "0.00", "53.99", Tone::Poor),
        ],
        steps: vec![step(
            "Add the four dimensions",
            "24.10 + 26.85 + 9.12 + 13.07",
            "73.14",
            "Assessment guide 2026, chapter 4",
            Vec::new(),
        )],
        warnings: texts(["The dimension Output was assessed on 28 respondents, fewer than the 30 the guide asks for."]),
        verification: Verification {
            line: "prima:1:ombudsman:kota-contoh.dukcapil:2026:73.14:kuning:ab12cd34ef567890".into(),
            digest: "sha256:ab12cd34ef5678901234567890abcdef1234567890abcdef1234567890abcdef".into(),
            how: String::new(),
        },
        produced_on: "2026-11-21".into(),
        ..ResultSheet::default()
    }
}

fn aspects() -> Vec<Component> {
    let aspects: [(&str, &str, &str, &str, &str, u32); 6] = [
        ("I", "Kebijakan Pelayanan", "4.22", "0.24", "1.013", 844),
        ("II", "Profesionalisme SDM", "4.00", "0.25", "1.000", 800),
        ("III", "Sarana Prasarana", "4.33", "0.18", "0.779", 866),
        ("IV", "Sistem Informasi Pelayanan Publik", "3.75", "0.11", "0.413", 750),
        ("V", "Konsultasi dan Pengaduan", "3.50", "0.10", "0.350", 700),
        ("VI", "Inovasi", "3.00", "0.12", "0.360", 600),
    ];
    aspects
        .iter()
        .map(|(code, name, value, weight, weighted, share)| Component {
            code: (*code).into(),
            name: (*name).into(),
            value: (*value).into(),
            weight: (*weight).into(),
            weighted: (*weighted).into(),
            share: *share,
        })
        .collect()
}

fn service_index_bands() -> Vec<Band> {
    vec![
        band("A", "Pelayanan Prima", "4.51", "5.00", Tone::Good),
        band("A-", "Sangat Baik", "4.01", "4.50", Tone::Good),
        band("B", "Baik", "3.51", "4.00", Tone::Good),
        band("B-", "Baik dengan catatan", "3.01", "3.50", Tone::Middle),
        band("C", "Cukup", "2.51", "3.00", Tone::Middle),
        band("C-", "Cukup dengan catatan", "2.01", "2.50", Tone::Middle),
        band("D", "Buruk", "1.51", "2.00", Tone::Poor),
        band("E", "Sangat Buruk", "1.01", "1.50", Tone::Poor),
        band("F", "Gagal", "0.00", "1.00", Tone::Poor),
    ]
}

fn missing_standards() -> GenericTable {
    GenericTable {
        title: "Service standards missing from public places".into(),
        columns: texts(["Service", "Component", "Points lost"]),
        rows: vec![
            texts(["Kartu Identitas Anak", "Time and cost", "1.20"]),
            texts(["Akta kematian", "Complaint channel", "0.85"]),
        ],
        note: String::new(),
    }
}
