//! The services people find as open data: a table that an import takes back, and JSON.

use crate::kinds;
use crate::promise::Fee;
use crate::service::Service;
use crate::store;
use crate::table::{self, COLUMNS};
use organisation::Unit;
use organisation::import::csv_line;
use platform::database::{DatabaseError, Read};
use platform::identity::{InstitutionId, UnitId};
use rules::phrase::Language;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The published services as CSV with the columns of the template.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn csv(db: &mut Read<'_>, institution: InstitutionId) -> Result<String, DatabaseError> {
    let units = units(db, institution)?;
    let mut text = String::from('\u{feff}');
    text.push_str(&csv_line(COLUMNS.iter().map(|column| column.names[0])));
    store::each_published(db, institution, |service| {
        let unit = units.get(&service.unit).map_or("", |unit| unit.facts.code.as_deref().unwrap_or(&unit.facts.name));
        let cells: Vec<String> = COLUMNS.iter().map(|column| table::cell(&service.facts, column.field, unit)).collect();
        text.push_str(&csv_line(cells.iter().map(String::as_str)));
    })?;
    Ok(text)
}

/// The published services as the text of JSON, each with its stable address.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn json(db: &mut Read<'_>, institution: InstitutionId, origin: &str) -> Result<String, DatabaseError> {
    let units = units(db, institution)?;
    // Written one by one: as one value, all services of a province would be in memory three times.
    let mut text = String::from("{\"services\":[");
    store::each_published(db, institution, |service| {
        if !text.ends_with('[') {
            text.push(',');
        }
        let _ = write!(text, "{}", one(&service, units.get(&service.unit), origin));
    })?;
    text.push_str("]}");
    Ok(text)
}

fn one(service: &Service, unit: Option<&Unit>, origin: &str) -> Value {
    let facts = &service.facts;
    let category = kinds::category(&facts.category).map(|kind| kind.name(Language::Indonesian));
    let hours: Vec<Value> = (1..)
        .zip(facts.hours.0)
        .filter_map(|(day, opening)| Some(json!({ "day": day, "hours": opening?.to_string() })))
        .collect();
    json!({
        "id": service.id,
        "url": format!("{origin}/layanan/{}", service.slug),
        "name": facts.name,
        "summary": facts.summary,
        "audience": facts.audience,
        "unit": unit.map(|unit| json!({ "name": unit.facts.name, "code": unit.facts.code, "url": format!("{origin}/unit/{}", unit.slug) })),
        "category": { "key": facts.category, "name": category },
        "life_events": facts.events,
        "channels": facts.channels,
        "duration": facts.duration,
        "fee": match &facts.fee {
            None => Value::Null,
            Some(Fee::Free) => json!({ "kind": "free" }),
            Some(Fee::Fixed { rupiah }) => json!({ "kind": "fixed", "rupiah": rupiah }),
            Some(Fee::Varies { note }) => json!({ "kind": "varies", "note": note }),
        },
        "requirements": facts.requirements,
        "hours": hours,
        "closed_on_holidays": facts.closed_on_holidays,
        "online": facts.online,
        "forms": facts.forms,
        "sign_language_video": facts.sign_language,
    })
}

fn units(db: &mut Read<'_>, institution: InstitutionId) -> Result<HashMap<UnitId, Unit>, DatabaseError> {
    Ok(organisation::units(db, institution)?.into_iter().map(|unit| (unit.id, unit)).collect())
}
