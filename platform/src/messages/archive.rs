//! The archive of sent mail: where the program finds out whether the server took a message when it did not hear the answer.

use lettre::Address;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// Where a copy of each message goes, and how it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Archive {
    /// A folder on this machine, or shared with it, into which the mail server puts what comes for an address.
    Maildir {
        /// The address.
        address: Address,
        /// The folder with `cur` and `new`.
        folder: PathBuf,
    },
}

/// The headers of a message are not longer than this.
const HEADERS: u64 = 64 * 1024;

impl Archive {
    /// `arsip@contoh.go.id=maildir:/var/mail/arsip`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (address, place) = text.trim().split_once('=')?;
        let folder = place.strip_prefix("maildir:").filter(|folder| !folder.is_empty())?;
        Some(Self::Maildir { address: super::settings::address_of(address)?, folder: folder.into() })
    }

    /// Where the copy goes.
    #[must_use]
    pub const fn address(&self) -> &Address {
        match self {
            Self::Maildir { address, .. } => address,
        }
    }

    /// Whether a message with this Message-ID is there. It reads files: not for a thread that drives tasks.
    ///
    /// # Errors
    /// When the archive cannot be read: then nothing is known.
    pub fn holds(&self, message_id: &str) -> io::Result<bool> {
        match self {
            Self::Maildir { folder, .. } => {
                for part in ["new", "cur"] {
                    if folder_holds(&folder.join(part), message_id)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}

fn folder_holds(folder: &Path, message_id: &str) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        match file_is(&entry?.path(), message_id) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            // A mail program moved it from `new` to `cur`, where it is looked for next.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Whether the headers of a message say this Message-ID.
fn file_is(path: &Path, message_id: &str) -> io::Result<bool> {
    let lines = BufReader::new(File::open(path)?.take(HEADERS)).split(b'\n');
    let (mut found, mut inside) = (String::new(), false);
    for line in lines {
        let line = String::from_utf8_lossy(&line?).trim_end_matches('\r').to_owned();
        if line.is_empty() {
            break;
        }
        let goes_on = line.starts_with([' ', '\t']);
        let begins = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("message-id"));
        match begins {
            Some((_, value)) if !goes_on => (found, inside) = (value.to_owned(), true),
            _ if goes_on && inside => found.push_str(&line),
            _ => inside = false,
        }
    }
    Ok(found.trim() == message_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> (tempfile::TempDir, Archive) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("new")).unwrap();
        fs::create_dir(folder.path().join("cur")).unwrap();
        let text = format!("arsip@contoh.go.id=maildir:{}", folder.path().display());
        let archive = Archive::read(&text).unwrap();
        (folder, archive)
    }

    #[test]
    fn a_message_is_found_by_its_header_alone() {
        let (folder, archive) = archive();
        let said = "Subject: x\r\nMESSAGE-ID:\r\n <1@contoh.go.id>\r\n\r\nMessage-ID: <2@contoh.go.id>\r\n";
        fs::write(folder.path().join("cur/1"), said).unwrap();
        assert!(archive.holds("<1@contoh.go.id>").unwrap());
        assert!(!archive.holds("<2@contoh.go.id>").unwrap(), "what the body says counts for nothing");
    }

    #[test]
    fn an_archive_that_is_not_there_is_no_empty_one() {
        let (folder, archive) = archive();
        assert!(!archive.holds("<1@contoh.go.id>").unwrap());
        fs::remove_dir(folder.path().join("cur")).unwrap();
        assert!(archive.holds("<1@contoh.go.id>").is_err());
    }

    #[test]
    fn a_setting_names_an_address_and_a_folder() {
        for wrong in ["", "arsip@contoh.go.id", "arsip@contoh.go.id=/var", "x=maildir:/var", "a@b.id=maildir:"] {
            assert_eq!(Archive::read(wrong), None, "{wrong:?}");
        }
    }
}
