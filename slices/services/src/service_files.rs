//! Files of a service: blank forms, and of its standard the minutes of the discussion and the decree. An address elsewhere will do as
//! well; a file cannot vanish from somebody else's site.

use crate::actions::Refused;
use crate::permissions::{EDIT_SERVICES, READ_SERVICES};
use crate::service::{Service, ServiceId, ServiceState};
use crate::standard::{Standard, StandardId, StandardState};
use crate::store::{self, service_files as kept, standards};
use organisation::{Checks, Desk, Fault};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::files::{self, FileId, Holder, HolderKind, Kind, Sender, StoredFile};
use platform::identity::{InstitutionId, Person};
use serde_json::json;
use time::OffsetDateTime;

/// What a service can hold.
pub static SERVICE_HOLDER: HolderKind = HolderKind {
    name: "service",
    kinds: &Kind::ALL,
    most_bytes: 64 * 1024 * 1024,
    keeps_position: false,
    may_send: |person| person.may_somewhere(&EDIT_SERVICES),
    may_read,
};

/// What everybody finds anybody, the rest whoever may read the services of the unit.
fn may_read(db: &mut Read<'_>, file: &StoredFile, person: Option<&Person>) -> Result<bool, DatabaseError> {
    let Some(own) = kept::one(db, file.institution, file.id)? else { return Ok(false) };
    let Some(service) = store::service(db, file.institution, own.service)? else { return Ok(false) };
    let standard = match own.standard {
        Some(id) => standards::standard(db, file.institution, id)?,
        None => None,
    };
    Ok(own.is_public(&service, standard.as_ref())
        || person.is_some_and(|person| person.may(&READ_SERVICES, Some(service.unit))))
}

/// What a file is to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRole {
    /// A form to fill in.
    Form,
    /// "Berita acara" of the discussion with the public.
    Minutes,
    /// "Surat keputusan".
    Decree,
}

impl FileRole {
    /// All, in the order of screens.
    pub const ALL: [Self; 3] = [Self::Form, Self::Minutes, Self::Decree];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Minutes => "minutes",
            Self::Decree => "decree",
        }
    }

    /// The role of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A file of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFile {
    /// Whose it is.
    pub service: ServiceId,
    /// The file itself.
    pub file: FileId,
    /// What it is.
    pub role: FileRole,
    /// The version of the standard that minutes and decrees belong to.
    pub standard: Option<StandardId>,
    /// What it holds.
    pub title: String,
    /// When it was added.
    pub added_at: OffsetDateTime,
}

impl ServiceFile {
    /// Whether everybody may read it: forms of a service people find, and what belongs to a standard that was published.
    #[must_use]
    pub fn is_public(&self, service: &Service, standard: Option<&Standard>) -> bool {
        let published = match self.role {
            FileRole::Form => true,
            FileRole::Minutes | FileRole::Decree => standard.is_some_and(|standard| standard.published_at.is_some()),
        };
        published && service.state != ServiceState::Draft
    }
}

/// What was typed about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedFile {
    /// What it holds.
    pub title: String,
    /// `form`, `minutes` or `decree`.
    pub role: String,
}

/// A title has no more letters.
const LONGEST_TITLE: usize = 120;

fn holder(service: ServiceId) -> Holder {
    Holder { kind: &SERVICE_HOLDER, id: service.uuid() }
}

/// Gives a service a draft of whoever adds it. Minutes and decrees go to the version in the making, or else to the one in force.
///
/// # Errors
/// When title or role are missing, no file came, or there is no standard for minutes or a decree.
pub fn add_service_file(
    db: &mut Write<'_>,
    desk: &Desk,
    service: ServiceId,
    (sender, file): (&Sender, Option<&StoredFile>),
    typed: &TypedFile,
) -> Result<(), Refused> {
    let mut checks = Checks::default();
    let title = checks.required("title", &typed.title, LONGEST_TITLE, "fault.file-title");
    let role = FileRole::named(&typed.role);
    checks.require(role.is_some(), "role", "fault.file-role");
    checks.require(file.is_some(), "berkas", "fault.file-none");
    checks.finish(()).map_err(Refused::Faults)?;
    let (Some(role), Some(file)) = (role, file) else { return Err(Refused::NotFound) };
    store::service(db, desk.institution, service)?.ok_or(Refused::NotFound)?;
    let standard = match role {
        FileRole::Form => None,
        FileRole::Minutes | FileRole::Decree => {
            let all = standards::standards(db, desk.institution, service)?;
            let making = all.iter().find(|standard| standard.state.is_in_making());
            let of = making.or_else(|| all.iter().find(|standard| standard.state == StandardState::Published));
            Some(of.ok_or_else(|| Fault::new("role", "fault.file-no-standard"))?.id)
        }
    };
    if !files::attach(db, desk.institution, file.id, sender, &holder(service), desk.now)? {
        return Err(Fault::new("berkas", "fault.file-gone").into());
    }
    let own = ServiceFile { service, file: file.id, role, standard, title, added_at: desk.now };
    kept::add(db, desk.institution, &own)?;
    let detail = json!({ "file": file.id, "role": role.name(), "standard": standard, "sent": file.sent_hash });
    desk.record(db, "services.file-added", Subject::new("service", service), detail)?;
    Ok(())
}

/// Takes a file from a service: nobody can read it any more.
///
/// # Errors
/// When the service does not have it, or it belongs to a standard that was published: that is evidence.
pub fn remove_service_file(db: &mut Write<'_>, desk: &Desk, service: ServiceId, file: FileId) -> Result<(), Refused> {
    let own = kept::one(db, desk.institution, file)?.filter(|own| own.service == service).ok_or(Refused::NotFound)?;
    if let Some(standard) = own.standard {
        let standard = standards::standard(db, desk.institution, standard)?.ok_or(Refused::NotFound)?;
        if standard.published_at.is_some() {
            return Err(Fault::new("", "fault.file-evidence").into());
        }
    }
    release(db, desk, &own)
}

fn release(db: &mut Write<'_>, desk: &Desk, own: &ServiceFile) -> Result<(), Refused> {
    kept::remove(db, desk.institution, own.file)?;
    files::release(db, desk.institution, own.file, &holder(own.service), desk.now)?;
    let subject = Subject::new("service", own.service);
    desk.record(db, "services.file-removed", subject, json!({ "file": own.file, "role": own.role.name() }))?;
    Ok(())
}

/// Lets go the files of a version that goes back to those who write it: discussion and decree are noted again later.
pub(crate) fn release_of(db: &mut Write<'_>, desk: &Desk, standard: &Standard) -> Result<(), Refused> {
    for own in kept::of_service(db, desk.institution, standard.service)? {
        if own.standard == Some(standard.id) {
            release(db, desk, &own)?;
        }
    }
    Ok(())
}

/// The files of a service with what is stored of them: forms first, then in the order they came.
///
/// # Errors
/// When the database cannot be read.
pub fn service_files(
    db: &mut Read<'_>,
    institution: InstitutionId,
    service: ServiceId,
) -> Result<Vec<(ServiceFile, StoredFile)>, DatabaseError> {
    let own = kept::of_service(db, institution, service)?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let stored = files::files_of(db, institution, &holder(service))?;
    let with = own.into_iter().filter_map(|own| {
        let file = stored.iter().find(|file| file.id == own.file).cloned();
        file.map(|file| (own, file))
    });
    Ok(with.collect())
}
