//! What people do with the standard of a service: write, discuss, determine, publish, review, and note where it was published.
//!
//! The admin of a unit writes; the head of the unit says that it was discussed and determines it; the coordinator publishes.

use super::{Refused, save as save_service};
use crate::service::{Service, ServiceFacts, ServiceId, ServiceState};
use crate::standard::{
    Content, Decree, Discussion, Medium, Proof, ProofId, Review, Standard, StandardId, StandardState, fingerprint,
    rule, years_after,
};
use crate::store;
use crate::store::standards as kept;
use organisation::{Desk, Fault};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::InstitutionId;
use platform::site::Zone;
use rules::phrase::Phrase;
use serde_json::json;
use time::Date;

/// Begins the next version of a service's standard: from the one before, or from what the catalogue says.
///
/// # Errors
/// When a version is in the making already.
pub fn begin_standard(db: &mut Write<'_>, desk: &Desk, service: ServiceId) -> Result<Standard, Refused> {
    let service = store::service(db, desk.institution, service)?.ok_or(Refused::NotFound)?;
    let versions = kept::standards(db, desk.institution, service.id)?;
    if versions.iter().any(|standard| standard.state.is_in_making()) {
        return Err(Refused::WrongState);
    }
    let last = versions.first();
    let standard = Standard {
        id: StandardId::new(desk.now),
        service: service.id,
        number: last.map_or(1, |last| last.number + 1),
        state: StandardState::Draft,
        content: last.map_or_else(|| Content::of(&service.facts), |last| last.content.clone()),
        discussion: None,
        decree: None,
        published_at: None,
        hash: None,
        reviewed_on: None,
        review: Review::Current,
        replaced_at: None,
        version: 1,
        created_at: desk.now,
        changed_at: desk.now,
    };
    kept::add(db, desk.institution, &standard)?;
    record(db, desk, &standard, "services.standard-begun", json!({ "number": standard.number }))?;
    Ok(standard)
}

/// Writes what a draft says.
///
/// # Errors
/// When it is no draft, or was changed since `version`.
pub fn write_standard(
    db: &mut Write<'_>,
    desk: &Desk,
    id: StandardId,
    version: i64,
    content: &Content,
) -> Result<Standard, Refused> {
    let standard = loaded(db, desk, id, version)?;
    if standard.state != StandardState::Draft {
        return Err(Refused::WrongState);
    }
    let changed: Vec<&str> = rule()
        .components
        .iter()
        .map(|component| component.key.as_str())
        .filter(|key| standard.content.text(key) != content.text(key))
        .chain((standard.content.duration != content.duration).then_some("time"))
        .chain((standard.content.fee != content.fee).then_some("fee"))
        .collect();
    if changed.is_empty() {
        return Ok(standard);
    }
    let detail = json!({ "components": changed });
    save(db, desk, Standard { content: content.clone(), ..standard }, "services.standard-written", detail)
}

/// Notes that a draft was discussed with the public.
///
/// # Errors
/// When it is no draft, the day lies ahead, or it was changed since `version`.
pub fn discuss_standard(
    db: &mut Write<'_>,
    desk: &Desk,
    id: StandardId,
    version: i64,
    discussion: &Discussion,
) -> Result<Standard, Refused> {
    let standard = loaded(db, desk, id, version)?;
    let state = standard.state.discuss().map_err(|_| Refused::WrongState)?;
    if discussion.on > today(db, desk)? {
        return Err(Fault::new("discussed_on", "fault.day-ahead").into());
    }
    let detail = json!({ "on": discussion.on.to_string() });
    let discussed = Standard { state, discussion: Some(discussion.clone()), ..standard };
    save(db, desk, discussed, "services.standard-discussed", detail)
}

/// Gives a version back to those who write it. What was noted after the draft is noted again later.
///
/// # Errors
/// When it is a draft or published, or was changed since `version`.
pub fn reopen_standard(db: &mut Write<'_>, desk: &Desk, id: StandardId, version: i64) -> Result<Standard, Refused> {
    let standard = loaded(db, desk, id, version)?;
    let state = standard.state.reopen().map_err(|_| Refused::WrongState)?;
    crate::service_files::release_of(db, desk, &standard)?;
    let reopened = Standard { state, discussion: None, decree: None, ..standard };
    save(db, desk, reopened, "services.standard-reopened", json!({}))
}

