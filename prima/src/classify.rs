//! `prima classify`: the category, zone and opinion of an index that somebody already computed.

use crate::cli::{ClassifyArgs, Format};
use crate::instruments;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::word;
use calculation::WarningResult;
use calculation::instruments::no_index;
use calculation::render::{self, Style, Table, printable_line};
use rules::compliance_zone::opinion_of;
use rules::instrument::{Band, Body, Instrument, Rounding, classify, on_scale};
use rules::outcome::uncertain_band;
use rules::phrase::{Argument, Language, Phrase};
use rules::quantity::{Decimal, exact_text, parse_decimal};
use schemars::JsonSchema;
use serde::Serialize;

/// Categories of given values.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClassifyFile {
    /// Instrument.
    pub(crate) instrument: String,
    /// One entry per value, in the order given.
    pub(crate) results: Vec<Classified>,
}

/// The category of one value.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Classified {
    /// The value with its official decimals, as it is classified.
    pub(crate) value: String,
    /// Category code.
    pub(crate) category: String,
    /// Name of the category.
    pub(crate) label: String,
    /// Zone word, where the instrument has zones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zone: Option<String>,
    /// Opinion, where the instrument gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) opinion: Option<String>,
    /// What a careful reader must know.
    pub(crate) warnings: Vec<WarningResult>,
}

pub(crate) fn run(args: &ClassifyArgs, language: Language) -> Result<Ending, Problem> {
    let instrument = instruments::find(&args.instrument)?;
    let Some(rounding) = instrument.rounding() else { return Err(no_index(&instrument).into()) };
    let mut results = Vec::new();
    let mut bands = Vec::new();
    for text in &args.values {
        let (value, band) = band_of(&instrument, rounding, text)?;
        results.push(classified(&instrument, &value, band, args.compliance.as_deref(), language));
        bands.push(band);
    }
    let output = Output::Standard;
    let file = ClassifyFile { instrument: instrument.header.id.clone(), results };
    let text = match args.format {
        Format::Json => render::json(&file),
        Format::Text => text(&instrument, &file, &bands, language, output.style()),
    };
    output.write(text.as_bytes())?;
    Ok(Ending::Done)
}

/// The rounded value and its band.
///
/// # Errors
/// When the text is no number or lies outside the instrument's scale.
fn band_of<'a>(instrument: &'a Instrument, rounding: Rounding, text: &str) -> Result<(Decimal, &'a Band), Problem> {
    let number = parse_decimal(text)
        .map_err(|error| Problem::Input(Phrase::new("classify.not-a-number").with("text", error.0.as_str())))?;
    let value = rounding.round(&number);
    let bands = instrument.bands();
    if !on_scale(bands, &value.value()) {
        let ends = bands.last().zip(bands.first()).map(|(low, high)| (exact_text(&low.min), exact_text(&high.max)));
        let (low, high) = ends.unwrap_or_default();
        let phrase = Phrase::new("classify.off-scale").with("value", Argument::Number(exact_text(&number)));
        let phrase = phrase.with("low", Argument::Number(low)).with("high", Argument::Number(high));
        return Err(Problem::Input(phrase));
    }
    Ok((value.clone(), classify(bands, &value)))
}

fn classified(
    instrument: &Instrument,
    value: &Decimal,
    band: &Band,
    compliance: Option<&str>,
    language: Language,
) -> Classified {
    let opinion = match &instrument.body {
        Body::Compliance(assessment) => opinion_of(assessment, band, compliance),
        _ => None,
    };
    let warnings = uncertain_band(band).map(|warning| WarningResult::new(&warning, language));
    Classified {
        value: value.to_string(),
        category: band.category.clone(),
        label: band.label.in_language(language).to_owned(),
        zone: band.zone.clone(),
        opinion,
        warnings: warnings.into_iter().collect(),
    }
}

fn text(instrument: &Instrument, file: &ClassifyFile, bands: &[&Band], language: Language, style: Style) -> String {
    let with_zone = file.results.iter().any(|result| result.zone.is_some());
    let with_opinion = file.results.iter().any(|result| result.opinion.is_some());
    let mut heads = vec!["classify.value", "classify.category", "classify.label"];
    heads.extend(with_zone.then_some("classify.zone"));
    heads.extend(with_opinion.then_some("classify.opinion"));
    let mut table = Table::new(heads.into_iter().map(|key| word(key, language)));
    for (result, band) in file.results.iter().zip(bands) {
        let mut cells =
            vec![language.number(&result.value), style.band(instrument.bands(), band), result.label.clone()];
        cells.extend(with_zone.then(|| result.zone.clone().unwrap_or_default()));
        cells.extend(with_opinion.then(|| result.opinion.clone().unwrap_or_default()));
        table.row(cells);
    }
    let mut text = table.text(style);
    let mut warnings: Vec<&WarningResult> = file.results.iter().flat_map(|result| &result.warnings).collect();
    warnings.sort();
    warnings.dedup();
    for warning in warnings {
        text += &format!("! {}\n", printable_line(&warning.message));
    }
    text
}
