//! Whether people reach a unit by what it publishes: its page, its mail address, its telephone.
//!
//! The program looks once a week ([`crate::self_test`]); what no server can find out, a person tries and says so. A look that decides
//! nothing takes no success away that is not older than [`BELIEVED`].
//!
//! **Law**: UU 25/2009 article 21 j (a standard names where to complain); the assessors of the Ombudsman try what is published.
//! **States**: `docs/states/contact-check.md`.

use organisation::Contact;
use platform::identity::UnitId;
use time::{Duration, OffsetDateTime};

/// So long a success is believed that nobody could repeat since.
pub const BELIEVED: Duration = Duration::days(180);

/// What was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactKind {
    /// Its website.
    Page,
    /// Its mail address.
    Mail,
    /// Its telephone.
    Phone,
}

impl ContactKind {
    /// All, in the order of screens.
    pub const ALL: [Self; 3] = [Self::Page, Self::Mail, Self::Phone];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Mail => "mail",
            Self::Phone => "phone",
        }
    }

    /// The kind of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a unit publishes of this kind; empty when it publishes none.
    #[must_use]
    pub fn of(self, contact: &Contact) -> &str {
        match self {
            Self::Page => &contact.web,
            Self::Mail => &contact.email,
            Self::Phone => &contact.phone,
        }
    }
}

/// What is wrong with what was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactFault {
    /// It is no address at all.
    BadAddress,
    /// It leads into a network that people cannot reach.
    PrivateAddress,
    /// Its host has no entry in the directory of names, or takes no mail.
    NoName,
    /// Nobody answered in time.
    NoAnswer,
    /// Its certificate is not good.
    Insecure,
    /// It leads on and on.
    Redirects,
    /// It answered with this status of HTTP.
    Status(u16),
    /// Its server knows no such mailbox.
    NoMailbox,
    /// It is no number that can be dialled.
    BadNumber,
    /// The directory of names did not answer us.
    NoDirectory,
    /// Its server takes mail, but did not say whether it has this mailbox.
    NotTold,
    /// The number looks right, and nobody has tried it.
    NotTried,
}

impl ContactFault {
    const PLAIN: [Self; 11] = [
        Self::BadAddress,
        Self::PrivateAddress,
        Self::NoName,
        Self::NoAnswer,
        Self::Insecure,
        Self::Redirects,
        Self::NoMailbox,
        Self::BadNumber,
        Self::NoDirectory,
        Self::NotTold,
        Self::NotTried,
    ];

    /// The stable name in the database, which words have, too.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadAddress => "bad-address",
            Self::PrivateAddress => "private-address",
            Self::NoName => "no-name",
            Self::NoAnswer => "no-answer",
            Self::Insecure => "insecure",
            Self::Redirects => "redirects",
            Self::Status(_) => "status",
            Self::NoMailbox => "no-mailbox",
            Self::BadNumber => "bad-number",
            Self::NoDirectory => "no-directory",
            Self::NotTold => "not-told",
            Self::NotTried => "not-tried",
        }
    }

    /// The name with the status, where there is one: `status-404`.
    #[must_use]
    pub fn kept(self) -> String {
        match self {
            Self::Status(status) => format!("status-{status}"),
            plain => plain.name().to_owned(),
        }
    }

    /// What was kept.
    #[must_use]
    pub fn read(kept: &str) -> Option<Self> {
        if let Some(status) = kept.strip_prefix("status-") {
            return status.parse().ok().map(Self::Status);
        }
        Self::PLAIN.into_iter().find(|fault| fault.name() == kept)
    }

    /// Whether it says nothing of the address itself: we could not find out, or a person must.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::NoDirectory | Self::NotTold | Self::NotTried | Self::Status(401 | 403 | 429))
    }
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// "Berfungsi".
    Works,
    /// "Belum pasti": somebody must try.
    Unsure,
    /// "Tidak menjawab".
    Dead,
}

impl CheckState {
    /// All of them, from good to bad.
    pub const ALL: [Self; 3] = [Self::Works, Self::Unsure, Self::Dead];

    /// It answered, or a person tried it.
    #[must_use]
    pub const fn work(self) -> Self {
        match self {
            Self::Works | Self::Unsure | Self::Dead => Self::Works,
        }
    }

    /// A look decided nothing. `believed`: there was a success not long ago, and no failure since.
    #[must_use]
    pub const fn doubt(self, believed: bool) -> Self {
        match self {
            Self::Works if believed => Self::Works,
            Self::Works | Self::Unsure | Self::Dead => Self::Unsure,
        }
    }

    /// It did not answer.
    #[must_use]
    pub const fn die(self) -> Self {
        match self {
            Self::Works | Self::Unsure | Self::Dead => Self::Dead,
        }
    }

