//! Every statement of declarations.

use super::{Answer, unknown};
use crate::declaration::{Declaration, DeclarationId, DeclarationState};
use crate::standard::Proof;
use platform::database::{FromRow, Read, Row, Write};
use platform::identity::{InstitutionId, UnitId};
use platform::{params, statements};

/// The columns of a declaration, in the order of its `FromRow`.
macro_rules! declaration {
    ($rest:literal) => {
        concat!(
            "SELECT id, unit_id, number, state, text, signed_by, signed_on, published_at, version, created_at, changed_at
                FROM service_declaration ",
            $rest
        )
    };
}

statements! {
    DECLARATIONS = declaration!("WHERE institution_id = $1 AND unit_id = $2 ORDER BY number DESC");
    DECLARATION_IN_FORCE = declaration!("WHERE institution_id = $1 AND unit_id = $2 AND state = 'published'");
    ADD_DECLARATION = "INSERT INTO service_declaration (institution_id, id, unit_id, number, state, text, signed_by, version,
            created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)";
    SAVE_DECLARATION = "UPDATE service_declaration SET state = $3, text = $4, signed_by = $5, signed_on = $6, published_at = $7,
            version = $8, changed_at = $9
        WHERE institution_id = $1 AND id = $2 AND version = $8 - 1";
    DECLARATION_PROOFS = "SELECT id, medium, place, published_on, content_hash, account_id, created_at FROM service_proof
        WHERE institution_id = $1 AND declaration_id = $2 ORDER BY created_at, id";
    ADD_DECLARATION_PROOF = "INSERT INTO service_proof (institution_id, id, declaration_id, medium, place, published_on,
            content_hash, account_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

impl FromRow for Declaration {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, unit, number, state) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        Ok(Self {
            id,
            unit,
            number,
            state: DeclarationState::named(&state).ok_or_else(|| unknown("state of a declaration", &state))?,
            text: row.next()?,
            signed_by: row.next()?,
            signed_on: row.next()?,
            published_at: row.next()?,
            version: row.next()?,
            created_at: row.next()?,
            changed_at: row.next()?,
        })
    }
}

/// All declarations of a unit, the newest first.
pub(crate) fn declarations(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Answer<Vec<Declaration>> {
    db.all(DECLARATIONS, params![institution, unit])
}

/// The declaration of a unit that is in force.
///
/// # Errors
/// When the database cannot be read.
pub fn declaration_of(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Answer<Option<Declaration>> {
    db.one(DECLARATION_IN_FORCE, params![institution, unit])
}

/// The proofs that a declaration was published, the oldest first.
pub(crate) fn proofs(db: &mut Read<'_>, institution: InstitutionId, declaration: DeclarationId) -> Answer<Vec<Proof>> {
    db.all(DECLARATION_PROOFS, params![institution, declaration])
}

/// Adds a declaration as a draft.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, declaration: &Declaration) -> Answer<()> {
    let Declaration { id, unit, number, state, text, signed_by, created_at, .. } = declaration;
    let values = params![institution, *id, *unit, *number, state.name(), text, signed_by, *created_at];
    db.execute(ADD_DECLARATION, values).map(drop)
}

/// Saves a declaration whose version follows the one in the database; says whether it did.
pub(crate) fn save(db: &mut Write<'_>, institution: InstitutionId, declaration: &Declaration) -> Answer<bool> {
    let values = params![
        institution,
        declaration.id,
        declaration.state.name(),
        &declaration.text,
        &declaration.signed_by,
        declaration.signed_on,
        declaration.published_at,
        declaration.version,
        declaration.changed_at,
    ];
    Ok(db.execute(SAVE_DECLARATION, values)? == 1)
}

/// Keeps the proof that a declaration was published.
pub(crate) fn add_proof(
    db: &mut Write<'_>,
    institution: InstitutionId,
    declaration: DeclarationId,
    proof: &Proof,
) -> Answer<()> {
    let values = params![
        institution,
        proof.id,
        declaration,
        proof.medium.name(),
        &proof.place,
        proof.on,
        &proof.hash,
        proof.account,
        proof.at,
    ];
    db.execute(ADD_DECLARATION_PROOF, values).map(drop)
}
