//! A period in which a unit asks those it serves, and its life.

use crate::fault::Fault;
use platform::identity::UnitId;
use platform::site::day;
use rules::instrument::{Body, Family, Instrument, in_force_on};
use rules::phrase::{Language, Phrase, Text};
use rules::quantity::{Ratio, ratio};
use rules::satisfaction_index::SatisfactionSurvey;
use rules::statistics::{SampleSize, sample_size};
use serde::{Deserialize, Serialize};
use services::ServiceId;
use std::collections::BTreeMap;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Duration, Month, OffsetDateTime};

platform::id! {
    /// A period of a unit's survey.
    pub struct PeriodId;
}

/// A day as forms and files write it.
pub(crate) const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Gives an enumeration its stable names: in the database, in forms, in diagrams.
macro_rules! names {
    ($type:ty: $($variant:ident = $name:literal),+ $(,)?) => {
        impl $type {
            /// All of them, in the order of screens.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The one of a stable name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}
pub(crate) use names;

/// How often a unit publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// "Triwulan".
    Quarter,
    /// "Semester".
    Semester,
    /// "Tahunan": the least that Permenpan RB 14/2017 Pasal 1 asks for.
    Year,
    /// "Berkelanjutan": from day to day, whatever the calendar says.
    Continuous,
}

names! { Rhythm: Quarter = "quarter", Semester = "semester", Year = "year", Continuous = "continuous" }

impl Rhythm {
    /// The first and the last day of the calendar's period around a day; nothing for a rhythm that follows no calendar.
    #[must_use]
    pub fn days_around(self, day: Date) -> Option<(Date, Date)> {
        let months = match self {
            Self::Quarter => 3,
            Self::Semester => 6,
            Self::Year => 12,
            Self::Continuous => return None,
        };
        let first = (u8::from(day.month()) - 1) / months * months + 1;
        let (first, last) = (Month::try_from(first).ok()?, Month::try_from(first + months - 1).ok()?);
        let starts_on = Date::from_calendar_date(day.year(), first, 1).ok()?;
        Some((starts_on, Date::from_calendar_date(day.year(), last, last.length(day.year())).ok()?))
    }
}

/// Where a period stands: `docs/states/survey-period.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodState {
    /// "Direncanakan": nobody can answer yet.
    Planned,
    /// "Dibuka": codes are handed out and answers come in.
    Open,
    /// "Ditutup": the result stands; staff see it.
    Closed,
    /// "Terbit": everybody sees it.
    Published,
}

names! { PeriodState: Planned = "planned", Open = "open", Closed = "closed", Published = "published" }

/// A period cannot take that step from where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState;

impl PeriodState {
    /// Whether one step leads there: the arrows of the diagram.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Planned, Self::Open) | (Self::Open, Self::Closed) | (Self::Closed, Self::Published)
        )
    }

    const fn step(self, next: Self) -> Result<Self, WrongState> {
        if self.may_become(next) { Ok(next) } else { Err(WrongState) }
    }

    /// People can answer from now on.
    ///
    /// # Errors
    /// When it was opened before.
    pub const fn open(self) -> Result<Self, WrongState> {
        self.step(Self::Open)
    }

    /// No answer is taken any more, and the result is fixed.
    ///
    /// # Errors
    /// When it is not open.
    pub const fn close(self) -> Result<Self, WrongState> {
        self.step(Self::Closed)
    }

    /// Everybody sees the result.
    ///
    /// # Errors
    /// When it is not closed, or was published before.
    pub const fn publish(self) -> Result<Self, WrongState> {
        self.step(Self::Published)
    }

    /// Whether its result is fixed.
    #[must_use]
    pub const fn has_result(self) -> bool {
        matches!(self, Self::Closed | Self::Published)
    }
}