    /// The stable name in the database and in the diagram.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Unsure => "unsure",
            Self::Dead => "dead",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What one look found: it works, or what is wrong.
pub type Look = Result<(), ContactFault>;

/// One address of a unit, as it was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactCheck {
    /// The unit.
    pub unit: UnitId,
    /// What was published.
    pub kind: ContactKind,
    /// What was looked at.
    pub target: String,
    /// How it stands.
    pub state: CheckState,
    /// What is wrong; nothing when it works.
    pub fault: Option<ContactFault>,
    /// The last look.
    pub looked_at: OffsetDateTime,
    /// The last success.
    pub worked_at: Option<OffsetDateTime>,
    /// When the people of the unit were told that it is dead; nothing while it is not.
    pub told_at: Option<OffsetDateTime>,
}

impl ContactCheck {
    /// After a look at `target`. Another address than before begins anew.
    #[must_use]
    pub fn after(
        before: Option<&Self>,
        (unit, kind, target): (UnitId, ContactKind, &str),
        look: Look,
        now: OffsetDateTime,
    ) -> Self {
        let before = before.filter(|before| before.target == target);
        let state = before.map_or(CheckState::Unsure, |before| before.state);
        let worked_at = before.and_then(|before| before.worked_at);
        let believed = worked_at.is_some_and(|at| now - at <= BELIEVED);
        let state = match look {
            Ok(()) => state.work(),
            Err(fault) if fault.is_open() => state.doubt(believed),
            Err(_) => state.die(),
        };
        Self {
            unit,
            kind,
            target: target.to_owned(),
            state,
            fault: look.err().filter(|_| state != CheckState::Works),
            looked_at: now,
            worked_at: if look.is_ok() { Some(now) } else { worked_at },
            told_at: before.and_then(|before| before.told_at).filter(|_| state == CheckState::Dead),
        }
    }

    /// Whether what `contact` publishes of a kind is known to be dead.
    #[must_use]
    pub fn is_dead(&self, kind: ContactKind, contact: &Contact) -> bool {
        self.kind == kind && self.state == CheckState::Dead && self.target == kind.of(contact)
    }

    /// After a person tried it and it worked.
    #[must_use]
    pub fn confirmed(&self, now: OffsetDateTime) -> Self {
        let (state, worked_at) = (self.state.work(), Some(now));
        Self { state, fault: None, looked_at: now, worked_at, told_at: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::database::Uuid;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

    fn looked(before: Option<&ContactCheck>, look: Look, now: OffsetDateTime) -> ContactCheck {
        let unit = UnitId::from(Uuid::from_u128(1));
        ContactCheck::after(before, (unit, ContactKind::Phone, "0711-350000"), look, now)
    }

    #[test]
    fn what_a_person_tried_is_believed_for_half_a_year() {
        let first = looked(None, Err(ContactFault::NotTried), NOW);
        assert_eq!((first.state, first.fault), (CheckState::Unsure, Some(ContactFault::NotTried)));
        let tried = first.confirmed(NOW);
        let soon = looked(Some(&tried), Err(ContactFault::NotTried), NOW + BELIEVED);
        assert_eq!((soon.state, soon.fault, soon.worked_at), (CheckState::Works, None, Some(NOW)));
        let late = looked(Some(&soon), Err(ContactFault::NotTried), NOW + BELIEVED + Duration::days(1));
        assert_eq!((late.state, late.worked_at), (CheckState::Unsure, Some(NOW)));
    }

    #[test]
    fn a_dead_one_keeps_its_last_success_and_that_it_was_told_until_it_works_again() {
        let works = looked(None, Ok(()), NOW);
        let week = Duration::days(7);
        let dead = looked(Some(&works), Err(ContactFault::NoAnswer), NOW + week);
        assert_eq!((dead.state, dead.worked_at, dead.told_at), (CheckState::Dead, Some(NOW), None));
        let told = ContactCheck { told_at: Some(NOW + week), ..dead };
        let still = looked(Some(&told), Err(ContactFault::Status(404)), NOW + week * 2);
        assert_eq!((still.told_at, still.fault), (Some(NOW + week), Some(ContactFault::Status(404))));
        let again = looked(Some(&still), Ok(()), NOW + week * 3);
        assert_eq!((again.state, again.fault, again.told_at), (CheckState::Works, None, None));
        let unsure = looked(Some(&told), Err(ContactFault::NoDirectory), NOW + week * 2);
        assert_eq!(unsure.state, CheckState::Unsure, "a failure is no success to believe in");
    }

    #[test]
    fn another_address_begins_anew() {
        let works = ContactCheck { target: "0711-1".into(), ..looked(None, Ok(()), NOW) };
        let other = looked(Some(&works), Err(ContactFault::NotTried), NOW);
        assert_eq!((other.state, other.worked_at), (CheckState::Unsure, None));
    }

    #[test]
    fn names_lead_back_to_what_they_name() {
        assert!(ContactKind::ALL.iter().all(|kind| ContactKind::named(kind.name()) == Some(*kind)));
        assert!(CheckState::ALL.iter().all(|state| CheckState::named(state.name()) == Some(*state)));
        let faults = ContactFault::PLAIN.into_iter().chain([ContactFault::Status(503)]);
        assert!(faults.into_iter().all(|fault| ContactFault::read(&fault.kept()) == Some(fault)));
    }
}
