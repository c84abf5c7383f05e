//! Periods are planned, opened and closed.

use super::webhooks::announce_of;
use super::{Desk, Refused};
use crate::fault::Fault;
use crate::importance;
use crate::period::{Names, Period, PeriodId, PeriodState, Plan};
use crate::result::Named;
use crate::store::{codes, counts, imports, keys, paper, periods as store};
use crate::webhook::Event;
use calculation::instruments;
use platform::audit::Subject;
use platform::database::{DatabaseError, Write};
use platform::identity::UnitId;
use rules::phrase::Phrase;
use serde_json::json;
use services::ServiceId;

pub(super) fn subject(id: PeriodId) -> Subject {
    Subject::new("survey-period", id)
}

/// Loads a period that still has the version somebody saw.
pub(super) fn load(db: &mut Write<'_>, desk: &Desk, id: PeriodId, version: i64) -> Result<Period, Refused> {
    let period = store::period(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if period.version == version { Ok(period) } else { Err(Refused::Stale) }
}

fn saved(was: bool) -> Result<(), Refused> {
    if was { Ok(()) } else { Err(Refused::Stale) }
}

/// Plans a period of a unit; the instrument is that of its first day.
///
/// # Errors
/// When the unit is unknown, it has another period on one of these days, or no instrument is in force on the first.
pub fn plan(db: &mut Write<'_>, desk: &Desk, unit: UnitId, plan: &Plan) -> Result<PeriodId, Refused> {
    plan_as(db, desk, unit, plan, PeriodId::new(desk.now))
}

/// The same with an identifier of one's own, for the demonstration.
pub(crate) fn plan_as(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    plan: &Plan,
    id: PeriodId,
) -> Result<PeriodId, Refused> {
    organisation::unit(db, desk.institution, unit)?.ok_or(Refused::NotFound)?;
    apart(db, desk, unit, (id, plan))?;
    let instrument = instrument_of(plan)?;
    let period = Period {
        id,
        unit,
        plan: plan.clone(),
        instrument,
        state: PeriodState::Planned,
        version: 1,
        closed_at: None,
        published_at: None,
        inputs: None,
        all_inputs: None,
        result: None,
        names: None,
    };
    store::add(db, desk.institution, &period, desk.now)?;
    let detail = json!({ "unit": unit.to_string(), "period": plan.label(), "instrument": period.instrument });
    desk.record(db, "survey.period-planned", subject(id), detail)?;
    Ok(id)
}

/// No day of a unit belongs to two periods: an answer would count twice, or in whichever somebody likes better.
fn apart(db: &mut Write<'_>, desk: &Desk, unit: UnitId, (id, plan): (PeriodId, &Plan)) -> Result<(), Refused> {
    let others = store::of_unit(db, desk.institution, unit)?;
    match others.iter().find(|other| other.id != id && other.plan.overlaps(plan)) {
        None => Ok(()),
        Some(other) => {
            let phrase = Phrase::new("fault.overlap").with("period", other.plan.label());
            Err(vec![Fault { field: "starts_on".into(), phrase }].into())
        }
    }
}

fn instrument_of(plan: &Plan) -> Result<String, Refused> {
    let instrument = plan.instrument().ok_or_else(|| vec![Fault::new("starts_on", "fault.no-instrument")])?;
    Ok(instrument.header.id)
}

/// What somebody changes of a period that was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The plan; it counts until the period is opened, its population until it is closed.
    pub plan: Plan,
    /// The unit's own questions; they count until the period is opened.
    pub questions: Vec<String>,
    /// How many answers are wanted of each service; until it is closed.
    pub quotas: Vec<(ServiceId, i64)>,
}

/// Changes a period: all of it before it is opened, then its quotas and how many people were served.
///
/// # Errors
/// When it is closed, the unit has another period on one of these days, or somebody changed it meanwhile.
pub fn change(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    changes: &Changes,
) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    let plan = match period.state {
        PeriodState::Planned => {
            apart(db, desk, period.unit, (id, &changes.plan))?;
            store::set_questions(db, desk.institution, id, &changes.questions)?;
            changes.plan.clone()
        }
        PeriodState::Open => Plan { population: changes.plan.population, ..period.plan.clone() },
        PeriodState::Closed | PeriodState::Published => return Err(Refused::WrongState),
    };
    let instrument = match period.state {
        PeriodState::Planned => instrument_of(&plan)?,
        _ => period.instrument.clone(),
    };
    store::set_quotas(db, desk.institution, id, &changes.quotas)?;
    saved(store::change(db, desk.institution, &period, &plan, &instrument)?)?;
    let (questions, quotas) = (changes.questions.len(), changes.quotas.len());
    let detail =
        json!({ "period": plan.label(), "questions": questions, "quotas": quotas, "population": plan.population });
    Ok(desk.record(db, "survey.period-changed", subject(id), detail)?)
}

