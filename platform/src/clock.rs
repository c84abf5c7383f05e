//! The only reader of the clock and of randomness. Everything else takes a moment, or random bytes, as an argument.

use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// The source of the present moment: the machine's clock, or in tests a moment that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    Machine,
    Standing(Arc<Mutex<OffsetDateTime>>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn machine() -> Self {
        Self(Source::Machine)
    }

    /// A clock that shows `moment` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn standing(moment: OffsetDateTime) -> Self {
        Self(Source::Standing(Arc::new(Mutex::new(moment))))
    }

    /// The present moment in UTC.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::Machine => OffsetDateTime::now_utc(),
            Source::Standing(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a standing clock forward; the machine's clock is not ours to move.
    pub fn advance(&self, by: Duration) {
        if let Source::Standing(moment) = &self.0 {
            *moment.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// Random bytes from the operating system, for tokens and identifiers.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret could be made, so nothing may go on.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_standing_clock_moves_only_when_told() {
        let clock = Clock::standing(datetime!(2026-11-21 01:00 UTC));
        assert_eq!(clock.now(), clock.now());
        clock.advance(Duration::hours(2));
        assert_eq!(clock.now(), datetime!(2026-11-21 03:00 UTC));
    }
}
