//! The way back: from a backup to a database that stands alone, proved before it gets its name.

use super::manifest::{self, Manifest};
use super::place::{Place, sync_folder};
use super::run::{DATABASE, FILES, SETTINGS, SettingsPart};
use super::seal::{Identity, Measured, open};
use super::{BackupError, Facts, Origin, blobs, make_folder, postgres, sqlite};
use crate::audit::{self, Verdict};
use crate::database::{Database, Engine, Options};
use crate::identity::InstitutionId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is being restored has this ending until it is proved.
const DRAFT: &str = "pulih";

/// Where a backup is brought back. Nothing may stand there.
#[derive(Debug, Clone)]
pub struct Target {
    /// The database: a file that does not exist, or a database of a server without tables.
    pub origin: Origin,
    /// The folder for uploaded files.
    pub files: PathBuf,
    /// The file for the installation's key; further keys go beside it under their own names.
    pub key: PathBuf,
    /// The file for the settings that were in force, to be compared by a person: nothing reads it.
    pub settings: PathBuf,
}

/// What was brought back, or proved.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Uploaded files: how many, and how long.
    pub files: (u64, u64),
    /// Each chain of the audit log, followed to the head that the manifest names. Empty when the database was not opened.
    pub chains: Vec<(Option<InstitutionId>, Verdict)>,
    /// How long it took to read, decrypt and write the database until it was on the disk.
    pub writing: Duration,
    /// How long it took to check it.
    pub checking: Duration,
}

impl Restored {
    /// Whether every chain of the audit log is whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.chains.iter().all(|(_, verdict)| verdict.is_whole())
    }
}

/// Brings a backup back: database, files, key, settings. It waits on this thread.
///
/// # Errors
/// When something stands there already, the key does not fit, a part is not what was written, or the database is not what the
/// manifest says. Nothing then stands under the names of the target.
pub fn restore(place: &dyn Place, id: &str, identity: &Identity, target: &Target) -> Result<Restored, BackupError> {
    refuse_occupied(target)?;
    let manifest = manifest::manifest(place, id)?;
    if manifest.engine != manifest::engine_name(target.origin.engine()) {
        return Err(BackupError::OtherEngine);
    }
    let drafts = Drafts::beside(target);
    let database = drafts.database.clone();
    let (writing, checking, chains) = match &target.origin {
        Origin::Sqlite(_) => file_of_sqlite(place, &manifest, identity, &database)?,
        Origin::Postgres(url) => {
            let began = Instant::now();
            unseal(place, &manifest, DATABASE, identity, &database)?;
            postgres::restore(&database, url)?;
            (began.elapsed(), Duration::ZERO, Vec::new())
        }
    };
    let (checking, chains) = match &target.origin {
        Origin::Sqlite(_) => (checking, chains),
        Origin::Postgres(url) => prove(&manifest, url, || postgres::examine(url))?,
    };
    let files = uploaded(place, &manifest, identity, Some(&drafts.files))?;
    let settings = settings(place, &manifest, identity)?;
    place_all(target, &drafts, &settings, files.0 > 0)?;
    Ok(Restored { manifest, files, chains, writing, checking })
}

/// Proves that a backup can be brought back, in a folder that is empty afterwards. A backup of PostgreSQL is brought back into the
/// database at `scratch`, which has no tables; without one its dump is only read to the end, and no chain is followed.
///
/// # Errors
/// Whatever would hinder [`restore`].
pub fn verify(
    place: &dyn Place,
    id: &str,
    identity: &Identity,
    folder: &Path,
    scratch: Option<&str>,
) -> Result<Restored, BackupError> {
    let manifest = manifest::manifest(place, id)?;
    for part in &manifest.parts {
        compare(place, id, part)?;
    }
    make_folder(folder).map_err(|error| BackupError::of(folder.display(), error))?;
    let file = folder.join(format!("{id}.{DRAFT}"));
    let guard = Removed(vec![file.clone()]);
    let (writing, checking, chains) = if manifest.engine == manifest::engine_name(Engine::Sqlite) {
        file_of_sqlite(place, &manifest, identity, &file)?
    } else {
        let began = Instant::now();
        unseal(place, &manifest, DATABASE, identity, &file)?;
        postgres::check(&file)?;
        match scratch {
            None => (began.elapsed(), Duration::ZERO, Vec::new()),
            Some(url) if postgres::is_empty(url)? => {
                postgres::restore(&file, url)?;
                let writing = began.elapsed();
                let (checking, chains) = prove(&manifest, url, || postgres::examine(url))?;
                (writing, checking, chains)
            }
            Some(_) => return Err(BackupError::Occupied { what: "postgres://…".into() }),
        }
    };
    drop(guard);
    let files = uploaded(place, &manifest, identity, None)?;
    settings(place, &manifest, identity)?;
    Ok(Restored { manifest, files, chains, writing, checking })
}

