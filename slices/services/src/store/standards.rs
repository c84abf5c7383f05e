//! Every statement of standards and of proofs that they were published.

use super::{Answer, from_json, unknown};
use crate::service::ServiceId;
use crate::standard::{Decree, Discussion, Medium, Proof, Review, Standard, StandardId, StandardState};
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};
use time::Date;

/// The columns of a standard, in the order of its `FromRow`.
macro_rules! standard {
    ($rest:literal) => {
        concat!(
            "SELECT id, service_id, number, state, content, discussed_on, discussed_with, minutes_url, decree_number, decree_on,
                decree_url, effective_on, published_at, content_hash, reviewed_on, review, replaced_at, version, created_at,
                changed_at FROM service_standard ",
            $rest
        )
    };
}

statements! {
    STANDARD = standard!("WHERE institution_id = $1 AND id = $2");
    STANDARDS = standard!("WHERE institution_id = $1 AND service_id = $2 ORDER BY number DESC");
    STANDARD_IN_FORCE = standard!("WHERE institution_id = $1 AND service_id = $2 AND state = 'published'");
    STANDARD_NUMBERED = standard!("WHERE institution_id = $1 AND service_id = $2 AND number = $3");
    STANDARDS_TO_REVIEW = standard!(
        "WHERE institution_id = $1 AND state = 'published' AND review = $2 AND reviewed_on <= $3 ORDER BY reviewed_on, id LIMIT $4"
    );
    STANDARD_STATES = "SELECT service_id, state, review, content FROM service_standard
        WHERE institution_id = $1 AND service_id = $2 AND state <> 'replaced'";
    SERVICES_IN_FORCE = "SELECT service_id FROM service_standard WHERE institution_id = $1 AND state = 'published'";
    ADD_STANDARD = "INSERT INTO service_standard (institution_id, id, service_id, number, state, content, discussed_with,
            minutes_url, decree_number, decree_url, review, version, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, '', '', '', '', 'current', 1, $7, $7)";
    SAVE_STANDARD = "UPDATE service_standard SET state = $3, content = $4, discussed_on = $5, discussed_with = $6, minutes_url = $7,
            decree_number = $8, decree_on = $9, decree_url = $10, effective_on = $11, published_at = $12, content_hash = $13,
            reviewed_on = $14, review = $15, replaced_at = $16, version = $17, changed_at = $18
        WHERE institution_id = $1 AND id = $2 AND version = $17 - 1";
    ADD_PROOF = "INSERT INTO service_proof (institution_id, id, standard_id, declaration_id, medium, place, published_on,
            content_hash, account_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    PROOFS = "SELECT id, medium, place, published_on, content_hash, account_id, created_at FROM service_proof
        WHERE institution_id = $1 AND standard_id = $2 ORDER BY created_at, id";
}

impl FromRow for Standard {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, service, number, state) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        let content = from_json(&row.next::<String>()?)?;
        let (discussed, with, minutes) = (row.next::<Option<Date>>()?, row.next()?, row.next()?);
        let discussion = discussed.map(|on| Discussion { on, with, minutes });
        let (decree_number, on, url) = (row.next()?, row.next::<Option<Date>>()?, row.next()?);
        let effective = row.next::<Option<Date>>()?;
        let decree =
            on.zip(effective).map(|(on, effective_on)| Decree { number: decree_number, on, url, effective_on });
        let (published_at, hash, reviewed_on) = (row.next()?, row.next()?, row.next()?);
        let review = row.next::<String>()?;
        Ok(Self {
            id,
            service,
            number,
            state: StandardState::named(&state).ok_or_else(|| unknown("state of a standard", &state))?,
            content,
            discussion,
            decree,
            published_at,
            hash,
            reviewed_on,
            review: Review::named(&review).ok_or_else(|| unknown("review of a standard", &review))?,
            replaced_at: row.next()?,
            version: row.next()?,
            created_at: row.next()?,
            changed_at: row.next()?,
        })
    }
}

impl FromRow for Proof {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, medium) = (row.next()?, row.next::<String>()?);
        let medium = Medium::named(&medium).ok_or_else(|| unknown("medium", &medium))?;
        let (place, on, hash) = (row.next()?, row.next()?, row.next()?);
        Ok(Self { id, medium, place, on, hash, account: row.next()?, at: row.next()? })
    }
}

/// The version of an identifier.
pub(crate) fn standard(db: &mut Read<'_>, institution: InstitutionId, id: StandardId) -> Answer<Option<Standard>> {
    db.one(STANDARD, params![institution, id])
}

