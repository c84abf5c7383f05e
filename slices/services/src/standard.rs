//! Standar Pelayanan: what a unit promises of a service, in the fourteen components of UU 25/2009 Pasal 21, version by version.

use crate::promise::{Duration, Fee};
use crate::service::{ServiceFacts, ServiceId};
use platform::identity::AccountId;
use rules::instrument::{Body, load};
use rules::service_standard::{ServiceStandard, StandardComponent};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use time::{Date, OffsetDateTime};

platform::id! {
    /// One version of the standard of a service.
    pub struct StandardId;
}

static RULE: LazyLock<ServiceStandard> = LazyLock::new(|| {
    let instrument = load("standar-pelayanan-2014").ok().flatten().expect("the embedded instrument is read by a test");
    match instrument.body {
        Body::ServiceStandard(standard) => standard,
        other => unreachable!("not a service standard: {other:?}"),
    }
});

/// The rule: the components in their official order, and how often a standard is reviewed.
#[must_use]
pub fn rule() -> &'static ServiceStandard {
    &RULE
}

/// Keys of the components that hold more than a text.
pub(crate) const REQUIREMENTS: &str = "persyaratan";
/// What is done, step by step: a line each.
pub(crate) const PROCEDURE: &str = "sistem-mekanisme-prosedur";
/// The time the service takes.
pub(crate) const TIME: &str = "jangka-waktu";
/// What it costs.
pub(crate) const FEE: &str = "biaya-tarif";

/// The life of a version of a standard. `docs/states/service-standard.md` draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandardState {
    /// "Draf": the unit writes it.
    Draft,
    /// "Dibahas": it was discussed with those it is for.
    Discussed,
    /// "Ditetapkan": the head of the unit has determined it by decree.
    Determined,
    /// "Terbit": it is in force, and everybody reads it.
    Published,
    /// "Digantikan": another version is in force.
    Replaced,
}

/// A version cannot pass to that state from the one it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongStep;

impl StandardState {
    /// All of them, in the order of a version's life.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Discussed, Self::Determined, Self::Published, Self::Replaced];

    /// It was discussed with the public (Permenpan RB 15/2014).
    ///
    /// # Errors
    /// When it is no draft.
    pub const fn discuss(self) -> Result<Self, WrongStep> {
        match self {
            Self::Draft => Ok(Self::Discussed),
            _ => Err(WrongStep),
        }
    }

    /// It is determined by decree ("penetapan").
    ///
    /// # Errors
    /// When it was not discussed, or is determined already.
    pub const fn determine(self) -> Result<Self, WrongStep> {
        match self {
            Self::Discussed => Ok(Self::Determined),
            _ => Err(WrongStep),
        }
    }

    /// Everybody reads it from now on.
    ///
    /// # Errors
    /// When it is not determined, or was published already.
    pub const fn publish(self) -> Result<Self, WrongStep> {
        match self {
            Self::Determined => Ok(Self::Published),
            _ => Err(WrongStep),
        }
    }

    /// It goes back to those who write it; what followed the draft is done again.
    ///
    /// # Errors
    /// When it is a draft already, or was published.
    pub const fn reopen(self) -> Result<Self, WrongStep> {
        match self {
            Self::Discussed | Self::Determined => Ok(Self::Draft),
            _ => Err(WrongStep),
        }
    }

    /// Another version is in force.
    ///
    /// # Errors
    /// When it is not in force.
    pub const fn replace(self) -> Result<Self, WrongStep> {
        match self {
            Self::Published => Ok(Self::Replaced),
            _ => Err(WrongStep),
        }
    }

    /// Whether it is still on its way to being in force.
    #[must_use]
    pub const fn is_in_making(self) -> bool {
        matches!(self, Self::Draft | Self::Discussed | Self::Determined)
    }

    /// The stable name in the database and in the diagram.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Discussed => "discussed",
            Self::Determined => "determined",
            Self::Published => "published",
            Self::Replaced => "replaced",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How the review of a standard in force stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// It was reviewed within the yearly target.
    Current,
    /// "Waktunya ditinjau": the yearly target has passed.
    Due,
    /// "Perlu ditinjau": the limit of the law has passed.
    Overdue,
}

