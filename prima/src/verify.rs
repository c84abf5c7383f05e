//! `prima verify`: recompute what was published, and say where it does not agree.

use crate::cli::{Format, VerifyArgs};
use crate::instruments;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use calculation::{InputFile, render, verify};
use rules::phrase::Language;

/// Verifies and prints.
///
/// # Errors
/// When there is nothing that could be verified.
pub(crate) fn run(args: &VerifyArgs, language: Language) -> Result<Ending, Problem> {
    let found = if verify::is_line(&args.file) {
        verify::lines(&args.file)?
    } else {
        let own = args.instrument.as_deref().map(instruments::find).transpose()?;
        verify::file(&InputFile::new(args.file.as_str()), own.as_ref(), language)?
    };
    let file = found.published(language);
    let output = Output::Standard;
    let text = match args.format {
        Format::Json => render::json(&file),
        Format::Text => verify::text(&file, &[], language, output.style()),
    };
    output.write(text.as_bytes())?;
    Ok(if file.differs == 0 { Ending::Done } else { Ending::Failed })
}
