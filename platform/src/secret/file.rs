//! The file of the keys: made once, read again when it changed, changed as a whole or not at all.

use super::ring::{KeyNumber, Root, Written};
use super::{NoKey, Secrets};
use crate::clock;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file of an installation's keys, as whoever keeps the installation changes it.
#[derive(Debug, Clone)]
pub struct KeyFile(PathBuf);

/// The keys of a file, without what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// The keys; the first one seals.
    pub keys: Vec<KeyNumber>,
    /// The roots of blind indexes; the first one writes.
    pub indexes: Vec<KeyNumber>,
}

impl KeyFile {
    /// The file at a path.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What it holds.
    ///
    /// # Errors
    /// When it cannot be read or holds no keys.
    pub fn numbers(&self) -> Result<Numbers, NoKey> {
        let written = read(&self.0)?;
        let own = |list: &[(KeyNumber, Root)]| list.iter().map(|(number, _)| *number).collect();
        Ok(Numbers { keys: own(&written.keys), indexes: own(&written.indexes) })
    }

    /// Adds a new key: in front, so that it seals from now on, or behind, where it only opens.
    ///
    /// # Errors
    /// When the file cannot be read or replaced.
    pub fn add(&self, in_front: bool) -> Result<KeyNumber, NoKey> {
        self.change(|written| written.with_key(clock::random::<32>(), in_front))
    }

    /// Lets a key that is there seal from now on.
    ///
    /// # Errors
    /// When there is no such key, or the file cannot be replaced.
    pub fn seal_with(&self, number: KeyNumber) -> Result<(), NoKey> {
        self.change(|written| written.sealing_with(number).map(|written| (written, ())))
    }

    /// Takes a key away and keeps it in a file beside, for backups that still need it. Whoever calls has seen that nothing is
    /// sealed with it.
    ///
    /// # Errors
    /// When it is the one that seals, there is none, or a file cannot be written.
    pub fn retire(&self, number: KeyNumber) -> Result<(), NoKey> {
        self.change(|written| {
            let own = written.keys.iter().find(|(own, _)| *own == number).copied();
            let left = written.without_key(number)?;
            self.lay_aside(&number.to_string(), own)?;
            Ok((left, ()))
        })
    }

    /// Adds a root of blind indexes in front.
    ///
    /// # Errors
    /// When there are two already, or the file cannot be replaced.
    pub fn add_index(&self) -> Result<KeyNumber, NoKey> {
        self.change(|written| written.with_index(clock::random::<32>()))
    }

    /// Takes a root of blind indexes away, as [`KeyFile::retire`] does a key.
    ///
    /// # Errors
    /// When it is the one that writes, there is none, or a file cannot be written.
    pub fn retire_index(&self, number: KeyNumber) -> Result<(), NoKey> {
        self.change(|written| {
            let own = written.indexes.iter().find(|(own, _)| *own == number).copied();
            let left = written.without_index(number)?;
            self.lay_aside(&format!("index {number}"), own)?;
            Ok((left, ()))
        })
    }

    /// How long ago the file was changed; nothing when the file system does not tell, or its clock is ahead.
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub fn changed_since(&self, now: time::OffsetDateTime) -> Result<Option<Duration>, NoKey> {
        let changed = time::OffsetDateTime::from(std::fs::metadata(&self.0)?.modified()?);
        Ok((now - changed).try_into().ok())
    }

    /// Where keys are kept that were taken away: `prima.key.retired`.
    #[must_use]
    pub fn retired(&self) -> PathBuf {
        beside(&self.0, ".retired")
    }

    /// One change at a time, of several programs too: a change that overwrote another would lose a key.
    fn change<T>(&self, change: impl FnOnce(Written) -> Result<(Written, T), NoKey>) -> Result<T, NoKey> {
        let lock = File::options().create(true).truncate(false).write(true).open(beside(&self.0, ".lock"))?;
        lock.lock()?;
        let (written, told) = change(read(&self.0)?)?;
        replace(&self.0, &written.text())?;
        Ok(told)
    }

    fn lay_aside(&self, name: &str, key: Option<(KeyNumber, Root)>) -> Result<(), NoKey> {
        let Some((_, root)) = key else { return Err(NoKey::Unknown) };
        let path = self.retired();
        let before = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error.into()),
        };
        let digits: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
        replace_like(&path, &self.0, &format!("{before}{name} {digits}\n"))
    }
}

impl Secrets {
    /// With the keys in a file. The first time the file is made, readable by its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, holds no key, or is open to everybody.
    pub fn kept_in(file: &Path) -> Result<Self, NoKey> {
        let written = match read(file) {
            Err(NoKey::File(error)) if error.kind() == io::ErrorKind::NotFound => made(file)?,
            other => other?,
        };
        Ok(Self::following(written, file.to_owned()))
    }
}

/// Reads the keys of a file that is not open to everybody.
pub(super) fn read(file: &Path) -> Result<Written, NoKey> {
    let text = std::fs::read_to_string(file)?;
    refuse_open_file(file)?;
    Written::read(&text)
}

