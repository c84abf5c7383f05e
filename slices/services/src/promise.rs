//! What a service promises in figures: how long it takes, what it costs, when its counters are open.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    /// "Menit".
    Minutes,
    /// "Jam".
    Hours,
    /// "Hari kerja": no weekend, no holiday.
    WorkingDays,
    /// "Hari": every day of the calendar counts.
    Days,
    /// "Bulan".
    Months,
}

impl TimeUnit {
    /// All of them, from short to long.
    pub const ALL: [Self; 5] = [Self::Minutes, Self::Hours, Self::WorkingDays, Self::Days, Self::Months];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::WorkingDays => "working-days",
            Self::Days => "days",
            Self::Months => "months",
        }
    }

    /// The unit of a stable name, or of its Indonesian word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let unit = match organisation::plain(name).as_str() {
            "minutes" | "menit" => Self::Minutes,
            "hours" | "jam" => Self::Hours,
            "working days" | "hari kerja" | "hk" => Self::WorkingDays,
            "days" | "hari" | "hari kalender" => Self::Days,
            "months" | "bulan" => Self::Months,
            _ => return None,
        };
        Some(unit)
    }
}

/// The longest time in which a service is completed ("jangka waktu").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// So many, from 1.
    pub amount: u16,
    /// Of these.
    pub unit: TimeUnit,
}

impl fmt::Display for Duration {
    /// As [`Duration::read`] takes it: "1 hari kerja".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            TimeUnit::Minutes => "menit",
            TimeUnit::Hours => "jam",
            TimeUnit::WorkingDays => "hari kerja",
            TimeUnit::Days => "hari",
            TimeUnit::Months => "bulan",
        };
        write!(f, "{} {unit}", self.amount)
    }
}

impl Duration {
    /// The time that somebody wrote: "1 hari kerja", "15 menit".
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.find(|sign: char| !sign.is_ascii_digit())?;
        let (amount, unit) = text.split_at(digits);
        Self::of(amount, unit)
    }

    /// So many of a unit; nothing when it is no time.
    #[must_use]
    pub fn of(amount: &str, unit: &str) -> Option<Self> {
        let amount = amount.trim().parse().ok().filter(|amount| (1..=1_000).contains(amount))?;
        Some(Self { amount, unit: TimeUnit::named(unit)? })
    }
}

/// What a service costs ("biaya/tarif").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fee {
    /// Free of charge.
    Free,
    /// So many rupiah.
    Fixed {
        /// In whole rupiah.
        rupiah: u64,
    },
    /// It depends, and this says on what.
    Varies {
        /// "Rp50.000 sampai Rp200.000 menurut kelas kendaraan".
        note: String,
    },
}

impl fmt::Display for Fee {
    /// As [`Fee::read`] takes it: "Gratis", "Rp25000", the note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free => f.write_str("Gratis"),
            Self::Fixed { rupiah } => write!(f, "Rp{rupiah}"),
            Self::Varies { note } => f.write_str(note),
        }
    }
}

/// No fee is higher: more is a slip.
const MOST_RUPIAH: u64 = 1_000_000_000_000;
/// The longest note of a fee.
pub(crate) const LONGEST_FEE: usize = 200;

impl Fee {
    /// The stable name of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Fixed { .. } => "fixed",
            Self::Varies { .. } => "varies",
        }
    }

    /// The fee that somebody wrote into a table: "gratis", "Rp25.000", or a note.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain = organisation::plain(text);
        match plain.as_str() {
            "" => None,
            "gratis" | "free" | "tidak dipungut biaya" | "tanpa biaya" | "0" | "rp0" | "rp 0" => Some(Self::Free),
            _ => Some(
                rupiah(text)
                    .map_or_else(|| Self::Varies { note: text.trim().to_owned() }, |rupiah| Self::Fixed { rupiah }),
            ),
        }
    }
}

