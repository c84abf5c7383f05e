//! The files that people uploaded. A file never changes once it is there, so each is copied once, and lies beside all backups.
//!
//! Its name in the place is made from its name here with a key of the installation: whoever keeps the place learns nothing from it.
//! Each backup lists the names of all its files twice: sealed, with what they stand for; and in clear, so that the server, which
//! cannot open what it sealed, knows which ones no backup needs any more.

use super::place::{Place, Stored};
use super::seal::{Identity, Measured, Recipients, open, seal};
use super::{BackupError, Pace, make_folder, manifest};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

/// The folder of all files in a place.
const FOLDER: &str = "files/";
/// The list of names in clear, in the folder of a backup.
pub(super) const NAMES: &str = "files.txt";

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed {
    /// Its name below the folder of files.
    pub(super) path: String,
    /// How long it is.
    pub(super) bytes: u64,
    /// Its name in the place.
    pub(super) object: String,
}

/// Copies files that the place does not have, reads each back, and lists all.
pub(super) fn copy(
    source: &dyn Place,
    place: &dyn Place,
    recipients: &Recipients,
    names_key: &[u8; 32],
    pace: &mut Pace,
) -> Result<(manifest::Files, Vec<Listed>), BackupError> {
    let fail = |error| BackupError::of(place.label(), error);
    let there: BTreeMap<String, u64> =
        place.list(FOLDER).map_err(fail)?.into_iter().map(|Stored { name, bytes }| (name, bytes)).collect();
    let mut wanted = source.list("").map_err(|error| BackupError::of(source.label(), error))?;
    // What is still being received has no right to be kept.
    wanted.retain(|stored| !stored.name.split('/').any(|part| part.starts_with('.')));
    // Who else may open them is part of the name: for another key all of them are copied anew.
    let readers = recipients.names().join(",");
    let (mut files, mut listed) = (manifest::Files::default(), Vec::new());
    for Stored { name: path, bytes } in wanted {
        let object = format!("{FOLDER}{}", object_name(names_key, &readers, &path));
        if !there.contains_key(&object) {
            match copy_one((source, &path), (place, &object), recipients, pace)? {
                Copied::Whole => files.new += 1,
                Copied::Gone => continue,
                Copied::Damaged => {
                    files.damaged += 1;
                    continue;
                }
            }
        }
        files.count += 1;
        files.bytes += bytes;
        listed.push(Listed { path, bytes, object });
    }
    Ok((files, listed))
}

enum Copied {
    Whole,
    /// Collected since the folder was listed.
    Gone,
    /// Its content is not what its name says.
    Damaged,
}

fn copy_one(
    (source, path): (&dyn Place, &str),
    (place, object): (&dyn Place, &str),
    recipients: &Recipients,
    pace: &mut Pace,
) -> Result<Copied, BackupError> {
    let file = match source.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Copied::Gone),
        file => file.map_err(|error| BackupError::of(source.label(), error))?,
    };
    let fail = |error| BackupError::of(place.label(), error);
    let draft = place.create(object).map_err(fail)?;
    // Pictures and documents are compressed already.
    let sealed = seal(file, recipients, false, draft, pace).map_err(fail)?;
    if digest_in(path).is_some_and(|digest| digest != sealed.plain_sha256) {
        place.remove(object).map_err(fail)?;
        tracing::error!(object, "an uploaded file is not what its name says and was left out of the backup");
        return Ok(Copied::Damaged);
    }
    let mut back = Measured::new(place.open(object).map_err(fail)?);
    io::copy(&mut back, &mut io::sink()).map_err(fail)?;
    let (_, bytes, sha256) = back.end();
    if (bytes, sha256) != (sealed.bytes, sealed.sha256) {
        place.remove(object).map_err(fail)?;
        return Err(BackupError::damaged(object));
    }
    Ok(Copied::Whole)
}

/// The SHA-256 that a name is made of, when it is: `ab/cdef…` or `abcdef…`, before any ending.
fn digest_in(path: &str) -> Option<String> {
    let last = path.rsplit('/').next()?;
    let stem = last.split('.').next()?;
    let joined: String = path[..path.len() - last.len()].split('/').chain([stem]).collect();
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    [stem.to_owned(), joined].into_iter().find(|text| is_digest(text)).map(|text| text.to_lowercase())
}

