//! A chain as a file: lines of JSON that can be verified from the file alone, or a table for people.

use super::chain::{Head, Recorded, hex, unhex};
use super::check::{Checker, Fault, Verdict};
use super::store;
use crate::database::{DatabaseError, Read};
use crate::identity::InstitutionId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, BufRead, Write};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// One line of an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    institution: Option<InstitutionId>,
    number: i64,
    at: String,
    actor: String,
    act: String,
    subject_kind: String,
    subject_id: String,
    detail: serde_json::Value,
    previous: String,
    hash: String,
}

/// The last line: a file that was cut off on its way lacks it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    entries: u64,
    head: Option<String>,
}

impl Line {
    fn of(entry: &Recorded) -> Self {
        Self {
            institution: entry.institution,
            number: entry.number,
            at: entry.at.format(&Rfc3339).unwrap_or_default(),
            actor: entry.actor.clone(),
            act: entry.act.clone(),
            subject_kind: entry.subject_kind.clone(),
            subject_id: entry.subject_id.clone(),
            detail: entry.detail(),
            previous: hex(&entry.previous),
            hash: hex(&entry.hash),
        }
    }

    fn entry(self) -> Option<Recorded> {
        let at = OffsetDateTime::parse(&self.at, &Rfc3339).ok()?;
        if at.format(&Rfc3339).ok()? != self.at {
            return None;
        }
        Some(Recorded {
            institution: self.institution,
            number: self.number,
            at,
            actor: self.actor,
            act: self.act,
            subject_kind: self.subject_kind,
            subject_id: self.subject_id,
            detail: self.detail.to_string(),
            previous: unhex(&self.previous)?,
            hash: unhex(&self.hash)?,
        })
    }
}

/// Why an export could not be written or read.
#[derive(Debug)]
pub enum Unreadable {
    /// The database.
    Database(DatabaseError),
    /// The file.
    File(io::Error),
    /// A line is not one of an export, or not exactly as it was written.
    Line(usize),
    /// The last line is missing: the file is not complete.
    Incomplete,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => error.fmt(f),
            Self::File(error) => error.fmt(f),
            Self::Line(number) => write!(f, "line {number} is not a line of an export"),
            Self::Incomplete => f.write_str("the last line is missing"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl From<DatabaseError> for Unreadable {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// Writes a chain as lines of JSON, entry by entry, and says where it ends.
///
/// # Errors
/// When the database cannot be read or the file not written.
pub fn export(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    out: &mut dyn Write,
) -> Result<Option<Head>, Unreadable> {
    let (mut entries, mut head) = (0, None);
    store::each(db, institution, |entry| {
        entries += 1;
        head = Some(entry.head());
        write_line(out, &Line::of(&entry))
    })?;
    write_line(out, &End { entries, head: head.map(|head| head.to_string()) })?;
    out.flush()?;
    Ok(head)
}

fn write_line(out: &mut dyn Write, line: &impl Serialize) -> Result<(), Unreadable> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// Writes a chain as a table (CSV, RFC 4180) for people and spreadsheets. It holds the hashes, but cannot be verified.
///
/// # Errors
/// When the database cannot be read or the file not written.
pub fn csv(db: &mut Read<'_>, institution: Option<InstitutionId>, out: &mut dyn Write) -> Result<(), Unreadable> {
    out.write_all(b"number,at,actor,act,subject_kind,subject_id,detail,hash\r\n")?;
    store::each(db, institution, |entry| {
        let line = Line::of(&entry);
        let cells = [
            &line.number.to_string(),
            &line.at,
            &line.actor,
            &line.act,
            &line.subject_kind,
            &line.subject_id,
            &entry.detail,
            &line.hash,
        ];
        let row: Vec<String> = cells.into_iter().map(|cell| quoted(cell)).collect();
        out.write_all(row.join(",").as_bytes())?;
        Ok::<_, Unreadable>(out.write_all(b"\r\n")?)
    })?;
    Ok(out.flush()?)
}

/// A cell; a text that a spreadsheet would take for a formula is kept from being one.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{cell}") } else { cell.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Verifies an export from the file alone, with the head that was kept elsewhere, if any.
///
/// # Errors
/// When the file cannot be read, a line is none of an export or was written otherwise, or the end is missing.
pub fn verify_export(file: impl BufRead, expected: Option<Head>) -> Result<Verdict, Unreadable> {
    let (mut checker, mut end) = (None, None);
    for (at, text) in (1..).zip(file.lines()) {
        let text = text?;
        if end.is_some() {
            return Err(Unreadable::Line(at));
        }
        if let Some(last) = read::<End>(&text) {
            end = Some(last);
            continue;
        }
        let entry = read::<Line>(&text).and_then(Line::entry).ok_or(Unreadable::Line(at))?;
        checker.get_or_insert_with(|| Checker::new(entry.institution, expected)).take(entry);
    }
    let end = end.ok_or(Unreadable::Incomplete)?;
    let verdict = checker.unwrap_or_else(|| Checker::new(None, expected)).verdict();
    Ok(Verdict { fault: verdict.fault.or_else(|| contradiction(&end, &verdict)), ..verdict })
}

/// The entries hold together, but the last line tells of others.
fn contradiction(end: &End, verdict: &Verdict) -> Option<Fault> {
    if end.head == verdict.head.map(|head| head.to_string()) && end.entries == verdict.entries {
        return None;
    }
    let number = verdict.head.map_or(0, |head| head.number);
    let expected = end.head.as_deref().and_then(|head| head.parse::<Head>().ok());
    Some(match expected {
        Some(head) if head.number > number => Fault::CutOff { number, expected: head.number },
        _ => Fault::Rewritten { number },
    })
}

/// A line that is exactly as it would be written: JSON has many ways to say the same, an export has one.
fn read<T: Serialize + for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    let line: T = serde_json::from_str(text).ok()?;
    (serde_json::to_string(&line).ok()? == text).then_some(line)
}
