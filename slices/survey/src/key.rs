//! Keys of programs: a queue system that hands out codes, a tablet that sends answers. A key is of one unit, is shown once, and is kept by
//! its hash alone.

use crate::fault::Fault;
use crate::period::WrongState;
use platform::identity::{InstitutionId, UnitId};
use sha2::{Digest as _, Sha256};
use time::Date;

platform::id! {
    /// A key of a program.
    pub struct KeyId;
}

/// Letters and digits that cannot be mistaken for one another, thirty-two of them.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Random signs: 160 bits.
const LENGTH: usize = 32;
/// So a key begins, so that whoever finds one knows what it is of.
const BEGINNING: &str = "prima_";
/// The last signs of a key, by which people tell one from another.
const ENDING: usize = 4;
/// The longest label, in letters.
const LONGEST_LABEL: usize = 60;

/// A key as a program gives it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProgramKey(String);

/// A key is never written into a log.
impl std::fmt::Debug for ProgramKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ProgramKey(…)")
    }
}

impl ProgramKey {
    /// The key of random bytes.
    #[must_use]
    pub fn of(random: [u8; LENGTH]) -> Self {
        let signs: String = random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
        Self(format!("{BEGINNING}{signs}"))
    }

    /// A new key.
    #[must_use]
    pub fn new() -> Self {
        Self::of(platform::clock::random())
    }

    /// What somebody presents as a key.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The key in clear: shown once, when it is made.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it. A key has so much chance in it that its hash needs no salt and no time.
    #[must_use]
    pub fn hash(&self, institution: InstitutionId) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update("prima survey program key");
        hash.update(institution.uuid().as_bytes());
        hash.update(&self.0);
        hash.finalize().to_vec()
    }

    /// Its last signs.
    #[must_use]
    pub fn ending(&self) -> String {
        self.0.chars().skip(self.0.chars().count().saturating_sub(ENDING)).collect()
    }
}

impl Default for ProgramKey {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a key opens anything: `docs/states/program-key.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// "Berlaku".
    Active,
    /// "Dicabut": nobody gets in with it any more, and it never comes back.
    Revoked,
}

impl KeyState {
    /// Both, in the order of a key's life.
    pub const ALL: [Self; 2] = [Self::Active, Self::Revoked];

    /// It opens nothing from now on.
    ///
    /// # Errors
    /// When it was revoked before.
    pub const fn revoke(self) -> Result<Self, WrongState> {
        match self {
            Self::Active => Ok(Self::Revoked),
            Self::Revoked => Err(WrongState),
        }
    }

    /// The stable name, for words and pages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
        }
    }
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its identifier.
    pub id: KeyId,
    /// The unit it is of.
    pub unit: UnitId,
    /// "Mesin antrean lantai 1".
    pub label: String,
    /// Its last signs.
    pub ending: String,
    /// The day it was made.
    pub made_on: Date,
    /// The last day it was used.
    pub used_on: Option<Date>,
    /// The day it was revoked.
    pub revoked_on: Option<Date>,
}

impl Key {
    /// Whether it opens anything.
    #[must_use]
    pub const fn state(&self) -> KeyState {
        if self.revoked_on.is_some() { KeyState::Revoked } else { KeyState::Active }
    }
}

/// What a key is called, as it was typed.
///
/// # Errors
/// When it is empty or too long.
pub(crate) fn label(typed: &str) -> Result<String, Fault> {
    match typed.trim() {
        "" => Err(Fault::new("label", "fault.label")),
        label if label.chars().count() > LONGEST_LABEL => Err(Fault::new("label", "fault.long-place")),
        label => Ok(label.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::database::Uuid;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_is_known_again_as_it_was_shown(random: [u8; LENGTH]) {
            let (city, key) = (InstitutionId::from(Uuid::from_u128(1)), ProgramKey::of(random));
            let presented = ProgramKey::presented(&format!(" {} ", key.shown()));
            prop_assert_eq!(presented.hash(city), key.hash(city));
            prop_assert!(key.shown().ends_with(&key.ending()));
        }
    }

    #[test]
    fn a_key_opens_one_city_only_and_stands_in_no_log() {
        let city = |number| InstitutionId::from(Uuid::from_u128(number));
        let key = ProgramKey::new();
        assert_ne!(key.hash(city(1)), key.hash(city(2)));
        assert_eq!(format!("{key:?}"), "ProgramKey(…)");
        assert_ne!(ProgramKey::new(), key);
    }

    #[test]
    fn a_label_is_needed_and_short() {
        assert_eq!(label(" Mesin antrean ").as_deref(), Ok("Mesin antrean"));
        assert!(label(" ").is_err() && label(&"a".repeat(61)).is_err());
    }

    #[test]
    fn the_diagram_shows_the_arrows_of_the_code() {
        let page = include_str!("../../../docs/states/program-key.md");
        for from in KeyState::ALL {
            for to in KeyState::ALL {
                let drawn = page.lines().any(|line| line.trim().starts_with(&format!("{from:?} --> {to:?}:")));
                assert_eq!(drawn, from.revoke() == Ok(to), "{from:?} --> {to:?}");
            }
        }
    }
}
