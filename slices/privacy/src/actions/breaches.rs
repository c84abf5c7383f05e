//! A breach is recorded, people are told, and it is closed.

use super::{Desk, Refused, year};
use crate::breach::{Breach, BreachId, BreachState, BreachTask, Report};
use crate::notify::Notice;
use crate::rules;
use crate::store::breaches as store;
use platform::audit::Subject;
use platform::database::Write;
use platform::personal::{PersonText, Place, Sealed};
use serde_json::json;

fn subject(id: BreachId) -> Subject {
    Subject::new("breach", id)
}

fn seal(desk: &Desk, column: &'static str, id: BreachId, text: &PersonText) -> Sealed<PersonText> {
    Sealed::new(&desk.secrets, &Place::new(desk.institution, column, id.uuid()), text)
}

/// A report as a breach holds it.
fn written(desk: &Desk, mut breach: Breach, report: &Report) -> Breach {
    let id = breach.id;
    breach.title.clone_from(&report.title);
    breach.what = seal(desk, "breach.what", id, &report.what);
    breach.how = report.how.as_ref().map(|how| seal(desk, "breach.how", id, how));
    breach.handling = report.handling.as_ref().map(|handling| seal(desk, "breach.handling", id, handling));
    breach.contact.clone_from(&report.contact);
    breach.people = report.people;
    breach.public_needed = report.public_needed;
    breach.happened_at = report.happened_at;
    breach.known_at = report.known_at;
    // UU 27/2022 Pasal 46: 3 × 24 hours, whatever day it is.
    breach.due_at = report.known_at + rules::breach_time();
    breach
}

/// Records a breach; the clock runs from when it became known.
///
/// # Errors
/// When the database fails.
pub fn record(db: &mut Write<'_>, desk: &Desk, report: &Report) -> Result<BreachId, Refused> {
    record_as(db, desk, report, BreachId::new(desk.now))
}

/// The same with an identifier of one's own, for the demonstration.
pub(crate) fn record_as(db: &mut Write<'_>, desk: &Desk, report: &Report, id: BreachId) -> Result<BreachId, Refused> {
    let year = year(desk.now);
    let new = Breach {
        id,
        year,
        number: store::next_number(db, desk.institution, year)?,
        state: BreachState::Open,
        version: 1,
        title: String::new(),
        what: seal(desk, "breach.what", id, &report.what),
        how: None,
        handling: None,
        contact: String::new(),
        people: None,
        public_needed: false,
        happened_at: None,
        known_at: report.known_at,
        due_at: report.known_at,
        done_at: [None; 4],
        closed_at: None,
        reminded: 0,
    };
    store::add(db, desk.institution, &written(desk, new, report), &report.holdings)?;
    desk.record(db, "privacy.breach-recorded", subject(id), json!({ "holdings": report.holdings }))?;
    desk.notify(db, Notice::BreachRecorded(id))?;
    Ok(id)
}

fn load(db: &mut Write<'_>, desk: &Desk, id: BreachId, version: i64) -> Result<Breach, Refused> {
    let breach = store::breach(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if breach.version == version { Ok(breach) } else { Err(Refused::Stale) }
}

/// Writes down what is known now.
///
/// # Errors
/// When it is closed, or somebody changed it meanwhile.
pub fn change(db: &mut Write<'_>, desk: &Desk, (id, version): (BreachId, i64), report: &Report) -> Result<(), Refused> {
    let breach = load(db, desk, id, version)?;
    if breach.closed_at.is_some() {
        return Err(Refused::WrongState);
    }
    if !store::change(db, desk.institution, &written(desk, breach, report), &report.holdings)? {
        return Err(Refused::Stale);
    }
    Ok(desk.record(db, "privacy.breach-changed", subject(id), json!({ "holdings": report.holdings }))?)
}

/// Marks a task as done; when everybody was told the clock stops.
///
/// # Errors
/// When it was done, the breach is closed, or somebody changed it meanwhile.
pub fn finish(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (BreachId, i64),
    task: BreachTask,
) -> Result<(), Refused> {
    let breach = load(db, desk, id, version)?;
    if breach.closed_at.is_some() || !store::set_done(db, desk.institution, id, task, desk.now)? {
        return Err(Refused::WrongState);
    }
    desk.record(db, "privacy.breach-task-done", subject(id), json!({ "task": task.name() }))?;
    let breach = store::breach(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if breach.state == BreachState::Open && breach.is_told() {
        let state = breach.state.notify()?;
        if !store::set_state(db, desk.institution, &breach, state, None)? {
            return Err(Refused::Stale);
        }
        desk.record(db, "privacy.breach-notified", subject(id), json!({}))?;
    }
    Ok(())
}

/// Closes a breach of which everybody was told.
///
/// # Errors
/// When somebody was not told, or somebody changed it meanwhile.
pub fn close(db: &mut Write<'_>, desk: &Desk, id: BreachId, version: i64) -> Result<(), Refused> {
    let breach = load(db, desk, id, version)?;
    end(db, desk, &breach, breach.state.close()?, "privacy.breach-closed")
}

/// Says that it was none.
///
/// # Errors
/// When people were told that it was one, or somebody changed it meanwhile.
pub fn dismiss(db: &mut Write<'_>, desk: &Desk, id: BreachId, version: i64) -> Result<(), Refused> {
    let breach = load(db, desk, id, version)?;
    end(db, desk, &breach, breach.state.dismiss()?, "privacy.breach-dismissed")
}

fn end(db: &mut Write<'_>, desk: &Desk, breach: &Breach, state: BreachState, act: &'static str) -> Result<(), Refused> {
    if !store::set_state(db, desk.institution, breach, state, Some(desk.now))? {
        return Err(Refused::Stale);
    }
    Ok(desk.record(db, act, subject(breach.id), json!({}))?)
}
