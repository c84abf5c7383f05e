//! The steps of a calculation, as a tree that a person can follow with a pocket calculator.

use crate::phrase::Phrase;
use crate::quantity::{Decimal, Ratio, exact_text};

/// Places shown for a value in the middle of a calculation.
pub const SHOWN_PLACES: usize = 4;

/// One step: what is computed, from which inputs, by which formula, with which outcome, and by which article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is computed.
    pub what: Phrase,
    /// Named inputs, in the order of the formula.
    pub inputs: Vec<Input>,
    /// The formula with its numbers, in canonical notation: `105 ÷ 29`.
    pub formula: String,
    /// The outcome as shown: a number with its places, or a word (a category).
    pub output: String,
    /// The outcome without rounding, when it is a number.
    pub exact: Option<Ratio>,
    /// Regulation and article of this step.
    pub citation: String,
    /// The steps that led to the inputs.
    pub children: Vec<Step>,
}

/// A named input of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What the number is.
    pub name: Phrase,
    /// The number in canonical notation, or a word.
    pub value: String,
}

impl Step {
    /// A step with a numeric outcome, shown with four places or exactly when shorter.
    #[must_use]
    pub fn number(what: Phrase, formula: impl Into<String>, value: &Ratio, citation: &str) -> Self {
        Self {
            what,
            inputs: Vec::new(),
            formula: formula.into(),
            output: shown(value),
            exact: Some(value.clone()),
            citation: citation.to_owned(),
            children: Vec::new(),
        }
    }

    /// A step whose outcome is a word or an already rounded number.
    #[must_use]
    pub fn words(what: Phrase, formula: impl Into<String>, output: impl Into<String>, citation: &str) -> Self {
        Self {
            what,
            inputs: Vec::new(),
            formula: formula.into(),
            output: output.into(),
            exact: None,
            citation: citation.to_owned(),
            children: Vec::new(),
        }
    }

    /// The same step with one more named input.
    #[must_use]
    pub fn input(mut self, name: Phrase, value: impl Into<String>) -> Self {
        self.inputs.push(Input { name, value: value.into() });
        self
    }

    /// The same step with the steps that led to it.
    #[must_use]
    pub fn led_by(mut self, children: Vec<Step>) -> Self {
        self.children = children;
        self
    }
}

/// A value in the middle of a calculation: exact when it has at most four places, else rounded to four.
#[must_use]
pub fn shown(value: &Ratio) -> String {
    let exact = exact_text(value);
    let short = exact.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= SHOWN_PLACES);
    if short && !exact.contains('/') { exact } else { Decimal::half_up(value, SHOWN_PLACES).to_string() }
}
