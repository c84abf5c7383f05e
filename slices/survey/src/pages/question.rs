//! The questions of a survey in the reader's language, for the list, for one at a time, and for paper.

use crate::answer::{PROFILE, PROMISES};
use crate::period::survey;
use platform::words::Words;
use rules::instrument::Instrument;
use rules::satisfaction_index::Order;

/// A question with its choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// The name of its field: the key of the element.
    pub(crate) key: String,
    /// "1. Bagaimana pendapat Saudara …"
    pub(crate) text: String,
    /// Value and words.
    pub(crate) choices: Vec<(String, String)>,
}

/// The questions on the elements, in the order of the questionnaire.
pub(crate) fn questions(instrument: &Instrument, w: Words) -> Vec<Question> {
    let Some(survey) = survey(instrument) else { return Vec::new() };
    let question = |(place, key): (usize, &String)| {
        let element = survey.element(key);
        let lowest = usize::from(survey.answers.lowest);
        let answers = element.map(|element| element.answers.as_slice()).unwrap_or_default();
        let choice = |(place, words): (usize, &rules::phrase::Text)| {
            ((place + lowest).to_string(), words.in_language(w.language).to_owned())
        };
        // An element of a later instrument has no sentence here yet; its name says enough.
        let worded = format!("question.{key}");
        let words = match w.text(&worded) {
            text if text == worded => element.map(|element| element.name.in_language(w.language).to_owned()),
            text => Some(text),
        };
        Question {
            key: key.clone(),
            text: format!("{}. {}", place + 1, words.unwrap_or_default()),
            choices: answers.iter().enumerate().map(choice).collect(),
        }
    };
    survey.keys_in(Order::Questionnaire).iter().enumerate().map(question).collect()
}

/// "Janji vs kenyataan": three questions with yes and no.
pub(crate) fn promises(w: Words) -> Vec<Question> {
    let choices = || ["ya", "tidak"].map(|value| (value.to_owned(), w.text(&format!("promise-choice.{value}"))));
    let question = |name: &str| Question {
        key: format!("promise-{name}"),
        text: w.text(&format!("promise.{name}")),
        choices: choices().to_vec(),
    };
    PROMISES.into_iter().map(question).collect()
}

/// What people may tell of themselves.
pub(crate) fn profile(w: Words) -> Vec<Question> {
    let question = |(column, choices): (&str, &[&str])| Question {
        key: column.to_owned(),
        text: w.text(&format!("profile.{column}.title")),
        choices: choices.iter().map(|choice| ((*choice).to_owned(), profile_words(w, column, choice))).collect(),
    };
    PROFILE.into_iter().map(question).collect()
}

/// The words of a choice of the profile.
pub(crate) fn profile_words(w: Words, column: &str, choice: &str) -> String {
    w.text(&format!("profile.{column}.{choice}"))
}
