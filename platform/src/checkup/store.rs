//! The statements of checks.

use super::{Check, Finding, Health, Saying};
use crate::database::{DatabaseError, Read, Write};
use crate::params;
use time::{Date, Duration, OffsetDateTime};

crate::statements! {
    private;
    NOTE_FINDING = "INSERT INTO checkup (name, state, seen, advice, looked_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET state = excluded.state, seen = excluded.seen, advice = excluded.advice,
        looked_at = excluded.looked_at";
    LAST_FINDINGS = "SELECT name, state, seen, advice, looked_at FROM checkup ORDER BY name";
    NOTE_SAMPLE = "INSERT INTO disk_sample (volume, day, used) VALUES ($1, $2, $3) ON CONFLICT (volume, day) DO NOTHING";
    FORGET_SAMPLES = "DELETE FROM disk_sample WHERE day < $1";
    FIRST_SAMPLE = "SELECT day, used FROM disk_sample WHERE volume = $1 AND day >= $2 ORDER BY day LIMIT 1";
    OLDEST_DUE_JOB = "SELECT due_at FROM job WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT 1";
    CLOCK_IN_POSTGRES = "SELECT CURRENT_TIMESTAMP";
    VERSION_IN_POSTGRES = "SELECT current_setting('server_version')";
    VERSION_IN_SQLITE = "SELECT sqlite_version()";
}

/// So far back growth is measured.
const GROWTH: Duration = Duration::days(30);

pub(super) fn note(db: &mut Write<'_>, finding: &Finding) -> Result<(), DatabaseError> {
    let text = |saying: &Saying| serde_json::to_string(saying).map_err(|error| DatabaseError::Other(error.into()));
    let (seen, advice) = (text(&finding.seen)?, text(&finding.advice)?);
    let params = params![finding.check.name(), finding.health.name(), seen, advice, finding.looked_at];
    db.execute(NOTE_FINDING, params).map(drop)
}

/// What a later program kept under a name this one does not know is passed over.
pub(super) fn last(db: &mut Read<'_>) -> Result<Vec<Finding>, DatabaseError> {
    let rows: Vec<(String, String, String, String, OffsetDateTime)> = db.all(LAST_FINDINGS, &[])?;
    let finding = |(name, health, seen, advice, looked_at): (String, String, String, String, OffsetDateTime)| {
        let (seen, advice) = (serde_json::from_str(&seen).ok()?, serde_json::from_str(&advice).ok()?);
        Some(Finding { check: Check::named(&name)?, health: Health::named(&health)?, seen, advice, looked_at })
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}

/// Remembers how full volumes are on the day of a moment, once a day.
pub(super) fn sample(db: &mut Write<'_>, samples: &[(String, u64)], now: OffsetDateTime) -> Result<(), DatabaseError> {
    db.execute(FORGET_SAMPLES, params![now.saturating_sub(GROWTH * 2).date()])?;
    for (volume, used) in samples {
        db.execute(NOTE_SAMPLE, params![volume, now.date(), i64::try_from(*used).unwrap_or(i64::MAX)])?;
    }
    Ok(())
}

/// The oldest remembered use of a volume in the last month.
pub(super) fn first_sample(
    db: &mut Read<'_>,
    volume: &str,
    now: OffsetDateTime,
) -> Result<Option<(Date, u64)>, DatabaseError> {
    let since = now.saturating_sub(GROWTH).date();
    let row: Option<(Date, i64)> = db.one(FIRST_SAMPLE, params![volume, since])?;
    Ok(row.map(|(day, used)| (day, used.unsigned_abs())))
}

pub(super) fn oldest_due(db: &mut Read<'_>, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, DatabaseError> {
    Ok(db.one::<(OffsetDateTime,)>(OLDEST_DUE_JOB, params![now])?.map(|(at,)| at))
}

/// The clock of the database's server, which may be another machine.
pub(super) fn server_clock(db: &mut Read<'_>) -> Result<Option<OffsetDateTime>, DatabaseError> {
    Ok(db.one::<(OffsetDateTime,)>(CLOCK_IN_POSTGRES, &[])?.map(|(at,)| at))
}

/// The engine's own version.
pub(super) fn version(db: &mut Read<'_>) -> Result<String, DatabaseError> {
    let asked = match db.engine() {
        crate::database::Engine::Sqlite => VERSION_IN_SQLITE,
        crate::database::Engine::Postgres => VERSION_IN_POSTGRES,
    };
    let text = db.one::<(String,)>(asked, &[])?.map(|(text,)| text).unwrap_or_default();
    // Distributions append their own: `15.14 (Debian 15.14-0+deb12u1)`.
    Ok(text.split_whitespace().next().unwrap_or_default().to_owned())
}
