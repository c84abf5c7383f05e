//! The report of a satisfaction survey, section by section: Permenpan RB 14/2017 asks for method, respondents, elements,
//! index, follow-up and trend; the steps and the verification block let anyone compute it again.

use crate::DocumentError;
use crate::compose::Composer;
use crate::cover::Front;
use crate::flow::Sheet;
use crate::running::Running;
use crate::satisfaction_report::{FollowUp, SatisfactionReport};
use crate::table::{Cell, Column, Row, Table};
use crate::trend::change;
use crate::words::long_date;
use crate::write::About;
use rules::phrase::Phrase;

/// The report as a PDF.
///
/// # Errors
/// When `produced_on` is no date or the PDF writer refuses the document.
pub fn satisfaction_report(report: &SatisfactionReport) -> Result<Vec<u8>, DocumentError> {
    let (composer, cover, running) = composed(report);
    let about = About {
        language: report.language,
        title: format!("{} – {} – {}", running.title, report.unit, report.period),
        description: report.instrument.clone(),
        author: &report.agency,
        produced_on: &report.produced_on,
        attachment: report.attachment.as_ref(),
    };
    composer.finish(vec![cover], &running, &about)
}

/// The report written but not yet laid on pages.
pub(crate) fn composed(report: &SatisfactionReport) -> (Composer, Sheet, Running) {
    let mut composer = Composer::new(report.language);
    let title = if report.title.is_empty() { composer.word("report.title") } else { report.title.clone() };
    let cover = composer.cover(&front(&composer, report, &title));
    composer.report_sections(report);
    let (unit, period) = (report.unit.clone(), report.period.clone());
    (composer, cover, Running { agency: report.agency.clone(), title, unit, period })
}

fn front<'a>(composer: &Composer, report: &'a SatisfactionReport, title: &'a str) -> Front<'a> {
    let count = |count: Option<u64>| count.map(|count| report.language.count(count));
    let labelled = [("fact.respondents", count(report.respondents)), ("fact.population", count(report.population))];
    let mut facts: Vec<(String, String)> =
        labelled.into_iter().filter_map(|(key, value)| Some((composer.word(key), value?))).collect();
    facts.push((composer.word("fact.elements"), report.elements.len().to_string()));
    if let Some(change) = change(&report.trend, report.language) {
        facts.push((composer.word("fact.change"), change));
    }
    let date = long_date(&report.produced_on, report.language);
    let foot =
        composer.say(&Phrase::new("cover.foot").with("date", date).with("instrument", report.instrument.as_str()));
    Front {
        agency: &report.agency,
        title,
        unit: &report.unit,
        period: &report.period,
        outcome: &report.outcome,
        facts,
        foot,
    }
}

impl Composer {
    fn report_sections(&mut self, report: &SatisfactionReport) {
        self.report_summary(report);
        self.report_introduction(report);
        self.report_method(report);
        self.report_profile(report);
        self.report_elements(report);
        self.report_index(report);
        self.report_weakest(report);
        self.report_follow_up(report);
        self.report_trend(report);
        self.numbered("section.steps");
        self.paragraph_of("steps.introduction");
        self.keep_last();
        self.steps(&report.steps);
        self.citations(&report.citations);
        self.warnings(&report.warnings);
        self.numbered("section.approval");
        self.signatures(&report.signatures);
        self.numbered("section.verification");
        self.verification(&report.verification, &report.produced_on);
    }

    /// A numbered section with a title of the catalogue.
    pub(crate) fn numbered(&mut self, key: &'static str) {
        let title = self.word(key);
        self.section(&title);
    }

    /// A paragraph of the catalogue.
    pub(crate) fn paragraph_of(&mut self, key: &'static str) {
        let words = self.word(key);
        self.paragraph(&words);
    }

    fn report_introduction(&mut self, report: &SatisfactionReport) {
        self.numbered("section.introduction");
        // An office that surveys itself is named once.
        let own = report.agency == report.unit;
        let phrase = Phrase::new(if own { "introduction.purpose_own" } else { "introduction.purpose" })
            .with("agency", report.agency.as_str())
            .with("unit", report.unit.as_str())
            .with("period", report.period.as_str());
        let words = self.say(&phrase);
        self.paragraph(&words);
        let value = self.language.number(&report.outcome.value);
        let phrase = Phrase::new("introduction.result")
            .with("name", report.outcome.name.as_str())
            .with("value", value)
            .with("kind", self.category_name(&report.outcome))
            .with("category", report.outcome.category.as_str())
            .with("label", report.outcome.label.as_str());
        let words = self.say(&phrase);
        self.styled(&[(&words, self.strong())], 7.5);
        if !report.legal_basis.is_empty() {
            let title = self.word("introduction.legal_basis");
            self.subsection(&title);
            self.list(&report.legal_basis, true);
        }
    }

