//! The middle of the satisfaction report: respondents, elements, index, weakest elements, trend.

use crate::chart::{Bar, permille};
use crate::compose::Composer;
use crate::flow::Layer;
use crate::ruler::{range_text, reached, tone_sign};
use crate::satisfaction_pages::code_and_name;
use crate::satisfaction_report::{ElementRow, ProfileTable, SatisfactionReport};
use crate::style::{CELL, MIST};
use crate::table::{ABOVE, Cell, Column, Row, Table};
use crate::{Band, Outcome};
use rules::phrase::Phrase;

/// Bars on one drawing; more go on in a second one.
const BARS: usize = 16;

impl Composer {
    pub(crate) fn report_profile(&mut self, report: &SatisfactionReport) {
        self.numbered("section.profile");
        if report.profile.is_empty() {
            self.paragraph_of("profile.unavailable");
            return;
        }
        self.paragraph_of("profile.introduction");
        self.keep_last();
        for table in &report.profile {
            self.profile_table(table);
        }
    }

    fn profile_table(&mut self, profile: &ProfileTable) {
        let total = profile.rows.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        let columns = vec![
            Column::words(self.word("profile.group"), 0.42).naming_rows(),
            Column::numbers(self.word("profile.count"), 0.13),
            Column::numbers(self.word("profile.percent"), 0.12),
            Column::words(self.word("profile.share"), 0.33),
        ];
        let mut rows: Vec<Row> = profile
            .rows
            .iter()
            .map(|(name, count)| {
                let share = permille(*count, total);
                let bar = if total == 0 { 0.0 } else { *count as f32 / total as f32 };
                let cells = vec![
                    Cell::plain(name.as_str()),
                    Cell::plain(self.language.count(*count)),
                    Cell::plain(self.percent(share)),
                    Cell::bar(bar),
                ];
                cells.into()
            })
            .collect();
        let whole = if total == 0 { 0 } else { 1000 };
        let cells = vec![
            Cell::strong(self.word("profile.total")),
            Cell::strong(self.language.count(total)),
            Cell::strong(self.percent(whole)),
        ];
        rows.push(Row { cells, ground: Some(MIST), at_least: 0.0 });
        self.table(&Table { caption: profile.title.clone(), columns, rows });
        self.keep_table_together(profile.rows.len() + 2);
    }

    /// Small tables are not split: their last `rows` pieces stay together.
    pub(crate) fn keep_table_together(&mut self, rows: usize) {
        let count = self.pieces.len();
        if rows <= 12 && rows <= count {
            self.pieces[count - rows..count - 1].iter_mut().for_each(|piece| piece.keep = true);
        }
    }

    fn percent(&self, permille: u128) -> String {
        format!("{} %", self.language.number(&format!("{}.{}", permille / 10, permille % 10)))
    }

    pub(crate) fn report_elements(&mut self, report: &SatisfactionReport) {
        self.numbered("section.elements");
        if report.elements.is_empty() {
            self.paragraph_of("elements.none");
        } else {
            self.elements_sentence(report);
            self.elements_table(report);
            self.elements_bars(report);
            self.elements_answers(report);
        }
        for table in &report.statistics {
            self.generic_table(table);
        }
    }

    fn elements_sentence(&mut self, report: &SatisfactionReport) {
        let lowest = report.elements.iter().min_by_key(|element| element.share);
        let highest = report.elements.iter().rev().max_by_key(|element| element.share);
        if let (Some(lowest), Some(highest)) = (lowest, highest) {
            let words = self.say(&span_of_elements(lowest, highest));
            self.paragraph(&words);
            self.keep_last();
        }
    }

