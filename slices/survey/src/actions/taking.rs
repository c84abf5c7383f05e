//! Answers that were given elsewhere are taken over: from a table, from paper.

use super::periods::{load, subject};
use super::{Desk, Refused};
use crate::answer::{Answer, AnswerId, Channel};
use crate::fault::Fault;
use crate::period::{PeriodId, PeriodState};
use crate::store::answers::{self as store, Belonging};
use crate::store::paper;
use crate::table::Checked;
use platform::database::{DatabaseError, Write};
use platform::identity::AccountId;
use serde_json::json;
use services::ServiceId;

/// What taking over a table did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Answers that are kept now.
    pub new: u64,
    /// Answers of the same table that were kept before.
    pub same: u64,
}

/// Takes over the good rows of a table; twice the same table changes nothing.
///
/// # Errors
/// When the period is not open.
pub fn import(
    db: &mut Write<'_>,
    desk: &Desk,
    (id, version): (PeriodId, i64),
    fingerprint: &str,
    checked: &Checked,
) -> Result<Imported, Refused> {
    open(db, desk, id, version)?;
    let mut imported = Imported::default();
    for (line, service, answer) in &checked.good {
        let delivery = format!("table-{fingerprint}-{line}");
        match keep(db, desk, id, (Channel::File, *service), (&delivery, answer))? {
            true => imported.new += 1,
            false => imported.same += 1,
        }
    }
    let detail = json!({ "answers": imported.new, "same": imported.same, "left_out": checked.wrong.len() });
    desk.record(db, "survey.answers-imported", subject(id), detail)?;
    Ok(imported)
}

fn open(db: &mut Write<'_>, desk: &Desk, id: PeriodId, version: i64) -> Result<(), Refused> {
    match load(db, desk, id, version)?.state {
        PeriodState::Open => Ok(()),
        _ => Err(Refused::WrongState),
    }
}

fn keep(
    db: &mut Write<'_>,
    desk: &Desk,
    period: PeriodId,
    (channel, service): (Channel, Option<ServiceId>),
    (delivery, answer): (&str, &Answer),
) -> Result<bool, DatabaseError> {
    let institution = desk.institution;
    let belonging = Belonging { institution, period, service, channel, day: desk.today() };
    let new = store::add(db, &belonging, &AnswerId::of(institution, period, delivery), answer)?;
    if new && !answer.suggestion.is_empty() {
        let id = AnswerId::of_suggestion(institution, period, delivery);
        store::suggest(db, &belonging, &id, &answer.suggestion)?;
    }
    Ok(new)
}

/// A sheet of paper as somebody entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The number on the sheet.
    pub number: String,
    /// What stands on it.
    pub answer: Answer,
    /// Whether whoever enters it looked again at every field in which the two entries differ.
    pub looked_again: bool,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// The first of two: it waits for another person.
    First,
    /// Both agree, or the second person looked again: the answer counts.
    Counted,
    /// The two differ in these fields: the paper is to be looked at again.
    Differs(Vec<Difference>),
}

/// A field in which two entries of one sheet differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub field: String,
    /// What the first person entered; may be empty.
    pub first: String,
    /// What the second person entered; may be empty.
    pub second: String,
}

/// The longest number of a sheet, in letters.
const LONGEST_NUMBER: usize = 20;

/// Enters a sheet: twice, by two people, before it counts.
///
/// # Errors
/// When the sheet was counted before, the same person enters it twice, or the period is not open.
pub fn enter_sheet(
    db: &mut Write<'_>,
    desk: &Desk,
    account: AccountId,
    (id, version): (PeriodId, i64),
    sheet: &Sheet,
) -> Result<Entered, Refused> {
    open(db, desk, id, version)?;
    if sheet.number.is_empty() || sheet.number.chars().count() > LONGEST_NUMBER {
        return Err(vec![Fault::new("sheet", "fault.sheet")].into());
    }
    let entry = serde_json::to_string(&sheet.answer.fields()).map_err(|error| DatabaseError::Other(error.into()))?;
    let Some(known) = paper::sheet(db, desk.institution, id, &sheet.number)? else {
        paper::add(db, desk.institution, id, &sheet.number, (account, &entry))?;
        desk.record(db, "survey.sheet-entered", subject(id), json!({ "sheet": sheet.number }))?;
        return Ok(Entered::First);
    };
    let Some(first) = known.entry else { return Err(vec![Fault::new("sheet", "fault.sheet-counted")].into()) };
    if known.account == account {
        return Err(vec![Fault::new("sheet", "fault.sheet-same-person")].into());
    }
    let differences = differences(&first, &sheet.answer);
    if !differences.is_empty() && !sheet.looked_again {
        return Ok(Entered::Differs(differences));
    }
    // A name that nobody can guess: the number of a sheet leads to no answer.
    let random: String = platform::clock::random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    keep(db, desk, id, (Channel::Paper, None), (&random, &sheet.answer))?;
    paper::count(db, desk.institution, id, &sheet.number)?;
    let detail = json!({ "sheet": sheet.number, "fields_settled": differences.len() });
    desk.record(db, "survey.sheet-counted", subject(id), detail)?;
    Ok(Entered::Counted)
}

fn differences(first: &str, second: &Answer) -> Vec<Difference> {
    let first: std::collections::BTreeMap<String, String> = serde_json::from_str(first).unwrap_or_default();
    let second = second.fields();
    let names: std::collections::BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let value = |fields: &std::collections::BTreeMap<String, String>, name: &String| {
        fields.get(name).cloned().unwrap_or_default()
    };
    let all = names.into_iter().map(|name| Difference {
        field: name.clone(),
        first: value(&first, name),
        second: value(&second, name),
    });
    all.filter(|difference| difference.first != difference.second).collect()
}
