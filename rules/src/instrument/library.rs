//! The instrument files that are part of the program.

use super::{Family, Instrument, InstrumentError, read};

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
    let Some((id, text)) = FILES.iter().find(|(known, _)| *known == id) else { return Ok(None) };
    read(&format!("{id}.toml"), text).map(Some)
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
    for id in embedded() {
        let instrument = load(id)?;
        if instrument.as_ref().is_some_and(|known| known.header.other_ids.contains(&name)) {
            return Ok(instrument);
        }
    }
    Ok(None)
}

/// The newest embedded instrument of a family that applies on a day (`2021-03-31`) or in a year (`2021`).
///
/// # Errors
/// As [`load`].
pub fn in_force_on(family: Family, date: &str) -> Result<Option<Instrument>, InstrumentError> {
    let mut found = None;
    for id in embedded() {
        let Some(instrument) = load(id)? else { continue };
        if instrument.header.family == family && instrument.header.in_force.covers(date) {
            let newer = |other: &Instrument| other.header.in_force.from < instrument.header.in_force.from;
            if found.as_ref().is_none_or(newer) {
                found = Some(instrument);
            }
        }
    }
    Ok(found)
}

/// The embedded instrument `id`, read once for all tests.
#[cfg(test)]
pub(crate) fn known(id: &str) -> &'static Instrument {
    static READ: std::sync::OnceLock<Vec<Instrument>> = std::sync::OnceLock::new();
    let all = READ.get_or_init(|| embedded().map(|id| load(id).unwrap().unwrap()).collect());
    all.iter().find(|instrument| instrument.header.id == id).unwrap()
}