impl Review {
    /// All of them, from good to bad.
    pub const ALL: [Self; 3] = [Self::Current, Self::Due, Self::Overdue];

    /// How the review of a standard stands on a day, when it was last found right on another.
    #[must_use]
    pub fn on(today: Date, reviewed_on: Date) -> Self {
        let rule = &rule().review;
        if years_after(reviewed_on, rule.at_least_every_years) <= today {
            Self::Overdue
        } else if years_after(reviewed_on, rule.target.every_years) <= today {
            Self::Due
        } else {
            Self::Current
        }
    }

    /// The stable name in the database and in the diagram.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Due => "due",
            Self::Overdue => "overdue",
        }
    }

    /// The standing of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|review| review.name() == name)
    }
}

/// The same day so many years later; 1 March for a 29 February that the year lacks.
#[must_use]
pub(crate) fn years_after(day: Date, years: u32) -> Date {
    let year = day.year().saturating_add(i32::try_from(years).unwrap_or(i32::MAX));
    let later = day.replace_year(year);
    later.or_else(|_| Date::from_calendar_date(year, time::Month::March, 1)).unwrap_or(Date::MAX)
}

/// What a version says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The text of each component by its key; requirements stand one a line.
    pub components: BTreeMap<String, String>,
    /// The longest time the service takes.
    pub duration: Option<Duration>,
    /// What it costs.
    pub fee: Option<Fee>,
}

impl Content {
    /// A first draft from what the catalogue says of a service.
    #[must_use]
    pub fn of(facts: &ServiceFacts) -> Self {
        let mut components = BTreeMap::new();
        if !facts.requirements.is_empty() {
            components.insert(REQUIREMENTS.to_owned(), facts.requirements.join("\n"));
        }
        Self { components, duration: facts.duration, fee: facts.fee.clone() }
    }

    /// The text of a component; empty when it has none.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.components.get(key).map_or("", String::as_str)
    }

    /// What to bring, one item each.
    #[must_use]
    pub fn requirements(&self) -> Vec<String> {
        self.text(REQUIREMENTS).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// The components that say nothing yet, in their official order.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static StandardComponent> {
        let filled: Vec<&str> =
            rule().components.iter().map(|component| component.key.as_str()).filter(|key| self.says(key)).collect();
        rule().missing(&filled)
    }

    fn says(&self, key: &str) -> bool {
        match key {
            TIME => self.duration.is_some(),
            FEE => self.fee.is_some(),
            _ => !self.text(key).trim().is_empty(),
        }
    }

    /// The bytes that are kept and hashed.
    #[must_use]
    pub fn bytes(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// SHA-256 of a text, in hexadecimal digits.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How a version was discussed with the public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discussion {
    /// The day.
    pub on: Date,
    /// Which groups took part: no names of people.
    pub with: String,
    /// Where the minutes are ("berita acara FKP"), with scheme; may be empty.
    pub minutes: String,
}

/// The decree by which a version was determined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decree {
    /// Its number.
    pub number: String,
    /// Its day.
    pub on: Date,
    /// Where it can be read, with scheme; may be empty.
    pub url: String,
    /// The day the standard takes force.
    pub effective_on: Date,
}

/// A version of the standard of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its identifier.
    pub id: StandardId,
    /// The service.
    pub service: ServiceId,
    /// Counts the versions of a service's standard, from 1.
    pub number: i64,
    /// How far it has come.
    pub state: StandardState,
    /// What it says.
    pub content: Content,
    /// How it was discussed.
    pub discussion: Option<Discussion>,
    /// How it was determined.
    pub decree: Option<Decree>,
    /// When it was published.
    pub published_at: Option<OffsetDateTime>,
    /// [`fingerprint`] of its content as published.
    pub hash: Option<String>,
    /// The last day it was found right; the day of the decree at first.
    pub reviewed_on: Option<Date>,
    /// How its review stands.
    pub review: Review,
    /// When another version took its place.
    pub replaced_at: Option<OffsetDateTime>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
}

