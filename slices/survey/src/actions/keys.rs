//! Keys of programs are made and revoked; programs make codes with them.

use super::{Desk, NewBatch, Refused};
use crate::key::{self, Key, KeyId, ProgramKey};
use crate::period::{Period, PeriodId, PeriodState};
use crate::store::codes::{self, Batch, BatchId};
use crate::store::keys::{self as store, Sort};
use crate::store::periods;
use crate::token::Code;
use platform::audit::Subject;
use platform::database::Write;
use platform::identity::UnitId;
use platform::secret::Secrets;
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// So many codes a program makes at once.
pub const MOST_CODES_AT_ONCE: i64 = 100;
/// What codes of programs are made for, in signatures.
const CODES: &str = "survey codes of a program";

fn subject(id: KeyId) -> Subject {
    Subject::new("survey-key", id)
}

/// Makes a key for programs of a unit. It is told this once.
///
/// # Errors
/// When the label cannot be taken, or the unit is unknown.
pub fn make_key(db: &mut Write<'_>, desk: &Desk, unit: UnitId, label: &str) -> Result<ProgramKey, Refused> {
    make_key_as(db, desk, unit, label, ProgramKey::new())
}

/// The same with a key of one's own, for the demonstration.
pub(crate) fn make_key_as(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    label: &str,
    secret: ProgramKey,
) -> Result<ProgramKey, Refused> {
    let label = key::label(label).map_err(|fault| vec![fault])?;
    organisation::unit(db, desk.institution, unit)?.ok_or(Refused::NotFound)?;
    let id = KeyId::new(desk.now);
    let key = Key { id, unit, label, ending: secret.ending(), made_on: desk.today(), used_on: None, revoked_on: None };
    store::add(db, desk.institution, &key, secret.hash(desk.institution))?;
    desk.record(db, "survey.key-made", subject(id), json!({ "unit": unit.to_string(), "label": key.label }))?;
    Ok(secret)
}

/// Revokes a key: nobody gets in with it any more.
///
/// # Errors
/// When there is none, or it was revoked before.
pub fn revoke_key(db: &mut Write<'_>, desk: &Desk, id: KeyId) -> Result<(), Refused> {
    let key = store::key(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    key.state().revoke()?;
    if !store::revoke(db, desk.institution, id, desk.today())? {
        return Err(Refused::Stale);
    }
    Ok(desk.record(db, "survey.key-revoked", subject(id), json!({ "unit": key.unit.to_string() }))?)
}

/// The key that a program presents, noted as used today.
///
/// # Errors
/// When it opens nothing.
pub fn present_key(db: &mut Write<'_>, desk: &Desk, presented: &ProgramKey) -> Result<Key, Refused> {
    let hash = presented.hash(desk.institution);
    let key = store::presented(db, desk.institution, hash)?.ok_or(Refused::NoKey)?;
    store::note_use(db, desk.institution, &key, desk.today())?;
    Ok(key)
}

/// What a program asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The name it gives its asking, so that asking again makes nothing new.
    pub name: String,
    /// The address of the service the codes are for, or any.
    pub service: Option<String>,
    /// The place, the channel and how many; its service is not looked at.
    pub batch: NewBatch,
}

impl Asking {
    /// Hashes of its name and of what it asks for.
    fn hashes(&self) -> (Vec<u8>, Vec<u8>) {
        let NewBatch { place, channel, count, .. } = &self.batch;
        let content = json!([self.service, place, channel.name(), count]).to_string();
        (Sha256::digest(&self.name).to_vec(), Sha256::digest(content).to_vec())
    }

    /// Its codes, the same each time it is asked with the same key. Without the name of the asking, which is not kept, nobody makes
    /// them again.
    fn codes(&self, secrets: &Secrets, desk: &Desk, key: KeyId) -> Vec<Code> {
        let code = |number: i64| {
            let text = format!("{}/{key}/{}/{number}", desk.institution, self.name);
            let print = secrets.fingerprint(CODES, &text);
            Code::of(std::array::from_fn(|place| print[place]))
        };
        (0..self.batch.count).map(code).collect()
    }
}

/// Makes codes for the open period of a key's unit. The codes of a day for one service, place and channel stand in one batch, so that no
/// batch tells of one visitor; the first of them are recorded, the others counted.
///
/// # Errors
/// When the key opens nothing, the unit asks in no period now, the service is none of its own, or the name was used for another asking.
pub fn issue_with_key(
    db: &mut Write<'_>,
    desk: &Desk,
    secrets: &Secrets,
    (presented, asking): (&ProgramKey, &Asking),
) -> Result<(PeriodId, Vec<Code>), Refused> {
    let key = present_key(db, desk, presented)?;
    asking.batch.check_at_most(MOST_CODES_AT_ONCE)?;
    let (name, content) = asking.hashes();
    let made = asking.codes(secrets, desk, key.id);
    if let Some((before, period)) = store::issue(db, desk.institution, key.id, name.clone())? {
        return if before == content { Ok((period, made)) } else { Err(Refused::OtherAsking) };
    }
    let all = periods::of_unit(db, desk.institution, key.unit)?;
    let asks = |period: &&Period| period.state == PeriodState::Open && period.plan.covers(desk.today());
    let open = all.iter().find(asks).ok_or(Refused::NotAsking)?;
    let service = match &asking.service {
        Some(slug) => {
            let service = services::service_by_slug(db, desk.institution, slug)?;
            let own = periods::services_of(db, desk.institution, key.unit)?;
            let service = service.filter(|service| own.iter().any(|(known, _)| *known == service.id));
            Some(service.ok_or(Refused::NotFound)?.id)
        }
        None => None,
    };
    let NewBatch { place, channel, count, .. } = asking.batch.clone();
    let sort = Sort { service, place, channel, day: desk.today() };
    let batch = match store::grow(db, desk.institution, open.id, &sort, count)? {
        Some(batch) => batch,
        None => begin_batch(db, desk, (open.id, key.id), sort, count)?,
    };
    for code in &made {
        if !codes::add_code(db, desk.institution, (open.id, batch), code.hash(desk.institution))? {
            return Err(Refused::Stale);
        }
    }
    store::add_issue(db, desk.institution, key.id, (name, content, open.id))?;
    Ok((open.id, made))
}

fn begin_batch(
    db: &mut Write<'_>,
    desk: &Desk,
    (period, key): (PeriodId, KeyId),
    Sort { service, place, channel, day }: Sort,
    count: i64,
) -> Result<BatchId, Refused> {
    let id = BatchId::new(desk.now);
    let batch = Batch { id, service, place, channel, issued: count, issued_on: day, unused: count };
    codes::add_batch(db, desk.institution, period, &batch)?;
    let detail = json!({ "key": key.to_string(), "channel": channel.name() });
    desk.record(db, "survey.codes-issued", super::periods::subject(period), detail)?;
    Ok(id)
}
