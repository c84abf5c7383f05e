//! Working days: national holidays and joint leave as data, local holidays, five- or six-day weeks, Indonesia's three time zones.

mod file;

pub use file::{CalendarFile, CalendarRow, DayKind, Zone};

use crate::phrase::Text;
use std::collections::{BTreeMap, BTreeSet};
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset, Weekday, format_description::well_known::Rfc3339};

/// Years that a calendar can ever list.
const YEARS: std::ops::RangeInclusive<i32> = 1945..=2200;

/// A city's calendar: which days are worked.
#[derive(Debug, Clone)]
pub struct Calendar {
    free: BTreeMap<Date, FreeDay>,
    working_week: BTreeSet<u8>,
    known_years: BTreeSet<i32>,
    offset: UtcOffset,
}

/// A day that the calendar names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeDay {
    /// What kind of free day.
    pub kind: DayKind,
    /// Its name.
    pub name: Text,
}

/// The national calendar that is part of the program.
///
/// # Errors
/// As [`crate::instrument::load`]; never in a tested build.
pub fn national() -> Result<Calendar, crate::instrument::InstrumentError> {
    match crate::instrument::load("kalender-nasional")?.map(|instrument| instrument.body) {
        Some(crate::instrument::Body::Calendar(file)) => Ok(Calendar::new(&file)),
        _ => Ok(Calendar::new(&CalendarFile::without_days())),
    }
}

/// Whether joint leave ("cuti bersama") is worked. Government offices do not work on it; some counters do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JointLeave {
    /// Joint leave is a free day (the default for government).
    #[default]
    Off,
    /// Joint leave is worked.
    Working,
}

/// Why a day is not worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// Outside the working week.
    Weekend,
    /// A named free day.
    Named(FreeDay),
}

impl Calendar {
    /// The calendar of a checked file.
    #[must_use]
    pub fn new(file: &CalendarFile) -> Self {
        let mut calendar = Self {
            free: BTreeMap::new(),
            working_week: file.week.working_days.iter().filter_map(|day| weekday(day)).map(number).collect(),
            known_years: file.years.iter().map(|year| year.year).collect(),
            offset: UtcOffset::from_hms(7, 0, 0).unwrap_or(UtcOffset::UTC),
        };
        calendar.add(&file.days);
        calendar
    }

    /// Adds free days: a city's local holidays, a decree's amendment. A later entry for the same day replaces the earlier one. Only a
    /// national holiday makes its year known; whoever lists local days has not listed the decree.
    pub fn add(&mut self, days: &[CalendarRow]) {
        for day in days {
            if let Ok(date) = parse_date(&day.date) {
                if day.kind == DayKind::LiburNasional {
                    self.know(date.year());
                }
                self.free.insert(date, FreeDay { kind: day.kind, name: day.name.clone() });
            }
        }
    }

    /// Says that a calendar covers the national holidays of a year.
    pub fn know(&mut self, year: i32) {
        self.known_years.insert(year);
    }

    /// Sets the working week by its days: `mon` … `sun`.
    pub fn set_working_week(&mut self, days: &[String]) {
        self.working_week = days.iter().filter_map(|day| weekday(day)).map(number).collect();
    }

    /// Sets the city's time zone by its offset from UTC in hours: WIB 7, WITA 8, WIT 9. No daylight saving exists.
    pub fn set_offset_hours(&mut self, hours: i8) {
        if let Ok(offset) = UtcOffset::from_hms(hours, 0, 0) {
            self.offset = offset;
        }
    }

    /// The local day of a date (`2026-03-13`), of an instant (`2026-03-13T17:30:00Z`), or of a time on the city's own clock
    /// (`2026-03-13T23:30`, `2026-03-13 23:30:00`).
    ///
    /// # Errors
    /// When the text is none of these, or lies outside the years of [`parse_date`].
    pub fn local_day(&self, text: &str) -> Result<Date, NotADate> {
        let not_a_date = || NotADate(text.trim().chars().take(40).collect());
        let joined = text.trim().replacen(' ', "T", 1);
        let instant =
            || OffsetDateTime::parse(&joined, &Rfc3339).ok().map(|instant| instant.to_offset(self.offset).date());
        let own_clock = || {
            let minutes = format_description!("[year]-[month]-[day]T[hour]:[minute]");
            let seconds = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
            let read = |form| PrimitiveDateTime::parse(&joined, form).ok();
            read(minutes).or_else(|| read(seconds)).map(PrimitiveDateTime::date)
        };
        let day = parse_date(text).ok().or_else(instant).or_else(own_clock).ok_or_else(not_a_date)?;
        if YEARS.contains(&day.year()) { Ok(day) } else { Err(not_a_date()) }
    }

    /// Why a day is not worked; nothing when it is.
    #[must_use]
    pub fn rest(&self, day: Date, joint_leave: JointLeave) -> Option<Rest> {
        if !self.working_week.contains(&number(day.weekday())) {
            return Some(Rest::Weekend);
        }
        let named = self.free.get(&day)?;
        let worked = named.kind == DayKind::CutiBersama && joint_leave == JointLeave::Working;
        (!worked).then(|| Rest::Named(named.clone()))
    }

    /// Whether national holidays of a year are known.
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        self.known_years.contains(&year)
    }

    /// Whether any day is worked at all; without one no deadline can be counted.
    #[must_use]
    pub fn has_working_days(&self) -> bool {
        !self.working_week.is_empty()
    }
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADate(pub String);

impl std::fmt::Display for NotADate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` is not a date (YYYY-MM-DD)", self.0)
    }
}

impl std::error::Error for NotADate {}

/// Reads `2026-03-13`; only years that the national calendar can ever list are taken.
///
/// # Errors
/// When the text is not a date between the years 1945 and 2200.
pub fn parse_date(text: &str) -> Result<Date, NotADate> {
    let not_a_date = || NotADate(text.chars().take(40).collect());
    let date = Date::parse(text.trim(), format_description!("[year]-[month]-[day]")).map_err(|_| not_a_date())?;
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(not_a_date()) }
}

/// The weekday of `mon`, `tue`, … `sun`.
pub(crate) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn number(day: Weekday) -> u8 {
    day.number_from_monday()
}

#[cfg(test)]
mod tests;
