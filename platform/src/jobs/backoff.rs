//! How long a job waits after it failed.

use time::Duration;

/// After the first failure.
const FIRST: Duration = Duration::seconds(10);
/// However often it failed.
const LONGEST: Duration = Duration::hours(6);
/// A wait is shorter or longer by up to so many hundredths, so that jobs that failed together do not come back together.
pub(super) const JITTER: i64 = 20;

/// How long to wait after a failed attempt, counted from 1: ten seconds, then twice as long each time, never more than six hours;
/// `chance`, any number, moves it by up to a fifth to either side.
#[must_use]
pub fn backoff(attempt: u32, chance: u32) -> Duration {
    let centre = centre(attempt).whole_milliseconds();
    let spread = centre * i128::from(JITTER) / 100;
    let moved = 2 * spread * i128::from(chance) / i128::from(u32::MAX) - spread;
    Duration::milliseconds(i64::try_from(centre + moved).unwrap_or(i64::MAX))
}

/// The same without chance.
pub(super) fn centre(attempt: u32) -> Duration {
    // Sixteen doublings are far beyond the longest wait.
    FIRST.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(LONGEST)
}
