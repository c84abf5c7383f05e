//! Forms with files. Each file is streamed to an unnamed place on the disk and is gone when the request is over.

use crate::form::Form;
use crate::problem::Problem;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use std::path::Path;
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;

/// A file somebody sent. Dropping it deletes it.
#[derive(Debug)]
pub struct SentFile {
    /// The name of the field.
    pub field: String,
    /// The name as the sender's computer knows it, without folders. For showing only, never for opening.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    path: TempPath,
}

impl SentFile {
    /// All of it, for files whose route keeps them small.
    ///
    /// # Errors
    /// When the disk gives it back no more.
    pub async fn read(&self) -> Result<Vec<u8>, Problem> {
        tokio::fs::read(&self.path).await.map_err(Problem::internal)
    }

    /// Where it lies until it is dropped.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A form with files: `multipart/form-data`.
#[derive(Debug, Default)]
pub struct Upload {
    /// What was typed.
    pub form: Form,
    /// The files, those only that somebody chose.
    pub files: Vec<SentFile>,
}

impl Upload {
    /// The file of a field.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<&SentFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| Problem::unreadable())?;
        let mut upload = Self::default();
        let mut room = TEXT_BYTES;
        while let Some(mut part) = parts.next_field().await.map_err(|error| refused(&error))? {
            let field = part.name().unwrap_or_default().to_owned();
            take(&mut room, PART_BYTES + field.len())?;
            match part.file_name().map(plain_name) {
                None => upload.form.push(&field, &text(&mut part, &mut room).await?),
                Some(name) => {
                    let file = receive(part, field, name).await?;
                    if file.bytes > 0 || !file.name.is_empty() {
                        upload.files.push(file);
                    }
                }
            }
        }
        Ok(upload)
    }
}

/// The last part of a name, without folders of either kind of system.
pub(crate) fn plain_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// All text of one form together: it lies in memory, unlike the files.
pub(crate) const TEXT_BYTES: usize = 1024 * 1024 + 64 * 1024;
/// What a field takes beside its text, about; so the number of fields is limited, too.
pub(crate) const PART_BYTES: usize = 256;

pub(crate) fn take(room: &mut usize, bytes: usize) -> Result<(), Problem> {
    *room = room.checked_sub(bytes).ok_or_else(Problem::too_large)?;
    Ok(())
}

pub(crate) async fn text(part: &mut Field<'_>, room: &mut usize) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| refused(&error))? {
        take(room, chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Problem::unreadable())
}

async fn receive(mut part: Field<'_>, field: String, name: String) -> Result<SentFile, Problem> {
    let (file, path) = tempfile::NamedTempFile::new().map_err(Problem::internal)?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut bytes = 0;
    while let Some(chunk) = part.chunk().await.map_err(|error| refused(&error))? {
        bytes += chunk.len() as u64;
        file.write_all(&chunk).await.map_err(Problem::internal)?;
    }
    file.flush().await.map_err(Problem::internal)?;
    Ok(SentFile { field, name, bytes, path })
}

pub(crate) fn refused(error: &MultipartError) -> Problem {
    if error.status().as_u16() == 413 { Problem::too_large() } else { Problem::unreadable() }
}
