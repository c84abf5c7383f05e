//! What is wrong with something that was typed: in a form, in a table, on paper.

use rules::phrase::Phrase;

/// One fault: of which field, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field by its name in forms and tables.
    pub field: String,
    /// The sentence, a key of this crate's words.
    pub phrase: Phrase,
}

impl Fault {
    /// A fault of `field`, said by `key`.
    #[must_use]
    pub fn new(field: impl Into<String>, key: &'static str) -> Self {
        Self { field: field.into(), phrase: Phrase::new(key) }
    }
}
