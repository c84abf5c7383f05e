//! `/kelola/survei/{id}/periksa`: answers that look made up, each flag with its reason, and what somebody decided.

use super::{JudgePath, PeriodPath, Whole, desk, done, load, show_faults, staff_page};
use crate::WORDS;
use crate::actions::{self, Refused};
use crate::period::PeriodState;
use crate::permissions::JUDGE_ANSWERS;
use crate::store::judging::{self, Exclusion, Looked};
use crate::trust::flags;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/judge.html")]
struct JudgePage {
    page: Page,
    w: Words,
    form: Form,
    version: i64,
    /// Whether a decision corrects what everybody has seen.
    published: bool,
    flags: Vec<Shown>,
}

struct Shown {
    key: String,
    reason: String,
    answers: String,
    /// The reason of whoever left them out.
    left_out: Option<String>,
}

async fn closed(app: &App, visit: &Visit, id: &str) -> Result<Whole, Problem> {
    let whole = load(app, visit, id, &JUDGE_ANSWERS).await?;
    if whole.period.state.has_result() { Ok(whole) } else { Err(Refused::WrongState.into()) }
}

async fn page(app: &App, visit: &Visit, whole: &Whole, form: Form) -> Result<JudgePage, Problem> {
    let (institution, id) = (visit.institution()?, whole.period.id);
    let (rows, decided): (Vec<Looked>, Vec<Exclusion>) = app
        .database()
        .read(move |db| {
            let rows = judging::looks(db, institution, id)?;
            Ok::<_, DatabaseError>((rows, judging::exclusions(db, institution, id)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let looks: Vec<_> = rows.into_iter().map(|row| row.look).collect();
    let shown = |flag: crate::trust::Flag| Shown {
        reason: w.say(&flag.reason),
        answers: w.count(flag.answers.len() as u64),
        left_out: decided.iter().find(|decision| decision.flag == flag.key).map(|decision| decision.reason.clone()),
        key: flag.key,
    };
    let here = PeriodPath { id: whole.period.id.to_string() };
    let page = staff_page(visit, w.text("judge.title")).crumb(whole.unit.facts.name.clone(), here);
    Ok(JudgePage {
        page: page.with_errors(!form.is_fine()),
        version: whole.period.version,
        published: whole.period.state == PeriodState::Published,
        flags: flags(&looks).into_iter().map(shown).collect(),
        form,
        w,
    })
}

/// Shows the flags.
pub(crate) async fn show_flags(path: JudgePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = closed(&app, &visit, &path.id).await?;
    show(&page(&app, &visit, &whole, Form::new()).await?)
}

/// Leaves the answers of a flag out, or takes them in again.
pub(crate) async fn post_judgement(
    path: JudgePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = closed(&app, &visit, &path.id).await?;
    let desk = desk(&app, &visit)?;
    let at = (whole.period.id, form.value("version").parse().unwrap_or(0));
    let (key, reason) = (form.value("flag").to_owned(), form.value("reason").to_owned());
    let leave_out = form.value("decision") == "out";
    let judged = app.database().write(move |db| actions::judge(db, &desk, at, (&key, leave_out, &reason))).await;
    match judged {
        Ok(()) => Ok(done(&JudgePath { id: path.id }, "diputuskan")),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&page(&app, &visit, &whole, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}
