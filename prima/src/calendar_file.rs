//! A city's own calendar: a calendar file in TOML, or a table of free days.

use crate::deadline::{free_day, is_toml};
use crate::instruments;
use crate::problem::Problem;
use calculation::{InputFile, find_column};
use rules::calendar::{Calendar, CalendarRow, DayKind, parse_date};
use rules::instrument::Body;
use rules::phrase::Phrase;
use std::path::Path;

/// Adds a city's free days to the national calendar. A TOML file may also change the working week.
///
/// # Errors
/// When the file is refused, lacks a `date` column, or holds a date or kind that cannot be read; nothing is then added.
pub(crate) fn add(calendar: &mut Calendar, file: &Path) -> Result<(), Problem> {
    let name = file.display().to_string();
    if !is_toml(file) {
        calendar.add(&table(file, &name)?);
        return Ok(());
    }
    match instruments::read_own(&name, file)?.body {
        Body::Calendar(city) => {
            calendar.add(&city.days);
            city.years.iter().for_each(|year| calendar.know(year.year));
            calendar.set_working_week(&city.week.working_days);
            if let Some(zone) = city.zones.first() {
                calendar.set_offset_hours(zone.offset_hours);
            }
            Ok(())
        }
        _ => Err(Problem::Input(Phrase::new("calendar.other-family").with("file", name))),
    }
}

fn table(file: &Path, name: &str) -> Result<Vec<CalendarRow>, Problem> {
    let (columns, rows) = InputFile::new(file).rows()?;
    let column = |names: &[&str]| names.iter().find_map(|name| find_column(&columns, name));
    let Some(date) = column(&["date", "tanggal"]) else {
        let phrase = Phrase::new("calendar.no-date").with("file", name);
        return Err(Problem::Input(phrase.with("columns", columns.join(", "))));
    };
    let kind = column(&["kind", "category", "jenis", "kategori"]);
    let title = column(&["name", "name-id", "nama", "keterangan"]);
    let day = |row: &analytics::Row| {
        let bad = |text: &str| {
            let phrase = Phrase::new("calendar.bad-row").with("file", name).with("line", row.line.to_string());
            Problem::Input(phrase.with("text", text))
        };
        let kind_word = kind.map_or("", |position| row.cells[position].as_str());
        let kind = DayKind::named(kind_word).ok_or_else(|| bad(kind_word))?;
        let date = &row.cells[date];
        parse_date(date).map_err(|error| bad(&error.0))?;
        Ok(free_day(date, kind, title.map_or("", |position| row.cells[position].as_str())))
    };
    rows.iter().map(day).collect()
}
