//! Reports as files: one PDF per group, under names that tell the groups apart.

use crate::output::{Output, read_text, write_file};
use crate::problem::Problem;
use crate::words::say;
use calculation::render::{file_name, pdf};
use calculation::{Details, Scored};
use rules::phrase::{Language, Phrase};
use std::path::{Path, PathBuf};

/// Writes one PDF per group: to the file asked for when there is one group, into the folder asked for when there are several.
///
/// # Errors
/// When several groups have only one file to go to, or nothing could be written.
pub(crate) fn write(
    scored: &Scored,
    details: Option<&Path>,
    output: Option<&Path>,
    language: Language,
) -> Result<(), Problem> {
    let details = read_details(details, &crate::clock::today())?;
    let folder = output.filter(|path| path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/'));
    if scored.groups.len() > 1 && folder.is_none() {
        let groups = scored.groups.len() as u64;
        return Err(Problem::Usage(Phrase::new("reports.needs-folder").with("groups", groups)));
    }
    match folder {
        Some(folder) => {
            let reports = write_all(scored, &details, folder, language)?.len() as u64;
            let phrase = Phrase::new("reports.written").with("reports", reports);
            let told = say(&phrase.with("folder", folder.display().to_string()), language);
            Output::Standard.write(format!("{told}\n").as_bytes())?;
        }
        None => {
            if let Some(group) = scored.groups.first() {
                Output::to(output).write(&pdf(scored, group, &details, language)?)?;
            }
        }
    }
    Ok(())
}

fn read_details(path: Option<&Path>, today: &str) -> Result<Details, Problem> {
    let Some(path) = path else { return Ok(Details::none(today)) };
    let file = path.display().to_string();
    Ok(Details::read(&file, &read_text(&file, path)?, today)?)
}

/// Writes every group's PDF into a folder; gives back the files in the order of the groups.
///
/// # Errors
/// When a report cannot be made or written.
pub(crate) fn write_all(
    scored: &Scored,
    details: &Details,
    folder: &Path,
    language: Language,
) -> Result<Vec<PathBuf>, Problem> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let phrase = Phrase::new("output.unwritable").with("file", folder.display().to_string());
        Problem::Input(phrase.with("detail", error.to_string()))
    })?;
    let mut files: Vec<PathBuf> = Vec::new();
    for group in &scored.groups {
        let name = file_name(&scored.instrument.header.id, &group.title());
        let numbered = (2..).map(|number| folder.join(format!("{name}-{number}.pdf")));
        let mut names = std::iter::once(folder.join(format!("{name}.pdf"))).chain(numbered);
        let Some(file) = names.find(|file| !files.contains(file)) else { continue };
        write_file(&file, &pdf(scored, group, details, language)?)?;
        files.push(file);
    }
    Ok(files)
}
