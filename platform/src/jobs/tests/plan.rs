//! Waits and schedules, for every number and moment.

use super::super::backoff::{JITTER, centre};
use super::*;
use crate::site::Zone;
use proptest::prelude::*;
use time::Time;

#[test]
fn the_first_wait_is_ten_seconds_and_the_longest_six_hours() {
    assert_eq!(
        (centre(1), centre(2), centre(4)),
        (Duration::seconds(10), Duration::seconds(20), Duration::seconds(80))
    );
    assert_eq!((centre(0), centre(u32::MAX)), (Duration::seconds(10), Duration::hours(6)));
    assert_eq!((backoff(1, 0), backoff(1, u32::MAX)), (Duration::seconds(8), Duration::seconds(12)));
}

#[test]
fn two_in_the_morning_is_that_of_the_zone() {
    let at = time::macros::time!(02:00);
    let wit = Schedule::Daily { at, zone: Zone::Wit };
    assert_eq!(wit.next_after(datetime!(2026-11-21 16:59:59 UTC)), datetime!(2026-11-21 17:00 UTC));
    assert_eq!(wit.next_after(datetime!(2026-11-21 17:00 UTC)), datetime!(2026-11-22 17:00 UTC));
    let quarter = Schedule::Every(Duration::minutes(15));
    assert_eq!(quarter.next_after(START), START + Duration::minutes(15));
}

#[test]
fn a_working_day_is_no_weekend_no_holiday_and_no_joint_leave() {
    // Friday the 18th of December 2026 in Palembang; Thursday the 24th is joint leave, Friday the 25th is Christmas.
    let mornings = Schedule::WorkingDays { at: time::macros::time!(07:30), zone: Zone::Wib };
    let friday = datetime!(2026-12-18 00:30 UTC);
    assert_eq!(mornings.next_after(friday - Duration::SECOND), friday);
    assert_eq!(mornings.next_after(friday), datetime!(2026-12-21 00:30 UTC), "Monday");
    assert_eq!(mornings.next_after(datetime!(2026-12-23 00:30 UTC)), datetime!(2026-12-28 00:30 UTC));
}

#[test]
fn in_a_year_without_a_decree_weekends_alone_are_free() {
    let mornings = Schedule::WorkingDays { at: time::macros::time!(07:30), zone: Zone::Wit };
    // In Jayapura 07:30 is still the day before in UTC.
    assert_eq!(mornings.next_after(datetime!(2199-12-20 22:30 UTC)), datetime!(2199-12-22 22:30 UTC));
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let daily = (0_u8..24, 0_u8..60, 0_usize..3).prop_map(|(hour, minute, zone)| Schedule::Daily {
        at: Time::from_hms(hour, minute, 0).unwrap(),
        zone: Zone::ALL[zone],
    });
    prop_oneof![daily, (1_i64..1_000_000).prop_map(|seconds| Schedule::Every(Duration::seconds(seconds)))]
}

proptest! {
    #[test]
    fn a_wait_grows_is_bounded_and_moves_by_a_fifth_at_most(attempt in any::<u32>(), chance in any::<u32>()) {
        let wait = backoff(attempt, chance);
        prop_assert!(wait >= Duration::seconds(8) && wait <= Duration::hours(6) * 120 / 100);
        prop_assert!(backoff(attempt.saturating_add(1), chance) >= wait);
        let spread = (wait - centre(attempt)).abs();
        prop_assert!(spread * 100 <= centre(attempt) * i32::try_from(JITTER).unwrap());
        prop_assert!(backoff(attempt, chance.saturating_add(1)) >= wait, "chance moves it one way");
    }

    #[test]
    fn the_next_occurrence_is_later_within_a_period_and_none_is_left_out(
        schedule in schedule(),
        from in -1_000_000_000_i64..10_000_000_000,
        nanoseconds in 0_i64..1_000_000_000,
        part in 0.0_f64..1.0,
    ) {
        let moment = OffsetDateTime::from_unix_timestamp(from).unwrap() + Duration::nanoseconds(nanoseconds);
        let next = schedule.next_after(moment);
        let period = match schedule {
            Schedule::Daily { at, zone } => {
                prop_assert_eq!(zone.local(next).time(), at);
                Duration::DAY
            }
            Schedule::WorkingDays { .. } => unreachable!("its days are no period"),
            Schedule::Every(period) => {
                prop_assert_eq!(next.unix_timestamp() % period.whole_seconds(), 0);
                period
            }
        };
        prop_assert!(next > moment && next <= moment + period);
        prop_assert_eq!(schedule.next_after(moment + (next - moment) * part * 0.999), next);
        prop_assert_eq!(schedule.next_after(next), next + period);
    }
}
