//! Results that agencies published, as tables keep them: what was printed, where, and what it can be recomputed from.
//!
//! A row is read once, into a [`PublishedResult`]; its own functions recompute and compare it. Verifying a table does nothing else.

mod comparison;

pub use comparison::{Comparison, Missing, Standing};

use crate::input_file::InputFile;
use crate::inputs::Inputs;
use crate::instruments;
use crate::problem::Problem;
use crate::score::columns::find;
use crate::score::means;
use crate::score::year_in;
use analytics::Row;
use rules::instrument::{Body, Family, Instrument, in_force_on};
use rules::phrase::Phrase;
use rules::quantity::{Decimal, parse_decimal};
use rules::satisfaction_index::Order;
use std::collections::BTreeMap;
use std::io::Write as _;

/// The published tables that are part of the program: name and text.
pub const TABLES: [(&str, &str); 3] = [
    ("skm.csv", include_str!("../../../vectors/skm.csv")),
    ("ipp.csv", include_str!("../../../vectors/ipp.csv")),
    ("ombudsman.csv", include_str!("../../../vectors/ombudsman.csv")),
];

/// One published result.
#[derive(Debug, Clone)]
pub struct PublishedResult {
    /// Name of the row, never given to another row.
    pub id: String,
    /// City, institution or unit, as the source names it.
    pub place: String,
    /// What the place is (`kota`, `provinsi`, `unit`), where the table says.
    pub level: String,
    /// Year or period, as printed.
    pub period: String,
    /// The rule of the time.
    pub instrument: Instrument,
    /// The printed value with the instrument's decimals; nothing where none was printed.
    pub value: Option<Decimal>,
    /// The words printed beside it.
    pub words: PublishedWords,
    /// What it was computed from, as far as that was printed too.
    pub inputs: Option<Inputs>,
    /// Public address, or how it became known.
    pub source: String,
    /// What a careful reader must know.
    pub note: String,
    /// Line of the table, as a person sees it.
    pub line: u64,
}

/// The words printed beside a value; empty where none were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublishedWords {
    /// Category or grade: `A-`.
    pub category: String,
    /// Name of the category: `Pelayanan Prima`.
    pub label: String,
    /// Zone: `hijau`.
    pub zone: String,
    /// Opinion of the Ombudsman: `Kualitas Tertinggi`.
    pub opinion: String,
}

