//! `prima sample-size`: how many must answer.

use crate::cli::{Format, SampleSizeArgs};
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use calculation::WarningResult;
use calculation::render;
use rules::phrase::{Argument, Language, Phrase};
use rules::quantity::{Decimal, parse_decimal, ratio};
use rules::statistics::sample_size;
use schemars::JsonSchema;
use serde::Serialize;

/// A sample size with its inputs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SampleSizeFile {
    /// People served.
    pub(crate) population: u64,
    /// Respondents needed.
    pub(crate) sample_size: u64,
    /// The formula's value before rounding, four decimals.
    pub(crate) exact: String,
    /// Confidence.
    pub(crate) confidence: String,
    /// Margin of error.
    pub(crate) margin: String,
    /// χ² with one degree of freedom.
    pub(crate) chi_square: String,
    /// Method.
    pub(crate) method: String,
    /// What a careful reader must know.
    pub(crate) warnings: Vec<WarningResult>,
}

pub(crate) fn run(args: &SampleSizeArgs, language: Language) -> Result<Ending, Problem> {
    let number = |text: &str| {
        let refuse = || Problem::Usage(Phrase::new("sample.not-a-share").with("text", text));
        parse_decimal(text).map_err(|_| refuse())
    };
    let (confidence, margin) = (number(&args.confidence)?, number(&args.margin)?);
    if confidence > ratio(999_999, 1_000_000) {
        return Err(Problem::Usage(Phrase::new("sample.confidence-too-high").with("text", args.confidence.as_str())));
    }
    let Some(size) = sample_size(args.population, &confidence, &margin) else {
        let text = format!("{} / {}", args.confidence, args.margin);
        return Err(Problem::Usage(Phrase::new("sample.not-a-share").with("text", text)));
    };
    let file = SampleSizeFile {
        population: size.population,
        sample_size: size.size,
        exact: Decimal::half_up(&size.exact, 4).to_string(),
        confidence: args.confidence.replace(',', "."),
        margin: args.margin.replace(',', "."),
        chi_square: size.chi_square.to_string(),
        method: "krejcie-morgan-1970".to_owned(),
        warnings: size.warnings.iter().map(|warning| WarningResult::new(warning, language)).collect(),
    };
    let output = Output::Standard;
    let text = match args.format {
        Format::Json => render::json(&file),
        Format::Text => text(&file, language),
    };
    output.write(text.as_bytes())?;
    Ok(Ending::Done)
}

/// The number alone on the first line, for people in a hurry and for scripts.
fn text(file: &SampleSizeFile, language: Language) -> String {
    let number = |text: &str| Argument::Number(text.to_owned());
    let phrase = Phrase::new("sample.sentence")
        .with("size", file.sample_size)
        .with("population", file.population)
        .with("confidence", number(&file.confidence))
        .with("margin", number(&file.margin))
        .with("chi", number(&file.chi_square))
        .with("exact", number(&file.exact));
    let mut text = format!("{}\n{}\n", file.sample_size, say(&phrase, language));
    for warning in &file.warnings {
        text += &format!("! {}\n", warning.message);
    }
    text
}
