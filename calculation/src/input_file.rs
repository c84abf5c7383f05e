//! A file to be read: where it lies, and the name under which people know it.

use crate::problem::Problem;
use analytics::{Limits, ReadError, Row, Source};
use rules::phrase::Phrase;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest result file read; a nation's units with all steps are some tens of megabytes.
pub(crate) const LARGEST: u64 = 512 << 20;

/// Parts a group may have on average where the groups are limited: years of age, with room.
const PARTS: usize = 100;

/// A file with a table, a result or a report. An upload lies under a temporary name that nobody must see; sentences use the name it
/// was handed in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    path: PathBuf,
    name: String,
    limits: Limits,
}

impl InputFile {
    /// The file at a path that its reader knows: sentences show the path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { name: path.display().to_string(), path, limits: Limits::default() }
    }

    /// The file at a path that its reader does not know: sentences show `name` only.
    #[must_use]
    pub fn called(path: impl Into<PathBuf>, name: impl Into<String>) -> Self {
        Self { path: path.into(), name: name.into(), limits: Limits::default() }
    }

    /// The same file, of which no more will be read than `limits` allow.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same file when every group is counted in parts: there may be more of them than groups.
    pub(crate) fn in_parts(&self) -> Self {
        let groups = self.limits.groups.saturating_mul(PARTS);
        self.clone().within(Limits { groups, ..self.limits.clone() })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What sentences call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Opens it as a table, with its name without folders as the name of the source.
    ///
    /// # Errors
    /// When it cannot be read as a table.
    pub fn open(&self) -> Result<Source, Problem> {
        let short = Path::new(&self.name).file_name().map_or(self.name.as_str().into(), |name| name.to_string_lossy());
        Ok(Source::open_within(&self.path, &self.limits).map_err(|error| self.refused(error))?.called(&short))
    }

    /// Its columns and all its rows as text. For small tables.
    ///
    /// # Errors
    /// When it cannot be read as a table.
    pub fn rows(&self) -> Result<(Vec<String>, Vec<Row>), Problem> {
        let source = self.open()?;
        let columns = source.columns().to_vec();
        let rows = source.rows().map_err(|error| self.refused(error))?;
        Ok((columns, rows))
    }

    /// Its first bytes, enough to tell its kind.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn start(&self) -> Result<Vec<u8>, Problem> {
        self.bytes(256)
    }

    /// Its text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn text(&self) -> Result<String, Problem> {
        let text = String::from_utf8_lossy(&self.bytes(LARGEST)?).into_owned();
        Ok(text.trim_start_matches('\u{feff}').to_owned())
    }

    /// Its first bytes, at most so many.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn bytes(&self, most: u64) -> Result<Vec<u8>, Problem> {
        let refuse = |error: std::io::Error| {
            let of = |key| Phrase::new(key).with("file", self.name.as_str());
            Problem::Input(match error.kind() {
                std::io::ErrorKind::NotFound => of("read.not-found"),
                _ => of("read.unreadable").with("detail", error.to_string()),
            })
        };
        let mut bytes = Vec::new();
        std::fs::File::open(&self.path).map_err(refuse)?.take(most).read_to_end(&mut bytes).map_err(refuse)?;
        Ok(bytes)
    }

    /// The problem that this file cannot be read as a table.
    #[must_use]
    pub fn refused(&self, error: ReadError) -> Problem {
        Problem::Read(self.name.clone(), error)
    }
}
