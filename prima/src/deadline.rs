//! `prima deadline`: the last working day, with every day that led to it.

use crate::cli::{DeadlineArgs, Format};
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::{say, word};
use calculation::WarningResult;
use calculation::instruments::find;
use calculation::render::{self, Style, Table, printable_line};
use rules::calendar::{Calendar, CalendarRow, DayKind, JointLeave, Rest, national};
use rules::complaint_deadline::{ComplaintRules, Deadline, LONGEST_DEADLINE, deadline, unverified};
use rules::instrument::{Body, Header, Instrument};
use rules::phrase::{Language, Phrase, Text};
use rules::warning::Warning;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;
use time::{Date, Weekday};

/// A deadline with its days.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DeadlineFile {
    /// Day of receipt; not counted.
    pub(crate) received: String,
    /// Last day.
    pub(crate) due: String,
    /// Working days counted.
    pub(crate) working_days: u32,
    /// Kind or stage, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// Every day from the day after receipt to the last.
    pub(crate) days: Vec<DayResult>,
    /// What a careful reader must know.
    pub(crate) warnings: Vec<WarningResult>,
}

/// One day of the count.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DayResult {
    /// The day.
    pub(crate) date: String,
    /// Name of the weekday.
    pub(crate) weekday: String,
    /// Whether it is worked.
    pub(crate) working: bool,
    /// Its number when it is worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<u32>,
    /// Why it is not worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// What is counted.
struct Wanted {
    kind: Option<String>,
    name: Option<Text>,
    days: u32,
}

pub(crate) fn run(args: &DeadlineArgs, language: Language) -> Result<Ending, Problem> {
    let (wanted, received_text) = wanted(args)?;
    let mut calendar = national()?;
    if let Some(file) = &args.calendar {
        crate::calendar_file::add(&mut calendar, file)?;
    }
    if let Some(zone) = &args.zone {
        set_zone(&mut calendar, zone);
    }
    let received = calendar
        .local_day(received_text)
        .map_err(|error| Problem::Usage(Phrase::new("deadline.not-a-date").with("text", error.0.as_str())))?;
    let joint_leave = if args.joint_leave == "working" { JointLeave::Working } else { JointLeave::Off };
    let mut result = deadline(&calendar, received, wanted.days, joint_leave);
    result.warnings.extend(rule_warning(&wanted, received)?);
    let output = Output::Standard;
    let text = match args.format {
        Format::Json => render::json(&published(&wanted, &result, language)),
        Format::Text => text(&wanted, &result, language, output.style()),
    };
    output.write(text.as_bytes())?;
    Ok(Ending::Done)
}

fn complaint_rules() -> Result<(Header, ComplaintRules), Problem> {
    let Instrument { header, body } = find("sp4n-2018")?;
    match body {
        Body::Complaints(rules) => Ok((header, rules)),
        _ => Err(Problem::Input(Phrase::new("deadline.no-rules"))),
    }
}

/// The number of days and the word for the day of receipt: `KIND RECEIVED`, or `--days N RECEIVED`.
fn wanted(args: &DeadlineArgs) -> Result<(Wanted, &str), Problem> {
    match (args.days, args.words.as_slice()) {
        (Some(days), _) if days > LONGEST_DEADLINE => {
            Err(Problem::Usage(Phrase::new("deadline.too-long").with("most", u64::from(LONGEST_DEADLINE))))
        }
        (Some(days), [received]) => Ok((Wanted { kind: None, name: None, days }, received)),
        (None, [kind, received]) => {
            let (_, rules) = complaint_rules()?;
            let Some(rule) = rules.rule(kind) else {
                let known: Vec<&str> = rules.keys().collect();
                let phrase = Phrase::new("deadline.unknown-kind").with("kind", kind.as_str());
                return Err(Problem::Usage(phrase.with("known", known.join(", "))));
            };
            let (kind, name) = (Some(rule.key.to_owned()), Some(rule.name.clone()));
            Ok((Wanted { kind, name, days: rule.working_days }, received))
        }
        _ => Err(Problem::Usage(Phrase::new("deadline.usage"))),
    }
}