impl PublishedWords {
    /// All words in one line.
    #[must_use]
    pub fn all(&self) -> String {
        let words = [&self.category, &self.label, &self.zone, &self.opinion];
        words.into_iter().filter(|word| !word.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// The results that a table in the shape of `skm.csv`, `ipp.csv` or `ombudsman.csv` publishes.
///
/// # Errors
/// When the file is no table, has another shape, or names a rule that is not known.
pub fn read(file: &InputFile) -> Result<Vec<PublishedResult>, Problem> {
    let table = Rows::read(file)?;
    match Shape::of(&table) {
        Some(shape) => table.published(shape),
        None => Err(table.unknown(file)),
    }
}

/// The results of the tables that are part of the program, in their order.
///
/// # Errors
/// When the system has no room for a temporary file: tables are read from files only, in one way.
pub fn embedded() -> Result<Vec<PublishedResult>, Problem> {
    let mut all = Vec::new();
    for (name, text) in TABLES {
        let unwritable = |error: std::io::Error| {
            Problem::Input(Phrase::new("read.unreadable").with("file", name).with("detail", error.to_string()))
        };
        let mut file = tempfile::NamedTempFile::new().map_err(unwritable)?;
        file.write_all(text.as_bytes()).map_err(unwritable)?;
        all.extend(read(&InputFile::called(file.path(), name))?);
    }
    Ok(all)
}

/// What a published table holds, told by its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// SKM: element means with index and grade.
    Satisfaction,
    /// IPP: the index with category and label.
    ServiceIndex,
    /// Ombudsman: scores with zone, category and opinion.
    Compliance,
}

impl Shape {
    pub(crate) fn of(table: &Rows) -> Option<Self> {
        if table.has("published_index") {
            Some(Self::Satisfaction)
        } else if table.has("published_ipp") {
            Some(Self::ServiceIndex)
        } else if table.has("published_zone") && table.has("score") {
            Some(Self::Compliance)
        } else {
            None
        }
    }
}

/// A table with its rows as text.
pub(crate) struct Rows {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

impl Rows {
    pub(crate) fn read(file: &InputFile) -> Result<Self, Problem> {
        let (columns, rows) = file.rows()?;
        Ok(Self { columns, rows })
    }

    /// A cell by column name; empty when the table has no such column.
    pub(crate) fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        find(&self.columns, column).map_or("", |position| row.cells[position].trim())
    }

    pub(crate) fn has(&self, column: &str) -> bool {
        find(&self.columns, column).is_some()
    }

    /// The problem that a table of this shape is not known.
    pub(crate) fn unknown(&self, file: &InputFile) -> Problem {
        let phrase = Phrase::new("verify.unknown-table").with("file", file.name());
        Problem::Input(phrase.with("columns", self.columns.join(", ")))
    }

    /// The published results of all rows.
    pub(crate) fn published(&self, shape: Shape) -> Result<Vec<PublishedResult>, Problem> {
        let read = match shape {
            Shape::Satisfaction => Self::satisfaction,
            Shape::ServiceIndex => Self::service_index,
            Shape::Compliance => Self::compliance,
        };
        self.rows.iter().map(|row| read(self, row)).collect()
    }

    /// An SKM row: element means with the published index and grade, or the index alone.
    fn satisfaction(&self, row: &Row) -> Result<PublishedResult, Problem> {
        let instrument = instruments::find(self.cell(row, "rule_set"))?;
        let Body::Satisfaction(survey) = &instrument.body else { return Err(instruments::no_index(&instrument)) };
        let fallback = Order::named(self.cell(row, "order")).unwrap_or_default();
        let reader = means::Table { survey, columns: &self.columns, fallback };
        let inputs = reader.means(row).ok().map(|means| {
            let weights = survey.weights.policy.as_str().to_owned();
            Inputs::Means { means, respondents: reader.respondents(row), weights, population: None }
        });
        let words = PublishedWords { category: self.text(row, "published_grade"), ..PublishedWords::default() };
        let value = decimal(&instrument, self.cell(row, "published_index"));
        let (place, period) = (self.text(row, "unit"), self.text(row, "period"));
        Ok(PublishedResult { place, period, value, words, inputs, ..self.result(row, instrument) })
    }

    /// An IPP row: the index with its category and label, in the year's instrument.
    fn service_index(&self, row: &Row) -> Result<PublishedResult, Problem> {
        let year = year_in(self.cell(row, "year")).unwrap_or("2026");
        let Some(instrument) = in_force_on(Family::ServiceIndex, year)? else {
            return Err(Problem::Input(Phrase::new("verify.no-instrument").with("year", year)));
        };
        let words = PublishedWords {
            category: self.text(row, "published_category"),
            label: self.text(row, "published_label"),
            ..PublishedWords::default()
        };
        let value = decimal(&instrument, self.cell(row, "published_ipp"));
        Ok(PublishedResult { value, words, ..self.result(row, instrument) })
    }

    /// An Ombudsman row: the score with zone, category and opinion, and the unit scores where they were printed.
    fn compliance(&self, row: &Row) -> Result<PublishedResult, Problem> {
        let instrument = instruments::find(self.cell(row, "rule_set"))?;
        let words = PublishedWords {
            category: self.text(row, "published_category"),
            zone: self.text(row, "published_zone"),
            opinion: self.text(row, "published_opinion"),
            label: String::new(),
        };
        let value = decimal(&instrument, self.cell(row, "score"));
        let inputs = units(self.cell(row, "unit_scores_json"));
        Ok(PublishedResult { value, words, inputs, ..self.result(row, instrument) })
    }

    /// What all shapes have.
    fn result(&self, row: &Row, instrument: Instrument) -> PublishedResult {
        PublishedResult {
            id: self.text(row, "id"),
            place: self.text(row, "entity"),
            level: self.text(row, "level"),
            period: self.text(row, "year"),
            instrument,
            value: None,
            words: PublishedWords::default(),
            inputs: None,
            source: self.text(row, "source"),
            note: self.text(row, "note"),
            line: row.line,
        }
    }

    fn text(&self, row: &Row, column: &str) -> String {
        self.cell(row, column).to_owned()
    }
}

fn units(json: &str) -> Option<Inputs> {
    let scores: BTreeMap<String, serde_json::Number> = serde_json::from_str(json).ok()?;
    let units = scores.into_iter().map(|(name, score)| (name, Inputs::Score { score: score.to_string() }));
    Some(Inputs::Units { units: units.collect(), compliance: None })
}

fn decimal(instrument: &Instrument, text: &str) -> Option<Decimal> {
    let number = parse_decimal(text).ok()?;
    Some(instrument.rounding()?.round(&number))
}
