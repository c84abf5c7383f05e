//! The services people find in two vocabularies that other catalogues read: CPSV-AP as JSON-LD, and HSDS as JSON.
//!
//! What each asks for stands in `data/vocabularies.toml`, with where that is written; a test holds both exports to it.

mod cpsv;
mod hsds;

pub(crate) use cpsv::cpsv;
pub(crate) use hsds::hsds;

use crate::service::Service;
use crate::store;
use organisation::{Institution, Unit};
use platform::database::{DatabaseError, Read};
use platform::identity::{InstitutionId, UnitId};
use std::collections::HashMap;

/// What an export is made of.
#[derive(Debug)]
pub(crate) struct Published {
    /// The services people find, by name.
    pub(crate) services: Vec<Service>,
    /// The units of the city.
    pub(crate) units: HashMap<UnitId, Unit>,
    /// The city.
    pub(crate) institution: Institution,
}

/// Reads what an export is made of; nothing when there is no such city.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn read(db: &mut Read<'_>, institution: InstitutionId) -> Result<Option<Published>, DatabaseError> {
    let Some(city) = organisation::institution(db, institution)? else { return Ok(None) };
    let mut services = Vec::new();
    store::each_published(db, institution, |service| services.push(service))?;
    let units = organisation::units(db, institution)?.into_iter().map(|unit| (unit.id, unit)).collect();
    Ok(Some(Published { services, units, institution: city }))
}
