//! The place of uploaded files, and the installation's key.

use super::{Health, Saying, Seen, Value};
use std::path::Path;

/// Whether the folder of uploaded files can be written.
pub(super) fn place(folder: Option<&Path>) -> Seen {
    let Some(folder) = folder else {
        return Seen::of(Health::NotSet, Saying::new("check.files-not-set"), Saying::new("check.nothing-to-do"));
    };
    let named = |key| Saying::new(key).with("place", Value::Text(folder.display().to_string()));
    if !folder.exists() {
        return Seen::good(named("check.files-none"));
    }
    match tempfile::NamedTempFile::new_in(folder) {
        Ok(_) => Seen::good(named("check.files-good")),
        Err(_) => Seen::of(Health::Bad, named("check.files-unwritable"), Saying::new("check.check-permissions")),
    }
}

/// Whether the key is there and nobody else may read it.
pub(super) fn key(file: Option<&Path>) -> Seen {
    let Some(file) = file else {
        return Seen::of(Health::NotSet, Saying::new("check.key-not-set"), Saying::new("check.nothing-to-do"));
    };
    let named = |key| Saying::new(key).with("file", Value::Text(file.display().to_string()));
    match std::fs::metadata(file) {
        Err(_) => Seen::of(Health::Bad, named("check.key-missing"), Saying::new("check.bring-key-back")),
        Ok(about) if others_may_read(&about) => {
            Seen::of(Health::Bad, named("check.key-open"), Saying::new("check.close-key"))
        }
        Ok(_) => Seen::good(named("check.key-good")),
    }
}

#[cfg(unix)]
fn others_may_read(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o007 != 0
}

#[cfg(not(unix))]
fn others_may_read(_: &std::fs::Metadata) -> bool {
    false
}
