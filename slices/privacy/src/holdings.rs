//! What this slice itself keeps of people: their requests, the copies handed over, the records of breaches.

use crate::request::{Indexes, Request, RequestId, Told, place};
use crate::{rules, store, words};
use ::rules::phrase::Language;
use platform::audit::{self, Entry, Subject};
use platform::database::{DatabaseError, Read, Write};
use platform::identity::InstitutionId;
use platform::personal::{
    Basis, BlindIndex, Correction, End, Erasure, Holding, Identity, Keeping, Kept, Outcome, People, PersonText,
    Personal, Reason, Row, Sealed, Task, Work, reveal,
};
use platform::secret::Secrets;
use serde_json::{Value, json};
use time::Duration;

/// The fields of blind indexes.
pub(crate) const EMAIL: &str = "data_request.email";
pub(crate) const PHONE: &str = "data_request.phone";
pub(crate) const NIK: &str = "data_request.nik";

/// What was answered to whom must be shown to whoever supervises.
const ACCOUNTABILITY: &str = "UU 27/2022 Pasal 31";

/// What this slice keeps of people.
pub const HOLDINGS: &[Holding] = &[
    Holding {
        name: "privacy.request",
        tables: &["data_request", "data_request_step", "data_request_outcome"],
        people: People::Citizens,
        basis: Basis::LegalDuty,
        keeping: || Keeping::For(rules::request_keeping()),
        kept: Kept::By(ACCOUNTABILITY),
        words: |part, language| say(&format!("holding.request.{part}"), language),
        work: Some(Work { find, export, correct, restrict, erase }),
        end: Some(End { due: store::requests::old, expire: store::requests::drop_old }),
    },
    Holding {
        name: "privacy.copy",
        tables: &["data_export"],
        people: People::Citizens,
        basis: Basis::LegalDuty,
        keeping: || Keeping::For(Duration::ZERO),
        kept: Kept::Erasable,
        words: |part, language| say(&format!("holding.copy.{part}"), language),
        work: None,
        end: Some(End { due: store::requests::old_copies, expire: store::requests::drop_copies }),
    },
    Holding {
        name: "privacy.breach",
        tables: &["breach", "breach_holding"],
        people: People::Citizens,
        basis: Basis::LegalDuty,
        keeping: || Keeping::For(rules::breach_keeping()),
        kept: Kept::By("UU 27/2022 Pasal 46"),
        words: |part, language| say(&format!("holding.breach.{part}"), language),
        work: None,
        end: Some(End { due: store::breaches::old, expire: store::breaches::drop_old }),
    },
    Holding {
        name: "privacy.officer",
        tables: &["privacy_setting", "processing_activity"],
        people: People::Staff,
        basis: Basis::LegalDuty,
        keeping: || Keeping::ByLaw,
        kept: Kept::By("UU 27/2022 Pasal 53"),
        words: |part, language| say(&format!("holding.officer.{part}"), language),
        work: None,
        end: None,
    },
];

fn say(key: &str, language: Language) -> String {
    words(language).text(key)
}

/// A request opened for whoever was recorded: what is kept, in clear.
pub(crate) struct Opened {
    pub(crate) name: Option<platform::personal::PersonName>,
    pub(crate) email: Option<platform::personal::EmailAddress>,
    pub(crate) phone: Option<platform::personal::Phone>,
    pub(crate) nik: Option<platform::personal::Nik>,
    pub(crate) about: Option<PersonText>,
    pub(crate) answer: Option<PersonText>,
}