    fn elements_table(&mut self, report: &SatisfactionReport) {
        let columns = vec![
            Column::words(self.word("elements.code"), 0.09),
            Column::words(self.word("elements.name"), 0.47).naming_rows(),
            Column::numbers(self.word("elements.mean"), 0.15),
            Column::numbers(self.word("elements.weight"), 0.13),
            Column::numbers(self.word("elements.weighted"), 0.16),
        ];
        let mut rows: Vec<Row> = report
            .elements
            .iter()
            .map(|element| {
                let numbers = [&element.mean, &element.weight, &element.weighted];
                let mut cells = vec![Cell::plain(element.code.as_str()), Cell::plain(element.name.as_str())];
                cells.extend(numbers.map(|number| Cell::plain(self.number_or_words(number))));
                cells.into()
            })
            .collect();
        let value = self.language.number(&report.outcome.value);
        let cells = vec![
            Cell::default(),
            Cell::strong(report.outcome.name.as_str()),
            Cell::default(),
            Cell::default(),
            Cell::strong(value),
        ];
        rows.push(Row { cells, ground: Some(MIST), at_least: 0.0 });
        let caption = self.word("elements.caption");
        let count = rows.len() + 1;
        self.table(&Table { caption, columns, rows });
        self.keep_table_together(count);
    }

    fn elements_bars(&mut self, report: &SatisfactionReport) {
        let mut sorted: Vec<&ElementRow> = report.elements.iter().collect();
        sorted.sort_by_key(|element| element.share);
        let title = self.word("elements.bars_title");
        self.lead(&title);
        let parts = sorted.chunks(BARS).len();
        let caption = match report.weakest.is_empty() {
            true => "elements.bars_caption",
            false => "elements.bars_caption_weakest",
        };
        for (index, chunk) in sorted.chunks(BARS).enumerate() {
            let bars: Vec<Bar> = chunk.iter().map(|element| self.element_bar(element, &report.weakest)).collect();
            let values: Vec<String> =
                bars.iter().map(|bar| format!("{} {}: {}", bar.code, bar.name, bar.value)).collect();
            let says = self.say(&Phrase::new("elements.bars_say").with("values", values.join("; ")));
            let drawing = self.bars(&bars);
            let caption = if index + 1 == parts { self.word(caption) } else { String::new() };
            self.figure(drawing, &says, &caption, 8.0);
        }
    }

    fn element_bar(&self, element: &ElementRow, weakest: &[String]) -> Bar {
        let both = code_and_name(&element.code, &element.name);
        let named = |name: &String| *name == element.code || *name == element.name || *name == both;
        Bar {
            code: element.code.clone(),
            name: element.name.clone(),
            value: self.number_or_words(&element.mean),
            share: element.share.min(1000) as f32 / 1000.0,
            stressed: weakest.iter().any(named),
        }
    }

    fn elements_answers(&mut self, report: &SatisfactionReport) {
        let rows: Vec<(String, String, Vec<u64>)> = report
            .elements
            .iter()
            .filter_map(|element| Some((element.code.clone(), element.name.clone(), element.counts.clone()?)))
            .collect();
        let values = rows.iter().map(|row| row.2.len()).max().unwrap_or(0).min(12);
        if values == 0 {
            return;
        }
        let answers: Vec<String> =
            (0..values).map(|index| report.answers.get(index).cloned().unwrap_or_default()).collect();
        let title = self.word("elements.answers_title");
        self.lead(&title);
        for chunk in rows.chunks(BARS) {
            let lines: Vec<String> = chunk.iter().map(|(code, _, counts)| self.shares_sentence(code, counts)).collect();
            let says = self.say(&Phrase::new("elements.answers_say").with("values", lines.join("; ")));
            let drawing = self.answer_shares(chunk, &answers);
            self.figure(drawing, &says, "", 8.0);
        }
        let caption = self.word("elements.answers_caption");
        self.keep_last();
        self.note(&caption);
    }

    fn shares_sentence(&self, code: &str, counts: &[u64]) -> String {
        let total = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let shares: Vec<String> = counts.iter().map(|count| self.percent(permille(*count, total))).collect();
        format!("{code} {}", shares.join(" / "))
    }

