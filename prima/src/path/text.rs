//! A path for people, and as rows for a spreadsheet.

use super::Found;
use super::file::{PathFile, RiseResult};
use crate::words::{say, word};
use calculation::render::{Style, Table, printable_line, write_row};
use rules::cheapest_path::{Plan, Rise, Total};
use rules::outcome::Outcome;
use rules::phrase::{Argument, Language, Phrase};
use rules::quantity::exact_text;

pub(super) fn text(found: &Found<'_>, language: Language, style: Style) -> String {
    let mut text = String::new();
    if found.is_curve {
        text += &curve(found, language, style);
    } else if found.after.is_none() {
        text += &format!("{}\n", word("path.at-the-top", language));
    }
    if let Some((after, total)) = found.after.as_ref().filter(|_| found.is_city) {
        let name = word("path.city", language);
        text += &heading(&name, (&found.before, after), total, count(&found.units), language, style);
    }
    for plan in found.units.iter().filter(|plan| !found.is_city || !plan.rises.is_empty()) {
        text += &unit(found, plan, language, style);
    }
    let untouched = found.units.iter().filter(|plan| plan.rises.is_empty()).map(|plan| plan.unit.as_str());
    let untouched: Vec<&str> = untouched.collect();
    if found.is_city && !untouched.is_empty() {
        text += &format!(
            "{}\n",
            printable_line(&say(&Phrase::new("path.untouched").with("units", untouched.join(", ")), language))
        );
    }
    if count(&found.units) > 0 {
        text += &format!("{}\n", style.faint(&word("path.formula", language)));
    }
    let last = found.after.as_ref().map_or(&found.before, |(after, _)| after);
    for warning in &last.warnings {
        text += &format!("! {}\n", printable_line(&warning.message(language)));
    }
    if let Some(estimates) = &found.estimates {
        text += &format!("! {}\n", estimates.note.in_language(language));
    }
    text
}

fn count(units: &[Plan]) -> usize {
    units.iter().map(|plan| plan.rises.len()).sum()
}

fn heading(
    name: &str,
    (before, after): (&Outcome, &Outcome),
    total: &Total,
    rises: usize,
    language: Language,
    style: Style,
) -> String {
    let value =
        |outcome: &Outcome| Argument::Number(outcome.value.as_ref().map(ToString::to_string).unwrap_or_default());
    let phrase = Phrase::new("path.heading").with("name", name).with("before", value(before));
    let phrase = phrase.with("before_category", before.category()).with("after", value(after));
    let first = say(&phrase.with("after_category", after.category()), language);
    let totals = Phrase::new("path.totals").with("rises", rises as u64);
    let totals = totals.with("days", Argument::Number(exact_text(&total.days))).with("lead", total.lead);
    let totals = match u64::try_from(total.cost) {
        Ok(cost) => totals.with("cost", cost),
        Err(_) => totals.with("cost", total.cost.to_string()),
    };
    let second = if rises == 0 { word("path.no-rise", language) } else { say(&totals, language) };
    format!("{}\n{second}\n", style.strong(&printable_line(&first)))
}

fn unit(found: &Found<'_>, plan: &Plan, language: Language, style: Style) -> String {
    let mut text = heading(&plan.unit, (&plan.before, &plan.after), &plan.total, plan.rises.len(), language, style);
    if plan.rises.is_empty() {
        return text;
    }
    let heads = [
        "path.number",
        "path.indicator",
        "path.level",
        "path.adds",
        "path.days",
        "path.days-so-far",
        "path.value-so-far",
        "path.slip",
    ];
    let mut table = Table::new(heads.map(|key| word(key, language)));
    let share = exact_text(&found.index.components.f02);
    for rise in &plan.rises {
        table.row(row(rise, &share, language));
    }
    text += &table.text(style);
    for rise in plan.rises.iter().filter(|rise| !rise.slip.falls_with.is_empty()) {
        let others = rise.slip.falls_with.iter().map(|place| level(&plan.rises[*place], language));
        let phrase = Phrase::new("path.falls-with").with("number", level(rise, language));
        text += &format!("{}\n", say(&phrase.with("others", others.collect::<Vec<_>>().join(", ")), language));
    }
    text
}

/// A rise in few signs: `7 (3→4)`.
fn level(rise: &Rise, language: Language) -> String {
    let shown = |level| language.number(&exact_text(level));
    format!("{} ({}→{})", rise.number, shown(&rise.from), shown(&rise.to))
}

fn row(rise: &Rise, share: &str, language: Language) -> [String; 8] {
    let number = |text: &str| language.number(text);
    let formula = format!(
        "{share} × {} × {} = {}",
        exact_text(&rise.weight),
        exact_text(&(&rise.to - &rise.from)),
        exact_text(&rise.adds)
    );
    let then = rise.slip.city.as_ref().unwrap_or(&rise.slip.value).to_string();
    let met = word(if rise.slip.is_met { "path.still" } else { "path.not-still" }, language);
    [
        rise.number.to_string(),
        rise.name.in_language(language).to_owned(),
        format!("{} → {}", number(&exact_text(&rise.from)), number(&exact_text(&rise.to))),
        number(&formula),
        number(&exact_text(&rise.effort.days)),
        number(&exact_text(&rise.days_so_far)),
        number(&rise.value_so_far.to_string()),
        format!("{} {} ({met})", number(&then), rise.slip.category),
    ]
}

fn curve(found: &Found<'_>, language: Language, style: Style) -> String {
    let heads = ["path.days", "path.rises", "path.value", "path.category"];
    let mut table = Table::new(heads.map(|key| word(key, language)));
    for point in &found.curve {
        let days = language.number(&exact_text(&point.days));
        let value = language.number(&point.value.to_string());
        table.row([days, point.rises.to_string(), value, style.band(&found.index.bands, point.band)]);
    }
    table.text(style)
}

/// One row for each rise, or for each point of the curve.
pub(super) fn csv(found: &Found<'_>, language: Language) -> String {
    let file = PathFile::of(found, "", language);
    let mut text = String::new();
    if found.is_curve {
        write_row(&mut text, ["days", "rises", "value", "category"].into_iter());
        for point in &file.curve {
            let rises = point.rises.to_string();
            write_row(&mut text, [&point.days, &rises, &point.value, &point.category].into_iter().map(String::as_str));
        }
        return text;
    }
    const HEADS: [&str; 17] = [
        "unit",
        "number",
        "indicator",
        "from",
        "to",
        "weight",
        "adds_to_f02",
        "adds",
        "days",
        "cost",
        "lead",
        "days_so_far",
        "value_so_far",
        "slip_value",
        "slip_category",
        "slip_is_met",
        "slip_falls_with",
    ];
    write_row(&mut text, HEADS.into_iter());
    for plan in &file.units {
        for rise in &plan.rises {
            write_row(&mut text, cells(&plan.unit, rise).iter().map(String::as_str));
        }
    }
    text
}

fn cells(unit: &str, rise: &RiseResult) -> [String; 17] {
    let falls: Vec<String> = rise.slip.falls_with.iter().map(ToString::to_string).collect();
    [
        unit.to_owned(),
        rise.number.to_string(),
        rise.indicator.clone(),
        rise.from.clone(),
        rise.to.clone(),
        rise.weight.clone(),
        rise.adds_to_f02.clone(),
        rise.adds.clone(),
        rise.days.clone(),
        rise.cost.to_string(),
        rise.lead.to_string(),
        rise.days_so_far.clone(),
        rise.value_so_far.clone(),
        rise.slip.value.clone(),
        rise.slip.category.clone(),
        rise.slip.is_met.to_string(),
        falls.join(" "),
    ]
}
