//! Units as a table: what each row would enter or change, and the same units written out again.
//!
//! A row is one of the units there are when its code is, or else its name below the same parent. An empty cell leaves what is
//! there. Parents may stand later in the same file. So a table sent twice changes nothing the second time.

mod known;
mod plan;
#[cfg(test)]
mod tests;

use crate::actions::{Desk, new_unit};
use crate::import::{Column, Counts, Review, Table, csv_line};
use crate::store;
use crate::tree;
use crate::unit::{Unit, UnitFacts};
use plan::{Plan, Step};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{InstitutionId, UnitId};
use rules::phrase::Phrase;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// The most rows of a table of units.
pub const MOST_UNITS: usize = 5_000;

/// The columns of a table of units.
pub const UNIT_COLUMNS: [Column; 10] = [
    Column {
        field: "name",
        names: &["Nama unit", "nama", "unit", "nama opd", "perangkat daerah", "unit name"],
        required: true,
    },
    Column { field: "kind", names: &["Jenis", "jenis unit", "kind"], required: false },
    Column { field: "code", names: &["Kode", "kode unit", "kode opd", "code"], required: false },
    Column { field: "parent", names: &["Induk", "unit induk", "induk unit", "di bawah", "parent"], required: false },
    Column { field: "short_name", names: &["Nama singkat", "singkatan", "short name"], required: false },
    Column { field: "class", names: &["Kelas pelayanan", "jenis pelayanan", "class"], required: false },
    Column { field: "address", names: &["Alamat", "address"], required: false },
    Column { field: "phone", names: &["Telepon", "telp", "no telepon", "nomor telepon", "phone"], required: false },
    Column { field: "email", names: &["Surel", "email", "e-mail"], required: false },
    Column { field: "web", names: &["Situs web", "website", "web", "situs"], required: false },
];

/// Why a reviewed table was not stored. Nothing of it was.
#[derive(Debug)]
pub enum NotStored {
    /// The table lacks a column; the sentence is for [`crate::import::say`].
    Unreadable(Phrase),
    /// Units changed since the review: here is what the table would do now.
    Differs(Box<Review>),
    /// The database refused.
    Database(DatabaseError),
}

impl From<DatabaseError> for NotStored {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// What a table of units would do.
///
/// # Errors
/// When the database cannot be read. Inside: the sentence about the columns.
pub fn review_units(
    db: &mut Read<'_>,
    institution: InstitutionId,
    table: &Table,
    now: OffsetDateTime,
) -> Result<Result<Review, Phrase>, DatabaseError> {
    let units = store::units(db, institution)?;
    Ok(plan::plan(&units, table, now).map(|plan| plan.review))
}

/// Stores the rows of a table that can be taken, all or nothing, when they are still those of the review with this fingerprint.
///
/// # Errors
/// When the table would do something else by now.
pub fn store_units(db: &mut Write<'_>, desk: &Desk, table: &Table, fingerprint: &str) -> Result<Counts, NotStored> {
    let units = store::units(db, desk.institution)?;
    let Plan { review, steps } = plan::plan(&units, table, desk.now).map_err(NotStored::Unreadable)?;
    if review.fingerprint() != fingerprint {
        return Err(NotStored::Differs(Box::new(review)));
    }
    let mut taken: HashSet<String> = store::unit_slugs(db, desk.institution)?.into_iter().collect();
    for step in steps {
        store_step(db, desk, step, &mut taken)?;
    }
    let counts = review.counts();
    if counts.to_store() > 0 {
        let detail = json!({ "new": counts.new, "changed": counts.changed, "wrong": counts.wrong });
        desk.record(db, "organisation.units-imported", Subject::new("institution", desk.institution), detail)?;
    }
    Ok(counts)
}

fn store_step(db: &mut Write<'_>, desk: &Desk, step: Step, taken: &mut HashSet<String>) -> Result<(), DatabaseError> {
    let unit = match step {
        Step::Enter(id, facts) => {
            let unit = Unit { id, ..new_unit(desk, facts, |slug| taken.contains(slug)) };
            taken.insert(unit.slug.clone());
            store::add_unit(db, desk.institution, &unit)?;
            unit
        }
        Step::Change(unit, facts) => {
            let unit = Unit { facts, version: unit.version + 1, changed_at: desk.now, ..*unit };
            if !store::save_unit(db, desk.institution, &unit)? {
                return Err(DatabaseError::Busy(None));
            }
            unit
        }
    };
    store::add_version(db, desk.institution, &unit, desk.account(), "imported")
}

/// The units that serve, as CSV with the columns of the template: each below the one it belongs to.
///
/// # Errors
/// When the database cannot be read.
pub fn export_units(db: &mut Read<'_>, institution: InstitutionId) -> Result<String, DatabaseError> {
    let mut units = store::units(db, institution)?;
    units.retain(|unit| unit.state.is_active());
    let names: HashMap<UnitId, String> = units
        .iter()
        .map(|unit| (unit.id, unit.facts.code.clone().unwrap_or_else(|| unit.facts.name.clone())))
        .collect();
    let mut text = String::from('\u{feff}');
    text.push_str(&csv_line(UNIT_COLUMNS.iter().map(|column| column.names[0])));
    for (_, unit) in tree::in_order(&units) {
        let parent = unit.facts.parent.and_then(|parent| names.get(&parent)).map_or("", String::as_str);
        text.push_str(&csv_line(UNIT_COLUMNS.iter().map(|column| cell(&unit.facts, column.field, parent))));
    }
    Ok(text)
}

/// A field of a unit as a table writes it.
fn cell<'f>(facts: &'f UnitFacts, field: &str, parent: &'f str) -> &'f str {
    let contact = &facts.contact;
    match field {
        "name" => &facts.name,
        "kind" => facts.kind.name(),
        "code" => facts.code.as_deref().unwrap_or_default(),
        "parent" => parent,
        "short_name" => &facts.short_name,
        "class" => facts.class.map_or("", crate::unit::ServiceClass::name),
        "address" => &contact.address,
        "phone" => &contact.phone,
        "email" => &contact.email,
        "web" => &contact.web,
        _ => "",
    }
}
