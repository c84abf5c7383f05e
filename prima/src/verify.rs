//! `prima verify`: recompute what was published, and say where it does not agree; with the key of a city, say whether it signed that.

use crate::cli::{Format, VerifyArgs};
use crate::instruments;
use crate::output::{self, Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use calculation::render::printable;
use calculation::{InputFile, render, verify};
use minisign_verify::{PublicKey, Signature};
use platform::signature::END;
use rules::phrase::{Language, Phrase};
use std::path::Path;

/// Verifies and prints.
///
/// # Errors
/// When there is nothing that could be verified.
pub(crate) fn run(args: &VerifyArgs, language: Language) -> Result<Ending, Problem> {
    let signed = match &args.key {
        Some(key) => Some(check_signature(args, key)?),
        None => None,
    };
    let found = if verify::is_line(&args.file) {
        verify::lines(&args.file)?
    } else {
        let own = args.instrument.as_deref().map(instruments::find).transpose()?;
        verify::file(&InputFile::new(args.file.as_str()), own.as_ref(), language)?
    };
    let file = found.published(language);
    let output = Output::Standard;
    let text = match (args.format, signed) {
        (Format::Json, _) => render::json(&file),
        (Format::Text, None) => verify::text(&file, &[], language, output.style()),
        (Format::Text, Some(about)) => {
            let sentence = say(&Phrase::new("verify.signed").with("about", printable(&about)), language);
            format!("{}{sentence}\n", verify::text(&file, &[], language, output.style()))
        }
    };
    output.write(text.as_bytes())?;
    Ok(if file.differs == 0 { Ending::Done } else { Ending::Failed })
}

/// Checks the signature that lies beside a file, or the one that was named; gives the line for people that was signed with it.
fn check_signature(args: &VerifyArgs, key: &str) -> Result<String, Problem> {
    let bad = |key: &'static str| Problem::Input(Phrase::new(key).with("file", args.file.as_str()));
    let key = match PublicKey::from_base64(key) {
        Ok(key) => key,
        Err(_) => PublicKey::decode(&output::read_text(key, Path::new(key))?).map_err(|_| bad("verify.no-key"))?,
    };
    let beside = format!("{}{END}", args.file);
    let signature = args.signature.as_ref().map_or(beside, |path| path.display().to_string());
    let signature = output::read_text(&signature, Path::new(&signature))?;
    let signature = Signature::decode(&signature).map_err(|_| bad("verify.no-signature"))?;
    let bytes = std::fs::read(&args.file).map_err(|_| bad("verify.unreadable"))?;
    key.verify(&bytes, &signature, false).map_err(|_| bad("verify.wrong-signature"))?;
    Ok(signature.trusted_comment().to_owned())
}
