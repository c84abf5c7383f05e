//! Calculating what somebody brings: a file in, results out, nothing kept.
//!
//! It runs on a thread of its own, for at most two files at a time; the file is gone when it returns, whatever the outcome.

use crate::sheet::Sheet;
use calculation::render::{csv, file_name, json, pdf};
use calculation::{Details, InputFile, Limits, Options, Problem, Scored, Stop, score};
use rules::instrument::Instrument;
use rules::phrase::{Language, Phrase};
use std::path::Path;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Calculations that run at one time; a small server has two cores.
const AT_ONCE: usize = 2;

/// How long a file waits for its turn before its owner is asked to come back.
const WAIT: std::time::Duration = std::time::Duration::from_secs(120);

/// Groups calculated with everything known of them; a full result with its steps takes some ten kilobytes, so a small file with very
/// many groups would fill the memory. A table has a row for each group and needs no such limit.
pub(crate) const MOST_GROUPS: usize = 2000;

/// The most bytes a workbook may unpack to: a full sheet of fifteen columns.
const MOST_UNPACKED: u64 = 512 << 20;

/// The most rows of a table that is read whole: one row for each unit or indicator.
const MOST_ROWS: usize = 100_000;

/// How long a file is calculated before its owner is told that it is too much for this place.
pub(crate) const LONGEST: std::time::Duration = std::time::Duration::from_secs(300);

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// A turn to calculate; the next file may begin when it is dropped.
pub(crate) type Turn = SemaphorePermit<'static>;

/// Waits for a turn; nothing when others take too long.
pub(crate) async fn turn() -> Option<Turn> {
    tokio::time::timeout(WAIT, TURNS.acquire()).await.ok()?.ok()
}

/// Ends a calculation when it is dropped: with the request, or when its time is over.
#[derive(Debug, Default)]
pub(crate) struct WhileWanted(Stop);

impl WhileWanted {
    /// The sign by which the calculation ends.
    pub(crate) fn stop(&self) -> Stop {
        self.0.clone()
    }
}

impl Drop for WhileWanted {
    fn drop(&mut self) {
        self.0.now();
    }
}

/// What of a stranger's file is read. The command line, whose user has the machine to himself, has no such limits.
fn limits(form: Form, stop: &Stop) -> Limits {
    let groups = if form == Form::Csv { Limits::default().groups } else { MOST_GROUPS };
    Limits { unpacked: MOST_UNPACKED, groups, rows: MOST_ROWS, stop: stop.clone() }
}

/// What the answer is given as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A page.
    Page,
    /// A report for each group.
    Pdf,
    /// A row for each group.
    Csv,
    /// Everything, for programs and for verifying.
    Json,
}

impl Form {
    /// All forms, in the order of screens.
    pub(crate) const ALL: [Self; 4] = [Self::Page, Self::Pdf, Self::Csv, Self::Json];

    /// The value of the field.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Page => "halaman",
            Self::Pdf => "pdf",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The form of a field's value.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The media type of its file.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Page => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// What to calculate.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) instrument: Instrument,
    /// Columns to group by; nothing for the usual ones.
    pub(crate) by: Option<Vec<String>>,
    /// Whether rows hold element means instead of answers.
    pub(crate) means: bool,
    /// People served.
    pub(crate) population: Option<u64>,
    pub(crate) form: Form,
    pub(crate) language: Language,
    /// The day on a report: `2026-11-21`.
    pub(crate) today: String,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A file to hand over.
    File(File),
    /// Everything a page shows.
    Scored(Box<Scored>),
}

/// A file to hand over.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name, without the ending.
    pub(crate) name: String,
    pub(crate) form: Form,
    pub(crate) bytes: Vec<u8>,
}

/// Calculates a file at a path that nobody is told; `name` is what its owner calls it. It ends early when `stop` says so.
///
/// # Errors
/// With the sentence for the owner, when the file cannot be scored.
pub(crate) fn calculate(path: &Path, name: &str, asked: &Asked, stop: &Stop) -> Result<Answer, Problem> {
    let options = Options {
        by: asked.by.clone(),
        means: asked.means,
        population: asked.population,
        // What the report needs, so that every form says the same.
        detail: asked.form != Form::Csv,
        profile: asked.form != Form::Csv,
        ..Options::default()
    };
    let file = InputFile::called(path, name).within(limits(asked.form, stop));
    let scored = score(asked.instrument.clone(), &[file], options)?;
    if asked.form != Form::Csv && scored.groups.len() > MOST_GROUPS {
        let phrase = Phrase::new("read.too-many-groups").with("file", name);
        return Err(Problem::Input(phrase.with("most", MOST_GROUPS as u64)));
    }
    let one_group = scored.groups.len() == 1;
    match asked.form {
        Form::Pdf if one_group => Ok(Answer::File(report(&scored, 0, &asked.today, asked.language)?)),
        Form::Csv | Form::Json => Ok(Answer::File(table(&scored, asked.form, asked.language)?)),
        Form::Page | Form::Pdf => Ok(Answer::Scored(Box::new(scored))),
    }
}

/// The columns a file has, for somebody who named one it has not.
pub(crate) fn columns(path: &Path, name: &str, stop: &Stop) -> Vec<String> {
    let file = InputFile::called(path, name).within(limits(Form::Page, stop));
    file.open().map(|source| source.columns().to_vec()).unwrap_or_default()
}

/// The report of one group; nothing is in it that the command line would not print.
///
/// # Errors
/// When there is no such group, or it cannot be laid out.
pub(crate) fn report(scored: &Scored, group: usize, today: &str, language: Language) -> Result<File, Problem> {
    let Some(group) = scored.groups.get(group) else {
        return Err(Problem::Request(Phrase::new("score.no-file")));
    };
    let bytes = pdf(scored, group, &Details::none(today), language)?;
    Ok(File { name: file_name(&scored.instrument.header.id, &group.title()), form: Form::Pdf, bytes })
}

/// All groups as a table, or as the file that `prima verify` takes.
///
/// # Errors
/// When the inputs of a group are impossible.
pub(crate) fn table(scored: &Scored, form: Form, language: Language) -> Result<File, Problem> {
    let bytes = match form {
        Form::Csv => csv(scored, language)?,
        _ => json(&scored.published(language)?),
    };
    Ok(File { name: scored.instrument.header.id.clone(), form, bytes: bytes.into_bytes() })
}

/// A result that a page sent back, computed again and printed.
///
/// # Errors
/// When it is no such result, or holds impossible numbers.
pub(crate) fn print(sheet: &str, form: Form, group: usize, today: &str) -> Result<File, Problem> {
    let (scored, language) = Sheet::read(sheet)?.scored()?;
    match form {
        Form::Pdf => report(&scored, group, today, language),
        _ => table(&scored, form, language),
    }
}
