//! Which backups are kept: the last of each day, week and month, so many of each.
//!
//! Days are those of the city, and only days on which there is a backup count. The present moment plays no part: a clock that was
//! set wrong may put a backup on a wrong day, and never makes others old.

use crate::site::Zone;
use std::collections::BTreeSet;
use time::{Date, OffsetDateTime};

/// How many backups are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Of the last days that have one.
    pub daily: usize,
    /// Of the last weeks, from Monday.
    pub weekly: usize,
    /// Of the last months.
    pub monthly: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { daily: 7, weekly: 5, monthly: 12 }
    }
}

impl std::str::FromStr for Retention {
    type Err = ();

    /// `7,5,12`: days, weeks, months.
    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers: Vec<usize> =
            text.split(',').map(|one| one.trim().parse().map_err(drop)).collect::<Result<_, _>>()?;
        match numbers[..] {
            [daily, weekly, monthly] => Ok(Self { daily, weekly, monthly }),
            _ => Err(()),
        }
    }
}

/// The backups to keep, of those with these identifiers and moments. The youngest is always among them.
#[must_use]
pub fn kept<'b>(backups: &[(&'b str, OffsetDateTime)], keep: Retention, zone: Zone) -> BTreeSet<&'b str> {
    let mut youngest_first = backups.to_vec();
    youngest_first.sort_by_key(|(id, at)| std::cmp::Reverse((*at, *id)));
    let mut kept: BTreeSet<&str> = youngest_first.first().map(|(id, _)| *id).into_iter().collect();
    let mut keep_last_of_each = |most: usize, span: &dyn Fn(Date) -> (i32, u16)| {
        let mut spans = BTreeSet::new();
        for (id, at) in &youngest_first {
            let span = span(zone.date(*at));
            if spans.contains(&span) {
                continue;
            }
            if spans.len() == most {
                break;
            }
            spans.insert(span);
            kept.insert(id);
        }
    };
    keep_last_of_each(keep.daily, &|day| (day.year(), day.ordinal()));
    keep_last_of_each(keep.weekly, &|day| {
        let (year, week, _) = day.to_iso_week_date();
        (year, week.into())
    });
    keep_last_of_each(keep.monthly, &|day| (day.year(), u8::from(day.month()).into()));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::Duration;
    use time::macros::datetime;

    const START: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);

    fn named(hours: &[u32]) -> Vec<(String, OffsetDateTime)> {
        let at = |hour: &u32| START + Duration::hours((*hour).into());
        hours.iter().enumerate().map(|(number, hour)| (format!("{number:04}"), at(hour))).collect()
    }

    fn refer(named: &[(String, OffsetDateTime)]) -> Vec<(&str, OffsetDateTime)> {
        named.iter().map(|(id, at)| (id.as_str(), *at)).collect()
    }

    #[test]
    fn a_year_of_nights_leaves_seven_days_five_weeks_and_twelve_months() {
        let nights: Vec<u32> = (0..365).map(|day| day * 24 + 19).collect();
        let all = named(&nights);
        let kept = kept(&refer(&all), Retention::default(), Zone::Wib);
        // The last seven days hold the ends of one week or two, and of one month or two.
        assert!((7 + 3 + 10..=7 + 5 + 12).contains(&kept.len()), "{}", kept.len());
        assert!(kept.contains("0364") && kept.contains("0358") && !kept.contains("0100"));
    }

    #[test]
    fn a_night_counts_for_the_day_of_the_city() {
        let all = [("a", datetime!(2026-11-20 16:59 UTC)), ("b", datetime!(2026-11-20 17:00 UTC))];
        let one_a_day = Retention { daily: 9, weekly: 0, monthly: 0 };
        assert_eq!(kept(&all, one_a_day, Zone::Wib).len(), 2, "23.59 and 00.00 in Jakarta");
        assert_eq!(kept(&all, one_a_day, Zone::Wit).len(), 1, "01.59 and 02.00 in Jayapura");
    }

    #[test]
    fn the_numbers_are_days_weeks_months() {
        assert_eq!("7, 5,12".parse(), Ok(Retention::default()));
        assert!("7,5".parse::<Retention>().is_err() && "a,b,c".parse::<Retention>().is_err());
    }

    proptest! {
        /// Whatever the backups: the youngest stays, no more are kept than asked for, every kept day is among the last, choosing
        /// again changes nothing, and the order in which they are listed plays no part.
        #[test]
        fn the_choice_keeps_its_promises(
            hours in proptest::collection::vec(0_u32..24 * 900, 1..120),
            daily in 0_usize..9, weekly in 0_usize..6, monthly in 0_usize..14,
        ) {
            let keep = Retention { daily, weekly, monthly };
            let all = named(&hours);
            let all = refer(&all);
            let chosen = kept(&all, keep, Zone::Wita);
            let youngest = all.iter().max_by_key(|(id, at)| (*at, *id)).map(|(id, _)| *id);
            prop_assert!(youngest.is_some_and(|id| chosen.contains(id)));
            prop_assert!(chosen.len() <= daily + weekly + monthly + 1);
            let days: BTreeSet<Date> = all.iter().map(|(_, at)| Zone::Wita.date(*at)).collect();
            for day in days.iter().rev().take(daily) {
                let last = all.iter().filter(|(_, at)| Zone::Wita.date(*at) == *day).max_by_key(|(id, at)| (*at, *id));
                prop_assert!(last.is_some_and(|(id, _)| chosen.contains(id)), "the last of {day}");
            }
            let left: Vec<_> = all.iter().filter(|(id, _)| chosen.contains(id)).copied().collect();
            prop_assert_eq!(&kept(&left, keep, Zone::Wita), &chosen);
            let turned: Vec<_> = all.iter().rev().copied().collect();
            prop_assert_eq!(&kept(&turned, keep, Zone::Wita), &chosen);
        }

        /// Deleting night after night comes to the same as keeping all and choosing at the end, as far as the last days go.
        #[test]
        fn deleting_every_night_loses_no_day_that_is_still_wanted(nights in 1_u32..80) {
            let keep = Retention { daily: 5, weekly: 4, monthly: 3 };
            let hours: Vec<u32> = (0..nights).map(|night| night * 24).collect();
            let all = named(&hours);
            let mut there: Vec<(&str, OffsetDateTime)> = Vec::new();
            for one in refer(&all) {
                there.push(one);
                let chosen: BTreeSet<String> = kept(&there, keep, Zone::Wib).into_iter().map(str::to_owned).collect();
                there.retain(|(id, _)| chosen.contains(*id));
            }
            let at_once = kept(&refer(&all), keep, Zone::Wib).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
            let nightly: BTreeSet<String> = there.iter().map(|(id, _)| (*id).to_owned()).collect();
            prop_assert_eq!(nightly, at_once);
        }
    }
}
