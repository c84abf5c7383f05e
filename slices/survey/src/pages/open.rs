//! `/s/{code}`: the survey of a visit as a list of questions, and what is sent from it.

use super::question::{Question, profile, promises, questions};
use super::{ScreenPath, SurveyPath, enter, known_instrument, not_kept, receipt, show_faults};
use crate::actions::{self, Delivered, Refused, Sending};
use crate::answer::is_delivery;
use crate::period::PeriodId;
use crate::store::codes::OpenSurvey;
use crate::token::Code;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use platform::app::App;
use platform::database::Uuid;
use platform::form::Form;
use platform::page::{Page, show, show_again, show_with};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/open.html")]
struct OpenPage {
    page: Page,
    w: Words,
    form: Form,
    about: String,
    delivery: String,
    period: String,
    questions: Vec<Question>,
    promises: Vec<Question>,
    profile: Vec<Question>,
    own: Vec<(String, String)>,
    screen: String,
}

#[derive(Template)]
#[template(path = "pages/used.html")]
struct UsedPage {
    page: Page,
    w: Words,
}

/// The survey of an unused code; nothing when it was used, or its period is not open.
pub(crate) async fn find(app: &App, visit: &Visit, code: &Code) -> Result<Option<OpenSurvey>, Problem> {
    let institution = visit.institution()?;
    let (hash, today) = (code.hash(institution), visit.site().zone.date(app.now()));
    Ok(app.database().read(move |db| store::codes::open_survey(db, institution, hash, today)).await?)
}

/// A name for what will be sent: random, so that it tells nothing.
pub(crate) fn new_delivery() -> String {
    Uuid::from_bytes(platform::clock::random()).simple().to_string()
}

/// The questions.
pub(crate) async fn show_survey(path: SurveyPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let Ok(code) = Code::read(&path.code) else { return enter::wrong_code(&visit, &path.code) };
    match find(&app, &visit, &code).await? {
        Some(survey) => {
            let form = Form::filled([("kiriman", new_delivery())]);
            show(&page(&app, &visit, &code, &survey, form).await?).map(not_kept)
        }
        None => used(&visit),
    }
}

/// The page of a code that was used. "410 Gone", as for other links that were used.
pub(crate) fn used(visit: &Visit) -> Result<Response, Problem> {
    let w = visit.words(&WORDS);
    show_with(StatusCode::GONE, &UsedPage { page: visit.page(w.text("used.title")), w })
}

/// Takes an answer.
pub(crate) async fn post_survey(
    path: SurveyPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let Ok(code) = Code::read(&path.code) else { return enter::wrong_code(&visit, &path.code) };
    match deliver(&app, &visit, &code, &form).await {
        Ok((delivered, delivery)) => {
            Ok(Redirect::to(&receipt::address(&app, delivered.period, &delivery)).into_response())
        }
        Err(Refused::Used) => used(&visit),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            match find(&app, &visit, &code).await? {
                Some(survey) => show_again(&page(&app, &visit, &code, &survey, form).await?).map(not_kept),
                None => used(&visit),
            }
        }
        Err(refused) => Err(refused.into()),
    }
}

async fn deliver(app: &App, visit: &Visit, code: &Code, form: &Form) -> Result<(Delivered, String), Refused> {
    let named = form.value("kiriman");
    let delivery = if is_delivery(named) { named.to_owned() } else { new_delivery() };
    let sending = Sending {
        institution: visit.site().institution.ok_or(Refused::NotFound)?,
        day: visit.site().zone.date(app.now()),
        code: code.clone(),
        delivery: delivery.clone(),
        period: form.value("survei").parse::<PeriodId>().ok(),
        offline: form.value("luring") == "ya",
    };
    let form = form.clone();
    let delivered = app.database().write(move |db| actions::answer(db, &sending, &form)).await?;
    Ok((delivered, delivery))
}

async fn page(app: &App, visit: &Visit, code: &Code, survey: &OpenSurvey, form: Form) -> Result<OpenPage, Problem> {
    let w = visit.words(&WORDS);
    let instrument = known_instrument(&survey.instrument)?;
    let own = own_questions(app, visit, survey).await?;
    Ok(OpenPage {
        page: visit.page(w.text("open.title")).with_errors(!form.is_fine()),
        about: about(survey),
        delivery: form.value("kiriman").to_owned(),
        period: survey.period.to_string(),
        questions: questions(instrument, w),
        promises: promises(w),
        profile: profile(w),
        own,
        screen: ScreenPath { code: code.printed() }.to_string(),
        form,
        w,
    })
}

/// The unit's own questions with their fields. Only where there are any is the database asked for them.
pub(super) async fn own_questions(
    app: &App,
    visit: &Visit,
    survey: &OpenSurvey,
) -> Result<Vec<(String, String)>, Problem> {
    if survey.own_questions == 0 {
        return Ok(Vec::new());
    }
    let (institution, period) = (visit.institution()?, survey.period);
    let own: Vec<String> = app.database().read(move |db| store::periods::questions(db, institution, period)).await?;
    Ok((1..).zip(own).map(|(number, question): (i64, String)| (format!("own-{number}"), question)).collect())
}

/// What is judged: "Dinas Sosial · Kartu Keluarga".
pub(crate) fn about(survey: &OpenSurvey) -> String {
    match &survey.service_name {
        Some(service) => format!("{} · {service}", survey.unit_name),
        None => survey.unit_name.clone(),
    }
}
