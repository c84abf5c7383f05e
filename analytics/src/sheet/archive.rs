//! The archive around a workbook: which kind it is, and that it does not unpack to more than a workbook can be.

use crate::error::{Place, ReadError};
use crate::limits::Limits;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// The longest stretch without any tag, which a reader must hold in memory at once.
const LONGEST_TEXT: usize = 32 << 20;
/// The most bytes of everything that is not a sheet (shared texts, styles), which is held in memory; and which part of all bytes.
const MOST_SHARED: u64 = 256 << 20;
const PART_SHARED: u64 = 4;

/// The kinds of workbooks that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Excel,
    OpenDocument,
}

/// A zip error as an error of this crate.
pub(crate) fn damaged(part: &str, error: &impl ToString) -> ReadError {
    ReadError::Corrupt(Place::Part(part.to_owned()), error.to_string())
}

/// Opens the archive.
pub(crate) fn opened(path: &Path) -> Result<ZipArchive<BufReader<File>>, ReadError> {
    let file = File::open(path).map_err(|error| ReadError::of_system(path, &error))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| ReadError::Corrupt(Place::File, error.to_string()))
}

/// The kind of workbook in the archive at `path`, after unpacking all its XML once to know its true size: what an archive
/// says of itself may be false.
pub(crate) fn checked(path: &Path, limits: &Limits) -> Result<Kind, ReadError> {
    let mut archive = opened(path)?;
    let names: Vec<String> = archive.file_names().flatten().map(Cow::into_owned).collect();
    let has = |name: &str| names.iter().any(|known| known.trim_start_matches('/').eq_ignore_ascii_case(name));
    let kind = match (has("xl/workbook.xml"), has("content.xml")) {
        (true, _) => Kind::Excel,
        (false, true) => Kind::OpenDocument,
        _ if has("xl/workbook.bin") => return Err(ReadError::NotATable("xlsb".to_owned())),
        _ if has("word/document.xml") => return Err(ReadError::NotATable("docx".to_owned())),
        _ => return Err(ReadError::NotATable("zip".to_owned())),
    };
    let most_shared = MOST_SHARED.min(limits.unpacked / PART_SHARED);
    let (mut all, mut shared) = (0, 0);
    for name in names.iter().filter(|name| is_xml(name)) {
        let is_sheet = name.contains("worksheets/") || name.ends_with("content.xml");
        let entry = archive.by_name(name).map_err(|error| zip_error(name, &error))?;
        let size = unpacked_size(entry, limits.unpacked - all, name, limits)?;
        all += size;
        shared += if is_sheet { 0 } else { size };
        if shared > most_shared {
            return Err(ReadError::TooLarge(most_shared));
        }
    }
    Ok(kind)
}

fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".xml") || name.ends_with(".rels")
}

fn zip_error(name: &str, error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => {
            ReadError::NotATable("password".to_owned())
        }
        _ => damaged(name, error),
    }
}

/// The true size of an entry, `most` bytes at most.
fn unpacked_size(mut entry: impl Read, most: u64, name: &str, limits: &Limits) -> Result<u64, ReadError> {
    let mut buffer = vec![0; 1 << 16];
    let (mut size, mut text) = (0, 0);
    loop {
        limits.stop.check()?;
        let read = entry.read(&mut buffer).map_err(|error| damaged(name, &error))?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        text = memchr::memrchr(b'<', &buffer[..read]).map_or(text + read, |tag| read - tag);
        if size > most {
            return Err(ReadError::TooLarge(limits.unpacked));
        }
        if text > LONGEST_TEXT {
            return Err(ReadError::TooLarge(LONGEST_TEXT as u64));
        }
    }
}
