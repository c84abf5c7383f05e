//! Requests, their steps, what became of them, and copies handed over.

use super::{Answer, count, unknown};
use crate::holdings::{EMAIL, NIK, PHONE};
use crate::request::{Indexes, Refusal, Request, RequestId, RequestKind, RequestState, Told, VerifiedBy};
use platform::database::{FromRow, Read, Row, Uuid, Write};
use platform::identity::{AccountId, InstitutionId};
use platform::personal::{BlindIndex, Identity, PersonText, Sealed};
use platform::secret::Secrets;
use platform::session::TokenHash;
use platform::{params, statements};
use time::OffsetDateTime;

/// The columns of a request, in the order of its `FromRow`.
macro_rules! request {
    ($rest:literal) => {
        concat!(
            "SELECT id, year, number, kind, state, version, account_id, name, email, phone, nik, about, answer, verified_by,
                refusal, restricted, received_at, due_at, decided_at, closed_at FROM data_request WHERE institution_id = $1 ",
            $rest
        )
    };
}

statements! {
    NEXT_REQUEST_NUMBER = "INSERT INTO privacy_counter (institution_id, kind, year, last) VALUES ($1, 'request', $2, 1)
        ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = privacy_counter.last + 1 RETURNING last";
    ADD_REQUEST = "INSERT INTO data_request (id, institution_id, year, number, kind, state, version, account_id, name, email,
        email_index, phone, phone_index, nik, nik_index, about, token_hash, verified_by, restricted, received_at, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    REQUEST = request!("AND id = $2");
    REQUEST_OF_TOKEN = request!("AND token_hash = $2");
    OPEN_REQUESTS = request!("AND closed_at IS NULL ORDER BY due_at, id LIMIT $2");
    CLOSED_REQUESTS = request!("AND closed_at IS NOT NULL ORDER BY closed_at DESC, id LIMIT $2");
    REQUESTS_OF_ACCOUNT = request!("AND account_id = $2 ORDER BY received_at DESC, id LIMIT $3");
    SET_STEP = "UPDATE data_request SET state = $4, version = version + 1, verified_by = COALESCE($5, verified_by),
        refusal = COALESCE($6, refusal), answer = COALESCE($7, answer), decided_at = COALESCE($8, decided_at), closed_at = $9
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    ADD_STEP = "INSERT INTO data_request_step (institution_id, request_id, position, state, at) VALUES ($1, $2, $3, $4, $5)";
    STEPS = "SELECT state, at FROM data_request_step WHERE institution_id = $1 AND request_id = $2 ORDER BY position";
    ADD_OUTCOME = "INSERT INTO data_request_outcome (institution_id, request_id, holding, outcome, row_count, law)
        VALUES ($1, $2, $3, $4, $5, $6)";
    OUTCOMES = "SELECT holding, outcome, row_count, law FROM data_request_outcome
        WHERE institution_id = $1 AND request_id = $2 ORDER BY holding";
    ADD_COPY = "INSERT INTO data_export (id, institution_id, content, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    COPY = "SELECT content, expires_at FROM data_export WHERE institution_id = $1 AND id = $2 AND expires_at > $3";
    COPY_UNTIL = "SELECT expires_at FROM data_export WHERE institution_id = $1 AND id = $2 AND expires_at > $3";
    FETCHED = "UPDATE data_export SET fetched_at = $3 WHERE institution_id = $1 AND id = $2 AND fetched_at IS NULL";
    OLD_COPIES = "SELECT COUNT(*) FROM data_export WHERE institution_id = $1 AND expires_at <= $2";
    DROP_COPIES = "DELETE FROM data_export WHERE institution_id = $1 AND id IN (
        SELECT id FROM data_export WHERE institution_id = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3)";
    DROP_COPY = "DELETE FROM data_export WHERE institution_id = $1 AND id = $2";
    OF_PERSON = "SELECT id FROM data_request WHERE institution_id = $1 AND (account_id = $2 OR email_index IN ($3, $4)
        OR phone_index IN ($5, $6) OR nik_index IN ($7, $8)) ORDER BY id";
    CORRECT_NAME = "UPDATE data_request SET name = $3 WHERE institution_id = $1 AND id = $2 AND name IS NOT NULL";
    CORRECT_EMAIL = "UPDATE data_request SET email = $3, email_index = $4
        WHERE institution_id = $1 AND id = $2 AND name IS NOT NULL";
    CORRECT_PHONE = "UPDATE data_request SET phone = $3, phone_index = $4
        WHERE institution_id = $1 AND id = $2 AND name IS NOT NULL";
    RESTRICT = "UPDATE data_request SET restricted = $3 WHERE institution_id = $1 AND id = $2";
    ERASE = "UPDATE data_request SET account_id = NULL, name = NULL, email = NULL, email_index = NULL, phone = NULL,
        phone_index = NULL, nik = NULL, nik_index = NULL, about = NULL, answer = NULL
        WHERE institution_id = $1 AND id = $2 AND closed_at IS NOT NULL";
    OLD_REQUESTS = "SELECT COUNT(*) FROM data_request WHERE institution_id = $1 AND closed_at <= $2";
    SOME_OLD_REQUESTS = "SELECT id FROM data_request WHERE institution_id = $1 AND closed_at <= $2
        ORDER BY closed_at, id LIMIT $3";
    DROP_STEPS = "DELETE FROM data_request_step WHERE institution_id = $1 AND request_id = $2";
    DROP_OUTCOMES = "DELETE FROM data_request_outcome WHERE institution_id = $1 AND request_id = $2";
    DROP_REQUEST = "DELETE FROM data_request WHERE institution_id = $1 AND id = $2";
    TO_REMIND = "SELECT institution_id, id FROM data_request WHERE closed_at IS NULL AND due_at <= $1 AND reminded_at IS NULL
        AND state NOT IN ('carried-out', 'refused') ORDER BY due_at, id LIMIT $2";
    REMINDED = "UPDATE data_request SET reminded_at = $3 WHERE institution_id = $1 AND id = $2";
}