/// A period of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its identifier.
    pub id: PeriodId,
    /// The unit that is judged.
    pub unit: UnitId,
    /// What was planned.
    pub plan: Plan,
    /// The instrument in force on its first day, kept for ever.
    pub instrument: String,
    /// Where it stands.
    pub state: PeriodState,
    /// Grows with each change.
    pub version: i64,
    /// When it was closed.
    pub closed_at: Option<OffsetDateTime>,
    /// When it was published.
    pub published_at: Option<OffsetDateTime>,
    /// What its result is computed from, as JSON; nothing before it is closed.
    pub inputs: Option<String>,
    /// The same over all answers, whatever was left out by a decision since.
    pub all_inputs: Option<String>,
    /// The name of its published result.
    pub result: Option<String>,
    /// The names its result stands under; nothing before it is closed.
    pub names: Option<Names>,
}

/// Names as they were when a period was closed: what is renamed or moved later changes no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// "Kota Contoh".
    pub institution: String,
    /// "Dinas Sosial".
    pub unit: String,
    /// The services that answers named.
    pub services: BTreeMap<ServiceId, String>,
}

/// What somebody decides when planning a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How often the unit publishes.
    pub rhythm: Rhythm,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// People served in the period, where known.
    pub population: Option<i64>,
}

/// A plan as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedPlan {
    /// Stable name of a [`Rhythm`].
    pub rhythm: String,
    /// `2026-10-01`.
    pub starts_on: String,
    /// `2026-12-31`.
    pub ends_on: String,
    /// A whole number, or nothing.
    pub population: String,
}

/// The longest period, in days: a survey is due once a year at least (Permenpan RB 14/2017 Pasal 1).
const LONGEST_DAYS: i64 = 366;
/// So many days after the last one, answers still arrive that were given without a line: a weekend, and a day to send them.
pub(crate) const GRACE_DAYS: i64 = 3;
/// More people than any city serves.
const MOST_PEOPLE: i64 = 100_000_000;

impl TypedPlan {
    /// The plan, or what is wrong with each field.
    ///
    /// # Errors
    /// Each fault, with its field.
    pub fn check(&self) -> Result<Plan, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut day = |field: &'static str, typed: &str| {
            let read = Date::parse(typed.trim(), DAY).ok();
            if read.is_none() {
                faults.push(Fault::new(field, "fault.day"));
            }
            read
        };
        let (starts_on, ends_on) = (day("starts_on", &self.starts_on), day("ends_on", &self.ends_on));
        let rhythm = Rhythm::named(&self.rhythm);
        if rhythm.is_none() {
            faults.push(Fault::new("rhythm", "fault.rhythm"));
        }
        let population = Self::population(&self.population).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        if let (Some(first), Some(last)) = (starts_on, ends_on) {
            if last < first {
                faults.push(Fault::new("ends_on", "fault.ends-before"));
            } else if last - first >= Duration::days(LONGEST_DAYS) {
                faults.push(Fault::new("ends_on", "fault.too-long"));
            }
        }
        if let (Some(rhythm), Some(first), Some(last), true) = (rhythm, starts_on, ends_on, faults.is_empty())
            && let Some(days) = rhythm.days_around(first)
            && days != (first, last)
        {
            let phrase = Phrase::new("fault.not-calendar").with("from", &both(days.0));
            faults.push(Fault { field: "ends_on".into(), phrase: phrase.with("to", &both(days.1)) });
        }
        match (rhythm, starts_on, ends_on) {
            (Some(rhythm), Some(starts_on), Some(ends_on)) if faults.is_empty() => {
                Ok(Plan { rhythm, starts_on, ends_on, population })
            }
            _ => Err(faults),
        }
    }
}

impl TypedPlan {
    /// How many people were served, where somebody typed it.
    ///
    /// # Errors
    /// When it is no number of people.
    pub fn population(typed: &str) -> Result<Option<i64>, Fault> {
        match whole(typed).filter(|count| (1..=MOST_PEOPLE).contains(count)) {
            None if !typed.trim().is_empty() => Err(Fault::new("population", "fault.population")),
            population => Ok(population),
        }
    }
}