    pub(crate) fn report_index(&mut self, report: &SatisfactionReport) {
        self.numbered("section.index");
        if !report.formula.is_empty() {
            let label = self.word("index.formula");
            self.styled(&[(&label, self.strong()), ("  ", self.strong()), (&report.formula, crate::style::BODY)], 7.5);
            self.keep_last();
        }
        self.scale(&report.bands, &report.outcome);
    }

    /// The bands as a ruler and as a table, the reached one marked in both.
    pub(crate) fn scale(&mut self, bands: &[Band], outcome: &Outcome) {
        if bands.is_empty() {
            return;
        }
        let phrase = Phrase::new("index.says")
            .with("value", self.language.number(&outcome.value))
            .with("category", outcome.category.as_str())
            .with("label", outcome.label.as_str());
        let says = self.say(&phrase);
        self.paragraph(&says);
        self.keep_last();
        if let Some(drawing) = self.ruler(bands, outcome) {
            self.figure(drawing, &says, "", 12.0);
        }
        let columns = vec![
            Column::words(self.word("bands.category"), 0.22).naming_rows(),
            Column::words(self.word("bands.label"), 0.34),
            Column::numbers(self.word("bands.range"), 0.24),
            Column::words(self.word("bands.reached"), 0.2),
        ];
        let rows: Vec<Row> = bands.iter().map(|band| self.band_row(band, outcome)).collect();
        let caption = self.word("bands.caption");
        let first = self.pieces.len();
        self.table(&Table { caption, columns, rows });
        self.band_signs(first, bands);
        self.keep_table_together(bands.len() + 1);
    }

    fn band_row(&self, band: &Band, outcome: &Outcome) -> Row {
        let here = reached(band, outcome);
        let cell = |words: String| if here { Cell::strong(words) } else { Cell::plain(words) };
        let mark = if here { format!("✓ {}", self.language.number(&outcome.value)) } else { String::new() };
        let cells = vec![
            cell(band.category.clone()).indented(16.0),
            cell(band.label.clone()),
            cell(range_text(band, self)),
            cell(mark),
        ];
        Row { cells, ground: here.then_some(MIST), at_least: 0.0 }
    }

    /// The tone's shape before each category.
    fn band_signs(&mut self, first: usize, bands: &[Band]) {
        let rows = self.pieces[first..].iter_mut().filter(|piece| piece.head.is_some());
        for (piece, band) in rows.zip(bands) {
            let sign = tone_sign(band.tone, 12.0, ABOVE + CELL.leading / 2.0, 4.2);
            piece.layers.push(Layer::decoration(vec![sign]));
        }
    }

    pub(crate) fn report_weakest(&mut self, report: &SatisfactionReport) {
        self.numbered("section.weakest");
        if report.weakest.is_empty() && report.weakest_sentence.is_empty() {
            self.paragraph_of("weakest.none");
            return;
        }
        if !report.weakest_sentence.is_empty() {
            self.paragraph(&report.weakest_sentence);
            self.keep_last();
        }
        let named: Vec<String> = report.weakest.iter().map(|name| self.weakest_line(report, name)).collect();
        self.list(&named, true);
    }

    fn weakest_line(&self, report: &SatisfactionReport, name: &str) -> String {
        let found = report.elements.iter().find(|element| {
            element.code == name || element.name == name || code_and_name(&element.code, &element.name) == name
        });
        match found {
            None => name.to_owned(),
            Some(element) => {
                let mean = self.number_or_words(&element.mean);
                let both = code_and_name(&element.code, &element.name);
                self.say(&Phrase::new("weakest.line").with("element", both).with("mean", mean))
            }
        }
    }
}

fn span_of_elements(lowest: &ElementRow, highest: &ElementRow) -> Phrase {
    let number = |text: &str| rules::phrase::Argument::Number(text.to_owned());
    Phrase::new("elements.sentence")
        .with("lowest", code_and_name(&lowest.code, &lowest.name))
        .with("low", number(&lowest.mean))
        .with("highest", code_and_name(&highest.code, &highest.name))
        .with("high", number(&highest.mean))
}