impl FromRow for Request {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, year, number) = (row.next()?, row.next()?, row.next()?);
        let (kind, state) = (row.next::<String>()?, row.next::<String>()?);
        let (version, account) = (row.next()?, row.next()?);
        let told = Told {
            name: row.next()?,
            email: row.next()?,
            phone: row.next()?,
            nik: row.next()?,
            about: row.next()?,
            answer: row.next()?,
        };
        let (verified_by, refusal) = (row.next::<Option<String>>()?, row.next::<Option<String>>()?);
        Ok(Self {
            id,
            year,
            number,
            kind: RequestKind::named(&kind).ok_or_else(|| unknown("kind", &kind))?,
            state: RequestState::named(&state).ok_or_else(|| unknown("state", &state))?,
            version,
            account,
            told,
            verified_by: verified_by.as_deref().and_then(VerifiedBy::named),
            refusal: refusal.as_deref().and_then(Refusal::named),
            restricted: row.next()?,
            received_at: row.next()?,
            due_at: row.next()?,
            decided_at: row.next()?,
            closed_at: row.next()?,
        })
    }
}

/// The number of the next request of a year.
pub(crate) fn next_number(db: &mut Write<'_>, institution: InstitutionId, year: i64) -> Answer<i64> {
    Ok(db.one::<(i64,)>(NEXT_REQUEST_NUMBER, params![institution, year])?.map_or(1, |(next,)| next))
}

pub(crate) fn add(
    db: &mut Write<'_>,
    institution: InstitutionId,
    request: &Request,
    indexes: &Indexes,
    token: &TokenHash,
) -> Answer<()> {
    let told = &request.told;
    let values = params![
        request.id,
        institution,
        request.year,
        request.number,
        request.kind.name(),
        request.state.name(),
        request.account,
        told.name.as_ref(),
        told.email.as_ref(),
        indexes.email.as_ref(),
        told.phone.as_ref(),
        indexes.phone.as_ref(),
        told.nik.as_ref(),
        indexes.nik.as_ref(),
        told.about.as_ref(),
        token.0.as_slice(),
        request.verified_by.map(VerifiedBy::name),
        request.restricted,
        request.received_at,
        request.due_at,
    ];
    db.execute(ADD_REQUEST, values).map(drop)
}

