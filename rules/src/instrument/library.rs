//! The instrument files that are part of the program.

use super::{Family, Instrument, InstrumentError, read};
use std::sync::OnceLock;

macro_rules! files {
    ($($id:literal),* $(,)?) => {
        /// Identifier and text of every embedded file, grouped by family and in order of their dates.
        const FILES: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../parameters/", $id, ".toml"))),)*];
    };
}

files!(
    "skm-2004",
    "skm-2014",
    "skm-2017",
    "ipp-2017",
    "ipp-2022",
    "ipp-2022-online",
    "ombudsman-2015",
    "ombudsman-2022",
    "ombudsman-2025",
    "sp4n-2018",
    "kalender-nasional",
    "standar-pelayanan-2014",
    "kipp-2025",
);

/// Identifiers of the embedded instruments.
pub fn embedded() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(id, _)| *id)
}

/// The embedded instrument `id`, or nothing when there is none of that name.
///
/// # Errors
/// Never in a tested build: every embedded file is read by a test. The error is passed on rather than hidden.
pub fn load(id: &str) -> Result<Option<Instrument>, InstrumentError> {
    match cached(id) {
        None => Ok(None),
        Some(instrument) => instrument.clone().map(Some),
    }
}

/// The embedded instrument `id` itself, not a copy of it: for what is done often.
#[must_use]
pub fn shared(id: &str) -> Option<&'static Instrument> {
    cached(id)?.as_ref().ok()
}

/// Each file is read at most once, and only when it is asked for.
fn cached(id: &str) -> Option<&'static Result<Instrument, InstrumentError>> {
    static READ: [OnceLock<Result<Instrument, InstrumentError>>; FILES.len()] =
        [const { OnceLock::new() }; FILES.len()];
    let position = FILES.iter().position(|(known, _)| *known == id)?;
    let (id, text) = FILES[position];
    Some(READ[position].get_or_init(|| read(&format!("{id}.toml"), text)))
}

/// The embedded instrument that is called `name` here or elsewhere (`other_ids`).
///
/// # Errors
/// As [`load`].
pub fn named(name: &str) -> Result<Option<Instrument>, InstrumentError> {
    let name = name.trim().to_lowercase();
    if let Some(instrument) = load(&name)? {
        return Ok(Some(instrument));
    }
    let called = |id: &&str| match cached(id) {
        Some(Ok(instrument)) => instrument.header.other_ids.contains(&name),
        _ => false,
    };
    embedded().find(called).map_or(Ok(None), load)
}

/// The newest embedded instrument of a family that applies on a day (`2021-03-31`) or in a year (`2021`).
///
/// # Errors
/// As [`load`].
pub fn in_force_on(family: Family, date: &str) -> Result<Option<Instrument>, InstrumentError> {
    let mut found: Option<&Instrument> = None;
    for id in embedded() {
        let Some(instrument) = cached(id) else { continue };
        let instrument = instrument.as_ref().map_err(Clone::clone)?;
        let header = &instrument.header;
        let newer = found.is_none_or(|other| other.header.in_force.from < header.in_force.from);
        if header.family == family && header.in_force.covers(date) && newer {
            found = Some(instrument);
        }
    }
    Ok(found.cloned())
}

/// The embedded instrument `id`, read once for all tests.
#[cfg(test)]
pub(crate) fn known(id: &str) -> &'static Instrument {
    shared(id).unwrap()
}

/// The text of an embedded file, for tests that damage it.
#[cfg(test)]
pub(super) fn text(id: &str) -> &'static str {
    FILES.iter().find(|(known, _)| *known == id).unwrap().1
}
