//! How often one address, and one signed-in person, may ask. Limits are wide for reading, since a whole village can share the
//! address of its provider, and narrow where secrets could be guessed.

use crate::identity::AccountId;
use crate::route::Pace;
use crate::visit::Visit;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    Account(AccountId),
}

type Limiter = DefaultKeyedRateLimiter<Who>;

/// The limits of all paces, or none when they are turned off.
#[derive(Debug)]
pub struct Paces {
    limiters: Option<[Limiter; 4]>,
    asked: AtomicU32,
}

impl Paces {
    /// `a_minute` reading requests for one address; nothing turns all limits off.
    #[must_use]
    pub fn new(a_minute: Option<u32>) -> Self {
        let limiter = |a_minute: u32| {
            let rate = NonZeroU32::new(a_minute.max(1)).unwrap_or(NonZeroU32::MIN);
            RateLimiter::dashmap(Quota::per_minute(rate))
        };
        // Ten forms for a hundred pages. Secrets are guarded by what counts wrong guesses; this only keeps a single address from
        // occupying the server with them, and leaves room for an office that begins its day behind one address.
        let limiters = a_minute.map(|reading| [reading, reading / 10, 60, 10].map(limiter));
        Self { limiters, asked: AtomicU32::new(0) }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Seconds to wait, when there were too many.
    pub fn ask(&self, pace: Pace, visit: &Visit) -> Result<(), u64> {
        let Some(limiters) = &self.limiters else { return Ok(()) };
        let limiter = &limiters[match pace {
            Pace::Reading => 0,
            Pace::Writing => 1,
            Pace::Guessing => 2,
            Pace::Heavy => 3,
        }];
        // Addresses come and go: those that are quiet are dropped now and then.
        if self.asked.fetch_add(1, Ordering::Relaxed) % 10_000 == 9_999 {
            limiters.iter().for_each(RateLimiter::retain_recent);
        }
        let address = visit.facts().address.map(network).map(Who::Address);
        let account = visit.person().map(|person| Who::Account(person.account));
        // A person who is signed in is counted by name alone, so that an office behind one address is not slowed.
        let Some(who) = account.or(address) else { return Ok(()) };
        limiter.check_key(&who).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }
}

/// One household has a whole /64 of IPv6 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((six.to_bits() & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_household_count_as_one() {
        let one: IpAddr = "2001:db8:1:2:aaaa::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:bbbb::2".parse().unwrap();
        let neighbour: IpAddr = "2001:db8:1:3::1".parse().unwrap();
        assert_eq!(network(one), network(other));
        assert_ne!(network(one), network(neighbour));
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