/// An amount as people write it: "25000", "25.000", "Rp25.000", "Rp 25.000,00".
#[must_use]
pub fn rupiah(text: &str) -> Option<u64> {
    let text = text.trim();
    let text = text.strip_prefix("Rp").or_else(|| text.strip_prefix("rp")).unwrap_or(text);
    let text = text.trim().trim_start_matches('.').trim_end_matches(",-").trim_end_matches(",00");
    let mut groups = text.split(['.', ' ']);
    let mut digits = groups.next()?.to_owned();
    for group in groups {
        // A point stands before thousands only: "25000.00" out of a database is no two and a half millions.
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|amount| all_digits && (1..=MOST_RUPIAH).contains(amount))
}

/// From one time of a day to another, in minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// When the counter opens.
    pub from: u16,
    /// When it closes, later than `from`.
    pub until: u16,
}

impl Opening {
    /// Opening times as people write them: "08.00-15.00", "8–15", "08:00 s.d. 15:30".
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.replace("s.d.", "-").replace("sampai", "-").replace(['–', '—'], "-");
        let (from, until) = text.split_once('-')?;
        let (from, until) = (minutes(from)?, minutes(until)?);
        (from < until).then_some(Self { from, until })
    }

    /// As people write them: `08.00–15.00` with the mark of a language.
    #[must_use]
    pub fn written(self, mark: char) -> String {
        let time = |minutes: u16| format!("{:02}{mark}{:02}", minutes / 60, minutes % 60);
        format!("{}–{}", time(self.from), time(self.until))
    }
}

fn minutes(text: &str) -> Option<u16> {
    let text = text.trim();
    // "1300" is written without a point by some.
    let (hours, minutes) = match text.split_once(['.', ':']) {
        Some(parts) => parts,
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => (text, "0"),
    };
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && all <= 24 * 60).then_some(all)
}

impl fmt::Display for Opening {
    /// As it is kept: `08:00-15:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

/// The days of a week, Monday first, each with its opening times or none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Week(pub [Option<Opening>; 7]);

impl Week {
    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// A week as people write it in a cell: "Senin–Kamis 08.00–15.00; Jumat 08.00–11.00".
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut week = Self::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let digits = part.find(|sign: char| sign.is_ascii_digit())?;
            let (days, times) = part.split_at(digits);
            let days = days.replace(['–', '—'], "-");
            let (first, last) = days.split_once('-').unwrap_or((&days, &days));
            let (first, last) = (day_named(first)?, day_named(last)?);
            let opening = Opening::read(times)?;
            week.0.get_mut(first..=last)?.fill(Some(opening));
        }
        Some(week)
    }

    /// As [`Week::read`] takes it.
    #[must_use]
    pub fn written(&self) -> String {
        let run = |(first, last, opening): (usize, usize, Opening)| match first == last {
            true => format!("{} {}", WEEKDAYS[first], opening.written('.')),
            false => format!("{}–{} {}", WEEKDAYS[first], WEEKDAYS[last], opening.written('.')),
        };
        self.runs().into_iter().map(run).collect::<Vec<_>>().join("; ")
    }

    /// Days that follow each other and are open alike: first, last (0 is Monday), and their times.
    #[must_use]
    pub fn runs(&self) -> Vec<(usize, usize, Opening)> {
        let mut runs: Vec<(usize, usize, Opening)> = Vec::new();
        for (day, opening) in self.0.iter().enumerate() {
            let Some(opening) = opening else { continue };
            match runs.last_mut() {
                Some((_, last, same)) if *last + 1 == day && same == opening => *last = day,
                _ => runs.push((day, day, *opening)),
            }
        }
        runs
    }
}

/// The days as tables name them.
const WEEKDAYS: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];

fn day_named(text: &str) -> Option<usize> {
    let plain = organisation::plain(&text.replace('\'', ""));
    WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(&plain))
}

