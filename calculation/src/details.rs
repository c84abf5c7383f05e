//! What a report needs beyond the data: who publishes it, who signs, what is planned. A small TOML file the office keeps.

use crate::problem::Problem;
use rules::phrase::Phrase;
use serde::Deserialize;

/// The details of a report; every field may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Details {
    /// Publisher: "Pemerintah Kota Payakumbuh".
    pub agency: String,
    /// Title of the report.
    pub title: String,
    /// Day of the report: `2026-11-21`.
    pub produced_on: String,
    /// Paragraphs on how the survey was held, beside the fixed ones.
    pub method: Vec<String>,
    /// Planned follow-up ("rencana tindak lanjut").
    pub follow_up: Vec<FollowUpDetail>,
    /// What became of the previous plan.
    pub earlier_follow_up: Vec<FollowUpDetail>,
    /// Index of earlier periods, oldest first.
    pub trend: Vec<TrendDetail>,
    /// Who signs.
    pub signatures: Vec<SignatureDetail>,
}

/// One planned action.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FollowUpDetail {
    /// Element it serves.
    pub priority: String,
    /// What is done.
    pub action: String,
    /// Until when.
    pub time: String,
    /// Who answers for it.
    pub responsible: String,
}

/// The index of an earlier period.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrendDetail {
    /// Period.
    pub period: String,
    /// Index: `"86.65"`.
    pub value: String,
}

/// Who signs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignatureDetail {
    /// "Palembang, 21 November 2026".
    pub place_date: String,
    /// "Kepala Dinas …".
    pub role: String,
    /// Name with titles.
    pub name: String,
    /// Civil servant's number.
    pub nip: String,
}

impl Details {
    /// No details: a report dated `today`.
    #[must_use]
    pub fn none(today: &str) -> Self {
        Self { produced_on: today.to_owned(), ..Self::default() }
    }

    /// Reads the text of a details file, called `file` in sentences; without a day of its own the report is dated `today`.
    ///
    /// # Errors
    /// With the file, the line and what could not be read.
    pub fn read(file: &str, text: &str, today: &str) -> Result<Self, Problem> {
        let refuse = |error: toml::de::Error| {
            let detail = error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ");
            Problem::Input(Phrase::new("read.unreadable").with("file", file).with("detail", detail))
        };
        let mut details: Self = toml::from_str(text).map_err(refuse)?;
        if details.produced_on.is_empty() {
            today.clone_into(&mut details.produced_on);
        }
        Ok(details)
    }
}
