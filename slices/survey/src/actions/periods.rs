//! Periods are planned, opened and closed.

use super::{Desk, Refused};
use crate::fault::Fault;
use crate::importance;
use crate::period::{Period, PeriodId, PeriodState, Plan};
use crate::store::{codes, counts, periods as store};
use calculation::instruments;
use platform::audit::Subject;
use platform::database::{DatabaseError, Write};
use platform::identity::UnitId;
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
/// When the unit is unknown, or no instrument is in force on that day.
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
    };
    store::add(db, desk.institution, &period, desk.now)?;
    let detail = json!({ "unit": unit.to_string(), "period": plan.label(), "instrument": period.instrument });
    desk.record(db, "survey.period-planned", subject(id), detail)?;
    Ok(id)
}

fn instrument_of(plan: &Plan) -> Result<String, Refused> {
    let instrument = plan.instrument().ok_or_else(|| vec![Fault::new("starts_on", "fault.no-instrument")])?;
    Ok(instrument.header.id)
}

/// What somebody changes of a period that was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The plan; it counts until the period is opened.
    pub plan: Plan,
    /// The unit's own questions; they count until the period is opened.
    pub questions: Vec<String>,
    /// How many answers are wanted of each service; until it is closed.
    pub quotas: Vec<(ServiceId, i64)>,
}

/// Changes a period: all of it before it is opened, then its quotas alone.
///
/// # Errors
/// When it is closed, or somebody changed it meanwhile.
pub fn change(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    changes: &Changes,
) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    let plan = match period.state {
        PeriodState::Planned => {
            store::set_questions(db, desk.institution, id, &changes.questions)?;
            &changes.plan
        }
        PeriodState::Open => &period.plan,
        PeriodState::Closed | PeriodState::Published => return Err(Refused::WrongState),
    };
    let instrument = match period.state {
        PeriodState::Planned => instrument_of(plan)?,
        _ => period.instrument.clone(),
    };
    store::set_quotas(db, desk.institution, id, &changes.quotas)?;
    saved(store::change(db, desk.institution, &period, plan, &instrument)?)?;
    let detail =
        json!({ "period": plan.label(), "questions": changes.questions.len(), "quotas": changes.quotas.len() });
    Ok(desk.record(db, "survey.period-changed", subject(id), detail)?)
}

/// Opens a period. A unit asks in one period at a time, so that nobody answers twice for one visit.
///
/// # Errors
/// When it was opened before, the unit has another open one, or somebody changed it meanwhile.
pub fn open(db: &mut Write<'_>, desk: &Desk, (id, version): (PeriodId, i64)) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    period.state.open()?;
    let others = store::of_unit(db, desk.institution, period.unit)?;
    if others.iter().any(|other| other.state == PeriodState::Open) {
        return Err(Refused::AlreadyOpen);
    }
    saved(store::open(db, desk.institution, &period, desk.now)?)?;
    Ok(desk.record(db, "survey.period-opened", subject(id), json!({}))?)
}

/// Closes a period: fixes the inputs of its result, which its counts hold already, and removes the codes nobody used.
///
/// # Errors
/// When it is not open, or somebody changed it meanwhile.
pub fn close(db: &mut Write<'_>, desk: &Desk, (id, version): (PeriodId, i64)) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    period.state.close()?;
    counts::count_all(db, desk.institution)?;
    let counts = counts::counts(db, desk.institution, id)?;
    let instrument = instruments::find(&period.instrument)?;
    let inputs = counts.inputs(&instrument, period.plan.population).ok_or(Refused::NotFound)?;
    let inputs = serde_json::to_string(&inputs).map_err(|error| DatabaseError::Other(error.into()))?;
    saved(store::close(db, desk.institution, &period, &inputs, desk.now)?)?;
    importance::ask(db, desk.institution, id, desk.now)?;
    let unused = codes::drop_codes(db, desk.institution, id)?;
    let detail = json!({ "answers": counts.answers(), "unused_codes": unused });
    Ok(desk.record(db, "survey.period-closed", subject(id), detail)?)
}
