//! What a city adds to the register: who answers, and its own activities.

use super::Answer;
use crate::register::{Activity, ActivityId, Officer};
use platform::database::{FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::personal::Basis;
use platform::{params, statements};
use time::OffsetDateTime;

statements! {
    OFFICER = "SELECT officer, contact, recipients, version FROM privacy_setting WHERE institution_id = $1";
    SET_OFFICER = "INSERT INTO privacy_setting (institution_id, officer, contact, recipients, version, changed_at)
        VALUES ($1, $2, $3, $4, 1, $6) ON CONFLICT (institution_id) DO UPDATE SET officer = $2, contact = $3, recipients = $4,
        version = privacy_setting.version + 1, changed_at = $6 WHERE privacy_setting.version = $5";
    ACTIVITIES = "SELECT id, title, purpose, people, basis, recipients, retention, protection FROM processing_activity
        WHERE institution_id = $1 AND ended_at IS NULL ORDER BY created_at, id";
    ADD_ACTIVITY = "INSERT INTO processing_activity
        (id, institution_id, title, purpose, people, basis, recipients, retention, protection, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    END_ACTIVITY = "UPDATE processing_activity SET ended_at = $3
        WHERE institution_id = $1 AND id = $2 AND ended_at IS NULL";
}

impl FromRow for Officer {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        Ok(Self { name: row.next()?, contact: row.next()?, recipients: row.next()?, version: row.next()? })
    }
}

impl FromRow for Activity {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, title, purpose, people) = (Some(row.next()?), row.next()?, row.next()?, row.next()?);
        let basis = Basis::named(&row.next::<String>()?).unwrap_or(Basis::PublicTask);
        let (recipients, retention, protection) = (row.next()?, row.next()?, row.next()?);
        Ok(Self { id, title, purpose, people, basis, recipients, retention, protection })
    }
}

pub(crate) fn officer(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Officer> {
    Ok(db.one(OFFICER, params![institution])?.unwrap_or_default())
}

/// Saves who answers; false when somebody did meanwhile.
pub(crate) fn set_officer(
    db: &mut Write<'_>,
    institution: InstitutionId,
    officer: &Officer,
    now: OffsetDateTime,
) -> Answer<bool> {
    let values = params![institution, &officer.name, &officer.contact, &officer.recipients, officer.version, now];
    Ok(db.execute(SET_OFFICER, values)? == 1)
}

pub(crate) fn activities(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Activity>> {
    db.all(ACTIVITIES, params![institution])
}

pub(crate) fn add_activity(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: ActivityId,
    activity: &Activity,
    now: OffsetDateTime,
) -> Answer<()> {
    let values = params![
        id,
        institution,
        &activity.title,
        &activity.purpose,
        &activity.people,
        activity.basis.name(),
        &activity.recipients,
        &activity.retention,
        &activity.protection,
        now,
    ];
    db.execute(ADD_ACTIVITY, values).map(drop)
}

/// Ends an activity; false when there is none.
pub(crate) fn end_activity(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: ActivityId,
    now: OffsetDateTime,
) -> Answer<bool> {
    Ok(db.execute(END_ACTIVITY, params![institution, id, now])? == 1)
}
