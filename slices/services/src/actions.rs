//! What people do with the catalogue: enter, change, publish and withdraw services.
//!
//! Each is one transaction: it loads, decides, saves, counts the change of the catalogue and records the act.

pub(crate) mod contacts;
pub(crate) mod declarations;
pub(crate) mod standards;

use crate::service::{Service, ServiceFacts, ServiceId, ServiceState, WrongState};
use crate::store;
use organisation::{Desk, Fault};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{InstitutionId, UnitId};
use serde_json::{Value, json};

/// Why something was not done. Nothing was saved.
#[derive(Debug)]
pub enum Refused {
    /// What was typed cannot be taken; the sentences are of this slice.
    Faults(Vec<Fault>),
    /// Somebody changed it since it was loaded.
    Stale,
    /// There is no such thing in this institution.
    NotFound,
    /// It is not in a state in which this can be done.
    WrongState,
    /// The database refused.
    Database(DatabaseError),
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<WrongState> for Refused {
    fn from(_: WrongState) -> Self {
        Self::WrongState
    }
}

/// The last part of an address that is a page of its own.
const RESERVED: [&str; 3] = ["baru", "contoh", "impor"];

/// The address a new service gets: made from its name, and different from all that are taken.
pub(crate) fn free_slug(db: &mut Read<'_>, institution: InstitutionId, name: &str) -> Result<String, DatabaseError> {
    let beginning = organisation::slug(name, |_| false);
    let taken = store::slugs_like(db, institution, &beginning)?;
    Ok(slug_beside(name, |slug| taken.iter().any(|other| other == slug)))
}

/// The address made from a name, beside those that are taken and those of pages.
pub(crate) fn slug_beside(name: &str, taken: impl Fn(&str) -> bool) -> String {
    organisation::slug(name, |slug| RESERVED.contains(&slug) || taken(slug))
}

/// A service that nobody has seen yet.
pub(crate) fn new_service(desk: &Desk, slug: String, unit: UnitId, facts: ServiceFacts) -> Service {
    Service {
        id: ServiceId::new(desk.now),
        slug,
        unit,
        facts,
        state: ServiceState::Draft,
        example: false,
        version: 1,
        created_at: desk.now,
        changed_at: desk.now,
        published_at: None,
    }
}

/// Enters a service of a unit, as a draft.
///
/// # Errors
/// When the unit does not serve.
pub fn enter_service(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    facts: &ServiceFacts,
    example: bool,
) -> Result<Service, Refused> {
    unit_serves(db, desk.institution, unit)?;
    let slug = free_slug(db, desk.institution, &facts.name)?;
    let service = Service { example, ..new_service(desk, slug, unit, facts.clone()) };
    let revision = store::next_revision(db, desk.institution)?;
    store::add_service(db, desk.institution, &service, revision)?;
    let detail = json!({ "name": facts.name, "unit": unit, "example": example });
    desk.record(db, "services.service-entered", Subject::new("service", service.id), detail)?;
    Ok(service)
}

/// Changes what a service is, or which unit gives it. What its standard in force promises stays with the standard.
///
/// # Errors
/// When the unit does not serve, or the service was changed since `version`.
pub fn change_service(
    db: &mut Write<'_>,
    desk: &Desk,
    id: ServiceId,
    version: i64,
    (unit, facts): (UnitId, &ServiceFacts),
) -> Result<Service, Refused> {
    let service = loaded(db, desk, id, version)?;
    if unit != service.unit {
        unit_serves(db, desk.institution, unit)?;
    }
    let facts = &promised(db, desk, &service, facts)?;
    if unit == service.unit && !service.example && service.facts.differences(facts).is_empty() {
        return Ok(service);
    }
    let mut detail = changes(&service.facts, facts);
    if unit != service.unit {
        detail["unit"] = json!([service.unit, unit]);
    }
    let changed = Service { unit, facts: facts.clone(), example: false, ..service };
    save(db, desk, changed, "services.service-changed", detail)
}

/// What the log tells of changed facts: which, and both names when there are two.
pub(crate) fn changes(before: &ServiceFacts, after: &ServiceFacts) -> Value {
    let mut detail = json!({ "fields": before.differences(after) });
    if before.name != after.name {
        detail["name"] = json!([before.name, after.name]);
    }
    detail
}

/// The facts, with what the standard in force promises in place of what was typed.
fn promised(
    db: &mut Read<'_>,
    desk: &Desk,
    service: &Service,
    facts: &ServiceFacts,
) -> Result<ServiceFacts, DatabaseError> {
    let in_force = store::standards::in_force(db, desk.institution, service.id)?.is_some();
    Ok(if in_force { facts.promising_as(&service.facts) } else { facts.clone() })
}

/// Everybody finds the service from now on.
///
/// # Errors
/// When it is published already, lacks what people come for, its unit does not serve, or it was changed since `version`.
pub fn publish_service(db: &mut Write<'_>, desk: &Desk, id: ServiceId, version: i64) -> Result<Service, Refused> {
    let service = loaded(db, desk, id, version)?;
    unit_serves(db, desk.institution, service.unit)?;
    let lacking = service.facts.lacking();
    if !lacking.is_empty() {
        return Err(Refused::Faults(lacking));
    }
    let state = service.state.publish()?;
    let published_at = service.published_at.or(Some(desk.now));
    let changed = Service { state, published_at, example: false, ..service };
    save(db, desk, changed, "services.service-published", json!({}))
}

/// The service is not given any more: people do not find it, and its address tells so.
///
/// # Errors
/// When it is not published, or was changed since `version`.
pub fn withdraw_service(db: &mut Write<'_>, desk: &Desk, id: ServiceId, version: i64) -> Result<Service, Refused> {
    let service = loaded(db, desk, id, version)?;
    let state = service.state.withdraw()?;
    save(db, desk, Service { state, ..service }, "services.service-withdrawn", json!({}))
}

/// The service as it was loaded for a form.
pub(crate) fn loaded(db: &mut Read<'_>, desk: &Desk, id: ServiceId, version: i64) -> Result<Service, Refused> {
    let service = store::service(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if service.version == version { Ok(service) } else { Err(Refused::Stale) }
}

fn unit_serves(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Result<(), Refused> {
    match organisation::unit(db, institution, unit)? {
        Some(unit) if unit.state.is_active() => Ok(()),
        _ => Err(Fault::new("unit", "fault.unit").into()),
    }
}

/// Saves a service as its next version and records the act.
pub(crate) fn save(
    db: &mut Write<'_>,
    desk: &Desk,
    service: Service,
    act: &'static str,
    detail: Value,
) -> Result<Service, Refused> {
    let service = Service { version: service.version + 1, changed_at: desk.now, ..service };
    let revision = store::next_revision(db, desk.institution)?;
    if !store::save_service(db, desk.institution, &service, revision)? {
        return Err(Refused::Stale);
    }
    desk.record(db, act, Subject::new("service", service.id), detail)?;
    Ok(service)
}
