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
}