/// What is unverified about the rule of a named kind on the day of receipt.
fn rule_warning(wanted: &Wanted, received: Date) -> Result<Option<Warning>, Problem> {
    let Some(kind) = &wanted.kind else { return Ok(None) };
    let (header, rules) = complaint_rules()?;
    Ok(rules.rule(kind).and_then(|rule| unverified(&header, &rule, received)))
}

fn set_zone(calendar: &mut Calendar, zone: &str) {
    match zone.to_ascii_uppercase().as_str() {
        "WITA" => calendar.set_offset_hours(8),
        "WIT" => calendar.set_offset_hours(9),
        _ => calendar.set_offset_hours(7),
    }
}

fn published(wanted: &Wanted, result: &Deadline, language: Language) -> DeadlineFile {
    let day = |day: &rules::complaint_deadline::CountedDay| DayResult {
        date: day.date.to_string(),
        weekday: weekday(day.date, language),
        working: day.number.is_some(),
        number: day.number,
        reason: day.rest.as_ref().map(|rest| reason(rest, language)),
    };
    DeadlineFile {
        received: result.received.to_string(),
        due: result.due.to_string(),
        working_days: wanted.days,
        kind: wanted.kind.clone(),
        days: result.days.iter().map(day).collect(),
        warnings: result.warnings.iter().map(|warning| WarningResult::new(warning, language)).collect(),
    }
}

fn text(wanted: &Wanted, result: &Deadline, language: Language, style: Style) -> String {
    let mut text = String::new();
    if let Some(name) = &wanted.name {
        text += &format!("{}\n", style.strong(name.in_language(language)));
    }
    let due = Phrase::new("deadline.due")
        .with("due", long_date(result.due, language))
        .with("received", long_date(result.received, language))
        .with("days", u64::from(wanted.days));
    text += &format!("{}\n{}\n\n", style.strong(&result.due.to_string()), say(&due, language));
    let heads = ["deadline.number", "deadline.day", "deadline.why"];
    let mut table = Table::new(heads.map(|key| word(key, language)));
    for day in &result.days {
        let number = day.number.map(|number| number.to_string()).unwrap_or_default();
        let why = day.rest.as_ref().map(|rest| reason(rest, language)).unwrap_or_default();
        table.row([number, format!("{}, {}", weekday(day.date, language), long_date(day.date, language)), why]);
    }
    text += &table.text(style);
    for warning in &result.warnings {
        text += &format!("! {}\n", printable_line(&warning.message(language)));
    }
    text
}

fn reason(rest: &Rest, language: Language) -> String {
    match rest {
        Rest::Weekend => word("deadline.weekend", language),
        Rest::Named(day) => {
            let kind = match day.kind {
                DayKind::LiburNasional => "deadline.libur-nasional",
                DayKind::CutiBersama => "deadline.cuti-bersama",
                DayKind::LiburDaerah => "deadline.libur-daerah",
            };
            format!("{} ({})", day.name.in_language(language), word(kind, language))
        }
    }
}

fn weekday(date: Date, language: Language) -> String {
    let key = match date.weekday() {
        Weekday::Monday => "date.mon",
        Weekday::Tuesday => "date.tue",
        Weekday::Wednesday => "date.wed",
        Weekday::Thursday => "date.thu",
        Weekday::Friday => "date.fri",
        Weekday::Saturday => "date.sat",
        Weekday::Sunday => "date.sun",
    };
    word(key, language)
}

/// `21 November 2026`.
pub(crate) fn long_date(date: Date, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "date.january",
        "date.february",
        "date.march",
        "date.april",
        "date.may",
        "date.june",
        "date.july",
        "date.august",
        "date.september",
        "date.october",
        "date.november",
        "date.december",
    ];
    let month = MONTHS[usize::from(u8::from(date.month())) - 1];
    format!("{} {} {}", date.day(), word(month, language), date.year())
}

/// A free day of a calendar table.
pub(crate) fn free_day(date: &str, kind: DayKind, name: &str) -> CalendarRow {
    CalendarRow { date: date.to_owned(), kind, name: Text::same(name) }
}

/// Whether a path names an instrument file rather than a table.
pub(crate) fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}
