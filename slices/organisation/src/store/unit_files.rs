//! The statements of documents and photographs of units.

use super::{Answer, unknown};
use crate::unit_files::{Category, UnitFile};
use platform::database::{FromRow, Read, Row, Write};
use platform::files::FileId;
use platform::identity::{InstitutionId, UnitId};
use platform::{params, statements};

statements! {
    ADD_UNIT_FILE = "INSERT INTO unit_file (institution_id, unit_id, file_id, category, title, public, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UNIT_FILES = "SELECT unit_id, file_id, category, title, public, added_at FROM unit_file
        WHERE institution_id = $1 AND unit_id = $2 ORDER BY category DESC, added_at, file_id";
    UNIT_FILE = "SELECT unit_id, file_id, category, title, public, added_at FROM unit_file
        WHERE institution_id = $1 AND file_id = $2";
    DROP_UNIT_FILE = "DELETE FROM unit_file WHERE institution_id = $1 AND unit_id = $2 AND file_id = $3";
}

impl FromRow for UnitFile {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (unit, file, category) = (row.next()?, row.next()?, row.next::<String>()?);
        let category = Category::named(&category).ok_or_else(|| unknown("category of a file", &category))?;
        Ok(Self { unit, file, category, title: row.next()?, public: row.next()?, added_at: row.next()? })
    }
}

/// Adds a file to a unit.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, file: &UnitFile) -> Answer<()> {
    let UnitFile { unit, file, category, title, public, added_at } = file;
    db.execute(ADD_UNIT_FILE, params![institution, *unit, *file, category.name(), title, *public, *added_at]).map(drop)
}

/// The files of a unit: photographs first.
pub(crate) fn of_unit(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Answer<Vec<UnitFile>> {
    db.all(UNIT_FILES, params![institution, unit])
}

/// What a file is to its unit.
pub(crate) fn one(db: &mut Read<'_>, institution: InstitutionId, file: FileId) -> Answer<Option<UnitFile>> {
    db.one(UNIT_FILE, params![institution, file])
}

/// Takes a file from a unit; `false` when it does not have it.
pub(crate) fn drop_one(db: &mut Write<'_>, institution: InstitutionId, unit: UnitId, file: FileId) -> Answer<bool> {
    Ok(db.execute(DROP_UNIT_FILE, params![institution, unit, file])? == 1)
}
