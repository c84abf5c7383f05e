//! Measures are planned, begun, done and shown, verified by another person or sent back, cancelled.

use super::{Refused, checked_reason, follow, load, note, today};
use crate::evidence::holder;
use crate::finding::{Finding, FindingId};
use crate::measure::{Measure, MeasureId, Owner, Plan, Proof, Told, TypedProof, due_on};
use crate::notices::{self, Way};
use crate::state::MeasureState;
use crate::store;
use crate::store::measures as kept;
use organisation::{Desk, Fault};
use platform::database::{Read, Write};
use platform::files::{self, Sender, StoredFile};
use time::Date;

/// Plans what is done about a finding; its owner is told.
///
/// # Errors
/// When the finding was dropped or published, the owner is nobody of this unit, or somebody changed it meanwhile.
pub fn plan_measure(
    db: &mut Write<'_>,
    desk: &Desk,
    at: (FindingId, i64),
    plan: &Plan,
    way: Option<&Way>,
) -> Result<MeasureId, Refused> {
    plan_as(db, desk, at, plan, (MeasureId::new(desk.now), way))
}

/// The same with an identifier of one's own, for the demonstration.
pub(crate) fn plan_as(
    db: &mut Write<'_>,
    desk: &Desk,
    at: (FindingId, i64),
    plan: &Plan,
    (id, way): (MeasureId, Option<&Way>),
) -> Result<MeasureId, Refused> {
    let finding = load(db, desk, at)?;
    finding.state.plan()?;
    let owners = notices::owners(db, desk, finding.facts.unit)?;
    if let Owner::Account(account) = plan.owner
        && !owners.iter().any(|(owner, _)| *owner == account)
    {
        return Err(Fault::new("owner", "fault.owner").into());
    }
    let planned_on = today(db, desk)?;
    let number = kept::of_finding(db, desk.institution, finding.id)?.last().map_or(1, |last| last.number + 1);
    let measure = Measure {
        id,
        finding: finding.id,
        number,
        plan: plan.clone(),
        planned_on,
        due_on: due_on(planned_on, plan.working_days),
        state: MeasureState::Planned,
        proof: Proof::default(),
        verified: (None, None),
        reason: String::new(),
        told: Told::Nobody,
        version: 1,
        created_at: desk.now,
        changed_at: desk.now,
    };
    kept::add(db, desk.institution, &measure)?;
    note(db, desk, finding.id, (Some(id), "improvement.measure-planned", &plan.what))?;
    notices::tell(db, desk, way, (notices::Occasion::Planned, &finding, &measure))?;
    follow(db, desk, finding)?;
    Ok(id)
}