fn made(file: &Path) -> Result<Written, NoKey> {
    let key: String = clock::random::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    // Written whole under another name first: of two programs that start at once, one wins and the other reads it.
    let mut draft = tempfile::NamedTempFile::new_in(folder_of(file))?;
    writeln!(draft, "{key}")?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(file) {
        Ok(_) => Written::read(&key),
        Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => {
            Written::read(&std::fs::read_to_string(file)?)
        }
        Err(refused) => Err(refused.error.into()),
    }
}

fn replace(file: &Path, text: &str) -> Result<(), NoKey> {
    replace_like(file, file, text)
}

/// Writes a file whole under another name, with the owner and mode of a model, and puts it in its place. A machine that stops in
/// between leaves the old file or the new one.
fn replace_like(file: &Path, model: &Path, text: &str) -> Result<(), NoKey> {
    let mut draft = tempfile::NamedTempFile::new_in(folder_of(file))?;
    draft.write_all(text.as_bytes())?;
    keep_owner_and_mode(draft.path(), model)?;
    draft.as_file().sync_all()?;
    draft.persist(file).map_err(|refused| refused.error)?;
    // The name must be on the disk as well before anything is sealed with a new key.
    File::open(folder_of(file))?.sync_all()?;
    Ok(())
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The server may run as somebody else than whoever changes its keys: it must be able to read the new file.
#[cfg(unix)]
fn keep_owner_and_mode(draft: &Path, model: &Path) -> Result<(), NoKey> {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let (own, wanted) = (std::fs::metadata(draft)?, std::fs::metadata(model)?);
    if (own.uid(), own.gid()) != (wanted.uid(), wanted.gid()) {
        chown(draft, Some(wanted.uid()), Some(wanted.gid()))?;
    }
    std::fs::set_permissions(draft, wanted.permissions())?;
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner_and_mode(_: &Path, _: &Path) -> Result<(), NoKey> {
    Ok(())
}

#[cfg(unix)]
fn refuse_open_file(file: &Path) -> Result<(), NoKey> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & 0o007 == 0 { Ok(()) } else { Err(NoKey::OpenToAll) }
}

#[cfg(not(unix))]
fn refuse_open_file(_: &Path) -> Result<(), NoKey> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("prima.key");
        (folder, file)
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_alone() {
        let (_folder, file) = file();
        let first = Secrets::kept_in(&file).unwrap();
        let again = Secrets::kept_in(&file).unwrap();
        assert_eq!(first.fingerprint("p", "t"), again.fingerprint("p", "t"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Secrets::kept_in(&file), Err(NoKey::OpenToAll)));
        }
    }

    #[test]
    fn a_file_that_holds_something_else_is_refused() {
        let (_folder, file) = file();
        std::fs::write(&file, "rahasia").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        assert!(matches!(Secrets::kept_in(&file), Err(NoKey::NotAKey)));
    }

    #[test]
    fn a_changed_file_keeps_its_mode_and_a_running_program_follows_it() {
        let (_folder, file) = file();
        let secrets = Secrets::kept_in(&file).unwrap();
        let before = secrets.seal("c", b"secret");
        assert!(!secrets.refresh().unwrap(), "nothing has changed");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        }
        assert_eq!(KeyFile::at(&file).add(true).unwrap(), 2);
        assert!(secrets.refresh().unwrap());
        assert_eq!((secrets.sealing(), secrets.open("c", &before).as_deref()), (2, Some(b"secret".as_slice())));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        }
    }

    #[test]
    fn a_file_that_became_unreadable_leaves_the_keys_in_use() {
        let (_folder, file) = file();
        let secrets = Secrets::kept_in(&file).unwrap();
        let before = secrets.seal("c", b"secret");
        std::fs::write(&file, "cut off").unwrap();
        assert!(secrets.refresh().is_err());
        std::fs::remove_file(&file).unwrap();
        assert!(secrets.refresh().is_err());
        assert_eq!(secrets.open("c", &before).as_deref(), Some(b"secret".as_slice()));
    }

    #[test]
    fn a_key_that_was_taken_away_is_kept_beside() {
        let (_folder, file) = file();
        let secrets = Secrets::kept_in(&file).unwrap();
        let sealed = secrets.seal("c", b"secret");
        let keys = KeyFile::at(&file);
        keys.add(true).unwrap();
        keys.retire(1).unwrap();
        assert!(secrets.refresh().unwrap());
        assert!(secrets.open("c", &sealed).is_some(), "what was read a moment ago still opens");
        assert_eq!(Secrets::kept_in(&file).unwrap().open("c", &sealed), None, "and nobody else opens it");
        let aside = std::fs::read_to_string(keys.retired()).unwrap();
        let roots = std::fs::read_to_string(&file).unwrap();
        let whole = Written::read(&format!("{roots}{aside}")).unwrap();
        assert_eq!(Secrets::following(whole, file).open("c", &sealed).as_deref(), Some(b"secret".as_slice()));
    }

    #[test]
    fn two_who_add_keys_at_once_lose_none() {
        let (_folder, file) = file();
        Secrets::kept_in(&file).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| assert!(KeyFile::at(&file).add(true).is_ok())));
            }
        });
        assert_eq!(KeyFile::at(&file).numbers().unwrap().keys.len(), 21);
    }
}
