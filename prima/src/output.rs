//! Where output goes: a file or standard output, with colours only for a terminal.

use crate::problem::Problem;
use rules::phrase::Phrase;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// How a command that printed its output ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The work was done: exit code 0.
    Done,
    /// The output says that nothing could be done, or that something does not agree: exit code 1.
    Failed,
}

/// A place for output.
pub(crate) enum Output {
    /// A file, replaced whole.
    File(PathBuf),
    /// Standard output.
    Standard,
}

impl Output {
    pub(crate) fn to(path: Option<&Path>) -> Self {
        path.map_or(Self::Standard, |path| Self::File(path.to_owned()))
    }

    /// Writes all bytes. A reader that closes standard output early (`| head`) is no error.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Problem> {
        match self {
            Self::File(path) => write_file(path, bytes),
            Self::Standard => {
                let mut standard = std::io::stdout().lock();
                match standard.write_all(bytes).and_then(|()| standard.flush()) {
                    Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(unwritable("-", &error)),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Colours when standard output is a terminal and nobody asked for none.
    pub(crate) fn style(&self) -> crate::render::Style {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let terminal = matches!(self, Self::Standard) && std::io::stdout().is_terminal();
        crate::render::Style { colours: terminal && !plain }
    }
}

/// Writes a file beside its name first, so that a full disk never leaves half a result.
///
/// # Errors
/// With the system's reason.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let fail = |error: std::io::Error| unwritable(&path.display().to_string(), &error);
    if path.is_dir() || !is_regular(path) {
        return std::fs::write(path, bytes).map_err(fail);
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".baru");
    std::fs::write(&beside, bytes).map_err(fail)?;
    std::fs::rename(&beside, path).map_err(fail)
}

/// Whether a path is a plain file or free; `/dev/stdout` and the like are written directly.
fn is_regular(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |metadata| metadata.is_file())
}

fn unwritable(path: &str, error: &std::io::Error) -> Problem {
    Problem::Input(Phrase::new("output.unwritable").with("file", path).with("detail", error.to_string()))
}

/// Writes a sentence to standard error.
pub(crate) fn complain(text: &str) {
    let mut error = std::io::stderr().lock();
    // Nothing can be told when standard error itself is closed.
    let _ = writeln!(error, "{}", text.trim_end());
}
