//! Charts as SVG written by the server: no script, readable in the dark, on paper and by ear.
//!
//! Each has a title that says the finding, a description, values written beside the marks, and a table of the same numbers.
//! Numbers come as canonical decimal text (`73.14`), because they are official; floating point only places them on the paper.

mod bars;
mod drawing;
mod heat;
mod line;
mod quadrants;
mod rows;
#[cfg(test)]
pub(crate) use quadrants::tests::drawn as quadrants_example;
#[cfg(test)]
mod tests;

pub use bars::{Bar, Bars};
pub use heat::Heat;
pub use line::{Line, Series, Slope, SlopeRow};
pub use quadrants::{QuadrantPoint, Quadrants};
pub use rows::{Range, Ranges, Stacked, StackedRow};

use crate::parts::SafeHtml;
use crate::words::Words;
use askama::Template;
use askama::filters::Safe;
use drawing::{Drawing, Mark};
use rules::phrase::Language;

/// What every chart has around its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Identifier of the chart, unique on its page.
    pub id: String,
    /// The finding: "Waktu pelayanan masih unsur terendah".
    pub title: String,
    /// What is drawn, from when to when, from how many answers.
    pub description: String,
    /// What the rows of the table are: "Triwulan", "Unsur".
    pub rows: String,
    /// The reader's language: how numbers are written.
    pub language: Language,
}

/// A value that means something: the beginning of a category, a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The value.
    pub value: String,
    /// What begins there: "A, Sangat Baik".
    pub label: String,
}

/// The numbers of a chart as a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "chart/figure.html")]
struct Figure<'f> {
    frame: &'f Frame,
    drawing: &'f Drawing,
    table: &'f Table,
    words: Words,
}

impl Frame {
    /// The number as the reader's language writes it; a dash for none.
    fn number(&self, value: Option<&str>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.language.number(value))
    }

    fn figure(&self, drawing: &Drawing, table: &Table) -> SafeHtml {
        let figure = Figure { frame: self, drawing, table, words: Words::shared(self.language) };
        Safe(figure.render().unwrap_or_default())
    }
}

/// Where a number lies on the paper; nothing when it is none.
fn place(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}