    fn report_method(&mut self, report: &SatisfactionReport) {
        self.numbered("section.method");
        for words in &report.method {
            self.paragraph(words);
        }
        let mut rows: Vec<Row> = Vec::new();
        let mut fact = |label: String, value: String| {
            if !value.is_empty() {
                rows.push(vec![Cell::strong(label), Cell::plain(value)].into());
            }
        };
        let language = report.language;
        let unknown = self.word("unknown");
        let count = |count: Option<u64>| count.map_or_else(|| unknown.clone(), |count| language.count(count));
        fact(self.word("method.instrument"), report.instrument.clone());
        fact(self.word("method.period"), report.period.clone());
        fact(self.word("method.population"), count(report.population));
        fact(self.word("method.required"), count(report.required_sample));
        fact(self.word("method.respondents"), self.respondents_against_required(report, &unknown));
        fact(self.word("method.weights"), report.weight_policy.clone());
        fact(self.word("method.interval"), report.interval.clone());
        let columns = vec![
            Column::words(self.word("method.aspect"), 0.3).naming_rows(),
            Column::words(self.word("method.statement"), 0.7),
        ];
        self.table(&Table { caption: self.word("method.caption"), columns, rows });
    }

    fn respondents_against_required(&self, report: &SatisfactionReport, unknown: &str) -> String {
        let count = |count: u64| report.language.count(count);
        match (report.respondents, report.required_sample) {
            (None, _) => unknown.to_owned(),
            (Some(reached), None) => count(reached),
            (Some(reached), Some(required)) => {
                let key = if reached >= required { "method.enough" } else { "method.too_few" };
                let missing = required.saturating_sub(reached);
                self.say(&Phrase::new(key).with("reached", reached).with("missing", missing))
            }
        }
    }

    fn report_follow_up(&mut self, report: &SatisfactionReport) {
        self.numbered("section.follow_up");
        let blank = vec![FollowUp::default(); 3];
        let (key, plan) = match report.follow_up.is_empty() {
            true => ("follow_up.to_fill_in", &blank),
            false => ("follow_up.introduction", &report.follow_up),
        };
        self.paragraph_of(key);
        self.keep_last();
        self.follow_up_table("follow_up.caption", "follow_up.time", plan);
        if !report.earlier_follow_up.is_empty() {
            let title = self.word("follow_up.earlier");
            self.subsection(&title);
            self.follow_up_table("follow_up.earlier_caption", "follow_up.became", &report.earlier_follow_up);
        }
    }

    fn follow_up_table(&mut self, caption: &'static str, time: &'static str, plan: &[FollowUp]) {
        let columns = vec![
            Column::words(self.word("follow_up.number"), 0.07),
            Column::words(self.word("follow_up.priority"), 0.24).naming_rows(),
            Column::words(self.word("follow_up.action"), 0.33),
            Column::words(self.word(time), 0.16),
            Column::words(self.word("follow_up.responsible"), 0.2),
        ];
        let rows = plan
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let texts = [&line.priority, &line.action, &line.time, &line.responsible];
                let mut cells = vec![Cell::plain((index + 1).to_string())];
                cells.extend(texts.iter().enumerate().map(|(column, text)| match column {
                    0 => Cell::strong(text.as_str()),
                    _ => Cell::plain(text.as_str()),
                }));
                // A line to be filled in by hand needs room for handwriting.
                let at_least = if texts.iter().all(|text| text.is_empty()) { 36.0 } else { 0.0 };
                Row { cells, ground: None, at_least }
            })
            .collect();
        let caption = self.word(caption);
        self.table(&Table { caption, columns, rows });
    }
}

/// "U3 Waktu Penyelesaian".
pub(crate) fn code_and_name(code: &str, name: &str) -> String {
    format!("{code} {name}").trim().to_owned()
}
