//! The one place that reads the clock: the day printed on a report when its owner gives none.

use time::{OffsetDateTime, UtcOffset};

/// Today in western Indonesia (WIB), as `2026-11-21`.
#[expect(clippy::disallowed_methods, reason = "the edge of the program; everything below takes the day as an argument")]
pub(crate) fn today() -> String {
    let wib = UtcOffset::from_hms(7, 0, 0).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::now_utc().to_offset(wib).date().to_string()
}