impl Opened {
    /// Opens what a request holds. The values still mask themselves.
    pub(crate) fn of(secrets: &Secrets, institution: InstitutionId, request: &Request) -> Self {
        fn open<T: Personal>(
            secrets: &Secrets,
            at: (InstitutionId, &'static str, RequestId),
            sealed: Option<&Sealed<T>>,
        ) -> Option<T> {
            let (institution, column, id) = at;
            sealed.and_then(|sealed| sealed.open(secrets, &place(institution, column, id)))
        }
        let (told, id) = (&request.told, request.id);
        Self {
            name: open(secrets, (institution, "data_request.name", id), told.name.as_ref()),
            email: open(secrets, (institution, EMAIL, id), told.email.as_ref()),
            phone: open(secrets, (institution, PHONE, id), told.phone.as_ref()),
            nik: open(secrets, (institution, NIK, id), told.nik.as_ref()),
            about: open(secrets, (institution, "data_request.about", id), told.about.as_ref()),
            answer: open(secrets, (institution, "data_request.answer", id), told.answer.as_ref()),
        }
    }
}

fn find(db: &mut Read<'_>, task: &Task<'_>, identity: &Identity) -> Result<Vec<Row>, DatabaseError> {
    let found = store::requests::of_person(db, task.secrets, task.institution, identity)?;
    Ok(found.into_iter().map(Row).collect())
}

fn export(db: &mut Write<'_>, task: &Task<'_>, Row(row): Row) -> Result<Value, DatabaseError> {
    let id = RequestId::from(row);
    let Some(request) = store::requests::request(db, task.institution, id)? else { return Ok(Value::Null) };
    let receipt =
        reveal(db, (task.institution, task.actor, task.now), Reason::CarryOut, Subject::new("data-request", id))?;
    let opened = Opened::of(task.secrets, task.institution, &request);
    Ok(json!({
        "number": request.receipt(), "kind": request.kind.name(), "state": request.state.name(),
        "received": request.received_at.to_string(),
        "name": opened.name.as_ref().map(|name| name.reveal(&receipt)),
        "email": opened.email.as_ref().map(|email| email.reveal(&receipt)),
        "phone": opened.phone.as_ref().map(|phone| phone.reveal(&receipt)),
        "nik": opened.nik.as_ref().map(|nik| nik.reveal(&receipt)),
        "about": opened.about.as_ref().map(PersonText::text),
        "answer": opened.answer.as_ref().map(PersonText::text),
    }))
}

fn correct(
    db: &mut Write<'_>,
    task: &Task<'_>,
    Row(row): Row,
    correction: &Correction,
) -> Result<Outcome, DatabaseError> {
    let id = RequestId::from(row);
    let (told, indexes) = right(task, id, correction);
    let changed =
        store::requests::correct(db, task.institution, id, store::requests::Right { told: &told, indexes: &indexes })?;
    if !changed {
        return Ok(Outcome::Nothing);
    }
    record(db, task, "privacy.requests-corrected", id)?;
    Ok(Outcome::Done)
}

/// The right values as a request holds them.
fn right(task: &Task<'_>, id: RequestId, correction: &Correction) -> (Told, Indexes) {
    fn seal<T: Personal>(task: &Task<'_>, column: &'static str, id: RequestId, value: Option<&T>) -> Option<Sealed<T>> {
        value.map(|value| Sealed::new(task.secrets, &place(task.institution, column, id), value))
    }
    let Correction { name, email, phone } = correction;
    let told = Told {
        name: seal(task, "data_request.name", id, name.as_ref()),
        email: seal(task, EMAIL, id, email.as_ref()),
        phone: seal(task, PHONE, id, phone.as_ref()),
        nik: None,
        about: None,
        answer: None,
    };
    let indexes = Indexes {
        email: email.as_ref().map(|email| BlindIndex::new(task.secrets, task.institution, EMAIL, email)),
        phone: phone.as_ref().map(|phone| BlindIndex::new(task.secrets, task.institution, PHONE, phone)),
        nik: None,
    };
    (told, indexes)
}

fn restrict(db: &mut Write<'_>, task: &Task<'_>, Row(row): Row) -> Result<Outcome, DatabaseError> {
    let id = RequestId::from(row);
    store::requests::restrict(db, task.institution, id)?;
    record(db, task, "privacy.requests-restricted", id)?;
    Ok(Outcome::Done)
}

/// Of a request that is closed nothing personal is left; what was asked and decided stays. One that is open is needed to answer.
fn erase(db: &mut Write<'_>, task: &Task<'_>, Row(row): Row) -> Result<Erasure, DatabaseError> {
    let id = RequestId::from(row);
    if !store::requests::erase(db, task.institution, id)? {
        return Ok(Erasure::Kept(ACCOUNTABILITY));
    }
    record(db, task, "privacy.requests-erased", id)?;
    Ok(Erasure::Erased)
}

fn record(db: &mut Write<'_>, task: &Task<'_>, act: &'static str, id: RequestId) -> Result<(), DatabaseError> {
    let (institution, at, actor) = (Some(task.institution), task.now, task.actor);
    let subject = Subject::new("data-request", id);
    audit::record(db, &Entry { institution, at, actor, act, subject, detail: json!({}) })
}