/// Holds a part, as it lies there, against what the manifest says of it.
fn compare(place: &dyn Place, id: &str, part: &manifest::Part) -> Result<(), BackupError> {
    let name = format!("{id}/{}", part.name);
    let fail = |error| BackupError::of(place.label(), error);
    let mut sealed = Measured::new(place.open(&name).map_err(fail)?);
    io::copy(&mut sealed, &mut io::sink()).map_err(fail)?;
    let (_, bytes, sha256) = sealed.end();
    if bytes == part.bytes && sha256 == part.sha256 { Ok(()) } else { Err(BackupError::damaged(name)) }
}

/// Each chain of the audit log with what was found.
type Chains = Vec<(Option<InstitutionId>, Verdict)>;
/// How long writing and checking took, and what was found.
type Proved = (Duration, Duration, Chains);

/// Writes a file of SQLite and proves it.
fn file_of_sqlite(
    place: &dyn Place,
    manifest: &Manifest,
    identity: &Identity,
    file: &Path,
) -> Result<Proved, BackupError> {
    let began = Instant::now();
    unseal(place, manifest, DATABASE, identity, file)?;
    let writing = began.elapsed();
    let (checking, chains) = prove(manifest, &file.display().to_string(), || sqlite::examine(file, true))?;
    Ok((writing, checking, chains))
}

/// Holds a database against the manifest: migration, rows of each table, every chain of the audit log to its head.
fn prove(
    manifest: &Manifest,
    url: &str,
    examine: impl FnOnce() -> Result<Facts, BackupError>,
) -> Result<(Duration, Chains), BackupError> {
    let began = Instant::now();
    let facts = examine()?;
    if facts.migration != manifest.migration {
        return Err(BackupError::damaged("migration"));
    }
    let tables = facts.rows.keys().chain(manifest.rows.keys());
    if let Some(table) = tables.into_iter().find(|table| facts.rows.get(*table) != manifest.rows.get(*table)) {
        return Err(BackupError::damaged(table));
    }
    let mut heads = Vec::new();
    for chain in &manifest.audit {
        let institution = chain.institution.as_deref().map(str::parse).transpose();
        heads.push((institution.map_err(|_| BackupError::damaged("audit"))?, chain.read()?));
    }
    let database = Database::open(url, &Options { readers: 1, writers: 1, ..Options::default() })?;
    let chains = database.read_now(move |db| {
        let verify = |(institution, head)| Ok((institution, audit::verify(db, institution, Some(head))?));
        heads.into_iter().map(verify).collect::<Result<Vec<_>, BackupError>>()
    });
    database.close();
    Ok((began.elapsed(), chains?))
}

/// Opens a part of a backup into a file, which is on the disk when this returns.
fn unseal(
    place: &dyn Place,
    manifest: &Manifest,
    name: &str,
    identity: &Identity,
    to: &Path,
) -> Result<(), BackupError> {
    let part = manifest.part(name)?;
    let mut plain = opened(place, manifest, name, identity)?;
    let fail = |error| BackupError::of(to.display(), error);
    let mut file = private().create(true).truncate(true).open(to).map_err(fail)?;
    let (mut piece, mut bytes) = (vec![0; 1 << 20], 0);
    loop {
        // An error here is of the sealed thing or of the place; one of writing is of this disk.
        let read = plain.read(&mut piece).map_err(|error| BackupError::damaged(format!("{name}: {error}")))?;
        if read == 0 {
            break;
        }
        file.write_all(&piece[..read]).map_err(fail)?;
        bytes += read as u64;
    }
    file.sync_all().map_err(fail)?;
    if bytes == part.plain_bytes { Ok(()) } else { Err(BackupError::damaged(name)) }
}