/// A whole number as offices write it: `1.200`, `1200`.
pub(crate) fn whole(typed: &str) -> Option<i64> {
    let parts: Vec<&str> = typed.trim().split(['.', ' ', '\u{a0}']).collect();
    let (first, rest) = parts.split_first()?;
    // A point stands before three digits: "1.5" is no fifteen.
    let grouped = rest.is_empty() || (1..=3).contains(&first.len());
    let whole = parts.iter().all(|part| part.bytes().all(|sign| sign.is_ascii_digit()));
    let parted = grouped && whole && rest.iter().all(|part| part.len() == 3);
    parts.concat().parse().ok().filter(|_| parted)
}

impl Plan {
    /// The period in a few words, the same in both languages, with its year for the rule of its time: "2026 TW IV".
    #[must_use]
    pub fn label(&self) -> String {
        let (year, month) = (self.starts_on.year(), u8::from(self.starts_on.month()));
        match self.rhythm {
            Rhythm::Quarter => format!("{year} TW {}", ["I", "II", "III", "IV"][usize::from((month - 1) / 3)]),
            Rhythm::Semester => format!("{year} Semester {}", if month <= 6 { "I" } else { "II" }),
            Rhythm::Year => year.to_string(),
            Rhythm::Continuous => format!("{} s.d. {}", self.starts_on, self.ends_on),
        }
    }

    /// The instrument in force on the first day.
    #[must_use]
    pub fn instrument(&self) -> Option<Instrument> {
        in_force_on(Family::Satisfaction, &self.starts_on.to_string()).ok().flatten()
    }

    /// The sample that Krejcie and Morgan's formula asks of the population, with its steps; nothing where nobody knows it.
    #[must_use]
    pub fn sample(&self) -> Option<SampleSize> {
        let population = u64::try_from(self.population?).ok()?;
        sample_size(population, &confidence(), &margin())
    }

    /// Whether two periods have a day in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_on <= other.ends_on && other.starts_on <= self.ends_on
    }

    /// Whether a day is one of the period.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        (self.starts_on..=self.ends_on).contains(&day)
    }

    /// Whether an answer that arrives on this day counts: on the days of the period, and so many later that what was given
    /// without a line can still arrive (`late`: from a telephone without a signal, from paper, from a table).
    #[must_use]
    pub fn takes(&self, day: Date, late: bool) -> bool {
        let last = if late { self.last_arrival() } else { self.ends_on };
        (self.starts_on..=last).contains(&day)
    }

    /// The last day on which answers arrive that were given without a line.
    #[must_use]
    pub fn last_arrival(&self) -> Date {
        self.ends_on.saturating_add(Duration::days(GRACE_DAYS))
    }
}

fn confidence() -> Ratio {
    ratio(95, 100)
}

fn margin() -> Ratio {
    ratio(5, 100)
}

/// The embedded instrument of a name, when it is a survey.
#[must_use]
pub(crate) fn survey(instrument: &Instrument) -> Option<&SatisfactionSurvey> {
    match &instrument.body {
        Body::Satisfaction(survey) => Some(survey),
        _ => None,
    }
}