impl Serialize for Week {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|day| day.map_or_else(String::new, |opening| opening.to_string())))
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let days = Vec::<String>::deserialize(from)?;
        let mut week = Self::default();
        for (day, text) in week.0.iter_mut().zip(&days) {
            *day = Opening::read(text);
        }
        Ok(week)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_is_read_as_offices_write_it() {
        let read = |text| Duration::read(text).map(|time| (time.amount, time.unit));
        assert_eq!(read("1 hari kerja"), Some((1, TimeUnit::WorkingDays)));
        assert_eq!(read("15 Menit"), Some((15, TimeUnit::Minutes)));
        assert_eq!((read("0 hari"), read("secepatnya"), read("12")), (None, None, None));
    }

    #[test]
    fn a_fee_is_free_an_amount_or_a_note() {
        assert_eq!(Fee::read("Gratis"), Some(Fee::Free));
        assert_eq!(Fee::read("Rp 25.000,00"), Some(Fee::Fixed { rupiah: 25_000 }));
        assert_eq!(Fee::read("menurut golongan"), Some(Fee::Varies { note: "menurut golongan".into() }));
        assert_eq!((Fee::read(" "), rupiah("-5"), rupiah("1e9")), (None, None, None));
        assert_eq!((rupiah("25000.00"), rupiah("12.5"), rupiah("1.250.000")), (None, None, Some(1_250_000)));
    }

    #[test]
    fn opening_times_are_read_however_they_are_written() {
        let eight_to_three = Opening { from: 480, until: 900 };
        for text in ["08.00-15.00", "8–15", "08:00 s.d. 15:00", "8 sampai 15", "0800-1500", "8-1500"] {
            assert_eq!(Opening::read(text), Some(eight_to_three), "{text}");
        }
        for wrong in ["", "15.00-08.00", "08.00", "25.00-26.00", "08.75-09.00", "8-1093", "8-65535", "0-99999"] {
            assert_eq!(Opening::read(wrong), None, "{wrong}");
        }
        assert_eq!(eight_to_three.written('.'), "08.00–15.00");
    }

    #[test]
    fn a_week_is_read_as_a_cell_holds_it() {
        let week = Week::read("Senin–Kamis 08.00–15.00; Jumat 08.00-11.00").expect("it can be read");
        assert_eq!(week.written(), "Senin–Kamis 08.00–15.00; Jumat 08.00–11.00");
        for wrong in ["setiap hari", "Kamis–Senin 08-15", "Senin 15-08", "Lusa 08-15"] {
            assert_eq!(Week::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_that_are_open_alike_are_told_together() {
        let (long, short) = (Opening::read("08-15"), Opening::read("08-11"));
        let week = Week([long, long, long, long, short, None, None]);
        let days: Vec<(usize, usize)> = week.runs().into_iter().map(|(first, last, _)| (first, last)).collect();
        assert_eq!(days, [(0, 3), (4, 4)]);
    }

    proptest! {
        #[test]
        fn opening_times_come_back_as_they_were_kept(from in 0_u16..1439, more in 1_u16..1440) {
            let opening = Opening { from, until: (from + more).min(1440) };
            prop_assert_eq!(Opening::read(&opening.to_string()), Some(opening));
            let week = Week([None, Some(opening), None, None, None, Some(opening), None]);
            prop_assert_eq!(Week::read(&week.written()), Some(week));
            let json = serde_json::to_string(&week).expect("a week is written");
            prop_assert_eq!(serde_json::from_str::<Week>(&json).expect("and read"), week);
        }

        #[test]
        fn nothing_that_somebody_types_brings_the_readers_down(text in any::<String>().boxed().prop_union("[0-9]{1,6}[.:]?[0-9]{0,3}-[0-9]{1,6}".boxed())) {
            let _ = (Duration::read(&text), Fee::read(&text), Opening::read(&text), Week::read(&text), rupiah(&text));
        }
    }
}