fn opened(
    place: &dyn Place,
    manifest: &Manifest,
    name: &str,
    identity: &Identity,
) -> Result<Box<dyn io::Read + Send>, BackupError> {
    let whole = format!("{}/{name}", manifest.id);
    let sealed = place.open(&whole).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BackupError::damaged(&whole),
        _ => BackupError::of(place.label(), error),
    })?;
    open(sealed, identity, true)
}

fn uploaded(
    place: &dyn Place,
    manifest: &Manifest,
    identity: &Identity,
    to: Option<&Path>,
) -> Result<(u64, u64), BackupError> {
    let Some(expected) = &manifest.files else { return Ok((0, 0)) };
    let found = blobs::restore(opened(place, manifest, FILES, identity)?, place, identity, to)?;
    if found == (expected.count, expected.bytes) { Ok(found) } else { Err(BackupError::damaged(FILES)) }
}

fn settings(place: &dyn Place, manifest: &Manifest, identity: &Identity) -> Result<SettingsPart, BackupError> {
    let mut text = Vec::new();
    let damaged = |_| BackupError::damaged(SETTINGS);
    opened(place, manifest, SETTINGS, identity)?.read_to_end(&mut text).map_err(damaged)?;
    serde_json::from_slice(&text).map_err(|_| BackupError::damaged(SETTINGS))
}

/// What is there until all is proved; removed when this ends otherwise.
struct Drafts {
    database: PathBuf,
    files: PathBuf,
    _removed: Removed,
}

impl Drafts {
    fn beside(target: &Target) -> Self {
        let beside = |path: &Path| PathBuf::from(format!("{}.{DRAFT}", path.display()));
        let database = match &target.origin {
            Origin::Sqlite(file) => beside(file),
            Origin::Postgres(_) => beside(&target.key.with_extension("dump")),
        };
        let files = beside(&target.files);
        let removed = Removed(vec![database.clone(), files.clone()]);
        removed.now();
        Self { database, files, _removed: removed }
    }
}

/// Files and folders that are gone when this is dropped.
struct Removed(Vec<PathBuf>);

impl Removed {
    fn now(&self) {
        for path in &self.0 {
            // Most are gone already, under the names they were given.
            let _ = fs::remove_file(path);
            let _ = fs::remove_dir_all(path);
        }
    }
}

impl Drop for Removed {
    fn drop(&mut self) {
        self.now();
    }
}

fn refuse_occupied(target: &Target) -> Result<(), BackupError> {
    let mut paths = vec![target.files.clone(), target.key.clone(), target.settings.clone()];
    match &target.origin {
        Origin::Sqlite(file) => {
            paths.extend(["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display()))));
        }
        Origin::Postgres(url) if !postgres::is_empty(url)? => {
            return Err(BackupError::Occupied { what: "postgres://…".into() });
        }
        Origin::Postgres(_) => {}
    }
    match paths.into_iter().find(|path| path.symlink_metadata().is_ok()) {
        Some(path) => Err(BackupError::Occupied { what: path.display().to_string() }),
        None => Ok(()),
    }
}

/// Gives everything its name, the database last: where it stands, all of it stands.
fn place_all(target: &Target, drafts: &Drafts, part: &SettingsPart, with_files: bool) -> Result<(), BackupError> {
    for (number, (name, text)) in part.keys.iter().enumerate() {
        let key = STANDARD.decode(text).map_err(|_| BackupError::damaged(SETTINGS))?;
        let own = Path::new(name).file_name().ok_or_else(|| BackupError::damaged(SETTINGS))?;
        let path = if number == 0 { target.key.clone() } else { target.key.with_file_name(own) };
        write_new(&path, &key)?;
    }
    let lines: String = part.settings.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    write_new(&target.settings, lines.as_bytes())?;
    let rename = |from: &Path, to: &Path| {
        fs::rename(from, to).and_then(|()| sync_folder(to)).map_err(|error| BackupError::of(to.display(), error))
    };
    if with_files {
        rename(&drafts.files, &target.files)?;
    }
    match &target.origin {
        Origin::Sqlite(file) => rename(&drafts.database, file),
        Origin::Postgres(_) => Ok(()),
    }
}

/// Writes a new file that only its owner may read, and waits until it is on the disk.
///
/// # Errors
/// When there is one already, or it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let written = private().create_new(true).open(path).and_then(|mut file: File| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| BackupError::of(path.display(), error))
}

/// For files that only their owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