/// Loads a measure that still has the version somebody saw, with its finding and the day.
fn loaded(
    db: &mut Read<'_>,
    desk: &Desk,
    (id, version): (MeasureId, i64),
) -> Result<(Measure, Finding, Date), Refused> {
    let measure = kept::measure(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if measure.version != version {
        return Err(Refused::Stale);
    }
    let finding = store::finding(db, desk.institution, measure.finding)?.ok_or(Refused::NotFound)?;
    Ok((measure, finding, today(db, desk)?))
}

fn save(
    db: &mut Write<'_>,
    desk: &Desk,
    (measure, finding): (&Measure, Finding),
    (act, words): (&'static str, &str),
) -> Result<(), Refused> {
    let changed = Measure { changed_at: desk.now, ..measure.clone() };
    if !kept::save(db, desk.institution, &changed)? {
        return Err(Refused::Stale);
    }
    note(db, desk, finding.id, (Some(changed.id), act, words))?;
    follow(db, desk, finding)
}

/// Its owner begins.
///
/// # Errors
/// When it was begun before, or somebody changed it meanwhile.
pub fn begin_measure(db: &mut Write<'_>, desk: &Desk, at: (MeasureId, i64)) -> Result<(), Refused> {
    let (measure, finding, _) = loaded(db, desk, at)?;
    let begun = Measure { state: measure.state.begin()?, ..measure };
    save(db, desk, (&begun, finding), ("improvement.measure-begun", ""))
}

/// Its owner says what was done and shows it: by files, or an address where it can be seen. Those who verify are told.
///
/// # Errors
/// When it is done or cancelled already, words or proof are missing, or somebody changed it meanwhile.
pub fn finish_measure(
    db: &mut Write<'_>,
    desk: &Desk,
    at: (MeasureId, i64),
    (typed, files): (&TypedProof, &[StoredFile]),
    way: Option<&Way>,
) -> Result<(), Refused> {
    let (measure, finding, today) = loaded(db, desk, at)?;
    let state = measure.state.finish()?;
    let known = files::files_of(db, desk.institution, &holder(measure.id))?.len();
    let (words, url) = typed.check(known + files.len())?;
    for file in files {
        let sender = desk.account().map(Sender::Account).ok_or(Refused::NotFound)?;
        if !files::attach(db, desk.institution, file.id, &sender, &holder(measure.id), desk.now)? {
            return Err(Fault::new("berkas", "fault.file-gone").into());
        }
    }
    let proof = Proof { words, url, by: desk.account(), on: Some(today) };
    let done = Measure { state, proof, reason: String::new(), ..measure };
    notices::tell(db, desk, way, (notices::Occasion::Done, &finding, &done))?;
    save(db, desk, (&done, finding), ("improvement.measure-done", &done.proof.words))
}

/// Whether the one at work may judge a measure: another person than who did it and who answers for it.
fn is_another(desk: &Desk, measure: &Measure) -> bool {
    desk.account()
        .is_some_and(|account| measure.proof.by != Some(account) && measure.plan.owner != Owner::Account(account))
}

/// Another person found it done. When nothing is left to do, the finding is settled.
///
/// # Errors
/// When nobody says that it is done, it is the same person, or somebody changed it meanwhile.
pub fn verify_measure(db: &mut Write<'_>, desk: &Desk, at: (MeasureId, i64)) -> Result<(), Refused> {
    let (measure, finding, today) = loaded(db, desk, at)?;
    let state = measure.state.verify()?;
    if !is_another(desk, &measure) {
        return Err(Refused::SamePerson);
    }
    let verified = Measure { state, verified: (desk.account(), Some(today)), ..measure };
    save(db, desk, (&verified, finding), ("improvement.measure-verified", ""))
}

/// Another person found it not done, and says why; its owner is told.
///
/// # Errors
/// When nobody says that it is done, it is the same person, no reason is given, or somebody changed it meanwhile.
pub fn send_back_measure(
    db: &mut Write<'_>,
    desk: &Desk,
    at: (MeasureId, i64),
    reason: &str,
    way: Option<&Way>,
) -> Result<(), Refused> {
    let (measure, finding, _) = loaded(db, desk, at)?;
    let state = measure.state.send_back()?;
    if !is_another(desk, &measure) {
        return Err(Refused::SamePerson);
    }
    let reason = checked_reason(reason)?;
    let proof = Proof { on: None, ..measure.proof };
    let back = Measure { state, proof, reason: reason.clone(), ..measure };
    notices::tell(db, desk, way, (notices::Occasion::SentBack, &finding, &back))?;
    save(db, desk, (&back, finding), ("improvement.measure-sent-back", &reason))
}

/// It will not be done, with the reason.
///
/// # Errors
/// When it is done or cancelled already, no reason is given, or somebody changed it meanwhile.
pub fn cancel_measure(db: &mut Write<'_>, desk: &Desk, at: (MeasureId, i64), reason: &str) -> Result<(), Refused> {
    let (measure, finding, _) = loaded(db, desk, at)?;
    let state = measure.state.cancel()?;
    let reason = checked_reason(reason)?;
    let cancelled = Measure { state, reason: reason.clone(), ..measure };
    save(db, desk, (&cancelled, finding), ("improvement.measure-cancelled", &reason))
}
