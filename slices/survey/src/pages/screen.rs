//! `/s/{code}/layar`: one question at a time, for a tablet at the counter. Each choice is a button that leads on; nothing is kept
//! on the way, what was chosen travels with the form, and the last step sends all of it.

use super::open::{about, find, new_delivery, own_questions, used};
use super::question::{Question, promises, questions};
use super::{ScreenPath, SurveyPath, enter, known_instrument, not_kept};
use crate::WORDS;
use crate::answer::is_delivery;
use crate::token::Code;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/screen.html")]
struct ScreenPage {
    page: Page,
    w: Words,
    form: Form,
    about: String,
    /// "Pertanyaan 3 dari 9".
    place: String,
    /// The number of this step, from one.
    step: usize,
    /// The question of this step; nothing on the last one, which sends.
    question: Option<Question>,
    promises: Vec<Question>,
    /// The unit's own questions with their fields, on the last step.
    own: Vec<(String, String)>,
    /// What travels with the form: names and values.
    kept: Vec<(String, String)>,
    /// Where the last step sends to.
    send: String,
}

/// The first question.
pub(crate) async fn show_first(path: ScreenPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    screen(&path.code, &app, &visit, Form::new()).await
}

/// The question after the one that was answered, or the one before.
pub(crate) async fn post_step(
    path: ScreenPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    screen(&path.code, &app, &visit, form).await
}

async fn screen(typed: &str, app: &App, visit: &Visit, form: Form) -> Result<Response, Problem> {
    let Ok(code) = Code::read(typed) else { return enter::wrong_code(visit, typed) };
    let Some(survey) = find(app, visit, &code).await? else { return used(visit) };
    let w = visit.words(&WORDS);
    let questions = questions(known_instrument(&survey.instrument)?, w);
    let step = step_of(&form, &questions);
    let delivery = match form.value("kiriman") {
        named if is_delivery(named) => named.to_owned(),
        _ => new_delivery(),
    };
    let mut kept = vec![("kiriman".to_owned(), delivery), ("survei".to_owned(), survey.period.to_string())];
    let chosen = questions.iter().enumerate().filter(|(place, _)| place + 1 != step);
    let chosen = chosen.map(|(_, question)| (question.key.clone(), form.value(&question.key).to_owned()));
    kept.extend(chosen.filter(|(_, value)| !value.is_empty()));
    let place = match step <= questions.len() {
        true => w.fill("screen.place", [("number", &step.to_string()), ("all", &questions.len().to_string())]),
        false => w.text("screen.last"),
    };
    let own = if step > questions.len() { own_questions(app, visit, &survey).await? } else { Vec::new() };
    let shown = show(&ScreenPage {
        page: visit.page(w.text("open.title")),
        about: about(&survey),
        place,
        step,
        question: questions.into_iter().nth(step - 1),
        promises: promises(w),
        own,
        kept,
        send: SurveyPath { code: code.printed() }.to_string(),
        form,
        w,
    })?;
    Ok(not_kept(shown))
}

/// The step to show: after the question that was answered, before it when somebody goes back, and never behind one without an answer.
fn step_of(form: &Form, questions: &[Question]) -> usize {
    let at: usize = form.value("langkah").parse().unwrap_or(0);
    let wanted = if form.value("kembali") == "ya" { at.saturating_sub(1) } else { at + 1 };
    let open = questions.iter().position(|question| form.value(&question.key).is_empty());
    let furthest = open.map_or(questions.len() + 1, |place| place + 1);
    wanted.clamp(1, furthest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(fields: &[(&'static str, &str)]) -> usize {
        let question = |key: &str| Question { key: key.into(), text: String::new(), choices: Vec::new() };
        let form = Form::filled(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        step_of(&form, &[question("a"), question("b"), question("c")])
    }

    #[test]
    fn each_choice_leads_on_and_one_can_go_back() {
        assert_eq!(step(&[]), 1);
        assert_eq!(step(&[("langkah", "1"), ("a", "3")]), 2);
        assert_eq!(step(&[("langkah", "2"), ("a", "3"), ("kembali", "ya")]), 1);
        assert_eq!(step(&[("langkah", "3"), ("a", "3"), ("b", "3"), ("c", "3")]), 4, "the step that sends");
    }

    #[test]
    fn nobody_passes_a_question_without_an_answer() {
        assert_eq!(step(&[("langkah", "1")]), 1);
        assert_eq!(step(&[("langkah", "9"), ("a", "3")]), 2);
        assert_eq!(step(&[("langkah", "1"), ("kembali", "ya")]), 1);
    }
}
