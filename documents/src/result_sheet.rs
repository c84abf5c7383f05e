//! The result sheet of an index or a compliance assessment, "Lembar hasil": its data.

use crate::parts::{Attachment, Band, GenericTable, Outcome, ReportStep, Signature, Verification};
use rules::phrase::Language;

/// Everything a result sheet prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultSheet {
    /// Language of the fixed sentences; the caller's texts are already in it.
    pub language: Language,
    /// "Pemerintah Kota …".
    pub agency: String,
    /// Unit that was assessed; may equal the agency.
    pub unit: String,
    /// "Periode".
    pub period: String,
    /// "Lembar Hasil Indeks Pelayanan Publik".
    pub title: String,
    /// Name of the instrument.
    pub instrument: String,
    /// "Dasar hukum", one line each.
    pub legal_basis: Vec<String>,
    /// The result with its category or zone.
    pub outcome: Outcome,
    /// What the result means, paragraph by paragraph.
    pub summary: Vec<String>,
    /// Aspects, dimensions or other components.
    pub components: Vec<Component>,
    /// Items, evidence and the like.
    pub tables: Vec<GenericTable>,
    /// The scale; the reached band is marked.
    pub bands: Vec<Band>,
    /// "Langkah perhitungan".
    pub steps: Vec<ReportStep>,
    /// "Rujukan".
    pub citations: Vec<String>,
    /// "Peringatan".
    pub warnings: Vec<String>,
    /// "Pengesahan"; empty prints nothing, a result sheet need not be signed.
    pub signatures: Vec<Signature>,
    /// The verification block.
    pub verification: Verification,
    /// The machine-readable result inside the PDF.
    pub attachment: Option<Attachment>,
    /// The day printed and stored as the document's date: `2026-11-21`.
    pub produced_on: String,
}

/// One component of an index: "Aspek", "Dimensi".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// "I", "D1".
    pub code: String,
    /// "Kebijakan Pelayanan".
    pub name: String,
    /// Canonical number.
    pub value: String,
    /// "Bobot", canonical; may be empty.
    pub weight: String,
    /// Value times weight, canonical; may be empty.
    pub weighted: String,
    /// Length of its bar, in thousandths of the scale.
    pub share: u32,
}