fn object_name(key: &[u8; 32], readers: &str, path: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in [readers, "\n", path] {
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The list as it is sealed: a JSON object in each line.
pub(super) fn lines(listed: &[Listed]) -> Vec<u8> {
    let mut lines = Vec::new();
    for one in listed {
        // Writing into memory and of texts and numbers cannot fail.
        let _ = serde_json::to_writer(&mut lines, one);
        lines.push(b'\n');
    }
    lines
}

/// Brings back every file of a sealed list below a folder; says how many there were and how long.
pub(super) fn restore(
    list: impl io::Read,
    place: &dyn Place,
    identity: &Identity,
    to: Option<&Path>,
) -> Result<(u64, u64), BackupError> {
    let (mut count, mut bytes) = (0, 0);
    for line in BufReader::new(list).lines() {
        let line = line.map_err(|error| BackupError::damaged(error.to_string()))?;
        let one: Listed = serde_json::from_str(&line).map_err(|_| BackupError::damaged("files.age"))?;
        restore_one(&one, place, identity, to)?;
        count += 1;
        bytes += one.bytes;
    }
    Ok((count, bytes))
}

fn restore_one(one: &Listed, place: &dyn Place, identity: &Identity, to: Option<&Path>) -> Result<(), BackupError> {
    let inside = !one.path.is_empty() && one.path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !inside || one.path.contains('\\') {
        return Err(BackupError::damaged(&one.object));
    }
    let sealed = place.open(&one.object).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BackupError::damaged(&one.object),
        _ => BackupError::of(place.label(), error),
    })?;
    let mut plain = Measured::new(open(sealed, identity, false)?);
    let damaged = |error: io::Error| BackupError::damaged(format!("{}: {error}", one.object));
    match to.map(|folder| folder.join(&one.path)) {
        None => drop(io::copy(&mut plain, &mut io::sink()).map_err(damaged)?),
        Some(file) => {
            let fail = |error| BackupError::of(file.display(), error);
            make_folder(file.parent().unwrap_or(&file)).map_err(fail)?;
            let mut out = File::create_new(&file).map_err(fail)?;
            let mut piece = vec![0; 1 << 20];
            loop {
                match plain.read(&mut piece).map_err(damaged)? {
                    0 => break,
                    read => out.write_all(&piece[..read]).map_err(fail)?,
                }
            }
            out.sync_all().map_err(fail)?;
        }
    }
    let (_, bytes, sha256) = plain.end();
    let as_named = digest_in(&one.path).is_none_or(|digest| digest == sha256);
    if bytes == one.bytes && as_named { Ok(()) } else { Err(BackupError::damaged(&one.object)) }
}

/// Removes files that none of these backups needs.
pub(super) fn sweep(place: &dyn Place, backups: &[String]) -> Result<u64, BackupError> {
    let fail = |error| BackupError::of(place.label(), error);
    let mut needed = BTreeSet::new();
    for id in backups {
        if manifest::manifest(place, id)?.files.is_some() {
            let names = BufReader::new(place.open(&format!("{id}/{NAMES}")).map_err(fail)?);
            for name in names.lines() {
                needed.insert(name.map_err(fail)?);
            }
        }
    }
    let mut removed = 0;
    for one in place.list(FOLDER).map_err(fail)? {
        if !needed.contains(&one.name) {
            place.remove(&one.name).map_err(fail)?;
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_fingerprint_is_known_in_any_split() {
        let digest = "0123456789abcdef".repeat(4);
        for path in
            [digest.clone(), format!("{}/{}", &digest[..2], &digest[2..]), format!("{}/{digest}.pdf", &digest[..2])]
        {
            assert_eq!(digest_in(&path).as_deref(), Some(digest.as_str()), "{path}");
        }
        assert_eq!(digest_in("logo/kota.png"), None);
    }

    #[test]
    fn names_in_the_place_tell_nothing_without_the_key() {
        let name = object_name(&[1; 32], "age1", "ab/cd");
        assert_eq!(name.len(), 64);
        assert_ne!(name, object_name(&[2; 32], "age1", "ab/cd"));
        assert_ne!(name, object_name(&[1; 32], "age1", "ab/ce"));
    }
}
