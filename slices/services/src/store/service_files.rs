//! The statements of files of services.

use super::{Answer, unknown};
use crate::service::ServiceId;
use crate::service_files::{FileRole, ServiceFile};
use platform::database::{FromRow, Read, Row, Write};
use platform::files::FileId;
use platform::identity::InstitutionId;
use platform::{params, statements};

statements! {
    ADD_SERVICE_FILE = "INSERT INTO service_file (institution_id, service_id, file_id, role, standard_id, title, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SERVICE_FILES = "SELECT service_id, file_id, role, standard_id, title, added_at FROM service_file
        WHERE institution_id = $1 AND service_id = $2 ORDER BY CASE role WHEN 'form' THEN 0 ELSE 1 END, added_at, file_id";
    SERVICE_FILE = "SELECT service_id, file_id, role, standard_id, title, added_at FROM service_file
        WHERE institution_id = $1 AND file_id = $2";
    DROP_SERVICE_FILE = "DELETE FROM service_file WHERE institution_id = $1 AND file_id = $2";
}

impl FromRow for ServiceFile {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (service, file, role) = (row.next()?, row.next()?, row.next::<String>()?);
        let role = FileRole::named(&role).ok_or_else(|| unknown("role of a file", &role))?;
        Ok(Self { service, file, role, standard: row.next()?, title: row.next()?, added_at: row.next()? })
    }
}

/// Adds a file to a service.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, own: &ServiceFile) -> Answer<()> {
    let ServiceFile { service, file, role, standard, title, added_at } = own;
    let values = params![institution, *service, *file, role.name(), *standard, title, *added_at];
    db.execute(ADD_SERVICE_FILE, values).map(drop)
}

/// The files of a service: forms first.
pub(crate) fn of_service(
    db: &mut Read<'_>,
    institution: InstitutionId,
    service: ServiceId,
) -> Answer<Vec<ServiceFile>> {
    db.all(SERVICE_FILES, params![institution, service])
}

/// What a file is to its service.
pub(crate) fn one(db: &mut Read<'_>, institution: InstitutionId, file: FileId) -> Answer<Option<ServiceFile>> {
    db.one(SERVICE_FILE, params![institution, file])
}

/// Takes a file from its service.
pub(crate) fn remove(db: &mut Write<'_>, institution: InstitutionId, file: FileId) -> Answer<()> {
    db.execute(DROP_SERVICE_FILE, params![institution, file]).map(drop)
}