/// Determines a version by decree.
///
/// # Errors
/// When it was not discussed, lacks a component, the decree lies ahead or before the discussion, or it was changed since `version`.
pub fn determine_standard(
    db: &mut Write<'_>,
    desk: &Desk,
    id: StandardId,
    version: i64,
    decree: &Decree,
) -> Result<Standard, Refused> {
    let standard = loaded(db, desk, id, version)?;
    let state = standard.state.determine().map_err(|_| Refused::WrongState)?;
    let missing = standard.content.missing().len() as u64;
    if missing > 0 {
        let phrase = Phrase::new("fault.incomplete").with("count", missing);
        return Err(Fault { field: "", phrase }.into());
    }
    if decree.on > today(db, desk)? {
        return Err(Fault::new("decree_on", "fault.day-ahead").into());
    }
    if standard.discussion.as_ref().is_some_and(|discussion| decree.on < discussion.on) {
        return Err(Fault::new("decree_on", "fault.decree-before").into());
    }
    if decree.effective_on < decree.on {
        return Err(Fault::new("effective_on", "fault.effective-before").into());
    }
    let detail = json!({ "number": decree.number, "on": decree.on.to_string() });
    let determined = Standard { state, decree: Some(decree.clone()), ..standard };
    save(db, desk, determined, "services.standard-determined", detail)
}

/// Publishes a version: it takes the place of the one in force, the catalogue promises what it says, and the site is its first proof.
///
/// # Errors
/// When it is not determined, its day of force lies ahead, people could not find its service, or it was changed since `version`.
pub fn publish_standard(db: &mut Write<'_>, desk: &Desk, id: StandardId, version: i64) -> Result<Standard, Refused> {
    let standard = loaded(db, desk, id, version)?;
    let state = standard.state.publish().map_err(|_| Refused::WrongState)?;
    let service = store::service(db, desk.institution, standard.service)?.ok_or(Refused::NotFound)?;
    let today = today(db, desk)?;
    // Before that day the former version binds, and people are promised what it says.
    if let Some(on) = standard.decree.as_ref().map(|decree| decree.effective_on).filter(|on| *on > today) {
        let phrase = Phrase::new("fault.not-in-force").with("day", on.to_string());
        return Err(Fault { field: "", phrase }.into());
    }
    can_be_found(db, desk, &service, &standard.content)?;
    if let Some(before) = kept::in_force(db, desk.institution, service.id)? {
        let state = before.state.replace().map_err(|_| Refused::WrongState)?;
        let replaced = Standard { state, replaced_at: Some(desk.now), ..before };
        save(db, desk, replaced, "services.standard-replaced", json!({}))?;
    }
    let hash = fingerprint(&standard.content.bytes());
    let reviewed_on = standard.decree.as_ref().map(|decree| decree.on);
    let published = Standard {
        state,
        published_at: Some(desk.now),
        hash: Some(hash.clone()),
        reviewed_on,
        review: reviewed_on.map_or(Review::Current, |on| Review::on(today, on)),
        ..standard
    };
    let published = save(db, desk, published, "services.standard-published", json!({ "hash": hash }))?;
    promise(db, desk, &service, &published.content)?;
    let place = format!("/layanan/{}", service.slug);
    let proof = Proof {
        id: ProofId::new(desk.now),
        medium: Medium::Site,
        place,
        on: today,
        hash,
        account: desk.account(),
        at: desk.now,
    };
    kept::add_proof(db, desk.institution, published.id, &proof)?;
    Ok(published)
}

/// What the catalogue says of a service under a standard.
fn promised(service: &Service, content: &Content) -> ServiceFacts {
    ServiceFacts {
        duration: content.duration,
        fee: content.fee.clone(),
        requirements: content.requirements(),
        ..service.facts.clone()
    }
}

/// Refuses where nobody could read a published standard: its page would prove nothing.
fn can_be_found(db: &mut Read<'_>, desk: &Desk, service: &Service, content: &Content) -> Result<(), Refused> {
    match service.state {
        ServiceState::Published => Ok(()),
        ServiceState::Withdrawn => Err(Fault::new("", "fault.service-withdrawn").into()),
        ServiceState::Draft if !promised(service, content).lacking().is_empty() => {
            Err(Fault::new("", "fault.service-lacks").into())
        }
        ServiceState::Draft => super::unit_serves(db, desk.institution, service.unit),
    }
}

/// The catalogue promises what the standard says, and people find the service.
fn promise(db: &mut Write<'_>, desk: &Desk, service: &Service, content: &Content) -> Result<(), Refused> {
    let facts = promised(service, content);
    let fields = service.facts.differences(&facts);
    let published = service.state == ServiceState::Published;
    if fields.is_empty() && published {
        return Ok(());
    }
    let (state, act) = match published {
        true => (service.state, "services.service-changed"),
        false => (service.state.publish()?, "services.service-published"),
    };
    let published_at = service.published_at.or_else(|| (state == ServiceState::Published).then_some(desk.now));
    let promised = Service { facts, state, published_at, example: false, ..service.clone() };
    save_service(db, desk, promised, act, json!({ "fields": fields, "by": "standard" })).map(drop)
}

