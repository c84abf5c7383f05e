//! What people do: found and change an institution; enter, change, move, end and resume units.
//!
//! Each is one transaction: it loads, decides, saves, keeps the version and records the act.

use crate::fault::Fault;
use crate::institution::{Institution, Settings};
use crate::logo::Logo;
use crate::store;
use crate::tree::Places;
use crate::unit::{Contact, Unit, UnitFacts, UnitState};
use crate::{names, unit::WrongState};
use platform::audit::{self, Actor, Entry, Subject};
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{AccountId, InstitutionId, UnitId};
use platform::site::Zone;
use serde_json::json;
use time::{Date, OffsetDateTime};

/// Who does something, where and when.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The institution.
    pub institution: InstitutionId,
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: OffsetDateTime,
}

impl Desk {
    /// The account of a person; nothing for a program.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self.actor {
            Actor::Person(account) => Some(account),
            Actor::Program(_) => None,
        }
    }

    /// Writes an act into the chain of the institution.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record(
        &self,
        db: &mut Write<'_>,
        act: &'static str,
        subject: Subject,
        detail: serde_json::Value,
    ) -> Result<(), DatabaseError> {
        let entry =
            Entry { institution: Some(self.institution), at: self.now, actor: self.actor, act, subject, detail };
        audit::record(db, &entry)
    }
}

