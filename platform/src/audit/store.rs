//! The statements of the audit log.

use super::Filter;
use super::chain::{Author, Head, Recorded};
use crate::database::{DatabaseError, FromRow, Read, Row, Uuid, Write};
use crate::identity::InstitutionId;
use crate::params;

crate::statements! {
    private;
    HEAD = "SELECT number, hash FROM audit_entry WHERE institution_id = $1 ORDER BY number DESC LIMIT 1";
    INSERT = "INSERT INTO audit_entry
        (institution_id, number, at, actor, act, subject_kind, subject_id, detail, previous, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    HEADS = "SELECT entry.institution_id, entry.number, entry.hash FROM audit_entry entry
        JOIN (SELECT institution_id, MAX(number) AS number FROM audit_entry GROUP BY institution_id) last
        ON last.institution_id = entry.institution_id AND last.number = entry.number
        ORDER BY entry.institution_id";
    CHAIN = "SELECT institution_id, number, at, actor, act, subject_kind, subject_id, detail, previous, hash
        FROM audit_entry WHERE institution_id = $1 ORDER BY number";
    // The column stands before `IS NULL` so that PostgreSQL knows the parameter's type.
    SEARCH = "SELECT institution_id, number, at, actor, act, subject_kind, subject_id, detail, previous, hash
        FROM audit_entry WHERE institution_id = $1
        AND (at >= $2 OR $2 IS NULL) AND (at < $3 OR $3 IS NULL) AND (act = $4 OR $4 IS NULL)
        AND (actor = $5 OR $5 IS NULL) AND (subject_kind = $6 OR $6 IS NULL) AND (subject_id = $7 OR $7 IS NULL)
        AND (number < $8 OR $8 IS NULL)
        ORDER BY number DESC LIMIT $9";
    ACTS = "SELECT DISTINCT act FROM audit_entry WHERE institution_id = $1 ORDER BY act";
}

fn key(institution: Option<InstitutionId>) -> Uuid {
    institution.map_or(Uuid::nil(), InstitutionId::uuid)
}

pub(super) fn head(db: &mut Read<'_>, institution: Option<InstitutionId>) -> Result<Option<Head>, DatabaseError> {
    let found: Option<(i64, Vec<u8>)> = db.one(HEAD, params![key(institution)])?;
    found.map(|(number, hash)| Ok(Head { number, hash: digest(hash)? })).transpose()
}

pub(super) fn insert(db: &mut Write<'_>, entry: &Recorded) -> Result<(), DatabaseError> {
    let values = params![
        key(entry.institution),
        entry.number,
        entry.at,
        &entry.actor,
        &entry.act,
        &entry.subject_kind,
        &entry.subject_id,
        &entry.detail,
        entry.previous.as_slice(),
        entry.hash.as_slice(),
    ];
    db.execute(INSERT, values).map(drop)
}

pub(super) fn heads(db: &mut Read<'_>) -> Result<Vec<(Option<InstitutionId>, Head)>, DatabaseError> {
    let rows: Vec<(Uuid, i64, Vec<u8>)> = db.all(HEADS, &[])?;
    rows.into_iter()
        .map(|(institution, number, hash)| Ok((named(institution), Head { number, hash: digest(hash)? })))
        .collect()
}

pub(super) fn each<E: From<DatabaseError>>(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    mut take: impl FnMut(Recorded) -> Result<(), E>,
) -> Result<(), E> {
    db.each(CHAIN, params![key(institution)], |row| take(Recorded::from_row(row)?))
}

pub(super) fn search(
    db: &mut Read<'_>,
    institution: Option<InstitutionId>,
    filter: &Filter,
    most: u32,
) -> Result<Vec<Recorded>, DatabaseError> {
    let values = params![
        key(institution),
        filter.from,
        filter.until,
        filter.act.as_deref(),
        filter.person.map(|account| Author::Person(account).to_string()),
        filter.subject_kind.as_deref(),
        filter.subject_id.as_deref(),
        filter.before,
        most,
    ];
    db.all(SEARCH, values)
}

pub(super) fn acts(db: &mut Read<'_>, institution: Option<InstitutionId>) -> Result<Vec<String>, DatabaseError> {
    let rows: Vec<(String,)> = db.all(ACTS, params![key(institution)])?;
    Ok(rows.into_iter().map(|(act,)| act).collect())
}

fn named(institution: Uuid) -> Option<InstitutionId> {
    (!institution.is_nil()).then(|| institution.into())
}

/// A hash whose length was changed is no hash any more: it is read as one that fits nothing.
fn digest(bytes: Vec<u8>) -> Result<[u8; 32], DatabaseError> {
    bytes.try_into().map_err(|_| DatabaseError::Other("a hash of the audit log is not 32 bytes long".into()))
}

impl FromRow for Recorded {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        Ok(Self {
            institution: named(row.next()?),
            number: row.next()?,
            at: row.next()?,
            actor: row.next()?,
            act: row.next()?,
            subject_kind: row.next()?,
            subject_id: row.next()?,
            detail: row.next()?,
            previous: digest(row.next()?)?,
            hash: digest(row.next()?)?,
        })
    }
}
