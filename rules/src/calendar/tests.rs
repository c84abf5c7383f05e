//! Days worked and not worked.

use super::*;
use time::macros::date;

/// SKB 2026: Nyepi on 19 March is a national holiday, 18 March its joint leave.
#[test]
fn holidays_rest_always_and_joint_leave_unless_worked() {
    let calendar = national().unwrap();
    assert!(calendar.rest(date!(2026 - 03 - 19), JointLeave::Working).is_some());
    assert!(calendar.rest(date!(2026 - 03 - 18), JointLeave::Off).is_some());
    assert!(calendar.rest(date!(2026 - 03 - 18), JointLeave::Working).is_none());
    assert_eq!(calendar.rest(date!(2026 - 03 - 21), JointLeave::Off), Some(Rest::Weekend));
}

/// A city that works six days works on Saturdays, but not on a Saturday that is a holiday.
#[test]
fn a_six_day_week_works_on_saturday() {
    let mut calendar = national().unwrap();
    calendar.set_working_week(&["mon", "tue", "wed", "thu", "fri", "sat"].map(String::from));
    assert!(calendar.rest(date!(2026 - 03 - 14), JointLeave::Off).is_none());
    assert!(calendar.rest(date!(2026 - 03 - 21), JointLeave::Off).is_some());
}

/// Palembang's anniversary as a local holiday.
#[test]
fn a_city_adds_its_own_holidays() {
    let mut calendar = national().unwrap();
    assert!(calendar.rest(date!(2026 - 06 - 17), JointLeave::Off).is_none());
    let name = Text::same("Hari Jadi Kota");
    calendar.add(&[CalendarRow { date: "2026-06-17".into(), kind: DayKind::LiburDaerah, name }]);
    assert!(calendar.rest(date!(2026 - 06 - 17), JointLeave::Off).is_some());
}

/// 17.30 UTC is past midnight in Jakarta (WIB) and in Jayapura (WIT), so the local day is the next one.
#[test]
fn an_instant_falls_on_the_citys_own_day() {
    let mut calendar = national().unwrap();
    assert_eq!(calendar.local_day("2026-03-13T17:30:00Z"), Ok(date!(2026 - 03 - 14)));
    assert_eq!(calendar.local_day("2026-03-13T15:30:00Z"), Ok(date!(2026 - 03 - 13)));
    calendar.set_offset_hours(9);
    assert_eq!(calendar.local_day("2026-03-13T15:30:00Z"), Ok(date!(2026 - 03 - 14)));
    assert!(calendar.local_day("13/3/2026").is_err());
    assert!(calendar.local_day("9999-03-13T15:30:00Z").is_err());
}

/// A time without a zone is read off the city's own clock; half past eleven at night is still the same day.
#[test]
fn a_time_without_a_zone_is_the_citys_own() {
    let mut calendar = national().unwrap();
    calendar.set_offset_hours(9);
    for text in ["2026-11-20T23:30", "2026-11-20 23:30", "2026-11-20 23:30:00", " 2026-11-20T23:30:59 "] {
        assert_eq!(calendar.local_day(text), Ok(date!(2026 - 11 - 20)), "{text}");
    }
    assert_eq!(calendar.local_day("2026-11-20 23:30:00Z"), Ok(date!(2026 - 11 - 21)));
    for text in ["2026-11-20 24:30", "2026-11-20 23:3", "2026-11-20  23:30", "2026-11-20T"] {
        assert!(calendar.local_day(text).is_err(), "{text}");
    }
}

/// A city's anniversary of 2027 says nothing about the national holidays of 2027; a national holiday does.
#[test]
fn a_local_holiday_does_not_make_its_year_known() {
    let mut calendar = national().unwrap();
    let day = |kind| [CalendarRow { date: "2027-06-17".into(), kind, name: Text::same("Hari") }];
    calendar.add(&day(DayKind::LiburDaerah));
    calendar.add(&day(DayKind::CutiBersama));
    assert!(!calendar.knows(2027));
    calendar.add(&day(DayKind::LiburNasional));
    assert!(calendar.knows(2027));
}
