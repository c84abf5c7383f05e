//! Answers on paper are taken over, by two people.

use super::importing::takes_late;
use super::periods::{load, subject};
use super::{Desk, Refused};
use crate::answer::{Answer, AnswerId, Channel};
use crate::fault::Fault;
use crate::period::PeriodId;
use crate::store::answers::{self as store, Belonging};
use crate::store::{paper, periods};
use platform::database::{DatabaseError, Write};
use platform::identity::AccountId;
use serde_json::json;
use services::ServiceId;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
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
    if new {
        store::add_texts(db, &belonging, delivery, answer)?;
    }
    Ok(new)
}

/// A sheet of paper as somebody entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The number on the sheet.
    pub number: String,
    /// The service it is about, where one is named.
    pub service: Option<ServiceId>,
    /// What stands on it.
    pub answer: Answer,
    /// The mark of the differences that whoever enters it has seen and looked up on the paper again ([`Difference::mark`]).
    pub looked_again: Option<String>,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// The first of two: it waits for another person.
    First,
    /// Both agree: the answer counts.
    Counted,
    /// They differed, and the second person looked at the paper again: the second entry counts.
    Settled,
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

impl Difference {
    /// What marks a list of differences: another list has another mark. Empty for none.
    #[must_use]
    pub fn mark(differences: &[Self]) -> String {
        let mut hash = Sha256::new();
        for part in differences.iter().flat_map(|one| [&one.field, &one.first, &one.second]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        if differences.is_empty() {
            return String::new();
        }
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
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
    let period = load(db, desk, id, version)?;
    takes_late(&period, desk)?;
    if sheet.number.is_empty() || sheet.number.chars().count() > LONGEST_NUMBER {
        return Err(vec![Fault::new("sheet", "fault.sheet")].into());
    }
    if let Some(service) = sheet.service {
        let own = periods::services_of(db, desk.institution, period.unit)?;
        if !own.iter().any(|(known, _)| *known == service) {
            return Err(vec![Fault::new("service", "fault.service")].into());
        }
    }
    let entry = serde_json::to_string(&sheet.fields()).map_err(|error| DatabaseError::Other(error.into()))?;
    let Some(known) = paper::sheet(db, desk.institution, id, &sheet.number)? else {
        paper::add(db, desk.institution, id, &sheet.number, (account, &entry))?;
        desk.record(db, "survey.sheet-entered", subject(id), json!({ "sheet": sheet.number }))?;
        return Ok(Entered::First);
    };
    let Some(first) = known.entry else { return Err(vec![Fault::new("sheet", "fault.sheet-counted")].into()) };
    if known.account == account {
        return Err(vec![Fault::new("sheet", "fault.sheet-same-person")].into());
    }
    let differences = differences(&first, &sheet.fields());
    if !differences.is_empty() && sheet.looked_again != Some(Difference::mark(&differences)) {
        return Ok(Entered::Differs(differences));
    }
    // A name that nobody can guess: the number of a sheet leads to no answer.
    let random: String = platform::clock::random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    keep(db, desk, (id, Channel::Paper, sheet.service, desk.today()), (&random, &sheet.answer))?;
    paper::count(db, desk.institution, id, &sheet.number)?;
    let detail = json!({ "sheet": sheet.number, "fields_settled": differences.len() });
    desk.record(db, "survey.sheet-counted", subject(id), detail)?;
    Ok(if differences.is_empty() { Entered::Counted } else { Entered::Settled })
}

impl Sheet {
    /// All that stands on it, by field.
    fn fields(&self) -> BTreeMap<String, String> {
        let mut fields = self.answer.fields();
        fields.extend(self.service.map(|service| ("service".to_owned(), service.to_string())));
        fields
    }
}

fn differences(first: &str, second: &BTreeMap<String, String>) -> Vec<Difference> {
    let first: BTreeMap<String, String> = serde_json::from_str(first).unwrap_or_default();
    let names: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let value = |fields: &BTreeMap<String, String>, name: &String| fields.get(name).cloned().unwrap_or_default();
    let all = names.into_iter().map(|name| Difference {
        field: name.clone(),
        first: value(&first, name),
        second: value(second, name),
    });
    all.filter(|difference| difference.first != difference.second).collect()
}
