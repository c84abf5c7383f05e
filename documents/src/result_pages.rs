//! The result sheet of an index or a compliance assessment: result, components, scale, steps, verification.

use crate::DocumentError;
use crate::chart::Bar;
use crate::compose::Composer;
use crate::cover::Front;
use crate::flow::Layer;
use crate::result_sheet::{Component, ResultSheet};
use crate::running::Running;
use crate::style::{MEASURE, MIST, SECTION};
use crate::table::{Cell, Column, Row, Table};
use crate::words::long_date;
use crate::write::About;
use krilla::tagging::Tag;
use rules::phrase::Phrase;

/// The sheet as a PDF.
///
/// # Errors
/// When `produced_on` is no date or the PDF writer refuses the document.
pub fn result_sheet(sheet: &ResultSheet) -> Result<Vec<u8>, DocumentError> {
    let (composer, running) = composed(sheet);
    let about = About {
        language: sheet.language,
        title: format!("{} – {} – {}", running.title, sheet.unit, sheet.period),
        description: sheet.instrument.clone(),
        author: &sheet.agency,
        produced_on: &sheet.produced_on,
        attachment: sheet.attachment.as_ref(),
    };
    composer.finish(Vec::new(), &running, &about)
}

/// The sheet written but not yet laid on pages.
pub(crate) fn composed(sheet: &ResultSheet) -> (Composer, Running) {
    let mut composer = Composer::new(sheet.language);
    let title = if sheet.title.is_empty() { composer.word("sheet.title") } else { sheet.title.clone() };
    composer.sheet_opening(sheet, &title);
    composer.sheet_sections(sheet);
    let (unit, period) = (sheet.unit.clone(), sheet.period.clone());
    (composer, Running { agency: sheet.agency.clone(), title, unit, period })
}

impl Composer {
    fn sheet_opening(&mut self, sheet: &ResultSheet, title: &str) {
        let front = Front {
            agency: &sheet.agency,
            title,
            unit: &sheet.unit,
            period: &sheet.period,
            outcome: &sheet.outcome,
            facts: Vec::new(),
            foot: String::new(),
        };
        self.opening_strip(&front);
        self.sheet_result(sheet);
        let phrase = Phrase::new("sheet.sentence")
            .with("name", sheet.outcome.name.as_str())
            .with("unit", sheet.unit.as_str())
            .with("period", sheet.period.as_str())
            .with("value", self.language.number(&sheet.outcome.value))
            .with("kind", self.category_name(&sheet.outcome))
            .with("category", sheet.outcome.category.as_str());
        let words = self.say(&phrase);
        self.styled(&[(&words, self.strong())], 7.5);
        for words in &sheet.summary {
            self.paragraph(words);
        }
    }

    /// The number with its category, and who, when and by which instrument.
    fn sheet_result(&mut self, sheet: &ResultSheet) {
        let mut layers = Vec::new();
        let display = SECTION.sized(54.0, 58.0);
        let value = self.language.number(&sheet.outcome.value);
        let value =
            self.fitted(&value, &[display, display.sized(30.0, 58.0), display.sized(16.0, 58.0)], MEASURE * 0.55, 1);
        let name = self.fitted(&sheet.outcome.name, &[crate::style::LABEL], MEASURE, 1);
        let width = value.first().map_or(0.0, |line| line.width);
        for (lines, y) in [(name, 0.0), (value, 12.0)] {
            let node = self.element(Tag::P);
            let marks = lines.iter().map(|line| crate::mark::Mark::text(0.0, y, line)).collect();
            layers.push(Layer::of(node, marks));
        }
        self.category(&sheet.outcome, (width + 24.0, 42.0), MEASURE - width - 24.0, &mut layers);
        let facts = vec![
            (self.word("sheet.unit"), sheet.unit.clone()),
            (self.word("sheet.period"), sheet.period.clone()),
            (self.word("sheet.produced"), long_date(&sheet.produced_on, self.language)),
        ];
        let deep = self.facts(&facts, (0.0, 82.0), MEASURE, &mut layers);
        self.strip(22.0, 82.0 + deep + 6.0, layers);
    }

