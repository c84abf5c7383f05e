//! What people do about findings. Each function is part of one transaction: load, decide, save, note, record.

pub(crate) mod measures;

use crate::finding::{Finding, FindingId, LONGEST_TEXT, Later, NewFinding, Source, SourceKind};
use crate::measure::MeasureId;
use crate::state::{FindingState, WrongState};
use crate::store::{self, Event};
use organisation::{Checks, Desk, Fault};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{InstitutionId, UnitId};
use platform::site::Zone;
use serde_json::json;
use time::Date;

/// Why something was not done. Nothing was saved.
#[derive(Debug)]
pub enum Refused {
    /// What was typed cannot be taken.
    Faults(Vec<Fault>),
    /// There is nothing of that name here.
    NotFound,
    /// Somebody changed it meanwhile.
    Stale,
    /// Not from the state it is in.
    WrongState,
    /// Nobody verifies what they did or answer for themselves.
    SamePerson,
    /// The database failed.
    Database(DatabaseError),
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<WrongState> for Refused {
    fn from(_: WrongState) -> Self {
        Self::WrongState
    }
}

impl From<Vec<Fault>> for Refused {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

pub(crate) fn subject(id: FindingId) -> Subject {
    Subject::new("finding", id)
}

/// Loads a finding that still has the version somebody saw.
pub(crate) fn load(db: &mut Read<'_>, desk: &Desk, (id, version): (FindingId, i64)) -> Result<Finding, Refused> {
    let finding = store::finding(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if finding.version == version { Ok(finding) } else { Err(Refused::Stale) }
}

/// The day it is in the city.
pub(crate) fn today(db: &mut Read<'_>, desk: &Desk) -> Result<Date, DatabaseError> {
    let institution = organisation::institution(db, desk.institution)?;
    Ok(institution.map_or_else(Zone::default, |found| found.settings.zone).date(desk.now))
}

/// Notes what happened to a finding, for its page and for the log. Words that people typed stand on the page alone.
pub(crate) fn note(
    db: &mut Write<'_>,
    desk: &Desk,
    finding: FindingId,
    (measure, act, words): (Option<MeasureId>, &'static str, &str),
) -> Result<(), DatabaseError> {
    let name = act.split_once('.').map_or(act, |(_, name)| name);
    let event = Event { measure, act: name.to_owned(), words: words.to_owned(), account: desk.account(), at: desk.now };
    store::add_event(db, desk.institution, finding, &event)?;
    let detail = measure.map_or_else(|| json!({}), |measure| json!({ "measure": measure }));
    desk.record(db, act, subject(finding), detail)
}

/// Raises a finding, unless its source raised it before; gives its identifier either way.
///
/// # Errors
/// When the unit is not one of this city.
pub fn raise(db: &mut Write<'_>, desk: &Desk, new: &NewFinding) -> Result<FindingId, Refused> {
    raise_as(db, desk, new, FindingId::new(desk.now))
}

/// The same with an identifier of one's own, for the demonstration.
pub(crate) fn raise_as(db: &mut Write<'_>, desk: &Desk, new: &NewFinding, id: FindingId) -> Result<FindingId, Refused> {
    if let Some(known) = store::of_part(db, desk.institution, &new.source)? {
        return Ok(known.id);
    }
    organisation::unit(db, desk.institution, new.unit)?.ok_or(Refused::NotFound)?;
    store::add(db, desk.institution, id, new, desk.now)?;
    note(db, desk, id, (None, "improvement.finding-raised", ""))?;
    Ok(id)
}

/// Enters a finding that somebody typed.
///
/// # Errors
/// When there is one of this source already, or the unit or the service is not one of this city.
pub fn enter(db: &mut Write<'_>, desk: &Desk, new: &NewFinding) -> Result<FindingId, Refused> {
    if store::of_part(db, desk.institution, &new.source)?.is_some() {
        return Err(Fault::new("reference", "fault.known").into());
    }
    if let Some(service) = new.service {
        let known = services::service(db, desk.institution, service)?.filter(|known| known.unit == new.unit);
        known.ok_or_else(|| Fault::new("service", "fault.service"))?;
    }
    raise(db, desk, new)
}

/// Saves a finding and notes what happened to it.
fn save(db: &mut Write<'_>, desk: &Desk, finding: Finding, (act, words): (&'static str, &str)) -> Result<(), Refused> {
    let changed = Finding { changed_at: desk.now, ..finding };
    if !store::save(db, desk.institution, &changed)? {
        return Err(Refused::Stale);
    }
    Ok(note(db, desk, changed.id, (None, act, words))?)
}

/// Decides that nothing will be done about a finding, with the reason.
///
/// # Errors
/// When something was planned, no reason is given, or somebody changed it meanwhile.
pub fn drop_finding(db: &mut Write<'_>, desk: &Desk, at: (FindingId, i64), reason: &str) -> Result<(), Refused> {
    let finding = load(db, desk, at)?;
    let state = finding.state.drop()?;
    let reason = checked_reason(reason)?;
    save(db, desk, Finding { state, reason: reason.clone(), ..finding }, ("improvement.finding-dropped", &reason))
}

/// What was typed as a reason.
pub(crate) fn checked_reason(typed: &str) -> Result<String, Refused> {
    let mut checks = Checks::default();
    let reason = checks.required("reason", typed, LONGEST_TEXT, "fault.reason");
    Ok(checks.finish(reason)?)
}

/// Takes up a finding that was dropped.
///
/// # Errors
/// When it was not dropped, or somebody changed it meanwhile.
pub fn resume_finding(db: &mut Write<'_>, desk: &Desk, at: (FindingId, i64)) -> Result<(), Refused> {
    let finding = load(db, desk, at)?;
    let state = finding.state.resume()?;
    save(db, desk, Finding { state, reason: String::new(), ..finding }, ("improvement.finding-resumed", ""))
}

/// Lets everybody read what was said and what was done, in these words.
///
/// # Errors
/// When it is not settled, the words are missing, or somebody changed it meanwhile.
pub fn publish_finding(
    db: &mut Write<'_>,
    desk: &Desk,
    at: (FindingId, i64),
    (said, done): (&str, &str),
) -> Result<(), Refused> {
    let finding = load(db, desk, at)?;
    let state = finding.state.publish()?;
    let mut checks = Checks::default();
    let said = checks.required("public_said", said, LONGEST_TEXT, "fault.public-said");
    let done = checks.required("public_done", done, LONGEST_TEXT, "fault.public-done");
    let public = checks.finish((said, done))?;
    let published = Finding { state, public, published_at: Some(desk.now), ..finding };
    save(db, desk, published, ("improvement.finding-published", ""))
}

/// Takes a finding from what everybody reads.
///
/// # Errors
/// When it was not published, or somebody changed it meanwhile.
pub fn withdraw_finding(db: &mut Write<'_>, desk: &Desk, at: (FindingId, i64)) -> Result<(), Refused> {
    let finding = load(db, desk, at)?;
    let state = finding.state.withdraw()?;
    save(db, desk, Finding { state, published_at: None, ..finding }, ("improvement.finding-withdrawn", ""))
}

/// Moves a finding to where its measures bring it.
pub(crate) fn follow(db: &mut Write<'_>, desk: &Desk, finding: Finding) -> Result<(), Refused> {
    let measures = store::measures::of_finding(db, desk.institution, finding.id)?;
    let states: Vec<_> = measures.iter().map(|measure| measure.state).collect();
    let state = finding.state.after(&states)?;
    let settled = state == FindingState::Settled;
    let moved = Finding { state, changed_at: desk.now, ..finding };
    if !store::save(db, desk.institution, &moved)? {
        return Err(Refused::Stale);
    }
    if settled {
        note(db, desk, moved.id, (None, "improvement.finding-settled", ""))?;
    }
    Ok(())
}

/// Notes a figure that was measured later with the findings of a unit that this kind of source raised of a part. Says with how many.
///
/// # Errors
/// When the database fails.
pub fn note_later(
    db: &mut Write<'_>,
    desk: &Desk,
    (unit, kind, part): (UnitId, SourceKind, &str),
    later: &Later,
) -> Result<u64, DatabaseError> {
    store::note_later(db, desk.institution, (unit, kind, part), later)
}

/// Corrects the figure with which a source raised a finding of a part, since the source itself was corrected.
///
/// # Errors
/// When the database fails.
pub fn correct_before(
    db: &mut Write<'_>,
    desk: &Desk,
    source: (SourceKind, &str),
    (part, value): (&str, &str),
) -> Result<(), DatabaseError> {
    if store::correct_before(db, desk.institution, source, (part, value))? {
        let source =
            Source { kind: source.0, reference: source.1.to_owned(), part: part.to_owned(), words: String::new() };
        if let Some(finding) = store::of_part(db, desk.institution, &source)? {
            note(db, desk, finding.id, (None, "improvement.figure-corrected", ""))?;
        }
    }
    Ok(())
}

/// How far what a source raised was followed up: measures that were not cancelled, and those of them that were verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FollowUp {
    /// Findings that were raised.
    pub findings: u64,
    /// Measures that were planned and not cancelled.
    pub planned: u64,
    /// Those of them that another person found done.
    pub verified: u64,
}

/// How far what a source raised was followed up.
///
/// # Errors
/// When the database cannot be read.
pub fn follow_up(
    db: &mut Read<'_>,
    institution: InstitutionId,
    source: (SourceKind, &str),
) -> Result<FollowUp, DatabaseError> {
    use crate::state::MeasureState;
    let mut all = FollowUp::default();
    for finding in store::of_source(db, institution, source)? {
        all.findings += 1;
        for measure in store::measures::of_finding(db, institution, finding.id)? {
            all.planned += u64::from(measure.state != MeasureState::Cancelled);
            all.verified += u64::from(measure.state == MeasureState::Verified);
        }
    }
    Ok(all)
}

/// What a source raised, by its parts.
///
/// # Errors
/// When the database cannot be read.
pub fn raised(
    db: &mut Read<'_>,
    institution: InstitutionId,
    source: (SourceKind, &str),
) -> Result<Vec<Finding>, DatabaseError> {
    store::of_source(db, institution, source)
}