/// Opens a period on one of its days. A unit asks in one period at a time, so that nobody answers twice for one visit.
///
/// # Errors
/// When it was opened before, today is no day of it, the unit asks in another one today, or somebody changed it meanwhile.
pub fn open(db: &mut Write<'_>, desk: &Desk, (id, version): (PeriodId, i64)) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    period.state.open()?;
    if !period.plan.covers(desk.today()) {
        return Err(Refused::OutOfDays);
    }
    opened(db, desk, &period)
}

/// The same whatever day it is, for the demonstration of what was.
pub(crate) fn opened(db: &mut Write<'_>, desk: &Desk, period: &Period) -> Result<(), Refused> {
    // One that is over may still wait for what telephones kept: it takes no answer of today.
    let asks = |other: &Period| other.state == PeriodState::Open && other.plan.overlaps(&period.plan);
    if store::of_unit(db, desk.institution, period.unit)?.iter().any(asks) {
        return Err(Refused::AlreadyOpen);
    }
    saved(store::open(db, desk.institution, period, desk.now)?)?;
    announce_of(db, desk, Event::Opened, period)?;
    Ok(desk.record(db, "survey.period-opened", subject(period.id), json!({}))?)
}

/// Corrects how many people were served; gives the version of the period by then.
///
/// # Errors
/// When the period is closed, or somebody changed it meanwhile.
pub fn estimate(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    population: Option<i64>,
) -> Result<i64, Refused> {
    let period = load(db, desk, id, version)?;
    if period.state.has_result() {
        return Err(Refused::WrongState);
    }
    if period.plan.population == population {
        return Ok(version);
    }
    let plan = Plan { population, ..period.plan.clone() };
    saved(store::change(db, desk.institution, &period, &plan, &period.instrument)?)?;
    let detail = json!({ "before": period.plan.population, "after": population });
    desk.record(db, "survey.population-changed", subject(id), detail)?;
    Ok(version + 1)
}

/// The names under which the result of a period will stand.
fn names(db: &mut Write<'_>, desk: &Desk, period: &Period, services: &[ServiceId]) -> Result<String, Refused> {
    let institution = organisation::institution(db, desk.institution)?.ok_or(Refused::NotFound)?;
    let unit = organisation::unit(db, desk.institution, period.unit)?.ok_or(Refused::NotFound)?;
    let named = Named::new(period, &unit, &institution);
    let services = store::names_of(db, desk.institution, services)?.into_iter().collect();
    let names = Names { institution: named.institution, unit: named.unit, services };
    Ok(serde_json::to_string(&names).map_err(|error| DatabaseError::Other(error.into()))?)
}

/// Closes a period: fixes the inputs of its result, which its counts hold already, and the names it stands under. The codes nobody
/// used and the sheets that only one person entered are removed; how many there were is recorded.
///
/// # Errors
/// When it is not open, a table of answers waits for a decision, or somebody changed it meanwhile.
pub fn close(db: &mut Write<'_>, desk: &Desk, (id, version): (PeriodId, i64)) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    period.state.close()?;
    if imports::waits(db, desk.institution, id)? {
        return Err(Refused::TableWaits);
    }
    counts::count_all(db, desk.institution)?;
    let counts = counts::counts(db, desk.institution, id)?;
    let instrument = instruments::find(&period.instrument)?;
    let inputs = counts.inputs(&instrument, period.plan.population).ok_or(Refused::NotFound)?;
    let inputs = serde_json::to_string(&inputs).map_err(|error| DatabaseError::Other(error.into()))?;
    let names = names(db, desk, &period, &counts.services())?;
    saved(store::close(db, desk.institution, &period, (&inputs, &names), desk.now)?)?;
    importance::ask(db, desk.institution, id, desk.now)?;
    let unused = codes::drop_codes(db, desk.institution, id)?;
    keys::drop_issues(db, desk.institution, id)?;
    announce_of(db, desk, Event::Closed, &period)?;
    let sheets = paper::drop_waiting(db, desk.institution, id)?;
    let detail = json!({ "answers": counts.answers(), "unused_codes": unused, "sheets_not_counted": sheets });
    Ok(desk.record(db, "survey.period-closed", subject(id), detail)?)
}