    fn sheet_sections(&mut self, sheet: &ResultSheet) {
        self.warnings(&sheet.warnings);
        if !sheet.components.is_empty() {
            self.numbered("section.components");
            self.component_table(sheet);
            self.component_bars(sheet);
        }
        if !sheet.bands.is_empty() {
            self.numbered("section.scale");
            self.scale(&sheet.bands, &sheet.outcome);
        }
        if !sheet.tables.is_empty() {
            self.numbered("section.details");
            for table in &sheet.tables {
                self.generic_table(table);
            }
        }
        self.numbered("section.steps");
        self.paragraph_of("steps.introduction");
        self.keep_last();
        self.steps(&sheet.steps);
        self.sheet_basis(sheet);
        self.citations(&sheet.citations);
        if !sheet.signatures.is_empty() {
            self.numbered("section.approval");
            self.signatures(&sheet.signatures);
        }
        self.numbered("section.verification");
        self.verification(&sheet.verification, &sheet.produced_on);
    }

    fn sheet_basis(&mut self, sheet: &ResultSheet) {
        if !sheet.instrument.is_empty() || !sheet.legal_basis.is_empty() {
            let title = self.word("introduction.legal_basis");
            self.subsection(&title);
            let lines: Vec<&String> =
                std::iter::once(&sheet.instrument).chain(&sheet.legal_basis).filter(|line| !line.is_empty()).collect();
            self.list(&lines, false);
        }
    }

    fn component_table(&mut self, sheet: &ResultSheet) {
        let weighted = sheet.components.iter().any(|component| !component.weighted.is_empty());
        let weights = sheet.components.iter().any(|component| !component.weight.is_empty());
        let mut columns = vec![
            Column::words(self.word("components.code"), 0.1),
            Column::words(self.word("components.name"), 0.46).naming_rows(),
            Column::numbers(self.word("components.value"), 0.14),
        ];
        if weights {
            columns.push(Column::numbers(self.word("components.weight"), 0.14));
        }
        if weighted {
            columns.push(Column::numbers(self.word("components.weighted"), 0.16));
        }
        let mut rows: Vec<Row> =
            sheet.components.iter().map(|component| self.component_row(component, weights, weighted)).collect();
        let mut cells = vec![Cell::default(); columns.len()];
        cells[1] = Cell::strong(sheet.outcome.name.as_str());
        let last = columns.len() - 1;
        cells[last] = Cell::strong(self.language.number(&sheet.outcome.value));
        rows.push(Row { cells, ground: Some(MIST), at_least: 0.0 });
        let caption = if weights { "components.caption" } else { "components.caption_unweighted" };
        let (caption, count) = (self.word(caption), rows.len() + 1);
        self.table(&Table { caption, columns, rows });
        self.keep_table_together(count);
    }

    fn component_row(&self, component: &Component, weights: bool, weighted: bool) -> Row {
        let mut cells = vec![
            Cell::plain(component.code.as_str()),
            Cell::plain(component.name.as_str()),
            Cell::plain(self.number_or_words(&component.value)),
        ];
        if weights {
            cells.push(Cell::plain(self.number_or_words(&component.weight)));
        }
        if weighted {
            cells.push(Cell::plain(self.number_or_words(&component.weighted)));
        }
        cells.into()
    }

    fn component_bars(&mut self, sheet: &ResultSheet) {
        let mut sorted: Vec<&Component> = sheet.components.iter().collect();
        sorted.sort_by_key(|component| component.share);
        let title = self.word("components.bars_title");
        self.lead(&title);
        for chunk in sorted.chunks(16) {
            let bars: Vec<Bar> = chunk
                .iter()
                .map(|component| Bar {
                    code: component.code.clone(),
                    name: component.name.clone(),
                    value: self.number_or_words(&component.value),
                    share: component.share.min(1000) as f32 / 1000.0,
                    stressed: false,
                })
                .collect();
            let values: Vec<String> =
                bars.iter().map(|bar| format!("{} {}: {}", bar.code, bar.name, bar.value)).collect();
            let says = self.say(&Phrase::new("components.bars_say").with("values", values.join("; ")));
            let drawing = self.bars(&bars);
            self.figure(drawing, &says, "", 8.0);
        }
    }
}
