//! The calendar as a file: years, days, the working week and the zones.

use super::{parse_date, weekday};
use crate::citation::Status;
use crate::instrument::check::{FileBody, distinct};
use crate::instrument::{Fault, Place};
use crate::phrase::{Phrase, Text};
use serde::{Deserialize, Serialize};

/// The body of a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CalendarFile {
    /// The working week.
    pub week: Week,
    /// Time zones.
    pub zones: Vec<Zone>,
    /// Years that the file covers in full.
    pub years: Vec<CalendarYear>,
    /// Free days.
    pub days: Vec<CalendarRow>,
}

/// The working week.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// Days worked: `mon` … `sun`.
    pub working_days: Vec<String>,
}

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// `WIB`, `WITA` or `WIT`.
    pub key: String,
    /// Hours ahead of UTC.
    pub offset_hours: i8,
    /// Where it applies.
    pub places: String,
}

/// A year with its decree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// The decree of the three ministers, as far as known.
    pub decree: Option<Text>,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// One free day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarRow {
    /// The day: `2026-03-19`.
    pub date: String,
    /// What kind of free day.
    pub kind: DayKind,
    /// Its name.
    pub name: Text,
}

/// Kinds of free days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// National holiday ("libur nasional").
    LiburNasional,
    /// Joint leave ("cuti bersama").
    CutiBersama,
    /// Local holiday of one city or province ("libur daerah").
    LiburDaerah,
}

impl DayKind {
    /// The kind a word names, as calendars in circulation write it.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().replace(['_', ' '], "-").as_str() {
            "libur-nasional" => Some(Self::LiburNasional),
            "cuti-bersama" => Some(Self::CutiBersama),
            "libur-daerah" | "" => Some(Self::LiburDaerah),
            _ => None,
        }
    }

    /// Stable word in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LiburNasional => "libur-nasional",
            Self::CutiBersama => "cuti-bersama",
            Self::LiburDaerah => "libur-daerah",
        }
    }
}

impl CalendarFile {
    /// A calendar that knows only the five-day week.
    #[must_use]
    pub fn without_days() -> Self {
        let working_days = ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned).to_vec();
        Self { week: Week { working_days }, zones: Vec::new(), years: Vec::new(), days: Vec::new() }
    }
}

impl FileBody for CalendarFile {
    const KEYS: &'static [&'static str] = &["week", "zones", "years", "days"];

    fn check(&self) -> Result<(), Fault> {
        distinct("days", self.days.iter().map(|day| day.date.as_str()))?;
        distinct("zones", self.zones.iter().map(|zone| zone.key.as_str()))?;
        if let Some(index) = self.days.iter().position(|day| parse_date(&day.date).is_err()) {
            let reason = Phrase::new("instrument.bad-date").with("date", &*self.days[index].date);
            return Err(Fault::new(Place::Entry("days", index), reason));
        }
        let unknown = self.week.working_days.iter().find(|day| weekday(day).is_none());
        if let Some(day) = unknown {
            return Err(Fault::new(
                Place::Table("week"),
                Phrase::new("instrument.bad-weekday").with("day", day.as_str()),
            ));
        }
        if self.week.working_days.is_empty() {
            return Err(Fault::new(Place::Table("week"), Phrase::new("instrument.nothing-listed")));
        }
        Ok(())
    }
}
