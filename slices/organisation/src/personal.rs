//! What this slice keeps of people, for the register of personal data.

use platform::personal::{Basis, Holding, Keeping, Kept, People};

/// What this slice keeps of people.
pub const HOLDINGS: &[Holding] = &[Holding {
    name: "organisation.file",
    tables: &["file", "upload", "upload_piece", "unit_file"],
    people: People::Staff,
    basis: Basis::PublicTask,
    keeping: || Keeping::ByLaw,
    kept: Kept::By("UU 43/2009 (kearsipan)"),
    words: |part, language| crate::words(language).text(&format!("holding.file.{part}")),
    work: None,
    end: None,
}];