/// Where something was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// On this site, by the program itself.
    Site,
    /// On a board or screen at the place of service.
    Board,
    /// In print: a leaflet, a newspaper.
    Print,
    /// Elsewhere: social media, the national catalogue.
    Other,
}

impl Medium {
    /// Those that people note; the site notes itself.
    pub const NOTED: [Self; 3] = [Self::Board, Self::Print, Self::Other];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Board => "board",
            Self::Print => "print",
            Self::Other => "other",
        }
    }

    /// The medium of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Site, Self::Board, Self::Print, Self::Other].into_iter().find(|medium| medium.name() == name)
    }
}

platform::id! {
    /// The proof of one publication.
    pub struct ProofId;
}

/// What was published where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Its identifier.
    pub id: ProofId,
    /// Where.
    pub medium: Medium,
    /// The address or the place.
    pub place: String,
    /// The day.
    pub on: Date,
    /// [`fingerprint`] of what was published.
    pub hash: String,
    /// Who noted it; nothing for the program.
    pub account: Option<AccountId>,
    /// When it was noted.
    pub at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn a_version_is_written_discussed_determined_published_and_replaced_in_this_order_only() {
        let discussed = StandardState::Draft.discuss().expect("a draft is discussed");
        let determined = discussed.determine().expect("then determined");
        let published = determined.publish().expect("then published");
        assert_eq!(published.replace(), Ok(StandardState::Replaced));
        assert_eq!((discussed.reopen(), determined.reopen()), (Ok(StandardState::Draft), Ok(StandardState::Draft)));
        assert_eq!(StandardState::Draft.determine(), Err(WrongStep));
        assert_eq!(StandardState::Draft.publish(), Err(WrongStep));
        assert_eq!(discussed.publish(), Err(WrongStep));
        assert_eq!(published.reopen(), Err(WrongStep));
        assert_eq!(StandardState::Replaced.publish(), Err(WrongStep));
    }

    /// PP 96/2012 Pasal 33: three years. The yearly target is that of the IPP assessment.
    #[test]
    fn a_review_falls_due_after_a_year_and_is_overdue_after_three() {
        let reviewed = date!(2024 - 02 - 29);
        assert_eq!(Review::on(date!(2025 - 02 - 28), reviewed), Review::Current);
        assert_eq!(Review::on(date!(2025 - 03 - 01), reviewed), Review::Due);
        assert_eq!(Review::on(date!(2027 - 02 - 28), reviewed), Review::Due);
        assert_eq!(Review::on(date!(2027 - 03 - 01), reviewed), Review::Overdue);
    }

    #[test]
    fn what_a_standard_lacks_is_told_in_the_official_order() {
        let bare = Content::default();
        assert_eq!(bare.missing().len(), 14);
        let facts = ServiceFacts {
            requirements: vec!["KTP-el".into()],
            duration: Duration::read("1 hari kerja"),
            fee: Some(Fee::Free),
            ..ServiceFacts::default()
        };
        let numbers: Vec<usize> = Content::of(&facts).missing().iter().map(|component| component.number).collect();
        assert_eq!(numbers, [2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    }

    #[test]
    fn names_lead_back_to_what_they_name() {
        assert!(StandardState::ALL.iter().all(|state| StandardState::named(state.name()) == Some(*state)));
        assert!(Review::ALL.iter().all(|review| Review::named(review.name()) == Some(*review)));
        assert!(Medium::NOTED.iter().all(|medium| Medium::named(medium.name()) == Some(*medium)));
    }

    proptest! {
        #[test]
        fn what_a_version_says_comes_back_from_its_bytes_with_the_same_fingerprint(
            texts in proptest::collection::btree_map("[a-z-]{1,12}", ".{0,40}", 0..15), amount in 1_u16..1000,
        ) {
            let content = Content {
                components: texts,
                duration: Duration::read(&format!("{amount} hari")),
                fee: Some(Fee::Varies { note: amount.to_string() }),
            };
            let bytes = content.bytes();
            let again: Content = serde_json::from_str(&bytes).expect("it can be read");
            prop_assert_eq!(&again, &content);
            prop_assert_eq!(fingerprint(&again.bytes()), fingerprint(&bytes));
        }
    }
}
