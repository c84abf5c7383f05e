//! Results as official PDFs: the SKM report, and the result sheet of an IPP or Ombudsman result.

mod report;
mod sheet;

use crate::details::Details;
use crate::output::{Output, write_file};
use crate::problem::Problem;
use crate::render::{Tone, json};
use crate::result::{GroupResult, ResultFile, StepResult};
use crate::score::{Group, Scored};
use crate::verify::line_of;
use crate::words::{say, word};
use documents::{Attachment, Band, ReportStep, Verification};
use rules::instrument::{Body, Instrument};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::quantity::Decimal;
use rules::warning::{Code, Warning};
use std::path::{Path, PathBuf};

/// One group ready to be printed.
struct Sheet<'a> {
    scored: &'a Scored,
    group: &'a Group,
    outcome: &'a Outcome,
    result: &'a GroupResult,
    details: &'a Details,
    language: Language,
}

/// Writes one PDF per group: to the file asked for when there is one group, into the folder asked for when there are several.
///
/// # Errors
/// When several groups have only one file to go to, or nothing could be written.
pub(crate) fn write(
    scored: &Scored,
    details: Option<&Path>,
    output: Option<&Path>,
    language: Language,
) -> Result<(), Problem> {
    let details = Details::read(details, crate::clock::today())?;
    let folder = output.filter(|path| path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/'));
    if scored.groups.len() > 1 && folder.is_none() {
        let groups = scored.groups.len() as u64;
        return Err(Problem::Usage(Phrase::new("pdf.needs-folder").with("groups", groups)));
    }
    match folder {
        Some(folder) => {
            let reports = write_all(scored, &details, folder, language)?.len() as u64;
            let phrase = Phrase::new("demo.reports").with("reports", reports);
            let told = say(&phrase.with("folder", folder.display().to_string()), language);
            Output::Standard.write(format!("{told}\n").as_bytes())?;
        }
        None => {
            if let Some(group) = scored.groups.first() {
                Output::to(output).write(&bytes(scored, group, &details, language)?)?;
            }
        }
    }
    Ok(())
}

/// Writes every group's PDF into a folder; gives back the files in the order of the groups.
pub(crate) fn write_all(
    scored: &Scored,
    details: &Details,
    folder: &Path,
    language: Language,
) -> Result<Vec<PathBuf>, Problem> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let phrase = Phrase::new("output.unwritable").with("file", folder.display().to_string());
        Problem::Input(phrase.with("detail", error.to_string()))
    })?;
    let mut files: Vec<PathBuf> = Vec::new();
    for group in &scored.groups {
        let name = file_name(&scored.instrument.header.id, &group.title());
        let numbered = (2..).map(|number| folder.join(format!("{name}-{number}.pdf")));
        let mut names = std::iter::once(folder.join(format!("{name}.pdf"))).chain(numbered);
        let Some(file) = names.find(|file| !files.contains(file)) else { continue };
        write_file(&file, &bytes(scored, group, details, language)?)?;
        files.push(file);
    }
    Ok(files)
}

/// A file name that every system takes: lower-case letters, digits and hyphens.
fn file_name(instrument: &str, title: &str) -> String {
    let mut name = format!("{instrument}-");
    for letter in title.to_lowercase().chars().take(80) {
        let kept = if letter.is_ascii_alphanumeric() { letter } else { '-' };
        if kept != '-' || !name.ends_with('-') {
            name.push(kept);
        }
    }
    name.trim_end_matches('-').to_owned()
}

fn bytes(scored: &Scored, group: &Group, details: &Details, language: Language) -> Result<Vec<u8>, Problem> {
    let outcome = scored.outcome(group)?;
    let mut result = GroupResult::new(&group.key, &outcome, scored.inputs(group), language);
    result.statistics.clone_from(&group.statistics);
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
        let basis = self.instrument().header.basis.iter();
        let line = |citation: &rules::citation::Citation| match &citation.read_at {
            Some(address) => format!("{citation} · {address}"),
            None => citation.to_string(),
        };
        basis.map(line).collect()
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
        let file = ResultFile {
            instrument: self.instrument().header.id.clone(),
            title: self.instrument().header.title.in_language(self.language).to_owned(),
            language: if self.language == Language::Indonesian { "id" } else { "en" }.to_owned(),
            results: vec![self.result.clone()],
            left_out: self.scored.faults.published(self.language),
        };
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
