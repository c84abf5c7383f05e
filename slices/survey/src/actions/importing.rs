//! Answers from a table: one person sends it, another confirms that it tells of real visits; only then do its answers count.

use super::periods::{load, subject};
use super::{Desk, REASON, Refused};
use crate::answer::{AnswerId, Channel};
use crate::fault::Fault;
use crate::import::{FromTable, Import, ImportId, ImportState};
use crate::period::{Period, PeriodId, PeriodState};
use crate::store::answers::{self, Belonging};
use crate::store::{counts, imports as store, periods};
use crate::table::Checked;
use calculation::instruments;
use platform::database::{DatabaseError, Write};
use platform::identity::AccountId;
use serde_json::json;

/// Keeps the new answers of a table until somebody else has decided. Nothing of it counts before.
///
/// # Errors
/// When the period takes no answers any more, another table of it waits, or the table adds nothing.
pub fn send_table(
    db: &mut Write<'_>,
    desk: &Desk,
    account: AccountId,
    (id, version): (PeriodId, i64),
    (file, checked): (&str, &Checked),
) -> Result<ImportId, Refused> {
    let period = load(db, desk, id, version)?;
    takes_late(&period, desk)?;
    if store::waits(db, desk.institution, id)? {
        return Err(Refused::TableWaits);
    }
    let counts = checked.review.counts();
    if checked.answers.is_empty() {
        return Err(vec![Fault::new("berkas", "fault.nothing-new")].into());
    }
    let import = Import {
        id: ImportId::new(desk.now),
        file: file.to_owned(),
        account,
        sent_on: desk.today(),
        answers: number(checked.answers.len()),
        same: number(counts.unchanged),
        state: ImportState::Waiting,
        reason: None,
    };
    let content = serde_json::to_string(&checked.answers).map_err(|error| DatabaseError::Other(error.into()))?;
    store::add(db, desk.institution, id, &import, &content)?;
    let detail = json!({ "answers": import.answers, "same": import.same, "left_out": counts.wrong });
    desk.record(db, "survey.table-sent", subject(id), detail)?;
    Ok(import.id)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whether the period still takes what was gathered without a line: tables, sheets.
pub(super) fn takes_late(period: &Period, desk: &Desk) -> Result<(), Refused> {
    match period.state {
        PeriodState::Open if period.plan.takes(desk.today(), true) => Ok(()),
        PeriodState::Open => Err(Refused::OutOfDays),
        _ => Err(Refused::WrongState),
    }
}

/// Confirms that the answers of a table are of real visits, so that they count, or refuses the table, so that nothing of it is kept.
///
/// # Errors
/// When somebody decided before, whoever sent the table confirms it, or no reason is given.
pub fn decide_table(
    db: &mut Write<'_>,
    desk: &Desk,
    account: AccountId,
    (id, version): (PeriodId, i64),
    (table, confirmed, reason): (ImportId, bool, &str),
) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    if period.state != PeriodState::Open {
        return Err(Refused::WrongState);
    }
    let (import, content) = store::import(db, desk.institution, id, table)?.ok_or(Refused::NotFound)?;
    let state = if confirmed { import.state.confirm()? } else { import.state.refuse()? };
    // Whoever sent it may take it back, and nobody confirms their own.
    if confirmed && import.account == account {
        return Err(Refused::SamePerson);
    }
    if !REASON.contains(&reason.chars().count()) {
        return Err(vec![Fault::new("reason", "fault.reason")].into());
    }
    let rows: Vec<FromTable> =
        serde_json::from_str(content.as_deref().unwrap_or("[]")).map_err(|error| DatabaseError::Other(error.into()))?;
    let mut kept = Vec::new();
    if confirmed {
        let instrument = instruments::find(&period.instrument)?;
        let questions = periods::questions(db, desk.institution, id)?.len();
        let (institution, channel) = (desk.institution, Channel::File);
        for row in &rows {
            let (answer, day) = (row.answer(&instrument, questions)?, row.day.unwrap_or(import.sent_on));
            let belonging = Belonging { institution, period: id, service: row.service, channel, day };
            if answers::put(db, &belonging, &AnswerId::of(institution, id, &row.delivery), &answer)? {
                answers::add_texts(db, &belonging, &row.delivery, &answer)?;
                kept.push((belonging, answer));
            }
        }
        // Counted together: twenty thousand answers are few counts.
        counts::add(db, kept.iter().map(|(belonging, answer)| (belonging, answer)))?;
    }
    if !store::decide(db, desk.institution, table, (state, reason, desk.today()))? {
        return Err(Refused::AlreadyDecided);
    }
    let act = if confirmed { "survey.table-confirmed" } else { "survey.table-refused" };
    Ok(desk.record(db, act, subject(id), json!({ "answers": kept.len(), "sent": rows.len(), "reason": reason }))?)
}
