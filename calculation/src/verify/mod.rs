//! Recomputing what was published, and saying where it does not agree.
//!
//! Five kinds of input are understood: a result file (JSON), a report with that file inside (PDF), the one-line form printed under a
//! report's QR code, tables of published results, and tables of computed ones (the shapes in `vectors/`).

mod differences;
mod line;
mod stored;
mod tables;

pub use line::line_of;
pub use stored::{Recomputed, inside_report, recompute};

use crate::input_file::{InputFile, LARGEST};
use crate::inputs::Inputs;
use crate::problem::Problem;
use crate::render::{Style, Table, Tone, printable_line};
use crate::result::WarningResult;
use crate::words::{say, word};
use rules::instrument::Instrument;
use rules::phrase::{Argument, Language, Phrase, Text};
use rules::warning::{Code, Warning};
use schemars::JsonSchema;
use serde::Serialize;

/// What a verification found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifyFile {
    /// What was verified: `result`, `report`, `line`, `skm`, `ipp`, `ipp-worked`, `ombudsman`, `working-days`, `sample-size`.
    pub kind: String,
    /// Results that came out as published.
    pub reproduced: u64,
    /// Results that did not.
    pub differs: u64,
    /// Rows without a published value to compare with.
    pub without_value: u64,
    /// One entry per result.
    pub rows: Vec<VerifiedRow>,
    /// What was not verified, and cannot be from this file.
    pub warnings: Vec<WarningResult>,
}

/// One result verified.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifiedRow {
    /// Name of the result.
    pub id: String,
    /// As published.
    pub published: String,
    /// As recomputed.
    pub computed: String,
    /// `reproduced`, `differs` or `without-value`.
    pub status: String,
    /// Why it was not reproduced; empty when it was.
    pub contradictions: Vec<WarningResult>,
    /// What else a careful reader must know.
    pub warnings: Vec<WarningResult>,
}

/// One result verified, before it is put into words.
#[derive(Debug)]
struct Verified {
    id: String,
    published: String,
    computed: String,
    /// Whether there was something to compare with.
    comparable: bool,
    /// Contradictions; empty when the result was reproduced.
    contradictions: Vec<Warning>,
    /// Other warnings.
    remarks: Vec<Warning>,
}

/// What was found in what somebody handed in.
#[derive(Debug)]
pub struct Verification {
    kind: &'static str,
    rows: Vec<Verified>,
    /// What was not verified.
    remarks: Vec<Warning>,
}

impl Verification {
    fn of(kind: &'static str, rows: Vec<Verified>) -> Self {
        Self { kind, rows, remarks: Vec::new() }
    }
}

/// Whether these words are a printed line rather than the name of a file.
#[must_use]
pub fn is_line(words: &str) -> bool {
    words.trim_start().starts_with(line::START)
}

/// Verifies printed lines, whole or broken over several by paper.
///
/// # Errors
/// When one is not whole.
pub fn lines(words: &str) -> Result<Verification, Problem> {
    Ok(Verification::of("line", line::verify_all(words)?))
}

/// Verifies a file of any of the kinds; which one, its content tells. `own` is a city's own instrument that the result was made
/// with.
///
/// # Errors
/// When the file is of no kind known here, or holds nothing to verify.
pub fn file(file: &InputFile, own: Option<&Instrument>, language: Language) -> Result<Verification, Problem> {
    let found = of_any_kind(file, own, language)?;
    if found.rows.is_empty() {
        return Err(Problem::Input(Phrase::new("verify.nothing").with("file", file.name())));
    }
    Ok(found)
}

fn of_any_kind(file: &InputFile, own: Option<&Instrument>, language: Language) -> Result<Verification, Problem> {
    let start = file.start()?;
    if start.starts_with(b"%PDF") {
        let json = stored::inside_report(&file.bytes(LARGEST)?)
            .ok_or_else(|| Problem::Input(Phrase::new("verify.no-result-inside").with("file", file.name())))?;
        let (rows, mut remarks) = stored::verify(&json, file.name(), own, language)?;
        remarks.insert(0, Warning::new(Code::PagesNotVerified));
        return Ok(Verification { kind: "report", rows, remarks });
    }
    let start = String::from_utf8_lossy(&start);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if is_line(start) {
        return lines(&file.text()?);
    }
    if start.starts_with('{') {
        let (rows, remarks) = stored::verify(&file.text()?, file.name(), own, language)?;
        return Ok(Verification { kind: "result", rows, remarks });
    }
    table(file)
}