pub(crate) fn request(db: &mut Read<'_>, institution: InstitutionId, id: RequestId) -> Answer<Option<Request>> {
    db.one(REQUEST, params![institution, id])
}

pub(crate) fn of_token(db: &mut Read<'_>, institution: InstitutionId, token: &TokenHash) -> Answer<Option<Request>> {
    db.one(REQUEST_OF_TOKEN, params![institution, token.0.as_slice()])
}

/// The most that a list shows.
const SHOWN: u32 = 200;

pub(crate) fn open(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Request>> {
    db.all(OPEN_REQUESTS, params![institution, SHOWN])
}

pub(crate) fn closed(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Request>> {
    db.all(CLOSED_REQUESTS, params![institution, SHOWN])
}

pub(crate) fn of_account(db: &mut Read<'_>, institution: InstitutionId, account: AccountId) -> Answer<Vec<Request>> {
    db.all(REQUESTS_OF_ACCOUNT, params![institution, account, SHOWN])
}

/// What a step leaves behind beside the state.
#[derive(Debug, Default)]
pub(crate) struct Left<'s> {
    pub(crate) verified_by: Option<VerifiedBy>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) answer: Option<&'s Sealed<PersonText>>,
    pub(crate) decided_at: Option<OffsetDateTime>,
    pub(crate) closed_at: Option<OffsetDateTime>,
}

/// Takes a step; false when somebody took one meanwhile.
pub(crate) fn set_step(
    db: &mut Write<'_>,
    institution: InstitutionId,
    request: &Request,
    state: RequestState,
    left: &Left<'_>,
) -> Answer<bool> {
    let values = params![
        institution,
        request.id,
        request.version,
        state.name(),
        left.verified_by.map(VerifiedBy::name),
        left.refusal.map(Refusal::name),
        left.answer,
        left.decided_at,
        left.closed_at,
    ];
    Ok(db.execute(SET_STEP, values)? == 1)
}

pub(crate) fn add_step(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: RequestId,
    state: RequestState,
    at: OffsetDateTime,
) -> Answer<()> {
    let position = steps(db, institution, id)?.len() as u64 + 1;
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    db.execute(ADD_STEP, params![institution, id, position, state.name(), at]).map(drop)
}

pub(crate) fn steps(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: RequestId,
) -> Answer<Vec<(String, OffsetDateTime)>> {
    db.all(STEPS, params![institution, id])
}

/// Holding, outcome, rows, law.
pub(crate) type OutcomeLine = (String, String, i64, Option<String>);

pub(crate) fn add_outcome(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: RequestId,
    (holding, outcome, rows, law): (&str, &str, i64, Option<&str>),
) -> Answer<()> {
    db.execute(ADD_OUTCOME, params![institution, id, holding, outcome, rows, law]).map(drop)
}

pub(crate) fn outcomes(db: &mut Read<'_>, institution: InstitutionId, id: RequestId) -> Answer<Vec<OutcomeLine>> {
    db.all(OUTCOMES, params![institution, id])
}

pub(crate) fn add_copy(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: RequestId,
    content: &[u8],
    (made, expires): (OffsetDateTime, OffsetDateTime),
) -> Answer<()> {
    db.execute(DROP_COPY, params![institution, id])?;
    db.execute(ADD_COPY, params![id, institution, content, made, expires]).map(drop)
}

pub(crate) fn copy(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: RequestId,
    now: OffsetDateTime,
) -> Answer<Option<Vec<u8>>> {
    let found: Option<(Vec<u8>, OffsetDateTime)> = db.one(COPY, params![institution, id, now])?;
    Ok(found.map(|(content, _)| content))
}

/// Until when a copy can be fetched.
pub(crate) fn copy_until(
    db: &mut Read<'_>,
    institution: InstitutionId,
    id: RequestId,
    now: OffsetDateTime,
) -> Answer<Option<OffsetDateTime>> {
    Ok(db.one::<(OffsetDateTime,)>(COPY_UNTIL, params![institution, id, now])?.map(|(until,)| until))
}

pub(crate) fn fetched(db: &mut Write<'_>, institution: InstitutionId, id: RequestId, at: OffsetDateTime) -> Answer<()> {
    db.execute(FETCHED, params![institution, id, at]).map(drop)
}

