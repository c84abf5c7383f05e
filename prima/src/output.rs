//! Files and standard output: what is written goes there whole, with colours only for a terminal.

use crate::problem::Problem;
use calculation::render::{Style, printable};
use rules::phrase::Phrase;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// How a command that printed its output ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The work was done: exit code 0.
    Done,
    /// The output says that nothing could be done, or that something does not agree: exit code 1.
    Failed,
    /// A code of the command's own, which its help names.
    Code(u8),
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
                    Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unwritable("-", &error)),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Colours when standard output is a terminal and nobody asked for none.
    pub(crate) fn style(&self) -> Style {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let terminal = matches!(self, Self::Standard) && std::io::stdout().is_terminal();
        Style { colours: terminal && !plain }
    }
}

/// Writes a file beside its name first, in a folder made when it is missing, so that a full disk never leaves half a result.
///
/// # Errors
/// With the system's reason.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let fail = |error: std::io::Error| unwritable(&path.display().to_string(), &error);
    if path.is_dir() || !is_regular(path) {
        return std::fs::write(path, bytes).map_err(fail);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let (beside, mut file) = new_sibling(path).map_err(fail)?;
    let written = file.write_all(bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // The sentence tells the first failure; a leftover file is the smaller harm.
        let _ = std::fs::remove_file(&beside);
    }
    written.map_err(fail)
}

/// The text of a file that is no table: an instrument, the details of a report.
///
/// # Errors
/// With the system's reason.
pub(crate) fn read_text(name: &str, path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| {
        Problem::Input(Phrase::new("output.unreadable").with("file", name).with("detail", error.to_string()))
    })
}

/// A new file in the folder of `path`, under a name that nothing had.
fn new_sibling(path: &Path) -> std::io::Result<(PathBuf, File)> {
    let process = std::process::id();
    let mut number = 0_u32;
    loop {
        let beside = path.with_file_name(format!(".prima-{process}-{number}.baru"));
        match File::create_new(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 1_000 => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Refuses an output that is one of the inputs, under whatever name: somebody's answers would be gone.
///
/// # Errors
/// Naming the file.
pub(crate) fn refuse_overwriting<'a>(inputs: impl IntoIterator<Item = &'a Path>, output: &Path) -> Result<(), Problem> {
    // What does not exist yet overwrites nothing.
    let Ok(target) = output.canonicalize() else { return Ok(()) };
    let same = |input: &Path| input.canonicalize().is_ok_and(|input| input == target);
    match inputs.into_iter().any(same) {
        true => Err(Problem::Usage(Phrase::new("output.is-input").with("file", output.display().to_string()))),
        false => Ok(()),
    }
}

/// Whether a path is a plain file or free; `/dev/stdout` and the like are written directly.
fn is_regular(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |metadata| metadata.is_file())
}

fn unwritable(path: &str, error: &std::io::Error) -> Problem {
    Problem::Input(Phrase::new("output.unwritable").with("file", path).with("detail", error.to_string()))
}

/// Writes sentences to standard error, without signs that would steer the terminal.
pub(crate) fn complain(text: &str) {
    let mut error = std::io::stderr().lock();
    // Nothing can be told when standard error itself is closed.
    let _ = writeln!(error, "{}", printable(text.trim_end()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_not_written_over_under_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let (input, other) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        std::fs::write(&input, "x").unwrap();
        let roundabout = folder.path().join(".").join("a.csv");
        for output in [&input, &roundabout] {
            assert!(refuse_overwriting([other.as_path(), input.as_path()], output).is_err(), "{}", output.display());
        }
        assert!(refuse_overwriting([input.as_path()], &other).is_ok());
        assert!(refuse_overwriting([other.as_path()], &other).is_ok(), "neither exists");
    }

    #[test]
    fn writing_replaces_one_file_and_touches_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (output, bystander) = (folder.path().join("a.json"), folder.path().join("a.json.baru"));
        let waiting = folder.path().join(format!(".prima-{}-0.baru", std::process::id()));
        for file in [&output, &bystander, &waiting] {
            std::fs::write(file, "x").unwrap();
        }
        write_file(&output, b"baru").unwrap();
        let read = |file| std::fs::read_to_string(file).unwrap();
        assert_eq!([read(&output), read(&bystander), read(&waiting)], ["baru", "x", "x"]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
