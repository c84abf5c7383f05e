//! A request of a person about their data: its kind, its states, its deadline.

use platform::identity::AccountId;
use platform::identity::InstitutionId;
use platform::personal::{BlindIndex, EmailAddress, Nik, PersonName, PersonText, Phone, Place, Sealed};
use time::{Duration, OffsetDateTime};

platform::id! {
    /// A request.
    pub struct RequestId;
}

macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+ $(,)?) => {
        impl $type {
            /// All of them, in the order of screens.
            pub const ALL: [Self; names!(@ $($variant)+)] = [$(Self::$variant),+];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one of a stable name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        }
    };
    (@ $($variant:ident)+) => { <[()]>::len(&[$(names!(@@ $variant)),+]) };
    (@@ $variant:ident) => { () };
}
pub(crate) use names;

/// What somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// To see their data and have a copy.
    Access,
    /// To have it put right.
    Correction,
    /// To have it kept but not used.
    Restriction,
    /// To have it erased.
    Erasure,
    /// To take a consent back.
    Withdrawal,
}

names! { RequestKind: Access = "access", Correction = "correction", Restriction = "restriction", Erasure = "erasure", Withdrawal = "withdrawal" }

/// Where a request stands: `docs/states/data-request.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// It came in.
    Received,
    /// The person was asked to show who they are.
    IdentityAsked,
    /// It is known who asks.
    Verified,
    /// All of it will be done.
    Granted,
    /// Some of it will be done.
    PartlyGranted,
    /// It will not be done, by an article.
    Refused,
    /// What was decided was done.
    CarriedOut,
    /// Nothing is left to do.
    Closed,
}

names! { RequestState: Received = "received", IdentityAsked = "identity-asked", Verified = "verified", Granted = "granted",
PartlyGranted = "partly-granted", Refused = "refused", CarriedOut = "carried-out", Closed = "closed" }

/// This cannot be done from the state something is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState;

impl RequestState {
    /// Whether one step leads there: the arrows of the diagram.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Received, Self::IdentityAsked | Self::Verified)
                | (Self::IdentityAsked, Self::Verified | Self::Refused)
                | (Self::Verified, Self::Granted | Self::PartlyGranted | Self::Refused)
                | (Self::Granted | Self::PartlyGranted, Self::CarriedOut)
                | (Self::CarriedOut | Self::Refused, Self::Closed)
        )
    }

    const fn step(self, next: Self) -> Result<Self, WrongState> {
        if self.may_become(next) { Ok(next) } else { Err(WrongState) }
    }

    /// The person is asked to show who they are.
    ///
    /// # Errors
    /// When that is known, or it is too late.
    pub const fn ask_identity(self) -> Result<Self, WrongState> {
        self.step(Self::IdentityAsked)
    }

    /// It is known who asks.
    ///
    /// # Errors
    /// When it was known before.
    pub const fn verify(self) -> Result<Self, WrongState> {
        self.step(Self::Verified)
    }

    /// It is decided.
    ///
    /// # Errors
    /// When it is not known who asks, or it was decided before. Whoever did not show who they are can only be refused.
    pub const fn decide(self, decision: Decision) -> Result<Self, WrongState> {
        self.step(match decision {
            Decision::Granted => Self::Granted,
            Decision::PartlyGranted => Self::PartlyGranted,
            Decision::Refused(_) => Self::Refused,
        })
    }

    /// What was decided is done.
    ///
    /// # Errors
    /// When nothing was decided that could be done.
    pub const fn carry_out(self) -> Result<Self, WrongState> {
        self.step(Self::CarriedOut)
    }

    /// Nothing is left to do.
    ///
    /// # Errors
    /// When something is.
    pub const fn close(self) -> Result<Self, WrongState> {
        self.step(Self::Closed)
    }

    /// Whether the deadline still runs.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        !matches!(self, Self::CarriedOut | Self::Refused | Self::Closed)
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// All of it is done.
    Granted,
    /// Some of it is done; the answer says which.
    PartlyGranted,
    /// It is not done.
    Refused(Refusal),
}

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing of the person is kept.
    NoData,
    /// It was not shown who they are.
    Unproved,
    /// It would harm somebody.
    Harm,
    /// Defence, law enforcement, the running of the state.
    PublicInterest,
    /// A law keeps the data.
    KeptByLaw,
}

names! { Refusal: NoData = "no-data", Unproved = "unproved", Harm = "harm", PublicInterest = "public-interest",
KeptByLaw = "kept-by-law" }

/// How it was seen who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifiedBy {
    /// They were signed in.
    Account,
    /// They answered from the address or number that is kept.
    Contact,
    /// They came and showed a document, of which no copy is kept.
    Document,
    /// Somebody acts for them and showed it: a parent, a guardian.
    Guardian,
}

names! { VerifiedBy: Account = "account", Contact = "contact", Document = "document", Guardian = "guardian" }

/// What somebody who asks tells of themselves.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What they ask.
    pub kind: RequestKind,
    /// Who they are.
    pub name: PersonName,
    /// Where they are reached.
    pub email: Option<EmailAddress>,
    /// Where they are reached.
    pub phone: Option<Phone>,
    /// Only when nothing else tells them from another person.
    pub nik: Option<Nik>,
    /// What it is about.
    pub about: PersonText,
    /// Their account, when they are signed in.
    pub account: Option<AccountId>,
}

