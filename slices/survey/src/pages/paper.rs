//! `/kelola/survei/{id}/kertas`: answers on paper, entered by two people and compared field by field.

use super::question::{Question, profile, promises, questions};
use super::{PaperPath, PeriodPath, Whole, desk, load, show_faults, staff_page};
use crate::actions::{self, Difference, Entered, Refused, Sheet};
use crate::answer::Answer;
use crate::period::PeriodState;
use crate::permissions::ENTER_SHEETS;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use calculation::instruments;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::instrument::Instrument;

#[derive(Template)]
#[template(path = "pages/paper.html")]
struct PaperPage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    waiting: Vec<String>,
    questions: Vec<Question>,
    promises: Vec<Question>,
    profile: Vec<Question>,
    /// Field, first and second entry in words; after a comparison only.
    differences: Vec<(String, String, String)>,
}

fn instrument_of(whole: &Whole, visit: &Visit) -> Result<Instrument, Problem> {
    instruments::find(&whole.period.instrument).map_err(|problem| Problem::internal(problem.message(visit.language())))
}

async fn open(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let whole = load(app, visit, id, &ENTER_SHEETS).await?;
    if whole.period.state == PeriodState::Open { Ok(whole) } else { Err(Refused::WrongState.into()) }
}

async fn page(
    app: &App,
    visit: &Visit,
    whole: &Whole,
    form: Form,
    differences: &[Difference],
) -> Result<PaperPage, Problem> {
    let (institution, id) = (visit.institution()?, whole.period.id);
    let waiting = app.database().read(move |db| store::paper::waiting(db, institution, id)).await?;
    let (w, instrument) = (visit.words(&WORDS), instrument_of(whole, visit)?);
    let (questions, promises, profile) = (questions(&instrument, w), promises(w), profile(w));
    let all: Vec<&Question> = questions.iter().chain(&promises).chain(&profile).collect();
    let differences = differences.iter().map(|difference| in_words(difference, &all, w)).collect();
    let said = super::asked(visit, "lembar");
    let said = ["pertama", "dihitung"].into_iter().find(|known| *known == said);
    let here = PeriodPath { id: whole.period.id.to_string() };
    let page = staff_page(visit, w.text("paper.title")).crumb(whole.unit.facts.name.clone(), here);
    Ok(PaperPage {
        page: page.done(said.map(|said| w.text(&format!("paper-done.{said}")))).with_errors(!form.is_fine()),
        version: whole.period.version,
        waiting,
        questions,
        promises,
        profile,
        differences,
        form,
        w,
    })
}

/// A difference as people read it: the question, and both choices.
fn in_words(difference: &Difference, all: &[&Question], w: Words) -> (String, String, String) {
    let question = all.iter().find(|question| question.key == difference.field);
    let choice = |value: &str| match question.and_then(|question| question.choices.iter().find(|(key, _)| key == value))
    {
        Some((_, words)) => words.clone(),
        None if value.is_empty() => "–".to_owned(),
        None => value.to_owned(),
    };
    let name = question.map_or_else(|| w.text("open.suggestion"), |question| question.text.clone());
    (name, choice(&difference.first), choice(&difference.second))
}

/// The form of a sheet.
pub(crate) async fn show_sheet(path: PaperPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    show(&page(&app, &visit, &whole, Form::new(), &[]).await?)
}

/// Enters a sheet.
pub(crate) async fn post_sheet(
    path: PaperPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let (desk, account) = (desk(&app, &visit)?, visit.signed_in()?.account);
    let at = (whole.period.id, form.value("version").parse().unwrap_or(0));
    let entered = match Answer::read(&instrument_of(&whole, &visit)?, 0, &form) {
        Err(faults) => Err(Refused::Faults(faults)),
        Ok(answer) => {
            let number = form.value("sheet").to_owned();
            let sheet = Sheet { number, answer, looked_again: form.value("looked") == "ya" };
            app.database().write(move |db| actions::enter_sheet(db, &desk, account, at, &sheet)).await
        }
    };
    let said = match entered {
        Ok(Entered::First) => "pertama",
        Ok(Entered::Counted) => "dihitung",
        Ok(Entered::Differs(differences)) => {
            return show_again(&page(&app, &visit, &whole, form, &differences).await?);
        }
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            return show_again(&page(&app, &visit, &whole, form, &[]).await?);
        }
        Err(refused) => return Err(refused.into()),
    };
    Ok(Redirect::to(&format!("{}?lembar={said}", PaperPath { id: path.id })).into_response())
}