/// All versions of a service's standard, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn standards(db: &mut Read<'_>, institution: InstitutionId, service: ServiceId) -> Answer<Vec<Standard>> {
    db.all(STANDARDS, params![institution, service])
}

/// The standard of a service that is in force.
///
/// # Errors
/// When the database cannot be read.
pub fn in_force(db: &mut Read<'_>, institution: InstitutionId, service: ServiceId) -> Answer<Option<Standard>> {
    db.one(STANDARD_IN_FORCE, params![institution, service])
}

/// The version of a number.
pub(crate) fn numbered(
    db: &mut Read<'_>,
    institution: InstitutionId,
    service: ServiceId,
    number: i64,
) -> Answer<Option<Standard>> {
    db.one(STANDARD_NUMBERED, params![institution, service, number])
}

/// The services whose standard is in force.
pub(crate) fn services_in_force(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<ServiceId>> {
    let found = db.all::<(ServiceId,)>(SERVICES_IN_FORCE, params![institution])?;
    Ok(found.into_iter().map(|(service,)| service).collect())
}

/// Standards in force whose review stands so and that were last found right on a day or before, the oldest first.
pub(crate) fn to_review(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (review, until): (Review, Date),
    most: u32,
) -> Answer<Vec<Standard>> {
    db.all(STANDARDS_TO_REVIEW, params![institution, review.name(), until, most])
}

/// How the standard of a service stands: of the one in force, and of the one in the making.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How its review stands.
    pub(crate) in_force: Option<Review>,
    /// How far it has come, and how many components it lacks.
    pub(crate) in_making: Option<(StandardState, usize)>,
}

/// How the standard of a service stands.
pub(crate) fn standing(db: &mut Read<'_>, institution: InstitutionId, service: ServiceId) -> Answer<Standing> {
    let rows = db.all::<(ServiceId, String, String, String)>(STANDARD_STATES, params![institution, service])?;
    let mut standing = Standing::default();
    for (_, state, review, content) in rows {
        let state = StandardState::named(&state).ok_or_else(|| unknown("state of a standard", &state))?;
        if state == StandardState::Published {
            standing.in_force = Review::named(&review);
        } else {
            let content: crate::standard::Content = from_json(&content)?;
            standing.in_making = Some((state, content.missing().len()));
        }
    }
    Ok(standing)
}

/// Adds a version as a draft.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, standard: &Standard) -> Answer<()> {
    let Standard { id, service, number, state, content, created_at, .. } = standard;
    let values = params![institution, *id, *service, *number, state.name(), content.bytes(), *created_at];
    db.execute(ADD_STANDARD, values).map(drop)
}

/// Saves a version that follows the one in the database; says whether it did.
pub(crate) fn save(db: &mut Write<'_>, institution: InstitutionId, standard: &Standard) -> Answer<bool> {
    let (discussion, decree) = (standard.discussion.clone(), standard.decree.clone());
    let values = params![
        institution,
        standard.id,
        standard.state.name(),
        standard.content.bytes(),
        discussion.as_ref().map(|discussion| discussion.on),
        discussion.as_ref().map(|discussion| discussion.with.clone()).unwrap_or_default(),
        discussion.map(|discussion| discussion.minutes).unwrap_or_default(),
        decree.as_ref().map(|decree| decree.number.clone()).unwrap_or_default(),
        decree.as_ref().map(|decree| decree.on),
        decree.as_ref().map(|decree| decree.url.clone()).unwrap_or_default(),
        decree.map(|decree| decree.effective_on),
        standard.published_at,
        standard.hash.clone(),
        standard.reviewed_on,
        standard.review.name(),
        standard.replaced_at,
        standard.version,
        standard.changed_at,
    ];
    Ok(db.execute(SAVE_STANDARD, values)? == 1)
}

/// Keeps the proof that a standard was published.
pub(crate) fn add_proof(
    db: &mut Write<'_>,
    institution: InstitutionId,
    standard: StandardId,
    proof: &Proof,
) -> Answer<()> {
    let values = params![
        institution,
        proof.id,
        standard,
        None::<StandardId>,
        proof.medium.name(),
        &proof.place,
        proof.on,
        &proof.hash,
        proof.account,
        proof.at,
    ];
    db.execute(ADD_PROOF, values).map(drop)
}

/// The proofs that a standard was published, the oldest first.
pub(crate) fn proofs(
    db: &mut Read<'_>,
    institution: InstitutionId,
    standard: StandardId,
) -> Result<Vec<Proof>, DatabaseError> {
    db.all(PROOFS, params![institution, standard])
}
