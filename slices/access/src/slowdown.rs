//! How long somebody who guesses has to wait. Reasons and figures: `docs/decisions/0008-lockout.md`.
//!
//! Nobody is locked out by others: an account has no lock. What waits is a guesser (an account tried from one network), a
//! network that tries many accounts, and, when an account is tried from many networks, browsers that never signed in to it.

use platform::secret::Secrets;
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};

/// What failed attempts are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One account tried from one network.
    Guesser,
    /// One network, whatever the accounts.
    Network,
    /// One account, from all networks together, by browsers that never signed in to it.
    Account,
    /// One account from one browser that signed in to it before.
    KnownBrowser,
    /// The second step of one account, by browsers that never signed in to it.
    Code,
    /// The second step of one account from a browser that signed in to it before.
    KnownBrowserCode,
    /// The password asked again inside a session, or with a link in hand.
    Again,
}

impl Kind {
    /// So many failures are free.
    const fn free(self) -> i64 {
        match self {
            Self::Guesser | Self::Code | Self::Again => 5,
            Self::KnownBrowser | Self::KnownBrowserCode => 10,
            Self::Network | Self::Account => 50,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Guesser => "guesser",
            Self::Network => "network",
            Self::Account => "account",
            Self::KnownBrowser => "known-browser",
            Self::Code => "code",
            Self::KnownBrowserCode => "known-browser-code",
            Self::Again => "again",
        }
    }
}

/// The waits that follow each other once nothing is free any more; the last one repeats.
const WAITS: [Duration; 5] =
    [Duration::minutes(1), Duration::minutes(2), Duration::minutes(4), Duration::minutes(8), Duration::minutes(15)];

/// After a day without a failure, nothing is remembered.
pub(crate) const REMEMBERED: Duration = Duration::hours(24);

/// Failures counted so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: i64,
    pub(crate) last_at: OffsetDateTime,
}

/// Until when the next attempt has to wait; nothing when it need not.
pub(crate) fn wait_until(kind: Kind, failures: Option<Failures>, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let failures = failures.filter(|failures| now - failures.last_at < REMEMBERED)?;
    let beyond = usize::try_from(failures.count - kind.free()).ok()?;
    let wait = WAITS[beyond.min(WAITS.len() - 1)];
    let until = failures.last_at + wait;
    (until > now).then_some(until)
}

/// Whether this failure is the first that makes somebody wait: worth an entry in the audit log.
pub(crate) const fn begins_to_wait(kind: Kind, count: i64) -> bool {
    count == kind.free()
}

/// What is stored for a counter: a fingerprint that gives away neither an address nor an account.
pub(crate) fn counter(secrets: &Secrets, kind: Kind, parts: &[&str]) -> [u8; 32] {
    secrets.fingerprint("attempt", &format!("{}\n{}", kind.name(), parts.join("\n")))
}

/// The network of an address: one household has a whole /64 of IPv6 addresses.
pub(crate) fn network(address: Option<IpAddr>) -> String {
    match address {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(four)) => four.to_string(),
        Some(IpAddr::V6(six)) => match six.to_ipv4_mapped() {
            Some(four) => four.to_string(),
            None => format!("{:x}", six.to_bits() >> 64),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

    fn failed(count: i64) -> Option<Failures> {
        Some(Failures { count, last_at: NOW })
    }

    #[test]
    fn a_few_mistakes_cost_nothing() {
        assert_eq!(wait_until(Kind::Guesser, None, NOW), None);
        assert_eq!(wait_until(Kind::Guesser, failed(4), NOW), None);
    }

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_no_further() {
        let minutes = |count| wait_until(Kind::Guesser, failed(count), NOW).map(|until| (until - NOW).whole_minutes());
        assert_eq!([5, 6, 7, 8, 9, 10, 1_000].map(minutes), [1, 2, 4, 8, 15, 15, 15].map(Some));
    }

    #[test]
    fn a_wait_ends_and_a_day_forgets() {
        assert_eq!(wait_until(Kind::Guesser, failed(5), NOW + Duration::minutes(1)), None);
        assert_eq!(wait_until(Kind::Guesser, failed(9), NOW + REMEMBERED), None);
    }

    #[test]
    fn a_counter_gives_away_nothing_and_is_one_for_each_use() {
        let secrets = Secrets::new([1; 32]);
        let one = counter(&secrets, Kind::Guesser, &["sari@contoh.go.id", "192.0.2.1"]);
        assert_ne!(one, counter(&secrets, Kind::Account, &["sari@contoh.go.id", "192.0.2.1"]));
        assert_ne!(one, counter(&Secrets::new([2; 32]), Kind::Guesser, &["sari@contoh.go.id", "192.0.2.1"]));
    }

    #[test]
    fn a_household_is_one_network() {
        let of = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::2"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
