//! Invented documents of an invented city, with figures that add up.

mod poster;
mod report;
mod sheets;

pub(crate) use poster::{declaration_sheet, service_poster};
pub(crate) use report::{full_report, means_only_report};
pub(crate) use sheets::{compliance_sheet, service_index_sheet};

use documents::{Band, ReportStep, Tone};

pub(crate) fn texts<const N: usize>(lines: [&str; N]) -> Vec<String> {
    lines.map(str::to_owned).to_vec()
}

pub(crate) fn band(category: &str, label: &str, from: &str, to: &str, tone: Tone) -> Band {
    Band { category: category.into(), label: label.into(), from: from.into(), to: to.into(), tone }
}

pub(crate) fn step(what: &str, formula: &str, output: &str, citation: &str, children: Vec<ReportStep>) -> ReportStep {
    ReportStep {
        what: what.into(),
        formula: formula.into(),
        output: output.into(),
        citation: citation.into(),
        children,
    }
}
