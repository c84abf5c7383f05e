//! Tables of published results: which kind a table is, and the computed ones (deadlines, sample sizes, worked IPP examples).

use super::{Verification, Verified, with_figures};
use crate::input_file::InputFile;
use crate::inputs::{Inputs, Numbers};
use crate::problem::Problem;
use crate::published::{Comparison, PublishedResult, Rows, Shape, Standing};
use analytics::Row;
use rules::calendar::{JointLeave, national, parse_date};
use rules::complaint_deadline::deadline;
use rules::instrument::{Body, load};
use rules::phrase::Phrase;
use rules::quantity::{parse_decimal, ratio};
use rules::statistics::sample_size;
use rules::warning::{Code, Warning};

/// Verifies every row of a published table.
///
/// # Errors
/// When the file is no table, or of no kind known here.
pub(super) fn verify(file: &InputFile) -> Result<Verification, Problem> {
    let table = Rows::read(file)?;
    if let Some(shape) = Shape::of(&table) {
        let rows = table.published(shape)?.iter().map(compare).collect::<Result<Vec<_>, _>>()?;
        return Ok(Verification::of(kind(shape), rows));
    }
    computed(&table).unwrap_or_else(|| Err(table.unknown(file)))
}

fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Satisfaction => "skm",
        Shape::ServiceIndex => "ipp",
        Shape::Compliance => "ombudsman",
    }
}

fn compare(result: &PublishedResult) -> Result<Verified, Problem> {
    let Comparison { outcome, published, computed, standing, contradictions } = result.compare()?;
    let id = match &result.instrument.body {
        Body::Satisfaction(_) => result.id.clone(),
        _ => format!("{} {} {}", result.id, result.place, result.period),
    };
    Ok(Verified {
        id,
        published,
        computed,
        comparable: !matches!(standing, Standing::NothingToCompare(_)),
        contradictions,
        remarks: outcome.map(|outcome| outcome.warnings).unwrap_or_default(),
    })
}

/// Tables of computed figures, kept to be reproduced.
fn computed(table: &Rows) -> Option<Result<Verification, Problem>> {
    let each = |kind, verify: fn(&Rows, &Row) -> Result<Verified, Problem>| {
        let verified: Result<Vec<Verified>, Problem> = table.rows.iter().map(|row| verify(table, row)).collect();
        verified.map(|rows| Verification::of(kind, rows))
    };
    if table.has("levels_1_to_30") {
        Some(each("ipp-worked", worked))
    } else if table.has("received") && table.has("working_days") {
        Some(each("working-days", working_days))
    } else if table.has("S_table") {
        Some(each("sample-size", sample))
    } else {
        None
    }
}

/// A result compared in words: equal texts reproduce, anything else is a contradiction.
fn compared(id: String, published: &str, computed: String, remarks: Vec<Warning>) -> Verified {
    let differs = Warning::new(Code::PublishedValueDiffers)
        .with("published", with_figures(published))
        .with("computed", with_figures(&computed));
    let contradictions = if published == computed { Vec::new() } else { vec![differs] };
    Verified { id, published: published.to_owned(), computed, comparable: true, contradictions, remarks }
}

/// A row of levels 1 to 30 with its F-03, aspects, F-02, index and category.
fn worked(table: &Rows, row: &Row) -> Result<Verified, Problem> {
    let Some(instrument) = load("ipp-2022")? else { return Err(Problem::Input(Phrase::new("inputs.no-index"))) };
    let Body::ServiceIndex(index) = &instrument.body else {
        return Err(Problem::Input(Phrase::new("inputs.no-index")));
    };
    let words = table.cell(row, "levels_1_to_30").split_whitespace();
    let scored = index.indicators.iter().filter(|indicator| indicator.scored);
    let levels: Numbers =
        scored.zip(words).map(|(indicator, level)| (indicator.key.clone(), level.to_owned())).collect();
    let f03 = Some(table.cell(row, "f03").to_owned());
    let outcome = Inputs::Levels { levels, f03, f03_respondents: None }.outcome(&instrument)?;
    let places = |key: &str, places: usize| {
        let part = outcome.components.iter().find(|part| part.key == key);
        part.map(|part| rules::quantity::Decimal::half_up(&part.value, places).to_string()).unwrap_or_default()
    };
    let mut computed: Vec<String> =
        index.scored_aspects().map(|aspect| places(&aspect.key, 4)).chain([places("f02", 6)]).collect();
    computed.extend(outcome.exact.as_ref().map(|exact| rules::quantity::Decimal::half_up(exact, 6).to_string()));
    computed.extend(outcome.value.as_ref().map(ToString::to_string));
    computed.push(outcome.category().to_owned());
    let columns =
        ["aspect1", "aspect2", "aspect3", "aspect4", "aspect5", "aspect6", "f02", "ipp_exact", "ipp_2dec", "category"];
    let printed: Vec<&str> = columns.iter().map(|column| table.cell(row, column)).collect();
    Ok(compared(table.cell(row, "id").to_owned(), &printed.join(" "), computed.join(" "), outcome.warnings))
}

/// A receipt day, a number of working days, and the last day with joint leave free and worked.
fn working_days(table: &Rows, row: &Row) -> Result<Verified, Problem> {
    let not_a_date = |text: &str| Problem::Input(Phrase::new("verify.not-a-date").with("text", text));
    let (received, days) = (table.cell(row, "received"), table.cell(row, "working_days"));
    let date = parse_date(received).map_err(|error| not_a_date(&error.0))?;
    let count = days.parse().map_err(|_| not_a_date(days))?;
    let calendar = national()?;
    let due = |joint_leave| deadline(&calendar, date, count, joint_leave);
    let (off, working) = (due(JointLeave::Off), due(JointLeave::Working));
    let printed =
        [table.cell(row, "due_excl_cuti_bersama_and_libur"), table.cell(row, "due_if_cuti_bersama_counted_as_workday")];
    let computed = format!("{} {}", off.due, working.due);
    Ok(compared(format!("{received} + {days}"), &printed.join(" "), computed, off.warnings))
}

/// A population with the printed sample size.
fn sample(table: &Rows, row: &Row) -> Result<Verified, Problem> {
    let not_a_number = |text: &str| Problem::Input(Phrase::new("verify.not-a-number").with("text", text));
    let population = table.cell(row, "N");
    let number: u64 = population.parse().map_err(|_| not_a_number(population))?;
    let printed = table.cell(row, "S_table");
    parse_decimal(printed).map_err(|error| not_a_number(&error.0))?;
    let size = sample_size(number, &ratio(95, 100), &ratio(5, 100)).ok_or_else(|| not_a_number(population))?;
    let computed = size.size.to_string();
    if !size.warnings.is_empty() && printed != computed {
        let (id, published) = (population.to_owned(), printed.to_owned());
        return Ok(Verified {
            id,
            published,
            computed,
            comparable: true,
            contradictions: size.warnings,
            remarks: Vec::new(),
        });
    }
    Ok(compared(population.to_owned(), printed, computed, size.warnings))
}