/// Verifies every row of a published table.
///
/// # Errors
/// When the file is no table, or of no kind known here.
pub fn table(file: &InputFile) -> Result<Verification, Problem> {
    tables::verify(file)
}

/// Largest count of people believed; more than have ever lived, and far below what could overflow.
const LARGEST_COUNT: u64 = 1_000_000_000_000;

/// Refuses counts that no file can hold honestly.
///
/// # Errors
/// Naming the count.
fn refuse_absurd_counts(inputs: &Inputs) -> Result<(), Problem> {
    let counts = match inputs {
        Inputs::Answers { respondents, population, .. } => [Some(*respondents), *population],
        Inputs::Means { respondents, population, .. } => [*respondents, *population],
        Inputs::Levels { f03_respondents, .. } => [*f03_respondents, None],
        Inputs::Units { units, .. } => return units.values().try_for_each(refuse_absurd_counts),
        Inputs::Score { .. } | Inputs::Dimensions { .. } => [None, None],
    };
    match counts.into_iter().flatten().find(|count| *count > LARGEST_COUNT) {
        None => Ok(()),
        Some(count) => Err(Problem::Input(Phrase::new("verify.count-too-large").with("count", count))),
    }
}

/// A text with figures in it, its decimals as each language writes them.
fn with_figures(text: &str) -> Argument {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let comma = |(at, letter): (usize, &char)| {
        let decimal = *letter == '.' && digit(at.checked_sub(1)) && digit(Some(at + 1));
        if decimal { ',' } else { *letter }
    };
    Argument::Text(Text { id: letters.iter().enumerate().map(comma).collect(), en: text.to_owned() })
}

impl Verification {
    /// The published form.
    #[must_use]
    pub fn published(&self, language: Language) -> VerifyFile {
        let words =
            |warnings: &[Warning]| warnings.iter().map(|warning| WarningResult::new(warning, language)).collect();
        let row = |verified: &Verified| VerifiedRow {
            id: verified.id.clone(),
            published: verified.published.clone(),
            computed: verified.computed.clone(),
            status: status(verified).to_owned(),
            contradictions: words(&verified.contradictions),
            warnings: words(&verified.remarks),
        };
        let count = |wanted: &str| self.rows.iter().filter(|verified| status(verified) == wanted).count() as u64;
        VerifyFile {
            kind: self.kind.to_owned(),
            reproduced: count("reproduced"),
            differs: count("differs"),
            without_value: count("without-value"),
            rows: self.rows.iter().map(row).collect(),
            warnings: words(&self.remarks),
        }
    }
}

fn status(verified: &Verified) -> &'static str {
    match (verified.contradictions.is_empty(), verified.comparable) {
        (false, _) => "differs",
        (true, true) => "reproduced",
        (true, false) => "without-value",
    }
}

/// The table of verified results; with `only`, those whose names hold one of these words, and everything that differs.
#[must_use]
pub fn text(file: &VerifyFile, only: &[&str], language: Language, style: Style) -> String {
    let named = |row: &&VerifiedRow| {
        only.is_empty() || row.status == "differs" || only.iter().any(|word| row.id.contains(word))
    };
    let rows = || file.rows.iter().filter(named);
    let heads = ["verify.id", "verify.published", "verify.computed", "verify.status"];
    let mut table = Table::new(heads.map(|key| word(key, language)));
    for row in rows() {
        let status = match row.status.as_str() {
            "reproduced" => style.tone(Tone::Good, &word("verify.reproduced", language)),
            "differs" => style.tone(Tone::Poor, &word("verify.differs", language)),
            _ => style.faint(&word("verify.without-value", language)),
        };
        table.row([row.id.clone(), language.number(&row.published), language.number(&row.computed), status]);
    }
    let mut text = table.text(style);
    for row in rows() {
        for warning in &row.contradictions {
            let (name, message) = (printable_line(&row.id), printable_line(&warning.message));
            text += &format!("{} {name}: {message}\n", style.tone(Tone::Poor, "■"));
        }
    }
    for warning in &file.warnings {
        text += &format!("! {}\n", warning.message);
    }
    let summary = Phrase::new("verify.summary")
        .with("reproduced", file.reproduced)
        .with("all", file.reproduced + file.differs)
        .with("without", file.without_value);
    text + &format!("\n{}\n", say(&summary, language))
}
