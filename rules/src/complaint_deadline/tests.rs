//! Worked examples of deadlines.

use super::*;
use crate::calendar::national;
use crate::instrument::{Body, load};
use proptest::prelude::*;
use time::macros::date;

fn calendar() -> Calendar {
    national().unwrap()
}

fn rules() -> (Header, ComplaintRules) {
    let instrument = load("sp4n-2018").unwrap().unwrap();
    match instrument.body {
        Body::Complaints(rules) => (instrument.header, rules),
        other => panic!("not complaint rules: {other:?}"),
    }
}

/// Permenpan RB 62/2018 practice: a request received on Friday 13 March 2026 has five working days. 16 and 17 March are worked;
/// 18, 20, 23 and 24 are joint leave, 19 is Nyepi, 21 and 22 Idul Fitri; 25, 26 and 27 are worked: due on the 27th.
#[test]
fn five_working_days_around_idul_fitri_2026() {
    let result = deadline(&calendar(), date!(2026 - 03 - 13), 5, JointLeave::Off);
    assert_eq!(result.due, date!(2026 - 03 - 27));
    let worked: Vec<u8> = result.days.iter().filter(|day| day.number.is_some()).map(|day| day.date.day()).collect();
    assert_eq!(worked, [16, 17, 25, 26, 27]);
    let leave_worked = deadline(&calendar(), date!(2026 - 03 - 13), 5, JointLeave::Working);
    assert_eq!(leave_worked.due, date!(2026 - 03 - 23));
}

/// The day of receipt is not counted: received on Monday, three working days end on Thursday.
#[test]
fn the_day_of_receipt_is_not_counted() {
    assert_eq!(deadline(&calendar(), date!(2026 - 11 - 09), 3, JointLeave::Off).due, date!(2026 - 11 - 12));
    assert_eq!(deadline(&calendar(), date!(2026 - 11 - 09), 0, JointLeave::Off).due, date!(2026 - 11 - 09));
}

/// Kinds and stages carry their days: information 5, complaint 14, complaint needing examination 60, verification 3.
#[test]
fn kinds_and_stages_are_found_by_their_words() {
    let (header, rules) = rules();
    let days = |word: &str| rules.rule(word).map(|rule| rule.working_days);
    assert_eq!(
        (days("permintaan-informasi"), days("pengaduan"), days("pengaduan-berkadar")),
        (Some(5), Some(14), Some(60))
    );
    assert_eq!((days("aspirasi"), days("verifikasi"), days("Permintaan Informasi")), (Some(5), Some(3), Some(5)));
    assert_eq!(days("keluhan-lain"), None);
    let unverified = |word: &str, received| unverified(&header, &rules.rule(word).unwrap(), received).is_some();
    assert!(unverified("aspirasi", date!(2024 - 03 - 13)), "one secondary source only");
    assert!(!unverified("pengaduan", date!(2024 - 12 - 31)));
    assert!(unverified("pengaduan", date!(2025 - 01 - 01)), "replaced on some day of 2025");
    assert!(unverified("pengaduan", date!(2026 - 03 - 13)), "Permenpan RB 5/2025 replaced the rule");
}

/// Permenpan RB 5/2025 replaced the rule of 2018 on an unknown day of 2025: it was in force in that year, but not surely.
#[test]
fn the_rule_of_2018_ends_in_2025() {
    let (header, _) = rules();
    let covers = |day| (header.in_force.covers(day), header.in_force.surely_covers(day));
    assert_eq!(
        (covers("2024-12-31"), covers("2025-06-01"), covers("2026-01-01")),
        ((true, true), (true, false), (false, false))
    );
}

/// Offices also say "tindak lanjut pertama", and "penutupan otomatis" for the ten days before a report is closed.
#[test]
fn stages_are_found_by_their_other_words() {
    let (_, rules) = rules();
    let key = |word: &str| rules.rule(word).map(|rule| rule.key.to_owned());
    assert_eq!(key("Tindak lanjut pertama"), Some("tindak-lanjut".into()));
    assert_eq!(key("penutupan-otomatis"), Some("tanggapan-pelapor".into()));
}

/// A count that reaches a year whose decree is not known says so.
#[test]
fn an_unknown_year_is_said() {
    let result = deadline(&calendar(), date!(2026 - 12 - 28), 10, JointLeave::Off);
    assert!(result.warnings.iter().any(|warning| warning.code.as_str() == "calendar-year-unknown"));
    assert!(deadline(&calendar(), date!(2026 - 03 - 13), 5, JointLeave::Off).warnings.is_empty());
}

proptest! {
    /// More days never end earlier, a later receipt never ends earlier, and the last day is worked.
    #[test]
    fn deadlines_are_monotone(start in 0_i64..900, later in 0_i64..30, days in 0_u32..90) {
        let calendar = calendar();
        let received = date!(2024 - 01 - 01) + time::Duration::days(start);
        let due = |received, days| deadline(&calendar, received, days, JointLeave::Off).due;
        prop_assert!(due(received, days) <= due(received, days + 1));
        prop_assert!(due(received, days) <= due(received + time::Duration::days(later), days));
        prop_assert!(deadline(&calendar, received, days, JointLeave::Working).due <= due(received, days));
        prop_assert!(days == 0 || calendar.rest(due(received, days), JointLeave::Off).is_none());
        prop_assert!(due(received, days) >= received + time::Duration::days(i64::from(days)));
    }
}