/// A request as it is stored.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its identifier.
    pub id: RequestId,
    /// The year of its number.
    pub year: i64,
    /// Its number in the year.
    pub number: i64,
    /// What is asked.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// Grows with each step: a page that is older changes nothing.
    pub version: i64,
    /// Who asked while signed in.
    pub account: Option<AccountId>,
    /// What the person told, sealed.
    pub told: Told,
    /// How it was seen who asks.
    pub verified_by: Option<VerifiedBy>,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// Whether it is kept and no more.
    pub restricted: bool,
    /// When it came in.
    pub received_at: OffsetDateTime,
    /// By when it is to be done.
    pub due_at: OffsetDateTime,
    /// When it was decided.
    pub decided_at: Option<OffsetDateTime>,
    /// When nothing was left to do.
    pub closed_at: Option<OffsetDateTime>,
}

/// The sealed part of a request; nothing of it when the person had it erased.
#[derive(Debug, Clone)]
pub struct Told {
    /// Their name.
    pub name: Option<Sealed<PersonName>>,
    /// Their e-mail address.
    pub email: Option<Sealed<EmailAddress>>,
    /// Their telephone number.
    pub phone: Option<Sealed<Phone>>,
    /// Their population number.
    pub nik: Option<Sealed<Nik>>,
    /// What it is about.
    pub about: Option<Sealed<PersonText>>,
    /// What was answered.
    pub answer: Option<Sealed<PersonText>>,
}

/// The blind indexes beside the sealed part.
#[derive(Debug, Clone)]
pub(crate) struct Indexes {
    pub(crate) email: Option<BlindIndex>,
    pub(crate) phone: Option<BlindIndex>,
    pub(crate) nik: Option<BlindIndex>,
}

/// Where a part of a request is sealed: `data_request.name`.
#[must_use]
pub(crate) const fn place(institution: InstitutionId, column: &'static str, id: RequestId) -> Place {
    Place::new(institution, column, id.uuid())
}

impl Request {
    /// "DP-2026-000123".
    #[must_use]
    pub fn receipt(&self) -> String {
        receipt(self.year, self.number)
    }

    /// How much of the time is left; below zero when it is over. Nothing when it does not run any more.
    #[must_use]
    pub fn left(&self, now: OffsetDateTime) -> Option<Duration> {
        self.state.is_waiting().then(|| self.due_at - now)
    }
}

/// "DP-2026-000123".
#[must_use]
pub(crate) fn receipt(year: i64, number: i64) -> String {
    format!("DP-{year}-{number:06}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn states() -> impl Strategy<Value = RequestState> {
        proptest::sample::select(RequestState::ALL.to_vec())
    }

    #[test]
    fn every_name_is_found_again() {
        assert!(RequestState::ALL.into_iter().all(|state| RequestState::named(state.name()) == Some(state)));
        assert!(RequestKind::ALL.into_iter().all(|kind| RequestKind::named(kind.name()) == Some(kind)));
    }

    #[test]
    fn whoever_did_not_show_who_they_are_can_only_be_refused() {
        let asked = RequestState::Received.ask_identity().unwrap();
        assert_eq!(asked.decide(Decision::Granted), Err(WrongState));
        assert_eq!(asked.decide(Decision::Refused(Refusal::Unproved)), Ok(RequestState::Refused));
    }

    #[test]
    fn the_clock_stops_when_it_is_done_or_refused() {
        let waiting: Vec<&str> =
            RequestState::ALL.into_iter().filter(|state| state.is_waiting()).map(RequestState::name).collect();
        assert_eq!(waiting, ["received", "identity-asked", "verified", "granted", "partly-granted"]);
    }

    /// The arrows of `docs/states/data-request.md` are those of the code.
    #[test]
    fn the_diagram_shows_the_arrows_of_the_code() {
        let page = include_str!("../../../docs/states/data-request.md");
        let mut drawn: Vec<(String, String)> = page
            .lines()
            .filter_map(|line| line.split_once("-->"))
            .map(|(from, to)| (from.trim().to_owned(), to.split(':').next().unwrap_or_default().trim().to_owned()))
            .filter(|(from, to)| from != "[*]" && to != "[*]")
            .collect();
        let mut own = Vec::new();
        for from in RequestState::ALL {
            for to in RequestState::ALL.into_iter().filter(|to| from.may_become(*to)) {
                own.push((format!("{from:?}"), format!("{to:?}")));
            }
        }
        drawn.sort();
        own.sort();
        assert_eq!(drawn, own);
    }

    proptest! {
        #[test]
        fn every_way_ends_and_no_way_leads_back(start in states(), next in states()) {
            let rank = |state: RequestState| RequestState::ALL.iter().position(|own| *own == state).unwrap();
            if start.may_become(next) {
                prop_assert!(rank(next) > rank(start));
            }
            prop_assert_eq!(RequestState::ALL.iter().any(|to| start.may_become(*to)), start != RequestState::Closed);
        }
    }
}
