//! Codes are made for visits.

use super::periods::{load, subject};
use super::{Desk, Refused};
use crate::answer::Channel;
use crate::fault::Fault;
use crate::period::{PeriodId, PeriodState};
use crate::store::codes::{self as store, Batch, BatchId};
use crate::token::Code;
use platform::database::Write;
use serde_json::json;
use services::ServiceId;

/// So many codes are made at once: they are printed from one page.
pub const MOST_CODES: i64 = 500;
/// The longest name of a place, in letters.
const LONGEST_PLACE: usize = 60;

/// Codes that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// The service they are for, or any.
    pub service: Option<ServiceId>,
    /// "Loket 3"; may be empty.
    pub place: String,
    /// Where they are to be used.
    pub channel: Channel,
    /// How many.
    pub count: i64,
}

impl NewBatch {
    fn check(&self) -> Result<(), Vec<Fault>> {
        self.check_at_most(MOST_CODES)
    }

    /// What cannot be made of it, when so many may be made at once.
    pub(super) fn check_at_most(&self, most: i64) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        if !(1..=most).contains(&self.count) {
            faults.push(Fault::new("count", "fault.count"));
        }
        if self.place.chars().count() > LONGEST_PLACE {
            faults.push(Fault::new("place", "fault.long-place"));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// Makes codes for an open period. They are told this once; only a part of their hash is kept.
///
/// # Errors
/// When the period is not open, or what is wanted cannot be made.
pub fn issue(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    wanted: &NewBatch,
) -> Result<Vec<Code>, Refused> {
    wanted.check()?;
    let codes = (0..wanted.count).map(|_| Code::new()).collect();
    issue_as(db, desk, (id, version), wanted, codes)
}

/// The same with codes of one's own, for the demonstration.
pub(crate) fn issue_as(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    wanted: &NewBatch,
    codes: Vec<Code>,
) -> Result<Vec<Code>, Refused> {
    let period = load(db, desk, id, version)?;
    if period.state != PeriodState::Open {
        return Err(Refused::WrongState);
    }
    if !period.plan.covers(desk.today()) {
        return Err(Refused::OutOfDays);
    }
    if let Some(service) = wanted.service {
        let own = crate::store::periods::services_of(db, desk.institution, period.unit)?;
        if !own.iter().any(|(known, _)| *known == service) {
            return Err(vec![Fault::new("service", "fault.service")].into());
        }
    }
    let batch = Batch {
        id: BatchId::new(desk.now),
        service: wanted.service,
        place: wanted.place.clone(),
        channel: wanted.channel,
        issued: wanted.count,
        issued_on: desk.today(),
        unused: wanted.count,
    };
    store::add_batch(db, desk.institution, id, &batch)?;
    for code in &codes {
        // Two equal codes in all of a city are less likely than that the machine errs; then all of it is made anew.
        if !store::add_code(db, desk.institution, (id, batch.id), code.hash(desk.institution))? {
            return Err(Refused::Stale);
        }
    }
    let detail = json!({ "codes": wanted.count, "channel": wanted.channel.name() });
    desk.record(db, "survey.codes-issued", subject(id), detail)?;
    Ok(codes)
}
