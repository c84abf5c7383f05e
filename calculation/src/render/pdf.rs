//! Results as official PDFs: the SKM report, and the result sheet of an IPP or Ombudsman result.

mod report;
mod sheet;

use crate::details::Details;
use crate::problem::Problem;
use crate::render::{Tone, json};
use crate::result::{GroupResult, StepResult};
use crate::score::{Group, Scored};
use crate::verify::line_of;
use crate::words::{say, word};
use documents::{Attachment, Band, ReportStep, Verification};
use rules::instrument::{Body, Instrument};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::quantity::Decimal;
use rules::warning::{Code, Warning};

/// One group ready to be printed.
struct Sheet<'a> {
    scored: &'a Scored,
    group: &'a Group,
    outcome: &'a Outcome,
    result: &'a GroupResult,
    details: &'a Details,
    language: Language,
}

/// A file name that every system takes: lower-case letters, digits and hyphens.
#[must_use]
pub fn file_name(instrument: &str, title: &str) -> String {
    let mut name = format!("{instrument}-");
    for letter in title.to_lowercase().chars().take(80) {
        let kept = if letter.is_ascii_alphanumeric() { letter } else { '-' };
        if kept != '-' || !name.ends_with('-') {
            name.push(kept);
        }
    }
    name.trim_end_matches('-').to_owned()
}

/// The PDF of one group. The same data and day give the same bytes.
///
/// # Errors
/// When the result cannot be laid out, or its inputs are impossible, which reading has already refused.
pub fn pdf(scored: &Scored, group: &Group, details: &Details, language: Language) -> Result<Vec<u8>, Problem> {
    let outcome = scored.outcome(group)?;
    let result = scored.result_of(group, &outcome, language);
    let sheet = Sheet { scored, group, outcome: &outcome, result: &result, details, language };
    let made = match &scored.instrument.body {
        Body::Satisfaction(survey) => documents::satisfaction_report(&sheet.report(survey)),
        _ => documents::result_sheet(&sheet.result_sheet()),
    };
    made.map_err(|error| Problem::Input(Phrase::new("pdf.failed").with("detail", error.to_string())))
}

impl Sheet<'_> {
    fn instrument(&self) -> &Instrument {
        &self.scored.instrument
    }

    fn word(&self, key: &'static str) -> String {
        word(key, self.language)
    }

    fn say(&self, phrase: &Phrase) -> String {
        say(phrase, self.language)
    }

    fn unit(&self) -> String {
        let named = ["unit", "institution", "region"].into_iter().find_map(|column| self.group.named(column));
        match (named, self.details.agency.as_str()) {
            (Some(named), _) => named.to_owned(),
            (None, "") => self.group.title(),
            (None, agency) => agency.to_owned(),
        }
    }

    /// The publisher; the unit itself when the details name none.
    fn agency(&self) -> String {
        if self.details.agency.is_empty() { self.unit() } else { self.details.agency.clone() }
    }

    fn period(&self) -> String {
        let named = self.group.named("period").or_else(|| self.group.named("year"));
        named.unwrap_or_default().to_owned()
    }

    fn headline(&self) -> documents::Outcome {
        let band = self.outcome.band.as_ref();
        let tone = band.map_or(Tone::Middle, |band| Tone::of(self.instrument().bands(), band));
        let mut label = self.outcome.label(self.language).to_owned();
        if let Some(opinion) = self.outcome.opinion.as_ref().filter(|opinion| **opinion != label) {
            label = format!("{label} · {opinion}");
        }
        documents::Outcome {
            name: match &self.instrument().body {
                Body::Satisfaction(_) => self.word("pdf.index-name"),
                _ => self.instrument().header.title.in_language(self.language).to_owned(),
            },
            value: self.result.value.clone().unwrap_or_else(|| "–".to_owned()),
            category_name: self.word(match &self.instrument().body {
                Body::Satisfaction(_) => "pdf.quality",
                Body::ServiceIndex(_) => "pdf.predicate",
                _ => "score.category",
            }),
            category: self.result.category.clone().unwrap_or_default(),
            label,
            tone: printed(tone),
        }
    }

    fn bands(&self) -> Vec<Band> {
        let bands = self.instrument().bands();
        let decimals = self.instrument().rounding().map_or(2, |rounding| rounding.decimals);
        let shown = |value: &rules::quantity::Ratio| Decimal::half_up(value, decimals).to_string();
        let band = |band: &rules::instrument::Band| Band {
            category: band.category.clone(),
            label: band.label.in_language(self.language).to_owned(),
            from: shown(&band.min),
            to: shown(&band.max),
            tone: printed(Tone::of(bands, band)),
        };
        bands.iter().map(band).collect()
    }

    fn steps(&self) -> Vec<ReportStep> {
        self.result.steps.iter().map(|step| report_step(step, self.language)).collect()
    }

    fn legal_basis(&self) -> Vec<String> {
        self.instrument().header.basis.iter().map(ToString::to_string).collect()
    }

    fn citations(&self) -> Vec<String> {
        // The regulation alone: where a copy of it was read stands with the instrument, and is no source an office would sign.
        self.instrument().header.basis.iter().map(ToString::to_string).collect()
    }

    fn warnings(&self) -> Vec<String> {
        let rows = self.scored.faults.rows();
        let left_out = (rows > 0).then(|| Warning::new(Code::RowsLeftOut).with("rows", rows).message(self.language));
        self.result.warnings.iter().map(|warning| warning.message.clone()).chain(left_out).collect()
    }

    fn verification(&self) -> Verification {
        let line = line_of(&self.instrument().header.id, self.result);
        // Only an SKM result is short enough to be verified from a printed line; others are verified from the file.
        let how = if line.is_some() { "pdf.how-to-verify" } else { "pdf.how-to-verify-file" };
        Verification {
            line: line.unwrap_or_else(|| self.result.fingerprint.clone()),
            digest: self.result.fingerprint.clone(),
            how: self.word(how),
        }
    }

    /// The result file inside the report: this group alone.
    fn attachment(&self) -> Option<Attachment> {
        let file = self.scored.file_of(vec![self.result.clone()], self.language);
        Some(Attachment {
            name: "hasil.json".to_owned(),
            mime: "application/json".to_owned(),
            description: self.word("pdf.attachment"),
            bytes: json(&file).into_bytes(),
        })
    }
}

fn report_step(step: &StepResult, language: Language) -> ReportStep {
    ReportStep {
        what: step.what.clone(),
        formula: language.number(&step.formula),
        output: step.output.clone(),
        citation: step.citation.clone(),
        children: step.steps.iter().map(|child| report_step(child, language)).collect(),
    }
}

fn printed(tone: Tone) -> documents::Tone {
    match tone {
        Tone::Good => documents::Tone::Good,
        Tone::Middle => documents::Tone::Middle,
        Tone::Poor => documents::Tone::Poor,
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn file_names_hold_letters_digits_and_hyphens() {
        assert_eq!(file_name("skm-2017", "Disdukcapil Kota · 2026 TW/III"), "skm-2017-disdukcapil-kota-2026-tw-iii");
        assert_eq!(file_name("skm-2017", "../../etc"), "skm-2017-etc");
    }
}
