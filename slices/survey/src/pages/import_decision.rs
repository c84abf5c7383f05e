//! What was sent as tables, and the decision of another person about the one that waits: `/kelola/survei/{id}/impor/putusan`.

use super::import::{open, page};
use super::{DecisionPath, ImportPath, Whole, desk, done, show_faults};
use crate::actions::{self, Refused};
use crate::answer::Channel;
use crate::import::{FromTable, Import, ImportState};
use crate::permissions::CONFIRM_TABLES;
use crate::trust::{Look, flags};
use crate::{WORDS, store};
use axum::extract::State;
use axum::response::Response;
use calculation::instruments;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::show_again;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

/// A table that was sent, for the list.
pub(super) struct Sent {
    pub(super) day: String,
    pub(super) file: String,
    pub(super) answers: String,
    pub(super) state: (String, &'static str),
    pub(super) reason: String,
}

/// The table that waits.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) lead: String,
    /// What is odd in it.
    pub(super) odd: Vec<String>,
    /// Whether whoever reads this may refuse it, and, when somebody else sent it, confirm it.
    pub(super) mine_to_decide: bool,
    pub(super) my_own: bool,
    pub(super) confirm: String,
}

/// The tables of a period, and the one that waits.
pub(super) async fn sent(app: &App, visit: &Visit, whole: &Whole) -> Result<(Vec<Sent>, Option<Waiting>), Problem> {
    let (institution, period) = (visit.institution()?, whole.period.id);
    let (imports, content) = app
        .database()
        .read(move |db| {
            let imports = store::imports::imports(db, institution, period)?;
            let waits = imports.iter().find(|import| import.state == ImportState::Waiting).map(|import| import.id);
            let content = match waits {
                Some(id) => store::imports::import(db, institution, period, id)?,
                None => None,
            };
            Ok::<_, DatabaseError>((imports, content))
        })
        .await?;
    let w = visit.words(&WORDS);
    let waiting = match content {
        Some((import, Some(content))) => Some(waiting(visit, whole, &import, content).await?),
        _ => None,
    };
    Ok((imports.iter().map(|import| row(import, w)).collect(), waiting))
}

fn row(import: &Import, w: Words) -> Sent {
    let kind = match import.state {
        ImportState::Waiting => "active",
        ImportState::Confirmed => "done",
        ImportState::Refused => "problem",
    };
    Sent {
        day: day(import.sent_on, w.language),
        file: import.file.clone(),
        answers: w.count(u64::try_from(import.answers).unwrap_or(0)),
        state: (w.text(&format!("import-state.{}", import.state.name())), kind),
        reason: import.reason.clone().unwrap_or_default(),
    }
}

async fn waiting(visit: &Visit, whole: &Whole, import: &Import, content: String) -> Result<Waiting, Problem> {
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let (instrument, sent_on) = (whole.period.instrument.clone(), import.sent_on);
    let odd =
        tokio::task::spawn_blocking(move || odd(&instrument, sent_on, &content)).await.map_err(Problem::internal)?;
    let count = w.count(u64::try_from(import.answers).unwrap_or(0));
    Ok(Waiting {
        id: import.id.to_string(),
        lead: format!("{} · {}", import.file, day(import.sent_on, w.language)),
        odd: odd.iter().map(|reason| w.say(reason)).collect(),
        mine_to_decide: person.may(&CONFIRM_TABLES, Some(whole.unit.id)),
        my_own: import.account == person.account,
        confirm: w.fill("import.confirm", [("count", &count)]),
    })
}

/// What looks made up among the answers of a table.
fn odd(instrument: &str, sent_on: time::Date, content: &str) -> Vec<rules::phrase::Phrase> {
    let Ok(instrument) = instruments::find(instrument) else { return Vec::new() };
    let rows: Vec<FromTable> = serde_json::from_str(content).unwrap_or_default();
    let look = |(number, row): (usize, &FromTable)| {
        let answer = row.answer(&instrument, 0).ok()?;
        let (day, choices) = (row.day.unwrap_or(sent_on), answer.answers.into_values().collect());
        Some(Look { id: number.to_be_bytes().to_vec(), day, service: row.service, channel: Channel::File, choices })
    };
    let looks: Vec<Look> = rows.iter().enumerate().filter_map(look).collect();
    flags(&looks).into_iter().map(|flag| flag.reason).collect()
}

/// Confirms or refuses the table that waits.
pub(crate) async fn post_decision(
    path: DecisionPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let whole = open(&app, &visit, &path.id).await?;
    let (desk, account) = (desk(&app, &visit)?, visit.signed_in()?.account);
    let at = (whole.period.id, form.value("version").parse().unwrap_or(0));
    let table = form.value("table").parse().map_err(|_| Problem::not_found())?;
    let (confirmed, reason) = (form.value("decision") == "confirm", form.value("reason").to_owned());
    let decided = app
        .database()
        .write(move |db| actions::decide_table(db, &desk, account, at, (table, confirmed, &reason)))
        .await;
    match decided {
        Ok(()) => Ok(done(&ImportPath { id: path.id }, if confirmed { "dikonfirmasi" } else { "ditolak" })),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&page(&app, &visit, &whole, form).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}
