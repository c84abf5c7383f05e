//! The rules there are: embedded ones, found by name, by family and day; and a city's own, read from its text.

use crate::problem::Problem;
use rules::instrument::{Body, Instrument, embedded, load, named, read};
use rules::phrase::{Language, Phrase, Text};
use rules::quantity::exact_text;

pub use rules::instrument::in_force_on;

/// All embedded instruments, grouped by family and in order of their dates.
///
/// # Errors
/// Never in a tested build; see [`rules::instrument::load`].
pub fn all() -> Result<Vec<Instrument>, Problem> {
    Ok(embedded().filter_map(|id| load(id).transpose()).collect::<Result<_, _>>()?)
}

/// The embedded instrument of a name, or of a name it has elsewhere. No file is ever read: the name may come from a stranger.
///
/// # Errors
/// When there is none of that name.
pub fn find(name: &str) -> Result<Instrument, Problem> {
    named(name)?.ok_or_else(|| {
        let known: Vec<&str> = embedded().collect();
        let phrase = Phrase::new("instruments.unknown").with("instrument", name).with("known", known.join(", "));
        Problem::Request(phrase)
    })
}

/// A city's own instrument from the text of its file. It has an identifier of its own: results name their instrument by it, and
/// nobody must take a city's rules for the nation's.
///
/// # Errors
/// When the text is refused, or carries the name of an embedded instrument without being the same.
pub fn read_own(file: &str, text: &str) -> Result<Instrument, Problem> {
    let own = read(file, text)?;
    match named(&own.header.id)? {
        Some(embedded) if embedded != own => {
            let phrase = Phrase::new("instruments.id-taken").with("file", file);
            Err(Problem::Input(phrase.with("instrument", own.header.id.as_str())))
        }
        _ => Ok(own),
    }
}

/// The problem that an instrument of this family gives no value.
#[must_use]
pub fn no_index(instrument: &Instrument) -> Problem {
    Problem::Request(Phrase::new("score.no-index").with("instrument", instrument.header.id.as_str()))
}

/// One part an instrument is made of: an element, indicator, dimension, kind of complaint, day, component or section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Stable key.
    pub key: String,
    /// Name in the language asked for.
    pub name: String,
    /// Exact weight (`1/9`), or working days of a kind of complaint; nothing where it has none.
    pub weight: Option<String>,
}

/// The parts an instrument is made of.
#[must_use]
pub fn parts(instrument: &Instrument, language: Language) -> Vec<Part> {
    let of = |key: &str, name: &Text, weight: Option<String>| {
        let (key, name) = (key.to_owned(), name.in_language(language).to_owned());
        Part { key, name, weight }
    };
    match &instrument.body {
        Body::Satisfaction(survey) => {
            let weight = exact_text(&survey.weights.policy.weight(survey.elements.len()));
            survey.elements.iter().map(|element| of(&element.key, &element.name, Some(weight.clone()))).collect()
        }
        Body::ServiceIndex(index) => {
            let weight_of = |indicator: &rules::service_index::Indicator| {
                let aspect = index.aspects.iter().find(|aspect| aspect.key == indicator.aspect)?;
                indicator.scored.then(|| exact_text(&(&aspect.weight * &indicator.weight)))
            };
            index.indicators.iter().map(|indicator| of(&indicator.key, &indicator.name, weight_of(indicator))).collect()
        }
        Body::Compliance(assessment) => {
            let dimension = |dimension: &rules::compliance_zone::Dimension| {
                of(&dimension.key, &dimension.name, Some(exact_text(&dimension.weight)))
            };
            assessment.dimensions.iter().map(dimension).collect()
        }
        Body::Complaints(rules) => {
            rules.kinds.iter().map(|kind| of(&kind.key, &kind.name, Some(kind.working_days.to_string()))).collect()
        }
        Body::Calendar(file) => file.days.iter().map(|day| of(&day.date, &day.name, None)).collect(),
        Body::ServiceStandard(standard) => {
            standard.components.iter().map(|component| of(&component.key, &component.name, None)).collect()
        }
        Body::Innovation(competition) => {
            let sections = competition.sections.iter();
            sections
                .map(|section| of(&format!("{}/{}", section.group, section.key), &section.name, section.weight.clone()))
                .collect()
        }
    }
}
