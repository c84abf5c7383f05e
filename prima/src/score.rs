//! `prima score`: files and options in, one of four formats out.

use crate::cli::{ScoreArgs, ScoreFormat};
use crate::instruments;
use crate::output::{Ending, Output, complain};
use crate::problem::Problem;
use crate::reports;
use crate::words::word;
use calculation::render::{self, TextForm};
use calculation::{InputFile, Options, Scored, score};
use rules::instrument::{Body, Instrument};
use rules::phrase::{Language, Phrase};
use rules::satisfaction_index::{Order, WeightPolicy};
use std::path::PathBuf;

/// Scores and prints.
///
/// # Errors
/// When nothing could be scored, or the output could not be written.
pub(crate) fn run(args: &ScoreArgs, language: Language) -> Result<Ending, Problem> {
    let instrument = instruments::find(&args.instrument)?;
    refuse_useless_options(args, &instrument)?;
    if let Some(output) = &args.output {
        crate::output::refuse_overwriting(args.files.iter().map(PathBuf::as_path), output)?;
    }
    let files: Vec<InputFile> = args.files.iter().map(InputFile::new).collect();
    let scored = score(instrument, &files, options(args))?;
    let whole_hint = word("score.whole-hint", language);
    let complain_of_rows = || complain(&render::left_out(&scored.faults, &whole_hint, language));
    if args.strict && scored.faults.rows() > 0 {
        complain_of_rows();
        return Err(Problem::Input(Phrase::new("score.strict").with("rows", scored.faults.rows())));
    }
    let output = Output::to(args.output.as_deref());
    match args.format {
        ScoreFormat::Text => {
            let steps_hint = word("score.explain-hint", language);
            let style = output.style();
            let form = TextForm { explain: args.explain, style, steps_hint: &steps_hint, whole_hint: &whole_hint };
            output.write(render::text(&scored, form, language)?.as_bytes())?;
        }
        ScoreFormat::Json => output.write(render::json(&scored.published(language)?).as_bytes())?,
        ScoreFormat::Csv => output.write(render::csv(&scored, language)?.as_bytes())?,
        ScoreFormat::Pdf => reports::write(&scored, args.details.as_deref(), args.output.as_deref(), language)?,
    }
    if args.format != ScoreFormat::Text && scored.faults.rows() > 0 {
        complain_of_rows();
    }
    Ok(ending(&scored))
}

/// A run that gave no value at all has scored nothing.
fn ending(scored: &Scored) -> Ending {
    let has_value =
        |group| scored.summary(group).is_some() || scored.outcome(group).is_ok_and(|outcome| outcome.value.is_some());
    if scored.groups.iter().any(has_value) { Ending::Done } else { Ending::Failed }
}

/// An option that would change nothing is a misunderstanding, and silence would hide it.
fn refuse_useless_options(args: &ScoreArgs, instrument: &Instrument) -> Result<(), Problem> {
    let survey = matches!(instrument.body, Body::Satisfaction(_));
    let answers = survey && !args.means;
    let used = [
        ("--means", args.means && !survey),
        ("--weights", args.weights.is_some() && !survey),
        ("--order", args.order.is_some() && !survey),
        ("--population", args.population.is_some() && !survey),
        ("--compare", args.compare.is_some() && !answers),
        ("--details", args.details.is_some() && args.format != ScoreFormat::Pdf),
    ];
    if let Some((option, _)) = used.iter().find(|(_, useless)| *useless) {
        let phrase = Phrase::new("score.not-for").with("option", *option);
        let what = if *option == "--details" { "--format text|json|csv" } else { &instrument.header.id };
        return Err(Problem::Usage(phrase.with("instrument", what)));
    }
    Ok(())
}

fn options(args: &ScoreArgs) -> Options {
    Options {
        by: args.by.clone(),
        means: args.means,
        weights: args.weights.as_deref().and_then(WeightPolicy::named),
        order: args.order.as_deref().and_then(Order::named),
        population: args.population,
        detail: args.explain || args.format == ScoreFormat::Pdf,
        compare: args.compare.clone(),
        profile: args.format == ScoreFormat::Pdf,
    }
}
