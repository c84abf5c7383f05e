//! What this slice keeps of people, for the register of personal data: who answered for what, and what they wrote about it.

use platform::personal::{Basis, Holding, Keeping, Kept, People};

/// What this slice keeps of people.
pub const HOLDINGS: &[Holding] = &[Holding {
    name: "improvement.duty",
    tables: &["improvement_measure", "improvement_event"],
    people: People::Staff,
    basis: Basis::PublicTask,
    keeping: || Keeping::ByLaw,
    kept: Kept::By("UU 43/2009 (kearsipan)"),
    words: |part, language| crate::words(language).text(&format!("holding.duty.{part}")),
    work: None,
    end: None,
}];
