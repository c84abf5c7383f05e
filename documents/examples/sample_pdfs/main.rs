//! Writes the sample documents into the directory given as the only argument, to be looked at.

mod samples;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("say where to write: sample_pdfs FOLDER")?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("skm-lengkap.pdf"), documents::satisfaction_report(&samples::full_report())?)?;
    std::fs::write(folder.join("skm-ringkas.pdf"), documents::satisfaction_report(&samples::means_only_report())?)?;
    std::fs::write(folder.join("ipp.pdf"), documents::result_sheet(&samples::service_index_sheet())?)?;
    std::fs::write(folder.join("ombudsman-en.pdf"), documents::result_sheet(&samples::compliance_sheet())?)?;
    std::fs::write(folder.join("poster.pdf"), documents::poster(&samples::service_poster())?)?;
    std::fs::write(folder.join("maklumat.pdf"), documents::poster(&samples::declaration_sheet())?)?;
    Ok(())
}
