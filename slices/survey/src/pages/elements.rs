//! Elements beside one another: which to improve first, and how each went from period to period.

use super::Whole;
use crate::actions::following::mean;
use crate::period::Period;
use crate::result::{self, Named};
use platform::chart::{Frame, Heat, QuadrantPoint, Quadrants};
use platform::parts::SafeHtml;
use platform::words::Words;
use rules::outcome::{Item, Outcome};
use rules::quantity::{Decimal, Ratio};
use rules::statistics::{Priority, priorities};
use std::collections::BTreeMap;

/// Periods side by side.
const MOST_PERIODS: usize = 8;

/// The words of an advice.
fn advice(w: Words, priority: Priority) -> String {
    w.text(match priority {
        Priority::First => "priority.first",
        Priority::Keep => "priority.keep",
        Priority::Next => "priority.next",
        Priority::Enough => "priority.enough",
    })
}

/// Importance against performance; nothing where too few answered, or no element stands out.
pub(crate) fn chart(
    whole: &Whole,
    outcome: &Outcome,
    correlations: &BTreeMap<String, Option<Ratio>>,
    w: Words,
) -> Option<SafeHtml> {
    let correlation = |item: &Item| correlations.get(&item.key).cloned().flatten();
    let elements: Vec<(Ratio, Option<Ratio>)> =
        outcome.items.iter().map(|item| (item.mean.clone(), correlation(item))).collect();
    let found = priorities(&elements)?;
    let shown = |value: &Ratio| Decimal::half_up(value, 3).to_string();
    let point = |(place, item): (usize, &Item)| {
        let priority = (*found.items.get(place)?)?;
        Some(QuadrantPoint {
            name: item.name.in_language(w.language).to_owned(),
            across: shown(&correlation(item)?),
            up: mean(item),
            words: advice(w, priority),
            marked: priority == Priority::First,
        })
    };
    let points: Vec<QuadrantPoint> = outcome.items.iter().enumerate().filter_map(point).collect();
    let first: Vec<&str> = points.iter().filter(|point| point.marked).map(|point| point.name.as_str()).collect();
    let title = match first.is_empty() {
        true => w.text("priority.nothing"),
        false => w.fill("priority.title", [("elements", &first.join(", "))]),
    };
    let answers = w.count(outcome.respondents.unwrap_or(0));
    let period = whole.period.plan.label();
    let description =
        [("unit", whole.unit.facts.name.as_str()), ("period", period.as_str()), ("answers", answers.as_str())];
    let corners = [Priority::Enough, Priority::Keep, Priority::Next, Priority::First];
    let chart = Quadrants {
        frame: Frame {
            id: "grafik-prioritas".into(),
            title,
            description: w.fill("priority.of", description),
            rows: w.text("outcome.element"),
            language: w.language,
        },
        across: w.text("priority.importance"),
        up: w.text("outcome.mean"),
        corner: w.text("priority.advice"),
        corners: corners.map(|corner| advice(w, corner)),
        middle: (shown(&found.importance), shown(&found.performance)),
        points,
    };
    Some(chart.draw())
}

/// The means of all elements from period to period under one instrument; nothing for a single one.
pub(crate) fn over_time(whole: &Whole, outcome: &Outcome, history: &[Period], w: Words) -> Option<SafeHtml> {
    let same = history.iter().filter(|other| other.instrument == whole.period.instrument);
    let of = |period: &Period| {
        let scored = result::scored(period, &Named::new(period, &whole.unit, &whole.institution)).ok().flatten()?;
        let outcome = scored.outcome(scored.groups.first()?).ok()?;
        outcome.value.is_some().then(|| (period.plan.label(), outcome))
    };
    let mut periods: Vec<(String, Outcome)> = same.rev().filter_map(of).take(MOST_PERIODS).collect();
    periods.reverse();
    let (first, last) = (periods.first()?, periods.last()?);
    if periods.len() < 2 {
        return None;
    }
    let value = |outcome: &Outcome, key: &str| outcome.items.iter().find(|item| item.key == key).map(mean);
    let rose = outcome.items.iter().filter(|item| {
        let of =
            |outcome: &Outcome| outcome.items.iter().find(|other| other.key == item.key).map(|item| item.mean.clone());
        of(&last.1) > of(&first.1)
    });
    let counts = (w.count(rose.count() as u64), w.count(outcome.items.len() as u64));
    let title = [("rose", counts.0.as_str()), ("all", counts.1.as_str()), ("from", first.0.as_str())];
    let row = |item: &Item| {
        let values = periods.iter().map(|(_, outcome)| value(outcome, &item.key)).collect();
        (item.name.in_language(w.language).to_owned(), values)
    };
    let heat = Heat {
        frame: Frame {
            id: "tabel-unsur".into(),
            title: w.fill("priority.rose", title),
            description: w.fill("priority.over-time", [("unit", &whole.unit.facts.name)]),
            rows: w.text("outcome.element"),
            language: w.language,
        },
        columns: periods.iter().map(|(label, _)| label.clone()).collect(),
        rows: outcome.items.iter().map(row).collect(),
    };
    Some(heat.draw())
}