pub(crate) fn old_copies(db: &mut Read<'_>, institution: InstitutionId, before: OffsetDateTime) -> Answer<u64> {
    Ok(count(db.one(OLD_COPIES, params![institution, before])?))
}

pub(crate) fn drop_copies(
    db: &mut Write<'_>,
    institution: InstitutionId,
    before: OffsetDateTime,
    most: u32,
) -> Answer<u64> {
    db.execute(DROP_COPIES, params![institution, before, most])
}

/// The requests of somebody.
pub(crate) fn of_person(
    db: &mut Read<'_>,
    secrets: &Secrets,
    institution: InstitutionId,
    identity: &Identity,
) -> Answer<Vec<Uuid>> {
    fn pair(both: Option<[BlindIndex; 2]>) -> [Option<BlindIndex>; 2] {
        both.map_or([None, None], |both| both.map(Some))
    }
    let email = identity.email.as_ref().map(|email| BlindIndex::both(secrets, institution, EMAIL, email));
    let phone = identity.phone.as_ref().map(|phone| BlindIndex::both(secrets, institution, PHONE, phone));
    let nik = identity.nik.as_ref().map(|nik| BlindIndex::both(secrets, institution, NIK, nik));
    let ([email, email_before], [phone, phone_before], [nik, nik_before]) = (pair(email), pair(phone), pair(nik));
    let values = params![institution, identity.account, email, email_before, phone, phone_before, nik, nik_before];
    let found: Vec<(Uuid,)> = db.all(OF_PERSON, values)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The sealed right values of a request, with their indexes.
#[derive(Debug)]
pub(crate) struct Right<'s> {
    pub(crate) told: &'s Told,
    pub(crate) indexes: &'s Indexes,
}

/// Puts right what is given; says whether anything was.
pub(crate) fn correct(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: RequestId,
    Right { told, indexes }: Right<'_>,
) -> Answer<bool> {
    let mut changed = 0;
    if let Some(name) = &told.name {
        changed += db.execute(CORRECT_NAME, params![institution, id, name])?;
    }
    if let Some(email) = &told.email {
        changed += db.execute(CORRECT_EMAIL, params![institution, id, email, indexes.email.as_ref()])?;
    }
    if let Some(phone) = &told.phone {
        changed += db.execute(CORRECT_PHONE, params![institution, id, phone, indexes.phone.as_ref()])?;
    }
    Ok(changed > 0)
}

pub(crate) fn restrict(db: &mut Write<'_>, institution: InstitutionId, id: RequestId) -> Answer<()> {
    db.execute(RESTRICT, params![institution, id, true]).map(drop)
}

/// Takes the person out of a closed request; false when it is still open.
pub(crate) fn erase(db: &mut Write<'_>, institution: InstitutionId, id: RequestId) -> Answer<bool> {
    db.execute(DROP_COPY, params![institution, id])?;
    Ok(db.execute(ERASE, params![institution, id])? == 1)
}

pub(crate) fn old(db: &mut Read<'_>, institution: InstitutionId, before: OffsetDateTime) -> Answer<u64> {
    Ok(count(db.one(OLD_REQUESTS, params![institution, before])?))
}

pub(crate) fn drop_old(
    db: &mut Write<'_>,
    institution: InstitutionId,
    before: OffsetDateTime,
    most: u32,
) -> Answer<u64> {
    let old: Vec<(Uuid,)> = db.all(SOME_OLD_REQUESTS, params![institution, before, most])?;
    for (id,) in &old {
        for sql in [DROP_STEPS, DROP_OUTCOMES, DROP_COPY, DROP_REQUEST] {
            db.execute(sql, params![institution, *id])?;
        }
    }
    Ok(old.len() as u64)
}

/// Requests of all cities whose deadline is near or over and of which nobody was reminded.
pub(crate) fn to_remind(
    db: &mut Read<'_>,
    due_before: OffsetDateTime,
    most: u32,
) -> Answer<Vec<(InstitutionId, RequestId)>> {
    db.all(TO_REMIND, params![due_before, most])
}

pub(crate) fn reminded(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: RequestId,
    at: OffsetDateTime,
) -> Answer<()> {
    db.execute(REMINDED, params![institution, id, at]).map(drop)
}