/// Why something was not done. Nothing was saved.
#[derive(Debug)]
pub enum Refused {
    /// What was typed cannot be taken.
    Faults(Vec<Fault>),
    /// Somebody changed it since it was loaded.
    Stale,
    /// There is no such thing in this institution.
    NotFound,
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

/// Founds an institution: from then on its host shows its pages.
///
/// # Errors
/// When another institution has its host.
pub fn found(
    db: &mut Write<'_>,
    settings: Settings,
    demonstration: bool,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<InstitutionId, Refused> {
    let id = InstitutionId::new(now);
    host_is_free(db, id, &settings)?;
    let taken = store::institution_slugs(db)?;
    let slug = names::slug(&settings.short_name, |slug| taken.iter().any(|other| other == slug));
    let institution =
        Institution { id, slug, settings, logo: None, demonstration, version: 1, created_at: now, changed_at: now };
    store::add_institution(db, &institution)?;
    let detail = json!({ "name": institution.settings.name, "kind": institution.settings.kind.name(), "host": institution.settings.host });
    let desk = Desk { institution: id, actor, now };
    desk.record(db, "organisation.institution-founded", Subject::new("institution", id), detail)?;
    Ok(id)
}

/// What happens to the logo when settings are changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoChange {
    /// It stays.
    Keep,
    /// It gives way to the default shield.
    Remove,
    /// It gives way to this one.
    Replace(Logo),
}

/// Changes the settings of an institution. The caller then lets the program forget its sites.
///
/// # Errors
/// When another institution has the host, or the settings were changed since `version`.
pub fn change_settings(
    db: &mut Write<'_>,
    desk: &Desk,
    version: i64,
    settings: &Settings,
    logo: &LogoChange,
) -> Result<(), Refused> {
    let mut institution = store::institution(db, desk.institution)?.ok_or(Refused::NotFound)?;
    if institution.version != version {
        return Err(Refused::Stale);
    }
    host_is_free(db, desk.institution, settings)?;
    let changed = changed_settings(&institution.settings, settings, logo);
    match logo {
        LogoChange::Keep => {}
        LogoChange::Remove => institution.logo = None,
        LogoChange::Replace(logo) => {
            store::add_logo(db, desk.institution, &logo.hash(), logo.content_type, &logo.bytes, desk.now)?;
            institution.logo = Some(logo.hash());
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    institution.settings = settings.clone();
    institution.changed_at = desk.now;
    if !store::save_institution(db, &institution)? {
        return Err(Refused::Stale);
    }
    let subject = Subject::new("institution", desk.institution);
    desk.record(db, "organisation.settings-changed", subject, json!({ "fields": changed }))?;
    Ok(())
}

fn changed_settings(old: &Settings, new: &Settings, logo: &LogoChange) -> Vec<&'static str> {
    let differs = [
        ("kind", old.kind != new.kind),
        ("name", old.name != new.name),
        ("short_name", old.short_name != new.short_name),
        ("area_code", old.area_code != new.area_code),
        ("zone", old.zone != new.zone),
        ("host", old.host != new.host),
        ("tagline", old.tagline != new.tagline),
        ("help", old.help != new.help),
        ("colours", old.colours != new.colours),
        ("logo", *logo != LogoChange::Keep),
    ];
    differs.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
}

fn host_is_free(db: &mut Read<'_>, own: InstitutionId, settings: &Settings) -> Result<(), Refused> {
    let Some(host) = &settings.host else { return Ok(()) };
    match store::host_holder(db, host)? {
        Some(holder) if holder != own => Err(Fault::new("host", "fault.host-taken").into()),
        _ => Ok(()),
    }
}

/// Enters a unit.
///
/// # Errors
/// When its place or its code is not free.
pub fn enter_unit(db: &mut Write<'_>, desk: &Desk, facts: &UnitFacts) -> Result<Unit, Refused> {
    facts_fit(db, desk.institution, None, facts)?;
    let taken = store::unit_slugs(db, desk.institution)?;
    let unit = new_unit(desk, facts.clone(), |slug| taken.iter().any(|other| other == slug));
    store::add_unit(db, desk.institution, &unit)?;
    keep(db, desk, &unit, "created", json!({ "name": unit.facts.name, "kind": unit.facts.kind.name() }))?;
    Ok(unit)
}

/// The last part of an address that is a page of its own.
const RESERVED: [&str; 1] = ["baru"];

pub(crate) fn new_unit(desk: &Desk, facts: UnitFacts, taken: impl Fn(&str) -> bool) -> Unit {
    let slug = names::slug(&facts.name, |slug| RESERVED.contains(&slug) || taken(slug));
    let (id, now) = (UnitId::new(desk.now), desk.now);
    Unit { id, slug, facts, state: UnitState::Active, version: 1, created_at: now, changed_at: now }
}

/// Changes what a unit is, and moves it when its parent differs.
///
/// # Errors
/// When its new place or code is not free, or it was changed since `version`.
pub fn change_unit(
    db: &mut Write<'_>,
    desk: &Desk,
    id: UnitId,
    version: i64,
    facts: &UnitFacts,
) -> Result<Unit, Refused> {
    let unit = loaded(db, desk, id, version)?;
    facts_fit(db, desk.institution, Some(&unit), facts)?;
    change(db, desk, unit, facts.clone())
}

/// Changes how people reach a unit.
///
/// # Errors
/// When it was changed since `version`.
pub fn change_contact(
    db: &mut Write<'_>,
    desk: &Desk,
    id: UnitId,
    version: i64,
    contact: &Contact,
) -> Result<Unit, Refused> {
    let unit = loaded(db, desk, id, version)?;
    let facts = UnitFacts { contact: contact.clone(), ..unit.facts.clone() };
    change(db, desk, unit, facts)
}

fn change(db: &mut Write<'_>, desk: &Desk, unit: Unit, facts: UnitFacts) -> Result<Unit, Refused> {
    let fields = unit.facts.differences(&facts);
    if fields.is_empty() {
        return Ok(unit);
    }
    let act = if fields == ["parent"] { "moved" } else { "changed" };
    let mut detail = json!({ "fields": fields });
    if unit.facts.name != facts.name {
        detail["name"] = json!([unit.facts.name, facts.name]);
    }
    if unit.facts.parent != facts.parent {
        detail["parent"] = json!([unit.facts.parent, facts.parent]);
    }
    save(db, desk, Unit { facts, ..unit }, act, detail)
}

/// Ends a unit: merged into its successor, or retired without one.
///
/// # Errors
/// When the day lies ahead, units below it still serve, the successor does not, it ended already, or it was changed since
/// `version`.
pub fn end_unit(
    db: &mut Write<'_>,
    desk: &Desk,
    id: UnitId,
    version: i64,
    on: Date,
    successor: Option<UnitId>,
) -> Result<Unit, Refused> {
    let unit = loaded(db, desk, id, version)?;
    if on > today(db, desk)? {
        return Err(Fault::new("on", "fault.end-ahead").into());
    }
    let units = store::units(db, desk.institution)?;
    if units.iter().any(|below| below.facts.parent == Some(id) && below.state.is_active()) {
        return Err(Fault::new("", "fault.end-below").into());
    }
    let serves = |successor: &UnitId| units.iter().any(|other| other.id == *successor && other.state.is_active());
    if successor.is_some_and(|successor| successor == id || !serves(&successor)) {
        return Err(Fault::new("successor", "fault.successor").into());
    }
    let ended = match successor {
        Some(into) => unit.state.merge(on, into),
        None => unit.state.retire(on),
    };
    let state = ended.map_err(wrong_state)?;
    let detail = json!({ "on": on.to_string(), "successor": successor, "state": state.name() });
    save(db, desk, Unit { state, ..unit }, "ended", detail)
}

/// Takes back the end of a unit.
///
/// # Errors
/// When it serves already, the unit above it does not, or it was changed since `version`.
pub fn resume_unit(db: &mut Write<'_>, desk: &Desk, id: UnitId, version: i64) -> Result<Unit, Refused> {
    let unit = loaded(db, desk, id, version)?;
    if let Some(parent) = unit.facts.parent {
        parent_serves(db, desk.institution, parent)?;
    }
    let state = unit.state.resume().map_err(wrong_state)?;
    save(db, desk, Unit { state, ..unit }, "resumed", json!({}))
}

fn wrong_state(wrong: WrongState) -> Refused {
    let key = match wrong {
        WrongState::Ended => "fault.ended-already",
        WrongState::Active => "fault.active-already",
    };
    Fault::new("", key).into()
}

fn today(db: &mut Read<'_>, desk: &Desk) -> Result<Date, Refused> {
    let zone = store::institution(db, desk.institution)?.map_or_else(Zone::default, |found| found.settings.zone);
    Ok(zone.date(desk.now))
}

fn loaded(db: &mut Read<'_>, desk: &Desk, id: UnitId, version: i64) -> Result<Unit, Refused> {
    let unit = store::unit(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if unit.version == version { Ok(unit) } else { Err(Refused::Stale) }
}

fn facts_fit(
    db: &mut Read<'_>,
    institution: InstitutionId,
    unit: Option<&Unit>,
    facts: &UnitFacts,
) -> Result<(), Refused> {
    let own = unit.map(|unit| unit.id);
    if let Some(code) = &facts.code
        && store::code_holder(db, institution, code)?.is_some_and(|holder| Some(holder) != own)
    {
        return Err(Fault::new("code", "fault.code-taken").into());
    }
    let Some(parent) = facts.parent else { return Ok(()) };
    if unit.is_some_and(|unit| unit.facts.parent == facts.parent) {
        return Ok(());
    }
    let places = Places::new(store::parents(db, institution)?);
    if let Some(fault) = places.refusal(own, parent) {
        return Err(fault.into());
    }
    parent_serves(db, institution, parent)
}

fn parent_serves(db: &mut Read<'_>, institution: InstitutionId, parent: UnitId) -> Result<(), Refused> {
    match store::unit(db, institution, parent)? {
        Some(parent) if parent.state.is_active() => Ok(()),
        _ => Err(Fault::new("parent", "fault.parent-ended").into()),
    }
}

/// Saves a unit as its next version.
fn save(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: Unit,
    act: &'static str,
    detail: serde_json::Value,
) -> Result<Unit, Refused> {
    let unit = Unit { version: unit.version + 1, changed_at: desk.now, ..unit };
    if !store::save_unit(db, desk.institution, &unit)? {
        return Err(Refused::Stale);
    }
    keep(db, desk, &unit, act, detail)?;
    Ok(unit)
}

/// Keeps the version of a unit and records the act.
fn keep(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: &Unit,
    act: &'static str,
    detail: serde_json::Value,
) -> Result<(), DatabaseError> {
    store::add_version(db, desk.institution, unit, desk.account(), act)?;
    let recorded = match act {
        "created" => "organisation.unit-created",
        "moved" => "organisation.unit-moved",
        "ended" => "organisation.unit-ended",
        "resumed" => "organisation.unit-resumed",
        _ => "organisation.unit-changed",
    };
    desk.record(db, recorded, Subject::new("unit", unit.id), detail)
}
