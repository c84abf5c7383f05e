//! The sealed columns of this slice, for sealing everything anew.

use crate::holdings::{EMAIL, NIK, PHONE};
use platform::identity::InstitutionId;
use platform::personal::{BlindIndex, EmailAddress, Nik, Phone, Place};
use platform::secret::Secrets;
use platform::secret::rotation::{Indexed, Resealed};

macro_rules! next {
    ($table:literal, $column:literal) => {
        concat!(
            "SELECT institution_id, id, ",
            $column,
            " FROM ",
            $table,
            " WHERE ",
            $column,
            " IS NOT NULL AND (id > $1 OR $1 IS NULL) ORDER BY id LIMIT $2"
        )
    };
    ($table:literal, $column:literal, indexed) => {
        concat!(
            "SELECT institution_id, id, ",
            $column,
            ", ",
            $column,
            "_index FROM ",
            $table,
            " WHERE ",
            $column,
            " IS NOT NULL AND (id > $1 OR $1 IS NULL) ORDER BY id LIMIT $2"
        )
    };
}
macro_rules! save {
    ($table:literal, $column:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $column,
            " = $4 WHERE institution_id = $1 AND id = $2 AND ",
            $column,
            " = $3"
        )
    };
    ($table:literal, $column:literal, indexed) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $column,
            " = $4, ",
            $column,
            "_index = $5 WHERE institution_id = $1 AND id = $2 AND ",
            $column,
            " = $3"
        )
    };
}
macro_rules! held {
    ($table:literal, $column:literal) => {
        concat!("SELECT COUNT(*) FROM ", $table, " WHERE SUBSTR(", $column, ", 1, CAST($2 AS INTEGER)) = $1")
    };
}

platform::statements! {
    NEXT_NAME = next!("data_request", "name");
    SAVE_NAME = save!("data_request", "name");
    HELD_NAME = held!("data_request", "name");
    NEXT_EMAIL = next!("data_request", "email", indexed);
    SAVE_EMAIL = save!("data_request", "email", indexed);
    HELD_EMAIL = held!("data_request", "email");
    INDEXED_EMAIL = held!("data_request", "email_index");
    NEXT_PHONE = next!("data_request", "phone", indexed);
    SAVE_PHONE = save!("data_request", "phone", indexed);
    HELD_PHONE = held!("data_request", "phone");
    INDEXED_PHONE = held!("data_request", "phone_index");
    NEXT_NIK = next!("data_request", "nik", indexed);
    SAVE_NIK = save!("data_request", "nik", indexed);
    HELD_NIK = held!("data_request", "nik");
    INDEXED_NIK = held!("data_request", "nik_index");
    NEXT_ABOUT = next!("data_request", "about");
    SAVE_ABOUT = save!("data_request", "about");
    HELD_ABOUT = held!("data_request", "about");
    NEXT_ANSWER = next!("data_request", "answer");
    SAVE_ANSWER = save!("data_request", "answer");
    HELD_ANSWER = held!("data_request", "answer");
    NEXT_COPY = next!("data_export", "content");
    SAVE_COPY = save!("data_export", "content");
    HELD_COPY = held!("data_export", "content");
    NEXT_WHAT = next!("breach", "what");
    SAVE_WHAT = save!("breach", "what");
    HELD_WHAT = held!("breach", "what");
    NEXT_HOW = next!("breach", "how");
    SAVE_HOW = save!("breach", "how");
    HELD_HOW = held!("breach", "how");
    NEXT_HANDLING = next!("breach", "handling");
    SAVE_HANDLING = save!("breach", "handling");
    HELD_HANDLING = held!("breach", "handling");
}

macro_rules! column {
    ($name:literal, $next:ident, $save:ident, $held:ident, $indexed:expr) => {
        Resealed {
            name: $name,
            next: $next,
            save: $save,
            held: $held,
            context: |institution, row| Place::new(institution, $name, row).context(),
            indexed: $indexed,
        }
    };
}

fn email(secrets: &Secrets, institution: InstitutionId, plain: &[u8]) -> Option<Vec<u8>> {
    BlindIndex::of_bytes::<EmailAddress>(secrets, institution, EMAIL, plain)
}

fn phone(secrets: &Secrets, institution: InstitutionId, plain: &[u8]) -> Option<Vec<u8>> {
    BlindIndex::of_bytes::<Phone>(secrets, institution, PHONE, plain)
}

fn nik(secrets: &Secrets, institution: InstitutionId, plain: &[u8]) -> Option<Vec<u8>> {
    BlindIndex::of_bytes::<Nik>(secrets, institution, NIK, plain)
}

/// The sealed columns of this slice.
pub const RESEALED: &[Resealed] = &[
    column!("data_request.name", NEXT_NAME, SAVE_NAME, HELD_NAME, None),
    column!("data_request.email", NEXT_EMAIL, SAVE_EMAIL, HELD_EMAIL, Some(Indexed { held: INDEXED_EMAIL, of: email })),
    column!("data_request.phone", NEXT_PHONE, SAVE_PHONE, HELD_PHONE, Some(Indexed { held: INDEXED_PHONE, of: phone })),
    column!("data_request.nik", NEXT_NIK, SAVE_NIK, HELD_NIK, Some(Indexed { held: INDEXED_NIK, of: nik })),
    column!("data_request.about", NEXT_ABOUT, SAVE_ABOUT, HELD_ABOUT, None),
    column!("data_request.answer", NEXT_ANSWER, SAVE_ANSWER, HELD_ANSWER, None),
    column!("data_export.content", NEXT_COPY, SAVE_COPY, HELD_COPY, None),
    column!("breach.what", NEXT_WHAT, SAVE_WHAT, HELD_WHAT, None),
    column!("breach.how", NEXT_HOW, SAVE_HOW, HELD_HOW, None),
    column!("breach.handling", NEXT_HANDLING, SAVE_HANDLING, HELD_HANDLING, None),
];
