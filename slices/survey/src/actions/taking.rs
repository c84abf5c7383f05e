//! Answers on paper are taken over, by two people.

use super::importing::takes_late;
use super::periods::{load, subject};
use super::{Desk, Refused};
use crate::answer::{Answer, AnswerId, Channel};
use crate::fault::Fault;
use crate::period::PeriodId;
use crate::store::answers::{self as store, Belonging};
use crate::store::paper;
use platform::database::{DatabaseError, Write};
use platform::identity::AccountId;
use serde_json::json;
use services::ServiceId;
use time::Date;

/// Keeps an answer that somebody brought; says whether it was new.
pub(super) fn keep(
    db: &mut Write<'_>,
    desk: &Desk,
    (period, channel, service, day): (PeriodId, Channel, Option<ServiceId>, Date),
    (delivery, answer): (&str, &Answer),
) -> Result<bool, DatabaseError> {
    let institution = desk.institution;
    let belonging = Belonging { institution, period, service, channel, day };
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
    takes_late(&load(db, desk, id, version)?, desk)?;
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
    keep(db, desk, (id, Channel::Paper, None, desk.today()), (&random, &sheet.answer))?;
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
