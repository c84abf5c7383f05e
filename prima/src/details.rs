//! What a report needs beyond the data: who publishes it, who signs, what is planned. A small TOML file the office keeps.

use crate::problem::Problem;
use rules::phrase::Phrase;
use serde::Deserialize;
use std::path::Path;

/// The details of a report; every field may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Details {
    /// Publisher: "Pemerintah Kota Payakumbuh".
    pub(crate) agency: String,
    /// Title of the report.
    pub(crate) title: String,
    /// Day of the report: `2026-11-21`.
    pub(crate) produced_on: String,
    /// Paragraphs on how the survey was held, beside the fixed ones.
    pub(crate) method: Vec<String>,
    /// Planned follow-up ("rencana tindak lanjut").
    pub(crate) follow_up: Vec<FollowUpDetail>,
    /// What became of the previous plan.
    pub(crate) earlier_follow_up: Vec<FollowUpDetail>,
    /// Index of earlier periods, oldest first.
    pub(crate) trend: Vec<TrendDetail>,
    /// Who signs.
    pub(crate) signatures: Vec<SignatureDetail>,
}

/// One planned action.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FollowUpDetail {
    /// Element it serves.
    pub(crate) priority: String,
    /// What is done.
    pub(crate) action: String,
    /// Until when.
    pub(crate) time: String,
    /// Who answers for it.
    pub(crate) responsible: String,
}

/// The index of an earlier period.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct TrendDetail {
    /// Period.
    pub(crate) period: String,
    /// Index: `"86.65"`.
    pub(crate) value: String,
}

/// Who signs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SignatureDetail {
    /// "Palembang, 21 November 2026".
    pub(crate) place_date: String,
    /// "Kepala Dinas …".
    pub(crate) role: String,
    /// Name with titles.
    pub(crate) name: String,
    /// Civil servant's number.
    pub(crate) nip: String,
}

impl Details {
    /// Reads a details file; nothing given means every field is empty and the report is dated `today`.
    ///
    /// # Errors
    /// With the file, the line and what could not be read.
    pub(crate) fn read(path: Option<&Path>, today: String) -> Result<Self, Problem> {
        let Some(path) = path else { return Ok(Self { produced_on: today, ..Self::default() }) };
        let file = path.display().to_string();
        let refuse = |detail: String| {
            Problem::Input(Phrase::new("read.unreadable").with("file", file.as_str()).with("detail", detail))
        };
        let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        let one_line = |error: toml::de::Error| error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let mut details: Self = toml::from_str(&text).map_err(|error| refuse(one_line(error)))?;
        if details.produced_on.is_empty() {
            details.produced_on = today;
        }
        Ok(details)
    }
}
