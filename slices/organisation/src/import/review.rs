//! What an import would do, row by row, and what is wrong or noteworthy.

use super::export::csv_line;
use super::table::{Row, Table};
use platform::words::Words;
use rules::phrase::Phrase;
use sha2::{Digest as _, Sha256};

/// What would become of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is entered.
    New,
    /// It changes something that exists: field, before, after.
    Changed(Vec<(&'static str, String, String)>),
    /// It is there already as it is.
    Unchanged,
    /// It cannot be taken.
    Wrong,
}

impl Verdict {
    /// The stable name, the end of keys of words: `new`, `changed`, `unchanged`, `wrong`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed(_) => "changed",
            Self::Unchanged => "unchanged",
            Self::Wrong => "wrong",
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The row cannot be taken.
    Fault,
    /// The row can be taken, but somebody should look.
    Warning,
}

/// Something about a row: of which field, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field by its name; empty for the row as a whole.
    pub field: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// The sentence, of the words given to [`Review::shown`].
    pub phrase: Phrase,
}

impl Finding {
    /// A fault of a field.
    #[must_use]
    pub const fn fault(field: &'static str, phrase: Phrase) -> Self {
        Self { field, weight: Weight::Fault, phrase }
    }

    /// A warning about a field.
    #[must_use]
    pub const fn warning(field: &'static str, phrase: Phrase) -> Self {
        Self { field, weight: Weight::Warning, phrase }
    }
}

/// One row, reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its line in the file.
    pub line: u64,
    /// What people call it: the unit's name, the person's.
    pub label: String,
    /// What would become of it.
    pub verdict: Verdict,
    /// What there is to say.
    pub findings: Vec<Finding>,
    /// Everything that would be stored of it, as text: goes into the fingerprint.
    pub stored: String,
}

/// A whole table, reviewed: one [`Checked`] for each row, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The rows.
    pub rows: Vec<Checked>,
}

/// How many rows of each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be entered.
    pub new: usize,
    /// To be changed.
    pub changed: usize,
    /// There already.
    pub unchanged: usize,
    /// Not to be taken.
    pub wrong: usize,
}

impl Counts {
    /// Rows that would be stored.
    #[must_use]
    pub const fn to_store(&self) -> usize {
        self.new + self.changed
    }
}

/// A row as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its line in the file.
    pub line: u64,
    /// What people call it.
    pub label: String,
    /// [`Verdict::name`].
    pub verdict: &'static str,
    /// What would change: field in words, before, after.
    pub changes: Vec<(String, String, String)>,
    /// What there is to say.
    pub findings: Vec<ShownFinding>,
}

/// A finding as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFinding {
    /// The field in words; empty for the row as a whole.
    pub field: String,
    /// The sentence.
    pub text: String,
    /// Whether the row can be taken in spite of it.
    pub is_warning: bool,
}

impl Review {
    /// How many rows of each verdict.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            *match row.verdict {
                Verdict::New => &mut counts.new,
                Verdict::Changed(_) => &mut counts.changed,
                Verdict::Unchanged => &mut counts.unchanged,
                Verdict::Wrong => &mut counts.wrong,
            } += 1;
        }
        counts
    }

    /// A fingerprint of all that would be stored: equal only when the same would be.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for row in &self.rows {
            let line = format!("{}\u{1f}{}\u{1f}{}\u{1e}", row.line, row.verdict.name(), row.stored);
            digest.update(line.as_bytes());
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The rows as a page shows them. `field` gives the words of a field.
    #[must_use]
    pub fn shown(&self, words: Words, field: impl Fn(&str) -> String) -> Vec<Shown> {
        let name = |of: &str| if of.is_empty() { String::new() } else { field(of) };
        let finding = |finding: &Finding| ShownFinding {
            field: name(finding.field),
            text: words.say(&finding.phrase),
            is_warning: finding.weight == Weight::Warning,
        };
        let row = |row: &Checked| Shown {
            line: row.line,
            label: row.label.clone(),
            verdict: row.verdict.name(),
            changes: match &row.verdict {
                Verdict::Changed(changes) => {
                    changes.iter().map(|(of, before, after)| (name(of), before.clone(), after.clone())).collect()
                }
                _ => Vec::new(),
            },
            findings: row.findings.iter().map(finding).collect(),
        };
        self.rows.iter().map(row).collect()
    }

    /// The wrong rows as they were sent, as CSV, with a last column that says what is wrong: to be corrected and sent again.
    #[must_use]
    pub fn wrong_rows(&self, table: &Table, reasons: &str, words: Words, field: impl Fn(&str) -> String) -> String {
        let mut text = String::from('\u{feff}');
        text.push_str(&csv_line(table.columns.iter().map(String::as_str).chain([reasons])));
        let shown = self.shown(words, field);
        let rows = self.rows.iter().zip(&shown).zip(&table.rows);
        for ((_, shown), Row { cells, .. }) in rows.filter(|((row, _), _)| row.verdict == Verdict::Wrong) {
            let said: Vec<String> =
                shown.findings.iter().filter(|one| !one.is_warning).map(ShownFinding::sentence).collect();
            text.push_str(&csv_line(cells.iter().map(String::as_str).chain([said.join(" ").as_str()])));
        }
        text
    }
}

impl ShownFinding {
    fn sentence(&self) -> String {
        if self.field.is_empty() { self.text.clone() } else { format!("{}: {}", self.field, self.text) }
    }
}
