//! What this slice keeps of people, for the register of personal data. Answers are of nobody in particular
//! (`docs/survey-anonymity.md`); a text that somebody writes may tell who wrote it.

use platform::personal::{Basis, Holding, Keeping, Kept, People};

/// What this slice keeps of people.
pub const HOLDINGS: &[Holding] = &[Holding {
    name: "survey.suggestion",
    tables: &["survey_answer", "survey_suggestion", "survey_sheet", "survey_import"],
    people: People::Citizens,
    basis: Basis::PublicTask,
    keeping: || Keeping::ByLaw,
    kept: Kept::By("UU 43/2009 (kearsipan)"),
    words: |part, language| crate::words(language).text(&format!("holding.suggestion.{part}")),
    work: None,
    end: None,
}];
