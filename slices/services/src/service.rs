//! A service: what a unit does for people, as they look for it.

use crate::promise::{Duration, Fee, Week};
use platform::identity::UnitId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

platform::id! {
    /// A service of a unit.
    pub struct ServiceId;
}

/// The life of a service in the catalogue. `docs/states/service.md` draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceState {
    /// "Draf": only staff see it.
    Draft,
    /// "Terbit": everybody finds it.
    Published,
    /// "Ditarik": not given any more; its address still tells so.
    Withdrawn,
}

/// A service cannot pass to that state from the one it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState;

impl ServiceState {
    /// The three, in the order of a service's life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Withdrawn];

    /// Everybody finds it from now on.
    ///
    /// # Errors
    /// When it is published already.
    pub const fn publish(self) -> Result<Self, WrongState> {
        match self {
            Self::Draft | Self::Withdrawn => Ok(Self::Published),
            Self::Published => Err(WrongState),
        }
    }

    /// It is not given any more.
    ///
    /// # Errors
    /// When it is not published.
    pub const fn withdraw(self) -> Result<Self, WrongState> {
        match self {
            Self::Published => Ok(Self::Withdrawn),
            Self::Draft | Self::Withdrawn => Err(WrongState),
        }
    }

    /// The stable name in the database and in the diagram.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How people can use a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// "Loket".
    Counter,
    /// "Daring".
    Online,
    /// "Layanan tanpa turun" (drive-thru).
    DriveThru,
    /// "Anjungan mandiri".
    Kiosk,
    /// "Layanan keliling".
    Mobile,
}

impl Channel {
    /// All of them, in the order of screens.
    pub const ALL: [Self; 5] = [Self::Counter, Self::Online, Self::DriveThru, Self::Kiosk, Self::Mobile];

    /// The stable name in the database, in forms and in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Online => "online",
            Self::DriveThru => "drive-thru",
            Self::Kiosk => "kiosk",
            Self::Mobile => "mobile",
        }
    }

    /// The channel of a stable name, or of its Indonesian word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let channel = match organisation::plain(name).as_str() {
            "counter" | "loket" => Self::Counter,
            "online" | "daring" => Self::Online,
            "drive thru" | "tanpa turun" => Self::DriveThru,
            "kiosk" | "anjungan" | "anjungan mandiri" => Self::Kiosk,
            "mobile" | "keliling" | "layanan keliling" => Self::Mobile,
            _ => return None,
        };
        Some(channel)
    }
}

/// A form that people fill in, at its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlankForm {
    /// "Formulir F-1.01".
    pub title: String,
    /// Its address, with scheme.
    pub url: String,
}

/// What a service is: everything of it that people type. Empty texts are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceFacts {
    /// Its name: "Penerbitan Kartu Keluarga baru". Kept in a column of its own.
    #[serde(skip)]
    pub name: String,
    /// The key of its [`crate::category`]. Kept in a column of its own.
    #[serde(skip)]
    pub category: String,
    /// What it is for, in plain words.
    pub summary: String,
    /// Who it is for.
    pub audience: String,
    /// What else people call it; found by the search, not shown.
    pub keywords: String,
    /// Keys of [`crate::life_events`].
    pub events: Vec<String>,
    /// How it can be used.
    pub channels: Vec<Channel>,
    /// When its counters are open.
    pub hours: Week,
    /// Whether they are closed on national holidays.
    pub closed_on_holidays: bool,
    /// The longest time it takes.
    pub duration: Option<Duration>,
    /// What it costs.
    pub fee: Option<Fee>,
    /// What to bring, one item each.
    pub requirements: Vec<String>,
    /// Where it is used online, with scheme.
    pub online: String,
    /// Forms to fill in.
    pub forms: Vec<BlankForm>,
    /// A video in sign language, with scheme.
    pub sign_language: String,
    /// The same in easy words ("mudah dibaca").
    pub easy: String,
}

/// A service as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its identifier.
    pub id: ServiceId,
    /// Its part of addresses, made from its first name and never changed.
    pub slug: String,
    /// The unit that gives it.
    pub unit: UnitId,
    /// What it is.
    pub facts: ServiceFacts,
    /// Whether people find it.
    pub state: ServiceState,
    /// Whether it was copied from an example and nobody looked through it yet.
    pub example: bool,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was entered.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
    /// When people first found it.
    pub published_at: Option<OffsetDateTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_published_and_a_published_service_withdrawn() {
        let published = ServiceState::Draft.publish();
        assert_eq!(published, Ok(ServiceState::Published));
        assert_eq!(ServiceState::Published.withdraw(), Ok(ServiceState::Withdrawn));
        assert_eq!(ServiceState::Withdrawn.publish(), Ok(ServiceState::Published));
        assert_eq!(ServiceState::Published.publish(), Err(WrongState));
        for wrong in [ServiceState::Draft, ServiceState::Withdrawn] {
            assert_eq!(wrong.withdraw(), Err(WrongState));
        }
    }

    #[test]
    fn states_and_channels_are_found_by_their_names() {
        for state in ServiceState::ALL {
            assert_eq!(ServiceState::named(state.name()), Some(state));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::named(channel.name()), Some(channel));
        }
        assert_eq!(Channel::named("Anjungan mandiri"), Some(Channel::Kiosk));
    }

    #[test]
    fn facts_kept_before_a_field_was_thought_of_can_still_be_read() {
        let sample = include_str!("../../../migrations/sample/0012_services.sql");
        let kept = sample.split('\'').find(|text| text.starts_with("{\"summary\"")).expect("the sample holds facts");
        let facts: ServiceFacts = serde_json::from_str(kept).expect("they can be read");
        assert_eq!((facts.requirements.len(), facts.fee, facts.easy.as_str()), (1, Some(Fee::Free), ""));
    }
}