/// A day as each language writes it.
fn both(on: Date) -> Text {
    Text { id: day(on, Language::Indonesian), en: day(on, Language::English) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn typed(starts_on: &str, ends_on: &str) -> TypedPlan {
        let (starts_on, ends_on) = (starts_on.to_owned(), ends_on.to_owned());
        TypedPlan { rhythm: "quarter".into(), starts_on, ends_on, population: "1.200".into() }
    }

    fn field_of(plan: &TypedPlan) -> String {
        plan.check().unwrap_err()[0].field.clone()
    }

    #[test]
    fn a_period_is_named_by_its_rhythm_and_first_day() {
        let plan = |rhythm, starts_on| Plan { rhythm, starts_on, ends_on: date!(2026 - 12 - 31), population: None };
        assert_eq!(plan(Rhythm::Quarter, date!(2026 - 10 - 01)).label(), "2026 TW IV");
        assert_eq!(plan(Rhythm::Semester, date!(2026 - 07 - 01)).label(), "2026 Semester II");
        assert_eq!(plan(Rhythm::Year, date!(2026 - 01 - 01)).label(), "2026");
        assert_eq!(plan(Rhythm::Continuous, date!(2026 - 10 - 05)).label(), "2026-10-05 s.d. 2026-12-31");
    }

    /// Krejcie and Morgan's table: 1,200 people need 291.
    #[test]
    fn the_sample_follows_from_the_population() {
        let plan = typed("2026-10-01", "2026-12-31").check().unwrap();
        assert_eq!((plan.population, plan.sample().unwrap().size), (Some(1200), 291));
        assert_eq!(plan.instrument().unwrap().header.id, "skm-2017");
    }

    #[test]
    fn what_cannot_be_planned_is_refused_with_its_field() {
        assert_eq!(field_of(&typed("kemarin", "2026-12-31")), "starts_on");
        assert_eq!(field_of(&typed("2026-12-31", "2026-10-01")), "ends_on");
        assert_eq!(field_of(&typed("2026-01-01", "2027-01-02")), "ends_on");
        let plan = TypedPlan { population: "banyak".into(), ..typed("2026-10-01", "2026-12-31") };
        assert_eq!(field_of(&plan), "population");
        let plan = TypedPlan { rhythm: "bulan".into(), ..typed("2026-10-01", "2026-12-31") };
        assert_eq!(field_of(&plan), "rhythm");
    }

    #[test]
    fn a_population_may_stay_unknown() {
        let plan = TypedPlan { population: String::new(), ..typed("2026-10-01", "2026-12-31") }.check().unwrap();
        assert_eq!((plan.population, plan.sample()), (None, None));
    }

    #[test]
    fn the_days_are_those_of_the_rhythm() {
        let plan = |rhythm: &str, starts_on, ends_on| {
            let typed = TypedPlan { rhythm: rhythm.into(), ..typed(starts_on, ends_on) };
            typed.check().map_err(|faults| faults[0].phrase.key)
        };
        for (rhythm, from, to) in [
            ("quarter", "2026-04-01", "2026-06-30"),
            ("semester", "2026-07-01", "2026-12-31"),
            ("year", "2028-01-01", "2028-12-31"),
            ("continuous", "2026-02-03", "2026-11-05"),
        ] {
            assert!(plan(rhythm, from, to).is_ok(), "{rhythm}");
        }
        assert_eq!(plan("quarter", "2026-01-01", "2026-12-31"), Err("fault.not-calendar"), "a year is no quarter");
        assert_eq!(plan("semester", "2026-04-01", "2026-09-30"), Err("fault.not-calendar"));
    }

    #[test]
    fn a_number_is_read_as_offices_write_it_or_not_at_all() {
        assert_eq!(["1.200", "1200", "1 200", "12.345.678"].map(whole), [1200, 1200, 1200, 12_345_678].map(Some));
        assert_eq!(["1.5", "12.00", "1200.500", ".500", "-3", ""].map(whole), [None; 6]);
    }

    #[test]
    fn what_was_given_without_a_line_arrives_three_days_later_at_most() {
        let plan = typed("2026-10-01", "2026-12-31").check().unwrap();
        let days = [date!(2026 - 09 - 30), date!(2026 - 10 - 01), date!(2026 - 12 - 31), date!(2027 - 01 - 03)];
        assert_eq!(days.map(|day| plan.takes(day, false)), [false, true, true, false]);
        assert_eq!(days.map(|day| plan.takes(day, true)), [false, true, true, true]);
        assert!(!plan.takes(date!(2027 - 01 - 04), true));
    }

    #[test]
    fn the_diagram_shows_the_arrows_of_the_code() {
        let page = include_str!("../../../docs/states/survey-period.md");
        for from in PeriodState::ALL {
            for to in PeriodState::ALL {
                let drawn = page.lines().any(|line| line.trim().starts_with(&format!("{from:?} --> {to:?}:")));
                assert_eq!(drawn, from.may_become(*to), "{from:?} --> {to:?}");
            }
        }
    }
}
