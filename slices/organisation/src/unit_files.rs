//! Documents and photographs of a unit: what staff keep, and what the public page shows of it.

use crate::actions::{Desk, Refused};
use crate::fault::{Checks, Fault};
use crate::permissions::{KEEP_FILES, READ_UNITS};
use crate::store::{self, unit_files};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::files::{self, FileId, Holder, HolderKind, Kind, Sender, StoredFile};
use platform::identity::{InstitutionId, Person, UnitId};
use serde_json::json;
use time::OffsetDateTime;

/// What a unit can hold.
pub static UNIT_HOLDER: HolderKind = HolderKind {
    name: "unit",
    kinds: &Kind::ALL,
    most_bytes: 1024 * 1024 * 1024,
    keeps_position: true,
    may_send: |person| person.may_somewhere(&KEEP_FILES),
    may_read,
};

/// Public ones anybody, the others whoever may read the unit.
fn may_read(db: &mut Read<'_>, file: &StoredFile, person: Option<&Person>) -> Result<bool, DatabaseError> {
    let Some(own) = unit_files::one(db, file.institution, file.id)? else { return Ok(false) };
    Ok(own.public || person.is_some_and(|person| person.may(&READ_UNITS, Some(own.unit))))
}

/// What a file is to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// A photograph.
    Photo,
    /// A document.
    Document,
}

impl Category {
    /// Both, in the order of screens.
    pub const ALL: [Self; 2] = [Self::Photo, Self::Document];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Document => "document",
        }
    }

    /// The category of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// A file of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFile {
    /// Whose it is.
    pub unit: UnitId,
    /// The file itself.
    pub file: FileId,
    /// What it is.
    pub category: Category,
    /// What it shows or holds.
    pub title: String,
    /// Whether the public page shows it.
    pub public: bool,
    /// When it was added.
    pub added_at: OffsetDateTime,
}

/// What was typed about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedFile {
    /// What it shows or holds.
    pub title: String,
    /// `photo` or `document`.
    pub category: String,
    /// Whether the public page shows it.
    pub public: bool,
}

/// A title has no more letters.
const LONGEST_TITLE: usize = 120;

impl TypedFile {
    fn check(&self, file: Option<&StoredFile>) -> Result<(Category, String), Vec<Fault>> {
        let mut checks = Checks::default();
        let title = checks.required("title", &self.title, LONGEST_TITLE, "fault.file-title");
        let category = Category::named(&self.category);
        checks.require(category.is_some(), "category", "fault.file-category");
        checks.require(file.is_some(), "berkas", "fault.file-none");
        let is_picture = file.is_none_or(|file| file.kind.is_picture());
        checks.require(category != Some(Category::Photo) || is_picture, "berkas", "fault.file-no-picture");
        checks.finish((category.unwrap_or(Category::Document), title))
    }
}

fn holder(unit: UnitId) -> Holder {
    Holder { kind: &UNIT_HOLDER, id: unit.uuid() }
}

/// Gives a unit a draft of whoever adds it.
///
/// # Errors
/// When title or category are missing, no file came, it is no photograph though it should be, or the unit is another city's.
pub fn add_unit_file(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    sender: &Sender,
    file: Option<&StoredFile>,
    typed: &TypedFile,
) -> Result<(), Refused> {
    let (category, title) = typed.check(file).map_err(Refused::Faults)?;
    let Some(file) = file else { return Err(Refused::NotFound) };
    store::unit(db, desk.institution, unit)?.ok_or(Refused::NotFound)?;
    if !files::attach(db, desk.institution, file.id, sender, &holder(unit), desk.now)? {
        return Err(Fault::new("berkas", "fault.file-gone").into());
    }
    let own = UnitFile { unit, file: file.id, category, title, public: typed.public, added_at: desk.now };
    unit_files::add(db, desk.institution, &own)?;
    let detail = json!({ "file": file.id, "category": category.name(), "public": own.public, "sent": file.sent_hash });
    desk.record(db, "organisation.file-added", Subject::new("unit", unit), detail)?;
    Ok(())
}

/// Takes a file from a unit: nobody can read it any more.
///
/// # Errors
/// When the unit does not have it.
pub fn remove_unit_file(db: &mut Write<'_>, desk: &Desk, unit: UnitId, file: FileId) -> Result<(), Refused> {
    if !unit_files::drop_one(db, desk.institution, unit, file)? {
        return Err(Refused::NotFound);
    }
    files::release(db, desk.institution, file, &holder(unit), desk.now)?;
    let subject = Subject::new("unit", unit);
    desk.record(db, "organisation.file-removed", subject, json!({ "file": file }))?;
    Ok(())
}

/// The files of a unit with what is stored of them, photographs first.
///
/// # Errors
/// When the database cannot be read.
pub fn unit_files(
    db: &mut Read<'_>,
    institution: InstitutionId,
    unit: UnitId,
) -> Result<Vec<(UnitFile, StoredFile)>, DatabaseError> {
    let stored = files::files_of(db, institution, &holder(unit))?;
    let own = unit_files::of_unit(db, institution, unit)?;
    let with = own.into_iter().filter_map(|own| {
        let file = stored.iter().find(|file| file.id == own.file).cloned();
        file.map(|file| (own, file))
    });
    Ok(with.collect())
}
