//! What a city adds to the register.

use super::{Desk, Refused};
use crate::register::{Activity, ActivityId, Officer};
use crate::store::register as store;
use platform::audit::Subject;
use platform::database::Write;
use serde_json::json;

/// Saves who answers for personal data.
///
/// # Errors
/// When somebody changed it meanwhile.
pub fn set_officer(db: &mut Write<'_>, desk: &Desk, officer: &Officer) -> Result<(), Refused> {
    if !store::set_officer(db, desk.institution, officer, desk.now)? {
        return Err(Refused::Stale);
    }
    // Names of fields alone: what stands in them is on the public page.
    let subject = Subject::new("institution", desk.institution);
    Ok(desk.record(db, "privacy.settings-changed", subject, json!({}))?)
}

/// Adds an activity of the city's own.
///
/// # Errors
/// When the database fails.
pub fn add_activity(db: &mut Write<'_>, desk: &Desk, activity: &Activity) -> Result<ActivityId, Refused> {
    let id = ActivityId::new(desk.now);
    store::add_activity(db, desk.institution, id, activity, desk.now)?;
    desk.record(db, "privacy.activity-added", Subject::new("activity", id), json!({}))?;
    Ok(id)
}

/// Ends an activity: it is not done any more. The record of it stays.
///
/// # Errors
/// When there is none.
pub fn end_activity(db: &mut Write<'_>, desk: &Desk, id: ActivityId) -> Result<(), Refused> {
    if !store::end_activity(db, desk.institution, id, desk.now)? {
        return Err(Refused::NotFound);
    }
    Ok(desk.record(db, "privacy.activity-ended", Subject::new("activity", id), json!({}))?)
}
