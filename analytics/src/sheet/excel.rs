//! Workbooks of Excel, read cell by cell so that a sheet that claims to be huge costs nothing.

use super::archive::damaged;
use super::line::Line;
use super::{Next, Rows, duration_text, number_text};
use crate::error::{Place, ReadError};
use crate::limits::Stop;
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Gives the rows of the sheets to `rows`, sheet after sheet, until it has enough.
///
/// calamine is written for sound files; should a damaged one bring it down, the file is damaged and the program goes on.
pub(crate) fn read(path: &Path, stop: &Stop, rows: &mut impl Rows) -> Result<(), ReadError> {
    let reading = AssertUnwindSafe(|| read_book(path, stop, rows));
    catch_unwind(reading)
        .unwrap_or_else(|_| Err(ReadError::Corrupt(Place::File, "the workbook cannot be followed".to_owned())))
}

fn read_book(path: &Path, stop: &Stop, rows: &mut impl Rows) -> Result<(), ReadError> {
    let file = File::open(path).map_err(|error| ReadError::of_system(path, &error))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|error| workbook_error(&error))?;
    for (position, name) in book.sheet_names().into_iter().enumerate() {
        stop.check()?;
        let begun = rows.begin(position);
        let next = if begun == Next::Row { read_sheet(&mut book, &name, stop, rows)? } else { begun };
        if next == Next::End {
            break;
        }
    }
    Ok(())
}

fn workbook_error(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::NotATable("password".to_owned()),
        _ => ReadError::Corrupt(Place::File, error.to_string()),
    }
}

fn read_sheet(
    book: &mut Xlsx<BufReader<File>>,
    name: &str,
    stop: &Stop,
    rows: &mut impl Rows,
) -> Result<Next, ReadError> {
    let failed = |error: XlsxError| damaged(name, &error);
    let mut reader = match book.worksheet_cells_reader(name) {
        // A chart has a sheet of its own, without cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Next::Sheet),
        reader => reader.map_err(failed)?,
    };
    let mut cells = Line::default();
    let mut current = 0;
    while let Some(cell) = reader.next_cell().map_err(failed)? {
        stop.check()?;
        let (row, column) = cell.get_position();
        if row != current {
            if row < current {
                return Err(damaged(name, &format!("row {} after row {}", row + 1, current + 1)));
            }
            let next = rows.row(u64::from(current) + 1, &cells.cells)?;
            if next != Next::Row {
                return Ok(next);
            }
            cells.clear();
            current = row;
        }
        cells.put(u64::from(row) + 1, column as usize, 1, &text(cell.get_value()))?;
    }
    rows.row(u64::from(current) + 1, &cells.cells)
}

fn text<'v>(value: &'v DataRef<'_>) -> Cow<'v, str> {
    match value {
        DataRef::Empty => "".into(),
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => number_text(*number).into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(value) => value.to_string().into(),
        DataRef::DateTime(moment) => moment_text(moment).into(),
        DataRef::Error(error) => error.to_string().into(),
    }
}

/// A date, a time, or both, whichever the number has.
fn moment_text(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if moment.is_duration() {
        return duration_text(days * 86_400.0);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let (date, time) = (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}:{second:02}"));
    if (0.0..1.0).contains(&days) {
        time
    } else if time == "00:00:00" {
        date
    } else {
        format!("{date}T{time}")
    }
}
