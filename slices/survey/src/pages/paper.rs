//! `/kelola/survei/{id}/kertas`: answers on paper, entered by two people and compared field by field.

use super::plan::services_of;
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
use platform::database::DatabaseError;
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
    /// The unit's own questions with their fields.
    own: Vec<(String, String)>,
    services: Vec<(String, String)>,
    /// What marks the differences that are shown.
    seen: String,
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
    let (waiting, own) = app
        .database()
        .read(move |db| {
            let waiting = store::paper::waiting(db, institution, id)?;
            Ok::<_, DatabaseError>((waiting, store::periods::questions(db, institution, id)?))
        })
        .await?;
    let services = services_of(app, visit, whole).await?;
    let services: Vec<_> = services.into_iter().map(|(service, name)| (service.to_string(), name)).collect();
    let own: Vec<_> = (1..).zip(own).map(|(number, text): (i64, String)| (format!("own-{number}"), text)).collect();
    let (w, instrument) = (visit.words(&WORDS), instrument_of(whole, visit)?);
    let (questions, promises, profile) = (questions(&instrument, w), promises(w), profile(w));
    let mut all: Vec<Question> = questions.iter().chain(&promises).chain(&profile).cloned().collect();
    all.extend(own.iter().map(|(key, text)| Question { key: key.clone(), text: text.clone(), choices: Vec::new() }));
    all.push(Question { key: "service".into(), text: w.text("field.service"), choices: services.clone() });
    let seen = Difference::mark(differences);
    let differences = differences.iter().map(|difference| in_words(difference, &all, w)).collect();
    let said = super::asked(visit, "lembar");
    let said = ["pertama", "dihitung", "diputuskan"].into_iter().find(|known| *known == said);
    let here = PeriodPath { id: whole.period.id.to_string() };
    let page = staff_page(visit, w.text("paper.title")).crumb(whole.unit.facts.name.clone(), here);
    Ok(PaperPage {
        page: page.done(said.map(|said| w.text(&format!("paper-done.{said}")))).with_errors(!form.is_fine()),
        version: whole.period.version,
        waiting,
        questions,
        promises,
        profile,
        own,
        services,
        seen,
        differences,
        form,
        w,
    })
}

/// A difference as people read it: the question, and both choices.
fn in_words(difference: &Difference, all: &[Question], w: Words) -> (String, String, String) {
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
    let (institution, id) = (visit.institution()?, whole.period.id);
    let own = app.database().read(move |db| store::periods::questions(db, institution, id)).await?.len();
    let entered = match Answer::read(&instrument_of(&whole, &visit)?, own, &form) {
        Err(faults) => Err(Refused::Faults(faults)),
        Ok(answer) => {
            let (number, service) = (form.value("sheet").to_owned(), form.value("service").parse().ok());
            let looked_again = (form.value("looked") == "ya").then(|| form.value("seen").to_owned());
            let sheet = Sheet { number, service, answer, looked_again };
            app.database().write(move |db| actions::enter_sheet(db, &desk, account, at, &sheet)).await
        }
    };
    let said = match entered {
        Ok(Entered::First) => "pertama",
        Ok(Entered::Counted) => "dihitung",
        Ok(Entered::Settled) => "diputuskan",
        Ok(Entered::Differs(differences)) => {
            // The tick was for what was shown before.
            form.forget("looked");
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
