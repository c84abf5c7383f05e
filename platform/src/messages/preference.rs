//! How somebody wants their messages.

use super::Category;
use crate::jobs::Schedule;
use crate::site::Zone;
use rules::phrase::Language;
use time::{Duration, OffsetDateTime, Time, UtcOffset};

/// When messages of a category come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Each as soon as it is there.
    AtOnce,
    /// Together, once a day.
    Daily,
    /// Not at all.
    Never,
}

impl Delivery {
    /// All of them, in the order of screens.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Never];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
            Self::Never => "never",
        }
    }

    /// The way of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

/// On which days the daily summary comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestDays {
    /// Every day.
    Daily,
    /// On working days.
    WorkingDays,
}

impl DigestDays {
    /// Both.
    pub const ALL: [Self; 2] = [Self::WorkingDays, Self::Daily];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::WorkingDays => "working-days",
        }
    }

    /// The days of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|days| days.name() == name)
    }
}

/// Hours in which nothing comes that may wait. They may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// From this time of day.
    pub from: Time,
    /// Until this time of day.
    pub until: Time,
}

/// How somebody wants their messages. The default holds for whoever chose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// In this language; nothing for that of the occasion.
    pub language: Option<Language>,
    /// Messages on work.
    pub work: Delivery,
    /// Summaries.
    pub summary: Delivery,
    /// The days of the daily summary.
    pub digest_days: DigestDays,
    /// Quiet hours.
    pub quiet: Option<Quiet>,
}

/// Quiet from 20.00 to 06.30 for whoever chose nothing.
const QUIET: Quiet = Quiet { from: time::macros::time!(20:00), until: time::macros::time!(06:30) };
/// When the daily summary comes, in the zone of the city.
pub const DIGEST_AT: Time = time::macros::time!(07:00);

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            work: Delivery::AtOnce,
            summary: Delivery::Daily,
            digest_days: DigestDays::WorkingDays,
            quiet: Some(QUIET),
        }
    }
}

impl Preferences {
    /// When messages of a category come. Those on the safety of an account come at once, whatever was chosen.
    #[must_use]
    pub const fn of(&self, category: Category) -> Delivery {
        match category {
            Category::Security => Delivery::AtOnce,
            Category::Work => self.work,
            Category::Summary => self.summary,
        }
    }

    /// With another way for a category that may be stopped.
    #[must_use]
    pub const fn with(mut self, category: Category, way: Delivery) -> Self {
        match category {
            Category::Security => {}
            Category::Work => self.work = way,
            Category::Summary => self.summary = way,
        }
        self
    }

    /// When the quiet hours end in which a moment lies; nothing when it lies in none.
    #[must_use]
    pub fn quiet_until(&self, moment: OffsetDateTime, zone: Zone) -> Option<OffsetDateTime> {
        let Quiet { from, until } = self.quiet.filter(|quiet| quiet.from != quiet.until)?;
        let local = zone.local(moment);
        let now = local.time();
        let over_midnight = from > until;
        let inside = if over_midnight { now >= from || now < until } else { now >= from && now < until };
        let end = local.replace_time(until);
        let end = if over_midnight && now >= from { end.saturating_add(Duration::DAY) } else { end };
        inside.then(|| end.to_offset(UtcOffset::UTC))
    }

    /// When what comes in now is due in a daily summary.
    #[must_use]
    pub fn digest_after(&self, moment: OffsetDateTime, zone: Zone) -> OffsetDateTime {
        let schedule = match self.digest_days {
            DigestDays::Daily => Schedule::Daily { at: DIGEST_AT, zone },
            DigestDays::WorkingDays => Schedule::WorkingDays { at: DIGEST_AT, zone },
        };
        schedule.next_after(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::{datetime, time};

    #[test]
    fn the_night_is_quiet_in_the_citys_zone() {
        let all = Preferences::default();
        // 21.15 WIB on Saturday, 05.00 WIB on Sunday, and 07.00 WIB.
        assert_eq!(all.quiet_until(datetime!(2026-11-21 14:15 UTC), Zone::Wib), Some(datetime!(2026-11-21 23:30 UTC)));
        assert_eq!(all.quiet_until(datetime!(2026-11-21 22:00 UTC), Zone::Wib), Some(datetime!(2026-11-21 23:30 UTC)));
        assert_eq!(all.quiet_until(datetime!(2026-11-22 00:00 UTC), Zone::Wib), None);
        // The same moment is 07.00 in the west and 09.00 in the east.
        assert_eq!(all.quiet_until(datetime!(2026-11-21 22:00 UTC), Zone::Wit), None);
    }

    #[test]
    fn whoever_wants_no_quiet_hours_has_none() {
        let none = Preferences { quiet: None, ..Preferences::default() };
        assert_eq!(none.quiet_until(datetime!(2026-11-21 20:00 UTC), Zone::Wib), None);
        let noon = Quiet { from: time!(12:00), until: time!(12:00) };
        let never = Preferences { quiet: Some(noon), ..Preferences::default() };
        assert_eq!(never.quiet_until(datetime!(2026-11-21 05:00 UTC), Zone::Wib), None);
    }

    #[test]
    fn what_protects_an_account_is_never_turned_off() {
        let all_off = Preferences::default()
            .with(Category::Security, Delivery::Never)
            .with(Category::Work, Delivery::Never)
            .with(Category::Summary, Delivery::Never);
        assert_eq!(Category::ALL.map(|category| all_off.of(category) == Delivery::Never), [false, true, true]);
    }

    #[test]
    fn a_summary_on_working_days_waits_for_monday() {
        let saturday = datetime!(2026-11-21 03:00 UTC);
        let all = Preferences::default();
        assert_eq!(all.digest_after(saturday, Zone::Wib), datetime!(2026-11-23 00:00 UTC));
        let daily = Preferences { digest_days: DigestDays::Daily, ..all };
        assert_eq!(daily.digest_after(saturday, Zone::Wib), datetime!(2026-11-22 00:00 UTC));
    }

    proptest! {
        /// Whoever waits until the quiet hours end is outside of them, within a day.
        #[test]
        fn quiet_hours_end(seconds in 0_i64..4_000_000_000, from in (0_u8..24, 0_u8..60), until in (0_u8..24, 0_u8..60), zone in 0_usize..3) {
            let time = |(hour, minute)| Time::from_hms(hour, minute, 0).unwrap();
            let quiet = Some(Quiet { from: time(from), until: time(until) });
            let preferences = Preferences { quiet, ..Preferences::default() };
            let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            if let Some(end) = preferences.quiet_until(moment, Zone::ALL[zone]) {
                prop_assert!(end > moment && end - moment <= Duration::DAY);
                prop_assert_eq!(preferences.quiet_until(end, Zone::ALL[zone]), None);
            }
        }
    }
}
