//! Plain data that every print-out is made of. Numbers come as canonical text (`87.28`) and are written by language here.

/// How good a band or a result is; always printed with a word and a shape, never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Circle, teal.
    Good,
    /// Triangle, yellow.
    #[default]
    Middle,
    /// Square, dark red.
    Poor,
}

/// One band of a scale: "Mutu pelayanan", "Predikat", "Zona".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Band {
    /// "B", "A-", "Hijau".
    pub category: String,
    /// "Baik"; may be empty when the category says all.
    pub label: String,
    /// Lowest value in the band, canonical.
    pub from: String,
    /// Highest value in the band, canonical.
    pub to: String,
    /// How good the band is.
    pub tone: Tone,
}

/// The number the document is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What it is called: "Indeks Kepuasan Masyarakat".
    pub name: String,
    /// Canonical number: `87.28`.
    pub value: String,
    /// What its categories are called: "Mutu pelayanan", "Predikat", "Zona"; empty for "Kategori".
    pub category_name: String,
    /// "B".
    pub category: String,
    /// "Baik".
    pub label: String,
    /// How good it is.
    pub tone: Tone,
}

/// One step of a calculation, "Langkah perhitungan", with the steps it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportStep {
    /// What is done, a sentence in the document's language.
    pub what: String,
    /// The formula with its numbers; may be empty.
    pub formula: String,
    /// The result as printed; canonical numbers are written by language.
    pub output: String,
    /// The article beside the step; may be empty.
    pub citation: String,
    /// The steps below.
    pub children: Vec<ReportStep>,
}

/// A person who signs, "Pengesahan".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// "Palembang, 21 November 2026".
    pub place_date: String,
    /// "Kepala Dinas …".
    pub role: String,
    /// Name with titles.
    pub name: String,
    /// "NIP": the civil servant's number; may be empty.
    pub nip: String,
}

/// What lets anyone check the paper against the published result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// The whole line (`prima:1:…`), printed and drawn as a QR code.
    pub line: String,
    /// Digest of the result file.
    pub digest: String,
    /// How to check, a sentence in the document's language; may be empty.
    pub how: String,
}

/// A file inside the PDF, usually the machine-readable result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachment {
    /// File name: `hasil.json`.
    pub name: String,
    /// `application/json`.
    pub mime: String,
    /// One sentence in the document's language.
    pub description: String,
    /// The file itself.
    pub bytes: Vec<u8>,
}

/// A table without rules of its own: validity, reliability, answers by service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GenericTable {
    /// Title above.
    pub title: String,
    /// Column heads.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`; canonical numbers are written by language and stand right.
    pub rows: Vec<Vec<String>>,
    /// A note below; may be empty.
    pub note: String,
}
