//! The index over periods: the sentence, the line, and the difference printed on the cover.

use crate::compose::Composer;
use crate::ruler::magnitude;
use crate::satisfaction_report::{SatisfactionReport, TrendPoint};
use rules::phrase::{Language, Phrase};

/// Periods on one drawing.
const MOST: usize = 8;

/// The difference between the last two of `points`, with its sign.
pub(crate) fn change(points: &[TrendPoint], language: Language) -> Option<String> {
    let hundredths = |text: &str| -> Option<i64> {
        let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let decimals: String = format!("{decimals}00").chars().take(2).collect();
        whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(decimals.parse().ok()?)
    };
    let mut last = points.iter().rev().filter_map(|point| hundredths(&point.value));
    let (now, before) = (last.next()?, last.next()?);
    let difference = now.saturating_sub(before);
    let sign = if difference < 0 { "−" } else { "+" };
    let size = difference.unsigned_abs();
    Some(format!("{sign}{}", language.number(&format!("{}.{:02}", size / 100, size % 100))))
}

impl Composer {
    pub(crate) fn report_trend(&mut self, report: &SatisfactionReport) {
        let points: Vec<(String, String, f32)> = report
            .trend
            .iter()
            .filter_map(|point| {
                let value = magnitude(&point.value)?;
                Some((point.period.clone(), self.language.number(&point.value), value))
            })
            .collect();
        if points.is_empty() {
            return;
        }
        self.numbered("section.trend");
        let shown = &points[points.len().saturating_sub(MOST)..];
        let values: Vec<String> = shown.iter().map(|(period, value, _)| format!("{period}: {value}")).collect();
        let says = self.say(&Phrase::new("trend.says").with("values", values.join("; ")));
        let words = self.trend_sentence(report, shown);
        self.paragraph(&words);
        self.keep_last();
        let low = shown.iter().map(|point| point.2).fold(f32::MAX, f32::min);
        let high = shown.iter().map(|point| point.2).fold(f32::MIN, f32::max);
        let (low, high) = (((low - 2.0) / 4.0).floor() * 4.0, ((high + 2.0) / 4.0).ceil() * 4.0);
        let drawing = self.line_of_periods(shown, low, high);
        let caption = self.word("trend.caption");
        self.figure(drawing, &says, &caption, 14.0);
    }

    fn trend_sentence(&self, report: &SatisfactionReport, shown: &[(String, String, f32)]) -> String {
        let Some((period, value, _)) = shown.last() else { return String::new() };
        let before = shown.len().checked_sub(2).and_then(|index| shown.get(index));
        match (before, change(&report.trend, self.language)) {
            (Some((before, earlier, _)), Some(change)) => self.say(
                &Phrase::new("trend.change")
                    .with("period", period.as_str())
                    .with("value", value.as_str())
                    .with("change", change)
                    .with("before", before.as_str())
                    .with("earlier", earlier.as_str()),
            ),
            _ => self.say(&Phrase::new("trend.single").with("period", period.as_str()).with("value", value.as_str())),
        }
    }
}
