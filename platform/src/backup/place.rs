//! Where backups are kept: a folder, or a bucket of a server that speaks S3.

use super::BackupError;
use super::bucket::Bucket;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, mem};

/// What is being written has this ending, and is nothing until it loses it.
const DRAFT: &str = ".part";
/// So many bytes are written before the disk is asked to keep them: never so many at once that others wait long.
const SYNC_EVERY: u64 = 16 << 20;

/// A thing in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name, with `/` between folders.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
}

/// A place for backups. Names are short, with `/` between folders, and never end in `.part`.
pub trait Place: Send + Sync + fmt::Debug {
    /// Begins to write a thing. It is there, whole, after [`Draft::keep`]; a draft that is dropped leaves nothing.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn create(&self, name: &str) -> io::Result<Box<dyn Draft>>;
    /// Reads a thing from the medium, past what the system remembers of it where that can be asked for.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>>;
    /// All things whose names begin with `under`, in the order of their names; a place that was never written has none.
    ///
    /// # Errors
    /// When the place cannot be read.
    fn list(&self, under: &str) -> io::Result<Vec<Stored>>;
    /// Removes a thing; one that is not there is removed already.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Removes drafts of programs that died.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn tidy(&self) -> io::Result<()>;
    /// How it is called on screen.
    fn label(&self) -> String;
    /// The folder, when it is one on this machine.
    fn folder(&self) -> Option<&Path> {
        None
    }
}

/// A thing that is being written.
pub trait Draft: Write + Send {
    /// Makes it durable and gives it its name.
    ///
    /// # Errors
    /// When it could not be written whole.
    fn keep(self: Box<Self>) -> io::Result<()>;
}

/// Finds the place of an address: `s3://BUCKET/PREFIX` or a folder.
///
/// # Errors
/// When it names neither.
pub fn place(address: &str) -> Result<Arc<dyn Place>, BackupError> {
    if let Some(bucket) = address.strip_prefix("s3://") {
        return Ok(Arc::new(Bucket::of_environment(bucket)?));
    }
    if address.trim().is_empty() || address.contains("://") {
        return Err(BackupError::NotAPlace { given: address.to_owned() });
    }
    Ok(Arc::new(Folder(PathBuf::from(address))))
}

/// Splits `PLACE` and `PLACE:ID` or `PLACE/ID`: the address of the place, and which of its backups is meant.
#[must_use]
pub fn split(address: &str) -> (&str, Option<&str>) {
    let address = address.trim_end_matches('/');
    let address = address.strip_suffix("/manifest.json").unwrap_or(address);
    match address.rfind([':', '/']) {
        Some(at) if super::manifest::is_id(&address[at + 1..]) => (&address[..at], Some(&address[at + 1..])),
        _ => (address, None),
    }
}

/// A folder of this machine, or of another that is mounted.
#[derive(Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Place for Folder {
    fn create(&self, name: &str) -> io::Result<Box<dyn Draft>> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.0);
        make_folder(folder)?;
        let beside = PathBuf::from(format!("{}{DRAFT}", path.display()));
        Ok(Box::new(FileDraft { file: Some(File::create(&beside)?), beside, path, unsynced: 0 }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        File::open(self.path(name)).map(|file| Box::new(file) as _)
    }

    fn list(&self, under: &str) -> io::Result<Vec<Stored>> {
        let mut found = Vec::new();
        walk(&self.0, "", &mut |name, bytes| {
            if name.starts_with(under) && !name.ends_with(DRAFT) {
                found.push(Stored { name: name.to_owned(), bytes });
            }
            Ok(())
        })?;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // Succeeds for the last thing in a folder only.
        if let Some(folder) = path.parent().filter(|folder| *folder != self.0) {
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    }

    fn tidy(&self) -> io::Result<()> {
        walk(&self.0, "", &mut |name, _| if name.ends_with(DRAFT) { self.remove(name) } else { Ok(()) })
    }

    fn label(&self) -> String {
        self.0.display().to_string()
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.0)
    }
}

/// Hands over every file below a folder with its name from there; a folder that does not exist has none.
pub(super) fn walk(root: &Path, under: &str, found: &mut dyn FnMut(&str, u64) -> io::Result<()>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(under)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let own = entry.file_name();
        let Some(own) = own.to_str() else { continue };
        let name = if under.is_empty() { own.to_owned() } else { format!("{under}/{own}") };
        match entry.metadata() {
            Ok(about) if about.is_dir() => walk(root, &name, found)?,
            Ok(about) if about.is_file() => found(&name, about.len())?,
            // Gone since the folder was listed, or no plain file.
            _ => {}
        }
    }
    Ok(())
}

/// Makes a folder that nobody else may look into.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

struct FileDraft {
    file: Option<File>,
    beside: PathBuf,
    path: PathBuf,
    unsynced: u64,
}

impl Write for FileDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else { return Err(io::ErrorKind::NotConnected.into()) };
        let written = file.write(bytes)?;
        self.unsynced += written as u64;
        if self.unsynced >= SYNC_EVERY {
            self.unsynced = 0;
            file.sync_data()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Draft for FileDraft {
    fn keep(mut self: Box<Self>) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
            forget(&file);
            fs::rename(&self.beside, &self.path)?;
            sync_folder(&self.path)?;
            self.beside = PathBuf::new();
        }
        Ok(())
    }
}

impl Drop for FileDraft {
    fn drop(&mut self) {
        self.file.take();
        let beside = mem::take(&mut self.beside);
        if !beside.as_os_str().is_empty() {
            // What cannot be removed now is removed by the next run.
            let _ = fs::remove_file(beside);
        }
    }
}

/// Lets the system forget what it remembers of a file, so that reading it again asks the disk, and its pages make room for others.
pub(super) fn forget(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// Makes the name of a file durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_is_not_kept_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = Folder(folder.path().join("cadangan"));
        let mut draft = place.create("a/b").unwrap();
        draft.write_all(b"half").unwrap();
        drop(draft);
        assert_eq!(place.list("").unwrap(), []);
        let mut draft = place.create("a/b").unwrap();
        draft.write_all(b"whole").unwrap();
        draft.keep().unwrap();
        assert_eq!(place.list("").unwrap(), [Stored { name: "a/b".into(), bytes: 5 }]);
        place.remove("a/b").unwrap();
        place.remove("a/b").unwrap();
        assert_eq!(place.list("").unwrap(), []);
    }

    #[test]
    fn drafts_of_the_dead_are_no_things_and_go_when_the_place_is_tidied() {
        let folder = tempfile::tempdir().unwrap();
        let place = Folder(folder.path().to_owned());
        fs::write(folder.path().join("x.part"), "half").unwrap();
        assert_eq!(place.list("").unwrap(), []);
        place.tidy().unwrap();
        assert!(!folder.path().join("x.part").exists());
    }

    #[test]
    fn an_address_may_name_one_backup_of_its_place() {
        let id = "2026-11-20T19-00-00Z-07a1";
        for address in [format!("/srv/c:{id}"), format!("/srv/c/{id}"), format!("/srv/c/{id}/manifest.json")] {
            assert_eq!(split(&address), ("/srv/c", Some(id)), "{address}");
        }
        assert_eq!(split("s3://ember/kota"), ("s3://ember/kota", None));
        assert_eq!(split("/srv/c/"), ("/srv/c", None));
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        for address in ["", "ftp://server/folder"] {
            assert!(place(address).is_err(), "{address}");
        }
    }
}
