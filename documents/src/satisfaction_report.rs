//! The report of a public satisfaction survey, "Laporan Survei Kepuasan Masyarakat": its data.

use crate::parts::{Attachment, Band, GenericTable, Outcome, ReportStep, Signature, Verification};
use rules::phrase::Language;

/// Everything a satisfaction report prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SatisfactionReport {
    /// Language of the fixed sentences; the caller's texts are already in it.
    pub language: Language,
    /// "Pemerintah Kota …" or the OPD.
    pub agency: String,
    /// "Unit pelayanan".
    pub unit: String,
    /// "Periode": `Triwulan III 2026`.
    pub period: String,
    /// Title of the report; empty for "Laporan Survei Kepuasan Masyarakat".
    pub title: String,
    /// Name of the instrument: "Permenpan RB Nomor 14 Tahun 2017 …".
    pub instrument: String,
    /// "Dasar hukum", one line each.
    pub legal_basis: Vec<String>,
    /// The index with its category.
    pub outcome: Outcome,
    /// "Jumlah responden".
    pub respondents: Option<u64>,
    /// "Populasi".
    pub population: Option<u64>,
    /// "Sampel minimum".
    pub required_sample: Option<u64>,
    /// The interval around the index and how it was found, a sentence; may be empty.
    pub interval: String,
    /// "Metode", paragraph by paragraph.
    pub method: Vec<String>,
    /// How weights were rounded, a sentence.
    pub weight_policy: String,
    /// "Profil responden".
    pub profile: Vec<ProfileTable>,
    /// "Unsur pelayanan" in the instrument's order.
    pub elements: Vec<ElementRow>,
    /// Words of the answers, weakest first; empty for 1, 2, 3, 4.
    pub answers: Vec<String>,
    /// Reliability, validity and the like.
    pub statistics: Vec<GenericTable>,
    /// "Unsur terlemah": names or codes as in `elements`.
    pub weakest: Vec<String>,
    /// What the weakest elements mean, a sentence; may be empty.
    pub weakest_sentence: String,
    /// "Rencana tindak lanjut"; empty prints three lines to fill in.
    pub follow_up: Vec<FollowUp>,
    /// "Tindak lanjut periode sebelumnya"; empty prints nothing.
    pub earlier_follow_up: Vec<FollowUp>,
    /// "Tren": earlier and present periods, oldest first.
    pub trend: Vec<TrendPoint>,
    /// "Pengesahan"; empty prints lines to sign on.
    pub signatures: Vec<Signature>,
    /// "Kategori mutu pelayanan", weakest first or last.
    pub bands: Vec<Band>,
    /// The index formula in one line; may be empty.
    pub formula: String,
    /// "Langkah perhitungan".
    pub steps: Vec<ReportStep>,
    /// "Rujukan".
    pub citations: Vec<String>,
    /// "Peringatan": what a reader must know before trusting the figures.
    pub warnings: Vec<String>,
    /// The verification block.
    pub verification: Verification,
    /// The machine-readable result inside the PDF.
    pub attachment: Option<Attachment>,
    /// The day printed and stored as the document's date: `2026-11-21`.
    pub produced_on: String,
}

/// Respondents by one trait: "Jenis kelamin", "Pendidikan".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileTable {
    /// The trait.
    pub title: String,
    /// Groups with their counts.
    pub rows: Vec<(String, u64)>,
}

/// One element of service, "Unsur".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ElementRow {
    /// "U1".
    pub code: String,
    /// "Persyaratan".
    pub name: String,
    /// "Nilai rata-rata (NRR)", canonical.
    pub mean: String,
    /// "Bobot", canonical.
    pub weight: String,
    /// "NRR tertimbang", canonical.
    pub weighted: String,
    /// Length of its bar: the mean as a share of the scale, in thousandths.
    pub share: u32,
    /// Answers by value, weakest first, when they are known.
    pub counts: Option<Vec<u64>>,
}

/// One line of the plan, "Rencana tindak lanjut".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FollowUp {
    /// "Prioritas unsur".
    pub priority: String,
    /// "Program/kegiatan".
    pub action: String,
    /// "Waktu"; for an earlier plan, what became of it.
    pub time: String,
    /// "Penanggung jawab".
    pub responsible: String,
}

/// The index of one period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrendPoint {
    /// "2026 TW III".
    pub period: String,
    /// Canonical number.
    pub value: String,
}
