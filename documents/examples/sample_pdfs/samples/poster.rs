//! Posters of an invented unit.

use super::texts;
use documents::{Poster, PosterBlock, Signature};
use rules::phrase::Language;

/// What a service takes.
pub(crate) fn service_poster() -> Poster {
    let block = |title: &str, lines: Vec<String>, items| PosterBlock { title: title.into(), lines, items };
    Poster {
        language: Language::Indonesian,
        agency: "Pemerintah Kota Contoh".into(),
        unit: "Dinas Kependudukan dan Pencatatan Sipil".into(),
        title: "Penerbitan Kartu Keluarga baru".into(),
        facts: vec![
            ("Selesai dalam".into(), "1 hari kerja".into()),
            ("Biaya".into(), "Gratis".into()),
            ("Syarat".into(), "3 syarat".into()),
        ],
        blocks: vec![
            block("", texts(["Kartu bagi keluarga yang baru terbentuk, karena menikah atau pindah alamat."]), false),
            block("Persyaratan", texts(["KTP-el suami dan istri", "Buku nikah", "Kartu Keluarga lama"]), true),
            block("Tempat dan waktu", texts(["Jalan Merdeka 1", "Senin–Kamis 08.00–15.00 WIB"]), false),
        ],
        invitation: "Pindai untuk membaca selengkapnya".into(),
        address: "https://layanan.contoh.go.id/layanan/penerbitan-kartu-keluarga-baru".into(),
        contact: texts(["Pengaduan, saran, dan masukan: 0711-350000"]),
        produced_on: "2026-11-21".into(),
        ..Poster::default()
    }
}

/// What a unit declares, to be signed.
pub(crate) fn declaration_sheet() -> Poster {
    let text = "Dengan ini kami menyatakan sanggup melayani sesuai Standar Pelayanan yang telah ditetapkan.";
    Poster {
        title: "Maklumat Pelayanan".into(),
        facts: Vec::new(),
        blocks: vec![PosterBlock { title: String::new(), lines: vec![text.into()], items: false }],
        signature: Some(Signature {
            place_date: "21 November 2026".into(),
            role: "Kepala Dinas".into(),
            ..Signature::default()
        }),
        address: "https://layanan.contoh.go.id/maklumat/dinas-kependudukan-dan-pencatatan-sipil".into(),
        ..service_poster()
    }
}
