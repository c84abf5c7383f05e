//! The register of processing (UU 27/2022 Pasal 31): what slices declare, and what a city adds.

use platform::personal::Basis;

platform::id! {
    /// An activity that a city added.
    pub struct ActivityId;
}

/// Who answers for personal data in a city (UU 27/2022 Pasal 53), as it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Officer {
    /// Name or office.
    pub name: String,
    /// How they are reached.
    pub contact: String,
    /// Who else gets data from this city.
    pub recipients: String,
    /// Grows with each change; 0 when nothing was ever saved.
    pub version: i64,
}

/// What a city does with personal data beside this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its identifier; nothing for a new one.
    pub id: Option<ActivityId>,
    /// What it is called.
    pub title: String,
    /// What for.
    pub purpose: String,
    /// Of whom which data.
    pub people: String,
    /// Why it may.
    pub basis: Basis,
    /// Who gets it.
    pub recipients: String,
    /// How long it is kept.
    pub retention: String,
    /// How it is protected.
    pub protection: String,
}