/// Notes that a standard in force was reviewed and found right.
///
/// # Errors
/// When it is not in force, the day lies ahead or before the last review, or it was changed since `version`.
pub fn review_standard(
    db: &mut Write<'_>,
    desk: &Desk,
    id: StandardId,
    version: i64,
    on: Date,
) -> Result<Standard, Refused> {
    let standard = loaded(db, desk, id, version)?;
    if standard.state != StandardState::Published {
        return Err(Refused::WrongState);
    }
    let today = today(db, desk)?;
    if on > today {
        return Err(Fault::new("reviewed_on", "fault.day-ahead").into());
    }
    if standard.reviewed_on.is_some_and(|last| on < last) {
        return Err(Fault::new("reviewed_on", "fault.review-before").into());
    }
    let reviewed = Standard { reviewed_on: Some(on), review: Review::on(today, on), ..standard };
    save(db, desk, reviewed, "services.standard-reviewed", json!({ "on": on.to_string() }))
}

/// Notes where else a standard in force was published.
///
/// # Errors
/// When it is not in force, or the day lies ahead.
pub fn note_publication(
    db: &mut Write<'_>,
    desk: &Desk,
    id: StandardId,
    (medium, place, on): (Medium, String, Date),
) -> Result<Proof, Refused> {
    let standard = kept::standard(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    let Some(hash) = standard.hash.clone().filter(|_| standard.state == StandardState::Published) else {
        return Err(Refused::WrongState);
    };
    if on > today(db, desk)? {
        return Err(Fault::new("published_on", "fault.day-ahead").into());
    }
    let detail = json!({ "medium": medium.name(), "on": on.to_string(), "hash": hash });
    let proof = Proof { id: ProofId::new(desk.now), medium, place, on, hash, account: desk.account(), at: desk.now };
    kept::add_proof(db, desk.institution, id, &proof)?;
    record(db, desk, &standard, "services.publication-noted", detail)?;
    Ok(proof)
}

/// Notes of standards in force that the yearly target or the limit of the law has passed, at most so many, and gives them.
pub(crate) fn fall_due(db: &mut Write<'_>, desk: &Desk, most: u32) -> Result<Vec<Standard>, DatabaseError> {
    let today = zone(db, desk.institution)?.date(desk.now);
    let rule = &rule().review;
    let before = |years: u32| years_before(today, years);
    let mut noted = Vec::new();
    for (review, next, years) in [
        (Review::Due, Review::Overdue, rule.at_least_every_years),
        (Review::Current, Review::Due, rule.target.every_years),
    ] {
        for standard in kept::to_review(db, desk.institution, (review, before(years)), most)? {
            let overdue = standard.reviewed_on.is_some_and(|on| Review::on(today, on) == Review::Overdue);
            let next = if overdue { Review::Overdue } else { next };
            let due = Standard { review: next, version: standard.version + 1, changed_at: desk.now, ..standard };
            if kept::save(db, desk.institution, &due)? {
                record(db, desk, &due, "services.standard-due", json!({ "review": next.name() }))?;
                noted.push(due);
            }
        }
    }
    Ok(noted)
}

/// The latest day of which so many years have passed on another.
fn years_before(today: Date, years: u32) -> Date {
    let year = today.year().saturating_sub(i32::try_from(years).unwrap_or(i32::MAX));
    let same = today.replace_year(year);
    let day = same.or_else(|_| Date::from_calendar_date(year, time::Month::February, 28)).unwrap_or(Date::MIN);
    debug_assert!(years_after(day, years) <= today);
    day
}

fn loaded(db: &mut Read<'_>, desk: &Desk, id: StandardId, version: i64) -> Result<Standard, Refused> {
    let standard = kept::standard(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if standard.version == version { Ok(standard) } else { Err(Refused::Stale) }
}

fn save(
    db: &mut Write<'_>,
    desk: &Desk,
    standard: Standard,
    act: &'static str,
    detail: serde_json::Value,
) -> Result<Standard, Refused> {
    let standard = Standard { version: standard.version + 1, changed_at: desk.now, ..standard };
    if !kept::save(db, desk.institution, &standard)? {
        return Err(Refused::Stale);
    }
    record(db, desk, &standard, act, detail)?;
    Ok(standard)
}

fn record(
    db: &mut Write<'_>,
    desk: &Desk,
    standard: &Standard,
    act: &'static str,
    mut detail: serde_json::Value,
) -> Result<(), DatabaseError> {
    detail["service"] = json!(standard.service);
    desk.record(db, act, Subject::new("service-standard", standard.id), detail)
}

fn zone(db: &mut Read<'_>, institution: InstitutionId) -> Result<Zone, DatabaseError> {
    Ok(organisation::institution(db, institution)?.map_or_else(Zone::default, |found| found.settings.zone))
}

/// The day it is in the city.
pub(super) fn today(db: &mut Read<'_>, desk: &Desk) -> Result<Date, DatabaseError> {
    Ok(zone(db, desk.institution)?.date(desk.now))
}
