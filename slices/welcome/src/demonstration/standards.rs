//! Standards of some services of the demonstration city: in force, due for a review, overdue, on their way. Each went through the same
//! steps as a real one.

use super::{ACTOR, Trouble, wrong};
use organisation::Desk;
use platform::database::Write;
use platform::identity::InstitutionId;
use platform::site::Zone;
use services::{Content, Decree, Discussion, Example, Service, StandardState};
use time::{Date, Duration, OffsetDateTime};

/// How far a standard has come, and how many days ago it was decreed.
const STANDARDS: [(&str, StandardState, i64); 14] = [
    ("penerbitan-kartu-keluarga-baru", StandardState::Published, 40),
    ("akta-kelahiran", StandardState::Published, 120),
    // The yearly target has passed, then the limit of the law.
    ("akta-kematian", StandardState::Published, 500),
    ("surat-keterangan-pindah-keluar-daerah", StandardState::Published, 1_300),
    ("nomor-induk-berusaha-perseorangan", StandardState::Published, 90),
    ("persetujuan-bangunan-gedung-rumah-tinggal", StandardState::Published, 200),
    ("pembayaran-pajak-bumi-dan-bangunan", StandardState::Published, 30),
    ("kartu-pencari-kerja", StandardState::Published, 300),
    ("pemeriksaan-umum", StandardState::Published, 60),
    ("pengaduan-pelayanan-publik", StandardState::Published, 15),
    ("izin-praktik-bidan", StandardState::Determined, 10),
    ("validasi-bphtb", StandardState::Discussed, 20),
    ("penggantian-ktp-el-karena-hilang", StandardState::Draft, 0),
    ("kartu-identitas-anak-usia-di-bawah-5-tahun", StandardState::Draft, 0),
];

/// Brings the standards as far as they are to come.
pub(super) fn bring(db: &mut Write<'_>, institution: InstitutionId, now: OffsetDateTime) -> Result<(), Trouble> {
    let desk = Desk { institution, actor: ACTOR, now };
    for (slug, state, days) in STANDARDS {
        let service = services::service_by_slug(db, institution, slug)?.ok_or_else(|| wrong(slug))?;
        let example = services::example_named(&service.facts.name).ok_or_else(|| wrong(slug))?;
        let on = Zone::Wib.date(now) - Duration::days(days);
        one(db, &desk, &service, (example, state, on)).map_err(wrong)?;
    }
    declare(db, &desk)
}

/// The declaration of the office whose standards are farthest.
fn declare(db: &mut Write<'_>, desk: &Desk) -> Result<(), Trouble> {
    let slug = "dinas-kependudukan-dan-pencatatan-sipil";
    let unit = organisation::unit_by_slug(db, desk.institution, slug)?.ok_or_else(|| wrong(slug))?;
    let written = services::write_declaration(db, desk, unit.id, 0, (DECLARATION, "Kepala Dinas (contoh)"));
    let on = Zone::Wib.date(desk.now) - Duration::days(40);
    let version = written.map_err(wrong)?.version;
    services::publish_declaration(db, desk, unit.id, version, on).map_err(wrong)?;
    Ok(())
}

/// What it declares.
const DECLARATION: &str = "Dengan ini kami menyatakan sanggup melayani sesuai Standar Pelayanan yang telah ditetapkan dan terus \
    memperbaikinya. Bila pelayanan tidak sesuai, kami siap menerima sanksi dan memberi kompensasi sesuai peraturan.";

fn one(
    db: &mut Write<'_>,
    desk: &Desk,
    service: &Service,
    (example, state, on): (&Example, StandardState, Date),
) -> Result<(), services::Refused> {
    let draft = services::begin_standard(db, desk, service.id)?;
    let content = if state == StandardState::Draft { begun(&example.content) } else { example.content.clone() };
    let written = services::write_standard(db, desk, draft.id, draft.version, &content)?;
    if state == StandardState::Draft {
        return Ok(());
    }
    let discussion = Discussion {
        on: on - Duration::days(20),
        with: "Warga, ketua RT, dan pendamping penyandang disabilitas".into(),
        minutes: String::new(),
    };
    let discussed = services::discuss_standard(db, desk, draft.id, written.version, &discussion)?;
    if state == StandardState::Discussed {
        return Ok(());
    }
    let number = format!("Keputusan Kepala Unit (contoh) Nomor 060/{}/{}", draft.number, on.year());
    let decree = Decree { number, on, url: String::new(), effective_on: on };
    let determined = services::determine_standard(db, desk, draft.id, discussed.version, &decree)?;
    if state == StandardState::Published {
        services::publish_standard(db, desk, draft.id, determined.version)?;
    }
    Ok(())
}

/// What somebody who has just begun has written: the delivery, without the management.
fn begun(content: &Content) -> Content {
    let delivery = ["persyaratan", "sistem-mekanisme-prosedur", "produk-pelayanan", "penanganan-pengaduan"];
    let mut begun = content.clone();
    begun.components.retain(|key, _| delivery.contains(&key.as_str()));
    begun
}
