//! `prima verify`: recompute what was published, and say where it does not agree.
//!
//! Five kinds of input are understood: a result file of `prima score` (JSON), a report of `prima score --format pdf` with that file
//! inside, the one-line form printed under a report's QR code, and tables of published results (the shapes in `vectors/`).

mod differences;
mod line;
mod published;
mod stored;
mod tables;

pub(crate) use line::line_of;

use crate::cli::{Format, VerifyArgs};
use crate::inputs::Inputs;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::render::{self, Style, Table, Tone, printable_line};
use crate::result::WarningResult;
use crate::words::{say, word};
use rules::phrase::{Argument, Language, Phrase, Text};
use rules::warning::{Code, Warning};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What a verification found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VerifyFile {
    /// What was verified: `result`, `report`, `line`, `skm`, `ipp`, `ipp-worked`, `ombudsman`, `working-days`, `sample-size`.
    pub(crate) kind: String,
    /// Results that came out as published.
    pub(crate) reproduced: u64,
    /// Results that did not.
    pub(crate) differs: u64,
    /// Rows without a published value to compare with.
    pub(crate) without_value: u64,
    /// One entry per result.
    pub(crate) rows: Vec<VerifiedRow>,
    /// What was not verified, and cannot be from this file.
    pub(crate) warnings: Vec<WarningResult>,
}

/// One result verified.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VerifiedRow {
    /// Name of the result.
    pub(crate) id: String,
    /// As published.
    pub(crate) published: String,
    /// As recomputed.
    pub(crate) computed: String,
    /// `reproduced`, `differs` or `without-value`.
    pub(crate) status: String,
    /// Why it was not reproduced; empty when it was.
    pub(crate) contradictions: Vec<WarningResult>,
    /// What else a careful reader must know.
    pub(crate) warnings: Vec<WarningResult>,
}

/// One result verified, before it is put into words.
struct Verified {
    pub(crate) id: String,
    pub(crate) published: String,
    pub(crate) computed: String,
    /// Whether there was something to compare with.
    pub(crate) comparable: bool,
    /// Contradictions; empty when the result was reproduced.
    pub(crate) contradictions: Vec<Warning>,
    /// Other warnings.
    pub(crate) remarks: Vec<Warning>,
}

/// Everything found in one file.
struct Found {
    kind: &'static str,
    rows: Vec<Verified>,
    /// What was not verified.
    remarks: Vec<Warning>,
}

impl Found {
    fn of(kind: &'static str, rows: Vec<Verified>) -> Self {
        Self { kind, rows, remarks: Vec::new() }
    }
}

pub(crate) fn run(args: &VerifyArgs, language: Language) -> Result<Ending, Problem> {
    let found = verify(&args.file, args.instrument.as_deref(), language)?;
    if found.rows.is_empty() {
        return Err(Problem::Input(Phrase::new("verify.nothing").with("file", args.file.as_str())));
    }
    let file = published_form(&found, language);
    let output = Output::Standard;
    let text = match args.format {
        Format::Json => render::json(&file),
        Format::Text => text(&file, &[], language, output.style()),
    };
    output.write(text.as_bytes())?;
    Ok(if file.differs == 0 { Ending::Done } else { Ending::Failed })
}

fn verify(word: &str, instrument: Option<&str>, language: Language) -> Result<Found, Problem> {
    if word.trim_start().starts_with(line::START) {
        return Ok(Found::of("line", line::verify_all(word)?));
    }
    let path = Path::new(word);
    let start = crate::verify::stored::start_of(path)?;
    if start.starts_with(b"%PDF") {
        let json = stored::inside_pdf(path)?;
        let (rows, mut remarks) = stored::verify(&json, word, instrument, language)?;
        remarks.insert(0, Warning::new(Code::PagesNotVerified));
        return Ok(Found { kind: "report", rows, remarks });
    }
    let text_start = String::from_utf8_lossy(&start);
    let text_start = text_start.trim_start_matches('\u{feff}').trim_start();
    if text_start.starts_with(line::START) {
        let content = stored::read_text(path)?;
        return Ok(Found::of("line", line::verify_all(&content)?));
    }
    if text_start.starts_with('{') {
        let json = stored::read_text(path)?;
        let (rows, remarks) = stored::verify(&json, word, instrument, language)?;
        return Ok(Found { kind: "result", rows, remarks });
    }
    tables::verify(path)
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

/// The verification of a published table as text: the rows whose names hold one of the words, all for none.
///
/// # Errors
/// As for `prima verify`.
pub(crate) fn of_table(path: &Path, only: &[&str], language: Language, style: Style) -> Result<String, Problem> {
    let found = tables::verify(path)?;
    Ok(text(&published_form(&found, language), only, language, style))
}

fn published_form(found: &Found, language: Language) -> VerifyFile {
    let words = |warnings: &[Warning]| warnings.iter().map(|warning| WarningResult::new(warning, language)).collect();
    let row = |verified: &Verified| VerifiedRow {
        id: verified.id.clone(),
        published: verified.published.clone(),
        computed: verified.computed.clone(),
        status: status(verified).to_owned(),
        contradictions: words(&verified.contradictions),
        warnings: words(&verified.remarks),
    };
    let count = |wanted: &str| found.rows.iter().filter(|verified| status(verified) == wanted).count() as u64;
    VerifyFile {
        kind: found.kind.to_owned(),
        reproduced: count("reproduced"),
        differs: count("differs"),
        without_value: count("without-value"),
        rows: found.rows.iter().map(row).collect(),
        warnings: words(&found.remarks),
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
fn text(file: &VerifyFile, only: &[&str], language: Language, style: Style) -> String {
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
