//! The addresses of the pages, each with its holes.

use axum_extra::routing::TypedPath;
use serde::Deserialize;

/// Every service, to be searched.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan")]
pub struct ServicesPath;

/// The public page of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}")]
pub struct ServicePath {
    /// Its part of the address.
    pub slug: String,
}

/// Forms, minutes and decrees of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/berkas")]
pub(crate) struct ServiceFilesPath {
    pub(crate) slug: String,
}

/// The question whether a file is to be removed.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/berkas/hapus")]
pub(crate) struct RemoveFilePath {
    pub(crate) slug: String,
}

/// The form that notes where else a declaration was published.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/maklumat/{slug}/bukti")]
pub(crate) struct DeclarationProofPath {
    pub(crate) slug: String,
}

/// Whether people reach the units.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak")]
pub(crate) struct ContactsPath;

/// Whether people reach a unit.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak/{slug}")]
pub(crate) struct ContactPath {
    pub(crate) slug: String,
}

/// The button that tries everything a unit publishes.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak/{slug}/uji")]
pub(crate) struct TestContactPath {
    pub(crate) slug: String,
}

/// The button of whoever tried it.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/kontak/{slug}/konfirmasi")]
pub(crate) struct ConfirmContactPath {
    pub(crate) slug: String,
}

/// The sheet of a service to hang.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/poster.pdf")]
pub(crate) struct PosterPath {
    pub(crate) slug: String,
}

/// The sheet of a declaration to sign and hang.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/maklumat/{slug}/maklumat.pdf")]
pub(crate) struct DeclarationSheetPath {
    pub(crate) slug: String,
}

/// What people said of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/kepuasan")]
pub(crate) struct SatisfactionPath {
    pub(crate) slug: String,
}

/// On which days a service is open.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/jadwal")]
pub(crate) struct SchedulePath {
    pub(crate) slug: String,
}

/// The services as a table, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.csv")]
pub(crate) struct ServicesCsvPath;

/// The services as JSON, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.json")]
pub(crate) struct ServicesJsonPath;

/// The services as linked data of CPSV-AP, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.jsonld")]
pub(crate) struct LinkedDataPath;

/// The services as HSDS writes them, for anybody.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/layanan.hsds.json")]
pub(crate) struct HumanServicesPath;

/// The services as staff see them.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan")]
pub(crate) struct KeepPath;

/// The form of a new service.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/baru")]
pub(crate) struct NewServicePath;

/// The form of a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}")]
pub(crate) struct EditPath {
    pub(crate) slug: String,
}

/// The button that publishes a service.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/terbitkan")]
pub(crate) struct PublishPath {
    pub(crate) slug: String,
}

/// The question whether a service is to be withdrawn.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/tarik")]
pub(crate) struct WithdrawPath {
    pub(crate) slug: String,
}

/// Examples to begin from.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/contoh")]
pub(crate) struct ExamplesPath;

/// The declaration of a unit, for anybody.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/maklumat/{slug}")]
pub struct DeclarationPath {
    /// The unit's part of the address.
    pub slug: String,
}

/// The declaration of a unit, for staff.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/maklumat/{slug}")]
pub(crate) struct KeepDeclarationPath {
    pub(crate) slug: String,
}

/// The form that publishes a declaration.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/maklumat/{slug}/terbitkan")]
pub(crate) struct PublishDeclarationPath {
    pub(crate) slug: String,
}

/// Where a table of services is sent.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan")]
pub(crate) struct ImportPath;

/// What a table of services would do.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan/periksa")]
pub(crate) struct ImportReviewPath;

/// The rows of a table that cannot be taken.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan/keliru.csv")]
pub(crate) struct WrongRowsPath;

/// The template of a table of services.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/impor/layanan/contoh.xlsx")]
pub(crate) struct TemplatePath;

/// The standard of a service: how far it has come, and what is next.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar")]
pub(crate) struct StandardPath {
    pub(crate) slug: String,
}

/// The form of a draft.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/isi")]
pub(crate) struct StandardFormPath {
    pub(crate) slug: String,
}

/// One version, and what it changes of the one before.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/versi/{number}")]
pub(crate) struct StandardVersionPath {
    pub(crate) slug: String,
    pub(crate) number: i64,
}

/// The button that begins a version.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/mulai")]
pub(crate) struct BeginPath {
    pub(crate) slug: String,
}

/// The form that notes a discussion.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/bahas")]
pub(crate) struct DiscussPath {
    pub(crate) slug: String,
}

/// The form that notes a decree.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/tetapkan")]
pub(crate) struct DeterminePath {
    pub(crate) slug: String,
}

/// The button that gives a version back.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/kembalikan")]
pub(crate) struct ReopenPath {
    pub(crate) slug: String,
}

/// The button that publishes a version.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/terbitkan")]
pub(crate) struct PublishStandardPath {
    pub(crate) slug: String,
}

/// The form that notes a review.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/tinjau")]
pub(crate) struct ReviewPath {
    pub(crate) slug: String,
}

/// The form that notes a publication elsewhere.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/layanan/{slug}/standar/bukti")]
pub(crate) struct ProofPath {
    pub(crate) slug: String,
}

/// A published version, for anybody.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/standar/{number}")]
pub(crate) struct PublicVersionPath {
    pub(crate) slug: String,
    pub(crate) number: i64,
}

/// The bytes of a published version, of which the fingerprint is.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/layanan/{slug}/standar/{number}/isi.json")]
pub(crate) struct PublicBytesPath {
    pub(crate) slug: String,
    pub(crate) number: i64,
}
