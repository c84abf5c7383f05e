//! `/kelola/survei/{id}/xlsform.xlsx` and `…/rencana/xlsform`: the questionnaire for KoboToolbox and ODK, and the unit's own questions out
//! of one.

use super::plan::{filled, plan_page};
use super::{PlanFormPath, Whole, XlsFormPath, load};
use crate::WORDS;
use crate::actions::Refused;
use crate::period::PeriodState;
use crate::permissions::{KEEP_PERIODS, READ_PERIODS};
use crate::questionnaire::Questionnaire;
use crate::{store, xlsform};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use organisation::import::{read_table, say};
use platform::app::App;
use platform::page::{show, show_again};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::Visit;

async fn questionnaire(app: &App, visit: &Visit, whole: &Whole) -> Result<Questionnaire, Problem> {
    let (institution, id) = (visit.institution()?, whole.period.id);
    let own = app.database().read(move |db| store::periods::questions(db, institution, id)).await?;
    let made = Questionnaire::of(&whole.period, &whole.unit, &own);
    made.map_err(|problem| Problem::internal(problem.message(visit.language())))
}

/// The questionnaire as a workbook.
pub(crate) async fn export(path: XlsFormPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &READ_PERIODS).await?;
    let book = xlsform::export(&questionnaire(&app, &visit, &whole).await?).map_err(Problem::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"survei-{}.xlsx\"", whole.unit.slug);
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name.as_str())], book).into_response())
}

/// Puts the questions of a workbook into the form of the plan. Nothing is saved before somebody has looked at them.
pub(crate) async fn import(
    path: PlanFormPath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &KEEP_PERIODS).await?;
    if whole.period.state != PeriodState::Planned {
        return Err(Refused::WrongState.into());
    }
    let (w, known) = (visit.words(&WORDS), questionnaire(&app, &visit, &whole).await?);
    let mut form = filled(&app, &visit, &whole).await?;
    let Some(file) = upload.file("xlsform").filter(|file| file.bytes > 0) else {
        form.fault("xlsform", w.text("fault.xlsform"));
        return show_again(&plan_page(&app, &visit, &whole, form).await?);
    };
    let (place, name) = (file.path().to_owned(), file.name.clone());
    let table = tokio::task::spawn_blocking(move || read_table(&place, &name, xlsform::MOST_ROWS));
    let read = match table.await.map_err(Problem::internal)? {
        Ok(table) => xlsform::read(&table, &known),
        Err(fault) => Err(fault),
    };
    match read {
        Err(fault) => {
            form.fault("xlsform", say(&fault, visit.language()));
            show_again(&plan_page(&app, &visit, &whole, form).await?)
        }
        Ok(read) => {
            form.set("questions", read.questions.join("\n"));
            let mut page = plan_page(&app, &visit, &whole, form).await?;
            let row = |(line, fault): &(u64, crate::Fault)| (w.count(*line), w.say(&fault.phrase));
            page.wrong = read.wrong.iter().map(row).collect();
            page.read = Some(w.fill("xlsform.read", [("count", &w.count(read.questions.len() as u64))]));
            show(&page)
        }
    }
}
